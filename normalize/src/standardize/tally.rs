//! Counts of samples in many narrow bins, with the mean of each: what clustering and densities are computed on.
//!
//! 2^16 bins between the smallest and the largest sample hold whole numbers of up to 16 bits apart from each other; of floats, a bin
//! is so narrow that its samples may stand at their mean. Everything that is summed is a whole number, so that any order of
//! additions gives the same bits.

use isocenter_volume::{Ctx, stats::Extremes};
use rayon::prelude::*;

use crate::{Error, linear::BLOCK};

/// Number of bins.
pub(super) const BINS: usize = 1 << 16;

/// Steps between two bins that a sample's place is rounded to.
const PARTS: f64 = (1 << 20) as f64;

/// Samples at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Node {
    /// Their mean, in the unit of the samples.
    pub(super) value: f64,
    /// How many.
    pub(super) count: f64,
}

/// Samples in narrow bins, in ascending order, those that are not empty.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    pub(super) nodes: Vec<Node>,
    pub(super) count: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Tally {
    /// Of these samples up to a limit, which are finite; [`Error::Constant`] where they are one value.
    pub(super) fn of(samples: &[f32], limit: f64, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let (low, high) = bounds(samples, limit)?;
        let scale = BINS as f64 / (high - low);
        let blocks = samples.par_chunks(16 * BLOCK);
        let stage = ctx.stage("measure", blocks.len() as u64);
        let empty = || vec![[0u64; 2]; BINS];
        let bins = blocks
            .fold(empty, |mut bins, block| {
                if stage.advance(1).is_err() {
                    return bins;
                }
                for &sample in block {
                    let x = f64::from(sample);
                    if x <= limit {
                        let place = (x - low) * scale;
                        let bin = (place as usize).min(BINS - 1);
                        let part = ((place - bin as f64) * PARTS) as u64;
                        let [count, parts] = &mut bins[bin];
                        *count += 1;
                        *parts += part;
                    }
                }
                bins
            })
            .reduce(empty, |mut a, b| {
                a.iter_mut().zip(&b).for_each(|(a, b)| {
                    a[0] += b[0];
                    a[1] += b[1];
                });
                a
            });
        stage.finish()?;
        let node = |(bin, [count, parts]): (usize, &[u64; 2])| {
            let mean = *parts as f64 / *count as f64 / PARTS;
            Node { value: low + (bin as f64 + mean) / scale, count: *count as f64 }
        };
        let nodes: Vec<Node> = bins.iter().enumerate().filter(|(_, b)| b[0] > 0).map(node).collect();
        Ok(Self { count: nodes.iter().map(|n| n.count).sum(), nodes, low, high })
    }

    /// The same samples in coarser bins: nodes less than `width` apart from the first of a group stand at the mean of their group.
    pub(super) fn coarser(&self, width: f64) -> Vec<Node> {
        let mut out: Vec<Node> = Vec::new();
        let mut start = f64::NEG_INFINITY;
        for node in &self.nodes {
            match out.last_mut() {
                Some(last) if node.value - start < width => {
                    let count = last.count + node.count;
                    last.value += (node.value - last.value) * (node.count / count);
                    last.count = count;
                }
                _ => {
                    start = node.value;
                    out.push(*node);
                }
            }
        }
        out
    }

    /// Mean, and variance with one degree of freedom taken off.
    pub(super) fn mean_and_variance(&self) -> (f64, f64) {
        let mean = self.nodes.iter().map(|n| n.count * n.value).sum::<f64>() / self.count;
        let squares: f64 = self.nodes.iter().map(|n| n.count * (n.value - mean) * (n.value - mean)).sum();
        (mean, squares / (self.count - 1.0).max(1.0))
    }
}

/// Smallest and largest sample up to a limit.
fn bounds(samples: &[f32], limit: f64) -> Result<(f64, f64), Error> {
    let constant = Error::Constant { what: "the range of values" };
    let all = Extremes::of(samples);
    let (Some(low), Some(high)) = (all.min(), all.max()) else { return Err(constant) };
    let high = if high <= limit {
        high
    } else {
        let under = |b: &[f32]| b.iter().map(|v| f64::from(*v)).filter(|v| *v <= limit).fold(low, f64::max);
        samples.par_chunks(BLOCK).map(under).reduce(|| low, f64::max)
    };
    if Extremes::of(&[low, high]).is_constant() || !(high - low).is_finite() { Err(constant) } else { Ok((low, high)) }
}
