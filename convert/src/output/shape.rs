//! A volume as files have it: one slow axis, times where readers look for them, rows from the bottom.

use isocenter_volume::{AxisKind, Error, IndexMap, Quantity, SlowAxis};

/// An axis of repetitions with the time of each, where none is stated: readers of NIfTI take the repetition time from the header too.
pub(super) fn timed(axis: &SlowAxis, repetition_s: f64) -> Result<SlowAxis, Error> {
    let repeats = matches!(axis.kind(), AxisKind::Time | AxisKind::Diffusion | AxisKind::Other(_));
    if !repeats || axis.column(&Quantity::Time).is_some() || !(repetition_s.is_finite() && repetition_s > 0.0) {
        return Ok(axis.clone());
    }
    let times = (0..axis.len()).map(|step| step as f64 * repetition_s).collect();
    let timed = SlowAxis::numbered(AxisKind::Time, Quantity::Time, times)?;
    axis.columns().iter().try_fold(timed, |timed, column| timed.with_column(column.clone()))
}

/// The map that stores the last row first.
pub(super) fn upside_down(shape: [usize; 3]) -> Result<IndexMap, Error> {
    IndexMap::permute_flip(shape, [0, 1, 2], [false, true, false])
}

/// Slow axes as one: readers of most formats know a fourth axis, and few a fifth. What is known of a step stays with it.
pub(super) fn one_axis(axes: &[SlowAxis]) -> Result<Vec<SlowAxis>, Error> {
    if axes.len() < 2 {
        return Ok(axes.to_vec());
    }
    let total = axes.iter().map(SlowAxis::len).product();
    let mut one = SlowAxis::new(AxisKind::Other("step".to_owned()), total)?;
    let mut stride = 1;
    for axis in axes {
        let steps: Vec<usize> = (0..total).map(|step| step / stride % axis.len()).collect();
        for column in axis.select(&steps)?.columns() {
            if one.column(column.quantity()).is_none() {
                one = one.with_column(column.clone())?;
            }
        }
        stride *= axis.len();
    }
    Ok(vec![one])
}
