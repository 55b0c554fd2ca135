//! The work on one step in one of the two types that kernels run in, compiled here and nowhere else.

use std::borrow::Cow;

use super::{antialias, convert::copy, general::General, plan::Plan, separable};
use crate::sample::{Compute, Edge, Interpolation, prefilter};
use crate::{Ctx, Stage};

/// One step to fill: how, and from a grid of which shape.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    pub(super) plan: &'a Plan<'a>,
    /// Voxels along i, j, k of the input and the output.
    pub(super) input: [usize; 3],
    pub(super) output: [usize; 3],
    /// Width of the smoothing along the input's axes, input voxels.
    pub(super) sigmas: [f64; 3],
    pub(super) kind: Interpolation,
    pub(super) edge: Edge,
}

/// A type that kernels run in. The methods are no generic functions, so that a crate that resamples does not compile them again.
pub(super) trait Kernels: Compute {
    /// What [`Kernels::fill`] reads: smoothed, prefiltered and in the order of the plan where that is asked for.
    fn prepare<'s>(samples: Cow<'s, [Self]>, job: &Job<'_>, ctx: &Ctx<'_>, stage: &Stage<'_>) -> Cow<'s, [Self]>;

    /// Fills whole output planes from plane `first`. Stops where the stage is stopped.
    fn fill(samples: &[Self], job: &Job<'_>, outside: Self, first: usize, out: &mut [Self], stage: &Stage<'_>);
}

macro_rules! kernels {
    ($($compute:ty),*) => {$(
        impl Kernels for $compute {
            fn prepare<'s>(samples: Cow<'s, [Self]>, job: &Job<'_>, ctx: &Ctx<'_>, stage: &Stage<'_>) -> Cow<'s, [Self]> {
                prepare(samples, job, ctx, stage)
            }

            fn fill(samples: &[Self], job: &Job<'_>, outside: Self, first: usize, out: &mut [Self], stage: &Stage<'_>) {
                fill(samples, job, outside, first, out, stage);
            }
        }
    )*};
}
kernels!(f32, f64);

fn prepare<'s, C: Compute>(mut samples: Cow<'s, [C]>, job: &Job<'_>, ctx: &Ctx<'_>, stage: &Stage<'_>) -> Cow<'s, [C]> {
    if job.sigmas != [0.0; 3] || job.kind == Interpolation::BSpline3 {
        let mut own = owned(samples, ctx, stage);
        if job.sigmas != [0.0; 3] {
            antialias::smooth(&mut own, job.input, job.sigmas, ctx, stage);
        }
        if job.kind == Interpolation::BSpline3 {
            prefilter(&mut own, job.input, stage);
        }
        samples = Cow::Owned(own);
    }
    match job.plan {
        Plan::Separable(reorder, _) if reorder.axes() != [0, 1, 2] => {
            let mut turned = ctx.take(samples.len());
            reorder.gather_into(&samples, C::default(), &mut turned, stage);
            give(samples, ctx);
            Cow::Owned(turned)
        }
        _ => samples,
    }
}

fn fill<C: Compute>(samples: &[C], job: &Job<'_>, outside: C, first: usize, out: &mut [C], stage: &Stage<'_>) {
    let Job { input, output, kind, edge, .. } = *job;
    match job.plan {
        Plan::Separable(_, axes) => separable::fill(samples, axes, outside, first, out, stage),
        Plan::General(places) => {
            General { samples, input, shape: output, places: *places, kind, edge, outside }.fill(first, out, stage);
        }
        // copied in the stored type
        Plan::Lattice(_) => {}
    }
}

/// Gives memory back to the scratch, where it was taken.
pub(super) fn give<C: Compute>(samples: Cow<'_, [C]>, ctx: &Ctx<'_>) {
    if let Cow::Owned(samples) = samples {
        ctx.give(samples);
    }
}

fn owned<C: Compute>(samples: Cow<'_, [C]>, ctx: &Ctx<'_>, stage: &Stage<'_>) -> Vec<C> {
    match samples {
        Cow::Owned(samples) => samples,
        Cow::Borrowed(samples) => {
            let mut own = ctx.take(samples.len());
            copy(samples, &mut own, stage);
            own
        }
    }
}
