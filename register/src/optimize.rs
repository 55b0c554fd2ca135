//! Uphill in up to twelve parameters: BFGS with a backtracking line search.
//!
//! Parameters are millimetres (a rotation vector times the body's radius, a shift, and a stretch times the radius) relative to the start, so that
//! all weigh alike and the first step has a meaning. What a map does not have has no slope, and stays. Source: J. Nocedal and S. J. Wright, "Numerical Optimization", chapter 6.

use crate::{
    cost::{Evaluation, Memory, Problem},
    pose::{Pose, Step},
    rotation::pull_back,
    start::Start,
};

/// When a climb stops.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopping {
    /// Most line searches.
    pub(crate) iterations: usize,
    /// Length of the first step, mm.
    pub(crate) first_step_mm: f64,
    /// A step shorter than this ends the climb, mm.
    pub(crate) last_step_mm: f64,
}

/// Where a climb ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Summit {
    pub(crate) pose: Pose,
    pub(crate) value: f64,
    /// Where the search began that the climb is a part of; whoever climbs for one says so.
    pub(crate) start: Start,
}

/// Climbs from `start` to the next maximum of the metric.
pub(crate) fn climb(problem: &Problem<'_>, start: Pose, stopping: Stopping, memory: &mut Memory) -> Summit {
    let at = |p: &Step| start.moved(p, problem.radius_mm);
    let mut answer = |p: &Step| -> (Evaluation, Step) {
        let e = problem.value_and_gradient(&at(p), memory);
        let w = [p[0], p[1], p[2]].map(|v| v / problem.radius_mm);
        let mut slope = e.gradient;
        [slope[0], slope[1], slope[2]] = pull_back(w, [slope[0], slope[1], slope[2]]);
        (e, slope)
    };

    let mut here: Step = [0.0; 12];
    let (mut now, mut slope) = answer(&here);
    let mut inverse: Option<[Step; 12]> = None;
    // with many parameters a short step may be one that a bad guess of the curvature made short: once more, straight uphill
    let mut may_try_again = problem.dof.stretches() > 0;
    for _ in 0..stopping.iterations {
        if problem.stage.advance(1).is_err() {
            break;
        }
        let steepness = length(&slope);
        if steepness <= 0.0 || !steepness.is_finite() {
            break;
        }
        let mut step = match &inverse {
            Some(h) => times(h, &slope),
            None => slope.map(|g| g / steepness * stopping.first_step_mm),
        };
        if dot(&step, &slope) <= 0.0 {
            inverse = None;
            step = slope.map(|g| g / steepness * stopping.first_step_mm);
        }
        // no step leaves the neighbourhood that the slope speaks of
        let long = length(&step) / (4.0 * stopping.first_step_mm);
        if long > 1.0 {
            step = step.map(|s| s / long);
        }
        let Some((there, then, new_slope)) = search_line(&mut answer, &here, &now, &slope, step, stopping.last_step_mm)
        else {
            if inverse.take().is_some() {
                continue; // once more, straight uphill
            }
            break;
        };
        let moved: Step = std::array::from_fn(|a| there[a] - here[a]);
        // of minus the metric, which is convex at the summit
        let bend: Step = std::array::from_fn(|a| slope[a] - new_slope[a]);
        inverse = updated(inverse, &moved, &bend);
        let is_short = length(&moved) < stopping.last_step_mm;
        (here, now, slope) = (there, then, new_slope);
        if is_short && !std::mem::take(&mut may_try_again) {
            break;
        }
        if is_short {
            inverse = None;
        }
    }
    Summit { pose: at(&here), value: now.value, start: Start::default() }
}

/// Halves the step until the metric has risen enough; `None` where it does not rise.
fn search_line(
    answer: &mut impl FnMut(&Step) -> (Evaluation, Step),
    here: &Step,
    now: &Evaluation,
    slope: &Step,
    step: Step,
    last_step_mm: f64,
) -> Option<(Step, Evaluation, Step)> {
    const ENOUGH: f64 = 1e-4; // Armijo's share of the rise that the slope promises
    let promised = dot(&step, slope);
    let mut scale = 1.0;
    let shortest = 0.25 * last_step_mm / length(&step);
    while scale >= shortest.min(1.0) {
        let there: Step = std::array::from_fn(|a| here[a] + scale * step[a]);
        let (then, new_slope) = answer(&there);
        let rise = then.value - now.value;
        if rise >= ENOUGH * scale * promised {
            return Some((there, then, new_slope));
        }
        // the maximum of the parabola through what is known, kept within a tenth and a half of the step
        let parabola = 0.5 * scale * scale * promised / (scale * promised - rise);
        scale = if parabola.is_finite() { parabola.clamp(0.1 * scale, 0.5 * scale) } else { 0.5 * scale };
    }
    None
}

/// The BFGS update of the inverse of the (negated) second derivative.
fn updated(inverse: Option<[Step; 12]>, moved: &Step, bend: &Step) -> Option<[Step; 12]> {
    let curvature = dot(moved, bend);
    if curvature <= 1e-10 * length(moved) * length(bend) {
        return inverse;
    }
    let h = inverse.unwrap_or_else(|| {
        let scale = curvature / dot(bend, bend);
        std::array::from_fn(|a| std::array::from_fn(|b| if a == b { scale } else { 0.0 }))
    });
    let hy = times(&h, bend);
    let factor = (1.0 + dot(bend, &hy) / curvature) / curvature;
    Some(std::array::from_fn(|a| {
        std::array::from_fn(|b| {
            h[a][b] + factor * moved[a] * moved[b] - (hy[a] * moved[b] + moved[a] * hy[b]) / curvature
        })
    }))
}

fn dot(a: &Step, b: &Step) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn length(a: &Step) -> f64 {
    dot(a, a).sqrt()
}

fn times(m: &[Step; 12], v: &Step) -> Step {
    std::array::from_fn(|a| dot(&m[a], v))
}

#[cfg(test)]
mod tests {
    use super::*;
    use isocenter_volume::{Ctx, Mask};

    use crate::{
        cost::{Part, Target},
        dof::Dof,
        metric::Metric,
        rotation::Rotation,
        samples::Samples,
        test_images::blobs,
    };

    #[test]
    fn climbs_back_to_where_the_images_agree() {
        let level = blobs([40, 44, 36], [2.0, 2.0, 2.5]);
        let centre = level.to_world.apply([19.5, 21.5, 17.5]);
        let ctx = Ctx::default();
        let stage = ctx.stage("test", 1);
        let region = Mask::full(level.geometry().unwrap());
        let samples = Samples::of(&level, &region, centre, [20_000, 24], Metric::default(), &ctx).unwrap();
        let target = Target::new(level, 24, Metric::default());
        let parts = [Part { samples: &samples, target: &target, weight: 1.0 }];
        let problem = Problem {
            parts: &parts,
            bins: 24,
            metric: Metric::default(),
            dof: Dof::Rigid,
            target_centre_mm: centre,
            radius_mm: 30.0,
            least_share: 0.3,
            stage: &stage,
        };
        let home = Pose::rigid(Rotation::IDENTITY, [0.0; 3]);
        let start = Pose::rigid(Rotation::from_vector([0.1, -0.08, 0.06]), [4.0, -3.0, 5.0]);
        let stopping = Stopping { iterations: 40, first_step_mm: 2.0, last_step_mm: 0.005 };
        let summit = climb(&problem, start, stopping, &mut Memory::default());
        // a quarter of a voxel: where the grids coincide nothing is interpolated, and that spike is narrow
        assert!(summit.pose.distance_mm(&home, 30.0) < 0.5, "{summit:?}");
        assert!(summit.value > problem.value(&start, &mut Memory::default()).value);
    }

    #[test]
    fn the_update_maps_the_bend_to_the_move() {
        let six = |v: [f64; 6]| std::array::from_fn(|n| v.get(n).copied().unwrap_or(0.0));
        let (moved, bend): (Step, Step) = (six([1.0, 2.0, 0.5, -1.0, 0.3, 0.2]), six([2.0, 3.0, 1.5, -0.5, 0.1, 0.4]));
        let h = updated(None, &moved, &bend).unwrap();
        let back = times(&h, &bend);
        assert!((0..12).all(|a| (back[a] - moved[a]).abs() < 1e-12)); // the secant equation
        assert!(updated(None, &moved, &moved.map(|v| -v)).is_none()); // no curvature of the right sign, no update
    }
}
