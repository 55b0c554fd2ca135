use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR, value::PixelFragmentSequence};
use isocenter_dcm::pixel::{Photometric, icon};
use isocenter_dcm::{Tag, tags};

use super::{gray, instance, make, sequence};

#[test]
fn a_palette_icon_becomes_rgb() {
    let mut item = make::module(1, 2, 1, "PALETTE COLOR", [8, 8, 7], 0);
    for channel in 0..3u16 {
        let descriptor = PrimitiveValue::U16([2, 0, 16].as_slice().into());
        item.put(DataElement::new(Tag(0x0028, 0x1101 + channel), VR::US, descriptor));
        let entries = PrimitiveValue::U16([0xFF00, 0x1000 * (channel + 1)].as_slice().into());
        item.put(DataElement::new(Tag(0x0028, 0x1201 + channel), VR::OW, entries));
    }
    make::put_bytes(&mut item, &[0, 1]);
    let mut ds = gray(&[0]);
    assert_eq!(icon(&instance(&ds)).unwrap(), None);
    sequence(&mut ds, tags::ICON_IMAGE_SEQUENCE, vec![item]);
    let frame = icon(&instance(&ds)).unwrap().unwrap();
    assert_eq!((frame.info.rows, frame.info.columns, frame.info.photometric), (1, 2, Photometric::Rgb));
    assert_eq!(frame.samples, make::u8s(vec![255, 255, 255, 0x10, 0x20, 0x30]));
}

#[test]
fn an_icon_of_a_coded_image_may_be_coded_or_not() {
    let mut native = make::module(1, 2, 1, "MONOCHROME2", [8, 8, 7], 0);
    let mut coded = native.clone();
    make::put_bytes(&mut native, &[7, 8]);
    let mut stream = vec![0u8; 64];
    (stream[0], stream[4]) = (1, 64);
    stream.extend([1, 7, 8, 0]);
    coded.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PixelFragmentSequence::new_fragments(vec![stream])));
    for item in [native, coded] {
        let mut ds = gray(&[0]);
        sequence(&mut ds, tags::ICON_IMAGE_SEQUENCE, vec![item]);
        let mut image = instance(&ds);
        image.meta.transfer_syntax_uid = "1.2.840.10008.1.2.5".to_owned();
        assert_eq!(icon(&image).unwrap().unwrap().samples, make::u8s(vec![7, 8]));
    }
}

#[test]
fn a_broken_icon_is_refused() {
    let mut item = make::module(2, 2, 1, "MONOCHROME2", [8, 8, 7], 0);
    make::put_bytes(&mut item, &[1]);
    let mut ds = gray(&[0]);
    sequence(&mut ds, tags::ICON_IMAGE_SEQUENCE, vec![item]);
    assert_eq!(icon(&instance(&ds)).unwrap_err().reason(), "truncated");
    sequence(&mut ds, tags::ICON_IMAGE_SEQUENCE, vec![make::module(2, 2, 1, "MONOCHROME2", [8, 8, 7], 0)]);
    assert_eq!(icon(&instance(&ds)).unwrap_err().reason(), "no-pixel-data");
}
