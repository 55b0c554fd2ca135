//! What a kernel has to know of samples before it mixes them.

use rayon::prelude::*;

use super::Compute;
use crate::Stage;

/// Samples that one thread surveys at a time.
const BLOCK: usize = 1 << 16;

/// Samples that are NaN or infinite; stops where the stage is stopped.
pub(crate) fn holes<C: Compute>(samples: &[C], stage: &Stage<'_>) -> usize {
    // a block that is whole is told without a branch, so that the loop runs in vectors
    let of = |block: &[C]| match is_whole(block) {
        true => 0,
        false => block.iter().filter(|v| !v.is_number()).count(),
    };
    samples.par_chunks(BLOCK).map(|block| if stage.check().is_ok() { of(block) } else { 0 }).sum()
}

/// Whether no sample is NaN or infinite.
fn is_whole<C: Compute>(samples: &[C]) -> bool {
    samples.iter().fold(true, |whole, v| whole & v.is_number())
}

/// Whether all samples but holes are one value. Its interpolation is that value: a prefilter would turn its rounding into noise.
///
/// Ends at the first that differs, so that it costs little where there is one; says no where the stage is stopped.
pub(crate) fn is_constant<C: Compute>(samples: &[C], stage: &Stage<'_>) -> bool {
    let Some(&first) = samples.iter().find(|v| v.is_number()) else { return false };
    let differs = |block: &[C]| stage.check().is_err() || block.iter().any(|v| *v != first && v.is_number());
    !samples.par_chunks(BLOCK).any(differs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ctx;

    #[test]
    fn holes_and_constants_are_seen_in_any_block() {
        let ctx = Ctx::default();
        let stage = ctx.stage("test", 0);
        let of = |change: &[(usize, f32)]| {
            let mut samples = vec![7.5f32; 3 * BLOCK + 5];
            change.iter().for_each(|&(n, v)| samples[n] = v);
            (holes(&samples, &stage), is_constant(&samples, &stage))
        };
        assert_eq!(of(&[]), (0, true));
        assert_eq!(of(&[(BLOCK, 7.6)]), (0, false));
        assert_eq!(of(&[(2 * BLOCK, f32::NAN), (3 * BLOCK + 4, f32::NEG_INFINITY)]), (2, true));
        assert_eq!(of(&[(0, f32::INFINITY), (9, 7.4)]), (1, false));
        assert!(!is_constant(&[f32::NAN; 9], &stage));
    }
}
