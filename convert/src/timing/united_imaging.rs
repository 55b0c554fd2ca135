//! United Imaging. Source: the table of private elements that its scanners' files come with, (0065,xx..) of `Image Private Header`.

use isocenter_dcm::{Dataset, Tag, tags, value};

use super::{
    believe::{self, settle},
    header::{Header, Own},
    scan::Scan,
    source::Headers,
};
use crate::Error;

const fn own(element: u8) -> Own {
    Own { group: 0x0065, creators: &["Image Private Header"], element, block: 0x10 }
}

/// Phase encoding polarity (0065,xx58): 0 with the count of rows or columns, 1 against it.
pub(super) fn is_positive(scan: &Scan<'_>) -> Option<bool> {
    match scan.own_number(own(0x58)) {
        Some(0.0) => Some(true),
        Some(1.0) => Some(false),
        _ => None,
    }
}

/// Bandwidth per pixel along phase encoding, Hz: (0019,xx28).
pub(super) fn bandwidth(scan: &Scan<'_>) -> Option<f64> {
    let element = Own { group: 0x0019, creators: &["Image Private Header", "UIH"], element: 0x28, block: 0x10 };
    scan.own_number(element).filter(|hz| *hz > 0.0)
}

/// The time of the readout: Acquisition Duration (0018,9073), which these scanners state in milliseconds of one readout, in a grid by tile.
pub(super) fn readout_s(scan: &Scan<'_>) -> Option<f64> {
    let of_tile = || value::f64(tiles(scan.ds)?.first()?, tags::ACQUISITION_DURATION);
    let is_planar = scan.is_echo_planar();
    let ms = scan.number(tags::ACQUISITION_DURATION).or_else(of_tile);
    ms.filter(|ms| is_planar && *ms > 0.0).map(|ms| ms / 1e3)
}

/// The headers of the tiles of a grid.
fn tiles(ds: &Dataset) -> Option<&[Dataset]> {
    let tag = value::private_tag(ds, 0x0065, "Image Private Header", 0x51).unwrap_or(Tag(0x0065, 0x1051));
    value::sequence(ds, tag)
}

/// The factor in the text of (0065,xx0D), such as `F:2S`.
pub(super) fn in_plane(scan: &Scan<'_>) -> Option<f64> {
    let text = scan.own_text(own(0x0D))?;
    let digits: String =
        text.split_once(':')?.1.trim().chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    digits.parse().ok().filter(|factor: &f64| *factor >= 1.0)
}

/// Times of slices, ms: the clock of each image, or of each tile of a grid by the header that the grid keeps of it (0065,xx51).
pub(super) fn times(scan: &Scan<'_>, headers: &Headers<'_>) -> Result<Option<Vec<f64>>, Error> {
    let Some(first) = believe::step(scan, 0) else { return Ok(None) };
    if scan.steps() < 2 {
        return Ok(None);
    }
    if first.iter().all(|frame| frame.tile.is_none()) {
        return Ok(settle(scan, believe::clock(headers, first)?, None));
    }
    let mut found = [None, None];
    for (step, times) in found.iter_mut().enumerate() {
        let Some(frame) = believe::step(scan, step).and_then(|frames| frames.first()) else { continue };
        let by_tile = headers.each(&[*frame], tile_times)?.into_iter().next().flatten();
        *times = by_tile.and_then(|ms| believe::by_slice(scan, &ms));
    }
    let [first, second] = found;
    Ok(settle(scan, first, second))
}

fn tile_times(ds: &Dataset, _: usize) -> Option<Vec<f64>> {
    let seconds = tiles(ds)?.iter().map(|item| Header::of(item, 0).acquired_s());
    let seconds = seconds.collect::<Option<Vec<f64>>>()?;
    Some(believe::after_midnight(seconds).into_iter().map(|s| s * 1e3).collect())
}
