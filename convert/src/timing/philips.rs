//! Philips.
//!
//! Neither the times of slices nor the polarity of phase encoding stand in its headers. Echo spacing can be estimated from the water-fat
//! shift (2001,xx22), in pixels, and the EPI factor: fat is 3.4 ppm away from water, so a pixel is `shift / (3.4 ppm * frequency)` seconds
//! of readout, which the train of echoes and one more share. Source: the BrainVoyager support pages on echo spacing and bandwidth.

use isocenter_dcm::tags;

use super::{entries::Entries, header::Own, scan::Scan};
use crate::facts::maker::Maker;

pub(super) fn entries(scan: &Scan<'_>, lines: Option<f64>, out: &mut Entries) {
    let shift = scan.own_number(own(0x22)).filter(|pixels| *pixels != 0.0);
    out.number("WaterFatShift", shift);
    let megahertz = scan.number(tags::IMAGING_FREQUENCY).or_else(|| scan.number(tags::TRANSMITTER_FREQUENCY));
    let known = (shift, megahertz.filter(|f| *f > 0.0), scan.echoes(), lines.filter(|n| *n > 1.0));
    if let (Some(shift), Some(megahertz), Some(echoes), Some(lines)) = known {
        let total = shift / (megahertz * FAT_PPM * (echoes + 1.0)) * echoes;
        out.number("EstimatedEffectiveEchoSpacing", Some(total / (lines - 1.0)));
        out.number("EstimatedTotalReadoutTime", Some(total));
    }
}

/// Whether the matrix was scanned in part, (2001,xx19).
pub(super) fn is_partial(scan: &Scan<'_>) -> bool {
    scan.maker == Maker::Philips && scan.own_text(own(0x19)).is_some_and(|word| word.starts_with('Y'))
}

const fn own(element: u8) -> Own {
    Own { group: 0x2001, creators: &["Philips Imaging DD 001"], element, block: 0x10 }
}

/// How far fat is from water, parts in a million.
const FAT_PPM: f64 = 3.4;
