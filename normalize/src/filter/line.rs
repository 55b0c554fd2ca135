//! Weighted sums of rows, compiled for the machine at hand.

use isocenter_volume::hot::{self, Hot};

/// Results that are held in registers while the rows are gone through.
const LANES: usize = 32;

/// `out[i]` becomes the sum over `t` of `weights[t] * rows[t][i]`, in the order of `t`. Every row is at least as long as `out`.
pub(super) struct Weigh<'a> {
    pub(super) rows: &'a [&'a [f32]],
    pub(super) weights: &'a [f32],
    pub(super) out: &'a mut [f32],
}

impl Weigh<'_> {
    pub(super) fn dispatch(self) {
        hot::dispatch(self);
    }
}

impl Hot for Weigh<'_> {
    #[inline(always)]
    fn run(self) {
        let mut at = 0;
        let mut blocks = self.out.chunks_exact_mut(LANES);
        for out in &mut blocks {
            let mut sums = [0f32; LANES];
            for (row, weight) in self.rows.iter().zip(self.weights) {
                let Some(row) = row.get(at..at + LANES) else { continue };
                for (sum, value) in sums.iter_mut().zip(row) {
                    *sum += weight * value;
                }
            }
            out.copy_from_slice(&sums);
            at += LANES;
        }
        for (i, out) in blocks.into_remainder().iter_mut().enumerate() {
            let terms = self.rows.iter().zip(self.weights);
            *out = terms.fold(0.0, |sum, (row, weight)| sum + weight * row.get(at + i).copied().unwrap_or(0.0));
        }
    }
}
