//! Synthetic patients with a known truth, written as DICOM the way scanners write it.
//!
//! A [`Head`] and a [`Body`] are made of analytic shapes, filled with tissues that have a value in each [`Contrast`] (T1, T2, FLAIR,
//! CT in HU, uptake in SUV). They are sampled onto any grid at any rigid pose, with partial volume, shading and noise; the label
//! of every voxel is known. A [`series::SeriesBuilder`] writes such a volume as CT, MR or PET in the manner of a maker. A
//! [`Cohort`] is a folder full of them, with faulty files among them, and a [`Truth`] that says what a tool must find.
//!
//! Everything depends on seeds alone: the same seed gives the same bytes on any machine, for any number of threads. Canonical
//! space and world are LPS millimetres (x to the left, y to the back, z up).
//!
//! # Examples
//! ```
//! use isocenter_phantom::{Contrast, Head, grid::{Grid, Plane, pose}};
//!
//! let grid = Grid::new(Plane::Sagittal, [48, 44, 36], [5.0, 5.0, 5.0]).geometry()?;
//! let t2 = Head::new(42).render(&grid, &pose([5.0, 0.0, 2.0], [3.0, -4.0, 1.0]), Contrast::T2, 0)?;
//! assert_eq!(t2.geometry().orientation()?.to_string(), "PIR");
//! # Ok::<_, isocenter_phantom::Error>(())
//! ```

pub mod artifact;
pub mod body;
pub mod cohort;
pub mod dicom;
pub mod error;
mod folding;
pub mod grid;
pub mod head;
pub mod nifti;
pub mod random;
mod scene;
pub mod series;
pub mod shape;
pub mod tissue;
pub mod truth;

pub use artifact::Artifacts;
pub use body::Body;
pub use cohort::Cohort;
pub use dicom::{
    person::{Person, Study},
    vendor::Vendor,
};
pub use error::Error;
pub use head::Head;
pub use tissue::{Contrast, Tissue};
pub use truth::Truth;

/// The examples of the read-me run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
