//! Scan parameters behind the voxels.

use isocenter_volume::{AxisKind, Head, Quantity, SlowAxis, meta::Mr};

use super::bytes::Bytes;
use crate::even;

/// What is written where a parameter is not known, and what such a field is read as.
const UNKNOWN: f32 = 0.0;

/// Takes the parameters from the front of what follows the voxels: TR, flip angle, TE, TI, field of view. Some files end before.
pub(super) fn take(bytes: &mut Bytes<'_>) -> Mr {
    let known = |v: &f64| v.is_finite() && *v > 0.0;
    let mut next = || bytes.f32().filter(known);
    let (tr_ms, flip, te_ms, ti_ms) = (next(), next(), next(), next());
    // the field of view follows from the geometry
    let _ = next();
    let seconds = |ms: Option<f64>| ms.map(|v| v / 1e3);
    let mut mr = Mr::default();
    mr.repetition_time_s = seconds(tr_ms);
    mr.echo_time_s = seconds(te_ms);
    mr.inversion_time_s = seconds(ti_ms);
    mr.flip_angle_deg = flip.map(f64::to_degrees);
    mr
}

/// The parameters of a volume. Where its frames are even times and no TR is known, their step is the TR, as FreeSurfer has it.
pub(super) fn to_bytes(head: &Head) -> Vec<u8> {
    let mr = head.meta().mr.clone().unwrap_or_default();
    let ms = |seconds: Option<f64>| seconds.map_or(UNKNOWN, |v| (v * 1e3) as f32);
    let tr = mr.repetition_time_s.or_else(|| head.slow_axes().first().and_then(step_s));
    let flip = mr.flip_angle_deg.map_or(UNKNOWN, |v| v.to_radians() as f32);
    let fields = [ms(tr), flip, ms(mr.echo_time_s), ms(mr.inversion_time_s), UNKNOWN];
    fields.into_iter().flat_map(f32::to_be_bytes).collect()
}

fn step_s(axis: &SlowAxis) -> Option<f64> {
    let times = axis.numbers(&Quantity::Time).filter(|_| *axis.kind() == AxisKind::Time)?;
    even::start_and_step(times).map(|(_, step)| step)
}
