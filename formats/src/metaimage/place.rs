//! Where a header places its volume.

use isocenter_volume::{Affine, Direction, Frame, Geometry, Orientation};

use super::fields::Fields;
use crate::{Error, Warning};

/// What `AnatomicalOrientation` says where nobody knows it, of three axes. ITK writes as many marks as there are axes where there
/// are not three, whatever it knows, so that four say nothing.
pub(super) const NOBODY_KNOWS: &str = "???";

/// An axis whose cosine with its named direction is below this is no oblique axis of that name, but another.
const CONTRADICTS: f64 = 0.1;

/// Grid and place of a header's volume, whose axes have these lengths.
pub(super) fn geometry(fields: &Fields, sizes: &[u64], warnings: &mut Vec<Warning>) -> Result<Geometry, Error> {
    let axes = sizes.len();
    let shape = [0, 1, 2].map(|n| sizes.get(n).map_or(1, |len| *len as usize));
    let unit = unit_mm(fields, warnings);
    let spacing = spacing(fields, axes, warnings)?.map(|v| v * unit);
    let offset = fields.numbers("Offset", axes)?;
    let matrix = fields.numbers("TransformMatrix", axes * axes)?;
    let named = fields.get("AnatomicalOrientation");
    let is_patient = matrix.is_some() && axes >= 3 && named != Some(NOBODY_KNOWS);
    if fields.numbers("CenterOfRotation", axes)?.is_some_and(|c| c.iter().any(|v| *v != 0.0)) {
        warnings.push(Warning::CentreIgnored);
    }
    if is_patient && offset.is_none() {
        warnings.push(Warning::OriginAssumed);
    }
    let directions = match &matrix {
        Some(numbers) => directions(numbers, axes)?,
        None => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    };
    if is_patient && axes == 3 && named.is_some_and(|n| contradicts(n, directions)) {
        warnings.push(Warning::OrientationDisagrees);
    }
    let columns = [0, 1, 2].map(|a| directions[a].map(|v| v * spacing[a]));
    let origin = [0, 1, 2].map(|n| offset.as_ref().and_then(|o| o.get(n)).map_or(0.0, |v| v * unit));
    let frame = if is_patient { Frame::Patient(None) } else { Frame::Unknown };
    Ok(Geometry::new(shape, Affine::from_columns(columns, origin), frame)?)
}

/// Directions of the grid's axes: the rows of the matrix, whose further axes must not run through space.
fn directions(numbers: &[f64], axes: usize) -> Result<[[f64; 3]; 3], Error> {
    let mut out = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    for (n, value) in numbers.iter().enumerate() {
        let (axis, world) = (n / axes, n % axes);
        match out.get_mut(axis).and_then(|d| d.get_mut(world)) {
            Some(place) => *place = *value,
            None if *value != 0.0 && (axis < 3 || world < 3) => {
                return Err(Error::unsupported("an axis that runs through space and more", "TransformMatrix"));
            }
            None => {}
        }
    }
    Ok(out)
}

fn spacing(fields: &Fields, axes: usize, warnings: &mut Vec<Warning>) -> Result<[f64; 3], Error> {
    let mut given = fields.numbers("ElementSpacing", axes)?;
    if given.is_none() {
        given = fields.numbers("ElementSize", axes)?;
        if given.is_some() {
            warnings.push(Warning::SpacingFromSize);
        }
    }
    let steps = given.unwrap_or_default();
    Ok([0, 1, 2].map(|axis| {
        let step = steps.get(axis).copied().unwrap_or(0.0);
        if step != 0.0 {
            return step;
        }
        if axis < axes {
            warnings.push(Warning::SpacingAssumed { axis });
        }
        1.0
    }))
}

fn unit_mm(fields: &Fields, warnings: &mut Vec<Warning>) -> f64 {
    match fields.get("DistanceUnits") {
        None | Some("mm" | "?") => 1.0,
        Some("cm") => 10.0,
        Some("um") => 0.001,
        Some(_) => {
            warnings.push(Warning::UnknownUnit);
            1.0
        }
    }
}

/// Whether letters name other directions than the axes have. ITK's letters say where an axis comes from: `RAI` is LPS+.
fn contradicts(letters: &str, directions: [[f64; 3]; 3]) -> bool {
    let Ok(from) = letters.parse::<Orientation>() else { return false };
    from.axes().into_iter().zip(directions).any(|(from, direction)| {
        let (world, sign) = from.lps();
        -sign * direction[world] < CONTRADICTS
    })
}

/// The letters of a volume's axes, as ITK writes them.
pub(super) fn letters(geometry: &Geometry) -> String {
    let Ok(orientation) = geometry.orientation() else { return NOBODY_KNOWS.to_owned() };
    let from = |towards: Direction| {
        let (world, sign) = towards.lps();
        Direction::from_lps(world, sign < 0.0).letter()
    };
    orientation.axes().map(from).iter().collect()
}
