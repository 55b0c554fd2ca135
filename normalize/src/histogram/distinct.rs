//! The distinct values of samples and how often each occurs, exact.

use isocenter_volume::{Ctx, stats::Extremes};
use rayon::prelude::*;

use crate::{Error, linear::BLOCK};

/// Distinct values, ascending, each with the number of samples up to it.
pub(super) struct Distinct {
    pub(super) values: Vec<f64>,
    /// How many samples are at most the value.
    pub(super) up_to: Vec<u64>,
}

impl Distinct {
    /// Of finite samples, at most `most` values: of more, every n-th is kept, with the first and the last, so that what is left out lies
    /// between two that are kept.
    pub(super) fn of(samples: &[f32], most: usize, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let all = Extremes::of(samples);
        let (Some(low), Some(high)) = (all.min(), all.max()) else { return Ok(Self { values: vec![], up_to: vec![] }) };
        let is_whole = |b: &[f32]| b.iter().all(|v| v.trunc() == *v);
        let pairs = if high - low < TABLE && samples.par_chunks(BLOCK).all(is_whole) {
            by_table(samples, low, (high - low) as usize + 1, ctx)?
        } else {
            by_sorting(samples, ctx)?
        };
        let (each, last) = (pairs.len().div_ceil(most.max(2) - 1), pairs.len() - 1);
        let kept = pairs.into_iter().enumerate().filter(|(n, _)| n % each == 0 || *n == last).map(|(_, pair)| pair);
        let (values, up_to) = kept.unzip();
        Ok(Self { values, up_to })
    }
}

/// Whole numbers in a range of less than this are counted in a table.
const TABLE: f64 = (1 << 20) as f64;

fn by_table(samples: &[f32], low: f64, len: usize, ctx: &Ctx<'_>) -> Result<Vec<(f64, u64)>, Error> {
    let blocks = samples.par_chunks(16 * BLOCK);
    let stage = ctx.stage("measure", blocks.len() as u64);
    let empty = || vec![0u64; len];
    // whole numbers: their sum is the same in any order
    let counts = blocks
        .fold(empty, |mut counts, block| {
            if stage.advance(1).is_ok() {
                block.iter().for_each(|v| counts[(f64::from(*v) - low) as usize] += 1);
            }
            counts
        })
        .reduce(empty, |mut a, b| {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
            a
        });
    stage.finish()?;
    let mut sum = 0;
    let running = counts.into_iter().enumerate().filter(|(_, c)| *c > 0).map(|(n, c)| {
        sum += c;
        (low + n as f64, sum)
    });
    Ok(running.collect())
}

fn by_sorting(samples: &[f32], ctx: &Ctx<'_>) -> Result<Vec<(f64, u64)>, Error> {
    let stage = ctx.stage("sort", 2);
    // adding 0 makes -0 equal to 0
    let mut sorted: Vec<f32> = samples.iter().map(|v| v + 0.0).collect();
    stage.advance(1)?;
    sorted.par_sort_unstable_by(f32::total_cmp);
    stage.advance(1)?;
    let mut sum = 0;
    let running = sorted.chunk_by(|a, b| a == b).map(|run| {
        sum += run.len() as u64;
        (f64::from(run[0]), sum)
    });
    Ok(running.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_and_sorting_say_the_same() {
        let samples: Vec<f32> = (0..5000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 20) as f32 - 900.0).collect();
        let ctx = Ctx::default();
        let (low, len) = (-900.0, 1 << 12);
        assert_eq!(by_table(&samples, low, len, &ctx).unwrap(), by_sorting(&samples, &ctx).unwrap());
        let found = Distinct::of(&[2.5, -0.0, 0.0, 2.5, 7.0], 9, &ctx).unwrap();
        assert_eq!((found.values, found.up_to), (vec![0.0, 2.5, 7.0], vec![2, 4, 5]));
        let few = Distinct::of(&samples, 10, &ctx).unwrap();
        assert!(few.values.len() <= 11 && few.up_to.last() == Some(&5000), "{:?}", few.values);
    }
}
