//! DICOM series to volumes: grouping, slice order, geometry, scaling, acquisition facts.
//!
//! Three steps. [`Facts`] keep of each scanned file what is needed: where its bytes are (a path, a member of an archive, memory)
//! and what its header says. [`plan`](plan::plan()) says what will become a volume, from which frames, in which order, on which
//! grid, and why the rest will not: every file ends in exactly one of *in a volume*, *duplicate*, *rejected*. [`read`](read::read())
//! decodes the frames of one planned volume straight into place. Planning and reading take the same [`Options`].
//!
//! Slices are ordered by their position in the patient, never by instance number; the distance between them comes from
//! positions, never from Slice Thickness; a tilted gantry gives a sheared affine. Samples stay as stored, their
//! [`Scaling`](isocenter_volume::Scaling) stands apart, one pair for each plane where planes differ. What is not understood
//! (uneven spacing, a missing slice, an order that nothing states) is rejected by a name ([`Reason`]), not guessed.
//!
//! The way back is [`to_dicom`]: volumes as DICOM objects.
//!
//! # Examples
//! ```no_run
//! use isocenter_convert::{Facts, Options, plan::plan, read::read};
//! use isocenter_dcm::scan::scan_with;
//! use isocenter_volume::Ctx;
//!
//! let files = scan_with(&["study"], &Facts::scan_options(), &Ctx::default(), &|file| Facts::of(&file))?;
//! let plan = plan(&files, &Options::default())?;
//! for series in &plan.series {
//!     let converted = read(series, &files, &Options::default())?;
//!     println!("{:?} {:?}", converted.volume.shape(), converted.warnings);
//! }
//! for rejected in &plan.rejected {
//!     println!("{}: {}", rejected.reason.code(), rejected.reason);
//! }
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "bids")]
pub mod bids;
pub mod diffusion;
pub mod error;
mod facts;
pub mod options;
pub mod output;
mod part;
pub mod plan;
pub mod read;
pub mod reason;
pub mod sidecar;
#[cfg(feature = "serde")]
pub mod stored;
pub mod timing;
pub mod to_dicom;
pub mod warning;

pub use diffusion::GradientTable;
pub use error::Error;
pub use facts::{Facts, is_body_part, pet_facts};
pub use options::{Options, PhilipsScaling};
pub use plan::{Plan, SeriesPlan};
pub use read::Converted;
pub use reason::Reason;
pub use sidecar::Sidecar;
#[cfg(feature = "serde")]
pub use stored::StoredPlan;
pub use warning::Warning;

/// DICOM: what is scanned, opened and decoded here.
pub use isocenter_dcm as dcm;
/// The readers and writers of volume files, for what is done with a converted volume.
pub use isocenter_formats as formats;
/// The volumes that come of it, and the context that long calls take.
pub use isocenter_volume as volume;

/// The examples of the read-me run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
