//! Noise.

use isocenter_volume::provenance::Parameter;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    Range,
    draws::{Draws, normals},
    range::within,
};
use crate::Error;

/// How noise joins an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoiseKind {
    /// It is added.
    #[default]
    Gaussian,
    /// It is added to the real and the imaginary part of a complex image whose magnitude is taken: magnitude MR.
    Rician,
}

/// Adds noise to every voxel. As TorchIO's `RandomNoise`, and MONAI's `RandRicianNoise`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Noise {
    /// How it joins the image (gaussian).
    pub kind: NoiseKind,
    /// Mean of the noise, in the unit of the image ([0, 0]).
    pub mean: Range,
    /// Standard deviation, in the unit of the image ([0, 0.25], for images whose deviation is 1).
    pub deviation: Range,
}

impl Default for Noise {
    fn default() -> Self {
        Self { kind: NoiseKind::Gaussian, mean: Range::new(0.0, 0.0), deviation: Range::new(0.0, 0.25) }
    }
}

/// The numbers of a [`Noise`]; the noise of each voxel follows from `key` and the voxel's place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnNoise {
    kind: NoiseKind,
    #[serde(with = "isocenter_volume::exact")]
    mean: f64,
    #[serde(with = "isocenter_volume::exact")]
    deviation: f64,
    /// Kept below 2^53, which any reader of JSON holds.
    key: u64,
}

impl Noise {
    pub(super) fn check(&self) -> Result<(), Error> {
        self.mean.check("the mean of the noise", -MOST, MOST)?;
        self.deviation.check("the deviation of the noise", 0.0, MOST)
    }

    pub(super) fn draw(&self, draws: &mut Draws, strength: f64) -> DrawnNoise {
        let (mean, deviation) = (draws.within(self.mean) * strength, draws.within(self.deviation) * strength);
        DrawnNoise { kind: self.kind, mean, deviation, key: draws.key() >> 11 }
    }
}

impl DrawnNoise {
    pub(super) fn check(&self) -> Result<(), Error> {
        within("the mean of the noise", self.mean, -MOST, MOST)?;
        within("the deviation of the noise", self.deviation, 0.0, MOST)
    }

    pub(super) fn is_identity(&self) -> bool {
        self.mean == 0.0 && self.deviation == 0.0
    }

    pub(super) fn apply(&self, samples: &mut [f32], step: usize) {
        let blocks = samples.len().div_ceil(BLOCK);
        samples.par_chunks_mut(BLOCK).enumerate().for_each(|(n, block)| {
            let mut next = normals(self.key, (step * blocks + n) as u64);
            let mut noise = || next().map(|v| self.mean + self.deviation * v);
            match self.kind {
                NoiseKind::Gaussian => block.chunks_mut(2).for_each(|pair| {
                    pair.iter_mut().zip(noise()).for_each(|(v, n)| *v = (f64::from(*v) + n) as f32);
                }),
                NoiseKind::Rician => block.iter_mut().for_each(|v| {
                    let [real, imaginary] = noise();
                    let real = f64::from(*v) + real;
                    *v = (real * real + imaginary * imaginary).sqrt() as f32;
                }),
            }
        });
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        let kind = match self.kind {
            NoiseKind::Gaussian => "gaussian",
            NoiseKind::Rician => "rician",
        };
        let (mean, deviation) = (self.mean.into(), self.deviation.into());
        vec![("kind", kind.into()), ("mean", mean), ("deviation", deviation), ("key", (self.key as f64).into())]
    }
}

/// Samples that share one stream: fixed, so that the noise does not depend on the pool.
const BLOCK: usize = 1 << 14;
const MOST: f64 = 1e12;
