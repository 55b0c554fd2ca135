//! The window of intensities that a registration looks at.
//!
//! Images come with padding far below their content (CT: -2000 or -3024 outside the field of view), with a few bright voxels far
//! above it (metal, vessels) and with a background of any share. The window runs from the 0.5th to the 99.8th percentile of the
//! samples that are not the exact minimum, taken from a regular subset; what lies outside is worth its border. Samples that are not
//! finite have no part in it.

use isocenter_volume::stats::Extremes;

/// Samples looked at to find the window.
const SUBSET: usize = 200_000;
/// Lower and upper end, share of the ordered samples.
const ENDS: [f64; 2] = [0.005, 0.998];

/// A map of intensities to `[0, 1]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Window {
    low: f32,
    scale: f32,
}

impl Window {
    /// The window of values that are in `[0, 1]` already.
    pub(crate) const UNIT: Self = Self { low: 0.0, scale: 1.0 };

    /// The window of an image, so many of whose samples are not finite, or `None` where the others are all alike.
    pub(crate) fn of(samples: &[f32], holes: usize) -> Option<Self> {
        let stride = (samples.len() - holes.min(samples.len())).div_ceil(SUBSET).max(1);
        // an odd stride does not stay on one column of an image with an even row
        let stride = if stride > 1 { stride | 1 } else { 1 };
        let some: Vec<f32> = match holes {
            0 => samples.iter().step_by(stride).copied().collect(),
            _ => samples.iter().copied().filter(|v| v.is_finite()).step_by(stride).collect(),
        };
        let lowest = some.iter().copied().fold(f32::INFINITY, f32::min);
        let above: Vec<f32> = some.iter().copied().filter(|v| *v > lowest).collect();
        let [low, high] = Self::ends(above)?;
        // a binary image has one value above its minimum: the window then starts at the minimum
        let low = if high > low { low } else { lowest };
        let scale = 1.0 / (high - low);
        // what differs by rounding alone is alike
        let is_alike = Extremes::of(&[low, high]).is_constant();
        (high > low && !is_alike && scale.is_finite() && scale > 0.0).then_some(Self { low, scale })
    }

    /// The window that reaches over both; `None` where that is too wide to be one.
    pub(crate) fn with(self, other: Self) -> Option<Self> {
        let high = |window: Self| window.low + 1.0 / window.scale;
        let low = self.low.min(other.low);
        let scale = 1.0 / (high(self).max(high(other)) - low);
        (scale.is_finite() && scale > 0.0).then_some(Self { low, scale })
    }

    fn ends(mut values: Vec<f32>) -> Option<[f32; 2]> {
        if values.is_empty() {
            return None;
        }
        let last = (values.len() - 1) as f64;
        Some(ENDS.map(|share| *values.select_nth_unstable_by((share * last).round() as usize, f32::total_cmp).1))
    }

    /// Place of a value in the window, 0 to 1; NaN is 0.
    #[inline]
    pub(crate) fn place(self, value: f32) -> f32 {
        let place = (value - self.low) * self.scale;
        // written so that NaN goes to 0
        if place > 0.0 { place.min(1.0) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_past_padding_and_metal() {
        let mut samples = vec![-3024.0; 500];
        samples.extend((0..1000).map(|v| v as f32));
        samples.push(30_000.0);
        let window = Window::of(&samples, 0).unwrap();
        assert_eq!(window.place(-3024.0), 0.0);
        assert!((window.place(500.0) - 0.5).abs() < 0.01);
        assert_eq!(window.place(30_000.0), 1.0);
        assert_eq!(window.place(f32::NAN), 0.0);
    }

    #[test]
    fn refuses_an_even_image_and_takes_a_binary_one() {
        assert!(Window::of(&[3.0; 10], 0).is_none());
        assert!(Window::of(&[f32::NAN; 10], 10).is_none());
        let binary = Window::of(&[0.0, 1.0, 0.0, 1.0], 0).unwrap();
        assert_eq!((binary.place(0.0), binary.place(1.0)), (0.0, 1.0));
    }
}
