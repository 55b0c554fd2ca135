//! A medical image volume: voxels, their place in the patient, and what was done to them.
//!
//! The model in one paragraph: a [`Volume`] is a shared buffer of samples, `i` fastest, plus a [`Geometry`] that maps voxel
//! indices to millimetres in the DICOM patient frame (LPS+: x grows to the patient's Left, y to the Posterior, z to the
//! Superior), plus a [`Scaling`] from stored to real values, plus facts of the acquisition that identify nobody ([`Meta`]),
//! plus the ordered list of what was done ([`Provenance`]). A [`LabelMap`] is a type of its own, so that it cannot be
//! interpolated as if it were an image. Nothing here knows a file.
//!
//! Resampling, sampling and statistics stand behind the feature `kernels`, which is on by default: a crate that only hands volumes
//! on does without.
//!
//! # Examples
//! ```
//! use isocenter_volume::{Affine, Ctx, Frame, Geometry, Orientation, Volume};
//!
//! let affine = Affine::from_spacing_origin([2.0, 2.0, 3.0], [-10.0, -20.0, 30.0]);
//! let geometry = Geometry::new([4, 5, 6], affine, Frame::Patient(None))?;
//! let volume = Volume::new(vec![0i16; 4 * 5 * 6], geometry)?;
//! assert_eq!(volume.geometry().world_of([1.0, 0.0, 0.0]), [-8.0, -20.0, 30.0]);
//!
//! let ras = volume.reorient("RAS".parse()?, &Ctx::default())?;
//! assert_eq!(ras.geometry().orientation()?, "RAS".parse::<Orientation>()?);
//! assert_eq!(ras.geometry().world_of([2.0, 4.0, 0.0]), [-8.0, -20.0, 30.0]); // the same place
//! # Ok::<_, isocenter_volume::Error>(())
//! ```

pub mod affine;
pub mod axes;
pub mod buffer;
pub mod compare;
#[cfg(feature = "kernels")]
pub mod components;
pub mod context;
pub mod dynamic;
pub mod error;
#[cfg(feature = "serde")]
pub mod exact;
pub mod family;
pub mod frame;
mod gather;
pub mod geometry;
pub mod head;
#[cfg(feature = "kernels")]
pub mod hot;
pub mod index_map;
pub mod interop;
pub mod labels;
pub mod limits;
pub mod mask;
pub mod meta;
#[cfg(feature = "kernels")]
pub mod morphology;
#[cfg(feature = "kernels")]
pub mod non_finite;
pub mod ops;
pub mod orientation;
pub mod provenance;
#[cfg(feature = "kernels")]
pub mod resample;
pub mod rescale;
#[cfg(feature = "kernels")]
pub mod sample;
pub mod samples;
#[cfg(feature = "kernels")]
pub mod smooth;
#[cfg(feature = "kernels")]
pub mod stats;
#[cfg(feature = "proptest")]
pub mod strategy;
pub mod volume;
pub mod voxel;
pub mod world_map;

pub use affine::Affine;
pub use axes::{AxisKind, Column, Quantity, SlowAxis};
pub use buffer::Buffer;
pub use compare::GeometryDifference;
pub use context::{Cancelled, Ctx, Observer, Silent, Stage};
pub use dynamic::DynVolume;
pub use error::Error;
pub use family::Family;
pub use frame::Frame;
pub use geometry::Geometry;
pub use head::Head;
pub use index_map::IndexMap;
pub use labels::{Code, Label, LabelMap, Layer, Segment};
pub use limits::Limits;
pub use mask::Mask;
pub use meta::Meta;
pub use orientation::{Direction, Orientation};
pub use provenance::Provenance;
#[cfg(feature = "kernels")]
pub use resample::{GridPolicy, Resample};
pub use rescale::{Rescale, Scaling, Unit};
#[cfg(feature = "kernels")]
pub use sample::{Edge, Interpolation, LabelInterpolation, Sampler};
pub use samples::DynSamples;
pub use volume::Volume;
pub use voxel::{Complex, Real, Rgb, SampleType, Voxel};
pub use world_map::WorldMap;

/// The array library whose views this crate hands out.
pub use ndarray;
/// The thread pools that [`Ctx::with_pool`] takes.
pub use rayon;

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
