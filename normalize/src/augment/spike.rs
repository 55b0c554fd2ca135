//! Spikes in k-space: stripes across the image.

use isocenter_volume::{Geometry, provenance::Parameter};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Range, draws::Draws, range::within};
use crate::Error;

/// Adds a wave for each wrong sample of k-space. As TorchIO's `RandomSpike` for images without negative values, where the largest value of the spectrum is the sum of all voxels; here that sum, of
/// sizes, of the image before any spike, is what the intensity is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Spike {
    /// Fewest and most spikes ([1, 1]).
    pub spikes: [u32; 2],
    /// Size of a spike by the sum of the image's sizes, so that a wave is as high as this many means ([1, 3]).
    pub intensity: Range,
}

impl Default for Spike {
    fn default() -> Self {
        Self { spikes: [1, 1], intensity: Range::new(1.0, 3.0) }
    }
}

/// The numbers of a [`Spike`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnSpike {
    /// Shares of k-space along i, j and k, from its lowest negative frequency.
    #[serde(with = "isocenter_volume::exact::vectors")]
    positions: Vec<[f64; 3]>,
    #[serde(with = "isocenter_volume::exact")]
    intensity: f64,
}

impl Spike {
    pub(super) fn check(&self) -> Result<(), Error> {
        Range::new(f64::from(self.spikes[0]), f64::from(self.spikes[1])).check("the number of spikes", 0.0, MOST)?;
        self.intensity.check("the intensity of spikes", -MOST, MOST)
    }

    pub(super) fn draw(&self, draws: &mut Draws, strength: f64) -> DrawnSpike {
        let intensity = draws.within(self.intensity) * strength;
        let count = draws.whole(self.spikes);
        DrawnSpike { positions: (0..count).map(|_| draws.three(Range::new(0.0, 1.0))).collect(), intensity }
    }
}

impl DrawnSpike {
    pub(super) fn check(&self) -> Result<(), Error> {
        within("the number of spikes", self.positions.len() as f64, 0.0, MOST)?;
        within("the intensity of spikes", self.intensity, -MOST, MOST)?;
        self.positions.iter().flatten().try_for_each(|v| within("the place of a spike", *v, 0.0, 1.0))
    }

    pub(super) fn is_identity(&self) -> bool {
        self.positions.is_empty() || self.intensity == 0.0
    }

    pub(super) fn apply(&self, samples: &mut [f32], grid: &Geometry) {
        let shape = grid.shape();
        let size = |block: &[f32]| -> f64 { block.iter().filter(|v| v.is_finite()).map(|v| f64::from(v.abs())).sum() };
        // in blocks, folded in order: the same bits for any pool
        let sums: Vec<f64> = samples.par_chunks(BLOCK).map(size).collect();
        let height = self.intensity * sums.iter().sum::<f64>() / samples.len() as f64;
        for position in &self.positions {
            // the turns of a wave along each axis, from voxel to voxel
            let turns = |a: usize| -> Vec<[f64; 2]> {
                let n = shape[a];
                let index = ((position[a] * n as f64) as usize).min(n - 1);
                let turn = |x: usize| {
                    let part = (index + n - n / 2) % n * x % n;
                    let (sin, cos) = libm::sincos(std::f64::consts::TAU * part as f64 / n as f64);
                    [cos, sin]
                };
                (0..n).map(turn).collect()
            };
            let [x, y, z] = [turns(0), turns(1), turns(2)];
            samples.par_chunks_mut(shape[0]).enumerate().for_each(|(row, samples)| {
                let ([yc, ys], [zc, zs]) = (y[row % shape[1]], z[row / shape[1]]);
                let (cos, sin) = (height * (yc * zc - ys * zs), height * (ys * zc + yc * zs));
                for (sample, [xc, xs]) in samples.iter_mut().zip(&x) {
                    *sample = (f64::from(*sample) + xc * cos - xs * sin) as f32;
                }
            });
        }
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        let positions = self.positions.iter().flatten().copied().collect();
        vec![("positions", Parameter::Numbers(positions)), ("intensity", self.intensity.into())]
    }
}

const BLOCK: usize = 1 << 16;
const MOST: f64 = 1e4;
