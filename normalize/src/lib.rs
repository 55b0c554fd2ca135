//! Intensity normalization of medical images: z-score, windows, percentiles, standardizing, histograms, bias fields, filters, PET uptake,
//! features of many sites on one footing, and random changes for training.
//!
//! Every step works in two halves. *Fitting* reads a volume and measures what the step needs (a mean, two percentiles, a dose
//! at a point in time) over a [`Region`] of it; the result is a [`Fitted`] map. *Applying* runs that map over samples: into a
//! new volume, into a buffer, or in place, one pass over memory. A fitted map serializes, and has an inverse where nothing was
//! lost; the map of a [`filter`] is its description, that of [`N4`] a [`BiasField`]. [`Step`] is the closed set of steps as a recipe names them.
//!
//! Samples are *real* values (see [`isocenter_volume::Volume::to_real`]); a volume whose scaling is still to be applied is
//! refused. Sums are taken in f64 over fixed blocks that are folded in order, so that the bits are the same for any number of
//! threads. Samples that are NaN or infinite play no part in a statistic (their number is in the record) and NaN stays NaN;
//! [`FillNonFinite`] replaces them.
//!
//! [`augment`] makes training images of images; [`names`] is apart: it gives codes to the names of studies, series and body parts.
//!
//! # Examples
//! ```
//! use isocenter_normalize::{Region, Step, ZScore};
//! use isocenter_volume::{Affine, Ctx, Frame, Geometry, Unit, Volume};
//!
//! let grid = Geometry::new([4, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
//! let image = Volume::new(vec![0.0f32, 2.0, 4.0, 6.0], grid)?;
//! let step = Step::ZScore(ZScore::new(Region::NonZero));
//! let (out, record) = step.apply(&image, None, &Ctx::default())?;
//! assert_eq!(out.voxels()[2], 0.0); // the mean of 2, 4 and 6
//! assert_eq!(record.fitted().measured()["mean"], 4.0);
//! assert_eq!(out.scaling().unit(), &Unit::StandardDeviations);
//! # Ok::<_, isocenter_normalize::Error>(())
//! ```

pub mod augment;
pub mod bias;
pub mod brain;
mod cohort;
mod eigen;
pub mod error;
mod exponential;
pub mod fill;
pub mod filter;
pub mod fingerprint;
pub mod fitted;
pub mod harmonize;
pub mod head;
pub mod histogram;
pub mod linear;
pub mod names;
pub mod otsu;
pub mod output;
pub mod percentile;
pub mod pieces;
pub mod pipeline;
pub mod preset;
mod record;
pub mod region;
pub mod spatial;
pub mod standardize;
pub mod step;
pub mod stream;
pub mod suv;
mod version;
pub mod window;
pub mod zscore;

pub use bias::{BiasField, N4};
pub use brain::BrainMask;
pub use cohort::FingerprintPart;
pub use error::Error;
pub use fill::FillNonFinite;
pub use filter::Filter;
pub use fingerprint::{Fingerprint, FingerprintNormalize};
pub use fitted::{Fitted, Map};
pub use linear::LinearMap;
pub use output::Output;
pub use percentile::{PercentileRescale, percentiles};
pub use pieces::PieceMap;
pub use pipeline::{FittedPipeline, Pipeline, Plan, Transform};
pub use record::FittedRecord;
pub use region::{Region, moments};
pub use spatial::Spatial;
pub use step::{Step, apply_all};
pub use suv::{Suv, SuvBy, SuvFactor, SuvRule};
pub use window::CtWindow;
pub use zscore::ZScore;

/// The example of the read-me runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
