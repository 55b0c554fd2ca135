//! Files made by hand, byte by byte.
#![allow(dead_code)]

use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
use isocenter_dcm::isocenter_volume::{Ctx, DynSamples};
use isocenter_dcm::pixel::{DecodeOptions, DecodedPixels, PixelInfo, Target};
use isocenter_dcm::{Dataset, Error, FileMeta, Instance, Tag, tags};

pub(crate) const EXPLICIT: &str = "1.2.840.10008.1.2.1";
pub(crate) const IMPLICIT: &str = "1.2.840.10008.1.2";

/// One element in explicit VR little endian.
pub(crate) fn explicit(tag: Tag, vr: &str, value: &[u8]) -> Vec<u8> {
    let mut out = [tag.group().to_le_bytes(), tag.element().to_le_bytes()].concat();
    out.extend(vr.as_bytes());
    if matches!(vr, "OB" | "OW" | "SQ" | "UN" | "UT" | "OF" | "OV") {
        out.extend([0, 0]);
        out.extend((value.len() as u32).to_le_bytes());
    } else {
        out.extend((value.len() as u16).to_le_bytes());
    }
    out.extend(value);
    out
}

/// One element in implicit VR little endian.
pub(crate) fn implicit(tag: Tag, value: &[u8]) -> Vec<u8> {
    let mut out = [tag.group().to_le_bytes(), tag.element().to_le_bytes()].concat();
    out.extend((value.len() as u32).to_le_bytes());
    out.extend(value);
    out
}

/// Elements that every data set here starts with.
pub(crate) fn ids() -> Vec<u8> {
    [
        explicit(tags::SOP_CLASS_UID, "UI", b"1.2.840.10008.5.1.4.1.1.7\0"),
        explicit(tags::SOP_INSTANCE_UID, "UI", b"1.2.3\0"),
    ]
    .concat()
}

/// The meta group, with its length.
pub(crate) fn meta(syntax: &str) -> Vec<u8> {
    let mut padded = syntax.as_bytes().to_vec();
    if padded.len() % 2 == 1 {
        padded.push(0);
    }
    let group = [
        explicit(tags::MEDIA_STORAGE_SOP_CLASS_UID, "UI", b"1.2.840.10008.5.1.4.1.1.7\0"),
        explicit(tags::MEDIA_STORAGE_SOP_INSTANCE_UID, "UI", b"1.2.3\0"),
        explicit(tags::TRANSFER_SYNTAX_UID, "UI", &padded),
    ]
    .concat();
    [explicit(tags::FILE_META_INFORMATION_GROUP_LENGTH, "UL", &(group.len() as u32).to_le_bytes()), group].concat()
}

/// A whole file.
pub(crate) fn file(syntax: &str, dataset: &[u8]) -> Vec<u8> {
    [&[0; 128], &b"DICM"[..], &meta(syntax), dataset].concat()
}

/// Image pixel elements, in explicit VR; `bits` is allocated and stored.
pub(crate) fn image(rows: u16, columns: u16, bits: [u16; 2], signed: u16) -> Vec<u8> {
    let us = |tag: Tag, v: u16| explicit(tag, "US", &v.to_le_bytes());
    [
        us(tags::SAMPLES_PER_PIXEL, 1),
        explicit(tags::PHOTOMETRIC_INTERPRETATION, "CS", b"MONOCHROME2 "),
        us(tags::ROWS, rows),
        us(tags::COLUMNS, columns),
        us(tags::BITS_ALLOCATED, bits[0]),
        us(tags::BITS_STORED, bits[1]),
        us(tags::HIGH_BIT, bits[1] - 1),
        us(tags::PIXEL_REPRESENTATION, signed),
    ]
    .concat()
}

/// The image pixel module as a data set.
pub(crate) fn module(rows: u16, columns: u16, samples: u16, photometric: &str, bits: [u16; 3], signed: u16) -> Dataset {
    let mut ds = Dataset::new_empty();
    for (tag, v) in [
        (tags::ROWS, rows),
        (tags::COLUMNS, columns),
        (tags::SAMPLES_PER_PIXEL, samples),
        (tags::BITS_ALLOCATED, bits[0]),
        (tags::BITS_STORED, bits[1]),
        (tags::HIGH_BIT, bits[2]),
        (tags::PIXEL_REPRESENTATION, signed),
    ] {
        ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(v)));
    }
    ds.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, photometric));
    ds
}

/// Puts native pixel bytes.
pub(crate) fn put_bytes(ds: &mut Dataset, bytes: &[u8]) {
    ds.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(bytes.to_vec())));
}

/// An instance of a data set and nothing else.
pub(crate) fn alone(ds: &Dataset) -> Instance {
    Instance::new(FileMeta::default(), ds.clone())
}

pub(crate) fn decode_frame(instance: &Instance, index: usize) -> Result<DecodedPixels, Error> {
    instance.frame(index)?.decode(&DecodeOptions::default())
}

pub(crate) fn decode_all(instance: &Instance) -> Result<DecodedPixels, Error> {
    instance.decode_all(&DecodeOptions::default(), &Ctx::default())
}

pub(crate) fn decode_frame_into<T: Target>(
    instance: &Instance,
    index: usize,
    out: &mut [T],
) -> Result<PixelInfo, Error> {
    instance.frame(index)?.decode_into(&DecodeOptions::default(), out)
}

pub(crate) fn real_frame(instance: &Instance, index: usize) -> Result<Vec<f32>, Error> {
    instance.frame(index)?.real()
}

macro_rules! samples {
    ($($name:ident, $type:ty;)*) => {$(
        pub(crate) fn $name(samples: Vec<$type>) -> DynSamples {
            samples.into()
        }
    )*};
}
samples! { u8s, u8; i8s, i8; u16s, u16; i16s, i16; u32s, u32; i32s, i32; u64s, u64; i64s, i64; f32s, f32; f64s, f64; }
