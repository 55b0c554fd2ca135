//! Grey levels of one frame, as a person would see them.

use isocenter_dcm::pixel::DecodedPixels;
use isocenter_volume::DynSamples;

/// Grey levels of 8 bits, row by row; 0 need not be black.
///
/// Colour is luma. Samples of more than 8 bits are brought to 8 by the frame's own range: most of it between the 0.2 and 99.8 percentiles, the
/// tails beyond it into the ends, so that text drawn in the greatest value stands out even on the brightest tissue.
///
/// ```
/// use isocenter_deid::pixels::Plane;
/// assert!(Plane::new(2, 2, vec![0, 1, 2, 3]).is_some());
/// assert!(Plane::new(2, 2, vec![0]).is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Plane {
    columns: usize,
    rows: usize,
    levels: Vec<u8>,
}

impl Plane {
    /// Joins a size and levels; `None` unless there is one for each pixel, and at most 2^31 - 1 of them.
    pub fn new(columns: usize, rows: usize, levels: Vec<u8>) -> Option<Self> {
        let most = i32::MAX as usize;
        (columns.checked_mul(rows) == Some(levels.len()) && levels.len() <= most).then_some(Self {
            columns,
            rows,
            levels,
        })
    }

    /// The levels of a decoded frame (the first of several); `None` where it holds fewer samples than its size says, or as in
    /// [`Plane::new`].
    pub fn of(frame: &DecodedPixels) -> Option<Self> {
        let info = &frame.info;
        let (columns, rows) = (usize::from(info.columns), usize::from(info.rows));
        let (pixels, step) = (info.pixels(), usize::from(info.samples_per_pixel));
        if frame.samples.len() < pixels * step {
            return None;
        }
        let levels = match &frame.samples {
            DynSamples::U8(v) => widen(grey(v.get(..pixels * step)?, step, |v| v)),
            DynSamples::U16(v) => window(&grey(v.get(..pixels * step)?, step, f64::from)),
            DynSamples::I16(v) => window(&grey(v.get(..pixels * step)?, step, f64::from)),
            _ => {
                let all = frame.to_f64();
                window(&grey(all.get(..pixels * step)?, step, |v| v))
            }
        };
        Self::new(columns, rows, levels)
    }

    /// Columns.
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// Rows.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The levels.
    pub fn levels(&self) -> &[u8] {
        &self.levels
    }

    /// Half as large, each level the mean of four; an odd last row or column is left out.
    pub(super) fn halved(&self) -> Self {
        let (columns, rows) = (self.columns / 2, self.rows / 2);
        let mut levels = Vec::with_capacity(columns * rows);
        for pair in self.levels.chunks_exact(2 * self.columns.max(1)).take(rows) {
            let (upper, lower) = pair.split_at(self.columns);
            levels.extend(
                upper.chunks_exact(2).zip(lower.chunks_exact(2)).map(|(a, b)| {
                    ((u16::from(a[0]) + u16::from(a[1]) + u16::from(b[0]) + u16::from(b[1]) + 2) / 4) as u8
                }),
            );
        }
        Self { columns, rows, levels }
    }

    /// White for black.
    pub(super) fn inverted(&self) -> Self {
        Self { levels: self.levels.iter().map(|level| 255 - level).collect(), ..*self }
    }
}

/// What the grey of a pixel is made of.
trait Luma: Copy {
    fn luma(pixel: &[Self]) -> Self;
}

impl Luma for u8 {
    fn luma(pixel: &[Self]) -> Self {
        ((u32::from(pixel[0]) * 77 + u32::from(pixel[1]) * 150 + u32::from(pixel[2]) * 29) >> 8) as Self
    }
}

impl Luma for f64 {
    fn luma(pixel: &[Self]) -> Self {
        (pixel[0] * 77.0 + pixel[1] * 150.0 + pixel[2] * 29.0) / 256.0
    }
}

fn grey<T: Copy, U: Luma>(samples: &[T], step: usize, to: impl Fn(T) -> U) -> Vec<U> {
    if step == 3 {
        return samples.chunks_exact(3).map(|p| U::luma(&[to(p[0]), to(p[1]), to(p[2])])).collect();
    }
    samples.iter().map(|&sample| to(sample)).collect()
}

/// Frames that use a small part of 8 bits are stretched: what is drawn there is seen by a window too.
fn widen(mut levels: Vec<u8>) -> Vec<u8> {
    let (low, high) = levels.iter().fold((u8::MAX, 0), |(low, high), &level| (level.min(low), level.max(high)));
    let range = u16::from(high.saturating_sub(low));
    if (1..NARROW).contains(&range) {
        levels.iter_mut().for_each(|level| *level = (u16::from(*level - low) * 255 / range) as u8);
    }
    levels
}

/// A frame of 8 bits with fewer levels than this is stretched.
const NARROW: u16 = 96;
/// Bins that the percentiles are counted in.
const BINS: usize = 1 << 16;
/// Levels kept for each tail.
const TAIL: f64 = 32.0;
/// One sample in so many lies beyond the window, at either end.
const BEYOND: usize = 500;

/// Levels by the range of the samples.
fn window(samples: &[f64]) -> Vec<u8> {
    let finite = || samples.iter().copied().filter(|v| v.is_finite());
    let (low, high) = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (v.min(low), v.max(high)));
    if high <= low || high - low > f64::MAX / 4.0 {
        return vec![0; samples.len()];
    }
    let scale = (BINS - 1) as f64 / (high - low);
    let mut bins = vec![0usize; BINS];
    finite().for_each(|v| bins[((v - low) * scale) as usize] += 1);
    let count: usize = bins.iter().sum();
    let at = |bin: usize| low + bin as f64 / scale;
    let from = at(first_beyond(bins.iter().copied(), count / BEYOND));
    let to = at(BINS - 1 - first_beyond(bins.iter().rev().copied(), count / BEYOND));
    if to <= from {
        // A page of one colour: all that differs from it is in the tails.
        return samples.iter().map(|&v| level((v - low) / (high - low) * 255.0)).collect();
    }
    let part = |v: f64, a: f64, b: f64| if b > a { (v - a) / (b - a) } else { 0.0 };
    let one = |v: f64| {
        if v < from {
            part(v, low, from) * TAIL
        } else if v <= to {
            TAIL + part(v, from, to) * (255.0 - 2.0 * TAIL)
        } else {
            255.0 - TAIL + part(v, to, high) * TAIL
        }
    };
    samples.iter().map(|&v| level(one(v))).collect()
}

/// The first bin at which more than `below` samples have been counted.
fn first_beyond(bins: impl Iterator<Item = usize>, below: usize) -> usize {
    let mut seen = 0;
    for (at, count) in bins.enumerate() {
        seen += count;
        if seen > below {
            return at;
        }
    }
    BINS - 1
}

/// Rounds; what is not a number is 0.
fn level(value: f64) -> u8 {
    (value + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use isocenter_dcm::pixel::{Photometric, PixelInfo};

    use super::*;

    #[test]
    fn text_in_the_greatest_value_stands_out_from_the_brightest_tissue() {
        let mut samples = vec![0u16; 5000];
        samples[2500..].fill(3000);
        samples[4998] = 4095;
        let info = PixelInfo::new([50, 100], 16, Photometric::Monochrome2);
        let plane = Plane::of(&DecodedPixels::new(info, samples.into())).unwrap();
        assert!(plane.levels()[4998] >= plane.levels()[4999] + 31, "{:?}", &plane.levels()[4990..]);
    }

    #[test]
    fn values_that_are_no_numbers_and_flat_frames_do_no_harm() {
        let info = PixelInfo::new([1, 4], 32, Photometric::Monochrome2);
        let odd = DecodedPixels::new(info, vec![f32::NAN, f32::INFINITY, 1.0, 2.0].into());
        assert_eq!(Plane::of(&odd).unwrap().levels().len(), 4);
        let flat = DecodedPixels::new(PixelInfo::new([1, 4], 16, Photometric::Monochrome2), vec![7u16; 4].into());
        assert_eq!(Plane::of(&flat).unwrap().levels(), [0; 4]);
    }
}
