//! What a scanner adds: a coil's slow shading and noise.

use isocenter_volume::Geometry;
use rayon::prelude::*;

use crate::{random::Stream, tissue::Contrast};

/// How much a scanner adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Artifacts {
    /// Depth of the shading of MR, as a part of the signal: 0.15 is from about -15 % to +15 %.
    pub shading: f64,
    /// Deviation of the noise: units of the contrast for MR and HU, a part of the value for uptake.
    pub noise: f64,
}

impl Artifacts {
    /// Nothing is added.
    pub const NONE: Self = Self { shading: 0.0, noise: 0.0 };

    /// What a clinical scan of that contrast looks like.
    pub const fn typical(contrast: Contrast) -> Self {
        match contrast {
            Contrast::T1 | Contrast::T2 | Contrast::Flair => Self { shading: 0.12, noise: 16.0 },
            Contrast::Ct => Self { shading: 0.0, noise: 7.0 },
            Contrast::Suv => Self { shading: 0.0, noise: 0.04 },
        }
    }

    /// Adds to values on a grid, `i` fastest. A voxel's noise depends on seed and index, the shading on seed and world position.
    pub(crate) fn apply(self, values: &mut [f32], geometry: &Geometry, contrast: Contrast, seed: u64) {
        if self == Self::NONE {
            return;
        }
        let noise = Stream::new(seed).fork("noise");
        let shading = Shading::new(Stream::new(seed).fork("shading"), geometry);
        let [nx, ny, _] = geometry.shape();
        let step = geometry.affine().column(0);
        values.par_chunks_mut(nx).enumerate().for_each(|(row, values)| {
            let start = geometry.world_of([0.0, (row % ny) as f64, (row / ny) as f64]);
            for (i, value) in values.iter_mut().enumerate() {
                let counter = 2 * (row * nx + i) as u64;
                let clean = f64::from(*value);
                let real = noise.normal(counter);
                *value = match contrast {
                    Contrast::Ct => clean + self.noise * real,
                    Contrast::Suv => (clean * (1.0 + self.noise * real)).max(0.0),
                    _ => {
                        let p = [0, 1, 2].map(|a| start[a] + step[a] * i as f64);
                        let shaded = clean * (1.0 + self.shading * shading.at(p)) + self.noise * real;
                        let imaginary = self.noise * noise.normal(counter + 1);
                        (shaded * shaded + imaginary * imaginary).sqrt()
                    }
                } as f32;
            }
        });
    }
}

/// A field between about -1 and 1 that changes over the size of a head: a quadratic in the world's millimetres.
struct Shading {
    centre: [f64; 3],
    linear: [f64; 3],
    bowl: [f64; 3],
}

impl Shading {
    fn new(stream: Stream, geometry: &Geometry) -> Self {
        Self {
            centre: geometry.centre_mm(),
            linear: [0, 1, 2].map(|a| stream.between(a, -0.006, 0.006)),
            bowl: [3, 4, 5].map(|a| stream.between(a, 2e-5, 6e-5)),
        }
    }

    #[inline]
    fn at(&self, world: [f64; 3]) -> f64 {
        let d = [0, 1, 2].map(|a| (world[a] - self.centre[a]).clamp(-120.0, 120.0));
        let tilt = self.linear[0] * d[0] + self.linear[1] * d[1] + self.linear[2] * d[2];
        let bowl = self.bowl[0] * d[0] * d[0] + self.bowl[1] * d[1] * d[1] + self.bowl[2] * d[2] * d[2];
        (tilt + bowl - 0.3).clamp(-1.5, 1.5)
    }
}
