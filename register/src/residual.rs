//! How far parts of an image are from where each of them fits best.
//!
//! A pose that is right leaves every part of the body where it fits; one that is not, or images of two people, leave parts that want to go somewhere else, each its
//! own way. The body is cut into blocks and each is shifted to its own optimum of the metric, all else unchanged.
//!
//! Source: S. Ourselin et al., "Reconstructing a 3D structure from serial histological sections", Image and Vision Computing 2001 (block matching; here as a check of
//! what another method found).

use isocenter_volume::affine::norm;
use rayon::prelude::*;

use crate::{
    cost::{Memory, Part, Problem},
    dof::Dof,
    optimize::{Stopping, climb},
    pose::Pose,
    samples::Samples,
};

/// Blocks along each axis.
const BLOCKS: usize = 4;
/// Fewer samples than this make no block.
const LEAST: usize = 400;
/// Bins of the sampled image in a block, which has few samples.
const BINS: usize = 12;
/// Fewest blocks that say anything.
const FEWEST: usize = 4;
/// How far the blocks are let go, in first steps of a climb.
const ITERATIONS: usize = 12;

/// What the blocks say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Residual {
    /// Median over the blocks of how far each is shifted to its own optimum, mm.
    pub(crate) median_mm: f64,
    /// The same for the worse quarter: three of four are nearer.
    pub(crate) upper_mm: f64,
    /// The voxels on which they were compared, mm.
    pub(crate) voxel_mm: f64,
}

/// Shifts every block from a pose.
pub(crate) fn of(problem: &Problem<'_>, pose: &Pose, voxel_mm: f64) -> Residual {
    // of the first pair of images
    let Some(first) = problem.parts.first() else { return Residual { voxel_mm, ..Residual::default() } };
    let blocks = cut(first.samples, problem.bins);
    let stopping = Stopping { iterations: ITERATIONS, first_step_mm: 0.5 * voxel_mm, last_step_mm: 0.05 * voxel_mm };
    let shift = |memory: &mut Memory, samples: &Samples| {
        let parts = [Part { samples, ..*first }];
        let block = Problem { parts: &parts, bins: BINS, dof: Dof::Translation, least_share: 0.5, ..problem.clone() };
        let summit = climb(&block, *pose, stopping, memory);
        // a block outside of the other image says nothing
        (summit.value > problem.metric.lowest())
            .then(|| norm([0, 1, 2].map(|a| summit.pose.shift_mm[a] - pose.shift_mm[a])))
    };
    let mut shifts: Vec<f64> =
        blocks.par_iter().map_init(Memory::default, shift).collect::<Vec<_>>().into_iter().flatten().collect();
    shifts.sort_by(f64::total_cmp);
    if shifts.len() < FEWEST {
        return Residual { voxel_mm, ..Residual::default() };
    }
    let at = |share: f64| shifts.get((share * (shifts.len() - 1) as f64).round() as usize).copied().unwrap_or(0.0);
    Residual { median_mm: at(0.5), upper_mm: at(0.75), voxel_mm }
}

/// The samples by block of a grid over them all; blocks of one value, or of few samples, are left out.
fn cut(samples: &Samples, bins: usize) -> Vec<Samples> {
    let ends = |along: &Vec<f32>| along.iter().fold([f32::MAX, f32::MIN], |[low, high], v| [low.min(*v), high.max(*v)]);
    let ends = [0, 1, 2].map(|a| ends(&samples.offsets[a]));
    let part = |a: usize, v: f32| {
        let [low, high] = ends[a];
        let share = if high > low { (v - low) / (high - low) } else { 0.0 };
        ((share * BLOCKS as f32) as usize).min(BLOCKS - 1)
    };
    let mut blocks = vec![Samples::with_capacity(0); BLOCKS * BLOCKS * BLOCKS];
    let [xs, ys, zs] = &samples.offsets;
    for (((x, y), z), bin) in xs.iter().zip(ys).zip(zs).zip(&samples.bins) {
        let number = (part(2, *z) * BLOCKS + part(1, *y)) * BLOCKS + part(0, *x);
        if let Some(block) = blocks.get_mut(number) {
            block.offsets.iter_mut().zip([x, y, z]).for_each(|(along, v)| along.push(*v));
            block.bins.push((usize::from(*bin) * BINS / bins.max(1)) as u8);
        }
    }
    blocks.retain(|block| block.len() >= LEAST && shows_something(&block.bins));
    blocks
}

/// Whether at least a tenth of a block differs from its most frequent value.
fn shows_something(bins: &[u8]) -> bool {
    let mut counts = [0usize; BINS];
    for bin in bins {
        if let Some(count) = counts.get_mut(usize::from(*bin)) {
            *count += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    10 * (bins.len() - most) >= bins.len()
}
