//! Clinical images in, training data out: recipes, work items, manifest, exports, report.
//!
//! This crate composes the others, which it re-exports: [`convert`] reads DICOM series, [`deid`] keeps patients out of the output,
//! [`normalize`] and [`register`] bring images to one scale and one place, [`labels`] takes label maps along. [`Prepare`] is the
//! main job; [`info::info`] says what is in a folder; [`verify::check`] checks a finished output. The program `isocenter` is
//! these three with arguments and progress bars.
//!
//! # Examples
//! ```no_run
//! use isocenter::{KeySource, Prepare, Recipe, volume::Ctx};
//!
//! let recipe = Recipe::load("ct-segmentation")?;
//! let key = KeySource::File("project.key".into());
//! let outcome = Prepare::new(vec!["scans".into()], "dataset".into(), recipe, key).run(&Ctx::default())?;
//! println!("{} items", outcome.funnel.items);
//! # Ok::<_, isocenter::Error>(())
//! ```

#[cfg(doctest)]
mod book;
mod container;
pub mod deidentify;
#[cfg(feature = "demo")]
pub mod demo;
mod error;
mod export;
pub mod faces;
pub mod figure;
mod funnel;
pub mod images;
pub mod info;
pub mod manifest;
pub mod normalizing;
pub mod prepare;
pub mod quarantine;
pub mod recipe;
mod rejection;
mod report;
pub mod split;
mod to_files;
mod unfinished;
pub mod verify;
mod volume_file;

pub use deidentify::Deidentify;
pub use error::Error;
pub use export::{Export, Exported};
pub use funnel::{Funnel, Share};
pub use prepare::{KeySource, Outcome, Prepare};
pub use recipe::Recipe;
pub use to_files::{Conversion, Rejected, from_plan, save_plan, to_files};
pub use volume_file::stem as volume_name;

/// DICOM series to volumes.
pub use isocenter_convert as convert;
/// DICOM read right.
pub use isocenter_dcm as dcm;
/// De-identification of DICOM.
pub use isocenter_deid as deid;
/// Files that hold a volume.
pub use isocenter_formats as formats;
/// Label maps: tables, matching, overlap.
pub use isocenter_labels as labels;
/// Intensity normalization.
pub use isocenter_normalize as normalize;
/// Co-registration.
pub use isocenter_register as register;
/// The shared volume type.
pub use isocenter_volume as volume;

/// The examples of the read-me run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
