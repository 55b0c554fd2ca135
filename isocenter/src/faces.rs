//! Where the face is: a template of a head with masks of its face, brought to an image by an affine map.
//!
//! The model: a [`Template`] is the image of a head, one or several masks of what has to go, each on any grid of the template's world, and, if there is one,
//! a mask of its brain. [`Template::find`] registers it with an image (12 degrees of freedom, normalized mutual information, so MR and CT), and gives the masks in the
//! patient's world as [`deid::faces::Faces`](isocenter_deid::faces::Faces): a region, not voxels, so that one answer serves every image of the same frame of
//! reference. World is LPS+ millimetres.
//!
//! A map that may be wrong is none: what the registration doubts, and what would stretch the template as no two heads differ, is an [`Error`], and never a
//! region. What it finds good may still be some millimetres off where a face is not the template's: masks are grown by
//! [`Template::margin_mm`], and so is the brain mask, brought by the same map, which always stays.
//!
//! Source: own composition; templates and masks as pydeface and mridefacer publish them.
//!
//! # Examples
//! ```no_run
//! use isocenter::{faces::{MaskFile, Template}, formats, volume::Ctx};
//!
//! let ctx = Ctx::default();
//! let masks = [MaskFile::of_face("face.nii.gz")];
//! let template = Template::read("head.nii.gz".as_ref(), &masks, Some("brain.nii.gz".as_ref()), &ctx)?;
//! let mut file = formats::read("t1.nii.gz")?;
//! let found = template.find(&file.volume.to_real(&ctx)?, &ctx)?;
//! let defaced = found.faces().apply_to(&mut file.volume, &ctx)?;
//! println!("{} voxels, {:.1} mm", defaced.voxels, found.residual_mm());
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod error;
mod found;
mod plausible;
mod read;
mod template;

pub use error::Error;
pub use found::Found;
pub use read::MaskFile;
pub use template::Template;
