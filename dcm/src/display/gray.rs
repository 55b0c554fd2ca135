//! Gray samples to gray levels of 8 bits.

use isocenter_volume::DynSamples;

use crate::pixel::{DecodedPixels, Padding, to_f64};
use crate::scaling::Modality;

use super::Transform;

/// All that decides the gray of a stored value.
pub(super) struct Tone<'a> {
    pub(super) modality: &'a Modality,
    pub(super) transform: Transform,
    /// Whether the least value is white.
    pub(super) inverted: bool,
    /// Stored values that are black whatever the rest says.
    pub(super) black: Option<Padding>,
}

impl Tone<'_> {
    /// The gray of a stored value; NaN is black.
    fn gray(&self, stored: f64) -> u8 {
        let level = self.transform.level(self.modality.real(stored));
        if level.is_nan() || self.black.is_some_and(|padding| padding.contains(stored)) {
            return 0;
        }
        // To the nearest of 256 levels, halves up.
        let gray = (level * 255.0 + 0.5) as u8;
        if self.inverted { 255 - gray } else { gray }
    }

    /// The gray of each sample.
    pub(super) fn apply(&self, samples: &DynSamples) -> Vec<u8> {
        // Large images of small types go through a table of all stored values: the same grays, each computed once.
        let table = |first: i32| -> Vec<u8> { (0..65536).map(|at| self.gray(f64::from(first + at))).collect() };
        match samples {
            DynSamples::U16(v) if v.len() > 65536 => {
                let table = table(0);
                v.iter().map(|&stored| table[usize::from(stored)]).collect()
            }
            DynSamples::I16(v) if v.len() > 65536 => {
                let table = table(i32::from(i16::MIN));
                v.iter().map(|&stored| table[(i32::from(stored) - i32::from(i16::MIN)) as usize]).collect()
            }
            other => to_f64(other).into_iter().map(|stored| self.gray(stored)).collect(),
        }
    }
}

/// The least and greatest real value of a frame, without padding and what is not finite; `None` where nothing is left.
pub(super) fn extremes(frame: &DecodedPixels, modality: &Modality, padding: Option<Padding>) -> Option<[f64; 2]> {
    let image = frame.to_f64().into_iter().filter(|&stored| !padding.is_some_and(|p| p.contains(stored)));
    image.map(|stored| modality.real(stored)).filter(|real| real.is_finite()).fold(None, |found, real| {
        let [low, high] = found.unwrap_or([real, real]);
        Some([low.min(real), high.max(real)])
    })
}
