//! Sample types, signs, colour, pictures without a place.

use isocenter_convert::Warning;
use isocenter_dcm::{
    VR,
    dicom_core::{DataElement, PrimitiveValue},
    tags,
};
use isocenter_volume::{Ctx, Frame, Rgb, Unit};

use crate::support::{
    COLUMNS, ROWS, Study, ct, near, number, numbers, object, pixel_module, planes, short, text, words,
};

#[test]
fn signed_values_keep_their_sign_and_scaling_stays_apart() {
    let mut slices = ct(2);
    for ds in &mut slices {
        short(ds, tags::PIXEL_REPRESENTATION, 1);
        number(ds, tags::RESCALE_SLOPE, 1.0);
        number(ds, tags::RESCALE_INTERCEPT, -1024.0);
        text(ds, tags::RESCALE_TYPE, VR::LO, "HU");
        words(ds, &[0x0FFF; ROWS * COLUMNS]);
    }
    let found = Study::of(slices).convert();
    assert_eq!(planes(&found[0]), [-2.0, -2.0]); // 0xFFF in 12 bits is -1
    assert_eq!(found[0].volume.scaling().unit(), &Unit::Hu);
    assert_eq!(found[0].volume.to_real(&Ctx::default()).unwrap().voxels()[0], -1025.0);
}

#[test]
fn a_placed_colour_slice_is_a_colour_volume() {
    let mut slices = ct(1);
    let ds = &mut slices[0];
    for (tag, value) in [
        (tags::SAMPLES_PER_PIXEL, 3),
        (tags::BITS_ALLOCATED, 8),
        (tags::BITS_STORED, 8),
        (tags::HIGH_BIT, 7),
        (tags::PLANAR_CONFIGURATION, 0),
    ] {
        short(ds, tag, value);
    }
    text(ds, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "RGB");
    let bytes: Vec<u8> = (0..ROWS * COLUMNS).flat_map(|n| [n as u8, 100, 200]).collect();
    ds.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::U8(bytes.into())));
    let found = Study::of(slices).convert();
    let volume = found[0].volume.clone().downcast::<Rgb>().unwrap();
    assert_eq!(volume.voxels()[5].0, [5, 100, 200]);
    assert!(volume.geometry().frame().is_patient());
}

#[test]
fn a_picture_without_a_place_lies_in_its_own_pixels() {
    let mut ds = object("1.2.840.10008.5.1.4.1.1.7", "OT", 0);
    pixel_module(&mut ds);
    words(&mut ds, &[7; ROWS * COLUMNS]);
    let found = Study::of([ds.clone()]).convert();
    assert_eq!(found[0].volume.geometry().frame(), &Frame::Pixel);
    assert!(found[0].warnings.contains(&Warning::SpacingAssumed));
    numbers(&mut ds, tags::IMAGER_PIXEL_SPACING, &[0.2, 0.1]);
    let found = Study::of([ds]).convert();
    assert!(near(found[0].volume.geometry().spacing_mm(), [0.1, 0.2, 1.0]));
}
