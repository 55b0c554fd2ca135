//! One image and its labels through grid and intensity steps.

use isocenter_normalize::Step;
use isocenter_volume::{
    Affine, Ctx, DynVolume, Geometry, LabelMap, Orientation, Volume,
    resample::Resample,
    sample::{Interpolation, LabelInterpolation},
    stats::{Extremes, Selection},
    with_real_volume,
};

use super::refusal::{CONSTANT, NOTHING_FINITE, Refusal};
use crate::recipe::Grid;

/// An image and its labels on one grid.
pub(crate) struct Pair {
    pub(crate) image: DynVolume,
    pub(crate) labels: Option<LabelMap>,
}

/// Whether an image as acquired has one value, but for the rounding of f32; judged before any resampling, whose own rounding would
/// look like signal.
///
/// # Errors
/// A refusal where no voxel is finite.
pub(crate) fn is_constant(image: &DynVolume, ctx: &Ctx<'_>) -> Result<bool, Refusal> {
    let found = with_real_volume!(
        image,
        v => Extremes::over(&Selection::all(v.voxels()), ctx).map_err(isocenter_volume::Error::from)?,
        else return Ok(false)
    );
    if found.count() == 0 {
        return Err(Refusal::new(NOTHING_FINITE, "every voxel of the image is NaN or infinite"));
    }
    // judged on real values: an intercept may leave nothing of a small range, and planes may have scalings of their own
    let real = match (image.scaling().as_uniform(), found.min(), found.max()) {
        (Some(pair), Some(low), Some(high)) => Extremes::of(&[pair.apply(low), pair.apply(high)]),
        _ => {
            let real = image.to_real()?;
            Extremes::over(&Selection::all(real.voxels()), ctx).map_err(isocenter_volume::Error::from)?
        }
    };
    Ok(real.is_constant())
}

/// What keeps a constant image out where a recipe has to divide by its spread, or to register it.
pub(crate) fn constant() -> Refusal {
    Refusal::new(CONSTANT, "every voxel of the image has the same value, as acquired")
}

/// Brings an image and its labels to the recipe's grid and runs the intensity steps.
///
/// Where nothing is asked for, the samples stay as stored, with their scaling.
pub(crate) fn on_own_grid(pair: &Pair, grid: &Grid, steps: &[Step], ctx: &Ctx<'_>) -> Result<Pair, Refusal> {
    let (mut image, mut labels) = match grid.orientation {
        None => (pair.image.clone(), pair.labels.clone()),
        Some(code) => turned(pair, code)?,
    };
    if let Some(spacing) = grid.spacing_mm.filter(|s| differs(image.geometry().spacing_mm(), *s)) {
        let real = image.to_real()?;
        let outside = f64::from(lowest(&real));
        let resample =
            Resample::to_spacing(spacing).interpolation(grid.interpolation.kernel()).antialias(true).outside(outside);
        image = resample.ctx(*ctx).apply(&real)?.into();
        let target = image.geometry().clone();
        labels = labels.map(|l| labels_to(&l, &target, Affine::IDENTITY, ctx)).transpose()?;
    }
    Ok(Pair { image: normalized(image, steps, ctx)?, labels })
}

/// Brings an image to a given grid through a world transform (world of the grid to world of the image, LPS mm) in one
/// interpolation, then runs the intensity steps.
pub(crate) fn on_grid_of(
    image: &Volume<f32>,
    target: &Geometry,
    transform: Affine,
    kernel: Interpolation,
    steps: &[Step],
    ctx: &Ctx<'_>,
) -> Result<DynVolume, Refusal> {
    let outside = f64::from(lowest(image));
    let moved = Resample::to_geometry(target.clone())
        .transform(transform)
        .interpolation(kernel)
        .antialias(true)
        .outside(outside)
        .ctx(*ctx)
        .apply(image)?;
    normalized(moved.into(), steps, ctx)
}

/// Brings labels to a given grid: the exact lattice map where one exists, else the per-label linear vote.
pub(crate) fn labels_to(
    labels: &LabelMap,
    target: &Geometry,
    transform: Affine,
    ctx: &Ctx<'_>,
) -> Result<LabelMap, Refusal> {
    Ok(Resample::to_geometry(target.clone())
        .transform(transform)
        .label_interpolation(LabelInterpolation::Linear)
        .ctx(*ctx)
        .apply_labels(labels)?)
}

fn turned(pair: &Pair, code: Orientation) -> Result<(DynVolume, Option<LabelMap>), Refusal> {
    // planes with scalings of their own do not survive as such when they stop being planes
    let image = match pair.image.reorient(code) {
        Err(isocenter_volume::Error::PerPlaneScaling) => pair.image.to_real()?.reorient(code)?.into(),
        other => other?,
    };
    let labels = pair.labels.as_ref().map(|l| l.reorient(code)).transpose()?;
    Ok((image, labels))
}

fn normalized(image: DynVolume, steps: &[Step], ctx: &Ctx<'_>) -> Result<DynVolume, Refusal> {
    if steps.is_empty() {
        return Ok(image);
    }
    let (volume, _) = isocenter_normalize::apply_all(steps, image.to_real()?, None, ctx)?;
    Ok(volume.into())
}

fn differs(have: [f64; 3], want: [f64; 3]) -> bool {
    // a micrometre: spacings come as decimal text
    have.iter().zip(want).any(|(h, w)| (h - w).abs() > 1e-3)
}

/// The lowest real value: air in CT, no signal in MR; what lies outside the image gets it.
pub(crate) fn lowest(volume: &Volume<f32>) -> f32 {
    let low = volume.voxels().iter().copied().filter(|v| v.is_finite()).fold(f32::INFINITY, f32::min);
    if low.is_finite() { low } else { 0.0 }
}
