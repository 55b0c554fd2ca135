//! The icon of an image: a small picture of it in an item of the header.
//!
//! The item is an image of its own, with its own rows, bits and palette. In a compressed file its pixels are compressed
//! with the file's transfer syntax, or native.
//!
//! Source: DICOM PS3.3 C.7.6.1.1.6 (icon image sequence).

use dicom_dictionary_std::tags;

use super::source::with;
use super::{DecodeOptions, DecodedPixels};
use crate::{Error, FileMeta, Instance, value};

/// Decodes the first item of Icon Image Sequence, palette applied; `None` where there is none.
///
/// It is in the header, so header only is enough. An icon shows what the image shows: burned-in text too.
///
/// # Errors
/// Those of [`InstanceFrame::decode`](crate::InstanceFrame::decode).
pub fn icon(instance: &Instance) -> Result<Option<DecodedPixels>, Error> {
    let Some(item) = value::item(&instance.dataset, tags::ICON_IMAGE_SEQUENCE) else { return Ok(None) };
    let meta = FileMeta::of_syntax(&instance.meta.transfer_syntax_uid);
    let image = Instance { limits: instance.limits.clone(), ..Instance::new(meta, item.clone()) };
    with(&image, |header, frames| DecodeOptions::default().frame_of(header, frames, 0)).map(Some)
}
