//! De-identification of DICOM by PS3.15 Annex E, with keyed pseudonyms and a verdict per element.
//!
//! The model: a [`Profile`] says what may stay, or any other [`Rules`], such as a [`Script`] of another program; [`Deidentifier`] applies it to one instance, top level and every item, and
//! returns an [`Audit`] of what it did (tags and lengths, never values). Identifiers are replaced by [`Pseudonyms`]: a keyed
//! HMAC, so that workers share nothing but a [`Key`] and two runs give the same ids, while nobody without the key can guess
//! them. Around it: [`KnownValues`] gathers what identifies a patient from the originals, [`LeakScan`] looks for it in any
//! output, [`burned_in`] says which images may show text in their pixels, and [`faces`] which may show a face.
//!
//! Source: DICOM PS3.15 2026c, Annex E. The table and the other facts stand in `data/`.
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, FileMeta, Instance, tags, value};
//! use isocenter_dcm::dicom_core::{DataElement, VR};
//! use isocenter_deid::{Ctx, Deidentifier, Key, Profile};
//!
//! let mut dataset = Dataset::new_empty();
//! dataset.put(DataElement::new(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2"));
//! dataset.put(DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3.4"));
//! dataset.put(DataElement::new(tags::PATIENT_NAME, VR::PN, "Doe^Jane"));
//! dataset.put(DataElement::new(tags::PATIENT_COMMENTS, VR::LT, "Jane likes tea"));
//! let mut instance = Instance::new(FileMeta::default(), dataset);
//!
//! let audit = Deidentifier::new(Profile::basic(), &Key::demo()).apply(&mut instance, "MRN1", &Ctx::default())?;
//! assert_ne!(value::string(&instance.dataset, tags::PATIENT_NAME).as_deref(), Some("Doe^Jane"));
//! assert!(instance.dataset.get(tags::PATIENT_COMMENTS).is_none());
//! assert!(audit.entries.iter().any(|entry| entry.path == "00104000"));
//! # Ok::<_, isocenter_deid::Error>(())
//! ```

pub mod audit;
pub mod burned_in;
mod cleaner;
#[cfg(feature = "crosswalk")]
pub mod crosswalk;
mod deidentifier;
mod dummy;
mod element;
#[cfg(feature = "encrypted-attributes")]
pub mod encrypted;
pub mod error;
pub mod faces;
pub mod known;
pub mod leak;
pub mod pixels;
pub mod profile;
pub mod pseudonym;
#[cfg(feature = "crosswalk")]
pub mod reidentify;
pub mod review;
pub mod rules;
pub mod safe_harbor;
pub mod scripts;
mod shift;
mod table;

pub use audit::{Action, Audit, AuditEntry};
#[cfg(feature = "crosswalk")]
pub use crosswalk::Crosswalk;
pub use deidentifier::{Deidentified, Deidentifier};
pub use error::Error;
pub use isocenter_files::{Key, KeyOrigin};
pub use isocenter_volume::{Cancelled, Ctx, Family};
pub use known::{Gathered, KnownValues};
pub use leak::{Hit, LeakScan};
pub use profile::{Attribute, Override, Profile, ProfileOption};
pub use pseudonym::Pseudonyms;
#[cfg(feature = "crosswalk")]
pub use reidentify::Reidentifier;
pub use review::Review;
pub use rules::{Refusal, Rules};
pub use scripts::Script;

/// The instances that are worked on.
pub use isocenter_dcm as dcm;
/// Grids, masks and maps of the world, for [`faces`].
pub use isocenter_volume as volume;

/// The examples of the read-me run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
