//! DICOM read right: tolerant opening, frame decoding, plane geometry, and scans of what a folder holds.
//!
//! The object model is dicom-rs's ([`Dataset`] is its in-memory object), so everything written for dicom-rs works on what this
//! crate opens. What differs is how a file becomes one: lengths are checked against the file before memory is reserved, text
//! of any Specific Character Set arrives as Unicode, elements of unknown VR are resolved, and every repair is told as a
//! [`Warning`]. A frame is asked for its place, its scaling and its pixels ([`Instance::frame`]).
//!
//! Nothing here needs a file system: bytes come from any [`ReadAt`], scans from any [`scan::NamedSource`], and go to bytes or any writer;
//! what takes a path does so for convenience. Long calls take a context ([`isocenter_volume::Ctx`]): progress, cancellation, pool.
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, FileMeta, Instance, OpenOptions, tags, value};
//! use isocenter_dcm::dicom_core::{DataElement, VR};
//!
//! let mut dataset = Dataset::new_empty();
//! dataset.put(DataElement::new(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.7"));
//! dataset.put(DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"));
//! dataset.put(DataElement::new(tags::PATIENT_NAME, VR::PN, "Müller^Jürgen"));
//! let bytes = Instance::new(FileMeta::default(), dataset).to_bytes()?;
//!
//! let instance = OpenOptions::new().parse(&bytes)?;
//! assert!(instance.warnings.is_empty());
//! assert_eq!(value::string(&instance.dataset, tags::PATIENT_NAME).as_deref(), Some("Müller^Jürgen"));
//! # Ok::<_, isocenter_dcm::Error>(())
//! ```

#![warn(missing_debug_implementations)]

pub mod digest;
pub mod dimension;
pub mod display;
pub mod error;
mod file_meta;
mod frame;
pub mod functional_groups;
mod implementation;
pub mod instance;
pub mod interop;
pub mod iod;
#[cfg(feature = "json")]
pub mod json;
pub mod lazy;
mod open;
mod options;
pub mod overlay;
pub mod patient;
pub mod pixel;
pub mod plane;
mod read;
mod read_limits;
pub mod scaling;
pub mod scan;
pub mod series_kind;
pub mod source;
pub mod syntax;
pub mod term;
pub mod text;
pub mod tolerance;
pub mod value;
pub mod warning;
pub mod write;

pub use error::Error;
pub use file_meta::FileMeta;
pub use frame::InstanceFrame;
pub use functional_groups::FunctionalGroups;
pub use instance::{Instance, PixelElement};
pub use lazy::{Edit, Lazy, Outgoing, PlainPixels};
pub use options::{OpenOptions, Selection};
pub use patient::{PatientKey, PatientKeys};
pub use read_limits::ReadLimits;
pub use source::{Bytes, ReadAt};
pub use syntax::TransferSyntax;
pub use tolerance::Tolerance;
pub use warning::Warning;

/// The shared volume types: contexts, units, families of errors.
pub use isocenter_volume;

pub use isocenter_volume::Family;

/// The value and header types of dicom-rs, on which [`Dataset`] stands.
pub use dicom_core;
/// The standard data dictionary of dicom-rs.
pub use dicom_dictionary_std;
/// The constants of every standard tag.
pub use dicom_dictionary_std::tags;
/// The object types of dicom-rs.
pub use dicom_object;

pub use dicom_core::{Tag, VR};

/// A data set in memory: elements by tag, sequences as nested data sets.
pub type Dataset = dicom_object::InMemDicomObject;

/// One element of a [`Dataset`].
pub type Element = dicom_object::mem::InMemElement;

/// The examples of the read-me run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
