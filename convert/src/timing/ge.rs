//! GE: its private elements, its packed protocol, and the model of its slice times.

mod elements;
mod order;
mod polarity;
mod protocol;
mod sequence;
mod version;

pub(super) use self::polarity::is_positive;
use self::{
    elements::{acquired, own, parameter},
    order::Order,
    protocol::Block,
    sequence::Sequence,
};
use super::{believe, entries::Entries, header::Header, scan::Scan, source::Headers};
use crate::Error;

/// The factors of ASSET and ARC in the plane and across it: (0043,xx83) states their reciprocals.
pub(super) fn factors(scan: &Scan<'_>) -> [Option<f64>; 2] {
    let parts = scan.own_numbers(parameter(0x83));
    [0, 1].map(|n| parts.get(n).filter(|part| **part > 0.0).map(|part| round(1.0 / part)))
}

/// A reciprocal of six digits, to as many.
fn round(factor: f64) -> f64 {
    (factor * 1e5).round() / 1e5
}

/// The factor of compressed sensing (0043,xxB7).
pub(super) fn compressed(scan: &Scan<'_>) -> Option<f64> {
    scan.own_number(parameter(0xB7))
}

/// Slices at once: (0043,xxB6), or MBACCEL of the protocol if that is more.
pub(super) fn bands(scan: &Scan<'_>) -> Option<f64> {
    let stated = scan.own_number(parameter(0xB6));
    let planned = Block::of(scan).and_then(|block| block.number("MBACCEL"));
    [stated, planned].into_iter().flatten().filter(|n| (1.0..=MOST_BANDS).contains(n)).reduce(f64::max)
}

/// The effective echo spacing, seconds: (0043,xx2C) is the time from echo to echo in microseconds, and of the acquired lines parallel
/// imaging leaves a number that is even, or a multiple of four with partial Fourier. Source: the notes on GE that come with dcm2niix,
/// `Total Readout Time`.
pub(super) fn echo_spacing(scan: &Scan<'_>, lines: Option<f64>, factor: Option<f64>, is_partial: bool) -> Option<f64> {
    let echo_us = scan.own_number(parameter(0x2C)).filter(|us| *us > 0.0)?;
    let lines = lines.filter(|n| *n > 1.0)?;
    let factor = factor.filter(|factor| *factor > 0.0)?;
    let multiple = if is_partial { 4.0 } else { 2.0 };
    // a factor of 1.5 is stated as 0.666667: 85.333 and no more
    let read = ((lines / factor / multiple - 1e-4).ceil() * multiple).max(1.0);
    Some((read - 1.0) * echo_us * 1e-6 / (lines - 1.0))
}

/// The pause after each volume, seconds, which Repetition Time leaves out: the group delay (0043,xx7C) of functional imaging; of the
/// multi-phase sequence what the protocol states (`DELACQNOAV`), unless the delay is the least (`DELACQ`) or one of each phase (`MPhVar`).
pub(super) fn pause_s(scan: &Scan<'_>) -> Option<f64> {
    let planned = || {
        let block = Block::of(scan)?;
        let options = block.text("IOPT").unwrap_or_default();
        let is_least = block.text("DELACQ").is_some_and(|text| text.starts_with("Minimum"));
        let is_one = options.contains("MPh") && !options.contains("MPhVar") && !is_least;
        let is_multi_phase = Sequence::of(scan, Some(&block)) == Some(Sequence::MultiPhase);
        block.number("DELACQNOAV").filter(|_| is_one && is_multi_phase)
    };
    scan.own_number(parameter(0x7C)).or_else(planned).filter(|s| *s > 0.0)
}

pub(super) fn entries(scan: &Scan<'_>, out: &mut Entries) {
    let polarity = polarity::is_unflipped(scan);
    out.put("PhaseEncodingPolarityGE", polarity.map(|is| if is { "Unflipped" } else { "Flipped" }));
    let block = Block::of(scan);
    if sequence::is_epi2(scan) || Sequence::of(scan, block.as_ref()) == Some(Sequence::Diffusion) {
        let positive = |element: u8| scan.own_number(acquired(element)).filter(|n| *n > 0.0);
        out.count("NumberOfDiffusionDirectionGE", positive(0xE0));
        out.count("NumberOfDiffusionT2GE", positive(0xDF));
        let cycling = order::cycling(scan);
        // the cycled directions have a file of their own
        let own = || match cycling? {
            "2TR" => Some(2.0),
            "3TR" => Some(3.0),
            _ => None,
        };
        out.count("TensorFileNumberGE", positive(0xB2).or_else(own));
        out.put("DiffGradientCyclingGE", cycling);
    }
}

/// Times of slices, ms.
///
/// The protocol (0025,xx1B) tells the order, the software's version the model; see [`Order`]. Without the protocol the timer (0021,xx5E) of
/// the second repetition counts, where it is sound. Times go with the prescription, which instance numbers follow: they run along the
/// normal or against it, and where they do neither there are none.
pub(super) fn times(scan: &Scan<'_>, headers: &Headers<'_>) -> Result<Option<Vec<f64>>, Error> {
    let (Some(first), Some(second)) = (believe::step(scan, 0), believe::step(scan, 1)) else { return Ok(None) };
    let Some(block) = Block::of(scan) else {
        let timer = own(0x0021, &["GEMS_RELA_01"], 0x5E);
        let stated = headers.each(second, |ds, frame| Header::of(ds, frame).own_number(timer))?;
        let seconds: Option<Vec<f64>> = stated.into_iter().collect();
        return Ok(seconds.filter(|_| scan.is_echo_planar()).and_then(|s| timer_ms(scan, &s)));
    };
    let planned = block.number("NOSLC").is_none_or(|count| count == scan.shape()[2] as f64);
    let order = Sequence::of(scan, Some(&block)).and_then(|sequence| Order::of(scan, &block, sequence, bands(scan)));
    let Some(order) = order.filter(|_| planned) else { return Ok(None) };
    let by_number = order.times(scan.shape()[2]);
    let Some(numbers) = headers.instance_numbers(first) else { return Ok(None) };
    let rises = |up: bool| numbers.windows(2).all(|pair| (pair[1] > pair[0]) == up && pair[0] != pair[1]);
    Ok(match (rises(true), rises(false)) {
        (true, _) => Some(by_number),
        (_, true) => Some(by_number.into_iter().rev().collect()),
        _ => None,
    })
}

/// Times of the timer, ms. Its unit is a second, or a tenth of a millisecond in older software: whichever makes a repetition of them.
fn timer_ms(scan: &Scan<'_>, stated: &[f64]) -> Option<Vec<f64>> {
    let scaled = |unit_ms: f64| believe::settle(scan, Some(stated.iter().map(|t| t * unit_ms).collect()), None);
    let fills = |ms: &Vec<f64>| ms.iter().fold(0.0, |high: f64, t| high.max(*t)) > scan.tr_ms().unwrap_or(0.0) / 100.0;
    scaled(1e3).filter(fills).or_else(|| scaled(0.1).filter(fills))
}

const MOST_BANDS: f64 = 64.0;
