//! What is known to identify a patient: gathered from the originals in a first pass, looked for in everything that comes out.
//!
//! Gathered is, at every depth: each element whose row in Table E.1-1 has a code, every name (PN), every UID that is mapped,
//! free text that no table lists, and private values that are text as a whole. A value keeps the keyword of the element it
//! came from (never shown beside a patient's value: [`Hit`](crate::Hit) tells the keyword and the length only).
//!
//! # What is searched anywhere, what by field only
//! A value of five or more bytes is looked for in all bytes of an output; shorter ones, and those below, would occur by chance, and
//! are compared only with the field of the same name ([`LeakScan::scan_fields`](crate::LeakScan::scan_fields)):
//! - numbers (PatientWeight), ages and code strings (PatientSex), whose values are enumerations or measurements;
//! - times of day without a fraction (six digits);
//! - single words of a name, and descriptions, that consist only of the ordinary and clinical words in `data/words.txt`:
//!   `Brown` would be found in every report. The full name is looked for all the same, in the usual orders;
//! - descriptions, private texts, institutions and devices that also stand in a technical element which stays
//!   (Manufacturer, model, software, sequence, kernel, any code string), and private texts that stand in any short text that
//!   stays: scanners repeat their parameters in private elements.
//!
//! # Texts of volume files
//! A key-value, a header text or a sidecar's text is what its name says ([`KnownValues::gather_text`]): `PatientName`, `0010|0010` and
//! `patient_id` identify whatever their words are; a term under `modality` or `body_part` is none of the patient's; anything else is free
//! text. Free text, and a description, is not looked for where all of it is words of the standard, names of structures
//! (`data/terms.txt`), words of the caller's output, or names of the caller's label tables: such a text names nobody.
//!
//! # Examples
//! ```
//! use isocenter_deid::{KnownValues, LeakScan};
//! let mut known = KnownValues::new();
//! known.gather_text("descrip", "scan of Jane Roe");
//! assert_eq!(LeakScan::new(&known)?.scan(b"...SCAN OF JANE ROE...").len(), 1);
//! # Ok::<_, isocenter_deid::Error>(())
//! ```

mod field;
mod folder;
mod forms;
mod gather;
mod kind;
mod spellings;
mod values;
mod words;

pub use folder::{Gathered, gather_files};
pub use kind::Kind;
pub use values::KnownValues;

pub(crate) use spellings::Spellings;
pub(crate) use values::Known;
pub(crate) use words::{is_listed, is_name_too, is_ordinary, names_nobody};
