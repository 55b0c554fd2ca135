//! The order in which GE acquires slices.
//!
//! A repetition, whose stated time leaves out the delay after it, is shared evenly by excitations. Interleaved, they are the odd slices, then the even ones. With several
//! slices at once there are as many excitations as slices in a band, which is rounded up; before software 27.0 R03 an even number had one
//! more, an empty one; since then the last but two of the even ones changes places with the last. What is acquired with the gradients of
//! diffusion cycled has no order that is known. Sources: the notes on GE that come with dcm2niix, and its validation data.

use isocenter_dcm::tags;

use super::{super::scan::Scan, elements::acquired, protocol::Block, sequence::Sequence, version::Version};

/// An order of slices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Order {
    bands: usize,
    is_interleaved: bool,
    is_from_27_r03: bool,
    /// What excitations share, ms.
    shared_ms: f64,
}

impl Order {
    pub(super) fn of(scan: &Scan<'_>, block: &Block, sequence: Sequence, bands: Option<f64>) -> Option<Self> {
        let version = Version::parse(&scan.text(tags::SOFTWARE_VERSIONS)?)?;
        let bands = bands.map_or(1, |n| n as usize);
        let tr_ms = scan.tr_ms()?;
        let mut is_from_27_r03 = version.is_from_27_r03();
        match sequence {
            Sequence::MultiPhase if block.text("IOPT").is_some_and(|options| options.contains("MPhVar")) => {
                return None;
            }
            Sequence::Diffusion => match cycling(scan) {
                Some("OFF" | "SPOFF") => is_from_27_r03 = false,
                _ => return None,
            },
            _ => {}
        }
        let is_interleaved = sequence != Sequence::RealTime || block.number("SLICEORDER") != Some(0.0);
        // a delay after each repetition (0043,xx7C) is no part of Repetition Time here
        let is_known = bands == 1 || version.is_from_26();
        is_known.then_some(Self { bands, is_interleaved, is_from_27_r03, shared_ms: tr_ms })
    }

    /// Times in the order of the prescription, ms.
    pub(super) fn times(self, slices: usize) -> Vec<f64> {
        let mut excitations = slices.div_ceil(self.bands.max(1));
        if self.bands > 1 && !self.is_from_27_r03 && excitations.is_multiple_of(2) {
            excitations += 1;
        }
        let mut turns: Vec<usize> = (0..excitations).collect();
        if self.is_interleaved {
            let odd = excitations.div_ceil(2);
            turns = turns.iter().map(|n| if n % 2 == 0 { n / 2 } else { odd + n / 2 }).collect();
            if self.bands > 1 && self.is_from_27_r03 && excitations > 2 && excitations.is_multiple_of(2) {
                turns.swap(excitations - 1, excitations - 3);
            }
        }
        let each = self.shared_ms / excitations.max(1) as f64;
        turns.iter().cycle().take(slices).map(|turn| *turn as f64 * each).collect()
    }
}

/// Whether this model cycles the gradients of diffusion over the axes.
pub(super) fn can_cycle(scan: &Scan<'_>) -> bool {
    ["Premier", "UHP", "7.0T"].iter().any(|name| model(scan).contains(name))
}

fn model(scan: &Scan<'_>) -> String {
    scan.text(tags::MANUFACTURER_MODEL_NAME).unwrap_or_default()
}

/// How the gradients are cycled, by user data 12 (0019,xxB3) and 15 (0019,xxB6).
pub(super) fn cycling(scan: &Scan<'_>) -> Option<&'static str> {
    if !can_cycle(scan) {
        return Some("OFF");
    }
    let derating = scan.own_number(acquired(0xB6)).unwrap_or(0.0);
    let is_special =
        if model(scan).contains("Premier") { (derating - 0.72).abs() < 1e-4 } else { (0.5..=1.0).contains(&derating) };
    Some(match scan.own_number(acquired(0xB3)) {
        _ if is_special => "SPOFF",
        Some(2.0) => "2TR",
        Some(3.0) => "3TR",
        _ => "ALLTR",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(bands: usize, is_interleaved: bool, is_from_27_r03: bool, slices: usize, excitations: f64) -> Vec<usize> {
        let order = Order { bands, is_interleaved, is_from_27_r03, shared_ms: 100.0 * excitations };
        order.times(slices).iter().map(|ms| (ms / 100.0).round() as usize).collect()
    }

    #[test]
    fn odd_slices_come_before_even_ones() {
        assert_eq!(turns(1, false, true, 4, 4.0), [0, 1, 2, 3]);
        assert_eq!(turns(1, true, true, 5, 5.0), [0, 3, 1, 4, 2]);
        assert_eq!(turns(1, true, false, 6, 6.0), [0, 3, 1, 4, 2, 5]);
    }

    #[test]
    fn bands_repeat_their_excitations() {
        // three bands of five: the same before and after the change
        let odd = [0, 3, 1, 4, 2];
        assert_eq!(turns(3, true, true, 15, 5.0), odd.repeat(3));
        assert_eq!(turns(3, true, false, 15, 5.0), odd.repeat(3));
        // of six: the last changes places, or an empty one is added
        assert_eq!(turns(2, true, true, 12, 6.0), [0, 3, 1, 5, 2, 4].repeat(2));
        assert_eq!(turns(2, true, false, 12, 7.0), [0, 4, 1, 5, 2, 6, 3, 0, 4, 1, 5, 2]);
        assert_eq!(turns(2, false, true, 6, 3.0), [0, 1, 2, 0, 1, 2]);
        // slices that no band has room for are not there
        assert_eq!(turns(4, true, true, 10, 3.0), [0, 2, 1, 0, 2, 1, 0, 2, 1, 0]);
    }
}
