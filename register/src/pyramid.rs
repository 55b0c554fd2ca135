//! An image at falling resolutions, intensities in `[0, 1]`.
//!
//! Voxels are averaged in whole boxes along each axis, so that voxels grow towards the wanted size and stay as they are on an
//! axis that is coarser already (thick slices). A box keeps its own grid: no interpolation, no fold-over worth naming.
//!
//! Samples that are not finite are *holes*: a box is the mean of its others, and a hole itself where these are less than half of it. A hole
//! has a value of its surroundings, for the sake of what blurs and interpolates, and is never compared.

use isocenter_volume::{Affine, Cancelled, Ctx, Error, Frame, Geometry, non_finite, smooth};
use rayon::prelude::*;

use crate::intensity::Window;

/// An image at its own resolution, not copied: its samples, and the window that they are seen through.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    samples: &'a [f32],
    window: Window,
    /// Whether samples that are not finite are among them.
    has_holes: bool,
    pub(crate) shape: [usize; 3],
    pub(crate) spacing_mm: [f64; 3],
    pub(crate) to_world: Affine,
}

impl<'a> Source<'a> {
    pub(crate) fn new(samples: &'a [f32], geometry: &Geometry, window: Window, has_holes: bool) -> Self {
        let (shape, spacing_mm) = (geometry.shape(), geometry.spacing_mm());
        Self { samples, window, has_holes, shape, spacing_mm, to_world: *geometry.affine() }
    }

    /// The image averaged towards voxels of `target_mm`.
    pub(crate) fn towards(&self, target_mm: f64, ctx: &Ctx<'_>) -> Result<Level, Cancelled> {
        let factors = [0, 1, 2].map(|a| {
            let wanted = (target_mm / self.spacing_mm[a]).round().max(1.0);
            // a finite ratio, at most the length of the axis
            if wanted.is_finite() { (wanted as usize).min(self.shape[a]) } else { 1 }
        });
        self.boxed(factors, ctx)
    }

    /// The image averaged over boxes of `factors` voxels; what does not fill a box is left out evenly on both sides.
    fn boxed(&self, factors: [usize; 3], ctx: &Ctx<'_>) -> Result<Level, Cancelled> {
        let shape = [0, 1, 2].map(|a| self.shape[a] / factors[a]);
        let start = [0, 1, 2].map(|a| (self.shape[a] - shape[a] * factors[a]) / 2);
        let [nx, ny, _] = self.shape;
        let window = self.window;
        let cells_of_box = factors[0] * factors[1] * factors[2];
        let weight = 1.0 / cells_of_box as f32;
        let mut values = vec![0f32; shape[0] * shape[1] * shape[2]];
        let stage = ctx.stage("average", shape[2] as u64);
        values.par_chunks_mut(shape[0] * shape[1]).enumerate().try_for_each(|(k, plane)| {
            let mut line = vec![0f32; shape[0] * factors[0]];
            let mut held = vec![0f32; if self.has_holes { line.len() } else { 0 }];
            for (j, row) in plane.chunks_exact_mut(shape[0]).enumerate() {
                line.fill(0.0);
                held.fill(0.0);
                stage.check()?;
                for z in 0..factors[2] {
                    for y in 0..factors[1] {
                        let first =
                            ((start[2] + k * factors[2] + z) * ny + start[1] + j * factors[1] + y) * nx + start[0];
                        let source = &self.samples[first..first + line.len()];
                        if self.has_holes {
                            for ((sum, count), v) in
                                line.iter_mut().zip(&mut held).zip(source).filter(|(_, v)| v.is_finite())
                            {
                                *sum += window.place(*v);
                                *count += 1.0;
                            }
                            continue;
                        }
                        line.iter_mut().zip(source).for_each(|(sum, v)| *sum += window.place(*v));
                    }
                }
                if self.has_holes {
                    let boxes = line.chunks_exact(factors[0]).zip(held.chunks_exact(factors[0]));
                    for (out, (cells, counts)) in row.iter_mut().zip(boxes) {
                        let count = counts.iter().sum::<f32>();
                        let is_held = 2.0 * count >= cells_of_box as f32;
                        *out = if is_held { cells.iter().sum::<f32>() / count } else { f32::NAN };
                    }
                    continue;
                }
                for (out, cells) in row.iter_mut().zip(line.chunks_exact(factors[0])) {
                    *out = cells.iter().sum::<f32>() * weight;
                }
            }
            stage.advance(1)
        })?;
        // the first new centre lies in the middle of the first box
        let origin = [0, 1, 2].map(|a| start[a] as f64 + (factors[a] as f64 - 1.0) / 2.0);
        let columns = [0, 1, 2].map(|a| self.to_world.column(a).map(|v| v * factors[a] as f64));
        let mut holes = None;
        if self.has_holes && values.iter().any(|v| v.is_nan()) {
            holes = Some(values.iter().map(|v| v.is_nan()).collect());
            values = non_finite::filled(&values, shape, ctx)?;
        }
        Ok(Level {
            shape,
            holes,
            spacing_mm: [0, 1, 2].map(|a| self.spacing_mm[a] * factors[a] as f64),
            to_world: Affine::from_columns(columns, self.to_world.apply(origin)),
            values,
        })
    }

    /// Volume of one voxel, mm^3.
    pub(crate) fn voxel_mm3(&self) -> f64 {
        self.to_world.determinant().abs()
    }
}

/// One resolution of an image.
#[derive(Clone, Debug)]
pub(crate) struct Level {
    pub(crate) shape: [usize; 3],
    pub(crate) spacing_mm: [f64; 3],
    pub(crate) to_world: Affine,
    pub(crate) values: Vec<f32>,
    /// Which voxels have no value of their own, where some have none.
    pub(crate) holes: Option<Vec<bool>>,
}

impl Level {
    /// The level averaged on, towards voxels of `target_mm`.
    pub(crate) fn towards(&self, target_mm: f64, ctx: &Ctx<'_>) -> Result<Self, Cancelled> {
        let Self { shape, spacing_mm, to_world, .. } = *self;
        let without_holes: Vec<f32>;
        let samples = match &self.holes {
            None => &self.values,
            Some(holes) => {
                without_holes = self.values.iter().zip(holes).map(|(v, h)| if *h { f32::NAN } else { *v }).collect();
                &without_holes
            }
        };
        let has_holes = self.holes.is_some();
        Source { samples, window: Window::UNIT, has_holes, shape, spacing_mm, to_world }.towards(target_mm, ctx)
    }

    /// Whether a voxel has no value of its own.
    pub(crate) fn is_hole(&self, n: usize) -> bool {
        self.holes.as_ref().is_some_and(|holes| holes.get(n) == Some(&true))
    }

    /// The image smoothed towards a blur of `sigma_mm` (standard deviation) along every axis, that of the voxels themselves
    /// counted in (a box of one voxel: its width over the root of 12); an axis that is blurred more already stays as it is.
    ///
    /// Two images whose blur differs seem shifted where structures are lopsided, so both get the same.
    pub(crate) fn smoothed(mut self, sigma_mm: f64, ctx: &Ctx<'_>) -> Result<Self, Cancelled> {
        let variance = self.spacing_mm.map(|s| sigma_mm * sigma_mm / (s * s) - 1.0 / 12.0);
        self.values = smooth::diffused(self.values, self.shape, variance, ctx)?;
        Ok(self)
    }

    /// The grid.
    pub(crate) fn geometry(&self) -> Result<Geometry, Error> {
        Geometry::new(self.shape, self.to_world, Frame::Patient(None))
    }

    /// Volume of one voxel, mm^3.
    pub(crate) fn voxel_mm3(&self) -> f64 {
        self.to_world.determinant().abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_take_no_part_in_a_box_and_grow_to_none() {
        let nan = f32::NAN;
        let geometry = Geometry::new([8, 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
        let samples = [0.2, nan, 0.4, 0.6, nan, f32::INFINITY, 0.8, 0.8];
        let source = Source::new(&samples, &geometry, Window::UNIT, true);
        let ctx = Ctx::default();
        let level = source.towards(2.0, &ctx).unwrap();
        assert_eq!(level.holes, Some(vec![false, false, true, false]));
        assert_eq!((level.values[0], level.values[1], level.values[3]), (0.2, 0.5, 0.8));
        assert!((level.values[2] - 0.65).abs() < 1e-6, "its surroundings");
        let coarse = level.towards(4.0, &ctx).unwrap();
        assert_eq!((coarse.holes, coarse.values), (None, vec![0.35, 0.8]));
    }

    fn level(shape: [usize; 3], f: impl Fn([usize; 3]) -> f32) -> Level {
        let affine = Affine::from_spacing_origin([1.0, 1.0, 4.0], [0.0; 3]);
        let geometry = Geometry::new(shape, affine, Frame::Patient(None)).unwrap();
        let n = geometry.len();
        let samples: Vec<f32> =
            (0..n).map(|v| f([v % shape[0], v / shape[0] % shape[1], v / shape[0] / shape[1]])).collect();
        Level { shape, spacing_mm: geometry.spacing_mm(), to_world: affine, values: samples, holes: None }
    }

    #[test]
    fn a_ramp_keeps_its_values_at_its_places() {
        let fine = level([9, 8, 3], |[i, j, k]| (i + 2 * j + 3 * k) as f32 / 32.0);
        let coarse = fine.towards(4.0, &Ctx::default()).unwrap();
        assert_eq!(coarse.shape, [2, 2, 3]);
        for (n, v) in coarse.values.iter().enumerate() {
            let p = coarse.to_world.apply([(n % 2) as f64, (n / 2 % 2) as f64, (n / 4) as f64]);
            assert!((f64::from(*v) - (p[0] + 2.0 * p[1] + 0.75 * p[2]) / 32.0).abs() < 1e-6);
        }
    }

    #[test]
    fn smoothing_keeps_a_ramp_inside_and_the_sum_of_a_dot() {
        let ramp = level([7, 7, 7], |[i, j, k]| (i + 2 * j + 3 * k) as f32);
        let sigma = (0.5f64 + 1.0 / 12.0).sqrt(); // one pass of (1, 2, 1) / 4 on voxels of 1 mm
        let smooth = ramp.clone().smoothed(sigma, &Ctx::default()).unwrap();
        assert!((smooth.values[3 + 7 * 3 + 49 * 3] - ramp.values[3 + 7 * 3 + 49 * 3]).abs() < 1e-5);
        let dot = level([7, 7, 7], |p| f32::from(u8::from(p == [3, 3, 3]))).smoothed(sigma, &Ctx::default()).unwrap();
        assert!((dot.values.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!((dot.values[3 + 7 * 3 + 49 * 3] - 0.25).abs() < 1e-6);
        assert_eq!(dot.values[3 + 7 * 3 + 49 * 2], 0.0); // slices of 4 mm are blurred more already
    }
}
