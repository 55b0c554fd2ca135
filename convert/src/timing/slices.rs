//! When each slice of a volume was acquired.
//!
//! Times are those of one repetition, from its earliest slice, in the order of the slices of the volume. Which source a maker's headers
//! have is told in its file; here is what makes times believable. A 3-D scan excites all slices at once and has none, nor do times that
//! are all the same say anything.

use super::{
    believe::{SAME_MS, from_earliest},
    ge,
    scan::Scan,
    siemens,
    source::Headers,
    united_imaging,
};
use crate::Error;
use crate::facts::maker::Maker;

/// Times of slices.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Times {
    /// Milliseconds from the earliest slice, by slice of the volume.
    pub(super) ms: Vec<f64>,
}

/// The times of the slices of a volume, where its headers tell them.
pub(super) fn times(scan: &Scan<'_>, headers: &Headers<'_>) -> Result<Option<Times>, Error> {
    let slices = scan.shape()[2];
    if slices < 2 || scan.is_3d() {
        return Ok(None);
    }
    let found = match scan.maker {
        Maker::Siemens => siemens::times(scan, headers)?,
        Maker::Ge => ge::times(scan, headers)?,
        Maker::UnitedImaging => united_imaging::times(scan, headers)?,
        _ => None,
    };
    let varies = |ms: &Vec<f64>| ms.iter().any(|t| (t - ms[0]).abs() > SAME_MS);
    let found = found.filter(|ms| ms.len() == slices && ms.iter().all(|t| t.is_finite()) && varies(ms));
    Ok(found.map(|ms| Times { ms: from_earliest(ms) }))
}

/// Slices that were excited at once: the most that headers state, or as many as share each time of the slices.
pub(super) fn bands(scan: &Scan<'_>, times: Option<&Times>) -> Option<f64> {
    let stated = match scan.maker {
        Maker::Siemens => siemens::bands(scan),
        Maker::Ge => ge::bands(scan),
        _ => None,
    };
    let shared = times.filter(|_| scan.maker == Maker::Siemens).map(|times| shared(&times.ms) as f64);
    stated.filter(|bands| *bands > 1.0).or(shared)
}

/// How many slices have the time of the first, where every time is shared by as many: slices that were excited at once lie as far apart as
/// bands do, so that the times of a band are those of the next. Neighbours with one time were timed by a clock that is too coarse.
fn shared(ms: &[f64]) -> usize {
    let is_same = |a: f64, b: f64| (a - b).abs() <= SAME_MS;
    let first = ms.first().map_or(1, |first| ms.iter().filter(|t| is_same(**t, *first)).count());
    let apart = ms.len() / first.max(1);
    let repeats = || ms.iter().enumerate().all(|(k, t)| ms.get(k % apart).is_some_and(|other| is_same(*t, *other)));
    if first > 1 && ms.len().is_multiple_of(first) && repeats() { first } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_share_every_time() {
        assert_eq!(shared(&[0.0, 5.0, 0.0, 5.0]), 2);
        assert_eq!(shared(&[0.0, 5.0, 0.0, 7.0]), 1);
        assert_eq!(shared(&[0.0, 5.0, 10.0]), 1);
        // neighbours are never excited at once
        assert_eq!(shared(&[0.0, 0.0, 5.0, 5.0]), 1);
        assert_eq!(shared(&[0.0, 10.0, 5.0, 0.0, 10.0, 5.0, 0.0, 10.0, 5.0]), 3);
        assert_eq!(shared(&[]), 1);
    }
}
