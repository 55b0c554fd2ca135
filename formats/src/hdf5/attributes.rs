//! What attributes say of a volume, both ways.

use std::collections::BTreeMap;

use isocenter_volume::{
    Affine, AxisKind, Column, Frame, Geometry, Head, Quantity, Rescale, Scaling, SlowAxis, Unit, axes::Values,
};

use crate::{
    Error, FileHead, Warning,
    h5::{attributes::Value, build::Data},
};

const AFFINE: &str = "isocenter.affine";
const FRAME: &str = "isocenter.frame";
const SLOPE: &str = "isocenter.slope";
const INTERCEPT: &str = "isocenter.intercept";
const UNIT: &str = "isocenter.unit";
const AXES: &str = "isocenter.axes";

/// What a sample is, where ITK's layout does not say.
pub(super) const SAMPLE: &str = "isocenter.sample";

/// Spacing in micrometres, z first.
const ELEMENT_SIZE: &str = "element_size_um";

type Attributes = BTreeMap<String, Value>;

/// Puts to a head what the attributes of its data set say.
pub(super) fn put(head: &mut FileHead, said: &Attributes) -> Result<(), Error> {
    let mut volume = head.head.clone();
    if let Some(grid) = geometry(volume.geometry(), said)? {
        volume = volume.with_geometry(grid)?;
        head.warnings.retain(|w| *w != Warning::NoPlace);
    }
    if let Some(axes) = axes(&volume, said)? {
        let (texts, meta) = (volume.geometry().clone(), volume.scaling().clone());
        volume = Head::new(texts).with_slow_axes(axes)?.with_scaling(meta)?;
    }
    if let Some(scaling) = scaling(said)? {
        volume = volume.with_scaling(scaling)?;
    }
    head.head = volume;
    Ok(())
}

fn numbers<'v>(said: &'v Attributes, name: &'static str, many: Option<usize>) -> Result<Option<&'v [f64]>, Error> {
    let Some(value) = said.get(name) else { return Ok(None) };
    let found = value.numbers().filter(|numbers| many.is_none_or(|many| numbers.len() == many));
    found.map(Some).ok_or_else(|| Error::malformed(name, "another value", "as many numbers as it has"))
}

fn geometry(grid: &Geometry, said: &Attributes) -> Result<Option<Geometry>, Error> {
    let frame = match said.get(FRAME).map(Value::text) {
        None => None,
        Some(Some("patient")) => Some(Frame::Patient(None)),
        Some(Some("unknown")) => Some(Frame::Unknown),
        Some(Some("pixel")) => Some(Frame::Pixel),
        Some(_) => return Err(Error::malformed(FRAME, "another word", "patient, unknown or pixel")),
    };
    if let Some(numbers) = numbers(said, AFFINE, Some(12))? {
        let row = |n: usize| [0, 1, 2, 3].map(|column| numbers.get(4 * n + column).copied().unwrap_or(0.0));
        let affine = Affine::from_rows([row(0), row(1), row(2)]);
        return Ok(Some(Geometry::new(grid.shape(), affine, frame.unwrap_or(Frame::Unknown))?));
    }
    if let Some([z, y, x]) = numbers(said, ELEMENT_SIZE, Some(3))? {
        let affine = Affine::from_spacing_origin([x, y, z].map(|um| um * 1e-3), [0.0; 3]);
        return Ok(Some(Geometry::new(grid.shape(), affine, frame.unwrap_or(Frame::Unknown))?));
    }
    Ok(frame.map(|frame| grid.clone().with_frame(frame)))
}

fn scaling(said: &Attributes) -> Result<Option<Scaling>, Error> {
    let (slopes, intercepts) = (numbers(said, SLOPE, None)?, numbers(said, INTERCEPT, None)?);
    let unit = match said.get(UNIT).and_then(Value::text) {
        None | Some("arbitrary" | "") => Unit::Arbitrary,
        Some("HU") => Unit::Hu,
        Some("BQML") => Unit::BqPerMl,
        Some("CNTS") => Unit::Counts,
        Some("SUVbw") => Unit::SuvBw,
        Some("sd") => Unit::StandardDeviations,
        Some("1") => Unit::Ratio,
        Some(other) => Unit::Other(other.to_owned()),
    };
    let (slopes, intercepts) = match (slopes, intercepts) {
        (None, None) => {
            return Ok((unit != Unit::Arbitrary).then(|| Scaling::uniform(Rescale::IDENTITY, unit)));
        }
        (Some(slopes), None) => (slopes, vec![0.0; slopes.len()]),
        (Some(slopes), Some(intercepts)) if slopes.len() == intercepts.len() => (slopes, intercepts.to_vec()),
        _ => return Err(Error::malformed(SLOPE, "another number", "as many as intercepts")),
    };
    let pairs = slopes.iter().zip(intercepts).map(|(slope, intercept)| Rescale::new(*slope, intercept));
    let pairs = pairs.collect::<Result<Vec<_>, _>>()?;
    Ok(Some(match pairs.as_slice() {
        [one] => Scaling::uniform(*one, unit),
        _ => Scaling::per_plane(pairs, unit),
    }))
}

/// Quantities that are numbers, vectors or matrices, by their names.
const QUANTITIES: [Quantity; 11] = [
    Quantity::Time,
    Quantity::EchoTime,
    Quantity::RepetitionTime,
    Quantity::InversionTime,
    Quantity::TriggerTime,
    Quantity::PostLabelingDelay,
    Quantity::FlipAngle,
    Quantity::CardiacPhase,
    Quantity::BValue,
    Quantity::GradientDirection,
    Quantity::BMatrix,
];

fn axes(head: &Head, said: &Attributes) -> Result<Option<Vec<SlowAxis>>, Error> {
    let Some(value) = said.get(AXES) else { return Ok(None) };
    let kinds = value.texts().filter(|kinds| kinds.len() == head.slow_axes().len());
    let kinds = kinds.ok_or_else(|| Error::malformed(AXES, "another value", "a word for each slow axis"))?;
    let mut axes = Vec::new();
    for (n, (word, axis)) in kinds.iter().zip(head.slow_axes()).enumerate() {
        let mut axis = SlowAxis::new(kind_of(word, n), axis.len())?;
        for quantity in &QUANTITIES {
            let Some(value) = said.get(&format!("isocenter.axis.{n}.{}", quantity.name())) else { continue };
            let wrong = || Error::malformed(AXES, "steps of another kind", "numbers for each step");
            let numbers = value.numbers().ok_or_else(wrong)?;
            let values = match quantity {
                Quantity::GradientDirection => Values::Vectors(numbers.as_chunks::<3>().0.to_vec()),
                Quantity::BMatrix => {
                    let matrix = |m: &[f64; 9]| [[m[0], m[1], m[2]], [m[3], m[4], m[5]], [m[6], m[7], m[8]]];
                    Values::Matrices(numbers.as_chunks::<9>().0.iter().map(matrix).collect())
                }
                _ => Values::Numbers(numbers.to_vec()),
            };
            axis = axis.with_column(Column::new(quantity.clone(), values)?)?;
        }
        axes.push(axis);
    }
    Ok(Some(axes))
}

/// An axis by its word. A word that nobody knows is free text, and not carried.
fn kind_of(word: &str, n: usize) -> AxisKind {
    let known = [
        AxisKind::Time,
        AxisKind::Diffusion,
        AxisKind::Echo,
        AxisKind::Part,
        AxisKind::Label,
        AxisKind::Phase,
        AxisKind::Channel,
        AxisKind::Layer,
    ];
    known.into_iter().find(|kind| kind.name() == word).unwrap_or_else(|| AxisKind::Other(format!("dim{}", n + 4)))
}

/// The attributes of a volume.
pub(super) fn of(head: &Head) -> BTreeMap<String, Data> {
    let mut said = BTreeMap::new();
    let mut put = |name: &str, data: Data| drop(said.insert(name.to_owned(), data));
    let rows = head.geometry().affine().rows();
    put(AFFINE, Data::floats(rows.into_iter().flatten()).shaped(&[3, 4]));
    let frame = match head.geometry().frame() {
        Frame::Patient(_) => "patient",
        Frame::Pixel => "pixel",
        _ => "unknown",
    };
    put(FRAME, Data::text(frame));
    let scaling = head.scaling();
    if !scaling.is_identity() {
        let pairs =
            scaling.as_uniform().map_or_else(|| scaling.as_per_plane().unwrap_or_default().to_vec(), |p| vec![p]);
        put(SLOPE, Data::floats(pairs.iter().map(Rescale::slope)));
        put(INTERCEPT, Data::floats(pairs.iter().map(Rescale::intercept)));
    }
    if *scaling.unit() != Unit::Arbitrary {
        put(UNIT, Data::text(scaling.unit().code()));
    }
    if !head.slow_axes().is_empty() {
        put(AXES, Data::texts(head.slow_axes().iter().map(|axis| axis.kind().name().to_owned()).collect()));
    }
    for (n, axis) in head.slow_axes().iter().enumerate() {
        let steps = axis.len() as u64;
        for column in axis.columns().iter().filter(|column| QUANTITIES.contains(column.quantity())) {
            let data = match column.values() {
                Values::Numbers(numbers) => Data::floats(numbers.iter().copied()),
                Values::Vectors(vectors) => Data::floats(vectors.iter().flatten().copied()).shaped(&[steps, 3]),
                Values::Matrices(all) => Data::floats(all.iter().flatten().flatten().copied()).shaped(&[steps, 3, 3]),
                _ => continue,
            };
            put(&format!("isocenter.axis.{n}.{}", column.quantity().name()), data);
        }
    }
    said
}
