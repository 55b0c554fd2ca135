//! Voxels that are not finite, put back after a kernel has done without them.
//!
//! The rule stands in [`crate::non_finite`]. The kernel works on a filled copy; then every place is asked for its nearest voxel, by the
//! very tables and loops that fill a grid by nearest neighbour, and one that is not finite takes the place of the kernel's value.

use std::borrow::Cow;

use rayon::prelude::*;

use super::kernels::{self, Job, Kernels};
use crate::{Ctx, Stage, non_finite};

/// The samples as they are, ready to be asked for the nearest voxel.
pub(super) struct Kept<'s, 'j, C: Kernels> {
    read: Cow<'s, [C]>,
    job: Job<'j>,
}

impl<'s, 'j, C: Kernels> Kept<'s, 'j, C> {
    /// Takes the samples over; `job` is that of the nearest neighbour. Gives back what the kernel may read in their place.
    pub(super) fn new(samples: Cow<'s, [C]>, job: Job<'j>, ctx: &Ctx<'_>, stage: &Stage<'_>) -> (Self, Vec<C>) {
        let below = stage.ctx();
        // whoever was stopped says so to the stage too, when it is asked next
        let filled = non_finite::filled(&samples, job.input, &below).unwrap_or_default();
        let filled = if filled.len() == samples.len() { filled } else { ctx.take(samples.len()) };
        let read = C::prepare(samples, &job, ctx, stage);
        (Self { read, job }, filled)
    }

    /// Puts the voxels that are not finite back into whole output planes from plane `first`.
    pub(super) fn put_back(&self, outside: C, first: usize, out: &mut [C], ctx: &Ctx<'_>, stage: &Stage<'_>) {
        let plane = self.job.output[0] * self.job.output[1];
        let block = plane * super::apply::SLAB;
        let below = stage.ctx();
        let count = below.stage("put back", (out.len() / plane) as u64);
        let mut slab = ctx.take::<C>(block.min(out.len()));
        for (n, out) in out.chunks_mut(block).enumerate().take_while(|_| stage.check().is_ok()) {
            let slab = &mut slab[..out.len()];
            C::fill(&self.read, &self.job, outside, first + n * super::apply::SLAB, slab, &count);
            out.par_chunks_mut(plane).zip(slab.par_chunks(plane)).for_each(|(out, kept)| {
                for (o, &k) in out.iter_mut().zip(kept) {
                    *o = if k.is_number() { *o } else { k };
                }
            });
        }
        ctx.give(slab);
    }

    /// Gives memory back to the scratch.
    pub(super) fn give(self, ctx: &Ctx<'_>) {
        kernels::give(self.read, ctx);
    }
}
