//! Which times are believable, and which slice of the volume they belong to.

use super::{header::Header, scan::Scan, source::Headers};
use crate::{Error, plan::FrameRef};

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
/// A clock of whole seconds tells slices apart only where no two have the same.
pub(super) fn clock(headers: &Headers<'_>, frames: &[FrameRef]) -> Result<Option<Vec<f64>>, Error> {
    let differ = |all: &Vec<f64>| all.iter().any(|s| *s != all[0]);
    let known = headers.acquired_s(frames).filter(differ);
    let seconds = match known {
        Some(seconds) => Some(seconds),
        None => headers.each(frames, |ds, frame| Header::of(ds, frame).acquired_s())?.into_iter().collect(),
    };
    let seconds = seconds.filter(|all| !is_coarse(all));
    Ok(seconds.map(|s| after_midnight(s).into_iter().map(|s| s * 1e3).collect()))
}

/// Whether all are whole seconds, and some the same.
fn is_coarse(seconds: &[f64]) -> bool {
    let mut sorted = seconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.iter().all(|s| s.fract() == 0.0) && sorted.windows(2).any(|pair| pair[0] == pair[1])
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

/// Times from the earliest of them.
pub(super) fn from_earliest(ms: Vec<f64>) -> Vec<f64> {
    let low = bounds(&ms).0;
    ms.into_iter().map(|t| t - low).collect()
}

fn bounds(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)))
}

/// Clocks of scanners count half milliseconds at best.
pub(super) const SAME_MS: f64 = 0.05;

const HALF_DAY_S: f64 = 43_200.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_over_midnight_goes_on() {
        assert_eq!(after_midnight(vec![86_399.0, 86_399.5, 0.25, 1.0]), [86_399.0, 86_399.5, 86_400.25, 86_401.0]);
        assert_eq!(after_midnight(vec![10.0, 40_000.0]), [10.0, 40_000.0]);
    }
}
