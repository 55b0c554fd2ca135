//! From two volumes to a registration: preparation, roles, the final numbers.

use std::cmp::Ordering;

use isocenter_volume::{Affine, Mask, Volume};

use crate::{
    Dof, Error, Registration, Rigid, RigidOptions, Side,
    pose::Pose,
    prepared::{Pair, Prepared},
    rotation::Rotation,
    search, verdict,
};

/// Fewest voxels that a mask must hold.
const LEAST_MASK: u64 = 100;

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

    // Places are taken from the coarser image and values interpolated in the finer one: nothing is read between thick slices. Whichever is called the fixed one,
    // the roles are the same, so that swapped images give the way back. A mask speaks of places in the fixed image, which then must be the one they are taken
    // from; so do scales along its axes.
    let may_swap = !has_mask && options.dof != Dof::RigidScale;
    let is_swapped = may_swap && order(&moving, &fixed).is_gt();
    let (from, to) = if is_swapped { (&moving, &fixed) } else { (&fixed, &moving) };
    let pair = Pair { from, to, radius_mm: from.body.radius_mm.min(to.body.radius_mm) };
    let start = options.start.map(|start| {
        let map = if is_swapped { start.inverse()? } else { start };
        Some(Pose::of(&map, from.body.centre_mm, to.body.centre_mm)?.within(options.dof))
    });
    let start = match start {
        Some(None) => return Err(Error::BadStart),
        start => start.flatten(),
    };
    let found = search::run(options, &pair, start, &stage.ctx())?;
    stage.advance(1)?;

    let forward = found.pose.to_affine(from.body.centre_mm, to.body.centre_mm);
    let middle = fixed.body.centre_mm;
    let (transform, rotation) = match (is_swapped, options.dof.stretches()) {
        (false, 0) => (about(found.pose.rotation, &forward, middle).to_affine(), found.pose.rotation),
        (true, 0) => {
            let back = about(found.pose.rotation, &forward, from.body.centre_mm).inverse().about(middle);
            (back.to_affine(), found.pose.rotation.inverse())
        }
        (false, _) => (forward, found.pose.rotation),
        // a stretch that cannot be undone is no pose that the search would stay at
        (true, _) => (forward.inverse().unwrap_or(Affine::IDENTITY), found.pose.rotation.inverse()),
    };
    let rigid = about(rotation, &transform, middle);
    let overlap = fixed.share_in(&moving.source, &transform);
    let smaller = match transform.inverse() {
        Some(back) => overlap.max(moving.share_in(&fixed.source, &back)),
        None => overlap,
    };
    let (verdict, doubts) = verdict::judge(&found, (options.metric, options.dof), smaller, &transform);
    Ok(Registration {
        transform,
        inputs,
        distance_mm: options.start.map(|start| fixed.distance_mm(&start, &transform)),
        rigid,
        dof: options.dof,
        metric: options.metric,
        metric_before: found.value_before,
        metric_after: found.value,
        overlap,
        sharpness: found.sharpness,
        rivalry: found.rivalry,
        mirror: found.mirror,
        residual_mm: found.residual.median_mm,
        residual_upper_mm: found.residual.upper_mm,
        verdict,
        doubts,
        converged: verdict != crate::Verdict::Failed,
    })
}

/// Which of two images places are rather taken from: the coarser one, and of equals the one with fewer voxels, or less of a body.
fn order(one: &Prepared<'_>, other: &Prepared<'_>) -> Ordering {
    let voxel = one.source.voxel_mm3().total_cmp(&other.source.voxel_mm3());
    let count = |image: &Prepared<'_>| image.source.shape.iter().product::<usize>();
    let body = |image: &Prepared<'_>| image.body.volume_mm3;
    let middle = |image: &Prepared<'_>| image.body.centre_mm;
    voxel.then_with(|| count(other).cmp(&count(one))).then_with(|| body(other).total_cmp(&body(one))).then_with(|| {
        (0..3).map(|a| middle(one)[a].total_cmp(&middle(other)[a])).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    })
}

/// The rigid motion with a rotation that takes a point where a map takes it.
fn about(rotation: Rotation, map: &Affine, centre_mm: [f64; 3]) -> Rigid {
    let moved = map.apply(centre_mm);
    Rigid::of(rotation, [0, 1, 2].map(|a| moved[a] - centre_mm[a]), centre_mm)
}

/// Checks the caller's mask against the fixed image.
pub(crate) fn check(mask: &Mask, fixed: &Volume<f32>) -> Result<(), Error> {
    if mask.require_on(fixed.geometry()).is_err() {
        return Err(Error::MaskGrid { wanted: fixed.shape(), found: mask.geometry().shape() });
    }
    let found = mask.count();
    if found < LEAST_MASK { Err(Error::MaskTooSmall { found, wanted: LEAST_MASK }) } else { Ok(()) }
}
