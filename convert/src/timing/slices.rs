//! When each slice of a volume was acquired.
//!
//! Times are those of one repetition, from its earliest slice, in the order of the slices of the volume. Which source a maker's headers
//! have is told in its file; here is what makes times believable. A 3-D scan excites all slices at once and has none, nor do times that
//! are all the same say anything.

use super::{ge, header::Header, maker::Maker, scan::Scan, siemens, source::Headers, united_imaging};
use crate::{Error, plan::FrameRef};

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

/// How many slices have the time of the first, where every time is shared by as many.
fn shared(ms: &[f64]) -> usize {
    let count = |time: f64| ms.iter().filter(|t| (**t - time).abs() <= SAME_MS).count();
    let first = ms.first().map_or(1, |t| count(*t));
    if ms.iter().all(|t| count(*t) == first) { first } else { 1 }
}

/// The frames of a repetition.
pub(super) fn step<'s>(scan: &Scan<'s>, step: usize) -> Option<&'s [FrameRef]> {
    let slices = scan.shape()[2];
    scan.series.frames.get(step * slices..(step + 1) * slices)
}

/// Times by tile of a mosaic, brought into the order of the slices.
pub(super) fn by_slice(scan: &Scan<'_>, by_tile: &[f64]) -> Option<Vec<f64>> {
    step(scan, 0)?.iter().map(|frame| by_tile.get(tile(scan, frame)?).copied()).collect()
}

/// Which tile of a mosaic fills a plane, from 0.
pub(super) fn tile(scan: &Scan<'_>, frame: &FrameRef) -> Option<usize> {
    let ([columns, rows, _], tile) = (scan.shape(), frame.tile?);
    let across = tile.picture[0].checked_div(columns)?;
    Some(tile.corner[1].checked_div(rows)? * across + tile.corner[0].checked_div(columns)?)
}

/// Times of frames by their clock, ms: by the facts of the files, or where these are all the same by their headers' Acquisition Time.
pub(super) fn clock(headers: &Headers<'_>, frames: &[FrameRef]) -> Result<Option<Vec<f64>>, Error> {
    let differ = |all: &Vec<f64>| all.iter().any(|s| *s != all[0]);
    let known = headers.acquired_s(frames).filter(differ);
    let seconds = match known {
        Some(seconds) => Some(seconds),
        None => headers.each(frames, |ds, frame| Header::of(ds, frame).acquired_s())?.into_iter().collect(),
    };
    Ok(seconds.map(|s| after_midnight(s).into_iter().map(|s| s * 1e3).collect()))
}

/// Times of a day that went on after midnight: those before noon are of the next day, where others are half a day later.
pub(super) fn after_midnight(mut seconds: Vec<f64>) -> Vec<f64> {
    let (low, high) = bounds(&seconds);
    if high - low > HALF_DAY_S {
        seconds.iter_mut().filter(|s| **s - low < HALF_DAY_S).for_each(|s| *s += 2.0 * HALF_DAY_S);
    }
    seconds
}

/// Of the times of the first repetition and those of the second, the ones to believe.
///
/// Some sequences write nonsense into the first repetition: all zero, or more than a repetition takes. Where both are sound and do not
/// take equally long, the second counts. A reference scan without bands (`SBRef`) takes longer than the repetition that it states.
pub(super) fn settle(scan: &Scan<'_>, first: Option<Vec<f64>>, second: Option<Vec<f64>>) -> Option<Vec<f64>> {
    let [first, second] = [first, second].map(|times| times.map(from_earliest));
    let span = |ms: &Vec<f64>| bounds(ms).1;
    let is_sound = |ms: &Vec<f64>| span(ms) > 0.0 && scan.tr_ms().is_none_or(|tr| span(ms) <= tr);
    let is_reference = scan.series.description.as_deref().is_some_and(|text| text.contains("SBRef"));
    match (first, second.filter(is_sound)) {
        (Some(first), _) if is_reference => Some(first),
        (Some(first), None) => Some(first).filter(is_sound),
        (Some(first), Some(second)) if is_sound(&first) && (span(&first) - span(&second)).abs() < SAME_MS => {
            Some(first)
        }
        (_, second) => second,
    }
}

fn from_earliest(ms: Vec<f64>) -> Vec<f64> {
    let low = bounds(&ms).0;
    ms.into_iter().map(|t| t - low).collect()
}

fn bounds(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)))
}

/// Clocks of scanners count half milliseconds at best.
const SAME_MS: f64 = 0.05;

const HALF_DAY_S: f64 = 43_200.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_over_midnight_goes_on() {
        assert_eq!(after_midnight(vec![86_399.0, 86_399.5, 0.25, 1.0]), [86_399.0, 86_399.5, 86_400.25, 86_401.0]);
        assert_eq!(after_midnight(vec![10.0, 40_000.0]), [10.0, 40_000.0]);
    }

    #[test]
    fn bands_share_every_time() {
        assert_eq!(shared(&[0.0, 5.0, 0.0, 5.0]), 2);
        assert_eq!(shared(&[0.0, 5.0, 0.0, 7.0]), 1);
        assert_eq!(shared(&[0.0, 5.0, 10.0]), 1);
    }
}
