//! DICOM read right: tolerant opening, frame decoding, plane geometry, and an index of what a folder holds.
//!
//! The object model is dicom-rs's ([`Dataset`] is its in-memory object), so everything written for dicom-rs works on what this
//! crate opens. What differs is how a file becomes one: lengths are checked against the file before memory is reserved, text
//! of any Specific Character Set arrives as Unicode, elements of unknown VR are resolved, and every repair is told as a
//! [`Warning`]. Pixels are decoded here, to stored values ([`pixel`]); their meaning stands apart ([`scaling`], [`plane`]).
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, FileMeta, OpenOptions, tags, value, write};
//! use isocenter_dcm::dicom_core::{DataElement, VR};
//!
//! let mut dataset = Dataset::new_empty();
//! dataset.put(DataElement::new(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.7"));
//! dataset.put(DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"));
//! dataset.put(DataElement::new(tags::PATIENT_NAME, VR::PN, "Müller^Jürgen"));
//! let bytes = write::to_bytes(&FileMeta::default(), &dataset)?;
//!
//! let instance = OpenOptions::new().parse(&bytes)?;
//! assert!(instance.warnings.is_empty());
//! assert_eq!(value::string(&instance.dataset, tags::PATIENT_NAME).as_deref(), Some("Müller^Jürgen"));
//! # Ok::<_, isocenter_dcm::Error>(())
//! ```

pub mod dimension;
pub mod display;
pub mod error;
pub mod functional_groups;
pub mod index;
pub mod instance;
pub mod interop;
pub mod iod;
#[cfg(feature = "json")]
pub mod json;
pub mod lazy;
pub mod limits;
pub mod open;
pub mod overlay;
pub mod patient;
pub mod pixel;
pub mod plane;
mod read;
pub mod scaling;
pub mod scan;
pub mod syntax;
pub mod text;
pub mod tolerance;
pub mod value;
pub mod warning;
pub mod write;

pub use error::Error;
pub use functional_groups::FunctionalGroups;
pub use index::Index;
pub use instance::{FileMeta, Instance, PixelElement};
pub use lazy::Lazy;
pub use limits::Limits;
pub use open::OpenOptions;
pub use patient::{PatientKey, PatientKeys};
pub use syntax::TransferSyntax;
pub use tolerance::Tolerance;
pub use warning::Warning;

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
