//! Kinds of axes that are no direction in space.

use isocenter_volume::{AxisKind, Column, Quantity, SampleType, SlowAxis};

use super::header::Axis;
use crate::Error;

/// Whether the kind says that an axis is a direction in space, or says nothing.
pub(super) fn may_be_spatial(kind: &str) -> bool {
    matches!(kind, "" | "domain" | "space" | "???" | "none")
}

/// The sample that the values of the fastest axis make together, where they do.
pub(super) fn joined(axis: &Axis, scalar: SampleType) -> Option<SampleType> {
    if axis.direction.is_some() {
        return None;
    }
    match (axis.kind.as_str(), axis.size, scalar) {
        ("rgb-color", 3, SampleType::U8) => Some(SampleType::Rgb),
        ("complex", 2, SampleType::F32) => Some(SampleType::Complex32),
        ("complex", 2, SampleType::F64) => Some(SampleType::Complex64),
        _ => None,
    }
}

/// A slow axis. Its name is one of a fixed list: a label of the file is free text.
pub(super) fn slow_axis(axis: &Axis) -> Result<SlowAxis, Error> {
    let len = axis.size as usize;
    let seconds = match axis.unit.as_str() {
        "s" | "sec" | "seconds" => Some(1.0),
        "ms" | "msec" => Some(1e-3),
        _ => None,
    };
    let kind = match (axis.kind.as_str(), axis.label.as_str()) {
        ("time", _) | (_, "time") => AxisKind::Time,
        (_, "diffusion") => AxisKind::Diffusion,
        (_, "echo") => AxisKind::Echo,
        (_, "part") => AxisKind::Part,
        (_, "channel") | ("rgb-color" | "rgba-color" | "hsv-color" | "xyz-color" | "3-color" | "4-color", _) => {
            AxisKind::Channel
        }
        (_, "layer") => AxisKind::Layer,
        _ => AxisKind::Other("list".to_owned()),
    };
    let counted = SlowAxis::new(kind, len)?;
    let (Some(unit), Some(step), AxisKind::Time) = (seconds, axis.spacing, counted.kind()) else { return Ok(counted) };
    let start = axis.min.unwrap_or(0.0);
    let times = (0..len).map(|n| (start + step * n as f64) * unit).collect();
    // times beyond all numbers are no times
    match Column::numbers(Quantity::Time, times) {
        Ok(times) => Ok(counted.with_column(times)?),
        Err(_) => Ok(counted),
    }
}

/// Kind and label of a slow axis as they are written.
pub(super) fn names_of(axis: &SlowAxis) -> (&'static str, &str) {
    match axis.kind() {
        AxisKind::Time => ("time", "time"),
        AxisKind::Diffusion => ("list", "diffusion"),
        AxisKind::Echo => ("list", "echo"),
        AxisKind::Part => ("list", "part"),
        AxisKind::Channel => ("list", "channel"),
        AxisKind::Layer => ("list", "layer"),
        _ => ("list", ""),
    }
}
