//! From two volumes to a registration: preparation, roles, the final numbers.

use isocenter_volume::{Affine, Ctx, Mask, Volume};
use rayon::prelude::*;

use crate::{
    Error, Registration, Rigid, RigidOptions, Side,
    body::Body,
    intensity::Window,
    pose::Pose,
    pyramid::{Level, Source},
    rotation::Rotation,
    search::{self, Pair},
    verdict,
};

/// Longest axis, in voxels, of the image on which the body is looked for.
const SURVEY_AXIS: f64 = 64.0;
/// How far around the body the images are compared, as a share of its radius of gyration: air tells where the skin ends.
const MARGIN: f64 = 0.15;
/// Fewest voxels that a mask must hold.
const LEAST_MASK: u64 = 100;

/// One image, ready to be compared.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    pub(crate) source: Source<'a>,
    pub(crate) survey: Level,
    pub(crate) body: Body,
    /// Where to compare: the caller's mask on the image's own grid, or the body's surroundings on the survey level.
    region: Mask,
}

impl<'a> Prepared<'a> {
    fn new(volume: &'a Volume<f32>, side: Side, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let window = Window::of(volume.voxels()).ok_or(Error::NoContrast { side })?;
        let source = Source::new(volume.voxels(), volume.geometry(), window);
        let extent = (0..3).map(|a| source.spacing_mm[a] * source.shape[a] as f64).fold(0.0, f64::max);
        let survey = source.towards(extent / SURVEY_AXIS, ctx)?.smoothed(0.75 * extent / SURVEY_AXIS, ctx)?;
        let allowed = mask.map(|mask| looked_up(&survey, mask, ctx)).transpose()?;
        let body = Body::of(&survey, allowed.as_ref())?;
        let region = match mask {
            Some(mask) => mask.clone(),
            None => body.dilated(&survey, MARGIN * body.radius_mm, ctx)?,
        };
        Ok(Self { source, survey, body, region })
    }

    /// Where to compare, on another level of the image.
    pub(crate) fn region_on(&self, level: &Level, ctx: &Ctx<'_>) -> Result<Mask, Error> {
        looked_up(level, &self.region, ctx)
    }

    /// Share of the body that lies in the field of view of another image, through a map of this world to that one's.
    fn share_in(&self, other: &Source<'_>, map: &Affine) -> f64 {
        let Some(to_index) = other.to_world.inverse() else { return 0.0 };
        let through = to_index.compose(map).compose(&self.survey.to_world);
        let (mut held, mut all) = (0usize, 0usize);
        for index in self.body.inside.indices() {
            let at = through.apply(index.map(|v| v as f64));
            all += 1;
            held += usize::from((0..3).all(|a| at[a] >= -0.5 && at[a] <= other.shape[a] as f64 - 0.5));
        }
        held as f64 / all.max(1) as f64
    }
}

/// Registers two checked volumes.
pub(crate) fn register(
    options: &RigidOptions<'_>,
    fixed: &Volume<f32>,
    moving: &Volume<f32>,
) -> Result<Registration, Error> {
    if let Some(mask) = options.mask {
        check(mask, fixed)?;
    }
    let has_mask = options.mask.is_some();
    let inputs = [fixed, moving].map(|volume| volume.provenance().clone());
    let stage = options.ctx.stage("register", 3);
    let fixed = Prepared::new(fixed, Side::Fixed, options.mask, &stage.ctx())?;
    stage.advance(1)?;
    let moving = Prepared::new(moving, Side::Moving, None, &stage.ctx())?;
    stage.advance(1)?;

    // Places are taken from the coarser image and values interpolated in the finer one: nothing is read between thick slices.
    // A mask speaks of places in the fixed image, which then must be the one they are taken from.
    let is_swapped = !has_mask && moving.source.voxel_mm3() > 1.05 * fixed.source.voxel_mm3();
    let (from, to) = if is_swapped { (&moving, &fixed) } else { (&fixed, &moving) };
    let pair = Pair { from, to, radius_mm: from.body.radius_mm.min(to.body.radius_mm) };
    let found = search::run(options, &pair, &stage.ctx())?;
    stage.advance(1)?;

    let forward = found.pose.to_affine(from.body.centre_mm, to.body.centre_mm);
    let as_found = Rigid::from_affine(&forward, from.body.centre_mm);
    let rigid = match (as_found, is_swapped) {
        (Some(r), false) => r,
        (Some(r), true) => r.inverse().about(fixed.body.centre_mm),
        // a quaternion's matrix is a rotation; this arm keeps the function total
        (None, _) => Rigid::new(found.pose.rotation.to_vector(), [0.0; 3], fixed.body.centre_mm)?,
    };
    let transform = rigid.to_affine();
    let overlap = fixed.share_in(&moving.source, &transform);
    let smaller = match transform.inverse() {
        Some(back) => overlap.max(moving.share_in(&fixed.source, &back)),
        None => overlap,
    };
    let verdict = verdict::judge(&found, options.metric, smaller);
    Ok(Registration {
        transform,
        inputs,
        rigid,
        metric: options.metric,
        metric_before: found.value_before,
        metric_after: found.value,
        overlap,
        sharpness: found.sharpness,
        rivalry: found.rivalry,
        verdict,
        converged: verdict != crate::Verdict::NotTrusted,
    })
}

/// The pose that leaves the world as it is.
pub(crate) fn header_pose(pair: &Pair<'_>) -> Pose {
    let (a, b) = (pair.from.body.centre_mm, pair.to.body.centre_mm);
    Pose { rotation: Rotation::IDENTITY, shift_mm: [0, 1, 2].map(|i| a[i] - b[i]) }
}

/// Checks the caller's mask against the fixed image.
fn check(mask: &Mask, fixed: &Volume<f32>) -> Result<(), Error> {
    if mask.require_on(fixed.geometry()).is_err() {
        return Err(Error::MaskGrid { wanted: fixed.shape(), found: mask.geometry().shape() });
    }
    let found = mask.count();
    if found < LEAST_MASK { Err(Error::MaskTooSmall { found, wanted: LEAST_MASK }) } else { Ok(()) }
}

/// A mask read at the voxel centres of a level whose axes are parallel to it, nearest voxel.
fn looked_up(level: &Level, mask: &Mask, ctx: &Ctx<'_>) -> Result<Mask, Error> {
    let grid = mask.geometry();
    let map = grid.inverse_affine().compose(&level.to_world);
    let shape = grid.shape();
    // a level's axes are its image's axes: index a depends on index a alone
    let line = |a: usize| -> Vec<usize> {
        (0..level.shape[a])
            .map(|n| {
                let at = map.column(a)[a] * n as f64 + map.translation()[a];
                (at.round().max(0.0) as usize).min(shape[a] - 1)
            })
            .collect()
    };
    let [is, js, ks] = [line(0), line(1), line(2)];
    let mut out = vec![false; level.values.len()];
    let stage = ctx.stage("region", ks.len() as u64);
    out.par_chunks_mut(is.len() * js.len()).zip(&ks).try_for_each(|(plane, k)| {
        for (row, j) in plane.chunks_mut(is.len()).zip(&js) {
            let first = (k * shape[1] + j) * shape[0];
            row.iter_mut().zip(&is).for_each(|(slot, i)| *slot = mask.get(first + i));
        }
        stage.advance(1)
    })?;
    Ok(Mask::from_bools(&out, level.geometry()?)?)
}
