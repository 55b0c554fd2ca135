//! One step's image at the resolutions of a correction.

use isocenter_volume::{Affine, Cancelled, Ctx, Geometry, non_finite};

use crate::pyramid::Level;

/// One resolution.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// Voxels are averaged towards this size; 0 keeps the image's own grid.
    pub(super) voxel_mm: f64,
    /// Blur, standard deviation, mm.
    pub(super) blur_mm: f64,
    /// Whether a shading is fitted along.
    pub(super) is_shaded: bool,
    /// A step shorter than this ends the descent, mm.
    pub(super) last_step_mm: f64,
    /// At the last resolution, a step shorter than this ends the descent that follows, in which a step's image is read by its cubic spline, mm.
    pub(super) last_cubic_step_mm: Option<f64>,
}

/// Blur of the last resolution in voxels (of the mean size). Measured on three pairs of simulated series of 3 x 3 x 6 mm, with noise of 2 and of 5 %: worst points 0.12 and
/// 0.27 mm at 0.9, 0.12 and 0.24 mm at 1.1, 0.15 and 0.30 mm at 1.3, where the borders begin to tell. Read linearly instead of by the spline 1.1 gives 0.19 and 0.35 mm:
/// the blur of linear interpolation depends on where between the voxels it reads. Leaving out what differs most (Tukey's biweight at 3.5 or 6 deviations) made them larger.
const BLUR: f64 = 1.1;

/// The resolutions for a body of a radius (of gyration, mm) on a grid, coarsest first: a first that finds motions of a third of the radius, the grid itself last.
pub(super) fn scales(radius_mm: f64, geometry: &Geometry) -> [Scale; 3] {
    let voxel = libm::cbrt(geometry.voxel_volume_mm3());
    let blur_mm = BLUR * voxel;
    let coarse = |voxel_mm: f64, blur: f64| Scale {
        voxel_mm,
        blur_mm: blur.max(blur_mm),
        is_shaded: false,
        last_step_mm: 0.05 * voxel_mm.max(voxel),
        last_cubic_step_mm: None,
    };
    [
        coarse(radius_mm / 10.0, radius_mm / 5.0),
        coarse(radius_mm / 20.0, radius_mm / 12.0),
        Scale {
            voxel_mm: 0.0,
            blur_mm,
            is_shaded: true,
            last_step_mm: 0.01 * voxel,
            last_cubic_step_mm: Some(1e-3 * voxel),
        },
    ]
}

/// Samples with the holes filled from their surroundings; `None` where none is finite.
pub(super) fn whole(samples: &[f32], shape: [usize; 3], ctx: &Ctx<'_>) -> Result<Option<Vec<f32>>, Cancelled> {
    match non_finite::count(samples, ctx)? as usize {
        0 => Ok(Some(samples.to_vec())),
        all if all == samples.len() => Ok(None),
        _ => non_finite::filled(samples, shape, ctx).map(Some),
    }
}

/// An image at one resolution.
pub(super) fn level(samples: &[f32], geometry: &Geometry, scale: &Scale, ctx: &Ctx<'_>) -> Result<Level, Cancelled> {
    let (spacing, shape) = (geometry.spacing_mm(), geometry.shape());
    let factors = [0, 1, 2].map(|a| {
        let wanted = (scale.voxel_mm / spacing[a]).round().max(1.0);
        if wanted.is_finite() { (wanted as usize).min(shape[a]) } else { 1 }
    });
    let held = [0, 1, 2].map(|a| shape[a] / factors[a]);
    let start = [0, 1, 2].map(|a| (shape[a] - held[a] * factors[a]) / 2);
    let origin = [0, 1, 2].map(|a| start[a] as f64 + (factors[a] as f64 - 1.0) / 2.0);
    let columns = [0, 1, 2].map(|a| geometry.affine().column(a).map(|v| v * factors[a] as f64));
    let values = if factors == [1; 3] { samples.to_vec() } else { boxed(samples, shape, (held, start, factors)) };
    Level {
        shape: held,
        spacing_mm: [0, 1, 2].map(|a| spacing[a] * factors[a] as f64),
        to_world: Affine::from_columns(columns, geometry.affine().apply(origin)),
        values,
        holes: None,
    }
    .smoothed(scale.blur_mm, ctx)
}

/// Means of whole boxes.
fn boxed(
    samples: &[f32],
    [nx, ny, _]: [usize; 3],
    (held, start, factors): ([usize; 3], [usize; 3], [usize; 3]),
) -> Vec<f32> {
    let weight = 1.0 / (factors[0] * factors[1] * factors[2]) as f32;
    let mut values = vec![0f32; held[0] * held[1] * held[2]];
    for (n, row) in values.chunks_exact_mut(held[0]).enumerate() {
        let (j, k) = (n % held[1], n / held[1]);
        for z in 0..factors[2] {
            for y in 0..factors[1] {
                let line = ((start[2] + k * factors[2] + z) * ny + start[1] + j * factors[1] + y) * nx + start[0];
                let source = samples.get(line..line + held[0] * factors[0]).unwrap_or_default();
                for (slot, cells) in row.iter_mut().zip(source.chunks_exact(factors[0])) {
                    *slot += weight * cells.iter().sum::<f32>();
                }
            }
        }
    }
    values
}
