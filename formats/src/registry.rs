//! The list of all formats.

#[cfg(feature = "npz")]
use crate::npz::Npz;
#[cfg(feature = "pictures")]
use crate::pictures::{Jpeg, Png, Tiff};
#[cfg(feature = "zarr")]
use crate::zarr::Zarr;
use crate::{
    Format, analyze::Analyze, ecat::Ecat, fits::Fits, gipl::Gipl, metaimage::MetaImage, mgh::Mgh, nifti::Nifti,
    npy::Npy, nrrd::Nrrd, par::Par, vtk::Vtk,
};
#[cfg(feature = "hdf5")]
use crate::{hdf5::Hdf5, minc::Minc};
#[cfg(feature = "json")]
use crate::{
    nifti::jnifti::{JniftiBinary, JniftiText},
    safetensors::Safetensors,
};

/// All formats.
pub fn registry() -> &'static [&'static dyn Format] {
    &[
        &Nifti,
        &Analyze,
        &Nrrd,
        &MetaImage,
        &Mgh,
        &Npy,
        &Vtk,
        &Gipl,
        &Par,
        &Ecat,
        &Fits,
        #[cfg(feature = "hdf5")]
        &Hdf5,
        #[cfg(feature = "hdf5")]
        &Minc,
        #[cfg(feature = "npz")]
        &Npz,
        #[cfg(feature = "json")]
        &Safetensors,
        #[cfg(feature = "json")]
        &JniftiText,
        #[cfg(feature = "json")]
        &JniftiBinary,
        #[cfg(feature = "zarr")]
        &Zarr,
        #[cfg(feature = "pictures")]
        &Png,
        #[cfg(feature = "pictures")]
        &Jpeg,
        #[cfg(feature = "pictures")]
        &Tiff,
    ]
}

/// The extensions that [`crate::write()`] knows, without a dot: those of single files, and those of header files.
///
/// ```
/// assert!(isocenter_formats::extensions().any(|known| known == "nii.gz"));
/// ```
pub fn extensions() -> impl Iterator<Item = &'static str> {
    registry().iter().flat_map(|format| {
        let single = format.extensions().iter().copied();
        single.chain(format.pair().map(|(header, _)| header))
    })
}
