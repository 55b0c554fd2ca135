//! Mean and spread of a region, in f64 over fixed blocks.

use isocenter_volume::Volume;

use crate::{
    Error, Mask, Region,
    region::{Selection, Visit},
};

/// Count, mean and sum of squared deviations of the finite samples of a region.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// Number of samples.
    pub count: u64,
    /// Mean, in the unit of the volume.
    pub mean: f64,
    /// Sum of squared deviations from the mean.
    pub squares: f64,
    /// Samples of the whole volume that are NaN or infinite.
    pub not_finite: u64,
}

impl Moments {
    /// Standard deviation with `ddof` degrees of freedom taken off (0: of the samples; 1: of the population they stand for).
    ///
    /// # Errors
    /// [`Error::TooFew`] unless there are more samples than `ddof`.
    pub fn sd(&self, ddof: u8) -> Result<f64, Error> {
        let ddof = u64::from(ddof);
        if self.count <= ddof {
            return Err(Error::TooFew { wanted: ddof + 1, found: self.count });
        }
        Ok((self.squares / (self.count - ddof) as f64).sqrt())
    }
}

/// Measures a region of a volume in one pass: each block about a value near its mean, blocks joined in order.
///
/// # Errors
/// [`Error::EmptyRegion`], [`Error::NotReal`], and what the mask may cause.
pub fn moments(volume: &Volume<f32>, region: Region, mask: Option<Mask<'_>>) -> Result<Moments, Error> {
    of(&region.select(volume, mask)?)
}

pub(crate) fn of(selection: &Selection<'_>) -> Result<Moments, Error> {
    let all = selection.blocks(&Block).into_iter().fold(Moments::default(), Moments::joined);
    if all.count == 0 {
        return Err(Error::EmptyRegion { region: selection.region() });
    }
    Ok(all)
}

/// Smallest and largest sample of a region.
pub(crate) fn extremes(selection: &Selection<'_>) -> Result<(f32, f32), Error> {
    let (min, max) = selection.blocks(&Extremes).into_iter().fold(NOTHING, |a, b| (a.0.min(b.0), a.1.max(b.1)));
    if min > max { Err(Error::EmptyRegion { region: selection.region() }) } else { Ok((min, max)) }
}

/// Independent accumulators in a block: one would wait for its own last addition.
const LANES: usize = 8;

struct Block;

impl Visit for Block {
    type Out = Moments;

    fn block(&self, block: &[f32], keep: &impl Fn(usize, f32) -> bool) -> Moments {
        let kept = block.iter().enumerate().filter(|&(n, &v)| keep(n, v)).map(|(_, &v)| v);
        let about = pilot(kept);
        let (mut count, mut not_finite) = ([0u32; LANES], [0u32; LANES]);
        let (mut sum, mut squares) = ([0f64; LANES], [0f64; LANES]);
        each_lane(block, &mut |n, l, v| {
            let kept = keep(n, v);
            let d = if kept { f64::from(v) - about } else { 0.0 };
            count[l] += u32::from(kept);
            not_finite[l] += u32::from(!v.is_finite());
            sum[l] += d;
            squares[l] += d * d;
        });
        let total = |lanes: [u32; LANES]| lanes.iter().map(|&c| u64::from(c)).sum();
        let part = Moments::part(total(count), about, sum.iter().sum(), squares.iter().sum());
        Moments { not_finite: total(not_finite), ..part }
    }

    fn whole(&self, block: &[f32]) -> Option<Moments> {
        let about = pilot(block.iter().copied());
        let (mut sum, mut squares) = ([0f64; LANES], [0f64; LANES]);
        each_lane(block, &mut |_, l, v| {
            let d = f64::from(v) - about;
            sum[l] += d;
            squares[l] += d * d;
        });
        // one sample that is NaN or infinite, and so is its square and the sum
        let squares: f64 = squares.iter().sum();
        squares.is_finite().then(|| Moments::part(block.len() as u64, about, sum.iter().sum(), squares))
    }
}

/// Mean of the first few samples. Deviations are taken from it: a large mean costs no digits, one outlier neither, and the
/// deviations of a constant are exactly 0 (the sum of so few equal f32 is exact in f64).
fn pilot(samples: impl Iterator<Item = f32>) -> f64 {
    let (count, sum) = samples.take(16).fold((0u32, 0.0), |(n, sum), v| (n + 1, sum + f64::from(v)));
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}

impl Moments {
    /// From sums of deviations, and of their squares, about a value.
    fn part(count: u64, about: f64, sum: f64, squares: f64) -> Self {
        if count == 0 {
            return Self::default();
        }
        let n = count as f64;
        Self { count, mean: about + sum / n, squares: (squares - sum * sum / n).max(0.0), not_finite: 0 }
    }

    /// Joins two parts (Chan, Golub, LeVeque 1983, eq. 1.5).
    fn joined(self, other: Self) -> Self {
        let not_finite = self.not_finite + other.not_finite;
        if self.count == 0 || other.count == 0 {
            let part = if self.count == 0 { other } else { self };
            return Self { not_finite, ..part };
        }
        let (a, b) = (self.count as f64, other.count as f64);
        let gap = other.mean - self.mean;
        Self {
            count: self.count + other.count,
            mean: self.mean + gap * (b / (a + b)),
            squares: self.squares + other.squares + gap * gap * (a * b / (a + b)),
            not_finite,
        }
    }
}

struct Extremes;

const NOTHING: (f32, f32) = (f32::INFINITY, f32::NEG_INFINITY);

impl Visit for Extremes {
    type Out = (f32, f32);

    fn block(&self, block: &[f32], keep: &impl Fn(usize, f32) -> bool) -> (f32, f32) {
        let (mut min, mut max) = ([f32::INFINITY; LANES], [f32::NEG_INFINITY; LANES]);
        each_lane(block, &mut |n, l, v| {
            let kept = keep(n, v);
            min[l] = if kept && v < min[l] { v } else { min[l] };
            max[l] = if kept && v > max[l] { v } else { max[l] };
        });
        min.into_iter().zip(max).fold(NOTHING, |a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}

#[inline(always)]
fn each_lane(block: &[f32], visit: &mut impl FnMut(usize, usize, f32)) {
    let (chunks, tail) = block.as_chunks::<LANES>();
    for (c, chunk) in chunks.iter().enumerate() {
        for (l, &v) in chunk.iter().enumerate() {
            visit(c * LANES + l, l, v);
        }
    }
    for (l, &v) in tail.iter().enumerate() {
        visit(chunks.len() * LANES + l, l, v);
    }
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame, Geometry};

    use super::*;

    fn line(voxels: Vec<f32>) -> Volume<f32> {
        let grid = Geometry::new([voxels.len(), 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        Volume::new(voxels, grid).unwrap()
    }

    #[test]
    fn a_large_mean_costs_no_digits() {
        let m = moments(&line((0..1001).map(|n| 1e6 + n as f32 / 8.0).collect()), Region::All, None).unwrap();
        assert!((m.mean - (1e6 + 62.5)).abs() < 1e-9);
        // variance of 0..=1000 is (1001^2 - 1) / 12
        assert!((m.sd(0).unwrap() - (83_500.0f64).sqrt() / 8.0).abs() < 1e-10);
    }

    #[test]
    fn skips_what_is_not_finite() {
        let m = moments(&line(vec![1.0, f32::NAN, 3.0, f32::INFINITY]), Region::All, None).unwrap();
        assert_eq!((m.count, m.mean, m.squares, m.not_finite), (2, 2.0, 2.0, 2));
    }

    #[test]
    fn an_empty_region_is_an_error() {
        let image = line(vec![0.0, 0.0]);
        assert_eq!(moments(&image, Region::NonZero, None), Err(Error::EmptyRegion { region: "non_zero" }));
        assert_eq!(moments(&image, Region::Mask, None), Err(Error::MaskNeeded));
        assert!(matches!(
            moments(&image, Region::Mask, Some(Mask::Bools(&[true]))),
            Err(Error::Length { wanted: 2, found: 1, .. })
        ));
    }
}
