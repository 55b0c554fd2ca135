//! From no idea to the best pose: a scan of starts at a coarse resolution, then fewer and fewer candidates at finer ones.

use isocenter_volume::{Cancelled, Ctx};
use rayon::prelude::*;

use crate::{
    Error, RegistrationOptions,
    cost::{Memory, Part, Problem, Target},
    dof::Dof,
    metric::Metric,
    mirror,
    optimize::{Stopping, Summit, climb},
    pose::Pose,
    prepared::{Pair, Prepared},
    pyramid::Level,
    residual::{self, Residual},
    rotation::{Rotation, even_grid},
    samples::Samples,
    start::Start,
    trim,
};

/// What the search ends with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) pose: Pose,
    /// The metric that was asked for.
    pub(crate) value: f64,
    /// Normalized mutual information, by which every result is judged.
    pub(crate) shared: f64,
    pub(crate) value_before: f64,
    pub(crate) sharpness: f64,
    pub(crate) rivalry: f64,
    pub(crate) mirror: f64,
    /// How far the result is from where it fits best by what it is judged by, mm; 0 where that is what it was found by.
    pub(crate) drift_mm: f64,
    /// What led there.
    pub(crate) start: Start,
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
/// Resolutions, from the coarsest, at which a start is still looked for.
const FROM_AFAR: usize = 2;
/// How often places are left out anew and the rest is fitted again, at one resolution.
const TRIMS: usize = 3;
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

/// Finds the best pose of a pair, or of several that share their two worlds: the first one's bodies say where they lie and how large they are.
///
/// `start` is tried beside the starts of the search, from the second resolution on.
pub(crate) fn run(
    options: &RegistrationOptions<'_>,
    pairs: &[Pair<'_>],
    start: Option<Pose>,
    ctx: &Ctx<'_>,
) -> Result<Found, Error> {
    let Some(pair) = pairs.first() else { return Err(Error::BadStart) };
    let possible = (pair.to.body.volume_mm3 / pair.from.body.volume_mm3).min(1.0);
    let lowest = JUDGE.lowest();
    let mut poses: Vec<Candidate> = Vec::new();
    let mut mirrored: Vec<Pose> = Vec::new();
    let mut found = Found {
        pose: pair.header_pose(),
        value: options.metric.lowest(),
        shared: lowest,
        value_before: options.metric.lowest(),
        sharpness: 0.0,
        rivalry: 0.0,
        mirror: 0.0,
        drift_mm: 0.0,
        start: Start::default(),
        residual: Residual::default(),
    };
    let whole = ctx.stage("search", RESOLUTIONS.len() as u64 + 1);
    let ctx = whole.ctx();
    let mut levels = pairs.iter().map(|pair| pyramid(pair, &ctx)).collect::<Result<Vec<_>, _>>()?;
    whole.advance(1)?;
    for (n, resolution) in RESOLUTIONS.iter().enumerate() {
        let voxel_mm = resolution.voxel * pair.radius_mm;
        let metric = if n < FROM_AFAR { options.metric.at_first() } else { options.metric };
        let scene = Scene { options, resolution, metric, centre_mm: pair.from.body.centre_mm, voxel_mm };
        let seen: Vec<Seen> = pairs
            .iter()
            .zip(&mut levels)
            .map(|(pair, levels)| Seen::of(pair, levels.pop(), &scene, n == 0, &ctx))
            .collect::<Result<_, _>>()?;
        let parts: Vec<Part<'_>> = pairs.iter().zip(&seen).map(|(pair, seen)| seen.part(pair, false)).collect();
        let stage = ctx.stage("climb", (resolution.candidates * ITERATIONS) as u64);
        let problem = Problem {
            parts: &parts,
            bins: resolution.bins,
            metric,
            dof: if n == 0 { options.dof.at_first() } else { options.dof },
            target_centre_mm: pair.to.body.centre_mm,
            radius_mm: pair.radius_mm,
            least_share: LEAST_OVERLAP * possible,
            stage: &stage,
        };
        if n == 0 {
            let few: Vec<Part<'_>> = pairs.iter().zip(&seen).map(|(pair, seen)| seen.part(pair, true)).collect();
            poses = scan(options, pair, &Problem { parts: &few, ..problem.clone() }, resolution.candidates, &ctx)?;
        }
        let is_trimmed = n >= FROM_AFAR && options.trim > 0.0;
        let mut summits =
            if is_trimmed { Vec::new() } else { climb_all(&problem, resolution, &poses, voxel_mm, n == 0) };
        if n == 0 && options.dof.stretches() > 1 {
            // one size for all directions says which way up; only then it is seen which start the other stretches suit
            let poses: Vec<Candidate> = summits.iter().map(Candidate::of).collect();
            let free = Problem { dof: options.dof, ..problem.clone() };
            summits = climb_all(&free, resolution, &poses, voxel_mm, true);
        }
        let start_here = start.filter(|_| n > 0);
        let summits = if is_trimmed {
            poses.truncate(resolution.candidates);
            poses.extend(start_here.map(|pose| Candidate { pose, start: Start::Given }));
            trimmed(&problem, options.trim, &poses, voxel_mm)
        } else {
            from_start(&problem, start_here, summits, voxel_mm)
        };
        stage.finish()?;
        whole.advance(1)?;
        let Some(best) = summits.first() else { continue };
        (found.pose, found.value) = (best.pose, best.value);
        let judge = Problem { metric: JUDGE, ..problem.clone() };
        let judged = judged(&problem, &judge, &summits);
        let Some(best) = judged.first() else { continue };
        found.shared = best.value;
        if n < MIRRORED {
            mirrored = in_the_mirror(&judge, mirrored, (best, lowest), stopping(voxel_mm, n == 0), &mut found, &ctx)?;
        }
        if n == 1 {
            found.rivalry = rival(&judged, pair.radius_mm, lowest);
        }
        if n == 2 {
            found.sharpness = sharpness(&judge, best, pair.is_planar());
            found.residual = residual::of(&judge, &best.pose, voxel_mm);
        }
        if n + 1 == RESOLUTIONS.len() && problem.metric != JUDGE {
            let there = climb(&judge, best.pose, stopping(voxel_mm, false), &mut Memory::default());
            found.drift_mm = there.pose.distance_mm(&best.pose, pair.radius_mm);
        }
        if n + 1 == RESOLUTIONS.len() {
            let header = Problem { least_share: 0.0, ..problem.clone() };
            found.value_before =
                header.value(&start.unwrap_or_else(|| pair.header_pose()), &mut Memory::default()).value;
        }
        stage.finish()?;
        poses = distinct(&summits, pair.radius_mm);
        found.start = poses.first().map_or(found.start, |best| best.start);
    }
    Ok(found)
}

/// A pose that is climbed from, and the start that led to it.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    pose: Pose,
    start: Start,
}

impl Candidate {
    const fn of(summit: &Summit) -> Self {
        Self { pose: summit.pose, start: summit.start }
    }
}

/// What every result is judged by, whatever led to it: the bounds of the verdict are measured with it.
const JUDGE: Metric = Metric::NormalizedMutualInformation;

/// The summits, in their order, with what they are judged by for their values.
fn judged(problem: &Problem<'_>, judge: &Problem<'_>, summits: &[Summit]) -> Vec<Summit> {
    if problem.metric == JUDGE {
        return summits.to_vec();
    }
    let mut memory = Memory::default();
    summits.iter().map(|s| Summit { value: judge.value(&s.pose, &mut memory).value, ..*s }).collect()
}

/// How images are looked at, at one resolution.
struct Scene<'a> {
    options: &'a RegistrationOptions<'a>,
    resolution: &'a Resolution,
    metric: Metric,
    /// What places are relative to, LPS mm.
    centre_mm: [f64; 3],
    voxel_mm: f64,
}

/// A pair of images at one resolution, ready to be compared.
struct Seen {
    samples: Samples,
    /// Fewer, for the scan.
    few: Option<Samples>,
    target: Target,
}

impl Seen {
    fn of(
        pair: &Pair<'_>,
        levels: Option<Levels>,
        scene: &Scene<'_>,
        scans: bool,
        ctx: &Ctx<'_>,
    ) -> Result<Self, Error> {
        let Some(levels) = levels else { return Err(Error::BadStart) };
        let (bins, blur_mm) = (scene.resolution.bins, scene.resolution.blur * scene.voxel_mm);
        let region = pair.from.region_on(&levels.from, ctx)?;
        let from = levels.from.smoothed(blur_mm, ctx)?;
        let to = pair.to.masked(levels.to, ctx)?.smoothed(blur_mm, ctx)?;
        let draw = |most| Samples::of(&from, &region, scene.centre_mm, [most, bins], scene.metric, ctx);
        let samples = draw(scene.resolution.samples.unwrap_or(scene.options.samples))?;
        let few = scans.then(|| draw(SCAN_SAMPLES)).transpose()?;
        Ok(Self { samples, few, target: Target::new(to, bins, scene.metric) })
    }

    fn part(&self, pair: &Pair<'_>, few: bool) -> Part<'_> {
        let samples = self.few.as_ref().filter(|_| few).unwrap_or(&self.samples);
        Part { samples, target: &self.target, weight: pair.weight }
    }
}

/// Both images at one resolution.
struct Levels {
    from: Level,
    to: Level,
}

/// The images at the resolutions of the stages, coarsest last; each is built from the next finer one, so that the full image is
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
    let targets = mirror::targets(problem);
    let parts: Vec<Part<'_>> =
        problem.parts.iter().zip(&targets).map(|(part, target)| Part { target, ..*part }).collect();
    let there = Problem { parts: &parts, stage: &stage, ..problem.clone() };
    let from = if from.is_empty() { mirror::starts(&there, &best.pose) } else { from };
    let summits = mirror::climb_from(&there, &from, stopping);
    stage.finish()?;
    let excess = |value: f64| (value - lowest).max(0.0);
    let highest = summits.first().map_or(0.0, |s| excess(s.value));
    found.mirror = if excess(best.value) > 0.0 { highest / excess(best.value) } else { 0.0 };
    Ok(distinct(&summits, problem.radius_mm).iter().take(MIRRORED_CANDIDATES).map(|there| there.pose).collect())
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
    poses: &[Candidate],
    voxel_mm: f64,
    is_first: bool,
) -> Vec<Summit> {
    let stopping = stopping(voxel_mm, is_first);
    let mut summits: Vec<Summit> = poses
        .par_iter()
        .take(resolution.candidates)
        .map_init(Memory::default, |memory, from| Summit {
            start: from.start,
            ..climb(problem, from.pose, stopping, memory)
        })
        .collect();
    // stable: of equals the earlier start wins
    summits.sort_by(|a, b| b.value.total_cmp(&a.value));
    summits
}

/// The summits with that of the caller's start among them; it goes on from where he said at every resolution.
fn from_start(problem: &Problem<'_>, start: Option<Pose>, mut summits: Vec<Summit>, voxel_mm: f64) -> Vec<Summit> {
    if let Some(start) = start {
        let summit = climb(problem, start, stopping(voxel_mm, true), &mut Memory::default());
        summits.push(Summit { start: Start::Given, ..summit });
        // stable: of equals the search's own wins
        summits.sort_by(|a, b| b.value.total_cmp(&a.value));
    }
    summits
}

/// Where each pose leads to without the places that fit worst there; values are those over all places.
fn trimmed(problem: &Problem<'_>, share: f64, poses: &[Candidate], voxel_mm: f64) -> Vec<Summit> {
    let climb_one = |memory: &mut Memory, from: &Candidate| {
        let mut pose = from.pose;
        for _ in 0..TRIMS {
            let kept: Vec<Samples> =
                problem.parts.iter().map(|part| trim::without_the_worst(problem, part, &pose, share)).collect();
            let parts: Vec<Part<'_>> =
                problem.parts.iter().zip(&kept).map(|(part, samples)| Part { samples, ..*part }).collect();
            let there = Problem { parts: &parts, ..problem.clone() };
            pose = climb(&there, pose, stopping(voxel_mm, false), memory).pose;
        }
        Summit { pose, value: problem.value(&pose, memory).value, start: from.start }
    };
    let mut summits: Vec<Summit> = poses.par_iter().map_init(Memory::default, climb_one).collect();
    // stable: of equals the earlier start wins
    summits.sort_by(|a, b| b.value.total_cmp(&a.value));
    summits
}

/// Poses of the summits that are not the same hill; of starts that lead up one hill the first in the order of [`Start`] is told.
fn distinct(summits: &[Summit], radius_mm: f64) -> Vec<Candidate> {
    let mut poses: Vec<Candidate> = Vec::new();
    for s in summits {
        let is_apart = |p: &Candidate| p.pose.distance_mm(&s.pose, radius_mm) > 0.5 * APART * radius_mm;
        match poses.iter_mut().find(|p| !is_apart(p)) {
            Some(there) => there.start = there.start.min(s.start),
            None => poses.push(Candidate::of(s)),
        }
    }
    poses
}

/// Scores starts and keeps the best that differ from each other.
fn scan(
    options: &RegistrationOptions<'_>,
    pair: &Pair<'_>,
    problem: &Problem<'_>,
    keep: usize,
    ctx: &Ctx<'_>,
) -> Result<Vec<Candidate>, Cancelled> {
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
    let mut shifts = vec![(header.shift_mm, Start::Headers)];
    for (shift, start) in [([0.0; 3], Start::Bodies), (middles, Start::Grids)] {
        let is_new = shifts.iter().all(|(s, _): &([f64; 3], Start)| {
            isocenter_volume::affine::norm([0, 1, 2].map(|a| s[a] - shift[a])) > 0.1 * pair.radius_mm
        });
        if is_new {
            shifts.push((shift, start));
        }
    }
    let mut rotations = vec![Rotation::IDENTITY];
    if options.dof != Dof::Translation {
        match pair.is_planar() {
            true => rotations.extend(in_plane(options.rotations)),
            false => rotations.extend(even_grid(options.rotations)),
        }
    }
    let mut scales = vec![1.0];
    let ratio = pair.to.body.radius_mm / pair.from.body.radius_mm;
    // bodies that differ in size, or of which one is cut off: both are tried
    if options.dof.stretches() > 0 && !(1.0 / SAME_SIZE..SAME_SIZE).contains(&ratio) {
        scales.push(ratio.clamp(1.0 / MOST_SCALE, MOST_SCALE));
    }
    let starts: Vec<Candidate> = rotations
        .iter()
        .enumerate()
        .flat_map(|(n, rotation)| {
            shifts.iter().map(move |(shift_mm, start)| {
                (Pose::rigid(*rotation, *shift_mm), if n == 0 { *start } else { Start::Turned })
            })
        })
        .flat_map(|(pose, start)| scales.iter().map(move |scale| Candidate { pose: pose.scaled(*scale), start }))
        .collect();
    let stage = ctx.stage("scan", starts.len() as u64);
    let problem = Problem { stage: &stage, ..problem.clone() };
    let value = |memory: &mut Memory, from: &Candidate| {
        let value = problem.value(&from.pose, memory).value;
        stage.advance(1)?;
        Ok(value)
    };
    let values: Vec<f64> = starts.par_iter().map_init(Memory::default, value).collect::<Result<_, Cancelled>>()?;
    let mut order: Vec<usize> = (0..starts.len()).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    // the headers' rotation is always among the candidates
    let mut kept: Vec<Candidate> = starts.iter().take(shifts.len() * scales.len()).copied().collect();
    for (m, n) in order.into_iter().enumerate() {
        if kept.len() >= keep {
            break;
        }
        if m % ASK == 0 {
            stage.check()?;
        }
        let is_apart = |k: &Candidate| k.pose.distance_mm(&starts[n].pose, pair.radius_mm) > APART * pair.radius_mm;
        if kept.iter().all(is_apart) {
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

/// Turns in the plane of two images of one, ten degrees apart or fewer.
fn in_plane(most: usize) -> impl Iterator<Item = Rotation> {
    const TURNS: usize = 36;
    let number = most.min(TURNS);
    (1..=number).map(move |n| {
        let turn = std::f64::consts::TAU * n as f64 / (number + 1) as f64;
        Rotation::from_vector([0.0, 0.0, turn])
    })
}

/// Share of the excess that is lost an eighth of the radius away, mean over the directions: twelve, or six in a plane.
fn sharpness(problem: &Problem<'_>, best: &Summit, is_planar: bool) -> f64 {
    let lowest = problem.metric.lowest();
    let excess = best.value - lowest;
    if excess <= 0.0 {
        return 0.0;
    }
    let axes = if is_planar { 2..5 } else { 0..6 };
    let mut memory = Memory::default();
    let mut lost = 0.0;
    let share = 1.0 / (2 * axes.len()) as f64;
    for n in 2 * axes.start..2 * axes.end {
        let mut by = [0.0; 12];
        by[n / 2] = problem.radius_mm / 8.0 * if n % 2 == 0 { 1.0 } else { -1.0 };
        let there = problem.value(&best.pose.moved(&by, problem.radius_mm), &mut memory).value;
        lost += (best.value - there) / excess * share;
    }
    lost.clamp(0.0, 1.0)
}
