//! Another contrast.

use isocenter_volume::provenance::Parameter;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Range, draws::Draws, range::within};
use crate::Error;

/// Raises the size of values to a power, and keeps their sign; meant for values between -1 and 1. As TorchIO's `RandomGamma`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Gamma {
    /// The natural logarithm of the power ([-0.3, 0.3]).
    pub log_gamma: Range,
}

impl Default for Gamma {
    fn default() -> Self {
        Self { log_gamma: Range::around_zero(0.3) }
    }
}

/// The power of a [`Gamma`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnGamma {
    #[serde(with = "isocenter_volume::exact")]
    log_gamma: f64,
}

impl Gamma {
    pub(super) fn check(&self) -> Result<(), Error> {
        self.log_gamma.check("the logarithm of gamma", -MOST, MOST)
    }

    pub(super) fn draw(&self, draws: &mut Draws, strength: f64) -> DrawnGamma {
        DrawnGamma { log_gamma: draws.within(self.log_gamma) * strength }
    }
}

impl DrawnGamma {
    /// The power.
    pub fn gamma(&self) -> f64 {
        libm::exp(self.log_gamma)
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        within("the logarithm of gamma", self.log_gamma, -MOST, MOST)
    }

    pub(super) fn is_identity(&self) -> bool {
        self.log_gamma == 0.0
    }

    pub(super) fn apply(&self, samples: &mut [f32]) {
        let gamma = self.gamma();
        samples.par_chunks_mut(1 << 14).for_each(|block| {
            for v in block {
                *v = libm::pow(f64::from(v.abs()), gamma).copysign(f64::from(*v)) as f32;
            }
        });
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        vec![("gamma", self.gamma().into())]
    }
}

const MOST: f64 = 10.0;
