//! From two volumes to a registration: preparation, roles, the final numbers.

use std::cmp::Ordering;

use isocenter_volume::{Affine, Ctx, Mask, Provenance, Volume};

use crate::{
    Dof, Error, Metric, Registration, RegistrationOptions, Rigid, Side,
    options::Also,
    plane::{self, Planes},
    pose::Pose,
    prepared::{Pair, Prepared, Shown},
    rotation::Rotation,
    search, verdict,
};

/// Fewest voxels that a mask must hold.
const LEAST_MASK: u64 = 100;

/// Registers two checked volumes.
pub(crate) fn register(
    options: &RegistrationOptions<'_>,
    fixed: &Volume<f32>,
    moving: &Volume<f32>,
) -> Result<Registration, Error> {
    for (mask, image, side) in [(options.mask, fixed, Side::Fixed), (options.moving_mask, moving, Side::Moving)] {
        mask.map(|mask| check(mask, image, side)).transpose()?;
    }
    let Some(planes) = Planes::of(fixed, moving)? else {
        let frames = [(fixed, Side::Fixed), (moving, Side::Moving)];
        if let Some((_, side)) = frames.into_iter().find(|(image, _)| !image.geometry().frame().is_patient()) {
            return Err(Error::NoPatientFrame { side });
        }
        return found(options, fixed, moving, None, [fixed, moving].map(|image| image.provenance().clone()));
    };
    if !options.also.is_empty() {
        let found = (1 + options.also.len()) as f64;
        return Err(Error::BadOption { what: "the number of pairs of planes", wanted: "1", found });
    }
    let mask = options.mask.map(|mask| Planes::mask(&planes.fixed, mask)).transpose()?;
    let moving_mask = options.moving_mask.map(|mask| Planes::mask(&planes.moving, mask)).transpose()?;
    let start = options.start.map(|start| planes.inward(&start).ok_or(Error::BadStart)).transpose()?;
    let laid = RegistrationOptions {
        mask: mask.as_ref(),
        moving_mask: moving_mask.as_ref(),
        start,
        also: Vec::new(),
        ..options.clone()
    };
    let inputs = [fixed, moving].map(|image| image.provenance().clone());
    let has_sides = [fixed, moving].iter().all(|image| image.geometry().frame().is_patient());
    found(&laid, &planes.fixed, &planes.moving, Some((&planes, has_sides)), inputs)
}

/// The same for two volumes, or two planes that are laid out.
fn found(
    options: &RegistrationOptions<'_>,
    fixed: &Volume<f32>,
    moving: &Volume<f32>,
    planes: Option<(&Planes, bool)>,
    inputs: [Provenance; 2],
) -> Result<Registration, Error> {
    let has_mask = options.mask.is_some();
    let stage = options.ctx.stage("register", 3);
    let [fixed_shown, moving_shown] = shown(options.metric, fixed, moving, &stage.ctx())?;
    let fixed = Prepared::new(fixed, fixed_shown, options.mask, &stage.ctx())?;
    stage.advance(1)?;
    let moving = Prepared::new(moving, moving_shown, options.moving_mask, &stage.ctx())?;
    stage.advance(1)?;
    let others = others(options, &stage.ctx())?;

    // Places are taken from the coarser image and values interpolated in the finer one: nothing is read between thick slices. Whichever is called the fixed one,
    // the roles are the same, so that swapped images give the way back. A mask speaks of places in the fixed image, which then must be the one they are taken
    // from; so do scales along its axes.
    let may_swap = !has_mask && options.dof != Dof::RigidScale;
    let is_swapped = may_swap && order(&moving, &fixed).is_gt();
    let (from, to) = if is_swapped { (&moving, &fixed) } else { (&fixed, &moving) };
    let radius_mm = from.body.radius_mm.min(to.body.radius_mm);
    let mut pairs = vec![Pair { from, to, radius_mm, weight: 1.0 }];
    for (fixed, moving, weight) in &others {
        let (from, to) = if is_swapped { (moving, fixed) } else { (fixed, moving) };
        pairs.push(Pair { from, to, radius_mm, weight: *weight });
    }
    let start = options.start.map(|start| {
        let map = if is_swapped { start.inverse()? } else { start };
        Some(Pose::of(&map, from.body.centre_mm, to.body.centre_mm)?.within(options.dof))
    });
    let start = match start {
        Some(None) => return Err(Error::BadStart),
        start => start.flatten(),
    };
    let found = search::run(options, &pairs, start, &stage.ctx())?;
    stage.advance(1)?;

    let forward = found.pose.to_affine(from.body.centre_mm, to.body.centre_mm);
    let middle = fixed.body.centre_mm;
    let (laid, rotation) = match (is_swapped, options.dof.stretches()) {
        (false, 0) => (about(found.pose.rotation, &forward, middle).to_affine(), found.pose.rotation),
        (true, 0) => {
            let back = about(found.pose.rotation, &forward, from.body.centre_mm).inverse().about(middle);
            (back.to_affine(), found.pose.rotation.inverse())
        }
        (false, _) => (forward, found.pose.rotation),
        // a stretch that cannot be undone is no pose that the search would stay at
        (true, _) => (forward.inverse().unwrap_or(Affine::IDENTITY), found.pose.rotation.inverse()),
    };
    let overlap = fixed.share_in(&moving.source, &laid);
    let smaller = match laid.inverse() {
        Some(back) => overlap.max(moving.share_in(&fixed.source, &back)),
        None => overlap,
    };
    let distance_mm = options.start.map(|start| fixed.distance_mm(&start, &laid));
    let (transform, rigid) = match planes {
        None => (laid, about(rotation, &laid, middle)),
        Some((planes, _)) => {
            let laid = if options.dof.stretches() > 0 { plane::flat(&laid) } else { laid };
            outward(planes, &laid, rotation, middle, options.dof)
        }
    };
    let has_sides = planes.is_none_or(|(_, has_sides)| has_sides);
    let (verdict, doubts) = verdict::judge(&found, (options.dof, has_sides), smaller, &transform);
    Ok(Registration {
        transform,
        inputs,
        distance_mm,
        rigid,
        dof: options.dof,
        metric: options.metric,
        metric_before: found.value_before,
        metric_after: found.value,
        start: found.start,
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

/// What was found in the plane, in the worlds of the two images.
fn outward(planes: &Planes, laid: &Affine, rotation: Rotation, middle: [f64; 3], dof: Dof) -> (Affine, Rigid) {
    let transform = planes.outward(laid);
    let turned = planes.outward(&about(rotation, laid, middle).to_affine());
    let rotation = Rotation::from_matrix(turned.rows().map(|row| [row[0], row[1], row[2]]));
    let middle = planes.fixed_place(middle);
    let rigid = about(rotation, &transform, middle);
    // a record holds the motion alone
    (if dof.stretches() == 0 { rigid.to_affine() } else { transform }, rigid)
}

/// How both images are seen: each by what it holds, or alike where values themselves are compared.
fn shown(metric: Metric, fixed: &Volume<f32>, moving: &Volume<f32>, ctx: &Ctx<'_>) -> Result<[Shown; 2], Error> {
    let (one, other) = (Shown::of(fixed, Side::Fixed, ctx)?, Shown::of(moving, Side::Moving, ctx)?);
    if metric == Metric::MeanSquares { Shown::alike(one, other) } else { Ok([one, other]) }
}

/// The other pairs of images, with their weights.
fn others<'a>(
    options: &RegistrationOptions<'a>,
    ctx: &Ctx<'_>,
) -> Result<Vec<(Prepared<'a>, Prepared<'a>, f64)>, Error> {
    let one = |also: &Also<'a>| {
        let [fixed, moving] = shown(options.metric, also.fixed, also.moving, ctx)?;
        let fixed = Prepared::new(also.fixed, fixed, None, ctx)?;
        Ok((fixed, Prepared::new(also.moving, moving, None, ctx)?, also.weight))
    };
    options.also.iter().map(one).collect()
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

/// Checks the caller's mask against its image.
pub(crate) fn check(mask: &Mask, image: &Volume<f32>, side: Side) -> Result<(), Error> {
    if mask.require_on(image.geometry()).is_err() {
        return Err(Error::MaskGrid { side, wanted: image.shape(), found: mask.geometry().shape() });
    }
    let found = mask.count();
    if found < LEAST_MASK { Err(Error::MaskTooSmall { found, wanted: LEAST_MASK }) } else { Ok(()) }
}
