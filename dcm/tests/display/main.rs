//! From stored values to pictures: scaling, views, overlays, icons.
#![allow(clippy::unwrap_used)]

#[path = "../make/mod.rs"]
mod make;

mod icon;
mod overlay;
mod render;
mod scaling;
mod views;

use isocenter_dcm::dicom_core::{DataElement, DicomValue, PrimitiveValue, VR, value::DataSetSequence};
use isocenter_dcm::{Dataset, FileMeta, Instance, Tag, tags};

/// A gray image of one row, 8 bits unsigned.
fn gray(pixels: &[u8]) -> Dataset {
    let mut ds = make::module(1, pixels.len() as u16, 1, "MONOCHROME2", [8, 8, 7], 0);
    make::put_bytes(&mut ds, pixels);
    ds
}

/// A gray image of one row, 16 bits.
fn words(pixels: &[u16], bits_stored: u16, signed: u16) -> Dataset {
    let mut ds = make::module(1, pixels.len() as u16, 1, "MONOCHROME2", [16, bits_stored, bits_stored - 1], signed);
    ds.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(pixels.into())));
    ds
}

fn instance(ds: &Dataset) -> Instance {
    Instance::new(FileMeta::default(), ds.clone())
}

fn text(ds: &mut Dataset, vr: VR, tag: Tag, value: &str) {
    let parts: Vec<String> = value.split('\\').map(str::to_owned).collect();
    ds.put(DataElement::new(tag, vr, PrimitiveValue::Strs(parts.into())));
}

fn number(ds: &mut Dataset, tag: Tag, value: u16) {
    ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value)));
}

fn sequence(ds: &mut Dataset, tag: Tag, items: Vec<Dataset>) {
    ds.put(DataElement::new(tag, VR::SQ, DicomValue::Sequence(DataSetSequence::from(items))));
}

/// An item of a LUT sequence.
fn table(descriptor: [u16; 3], entries: &[u16]) -> Dataset {
    Dataset::from_element_iter([
        DataElement::new(tags::LUT_DESCRIPTOR, VR::US, PrimitiveValue::U16(descriptor.as_slice().into())),
        DataElement::new(tags::LUT_DATA, VR::OW, PrimitiveValue::U16(entries.into())),
    ])
}

/// An item that holds one sequence.
fn around(tag: Tag, items: Vec<Dataset>) -> Dataset {
    let mut ds = Dataset::new_empty();
    sequence(&mut ds, tag, items);
    ds
}

/// An item of decimal strings.
fn decimals(values: &[(Tag, &str)]) -> Dataset {
    let mut ds = Dataset::new_empty();
    for (tag, value) in values {
        text(&mut ds, VR::DS, *tag, value);
    }
    ds
}
