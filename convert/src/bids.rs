//! Names by BIDS, from a mapping: the configuration file of dcm2bids 3, read as it is.
//!
//! A [`Mapping`] holds descriptions: what a sidecar must say (`criteria`), and the data type, suffix and entities of a volume that says so.
//! [`Mapping::assign`] looks at the sidecars of all volumes of one person's session, as dcm2niix would write them, and says of each
//! where it goes, or why it goes nowhere. Runs are numbered where several volumes have one name, and references between volumes
//! (`IntendedFor`) are filled in. [`Outputs::bids`](crate::output::Outputs::bids) writes a plan by it.
//!
//! A name holds what the mapping says. Of what a header says only letters and digits come into it, and only by an extractor of the
//! mapping, so no header leads out of the folder; but who extracts from a description should know what stands in there.
//!
//! Where this differs from dcm2bids: a criterion or key that it does not know is an error or is told of, not passed over; an extractor
//! replaces the entity it is called as, and no other text that holds its name; all patterns of an extractor are tried with the
//! automatic ones too; a reference knows all volumes, not those alone that were moved before; what would overwrite another volume is
//! not written; `TaskName` is said wherever a name has a task, as BIDS asks. Programs (`post_op`) are not run: such a mapping is an error,
//! as its data may be wanted for nothing but what the program makes of it (a face removed).
//!
//! Source: BIDS specification 1.10 (common principles, entities); the documentation of dcm2bids 3.2; its behaviour on the same
//! sidecars.
//!
//! # Examples
//! ```
//! use isocenter_convert::bids::{Fate, Mapping, Subject};
//! use serde_json::json;
//!
//! let mapping = Mapping::parse(
//!     r#"{"descriptions": [{"datatype": "anat", "suffix": "T1w", "criteria": {"SeriesDescription": "*mprage*"}}]}"#,
//! )?;
//! let sidecar = json!({"SeriesDescription": "t1_mprage_sag", "SeriesNumber": 3});
//! let sidecars = [sidecar.as_object().cloned().unwrap_or_default()];
//! let fates = mapping.assign(&sidecars, &Subject::new("01", None)?, "nii.gz");
//! let Fate::Named(name) = &fates[0] else { panic!("one description fits") };
//! assert_eq!(name.stem, "sub-01/anat/sub-01_T1w");
//! # Ok::<_, isocenter_convert::bids::Error>(())
//! ```

mod assign;
mod criteria;
mod data_set;
mod entities;
mod error;
mod extract;
mod mapping;
mod pattern;
mod subject;

pub(crate) use data_set::enter;
pub use {
    assign::{Fate, Named},
    error::Error,
    mapping::Mapping,
    subject::Subject,
};
