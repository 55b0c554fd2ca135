//! The places where two images are compared: a fixed set, the same from the first iteration to the last.
//!
//! A set drawn anew for every iteration would make the metric jitter, so that neither a second-order method converges nor two
//! runs agree. The set is voxel centres of the sampled image, spread evenly by a low-discrepancy sequence.

use isocenter_volume::{Cancelled, Ctx, Mask};

use crate::{cost, metric::Metric, pyramid::Level};

/// Fractional part of the golden ratio: the sequence `frac(n phi)` has the lowest discrepancy there is in one dimension.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// Places of one window, where the box is full of them; a body fills about half of it.
const PER_CELL: f64 = 40.0;

/// Voxels after which the caller is asked whether to go on.
const ASK: usize = 1 << 18;

/// Places (relative to a centre) and the sampled image's bins there.
#[derive(Clone, Debug)]
pub(crate) struct Samples {
    /// Offsets from the centre to L, P and S, mm.
    pub(crate) offsets: [Vec<f32>; 3],
    /// Bin of the sampled image's value.
    pub(crate) bins: Vec<u8>,
    /// The value itself, 0 to 1, where windows are compared.
    pub(crate) values: Vec<f32>,
    /// The windows, where these are compared.
    pub(crate) cells: Option<Cells>,
    /// Components of the normalized gradient along L, P and S, where edges are compared.
    pub(crate) normals: Option<[Vec<f32>; 3]>,
}

/// Small windows that the places are parted into, twice.
#[derive(Clone, Debug)]
pub(crate) struct Cells {
    /// The window of each place, both times.
    pub(crate) of: [Vec<u32>; 2],
    /// How many windows there are.
    pub(crate) count: usize,
}

/// Some of the places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places<'a> {
    pub(crate) offsets: [&'a [f32]; 3],
    pub(crate) bins: &'a [u8],
}

impl Samples {
    /// Takes at most `most` of the voxels that are set in `region`.
    pub(crate) fn of(
        level: &Level,
        region: &Mask,
        centre_mm: [f64; 3],
        [most, bins]: [usize; 2],
        metric: Metric,
        ctx: &Ctx<'_>,
    ) -> Result<Self, Cancelled> {
        let set = region.count() as usize;
        let count = set.min(most);
        let step = set as f64 / count.max(1) as f64;
        // one sample from each of `count` stretches of equal length, its place in the stretch from the sequence
        let jitter = |s: usize| if count < set { (s as f64 * GOLDEN).fract() } else { 0.0 };
        let wanted = |s: usize| (((s as f64 + jitter(s)) * step) as usize).min(set - 1);
        let [nx, ny, _] = level.shape;
        let mut out = Self::with_capacity(count);
        let normals = (metric == Metric::GradientFields).then(|| cost::normals(level));
        out.normals = normals.as_ref().map(|_| Default::default());
        let has_cells = metric == Metric::LocalCorrelation;
        for (ordinal, n) in region.iter().enumerate() {
            if ordinal % ASK == 0 {
                ctx.check()?;
            }
            while out.len() < count && wanted(out.len()) == ordinal {
                let world = level.to_world.apply([(n % nx) as f64, (n / nx % ny) as f64, (n / (nx * ny)) as f64]);
                for (a, offsets) in out.offsets.iter_mut().enumerate() {
                    offsets.push((world[a] - centre_mm[a]) as f32);
                }
                out.bins.push(((level.values[n] * bins as f32) as usize).min(bins - 1) as u8);
                if has_cells {
                    out.values.push(level.values[n]);
                }
                if let (Some(all), Some(some)) = (&normals, &mut out.normals) {
                    some.iter_mut().zip(all).for_each(|(some, all)| some.push(all[n]));
                }
            }
        }
        if has_cells {
            out.cells = Some(Cells::of(&out.offsets));
        }
        Ok(out)
    }

    /// None yet, with memory for so many.
    pub(crate) fn with_capacity(count: usize) -> Self {
        Self {
            offsets: [0, 1, 2].map(|_| Vec::with_capacity(count)),
            bins: Vec::with_capacity(count),
            values: Vec::new(),
            cells: None,
            normals: None,
        }
    }

    /// Those whose numbers are kept; of what windows are left with, few places say less.
    pub(crate) fn filtered(&self, keeps: impl Fn(usize) -> bool) -> Self {
        let kept: Vec<usize> = (0..self.len()).filter(|n| keeps(*n)).collect();
        fn of<T: Copy>(kept: &[usize], all: &[T]) -> Vec<T> {
            kept.iter().filter_map(|n| all.get(*n).copied()).collect()
        }
        Self {
            offsets: [0, 1, 2].map(|a| of(&kept, &self.offsets[a])),
            bins: of(&kept, &self.bins),
            values: of(&kept, &self.values),
            cells: self
                .cells
                .as_ref()
                .map(|cells| Cells { of: [0, 1].map(|n| of(&kept, &cells.of[n])), count: cells.count }),
            normals: self.normals.as_ref().map(|along| [0, 1, 2].map(|a| of(&kept, &along[a]))),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.bins.len()
    }

    /// Some of them, from `first` to before `last`.
    pub(crate) fn block(&self, first: usize, last: usize) -> Places<'_> {
        let bins = self.bins.get(first..last).unwrap_or_default();
        let along = |a: usize| self.offsets[a].get(first..last).unwrap_or_default();
        Places { offsets: [along(0), along(1), along(2)], bins }
    }
}

impl Cells {
    /// Cubes over the box that holds all places, as many as give each about [`PER_CELL`] of them, and the same half a cube further on.
    fn of(offsets: &[Vec<f32>; 3]) -> Self {
        let count = offsets[0].len();
        let ends =
            |along: &Vec<f32>| along.iter().fold([f32::MAX, f32::MIN], |[low, high], v| [low.min(*v), high.max(*v)]);
        let ends = [0, 1, 2].map(|a| ends(&offsets[a]));
        let lengths = ends.map(|[low, high]| f64::from(high - low));
        let longest = lengths.into_iter().fold(0.0, f64::max);
        // an axis that is nearly nothing is not parted
        let long: Vec<f64> = lengths.into_iter().filter(|v| *v > 0.01 * longest).collect();
        let wanted = (count as f64 / PER_CELL).max(1.0);
        let edge = libm::pow(long.iter().product::<f64>() / wanted, 1.0 / long.len().max(1) as f64) as f32;
        // an axis without length has one cube
        let edge = if edge > 0.0 { edge } else { 1.0 };
        let number = ends.map(|[low, high]| ((high - low).max(0.0) / edge) as usize + 2);
        let first = number[0] * number[1] * number[2];
        let of = [0.0f32, 0.5].map(|further| {
            let base = if further > 0.0 { first } else { 0 };
            (0..count)
                .map(|n| {
                    let at = [0, 1, 2]
                        .map(|a| (((offsets[a][n] - ends[a][0]) / edge + further) as usize).min(number[a] - 1));
                    (base + (at[2] * number[1] + at[1]) * number[0] + at[0]) as u32
                })
                .collect()
        });
        Self { of, count: 2 * first }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use isocenter_volume::Affine;

    #[test]
    fn spreads_over_the_region_and_stays_in_it() {
        let level = Level {
            shape: [10, 10, 10],
            spacing_mm: [1.0; 3],
            to_world: Affine::IDENTITY,
            values: (0..1000).map(|n| n as f32 / 1000.0).collect(),
            holes: None,
        };
        let region = Mask::from_fn(level.geometry().unwrap(), |n| n % 10 >= 5);
        let of = |most| {
            Samples::of(&level, &region, [0.0; 3], [most, 32], Metric::LocalCorrelation, &Ctx::default()).unwrap()
        };
        let samples = of(100);
        assert_eq!(samples.len(), 100);
        assert!(samples.offsets[0].iter().all(|x| *x >= 5.0));
        let mean = samples.offsets[2].iter().sum::<f32>() / 100.0;
        assert!((mean - 4.5).abs() < 0.1);
        assert_eq!(of(9999).len(), 500);
        let cells = samples.cells.unwrap();
        assert!(cells.of.iter().flatten().all(|cell| (*cell as usize) < cells.count));
        assert!(cells.of[0] != cells.of[1] && samples.values.len() == 100);
    }
}
