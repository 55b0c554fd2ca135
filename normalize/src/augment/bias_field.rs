//! The shading of a receive coil.

use isocenter_volume::{Geometry, provenance::Parameter};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Range, draws::Draws, range::within};
use crate::Error;

/// Multiplies by the exponential of a polynomial over the image, which runs from -1 to 1 along each axis. As TorchIO's `RandomBiasField`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct BiasField {
    /// Coefficients ([-0.5, 0.5]).
    pub coefficients: Range,
    /// Largest order of a term, 0 to 8 (3).
    pub order: u32,
}

impl Default for BiasField {
    fn default() -> Self {
        Self { coefficients: Range::around_zero(0.5), order: 3 }
    }
}

/// The polynomial of a [`BiasField`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnBiasField {
    order: u32,
    /// By the powers of i, j and k, the last changing fastest.
    #[serde(with = "isocenter_volume::exact::list")]
    coefficients: Vec<f64>,
}

impl BiasField {
    pub(super) fn check(&self) -> Result<(), Error> {
        self.coefficients.check("the coefficients", -MOST, MOST)?;
        within("the order", f64::from(self.order), 0.0, f64::from(MOST_ORDER))
    }

    pub(super) fn draw(&self, draws: &mut Draws, strength: f64) -> DrawnBiasField {
        let coefficients = powers(self.order).map(|_| draws.within(self.coefficients) * strength).collect();
        DrawnBiasField { order: self.order, coefficients }
    }
}

impl DrawnBiasField {
    pub(super) fn check(&self) -> Result<(), Error> {
        within("the order", f64::from(self.order), 0.0, f64::from(MOST_ORDER))?;
        let (wanted, found) = (powers(self.order).count(), self.coefficients.len());
        if found != wanted {
            return Err(Error::Length { what: "the list of coefficients", wanted, found });
        }
        self.coefficients.iter().try_for_each(|v| within("a coefficient", *v, -MOST, MOST))
    }

    pub(super) fn is_identity(&self) -> bool {
        self.coefficients.iter().all(|v| *v == 0.0)
    }

    pub(super) fn apply(&self, samples: &mut [f32], grid: &Geometry) {
        let shape = grid.shape();
        let place = |n: usize, a: usize| match shape[a] {
            1 => 0.0,
            count => 2.0 * n as f64 / (count - 1) as f64 - 1.0,
        };
        let power = |base: f64, exponent: u32| (0..exponent).fold(1.0, |product, _| product * base);
        samples.par_chunks_mut(shape[0]).enumerate().for_each(|(row, samples)| {
            let (y, z) = (place(row % shape[1], 1), place(row / shape[1], 2));
            // of one row, what stands before each power of x
            let mut terms = vec![0.0; self.order as usize + 1];
            for ([a, b, c], coefficient) in powers(self.order).zip(&self.coefficients) {
                terms[a as usize] += coefficient * power(y, b) * power(z, c);
            }
            for (i, sample) in samples.iter_mut().enumerate() {
                let x = place(i, 0);
                let log = terms.iter().rev().fold(0.0, |sum, term| sum * x + term);
                *sample = (f64::from(*sample) * libm::exp(log)) as f32;
            }
        });
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        let coefficients = Parameter::Numbers(self.coefficients.clone());
        vec![("order", f64::from(self.order).into()), ("coefficients", coefficients)]
    }
}

/// The powers of all terms up to an order.
fn powers(order: u32) -> impl Iterator<Item = [u32; 3]> {
    (0..=order).flat_map(move |a| (0..=order - a).flat_map(move |b| (0..=order - a - b).map(move |c| [a, b, c])))
}

const MOST: f64 = 20.0;
const MOST_ORDER: u32 = 8;
