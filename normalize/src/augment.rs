//! More training images from few: random changes of an image that leave its meaning alone.
//!
//! An [`Augment`] is a list of random changes, each with the ranges that its numbers come from, and serializes as a recipe does. A *draw* for a seed and an item's name fixes every number; the
//! [`Drawn`] serializes too and is the provenance: applied again, it gives the same bytes, on any machine and with any number of threads. Draws of two items, or of two changes of one list, have nothing to do with each other.
//!
//! Changes of place ([`Affine`], [`Elastic`]) of one draw become one map of the world, by which images and label maps are sampled once, each on its own grid; changes of values come
//! after them, in their order, and touch images alone. `strength` draws all numbers towards no change: at 0 an image comes back to the bit.
//!
//! Parameters and defaults are TorchIO's (F. Pérez-García et al., Computer Methods and Programs in Biomedicine 2021), where they are not said to differ. Directions are the world's: x, y, z of LPS+, where TorchIO's are those of RAS+.
//! Spectra are those of lines along one axis, and of lines alone: a change that depends on one frequency only is a circular convolution along its axis, and a spike is a wave, so that no volume has to be transformed.
//!
//! Samples are real values ([`crate::Error::NotReal`] otherwise). NaN stays where it is, and reaches what a change joins it with (neighbours of a blur, the line of a ghost).
//!
//! # Examples
//! ```
//! use isocenter_normalize::augment::{Augment, Gamma, Noise, Random};
//! use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};
//!
//! let grid = Geometry::new([4, 4, 4], Affine::IDENTITY, Frame::Patient(None))?;
//! let image = Volume::new(vec![100.0f32; 64], grid.clone())?;
//! let augment = Augment::new([Random::Gamma(Gamma::default()), Random::Noise(Noise::default())])?;
//! let drawn = augment.draw(2026, "case-7");
//! let out = drawn.apply(&grid, &image, &Ctx::default())?;
//! let again = augment.draw(2026, "case-7").apply(&grid, &image, &Ctx::default())?;
//! assert_eq!(out.voxels(), again.voxels());
//! assert_ne!(out.voxels(), image.voxels());
//! # Ok::<_, isocenter_normalize::Error>(())
//! ```

mod affine;
mod apply;
mod bias_field;
mod blur;
mod drawn;
mod draws;
mod elastic;
mod gamma;
mod ghosting;
mod lines;
mod low_resolution;
mod motion;
mod noise;
mod range;
mod recipe;
mod rigid;
mod sampling;
mod spike;

pub use self::{
    affine::{Affine, DrawnAffine},
    bias_field::{BiasField, DrawnBiasField},
    blur::{Blur, DrawnBlur},
    drawn::{Change, Drawn},
    elastic::{DrawnElastic, Elastic},
    gamma::{DrawnGamma, Gamma},
    ghosting::{DrawnGhosting, Ghosting},
    low_resolution::{DrawnLowResolution, LowResolution},
    motion::{DrawnMotion, Motion},
    noise::{DrawnNoise, Noise, NoiseKind},
    range::Range,
    recipe::{Augment, Chance, Random},
    sampling::{LabelSampling, Sampling},
    spike::{DrawnSpike, Spike},
};
