//! Kinds of axes that are no direction in space.

use isocenter_volume::{AxisKind, AxisValues, SampleType, SlowAxis};

use super::header::Axis;

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
pub(super) fn slow_axis(axis: &Axis) -> SlowAxis {
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
        (_, "layer") => AxisKind::Other("layer".to_owned()),
        _ => AxisKind::Other("list".to_owned()),
    };
    let values = match (seconds, axis.spacing) {
        (Some(unit), Some(step)) if kind == AxisKind::Time => {
            let start = axis.min.unwrap_or(0.0);
            AxisValues::Numbers((0..len).map(|n| (start + step * n as f64) * unit).collect())
        }
        _ => AxisValues::Count(len),
    };
    SlowAxis::new(kind, values)
}

/// Kind and label of a slow axis as they are written.
pub(super) fn names_of(axis: &SlowAxis) -> (&'static str, &str) {
    match axis.kind() {
        AxisKind::Time => ("time", "time"),
        AxisKind::Diffusion => ("list", "diffusion"),
        AxisKind::Echo => ("list", "echo"),
        AxisKind::Part => ("list", "part"),
        AxisKind::Channel => ("list", "channel"),
        AxisKind::Other(name) if name == "layer" => ("list", "layer"),
        _ => ("list", ""),
    }
}
