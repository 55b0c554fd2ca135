//! Which axes of an array are i, j and k, and what the others are.

use isocenter_volume::{AxisKind, Column, Quantity, SlowAxis};

use super::{
    image::{Axis, Image, Kind, Level},
    units,
};
use crate::Error;

/// The axes of an array by their part in a volume.
#[derive(Debug)]
pub(super) struct Roles {
    /// Those of i, j and k; `None` where the array has fewer.
    pub(super) grid: [Option<usize>; 3],
    /// The slow ones, fastest first.
    pub(super) slow: Vec<usize>,
}

impl Roles {
    /// Those of an array without a word about its axes: the last is i.
    pub(super) fn plain(axes: usize) -> Self {
        let grid = [0, 1, 2].map(|n| axes.checked_sub(n + 1));
        Self { grid, slow: (0..axes.saturating_sub(3)).rev().collect() }
    }

    /// Those of an image: x, y and z by their name, or the last axis in space is i.
    pub(super) fn of(image: &Image) -> Result<Self, Error> {
        let space: Vec<usize> = (0..image.axes.len()).filter(|n| image.axes[*n].kind == Kind::Space).collect();
        let by_name = ["x", "y", "z"].map(|name| space.iter().copied().find(|n| image.axes[*n].name == name));
        let named = by_name.iter().flatten().count();
        let grid = match space.len() {
            0 => return Err(Error::unsupported("an image without an axis in space", image.axes.len())),
            n if n > 3 => return Err(Error::unsupported("more than three axes in space", n)),
            n if n == named && (by_name[0].is_some() || n == 3) => by_name,
            _ => {
                let mut last = space.iter().rev().copied();
                [last.next(), last.next(), last.next()]
            }
        };
        let slow = (0..image.axes.len()).rev().filter(|n| image.axes[*n].kind != Kind::Space).collect();
        Ok(Self { grid, slow })
    }

    /// All of them in the order of the volume, the fastest first; `None` for an axis of the grid that the array does not have.
    pub(super) fn order(&self) -> impl Iterator<Item = Option<usize>> {
        self.grid.into_iter().chain(self.slow.iter().copied().map(Some))
    }
}

/// A slow axis of an image. Its name is one of a fixed list: the file's own is free text.
pub(super) fn slow_axis(
    image: &Image,
    level: &Level,
    axis: usize,
    number: usize,
    len: usize,
) -> Result<SlowAxis, Error> {
    let Axis { name, kind, unit, .. } = &image.axes[axis];
    let kind = match (kind, name.as_str()) {
        (Kind::Time, _) => AxisKind::Time,
        (Kind::Channel, _) => AxisKind::Channel,
        (_, "diffusion") => AxisKind::Diffusion,
        (_, "echo") => AxisKind::Echo,
        (_, "part") => AxisKind::Part,
        (_, "label") => AxisKind::Label,
        (_, "phase") => AxisKind::Phase,
        (_, "layer") => AxisKind::Layer,
        _ => AxisKind::Other(format!("dim{number}")),
    };
    let counted = SlowAxis::new(kind, len)?;
    let seconds = unit.as_deref().and_then(units::time_s).filter(|_| *counted.kind() == AxisKind::Time);
    let (Some(unit), Some(scale)) = (seconds, &level.scale) else { return Ok(counted) };
    let (start, step) = (level.translation[axis], scale[axis]);
    let times = (0..len).map(|n| (start + step * n as f64) * unit).collect();
    // times that are not finite, or do not go on, are no times
    match Column::numbers(Quantity::Time, times) {
        Ok(times) if step > 0.0 => Ok(counted.with_column(times)?),
        _ => Ok(counted),
    }
}

/// The name and type of a slow axis as they are written.
pub(super) fn name_of(axis: &SlowAxis, number: usize) -> (String, Option<&'static str>) {
    match axis.kind() {
        AxisKind::Time => ("t".to_owned(), Some("time")),
        AxisKind::Channel => ("c".to_owned(), Some("channel")),
        AxisKind::Other(_) => (format!("dim{number}"), None),
        kind => (kind.name().to_owned(), None),
    }
}
