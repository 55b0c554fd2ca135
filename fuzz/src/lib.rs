//! What the fuzz targets do with bytes. Each returns where the input is refused, and panics where a law is broken.

use isocenter_dcm::dicom_core::{DataElement, DicomValue, Length, PrimitiveValue, value::PixelFragmentSequence};
use isocenter_dcm::text::{self, Charset};
use isocenter_dcm::{
    Dataset, Element, Error, FileMeta, Instance, OpenOptions, ReadLimits, Tag, VR, Warning, isocenter_volume::Ctx,
    pixel, tags,
};

mod convert;
mod deid;
mod image;
mod laws;
mod transform;
mod volume;

pub use convert::convert;
pub use deid::{deid_scripts, deid_text, pixel_rules};
pub use image::{codec, deflated, frame_locator, native, palette};
pub use laws::{charset, open, write_round_trip};
pub use transform::transform;
pub use volume::{
    analyze, ecat, fits, gipl, hdf5, jnifti, jpeg_picture, metaimage, mgh, nifti, npy, npz, nrrd, par, png, safetensors,
    tiff, vtk, zarr,
};

/// Lets decoders of other people panic behind `catch_unwind`, where `dcm` turns that into an error: the hook that
/// libFuzzer comes with would end the process. A panic that nobody catches still does.
pub fn allow_caught_panics() {
    std::panic::set_hook(Box::new(|_| ()));
}
