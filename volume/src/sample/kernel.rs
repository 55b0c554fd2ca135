//! Which voxels along one axis make up a value, and with what weight.

use super::{Fold, Interpolation, bspline, fold::SNAP, sinc};

/// An interpolation along one axis.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kernel {
    kind: Interpolation,
}

impl Kernel {
    pub(crate) const fn new(kind: Interpolation) -> Self {
        Self { kind }
    }

    /// Voxels that take part.
    pub(crate) const fn taps(self) -> usize {
        self.kind.taps()
    }

    /// What an index beyond the ends reads.
    pub(crate) const fn fold(self) -> Fold {
        match self.kind {
            Interpolation::BSpline3 => Fold::Mirror,
            _ => Fold::Clamp,
        }
    }

    /// How many voxels before `floor` of the place the first one lies.
    pub(crate) const fn before(self) -> i64 {
        match self.kind {
            Interpolation::Nearest | Interpolation::Linear => 0,
            _ => self.kind.taps() as i64 / 2 - 1,
        }
    }

    /// The first voxel and the weights of all (`out` holds one each) at a place; optionally their derivatives.
    pub(crate) fn weights(self, at: f64, out: &mut [f64], slopes: Option<&mut [f64]>) -> i64 {
        if self.kind == Interpolation::Nearest {
            out[0] = 1.0;
            if let Some(slopes) = slopes {
                slopes[0] = 0.0;
            }
            return nearest(at);
        }
        let base = at.floor();
        let frac = at - base;
        match self.kind {
            Interpolation::Linear => {
                out.copy_from_slice(&[1.0 - frac, frac]);
                if let Some(slopes) = slopes {
                    slopes.copy_from_slice(&[-1.0, 1.0]);
                }
            }
            Interpolation::BSpline3 => {
                out.copy_from_slice(&bspline::weights(frac));
                if let Some(slopes) = slopes {
                    slopes.copy_from_slice(&bspline::slopes(frac));
                }
            }
            _ => sinc::weights(self.kind, frac, out, slopes),
        }
        base as i64 - self.before()
    }
}

/// The nearest voxel; half goes up.
#[inline(always)]
pub(crate) fn nearest(at: f64) -> i64 {
    (at + 0.5 + SNAP).floor() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Interpolation; 8] = [
        Interpolation::Nearest,
        Interpolation::Linear,
        Interpolation::BSpline3,
        Interpolation::Lanczos { radius: 5 },
        Interpolation::Hamming { radius: 3 },
        Interpolation::Blackman { radius: 4 },
        Interpolation::Cosine { radius: 2 },
        Interpolation::Welch { radius: 5 },
    ];

    #[test]
    fn slopes_are_the_derivatives_of_the_weights() {
        for kind in ALL {
            let kernel = Kernel::new(kind);
            let n = kernel.taps();
            let (mut low, mut high, mut slopes) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
            for at in [7.2, 7.75, 7.999, 8.001] {
                let first = kernel.weights(at - 1e-6, &mut low, None);
                assert_eq!(kernel.weights(at + 1e-6, &mut high, Some(&mut slopes)), first);
                for t in 0..n {
                    let measured = (high[t] - low[t]) / 2e-6;
                    assert!((measured - slopes[t]).abs() < 1e-4, "{kind} {at} {t}: {measured} {}", slopes[t]);
                }
            }
        }
    }

    #[test]
    fn a_voxel_centre_reads_its_voxel() {
        for kind in ALL.into_iter().filter(|k| *k != Interpolation::BSpline3) {
            let kernel = Kernel::new(kind);
            let mut weights = vec![0.0; kernel.taps()];
            let first = kernel.weights(4.0, &mut weights, None);
            for (t, weight) in weights.iter().enumerate() {
                assert_eq!(*weight, f64::from(first + t as i64 == 4), "{kind}");
            }
        }
    }
}
