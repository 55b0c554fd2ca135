//! Rigid co-registration of medical volumes, and the files that hold a transform.
//!
//! Two images of one patient are brought to each other by a turn and a shift, whatever their contrasts. The result maps
//! *points of the fixed image to points of the moving image*, in LPS millimetres: the direction that resampling the moving image
//! onto the fixed grid needs ([`isocenter_volume::Resample::transform`] takes it as it is). Every result carries a
//! [`Verdict`]: images that share nothing give a transform that says it is not to be trusted, not an error.
//!
//! The same input gives the same bits for any number of threads; work runs in the pool of the caller's
//! [`isocenter_volume::Ctx`], or in the rayon pool it is called in, tells its observer how far it is, and asks at least every 100 ms
//! whether to go on. With the feature `serde` results are stored and come back to the bit.
//!
//! # Examples
//! ```
//! use isocenter_register::{RegistrationOptions, Rigid};
//! use isocenter_volume::{Affine, Frame, Geometry, Volume, Resample};
//!
//! // three soft balls, and the same three turned by 6 degrees and shifted
//! let geometry = Geometry::new([40, 40, 40], Affine::from_spacing_origin([3.0; 3], [-58.5; 3]), Frame::Patient(None))?;
//! let balls = |p: [f64; 3]| {
//!     let ball = |c: [f64; 3], r: f64| f64::from(u8::from((0..3).map(|a| (p[a] - c[a]).powi(2)).sum::<f64>() < r * r));
//!     (100.0 * ball([0.0, 0.0, 0.0], 40.0) + 80.0 * ball([20.0, 5.0, 0.0], 12.0) - 60.0 * ball([-8.0, 14.0, 16.0], 13.0)) as f32
//! };
//! let image = |to_scene: Affine| {
//!     let place = |n: usize| geometry.world_of([(n % 40) as f64, (n / 40 % 40) as f64, (n / 1600) as f64]);
//!     Volume::new((0..64_000).map(|n| balls(to_scene.apply(place(n)))).collect::<Vec<f32>>(), geometry.clone())
//! };
//! let truth = Rigid::new([0.0, 0.1, 0.0], [4.0, -3.0, 2.0], [0.0; 3])?;
//! let fixed = image(Affine::IDENTITY)?;
//! let moving = image(truth.inverse().to_affine())?; // what is at x in the fixed image is at truth(x) here
//!
//! let found = RegistrationOptions::default().register(&fixed, &moving)?;
//! assert!(found.converged);
//! let (there, wanted) = (found.transform.apply([20.0, 5.0, 0.0]), truth.to_affine().apply([20.0, 5.0, 0.0]));
//! assert!((0..3).all(|a| (there[a] - wanted[a]).abs() < 0.3));
//!
//! let moved = Resample::to_geometry(geometry.clone()).transform(found.transform).apply(&moving)?;
//! assert_eq!(moved.geometry(), fixed.geometry());
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod align;
mod body;
mod cost;
mod dof;
mod doubt;
mod error;
mod group;
mod intensity;
pub mod maps;
mod matrix3;
mod metric;
mod mirror;
pub mod motion;
mod optimize;
mod options;
mod passes;
mod plane;
pub mod points;
mod pose;
mod prepared;
mod pyramid;
#[cfg(feature = "serde")]
mod record;
mod registration;
mod residual;
pub mod rigid;
mod rotation;
mod samples;
mod search;
mod several;
#[cfg(feature = "dicom")]
pub mod spatial_registration;
mod start;
#[cfg(test)]
mod test_images;
pub mod transform_file;
mod trim;
mod verdict;

pub use dof::Dof;
pub use doubt::Doubt;
pub use error::{Error, Side};
pub use group::Group;
pub use metric::Metric;
pub use motion::{Motion, MotionOptions};
pub use options::RegistrationOptions;
pub use registration::{Registration, Verdict};
pub use rigid::Rigid;
pub use several::reference_of;
pub use start::Start;

/// The examples of the read-me run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
