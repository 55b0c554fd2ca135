//! What the axes of an image are, and where they lie.

use isocenter_volume::{Affine, AxisKind, Column, Frame, Geometry, Quantity, SlowAxis};

use crate::{
    Error, Warning,
    h5::{attributes::Value, tree::Tree},
};

/// Where the axes are described.
const DIMENSIONS: &str = "minc-2.0/dimensions";

/// The names of the axes of space, x first.
const SPACE: [&str; 3] = ["xspace", "yspace", "zspace"];

/// The name of the components of a voxel.
pub(super) const VECTOR: &str = "vector_dimension";

/// One axis.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    pub(super) name: String,
    pub(super) len: u64,
    start: f64,
    step: f64,
    /// Of an axis of space, in RAS.
    cosines: Option<[f64; 3]>,
    is_seconds: bool,
}

impl Axis {
    pub(super) fn read(tree: &Tree, name: &str, len: u64) -> Result<Self, Error> {
        let said = tree.attributes(&format!("{DIMENSIONS}/{name}"))?;
        let number = |key: &'static str, other: f64| match said.get(key).map(Value::numbers) {
            None => Ok(other),
            Some(Some([number])) if number.is_finite() => Ok(*number),
            Some(_) => Err(Error::malformed(key, "another value", "a number")),
        };
        if said.get("spacing").and_then(Value::text).is_some_and(|word| word.starts_with("irregular")) {
            return Err(Error::unsupported("an axis that is not evenly spaced", name));
        }
        if number("length", len as f64)? != len as f64 {
            return Err(Error::malformed("length", number("length", 0.0)?, "as many as the image has"));
        }
        let axis = SPACE.iter().position(|space| *space == name);
        let cosines = match (axis, said.get("direction_cosines").map(Value::numbers)) {
            (None, _) => None,
            (Some(axis), None) => Some([0, 1, 2].map(|world| f64::from(u8::from(world == axis)))),
            (Some(_), Some(Some([x, y, z]))) => Some([*x, *y, *z]),
            (Some(_), Some(_)) => return Err(Error::malformed("direction_cosines", "another value", "three numbers")),
        };
        let unit = said.get("units").and_then(Value::text);
        Ok(Self {
            name: name.to_owned(),
            len,
            start: number("start", 0.0)?,
            step: number("step", 1.0)?,
            cosines,
            is_seconds: unit.is_none_or(|unit| unit == "s"),
        })
    }

    pub(super) const fn is_space(&self) -> bool {
        self.cosines.is_some()
    }

    /// As a slow axis.
    pub(super) fn slow(&self) -> Result<SlowAxis, Error> {
        let len = self.len as usize;
        let kind = match self.name.as_str() {
            "time" => AxisKind::Time,
            VECTOR => AxisKind::Channel,
            // a name of its own is free text
            _ => AxisKind::Other("list".to_owned()),
        };
        let axis = SlowAxis::new(kind, len)?;
        if *axis.kind() != AxisKind::Time || !self.is_seconds {
            return Ok(axis);
        }
        let times = (0..len).map(|n| self.start + self.step * n as f64).collect();
        Ok(axis.with_column(Column::numbers(Quantity::Time, times)?)?)
    }
}

/// The grid of the axes of space, i first; an axis that an image does not have runs across the others.
pub(super) fn geometry(axes: &[&Axis], warnings: &mut Vec<Warning>) -> Result<Geometry, Error> {
    let mut shape = [1; 3];
    let mut columns: Vec<[f64; 3]> = Vec::new();
    let mut origin = [0.0; 3];
    for (n, axis) in axes.iter().enumerate() {
        let cosines = axis.cosines.unwrap_or_default();
        shape[n] = axis.len as usize;
        columns.push(cosines.map(|c| c * axis.step));
        for (at, cosine) in origin.iter_mut().zip(cosines) {
            *at += axis.start * cosine;
        }
    }
    for space in SPACE.iter().enumerate().filter(|(_, name)| !axes.iter().any(|axis| axis.name == **name)) {
        warnings.push(Warning::SpacingAssumed { axis: columns.len() });
        columns.push([0, 1, 2].map(|world| f64::from(u8::from(world == space.0))));
    }
    let [i, j, k] = columns[..] else {
        return Err(Error::malformed("dimorder", format!("{} axes of space", axes.len()), "xspace, yspace and zspace"));
    };
    let row = |world: usize| [i[world], j[world], k[world], origin[world]];
    let affine = Affine::from_ras([row(0), row(1), row(2)]);
    Ok(Geometry::new(shape, affine, Frame::Patient(None))?)
}
