//! Siemens: its private headers, its protocol, the clock.

use super::{
    believe::{self, settle},
    entries::Entries,
    header::{Header, Own},
    scan::Scan,
    source::Headers,
};
use crate::{Error, plan::FrameRef};

const fn own(group: u16, element: u8) -> Own {
    Own { group, creators: &["SIEMENS MR HEADER"], element, block: 0x10 }
}

/// An element of the XA software, of the series (`SDS`).
const fn of_series(element: u8) -> Own {
    Own { group: 0x0021, creators: &["SIEMENS MR SDS 01"], element, block: 0x10 }
}

/// An element of the XA software, of the image (`SDI`).
const fn of_image(element: u8) -> Own {
    Own { group: 0x0021, creators: &["SIEMENS MR SDI 02"], element, block: 0x11 }
}

/// (0021,xx1C), else PhaseEncodingDirectionPositive of the CSA image header: 1 with the count of rows or columns, 0 against it.
pub(super) fn is_positive(scan: &Scan<'_>) -> Option<bool> {
    let stated = scan.own_number(of_image(0x1C)).or_else(|| scan.image_number("PhaseEncodingDirectionPositive"))?;
    match stated {
        1.0 => Some(true),
        0.0 => Some(false),
        _ => None,
    }
}

/// Bandwidth per pixel along phase encoding, Hz: (0019,xx28), (0021,xx53), else the CSA image header. It accounts for parallel imaging.
pub(super) fn bandwidth(scan: &Scan<'_>) -> Option<f64> {
    let stated = scan.own_number(own(0x0019, 0x28)).or_else(|| scan.own_number(of_image(0x53)));
    stated.or_else(|| scan.image_number("BandwidthPerPixelPhaseEncode")).filter(|hz| *hz > 0.0)
}

/// The factor of parallel imaging in a plane: that of the protocol, else of the text `p2` of (0051,xx11) or (0021,xx09), else the public one.
pub(super) fn in_plane(scan: &Scan<'_>, stated: Option<f64>) -> Option<f64> {
    let planned = scan.protocol_number("sPat.lAccelFactPE").filter(|factor| *factor > 0.0);
    planned.or_else(|| after(scan, 'p')).or(stated)
}

/// Slices at once: the text `s5`, else the protocol. Sequences that are not Siemens' own leave the protocol at 1.
pub(super) fn bands(scan: &Scan<'_>) -> Option<f64> {
    let planned = scan.protocol_number("sSliceAcceleration.lMultiBandFactor");
    after(scan, 's').or(planned).filter(|bands| *bands > 1.0)
}

/// The number after a letter in the text of the parallel acquisition, such as `p2 s5`; `CS8` is a factor of compressed sensing.
fn after(scan: &Scan<'_>, letter: char) -> Option<f64> {
    let text = scan.own_text(own(0x0051, 0x11)).or_else(|| scan.own_text(of_series(0x09)))?;
    let mut parts = text.split(letter).skip(1);
    parts.find_map(|rest| {
        let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        digits.parse().ok().filter(|factor: &f64| *factor >= 1.0)
    })
}

/// The part of k-space along phase encoding, by the protocol's code.
pub(super) fn partial(scan: &Scan<'_>) -> Option<f64> {
    match scan.protocol_number("sKSpace.ucPhasePartialFourier")? {
        1.0 => Some(0.5),
        2.0 => Some(0.625),
        4.0 => Some(0.75),
        8.0 => Some(0.875),
        16.0 => Some(1.0),
        _ => None,
    }
}

/// The factor of all acceleration together, where the mode says compressed sensing and it is more than parallel imaging explains.
pub(super) fn compressed(scan: &Scan<'_>) -> Option<f64> {
    let number = |key: &str| scan.protocol_number(key);
    let parallel = number("sPat.lAccelFactPE").unwrap_or(1.0) * number("sPat.lAccelFact3D").unwrap_or(1.0);
    let total = number("sPat.dTotalAccelFact").filter(|total| *total > parallel);
    total.filter(|_| number("sPat.ucPATMode") == Some(256.0))
}

pub(super) fn entries(scan: &Scan<'_>, out: &mut Entries) {
    let dwell_ns = scan.own_number(own(0x0019, 0x18)).or_else(|| scan.own_number(of_image(0x42)));
    out.number("DwellTime", dwell_ns.filter(|ns| *ns > 0.0).map(|ns| ns * 1e-9));
}

/// What tells the times of frames, ms.
type Source = fn(&Headers<'_>, &[FrameRef]) -> Result<Option<Vec<f64>>, Error>;

/// Times of slices, ms.
///
/// A mosaic states them by tile: MosaicRefAcqTimes of the CSA image header, else (0019,xx29); where neither is there, the protocol's order
/// of slices and the repetition time less its delay give them. Images of the XA software state the time after the start of the measurement
/// (0021,xx04), that of a first repetition often wrongly, so the second is asked first. Where that is not there or not sound the clock counts.
pub(super) fn times(scan: &Scan<'_>, headers: &Headers<'_>) -> Result<Option<Vec<f64>>, Error> {
    let Some(first) = believe::step(scan, 0) else { return Ok(None) };
    let second = believe::step(scan, 1);
    if first.iter().any(|frame| frame.tile.is_some()) {
        let second = match second.and_then(|frames| frames.first()) {
            Some(frame) => mosaic(&headers.each(&[*frame], tile_times)?, scan),
            None => None,
        };
        let first = mosaic(&headers.each(&first[..1], tile_times)?, scan);
        let is_stated = first.is_some() || second.is_some();
        return Ok(if is_stated { settle(scan, first, second) } else { planned(scan) });
    }
    let mut clocked = [Some(first), second];
    if scan.is_enhanced() {
        clocked.reverse();
    }
    let sources: [(Source, [Option<&[FrameRef]>; 2]); 2] =
        [(after_start, [second, Some(first)]), (believe::clock, clocked)];
    for (source, repetitions) in sources {
        for frames in repetitions.into_iter().flatten() {
            let sound = settle(scan, source(headers, frames)?, None);
            if sound.is_some() {
                return Ok(sound);
            }
        }
    }
    Ok(None)
}

/// The time after the start of the measurement (0021,xx04) of each frame, ms.
fn after_start(headers: &Headers<'_>, frames: &[FrameRef]) -> Result<Option<Vec<f64>>, Error> {
    let of = |ds: &_, frame| Header::of(ds, frame).own_number(of_image(0x04)).map(|s| s * 1e3);
    // most files have none: one header tells
    let is_stated = headers.each(&frames[..1.min(frames.len())], of)?.iter().all(Option::is_some);
    if is_stated { Ok(headers.each(frames, of)?.into_iter().collect()) } else { Ok(None) }
}

/// Times by tile, as a header states them.
fn tile_times(ds: &isocenter_dcm::Dataset, frame: usize) -> Vec<f64> {
    use crate::facts::csa::{self, Csa};
    let header = csa::image(ds);
    let stated = header.as_deref().and_then(Csa::parse).map(|csa| csa.numbers("MosaicRefAcqTimes"));
    stated.filter(|all| all.len() > 1).unwrap_or_else(|| Header::of(ds, frame).own_numbers(own(0x0019, 0x29)))
}

fn mosaic(by_tile: &[Vec<f64>], scan: &Scan<'_>) -> Option<Vec<f64>> {
    let by_tile = by_tile.first().filter(|all| all.len() > 1)?;
    believe::by_slice(scan, by_tile)
}

/// Times by the protocol's order of slices, where nothing states them: ascending (1), descending (2) or interleaved (4), which begins with
/// the second slice where their number is even. Bands would need to be known.
fn planned(scan: &Scan<'_>) -> Option<Vec<f64>> {
    if bands(scan).is_some() {
        return None;
    }
    let count = scan.shape()[2];
    let delay_ms = scan.protocol_number("lDelayTimeInTR").unwrap_or(0.0) / 1e3;
    let each = (scan.tr_ms()? - delay_ms) / count as f64;
    let turn = |slice: usize| {
        let half = count.div_ceil(2);
        match scan.protocol_number("sSliceArray.ucMode")? {
            1.0 => Some(slice),
            2.0 => Some(count - 1 - slice),
            // with an even number the second slice comes first, with an odd one the first
            4.0 if slice.is_multiple_of(2) == count.is_multiple_of(2) => Some(half + slice / 2),
            4.0 => Some(slice / 2),
            _ => None,
        }
    };
    let reversed = is_reversed(scan);
    let time = |frame: &FrameRef| {
        let tile = believe::tile(scan, frame)?;
        let slice = if reversed { count.checked_sub(tile + 1)? } else { tile };
        Some(turn(slice)? as f64 * each)
    };
    (each > 0.0).then(|| believe::step(scan, 0)?.iter().map(time).collect()).flatten()
}

/// Whether the first tile is the last slice of the protocol.
fn is_reversed(scan: &Scan<'_>) -> bool {
    let numbered = ["Sag", "Cor", "Tra"].iter().any(|part| {
        let key = format!("sSliceArray.ucImageNumb{part}");
        scan.protocol_number(&key).is_some_and(|number| number > 0.0)
    });
    scan.image_number("ProtocolSliceNumber").map_or(numbered, |number| number > 0.0)
}
