//! DICOM series to volumes: grouping, slice order, geometry, scaling, acquisition facts.
//!
//! Two steps. [`plan::plan`] looks at headers only and says what will become a volume, from which frames, in which order, on
//! which grid, and why the rest will not: every file ends in exactly one of *in a volume*, *duplicate*, *rejected*.
//! [`read::read`] decodes the frames of one planned volume straight into place.
//!
//! Slices are ordered by their position in the patient, never by instance number; the distance between them comes from
//! positions, never from Slice Thickness; a tilted gantry gives a sheared affine. Samples stay as stored, their
//! [`Scaling`](isocenter_volume::Scaling) stands apart, one pair for each plane where planes differ. What is not understood
//! (mosaics, uneven spacing, a missing slice, an order that nothing states) is rejected by a name ([`Reason`]), not guessed.
//!
//! # Examples
//! ```no_run
//! use isocenter_convert::{plan, read};
//! use isocenter_dcm::scan;
//!
//! let scanned = scan::scan(&["study".into()], &scan::ScanOptions::default(), &isocenter_volume::Ctx::default())?;
//! let plan = plan::plan(&scanned, &plan::PlanOptions::default());
//! for series in &plan.series {
//!     let converted = read::read(series, &scanned, &read::ReadOptions::default())?;
//!     println!("{:?} {:?}", converted.volume.shape(), converted.warnings);
//! }
//! for rejected in &plan.rejected {
//!     println!("{}: {}", rejected.reason.code(), rejected.reason);
//! }
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

pub mod error;
pub(crate) mod facts;
pub mod plan;
pub mod read;
pub mod reason;
pub mod warning;

pub use error::Error;
pub use plan::{Plan, SeriesPlan};
pub use read::Converted;
pub use reason::Reason;
pub use warning::Warning;

/// The readers and writers of volume files, for what is done with a converted volume.
pub use isocenter_formats as formats;
