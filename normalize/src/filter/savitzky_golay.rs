//! Savitzky-Golay smoothing along one axis.

use isocenter_volume::{Ctx, Geometry, provenance::Parameter};
use serde::{Deserialize, Serialize};

use super::{Boundary, separable};
use crate::Error;

/// Replaces every voxel by the value there of the polynomial that fits its neighbours along one axis best (A. Savitzky and M. J. E.
/// Golay, 1964).
///
/// The default boundary is zeros, as MONAI's. A NaN reaches as far as the window does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct SavitzkyGolay {
    window: u32,
    order: u32,
    axis: u32,
    boundary: Boundary,
}

impl SavitzkyGolay {
    /// A window of voxels and the degree of the polynomial, along axis 0 (i), 1 (j) or 2 (k).
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a window that is even or beyond 1 to 63, a degree above 12 or not below the window, another axis.
    pub fn new(window: u32, order: u32, axis: u32) -> Result<Self, Error> {
        let wrong = |what, wanted, found: u32| Err(Error::BadParameter { what, wanted, found: f64::from(found) });
        if window.is_multiple_of(2) || window > 63 {
            return wrong("window", "an odd number up to 63", window);
        }
        if order >= window || order > 12 {
            return wrong("order", "below the window, and at most 12", order);
        }
        if axis > 2 {
            return wrong("axis", "0, 1 or 2", axis);
        }
        Ok(Self { window, order, axis, boundary: Boundary::Zero })
    }

    /// Sets what lies beyond the image.
    #[must_use]
    pub const fn boundary(mut self, boundary: Boundary) -> Self {
        self.boundary = boundary;
        self
    }

    /// The weights of the window's voxels.
    ///
    /// The value at the middle of the best polynomial is a sum over discrete orthogonal polynomials, built by their three-term recurrence: no
    /// system of equations, which would lose digits.
    pub fn weights(&self) -> Vec<f64> {
        let half = f64::from(self.window / 2);
        let places: Vec<f64> = (0..self.window).map(|n| f64::from(n) - half).collect();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let middle = self.window as usize / 2;
        let (mut before, mut here) = (vec![0.0; places.len()], vec![1.0; places.len()]);
        let mut norm_before = 1.0;
        let mut weights = vec![0.0; places.len()];
        for degree in 0..=self.order {
            let norm = dot(&here, &here);
            let share = here[middle] / norm;
            weights.iter_mut().zip(&here).for_each(|(w, p)| *w += share * p);
            // places are symmetric: no middle term
            let back = if degree == 0 { 0.0 } else { norm / norm_before };
            let next = places.iter().zip(&here).zip(&before).map(|((x, p), q)| x * p - back * q).collect();
            (before, here, norm_before) = (here, next, norm);
        }
        weights
    }

    pub(super) fn run(&self, samples: &[f32], grid: &Geometry, out: &mut [f32], ctx: &Ctx<'_>) -> Result<(), Error> {
        let weights: Vec<f32> = self.weights().into_iter().map(|w| w as f32).collect();
        let kernels = [0, 1, 2].map(|axis| if axis == self.axis { &weights[..] } else { &[1.0][..] });
        separable::convolve(samples, grid.shape(), kernels, self.boundary, out, ctx)
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        vec![
            ("window", self.window.into()),
            ("order", self.order.into()),
            ("axis", self.axis.into()),
            ("boundary", self.boundary.name().into()),
        ]
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    window: u32,
    order: u32,
    axis: u32,
    #[serde(default = "zero")]
    boundary: Boundary,
}

const fn zero() -> Boundary {
    Boundary::Zero
}

impl TryFrom<Repr> for SavitzkyGolay {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        Ok(Self::new(r.window, r.order, r.axis)?.boundary(r.boundary))
    }
}

impl From<SavitzkyGolay> for Repr {
    fn from(s: SavitzkyGolay) -> Self {
        let SavitzkyGolay { window, order, axis, boundary } = s;
        Self { window, order, axis, boundary }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_those_of_the_tables() {
        let table = [-3.0, 12.0, 17.0, 12.0, -3.0].map(|w| w / 35.0);
        let found = SavitzkyGolay::new(5, 2, 0).unwrap().weights();
        assert!(found.iter().zip(table).all(|(a, b)| (a - b).abs() < 1e-15), "{found:?}");
        // degree 3 adds an odd polynomial, which is 0 in the middle
        assert!(SavitzkyGolay::new(5, 3, 0).unwrap().weights().iter().zip(table).all(|(a, b)| (a - b).abs() < 1e-15));
        let nine = SavitzkyGolay::new(9, 4, 0).unwrap().weights();
        assert!((nine[4] - 179.0 / 429.0).abs() < 1e-14);
        for (window, order, axis) in [(4, 2, 0), (5, 5, 0), (5, 2, 3), (65, 2, 0)] {
            assert!(SavitzkyGolay::new(window, order, axis).is_err());
        }
    }
}
