//! What a kernel has to know of samples before it mixes them.

use rayon::prelude::*;

use super::Compute;
use crate::Stage;

/// Samples that one thread surveys at a time.
const BLOCK: usize = 1 << 16;

/// What a kernel has to know of the samples before it mixes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Survey {
    /// Samples that are NaN or infinite.
    pub(crate) holes: usize,
    /// Whether all others are one value. Its interpolation is that value: a prefilter would turn its rounding into noise.
    pub(crate) is_constant: bool,
}

impl Survey {
    /// Of samples that no kernel mixes: nobody has to look.
    pub(crate) const NOTHING_TO_SAY: Self = Self { holes: 0, is_constant: false };

    /// Looks at all samples once; stops where the stage is stopped.
    pub(crate) fn of<C: Compute>(samples: &[C], stage: &Stage<'_>) -> Self {
        let parts: Vec<(usize, Option<(C, C)>)> = samples
            .par_chunks(BLOCK)
            .map(|block| if stage.check().is_ok() { survey(block) } else { (0, None) })
            .collect();
        let holes = parts.iter().map(|p| p.0).sum();
        let ranges = parts.into_iter().filter_map(|p| p.1);
        let range = ranges.reduce(|(a, b), (c, d)| (if c < a { c } else { a }, if d > b { d } else { b }));
        Self { holes, is_constant: range.is_some_and(|(low, high)| low == high) }
    }
}

/// How many samples of a block are not finite, and the range of the others.
fn survey<C: Compute>(block: &[C]) -> (usize, Option<(C, C)>) {
    let (mut low, mut high, mut is_finite) = (block[0], block[0], true);
    for &v in block {
        is_finite &= v.is_number();
        low = if v < low { v } else { low };
        high = if v > high { v } else { high };
    }
    if is_finite {
        return (0, Some((low, high)));
    }
    let finite = || block.iter().copied().filter(|v| v.is_number());
    let range =
        finite().map(|v| (v, v)).reduce(|(a, b), (c, d)| (if c < a { c } else { a }, if d > b { d } else { b }));
    (block.len() - finite().count(), range)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ctx;

    #[test]
    fn a_survey_sees_holes_and_constants_in_any_block() {
        let ctx = Ctx::default();
        let stage = ctx.stage("test", 0);
        let of = |change: &[(usize, f32)]| {
            let mut samples = vec![7.5f32; 3 * BLOCK + 5];
            change.iter().for_each(|&(n, v)| samples[n] = v);
            let found = Survey::of(&samples, &stage);
            (found.holes, found.is_constant)
        };
        assert_eq!(of(&[]), (0, true));
        assert_eq!(of(&[(BLOCK, 7.6)]), (0, false));
        assert_eq!(of(&[(2 * BLOCK, f32::NAN), (3 * BLOCK + 4, f32::NEG_INFINITY)]), (2, true));
        assert_eq!(of(&[(0, f32::INFINITY), (9, 7.4)]), (1, false));
        assert!(!Survey::of(&[f32::NAN; 9], &stage).is_constant);
    }
}
