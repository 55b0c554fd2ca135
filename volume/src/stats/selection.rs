//! Which samples a statistic is taken over.

use std::borrow::Cow;

use rayon::prelude::*;

use super::BLOCK;
use crate::{Cancelled, Ctx, Error, Mask, Real};

/// The samples that a statistic is taken over: all, those of a mask, or those of a range of values. Samples that are not finite are
/// never selected. Samples are taken as they are stored; for an image they are real values where its scaling is the identity.
#[derive(Clone, Debug)]
pub struct Selection<'a, T> {
    samples: &'a [T],
    test: Test,
}

#[derive(Clone, Debug)]
enum Test {
    All,
    Between(f64, f64),
    NonZero,
    Mask(Box<Mask>),
}

impl<'a, T: Real> Selection<'a, T> {
    /// Every sample.
    pub const fn all(samples: &'a [T]) -> Self {
        Self { samples, test: Test::All }
    }

    /// Samples between two values, both exclusive.
    pub const fn between(samples: &'a [T], low: f64, high: f64) -> Self {
        Self { samples, test: Test::Between(low, high) }
    }

    /// Samples above a value (exclusive).
    pub const fn above(samples: &'a [T], low: f64) -> Self {
        Self::between(samples, low, f64::INFINITY)
    }

    /// Samples that are not exactly 0.
    pub const fn non_zero(samples: &'a [T]) -> Self {
        Self { samples, test: Test::NonZero }
    }

    /// Samples whose voxel is in a mask; samples of several slow steps are tested against the one mask step by step.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] unless the samples are whole steps of the mask's grid.
    pub fn masked(samples: &'a [T], mask: &Mask) -> Result<Self, Error> {
        if !samples.len().is_multiple_of(mask.len()) {
            return Err(Error::ShapeMismatch { wanted: mask.len(), found: samples.len() });
        }
        Ok(Self { samples, test: Test::Mask(Box::new(mask.clone())) })
    }

    /// The selected samples in order; copied only where some are left out.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn samples(&self, ctx: &Ctx<'_>) -> Result<Cow<'a, [T]>, Cancelled> {
        let is_whole = |b: &[T]| b.iter().all(|v| v.to_f64().is_finite());
        if matches!(self.test, Test::All) && self.samples.par_chunks(BLOCK).all(is_whole) {
            return Ok(Cow::Borrowed(self.samples));
        }
        Ok(Cow::Owned(self.blocks(&Gather, ctx)?.concat()))
    }

    /// Runs `visit` over every block with the test that each sample must pass, and gives the results in order of blocks.
    pub(super) fn blocks<V: Visit<T> + Sync>(&self, visit: &V, ctx: &Ctx<'_>) -> Result<Vec<V::Out>, Cancelled>
    where
        V::Out: Send,
    {
        let finite = |_: usize, v: T| v.to_f64().is_finite();
        match &self.test {
            Test::All => self.run(ctx, |_, block| visit.whole(block).unwrap_or_else(|| visit.block(block, &finite))),
            Test::Between(low, high) => {
                let (low, high) = (*low, *high);
                let keep = |n: usize, v: T| finite(n, v) && v.to_f64() > low && v.to_f64() < high;
                self.run(ctx, |_, block| visit.block(block, &keep))
            }
            Test::NonZero => {
                let keep = |n: usize, v: T| finite(n, v) && v.to_f64() != 0.0;
                self.run(ctx, |_, block| visit.block(block, &keep))
            }
            Test::Mask(mask) => self.run(ctx, |start, block| {
                let inside = unpacked(mask, start, block.len());
                visit.block(block, &|n, v| finite(n, v) && inside.get(n).copied().unwrap_or(false))
            }),
        }
    }

    fn run<R: Send>(&self, ctx: &Ctx<'_>, work: impl Fn(usize, &[T]) -> R + Sync) -> Result<Vec<R>, Cancelled> {
        let blocks = self.samples.par_chunks(BLOCK);
        let stage = ctx.stage("measure", blocks.len() as u64);
        let each = |(b, block)| {
            stage.check()?;
            let found = work(b * BLOCK, block);
            stage.advance(1)?;
            Ok(found)
        };
        blocks.enumerate().map(each).collect()
    }
}

/// The bits of a block as truth values: single bits cost more to find than to unpack together.
fn unpacked(mask: &Mask, start: usize, len: usize) -> Vec<bool> {
    let mut out = Vec::with_capacity(len);
    let mut n = start % mask.len();
    while out.len() < len {
        let word = mask.words().get(n / 64).copied().unwrap_or(0) >> (n % 64);
        let bits = (64 - n % 64).min(mask.len() - n).min(len - out.len());
        out.extend((0..bits).map(|b| word >> b & 1 == 1));
        n = (n + bits) % mask.len();
    }
    out
}

struct Gather;

impl<T: Real> Visit<T> for Gather {
    type Out = Vec<T>;

    fn block(&self, block: &[T], keep: &impl Fn(usize, T) -> bool) -> Vec<T> {
        block.iter().enumerate().filter(|&(n, &v)| keep(n, v)).map(|(_, &v)| v).collect()
    }
}

/// Work on one block of samples, compiled once for each kind of selection.
pub(super) trait Visit<T> {
    /// What one block gives.
    type Out;

    /// Visits a block; `keep(n, v)` says whether sample `n` of it, with value `v`, is selected.
    fn block(&self, block: &[T], keep: &impl Fn(usize, T) -> bool) -> Self::Out;

    /// Visits a block of which every sample is selected; `None` where that turns out to hold one that is not finite, or where
    /// there is no faster way.
    fn whole(&self, _block: &[T]) -> Option<Self::Out> {
        None
    }
}

/// Independent accumulators in a block: one would wait for its own last addition.
pub(super) const LANES: usize = 8;

/// Calls `visit` with the number, lane and value of every sample.
#[inline(always)]
pub(super) fn each_lane<T: Copy>(block: &[T], visit: &mut impl FnMut(usize, usize, T)) {
    let (chunks, tail) = block.as_chunks::<LANES>();
    for (c, chunk) in chunks.iter().enumerate() {
        for (l, &v) in chunk.iter().enumerate() {
            visit(c * LANES + l, l, v);
        }
    }
    for (l, &v) in tail.iter().enumerate() {
        visit(chunks.len() * LANES + l, l, v);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Affine, Frame, Geometry};

    #[test]
    fn a_mask_serves_every_step_and_blocks_do_not_matter() {
        let len = BLOCK / 2 + 77; // steps that do not end with a block
        let grid = Geometry::new([len, 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        let mask = Mask::from_fn(grid, |n| n % 5 == 2);
        let samples: Vec<f32> = (0..3 * len).map(|n| n as f32).collect();
        let wanted: Vec<f32> = (0..3 * len).filter(|n| n % len % 5 == 2).map(|n| n as f32).collect();
        let found = Selection::masked(&samples, &mask).unwrap();
        assert_eq!(found.samples(&Ctx::default()).unwrap(), wanted.as_slice());
        assert!(Selection::masked(&samples[1..], &mask).is_err());
    }

    #[test]
    fn what_is_not_finite_is_never_selected() {
        let samples = [0.0f32, f32::NAN, 2.0, f32::INFINITY, -1.0];
        let list = |s: Selection<'_, f32>| s.samples(&Ctx::default()).unwrap().into_owned();
        assert_eq!(list(Selection::all(&samples)), [0.0, 2.0, -1.0]);
        assert_eq!(list(Selection::non_zero(&samples)), [2.0, -1.0]);
        assert_eq!(list(Selection::above(&samples, -1.0)), [0.0, 2.0]);
        assert!(matches!(Selection::all(&[1u8, 2]).samples(&Ctx::default()), Ok(Cow::Borrowed(_))));
    }
}
