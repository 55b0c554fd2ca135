//! Values and derivatives at single places.

use std::borrow::Cow;

use super::{Edge, Fold, Interpolation, Kernel, kernel::nearest, place_on_axis, prefilter, survey};
use crate::{Affine, Ctx, Error, Geometry, Volume, non_finite};

/// Most taps on one axis: a sinc of the largest radius.
const MAX_TAPS: usize = 2 * Interpolation::MAX_RADIUS;

/// A volume that can be asked for its value at any place.
///
/// Samples are borrowed, but for the cubic B-spline, whose coefficients are computed once, here, and for samples that are not finite:
/// those stay where they are, with no derivative, and reach nothing else ([`crate::non_finite`]). Arithmetic is f64. It is `Sync`: threads
/// share one.
///
/// It stands alone on purpose: it answers for one place at a time, for programs that follow a line or read a landmark, and it is
/// what the tests hold the kernels of [`crate::Resample`] against. `isocenter-register` reads millions of places a second of smoothed
/// images in f32 and has an inner loop of its own.
#[derive(Clone, Debug)]
pub struct Sampler<'a> {
    samples: Cow<'a, [f32]>,
    /// The samples as they are, where some of them are not finite.
    as_stored: Option<&'a [f32]>,
    shape: [usize; 3],
    strides: [usize; 3],
    to_index: Affine,
    kernel: Kernel,
    kind: Interpolation,
    edge: Option<Edge>,
}

impl<'a> Sampler<'a> {
    /// Prepares samples (one per voxel of `geometry`, `i` fastest). Places outside the grid have no value until
    /// [`Sampler::edge`] gives them one.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`]; [`Error::BadNumber`] for a sinc radius out of range.
    pub fn new(samples: &'a [f32], geometry: &Geometry, interpolation: Interpolation) -> Result<Self, Error> {
        Self::prepare(samples, geometry, interpolation, &Ctx::default())
    }

    /// As [`Sampler::new`]; the coefficients of the cubic B-spline are computed in the caller's pool, and that can be stopped.
    ///
    /// # Errors
    /// As [`Sampler::new`]; [`Error::Cancelled`].
    pub fn prepare(
        samples: &'a [f32],
        geometry: &Geometry,
        interpolation: Interpolation,
        ctx: &Ctx<'_>,
    ) -> Result<Self, Error> {
        let kind = interpolation.check()?;
        let shape = geometry.shape();
        if samples.len() != geometry.len() {
            return Err(Error::ShapeMismatch { wanted: geometry.len(), found: samples.len() });
        }
        let stage = ctx.stage("prefilter", 0);
        let (values, as_stored) = if kind == Interpolation::Nearest {
            (Cow::Borrowed(samples), None)
        } else {
            ctx.install(|| {
                let has_holes = survey::holes(samples, &stage) > 0;
                let mut values = Cow::Borrowed(samples);
                if has_holes {
                    values = Cow::Owned(non_finite::filled(samples, shape, &stage.ctx())?);
                }
                // the curve of one value is that value
                if kind == Interpolation::BSpline3 && !survey::is_constant(samples, &stage) {
                    prefilter(values.to_mut(), shape, &stage);
                }
                Ok::<_, Error>((values, has_holes.then_some(samples)))
            })?
        };
        stage.finish()?;
        Ok(Self {
            samples: values,
            as_stored,
            shape,
            strides: [1, shape[0], shape[0] * shape[1]],
            to_index: *geometry.inverse_affine(),
            kernel: Kernel::new(kind),
            kind,
            edge: None,
        })
    }

    /// Prepares the first 3-D step of a volume; stored values, its scaling is not applied.
    ///
    /// # Errors
    /// As [`Sampler::new`].
    pub fn of_volume(volume: &'a Volume<f32>, interpolation: Interpolation) -> Result<Self, Error> {
        Self::new(volume.step(0).unwrap_or_default(), volume.geometry(), interpolation)
    }

    /// Gives places outside the grid a value.
    #[must_use]
    pub const fn edge(mut self, edge: Edge) -> Self {
        self.edge = Some(edge);
        self
    }

    /// Voxels along i, j, k.
    pub const fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// The interpolation in use.
    pub const fn interpolation(&self) -> Interpolation {
        self.kind
    }

    /// Value at a continuous index; `None` outside the grid where no edge policy is set, and for a coordinate that is NaN.
    #[inline]
    pub fn value(&self, index: [f64; 3]) -> Option<f64> {
        if let Some(kept) = self.not_finite_at(index) {
            return Some(kept);
        }
        match self.kind {
            Interpolation::Linear => self.linear(index).map(|(value, _)| value),
            _ => self.evaluate::<false>(index).map(|(value, _)| value),
        }
    }

    /// Value at a continuous index and its derivative per voxel along i, j, k.
    ///
    /// The derivative is the interpolant's own (analytic); it is 0 for nearest, where the edge policy answers, and where the nearest
    /// voxel is not finite.
    #[inline]
    pub fn value_and_gradient(&self, index: [f64; 3]) -> Option<(f64, [f64; 3])> {
        if let Some(kept) = self.not_finite_at(index) {
            return Some((kept, [0.0; 3]));
        }
        match self.kind {
            Interpolation::Linear => self.linear(index),
            Interpolation::Nearest => self.evaluate::<false>(index),
            _ => self.evaluate::<true>(index),
        }
    }

    /// Value at a world position, mm.
    #[inline]
    pub fn value_at(&self, world: [f64; 3]) -> Option<f64> {
        self.value(self.to_index.apply(world))
    }

    /// Value at a world position (mm) and its derivative per millimetre along x, y, z.
    #[inline]
    pub fn value_and_gradient_at(&self, world: [f64; 3]) -> Option<(f64, [f64; 3])> {
        let (value, by_index) = self.value_and_gradient(self.to_index.apply(world))?;
        let rows = self.to_index.rows();
        // chain rule: the transposed matrix of world to index
        let by_world =
            [0, 1, 2].map(|c| rows[0][c] * by_index[0] + rows[1][c] * by_index[1] + rows[2][c] * by_index[2]);
        Some((value, by_world))
    }

    /// The nearest voxel's value, where that is NaN or infinite.
    #[inline]
    fn not_finite_at(&self, index: [f64; 3]) -> Option<f64> {
        let samples = self.as_stored?;
        let (at, _) = self.place(index).ok()?;
        let offset = |a: usize| Fold::Clamp.apply(nearest(at[a]), self.shape[a]) * self.strides[a];
        let value = samples[offset(0) + offset(1) + offset(2)];
        (!value.is_finite()).then_some(f64::from(value))
    }

    /// The place that is read, and which axes the edge policy moved; or the outside value.
    #[inline]
    fn place(&self, index: [f64; 3]) -> Result<([f64; 3], [bool; 3]), Option<f64>> {
        let edge = self.edge.unwrap_or(Edge::Value(0.0));
        let mut at = index;
        let mut moved = [false; 3];
        for a in 0..3 {
            if index[a].is_nan() {
                return Err(None);
            }
            match place_on_axis(index[a], self.shape[a], edge) {
                Some(place) => at[a] = place,
                None => {
                    return Err(self.edge.and(match edge {
                        Edge::Value(value) => Some(value),
                        Edge::Clamp => None,
                    }));
                }
            }
            moved[a] = at[a] != index[a];
        }
        Ok((at, moved))
    }

    #[inline]
    fn linear(&self, index: [f64; 3]) -> Option<(f64, [f64; 3])> {
        let (at, moved) = match self.place(index) {
            Ok(place) => place,
            Err(outside) => return outside.map(|value| (value, [0.0; 3])),
        };
        let mut offset = [[0usize; 2]; 3];
        let mut frac = [0.0; 3];
        let mut flat = moved;
        for a in 0..3 {
            let last = (self.shape[a] - 1) as f64;
            // beyond the outer centres the border voxel repeats
            let inside = at[a].max(0.0).min(last);
            flat[a] |= inside != at[a];
            let low = inside as usize;
            offset[a] = [low * self.strides[a], (low + 1).min(self.shape[a] - 1) * self.strides[a]];
            frac[a] = inside - low as f64;
        }
        let sample = |i: usize, j: usize, k: usize| f64::from(self.samples[offset[0][i] + offset[1][j] + offset[2][k]]);
        let mut along_i = [[0.0; 2]; 2];
        let mut slope_i = [[0.0; 2]; 2];
        for k in 0..2 {
            for j in 0..2 {
                let (low, high) = (sample(0, j, k), sample(1, j, k));
                slope_i[k][j] = high - low;
                along_i[k][j] = if frac[0] == 0.0 { low } else { low + (high - low) * frac[0] };
            }
        }
        let mix = |a: f64, b: f64, f: f64| if f == 0.0 { a } else { a + (b - a) * f };
        let along_j = along_i.map(|row| mix(row[0], row[1], frac[1]));
        let value = mix(along_j[0], along_j[1], frac[2]);
        let gradient = [
            mix(mix(slope_i[0][0], slope_i[0][1], frac[1]), mix(slope_i[1][0], slope_i[1][1], frac[1]), frac[2]),
            mix(along_i[0][1] - along_i[0][0], along_i[1][1] - along_i[1][0], frac[2]),
            along_j[1] - along_j[0],
        ];
        Some((value, [0, 1, 2].map(|a| if flat[a] { 0.0 } else { gradient[a] })))
    }

    fn evaluate<const GRADIENT: bool>(&self, index: [f64; 3]) -> Option<(f64, [f64; 3])> {
        let (at, moved) = match self.place(index) {
            Ok(place) => place,
            Err(outside) => return outside.map(|value| (value, [0.0; 3])),
        };
        let (taps, fold) = (self.kernel.taps(), self.kernel.fold());
        let mut weights = [[0.0; MAX_TAPS]; 3];
        let mut slopes = [[0.0; MAX_TAPS]; 3];
        let mut offsets = [[0usize; MAX_TAPS]; 3];
        for a in 0..3 {
            let wanted = GRADIENT.then_some(&mut slopes[a][..taps]);
            let first = self.kernel.weights(at[a], &mut weights[a][..taps], wanted);
            for (t, offset) in offsets[a][..taps].iter_mut().enumerate() {
                *offset = fold.apply(first + t as i64, self.shape[a]) * self.strides[a];
            }
            if moved[a] {
                slopes[a] = [0.0; MAX_TAPS];
            }
        }
        let mut value = 0.0;
        let mut gradient = [0.0; 3];
        for k in 0..taps {
            let (mut plane, mut plane_i, mut plane_j) = (0.0, 0.0, 0.0);
            for j in 0..taps {
                let base = offsets[2][k] + offsets[1][j];
                let (mut row, mut row_i) = (0.0, 0.0);
                for i in 0..taps {
                    let sample = f64::from(self.samples[base + offsets[0][i]]);
                    row += if weights[0][i] == 0.0 { 0.0 } else { weights[0][i] * sample };
                    if GRADIENT {
                        row_i += slopes[0][i] * sample;
                    }
                }
                plane += if weights[1][j] == 0.0 { 0.0 } else { weights[1][j] * row };
                if GRADIENT {
                    plane_i += weights[1][j] * row_i;
                    plane_j += slopes[1][j] * row;
                }
            }
            value += if weights[2][k] == 0.0 { 0.0 } else { weights[2][k] * plane };
            if GRADIENT {
                gradient[0] += weights[2][k] * plane_i;
                gradient[1] += weights[2][k] * plane_j;
                gradient[2] += slopes[2][k] * plane;
            }
        }
        Some((value, gradient))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Frame;

    fn noise(len: usize) -> Vec<f32> {
        (0..len as u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 16) as f32 / 65_536.0).collect()
    }

    #[test]
    fn gradients_agree_with_differences() {
        let affine = Affine::from_columns([[0.9, 0.1, 0.0], [-0.2, 1.1, 0.3], [0.4, 0.0, 3.0]], [-7.0, 12.0, 3.5]);
        let geometry = Geometry::new([9, 8, 7], affine, Frame::Unknown).unwrap();
        let samples = noise(9 * 8 * 7);
        for kind in [Interpolation::Linear, Interpolation::BSpline3, Interpolation::Lanczos { radius: 3 }] {
            let sampler = Sampler::new(&samples, &geometry, kind).unwrap();
            for index in [[3.3, 2.6, 4.1], [0.2, 6.7, 5.9], [7.6, 0.4, 0.3]] {
                let world = geometry.world_of(index);
                let (value, gradient) = sampler.value_and_gradient_at(world).unwrap();
                assert_eq!(sampler.value_at(world), Some(value));
                for a in 0..3 {
                    let mut ends = [world, world];
                    ends[0][a] -= 1e-5;
                    ends[1][a] += 1e-5;
                    let [low, high] = ends.map(|w| sampler.value_at(w).unwrap());
                    assert!(((high - low) / 2e-5 - gradient[a]).abs() < 1e-5, "{kind} {index:?} {a}");
                }
            }
        }
    }

    #[test]
    fn agrees_with_simpleitk_at_points() {
        // SimpleITK 2.5.7: 5 x 4 x 4 voxels, each row 1 2 3 4 5, resampled at (x, 1, 1)
        let geometry = Geometry::new([5, 4, 4], Affine::IDENTITY, Frame::Unknown).unwrap();
        let samples: Vec<f32> = (0..80).map(|n| (n % 5 + 1) as f32).collect();
        let radius = 5;
        for (kind, wanted) in [
            (Interpolation::Linear, [2.25, 5.0, 1.0]),
            (Interpolation::BSpline3, [2.296_875, 4.864_999_771, 1.134_999_99]),
            (Interpolation::Lanczos { radius }, [2.286_553_860, 5.079_981_327, 0.914_902_806]),
            (Interpolation::Hamming { radius }, [2.297_125_101, 5.095_957_756, 0.922_710_299]),
            (Interpolation::Blackman { radius }, [2.278_686_285, 5.085_258_007, 0.912_986_755]),
        ] {
            let sampler = Sampler::new(&samples, &geometry, kind).unwrap();
            for (x, wanted) in [1.25, 4.3, -0.3].into_iter().zip(wanted) {
                let found = sampler.value([x, 1.0, 1.0]).unwrap();
                assert!((found - wanted).abs() < 1e-6, "{kind} {x}: {found} {wanted}");
            }
        }
    }

    #[test]
    fn outside_is_none_until_a_policy_says_otherwise() {
        let geometry = Geometry::new([2, 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        let sampler = Sampler::new(&[1.0, 3.0], &geometry, Interpolation::BSpline3).unwrap();
        assert_eq!(sampler.value([5.0, 0.0, 0.0]), None);
        assert_eq!(sampler.clone().edge(Edge::Value(-1.0)).value([5.0, 0.0, 0.0]), Some(-1.0));
        let clamped = sampler.edge(Edge::Clamp).value_and_gradient([5.0, 0.0, 0.0]).unwrap();
        assert!((clamped.0 - 3.0).abs() < 1e-6 && clamped.1 == [0.0; 3]);
        assert_eq!(Sampler::new(&[1.0, 3.0], &geometry, Interpolation::Linear).unwrap().value([f64::NAN; 3]), None);
    }
}
