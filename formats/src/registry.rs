//! The list of all formats.

use crate::{Format, metaimage::MetaImage, mgh::Mgh, nifti::Nifti, nrrd::Nrrd};

/// All formats.
pub fn registry() -> &'static [&'static dyn Format] {
    &[&Nifti, &Nrrd, &MetaImage, &Mgh]
}
