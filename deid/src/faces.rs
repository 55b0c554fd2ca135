//! Clean Recognizable Visual Features: face, teeth and ears set to background in the images themselves.
//!
//! The model: a [`Faces`] is a region of the patient's world, LPS+ millimetres, and not of any image. Every image of that world, whatever its
//! grid (thick slices, oblique, a time series), loses what lies in the region, and nothing else. The region is
//!
//! - one mask or several, each on a grid of its own, from any tool, or a template's, placed by an affine ([`Alignment`]) that the caller found;
//!   nothing is registered here;
//! - and what lies *outward* of the mask: at each height, all that is farther from an upright axis at the mask's rear end than the first voxel of the
//!   mask in that direction. So it reaches the border of the image: ghosts and noise in front of a face draw its profile, and so does the edge of a
//!   mask that follows it.
//!
//! A voxel goes if any part of it (sampled every 1.5 mm) lies in the region. A brain mask ([`Faces::with_brain`]) always wins: a voxel of which any sampled
//! part is brain stays. Without one, only the mask itself guards the brain, and [`Faces::on`] refuses to remove more than three quarters of an image.
//!
//! What goes gets the image's own background, see [`Background`]. Nothing is filled in or blurred: what was there can not be computed back.
//!
//! [`Faces::apply`] works on DICOM instances, [`Faces::apply_to_volume`] on volumes of any sample type; handed to a
//! [`Deidentifier`](crate::Deidentifier::with_faces), a `Faces` serves [`CleanRecognizableVisualFeatures`](crate::ProfileOption::CleanRecognizableVisualFeatures).
//! [`judge`] says which instances may show a face.
//!
//! It cannot know whether the mask fits: look at the result. What the mask leaves stays (a chin below a template's last plane), and so do a nose that
//! wrapped round to the back of the head, and the shape of the skull.
//!
//! Source: DICOM PS3.15 E.3.2 (Clean Recognizable Visual Features Option), PS3.3 C.7.6.2 (image plane).
//!
//! # Examples
//! ```
//! use isocenter_deid::{Ctx, faces::{Background, Faces}, volume::{Affine, Frame, Geometry, Mask, Volume}};
//!
//! let world = Frame::Patient(None);
//! // an image of 5 mm, its rows along x, and a mask of 10 mm: all that is in front of y = -30 mm
//! let grid = Geometry::new([20, 20, 1], Affine::from_spacing_origin([5.0; 3], [-47.5, -47.5, 0.0]), world.clone())?;
//! let coarse = Geometry::new([10, 10, 3], Affine::from_spacing_origin([10.0; 3], [-45.0, -45.0, -10.0]), world)?;
//! let mask = Mask::from_fn(coarse, |n| n / 10 % 10 < 2);
//!
//! let mut image = Volume::new(vec![100i16; 400], grid)?;
//! let defaced = Faces::new(mask, &Ctx::default())?.background(Background::Value(0.0)).apply_to_volume(&mut image, &Ctx::default())?;
//! assert_eq!(defaced.voxels, 80); // the first four rows
//! assert_eq!((image.voxels()[79], image.voxels()[80]), (0, 100));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod alignment;
mod anatomy;
mod background;
pub mod error;
mod instance;
mod outward;
mod region;
mod removal;
mod shown;
mod slab;
mod volume;

pub use alignment::Alignment;
pub use background::Background;
pub use error::Error;
pub use removal::{Defaced, Faces};
pub use shown::{Shown, judge};
