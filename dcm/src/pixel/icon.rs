//! The icon of an image: a small picture of it in an item of the header.
//!
//! The item is an image of its own, with its own rows, bits and palette. In a compressed file its pixels are compressed
//! with the file's transfer syntax, or native.
//!
//! Source: DICOM PS3.3 C.7.6.1.1.6 (icon image sequence).

use dicom_dictionary_std::tags;

use super::{Frame, decode_frame};
use crate::{Error, FileMeta, Instance, value};

/// Decodes the first item of Icon Image Sequence, palette applied; `None` where there is none.
///
/// It is in the header, so header only is enough. An icon shows what the image shows: burned-in text too.
///
/// # Errors
/// Those of [`decode_frame`].
pub fn icon(instance: &Instance) -> Result<Option<Frame>, Error> {
    let Some(item) = value::item(&instance.dataset, tags::ICON_IMAGE_SEQUENCE) else { return Ok(None) };
    let meta = FileMeta { transfer_syntax_uid: instance.meta.transfer_syntax_uid.clone(), ..FileMeta::default() };
    let image = Instance { limits: instance.limits.clone(), ..Instance::new(meta, item.clone()) };
    decode_frame(&image, 0).map(Some)
}
