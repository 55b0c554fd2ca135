//! Which places fit worst: what has changed between two images, or moved by itself, and would pull the rest after it.
//!
//! Where two images fit, a value of one says which values of the other to expect. A place is the more surprising the rarer its pair of values is beside the most frequent
//! one of its row of the joint histogram. Single places are surprising by noise and at edges, which are what an alignment lives on; so small cubes of places are judged as
//! wholes, and the most surprising cubes are left out. Source: P. Rousseeuw, "Least median of squares regression", Journal of the American Statistical Association 1984
//! (least trimmed squares: leave out what fits worst, fit again).

use crate::{
    cost::{Memory, Part, Problem},
    pose::Pose,
    samples::Samples,
};

/// Edge of a cube, as a share of the body's radius.
const CUBE: f64 = 1.0 / 8.0;
/// What a cube's mean is drawn to the mean of all by, in places.
const DRAW: f64 = 4.0;
/// Added to every count of the histogram.
const LEAST_COUNT: f64 = 0.5;

/// The samples of a part without the share of them whose cubes are the most surprising at a pose.
pub(crate) fn without_the_worst(problem: &Problem<'_>, part: &Part<'_>, pose: &Pose, share: f64) -> Samples {
    let surprise = surprises(problem, part, pose);
    let cubes = cubes(part.samples, CUBE * problem.radius_mm);
    let mut sums = vec![(0f64, 0usize); cubes.iter().copied().max().map_or(0, |most| most + 1)];
    let (mut total, mut seen) = (0.0, 0usize);
    for (cube, surprise) in cubes.iter().zip(&surprise) {
        if let (Some((sum, count)), Some(surprise)) = (sums.get_mut(*cube), surprise) {
            *sum += surprise;
            *count += 1;
            total += surprise;
            seen += 1;
        }
    }
    let mean = total / seen.max(1) as f64;
    let mut order: Vec<usize> = (0..sums.len()).filter(|n| sums[*n].1 > 0).collect();
    let of = |n: usize| (sums[n].0 + DRAW * mean) / (sums[n].1 as f64 + DRAW);
    order.sort_by(|a, b| of(*b).total_cmp(&of(*a)));
    let mut is_out = vec![false; sums.len()];
    let mut left = share * seen as f64;
    for n in order {
        if left < sums[n].1 as f64 {
            break;
        }
        left -= sums[n].1 as f64;
        is_out[n] = true;
    }
    // what is not seen takes no part in any comparison, and stays
    part.samples.filtered(|n| surprise[n].is_none() || !is_out[cubes[n]])
}

/// Minus the logarithm of how frequent each place's pair of values is, beside the most frequent one of its row; `None` outside of the other image.
fn surprises(problem: &Problem<'_>, part: &Part<'_>, pose: &Pose) -> Vec<Option<f64>> {
    let mut memory = Memory::default();
    let looked = problem.looked(part, pose, &mut memory);
    let columns = part.target.columns();
    let column = |value: f32| (value.max(0.0).round() as usize).min(columns - 1);
    let mut joint = vec![0f64; problem.bins * columns];
    for (looked, bin) in looked.iter().zip(&part.samples.bins) {
        // a part of a place counts for the neighbours too, so that a row of few is no comb
        let (row, at) = (usize::from(*bin) * columns, column(looked.value));
        for (to, weight) in [(at.saturating_sub(1), 0.25), (at, 0.5), ((at + 1).min(columns - 1), 0.25)] {
            if let Some(count) = joint.get_mut(row + to) {
                *count += weight * f64::from(looked.weight);
            }
        }
    }
    let most: Vec<f64> = joint.chunks(columns).map(|row| row.iter().copied().fold(0.0, f64::max)).collect();
    let one = |(looked, bin): (&crate::passes::Looked, &u8)| {
        let row = usize::from(*bin);
        let (count, most) = (joint.get(row * columns + column(looked.value))?, most.get(row)?);
        (looked.weight > 0.5).then(|| libm::log((most + LEAST_COUNT) / (count + LEAST_COUNT)))
    };
    looked.iter().zip(&part.samples.bins).map(one).collect()
}

/// The cube of every place.
fn cubes(samples: &Samples, edge_mm: f64) -> Vec<usize> {
    let ends = |along: &Vec<f32>| along.iter().fold([f32::MAX, f32::MIN], |[low, high], v| [low.min(*v), high.max(*v)]);
    let ends = [0, 1, 2].map(|a| ends(&samples.offsets[a]));
    let edge = if edge_mm > 0.0 { edge_mm as f32 } else { 1.0 };
    let number = ends.map(|[low, high]| ((high - low).max(0.0) / edge) as usize + 1);
    (0..samples.len())
        .map(|n| {
            let at = [0, 1, 2].map(|a| (((samples.offsets[a][n] - ends[a][0]) / edge) as usize).min(number[a] - 1));
            (at[2] * number[1] + at[1]) * number[0] + at[0]
        })
        .collect()
}
