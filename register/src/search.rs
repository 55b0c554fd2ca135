//! From no idea to the best pose: a scan of starts at a coarse resolution, then fewer and fewer candidates at finer ones.

use isocenter_volume::{Cancelled, Ctx};
use rayon::prelude::*;

use crate::{
    Error, RigidOptions,
    cost::{Memory, Problem, Target},
    dof::Dof,
    mirror,
    optimize::{Stopping, Summit, climb},
    pose::Pose,
    prepared::{Pair, Prepared},
    pyramid::Level,
    residual::{self, Residual},
    rotation::{Rotation, even_grid},
    samples::Samples,
};

/// What the search ends with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) pose: Pose,
    pub(crate) value: f64,
    pub(crate) value_before: f64,
    pub(crate) sharpness: f64,
    pub(crate) rivalry: f64,
    pub(crate) mirror: f64,
    pub(crate) residual: Residual,
}

/// One resolution of the search.
#[derive(Clone, Copy, Debug)]
struct Resolution {
    /// Voxel size as a share of the body's radius.
    voxel: f64,
    /// Blur (standard deviation) as a share of the voxel size.
    blur: f64,
    bins: usize,
    /// Places compared, at most; the caller's number where none stands.
    samples: Option<usize>,
    /// Candidates that are climbed from.
    candidates: usize,
}

/// A head's radius of gyration is 70 to 75 mm: voxels of about 4, 4, 2 and 1 mm.
///
/// The first stage looks at few places of an image that is not coarser than the second's: in voxels of 8 mm the edge of a skull
/// stripped image hides what lies within. The last is blurred least: every blur adds to what a shading of one image, or contrasts
/// that differ, do to the place of the optimum (0.19 mm instead of 0.11 mm mean error over the harder visible cases).
const RESOLUTIONS: [Resolution; 4] = [
    Resolution { voxel: 1.0 / 16.0, blur: 0.75, bins: 24, samples: Some(6_000), candidates: 24 },
    Resolution { voxel: 1.0 / 18.0, blur: 0.75, bins: 24, samples: Some(25_000), candidates: 6 },
    Resolution { voxel: 1.0 / 36.0, blur: 0.75, bins: 32, samples: Some(80_000), candidates: 2 },
    Resolution { voxel: 1.0 / 72.0, blur: 0.4, bins: 32, samples: None, candidates: 1 },
];
/// Most line searches of one climb.
const ITERATIONS: usize = 20;
/// Resolutions at which the pair is also compared in the mirror, from the coarsest: enough to tell, and about a tenth of the work.
const MIRRORED: usize = 2;
/// Candidates that go on in the mirror.
const MIRRORED_CANDIDATES: usize = 2;
/// Samples of the scan.
const SCAN_SAMPLES: usize = 4000;
/// Least share of the possible overlap that a start may have.
const LEAST_OVERLAP: f64 = 0.3;
/// Two starts closer than this share of the radius lead to the same place.
const APART: f64 = 0.3;
/// Bodies whose sizes differ by less than this are tried as they are.
const SAME_SIZE: f64 = 1.06;
/// Largest ratio of sizes that is tried.
const MOST_SCALE: f64 = 2.0;
/// Starts after which the caller is asked whether to go on.
const ASK: usize = 1 << 12;

/// Finds the best pose of a pair.
///
/// `start` is tried beside the starts of the search, from the second resolution on.
pub(crate) fn run(
    options: &RigidOptions<'_>,
    pair: &Pair<'_>,
    start: Option<Pose>,
    ctx: &Ctx<'_>,
) -> Result<Found, Error> {
    let possible = (pair.to.body.volume_mm3 / pair.from.body.volume_mm3).min(1.0);
    let lowest = options.metric.lowest();
    let mut poses: Vec<Pose> = Vec::new();
    let mut mirrored: Vec<Pose> = Vec::new();
    let mut found = Found {
        pose: pair.header_pose(),
        value: lowest,
        value_before: lowest,
        sharpness: 0.0,
        rivalry: 0.0,
        mirror: 0.0,
        residual: Residual::default(),
    };
    let whole = ctx.stage("search", RESOLUTIONS.len() as u64 + 1);
    let ctx = whole.ctx();
    let levels = pyramid(pair, &ctx)?;
    whole.advance(1)?;
    for (n, (resolution, levels)) in RESOLUTIONS.iter().zip(levels).enumerate() {
        let voxel_mm = resolution.voxel * pair.radius_mm;
        let blur_mm = resolution.blur * voxel_mm;
        let bins = resolution.bins;
        let region = pair.from.region_on(&levels.from, &ctx)?;
        let from = levels.from.smoothed(blur_mm, &ctx)?;
        let target = Target::new(levels.to.smoothed(blur_mm, &ctx)?, bins);
        let draw = |most| Samples::of(&from, &region, pair.from.body.centre_mm, [most, bins], &ctx);
        let samples = draw(resolution.samples.unwrap_or(options.samples))?;
        let stage = ctx.stage("climb", (resolution.candidates * ITERATIONS) as u64);
        let problem = Problem {
            samples: &samples,
            target: &target,
            bins,
            metric: options.metric,
            dof: if n == 0 { options.dof.at_first() } else { options.dof },
            target_centre_mm: pair.to.body.centre_mm,
            radius_mm: pair.radius_mm,
            least_share: LEAST_OVERLAP * possible,
            stage: &stage,
        };
        if n == 0 {
            let few = draw(SCAN_SAMPLES)?;
            poses = scan(options, pair, &Problem { samples: &few, ..problem.clone() }, resolution.candidates, &ctx)?;
        }
        let summits = climb_all(&problem, resolution, &poses, voxel_mm, n == 0);
        let summits = from_start(&problem, start.filter(|_| n > 0), summits, voxel_mm);
        stage.finish()?;
        whole.advance(1)?;
        let Some(best) = summits.first() else { continue };
        (found.pose, found.value) = (best.pose, best.value);
        if n < MIRRORED {
            mirrored = in_the_mirror(&problem, mirrored, (best, lowest), stopping(voxel_mm, n == 0), &mut found, &ctx)?;
        }
        if n == 1 {
            found.rivalry = rival(&summits, pair.radius_mm, lowest);
        }
        if n == 2 {
            found.sharpness = sharpness(&problem, best);
            found.residual = residual::of(&problem, &best.pose, voxel_mm);
        }
        if n + 1 == RESOLUTIONS.len() {
            let header = Problem { least_share: 0.0, ..problem.clone() };
            found.value_before =
                header.value(&start.unwrap_or_else(|| pair.header_pose()), &mut Memory::default()).value;
        }
        stage.finish()?;
        poses = distinct(&summits, pair.radius_mm);
    }
    Ok(found)
}

/// Both images at one resolution.
struct Levels {
    from: Level,
    to: Level,
}

/// The images at the resolutions of the stages, coarsest first; each is built from the next finer one, so that the full image is
/// read once.
fn pyramid(pair: &Pair<'_>, ctx: &Ctx<'_>) -> Result<Vec<Levels>, Cancelled> {
    let mut levels: Vec<Levels> = Vec::with_capacity(RESOLUTIONS.len());
    for resolution in RESOLUTIONS.iter().rev() {
        let mm = resolution.voxel * pair.radius_mm;
        let next = match levels.last() {
            Some(finer) => Levels { from: finer.from.towards(mm, ctx)?, to: finer.to.towards(mm, ctx)? },
            None => Levels { from: pair.from.source.towards(mm, ctx)?, to: pair.to.source.towards(mm, ctx)? },
        };
        levels.push(next);
    }
    levels.reverse();
    Ok(levels)
}

/// Goes on with the search in the mirror beside that of the pair: gives the poses found there, and notes their excess over the lowest
/// value as a share of the best one's.
fn in_the_mirror(
    problem: &Problem<'_>,
    from: Vec<Pose>,
    (best, lowest): (&Summit, f64),
    stopping: Stopping,
    found: &mut Found,
    ctx: &Ctx<'_>,
) -> Result<Vec<Pose>, Cancelled> {
    let stage = ctx.stage("mirror", 0);
    let target = mirror::target(problem);
    let there = Problem { target: &target, stage: &stage, ..problem.clone() };
    let from = if from.is_empty() { mirror::starts(&there, &best.pose) } else { from };
    let summits = mirror::climb_from(&there, &from, stopping);
    stage.finish()?;
    let excess = |value: f64| (value - lowest).max(0.0);
    let highest = summits.first().map_or(0.0, |s| excess(s.value));
    found.mirror = if excess(best.value) > 0.0 { highest / excess(best.value) } else { 0.0 };
    let mut poses = distinct(&summits, problem.radius_mm);
    poses.truncate(MIRRORED_CANDIDATES);
    Ok(poses)
}

/// When a climb on voxels of so many mm ends.
fn stopping(voxel_mm: f64, is_first: bool) -> Stopping {
    Stopping {
        iterations: ITERATIONS,
        // starts of the scan may be a voxel or two away; later ones are known to a fraction
        first_step_mm: if is_first { 2.0 * voxel_mm } else { 0.25 * voxel_mm },
        last_step_mm: 0.01 * voxel_mm,
    }
}

/// Climbs from every pose; the highest summit comes first.
fn climb_all(
    problem: &Problem<'_>,
    resolution: &Resolution,
    poses: &[Pose],
    voxel_mm: f64,
    is_first: bool,
) -> Vec<Summit> {
    let stopping = stopping(voxel_mm, is_first);
    let mut summits: Vec<Summit> = poses
        .par_iter()
        .take(resolution.candidates)
        .map_init(Memory::default, |memory, pose| climb(problem, *pose, stopping, memory))
        .collect();
    // stable: of equals the earlier start wins
    summits.sort_by(|a, b| b.value.total_cmp(&a.value));
    summits
}

/// The summits with that of the caller's start among them; it goes on from where he said at every resolution.
fn from_start(problem: &Problem<'_>, start: Option<Pose>, mut summits: Vec<Summit>, voxel_mm: f64) -> Vec<Summit> {
    if let Some(start) = start {
        summits.push(climb(problem, start, stopping(voxel_mm, true), &mut Memory::default()));
        // stable: of equals the search's own wins
        summits.sort_by(|a, b| b.value.total_cmp(&a.value));
    }
    summits
}

/// Poses of the summits that are not the same hill.
fn distinct(summits: &[Summit], radius_mm: f64) -> Vec<Pose> {
    let mut poses: Vec<Pose> = Vec::new();
    for s in summits {
        if poses.iter().all(|p| p.distance_mm(&s.pose, radius_mm) > 0.5 * APART * radius_mm) {
            poses.push(s.pose);
        }
    }
    poses
}

/// Scores starts and keeps the best that differ from each other.
fn scan(
    options: &RigidOptions<'_>,
    pair: &Pair<'_>,
    problem: &Problem<'_>,
    keep: usize,
    ctx: &Ctx<'_>,
) -> Result<Vec<Pose>, Cancelled> {
    let header = pair.header_pose();
    let middles = {
        let grid_middle = |image: &Prepared<'_>| {
            let last = image.source.shape.map(|n| (n as f64 - 1.0) / 2.0);
            image.source.to_world.apply(last)
        };
        let (a, b) = (grid_middle(pair.from), grid_middle(pair.to));
        let (ca, cb) = (pair.from.body.centre_mm, pair.to.body.centre_mm);
        [0, 1, 2].map(|i| (b[i] - cb[i]) - (a[i] - ca[i]))
    };
    let mut shifts = vec![header.shift_mm];
    for shift in [[0.0; 3], middles] {
        let is_new = shifts.iter().all(|s: &[f64; 3]| {
            isocenter_volume::affine::norm([0, 1, 2].map(|a| s[a] - shift[a])) > 0.1 * pair.radius_mm
        });
        if is_new {
            shifts.push(shift);
        }
    }
    let mut rotations = vec![Rotation::IDENTITY];
    if options.dof != Dof::Translation {
        rotations.extend(even_grid(options.rotations));
    }
    let mut scales = vec![1.0];
    let ratio = pair.to.body.radius_mm / pair.from.body.radius_mm;
    // bodies that differ in size, or of which one is cut off: both are tried
    if options.dof.stretches() > 0 && !(1.0 / SAME_SIZE..SAME_SIZE).contains(&ratio) {
        scales.push(ratio.clamp(1.0 / MOST_SCALE, MOST_SCALE));
    }
    let starts: Vec<Pose> = rotations
        .iter()
        .flat_map(|rotation| shifts.iter().map(|shift_mm| Pose::rigid(*rotation, *shift_mm)))
        .flat_map(|pose| scales.iter().map(move |scale| pose.scaled(*scale)))
        .collect();
    let stage = ctx.stage("scan", starts.len() as u64);
    let problem = Problem { stage: &stage, ..problem.clone() };
    let value = |memory: &mut Memory, pose: &Pose| {
        let value = problem.value(pose, memory).value;
        stage.advance(1)?;
        Ok(value)
    };
    let values: Vec<f64> = starts.par_iter().map_init(Memory::default, value).collect::<Result<_, Cancelled>>()?;
    let mut order: Vec<usize> = (0..starts.len()).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    // the headers' rotation is always among the candidates
    let mut kept: Vec<Pose> = starts.iter().take(shifts.len() * scales.len()).copied().collect();
    for (m, n) in order.into_iter().enumerate() {
        if kept.len() >= keep {
            break;
        }
        if m % ASK == 0 {
            stage.check()?;
        }
        if kept.iter().all(|k| k.distance_mm(&starts[n], pair.radius_mm) > APART * pair.radius_mm) {
            kept.push(starts[n]);
        }
    }
    Ok(kept)
}

/// Excess of the best summit far from the first, as a share of the first's.
fn rival(summits: &[Summit], radius_mm: f64, lowest: f64) -> f64 {
    let Some(best) = summits.first() else { return 0.0 };
    let excess = best.value - lowest;
    let other = summits.iter().find(|s| s.pose.distance_mm(&best.pose, radius_mm) > 0.5 * radius_mm);
    match other {
        Some(s) if excess > 0.0 => ((s.value - lowest) / excess).clamp(0.0, 1.0),
        _ => 0.0,
    }
}

/// Share of the excess that is lost an eighth of the radius away, mean over twelve directions.
fn sharpness(problem: &Problem<'_>, best: &Summit) -> f64 {
    let lowest = problem.metric.lowest();
    let excess = best.value - lowest;
    if excess <= 0.0 {
        return 0.0;
    }
    let mut memory = Memory::default();
    let mut lost = 0.0;
    for n in 0..12 {
        let mut by = [0.0; 12];
        by[n / 2] = problem.radius_mm / 8.0 * if n % 2 == 0 { 1.0 } else { -1.0 };
        let there = problem.value(&best.pose.moved(&by, problem.radius_mm), &mut memory).value;
        lost += (best.value - there) / excess / 12.0;
    }
    lost.clamp(0.0, 1.0)
}
