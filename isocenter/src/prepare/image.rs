//! One image and its labels through grid and intensity steps.

use isocenter_normalize::Step;
use isocenter_volume::{
    Affine, Ctx, DynVolume, Geometry, LabelMap, Orientation, Volume,
    meta::Padding,
    resample::Resample,
    sample::{Interpolation, LabelInterpolation},
    stats::{Extremes, Moments, Selection},
    with_real_volume,
};

use super::{
    padding::{Blanked, change, lowest},
    refusal::{CONSTANT, NOTHING_FINITE, Refusal},
};
use crate::{manifest::Statistics, recipe::Grid};

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
            let real = image.to_real(ctx)?;
            Extremes::over(&Selection::all(real.voxels()), ctx).map_err(isocenter_volume::Error::from)?
        }
    };
    Ok(real.is_constant())
}

/// What keeps a constant image out where a recipe has to divide by its spread, or to register it.
pub(crate) fn constant() -> Refusal {
    Refusal::new(CONSTANT, "every voxel of the image has the same value, as acquired")
}

/// An image and its labels as they are written.
pub(crate) struct Prepared {
    pub(crate) image: DynVolume,
    pub(crate) labels: Option<LabelMap>,
    /// Numbers of the image, padding left out.
    pub(crate) statistics: Option<Statistics>,
    /// The image before its intensity steps, where there were any: NaN where it had padding.
    pub(crate) before: Option<Volume<f32>>,
}

/// Brings an image and its labels to the recipe's grid and runs the intensity steps.
///
/// Where nothing is asked for, the samples stay as stored, with their scaling and their padding.
///
/// # Errors
/// A refusal.
pub(crate) fn on_own_grid(
    pair: &Pair,
    grid: &Grid,
    steps: &[Step],
    padding: Option<Padding>,
    ctx: &Ctx<'_>,
) -> Result<Prepared, Refusal> {
    let (image, mut labels) = match grid.orientation {
        None => (pair.image.clone(), pair.labels.clone()),
        Some(code) => turned(pair, code, ctx)?,
    };
    let spacing = grid.spacing_mm.filter(|s| differs(image.geometry().spacing_mm(), *s));
    if spacing.is_none() && steps.is_empty() {
        let is_real = image.sample_type().is_real();
        let statistics = if is_real { statistics(&Blanked::of(&image, padding, ctx)?, ctx)? } else { None };
        return Ok(Prepared { image, labels, statistics, before: None });
    }
    let mut blanked = Blanked::of(&image, padding, ctx)?;
    if let Some(spacing) = spacing {
        let outside = f64::from(lowest(&blanked.real));
        let resample =
            Resample::to_spacing(spacing).interpolation(grid.interpolation.kernel()).antialias(true).outside(outside);
        let fine = resample.ctx(*ctx).apply(&blanked.real)?;
        blanked = blanked.with(clamped(fine, &blanked.real, grid.clamp.unwrap_or(false), ctx)?);
        let target = blanked.real.geometry().clone();
        labels = labels.map(|l| labels_to(&l, &target, Affine::IDENTITY, ctx)).transpose()?;
    }
    let (image, statistics, before) = finished(blanked, steps, ctx)?;
    Ok(Prepared { image, labels, statistics, before })
}

/// Brings an image to a given grid through a world transform (world of the grid to world of the image, LPS mm) in one
/// interpolation, then runs the intensity steps; gives the numbers of the image, and the image before its steps where there are any.
///
/// # Errors
/// A refusal.
pub(crate) fn on_grid_of(
    image: &Blanked,
    target: &Geometry,
    transform: Affine,
    by: Interpolated,
    steps: &[Step],
    ctx: &Ctx<'_>,
) -> Result<Finished, Refusal> {
    let outside = f64::from(lowest(&image.real));
    let moved = Resample::to_geometry(target.clone())
        .transform(transform)
        .interpolation(by.kernel)
        .antialias(true)
        .outside(outside)
        .ctx(*ctx)
        .apply(&image.real)?;
    finished(image.with(clamped(moved, &image.real, by.clamp, ctx)?), steps, ctx)
}

/// How an image is interpolated.
#[derive(Clone, Copy)]
pub(crate) struct Interpolated {
    pub(crate) kernel: Interpolation,
    /// Whether the result stays between the least and the largest value of the image.
    pub(crate) clamp: bool,
}

/// Keeps what was interpolated between the least and the largest finite value of what it was interpolated from: a spline swings over an
/// edge, to negative signal and to less than nothing in a CT.
fn clamped(made: Volume<f32>, from: &Volume<f32>, clamp: bool, ctx: &Ctx<'_>) -> Result<Volume<f32>, Refusal> {
    if !clamp {
        return Ok(made);
    }
    let ends = Extremes::over(&Selection::all(from.voxels()), ctx).map_err(isocenter_volume::Error::from)?;
    let (Some(low), Some(high)) = (ends.min(), ends.max()) else { return Ok(made) };
    let mut made = made;
    // the ends are values of f32; what is not finite stays
    let (lower, upper) = (low as f32, high as f32);
    change(&mut made, ctx, |v| if v.is_finite() { v.clamp(lower, upper) } else { v })?;
    Ok(made.noting("clamp", [("lower", low), ("upper", high)]))
}

/// An image as it is written, its numbers, and the image before its intensity steps.
type Finished = (DynVolume, Option<Statistics>, Option<Volume<f32>>);

fn finished(blanked: Blanked, steps: &[Step], ctx: &Ctx<'_>) -> Result<Finished, Refusal> {
    let before = (!steps.is_empty()).then(|| blanked.real.clone());
    let done = if steps.is_empty() {
        blanked
    } else {
        blanked.changed(|real| Ok(isocenter_normalize::apply_all(steps, real, None, ctx)?.0))?
    };
    let statistics = statistics(&done, ctx)?;
    Ok((done.filled(ctx)?.into(), statistics, before))
}

/// Numbers of an image's finite real values; none where there is none.
fn statistics(image: &Blanked, ctx: &Ctx<'_>) -> Result<Option<Statistics>, Refusal> {
    let all = Selection::all(image.real.voxels());
    let moments = Moments::over(&all, ctx).map_err(isocenter_volume::Error::from)?;
    let extremes = Extremes::over(&all, ctx).map_err(isocenter_volume::Error::from)?;
    let padding = image.count();
    Ok(extremes.min().zip(extremes.max()).map(|(min, max)| Statistics {
        min,
        max,
        mean: moments.mean(),
        sd: moments.standard_deviation(0),
        not_finite: moments.not_finite() - padding,
        padding,
    }))
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

fn turned(pair: &Pair, code: Orientation, ctx: &Ctx<'_>) -> Result<(DynVolume, Option<LabelMap>), Refusal> {
    // planes with scalings of their own do not survive as such when they stop being planes
    let image = match pair.image.reorient(code, ctx) {
        Err(isocenter_volume::Error::PerPlaneScaling) => pair.image.to_real(ctx)?.reorient(code, ctx)?.into(),
        other => other?,
    };
    let labels = pair.labels.as_ref().map(|l| l.reorient(code, ctx)).transpose()?;
    Ok((image, labels))
}

fn differs(have: [f64; 3], want: [f64; 3]) -> bool {
    // a micrometre: spacings come as decimal text
    have.iter().zip(want).any(|(h, w)| (h - w).abs() > 1e-3)
}
