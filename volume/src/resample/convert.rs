//! Between stored samples and those that kernels work in.
//!
//! All that is compiled once for each stored type stands here and in `apply`: the kernels themselves run in f32 and f64 only.

use std::any::Any;
use std::borrow::Cow;

use rayon::prelude::*;

use crate::sample::Compute;
use crate::{Buffer, Ctx, Real, Stage, Volume};

/// Samples that one thread converts at a time.
const BLOCK: usize = 1 << 16;

/// One step in the type of the kernels; borrowed where it has that type already.
pub(super) fn load<'v, C: Compute, T: Real>(
    volume: &'v Volume<T>,
    step: usize,
    ctx: &Ctx<'_>,
    stage: &Stage<'_>,
) -> Cow<'v, [C]> {
    let len = volume.geometry().len();
    if let Some(same) = (volume.buffer() as &dyn Any).downcast_ref::<Buffer<C>>() {
        return Cow::Borrowed(&same.as_slice()[step * len..][..len]);
    }
    let mut out = ctx.take(len);
    convert(volume.step(step).unwrap_or_default(), &mut out, C::of, stage);
    Cow::Owned(out)
}

/// Kernel values as stored ones, rounded.
pub(super) fn store<C: Compute, T: Real>(values: &[C], out: &mut [T], stage: &Stage<'_>) {
    convert(values, out, C::to, stage);
}

/// A value as another type, where the two are one: samples of a volume as those of the kernels.
pub(super) fn same_type<A: Any, B: Any>(value: &mut A) -> Option<&mut B> {
    (value as &mut dyn Any).downcast_mut()
}

/// Copies in blocks; stops where the stage is stopped.
pub(super) fn copy<C: Compute>(from: &[C], to: &mut [C], stage: &Stage<'_>) {
    to.par_chunks_mut(BLOCK).zip(from.par_chunks(BLOCK)).for_each(|(to, from)| {
        if stage.check().is_ok() {
            to.copy_from_slice(from);
        }
    });
}

/// Converts sample by sample, in halves on the pool's threads; stops where the stage was stopped.
fn convert<A, B, F>(from: &[A], to: &mut [B], by: F, stage: &Stage<'_>)
where
    A: Copy + Sync,
    B: Send,
    F: Fn(A) -> B + Copy + Send + Sync,
{
    if from.len() <= BLOCK {
        if stage.check().is_ok() {
            to.iter_mut().zip(from).for_each(|(to, &from)| *to = by(from));
        }
        return;
    }
    let middle = from.len() / 2;
    let ((a, b), (c, d)) = (from.split_at(middle), to.split_at_mut(middle));
    rayon::join(|| convert(a, c, by, stage), || convert(b, d, by, stage));
}
