//! Axes 4 to 7: time, or numbered.

use isocenter_volume::{AxisKind, Column, Quantity, SlowAxis};

use super::header::Header;
use crate::{Error, even};

/// Bits 3 to 5 of `xyzt_units`: seconds.
pub(super) const SECONDS: i32 = 8;

/// The slow axes of a header whose axes 4.. have these lengths, trailing ones of length 1 left out.
pub(super) fn axes(header: &Header, lengths: &[usize]) -> Result<Vec<SlowAxis>, Error> {
    let used = lengths.iter().rposition(|n| *n > 1).map_or(0, |last| last + 1);
    lengths[..used].iter().enumerate().map(|(n, len)| axis(header, n + 4, *len)).collect()
}

fn axis(header: &Header, number: usize, len: usize) -> Result<SlowAxis, Error> {
    let seconds = match header.xyzt_units & 0x38 {
        8 => Some(1.0),
        16 => Some(1e-3),
        24 => Some(1e-6),
        _ => None,
    };
    let Some(unit) = seconds.filter(|_| number == 4) else {
        return Ok(SlowAxis::new(AxisKind::Other(format!("dim{number}")), len)?);
    };
    let (start, step) = (header.toffset * unit, header.pixdim[4] * unit);
    let counted = SlowAxis::new(AxisKind::Time, len)?;
    let times = (0..len).map(|n| start + step * n as f64).collect();
    // times that are not finite, or do not go on, are no times
    match Column::numbers(Quantity::Time, times) {
        Ok(times) if step > 0.0 => Ok(counted.with_column(times)?),
        _ => Ok(counted),
    }
}

/// Puts slow axes into a header.
pub(super) fn set(header: &mut Header, axes: &[SlowAxis]) -> Result<(), Error> {
    if axes.len() > 4 {
        return Err(Error::unsupported("more than four slow axes in NIfTI", axes.len()));
    }
    header.dim[0] = 3 + axes.len() as i64;
    for (n, axis) in axes.iter().enumerate() {
        header.dim[4 + n] = axis.len() as i64;
    }
    if let Some(time) = axes.first().filter(|a| *a.kind() == AxisKind::Time) {
        header.xyzt_units |= SECONDS;
        if let Some((start, step)) = time.numbers(&Quantity::Time).and_then(even::start_and_step) {
            header.toffset = start;
            header.pixdim[4] = step;
        }
    }
    Ok(())
}
