use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
use isocenter_dcm::display::{Note, Render};
use isocenter_dcm::overlay::{Kind, all};
use isocenter_dcm::{Dataset, Error, OpenOptions, Tag, tags};

use super::{gray, instance, make, text, words};

fn put(ds: &mut Dataset, group: u16, rows: u16, columns: u16, origin: [i16; 2], data: &[u8]) {
    for (element, value) in [(0x10, rows), (0x11, columns), (0x100, 1), (0x102, 0)] {
        ds.put(DataElement::new(Tag(group, element), VR::US, PrimitiveValue::from(value)));
    }
    ds.put(DataElement::new(Tag(group, 0x50), VR::SS, PrimitiveValue::I16(origin.as_slice().into())));
    ds.put(DataElement::new(Tag(group, 0x3000), VR::OB, PrimitiveValue::from(data.to_vec())));
}

/// A gray image of 2 x 3 zeros.
fn image() -> Dataset {
    let mut ds = make::module(2, 3, 1, "MONOCHROME2", [8, 8, 7], 0);
    make::put_bytes(&mut ds, &[0; 6]);
    ds
}

fn drawn(ds: &Dataset, frame: usize) -> Vec<u8> {
    instance(ds).frame(frame).unwrap().render(&Render::default().overlays(true)).unwrap().pixels
}

#[test]
fn bits_are_packed_from_the_lowest() {
    let mut ds = image();
    put(&mut ds, 0x6002, 2, 3, [1, 1], &[0b10_0011, 0]);
    text(&mut ds, VR::CS, Tag(0x6002, 0x40), "R");
    let image = instance(&ds);
    let found = all(&image);
    let overlay = found[0].as_ref().unwrap();
    assert_eq!((overlay.group(), overlay.kind(), overlay.is_embedded()), (0x6002, Kind::Region, false));
    assert_eq!(overlay.plane(0).unwrap(), Some(vec![true, true, false, false, false, true]));
    assert_eq!(drawn(&ds, 0), [255, 255, 0, 0, 0, 255]);
    assert_eq!(
        image.frame(0).unwrap().render(&Render::default()).unwrap().pixels,
        [0; 6],
        "not drawn unless asked for"
    );
}

#[test]
fn planes_are_cut_at_the_borders_of_the_image() {
    let mut ds = image();
    put(&mut ds, 0x6000, 2, 3, [0, 2], &[0b11_1111]);
    assert_eq!(drawn(&ds, 0), [0, 255, 255, 0, 0, 0], "one row above, one column to the right");
    put(&mut ds, 0x6000, 2, 3, [-30000, 30000], &[0b11_1111]);
    assert_eq!(drawn(&ds, 0), [0; 6]);
    put(&mut ds, 0x6000, 1, 1, [2, 3], &[1]);
    assert_eq!(drawn(&ds, 0), [0, 0, 0, 0, 0, 255]);
}

#[test]
fn frames_of_an_overlay_begin_at_its_frame_origin() {
    let mut ds = make::module(1, 3, 1, "MONOCHROME2", [8, 8, 7], 0);
    text(&mut ds, VR::IS, tags::NUMBER_OF_FRAMES, "4");
    make::put_bytes(&mut ds, &[0; 12]);
    // Frames of three bits, not aligned: 100 and 011.
    put(&mut ds, 0x6000, 1, 3, [1, 1], &[0b11_0001]);
    let all_frames = |ds: &Dataset| (0..4).map(|at| drawn(ds, at)).collect::<Vec<_>>();
    let (none, first, second) = (vec![0, 0, 0], vec![255, 0, 0], vec![0, 255, 255]);
    assert_eq!(all_frames(&ds), vec![first.clone(); 4], "one lies over all");
    text(&mut ds, VR::IS, Tag(0x6000, 0x15), "2");
    assert_eq!(all_frames(&ds), [first.clone(), second.clone(), none.clone(), none.clone()]);
    ds.put(DataElement::new(Tag(0x6000, 0x51), VR::US, PrimitiveValue::from(3u16)));
    assert_eq!(all_frames(&ds), [none.clone(), none.clone(), first.clone(), second]);
    text(&mut ds, VR::IS, Tag(0x6000, 0x15), "1");
    assert_eq!(all_frames(&ds), [none.clone(), none.clone(), first, none]);
}

/// Overlay elements without data: the plane is in bit `bit` of the pixels.
fn embed(ds: &mut Dataset, group: u16, bit: u16) {
    put(ds, group, 1, 3, [1, 1], &[]);
    ds.put(DataElement::new(Tag(group, 0x3000), VR::OW, PrimitiveValue::Empty));
    for (element, value) in [(0x100, 16), (0x102, bit)] {
        ds.put(DataElement::new(Tag(group, element), VR::US, PrimitiveValue::from(value)));
    }
}

#[test]
fn planes_in_unused_bits_are_found() {
    let mut ds = words(&[0x8FFF, 0x1000, 0x9000], 12, 1);
    embed(&mut ds, 0x6000, 15);
    embed(&mut ds, 0x6002, 12);
    let image = instance(&ds);
    let found = all(&image);
    let planes: Vec<_> = found.iter().map(|o| o.as_ref().unwrap().plane(0).unwrap().unwrap()).collect();
    assert_eq!(planes, [[true, false, true], [false, true, true]]);
    assert!(found[0].as_ref().unwrap().is_embedded());
    assert_eq!(all(&image)[0].as_ref().unwrap().plane(1).unwrap_err().reason(), "no-such-frame");
}

#[test]
fn planes_in_unused_bits_of_big_endian_and_coded_pixels_are_found() {
    let be = |tag: Tag, vr: &str, value: &[u8]| {
        let head = [tag.group().to_be_bytes(), tag.element().to_be_bytes()].concat();
        let mut out = [&head[..], vr.as_bytes()].concat();
        if vr == "OW" {
            out.extend([0, 0]);
            out.extend((value.len() as u32).to_be_bytes());
        } else {
            out.extend((value.len() as u16).to_be_bytes());
        }
        out.extend(value);
        out
    };
    let us = |tag, value: u16| be(tag, "US", &value.to_be_bytes());
    let overlay = [us(Tag(0x6000, 0x10), 1), us(Tag(0x6000, 0x11), 2), us(Tag(0x6000, 0x100), 16)].concat();
    let dataset = [
        be(tags::SOP_INSTANCE_UID, "UI", b"1.2.3\0"),
        us(tags::SAMPLES_PER_PIXEL, 1),
        be(tags::PHOTOMETRIC_INTERPRETATION, "CS", b"MONOCHROME2 "),
        us(tags::ROWS, 1),
        us(tags::COLUMNS, 2),
        us(tags::BITS_ALLOCATED, 16),
        us(tags::BITS_STORED, 12),
        us(tags::HIGH_BIT, 11),
        us(tags::PIXEL_REPRESENTATION, 0),
        overlay,
        us(Tag(0x6000, 0x102), 15),
        be(tags::PIXEL_DATA, "OW", &[0x80, 0x05, 0x00, 0x80]),
    ]
    .concat();
    let image = OpenOptions::new().parse(&make::file("1.2.840.10008.1.2.2", &dataset)).unwrap();
    let plane = |image| all(image)[0].as_ref().unwrap().plane(0).unwrap();
    assert_eq!(plane(&image), Some(vec![true, false]));

    // RLE: a segment of high bytes, then one of low bytes; a run of two is 255 and the byte, two literals are 1 and the
    // bytes.
    let mut ds = words(&[0, 0], 12, 0);
    embed(&mut ds, 0x6000, 15);
    let mut stream = vec![0u8; 64];
    for (at, value) in [(0, 2u8), (4, 64), (8, 68)] {
        stream[at] = value;
    }
    stream.extend([1, 0x80, 0x00, 0, 1, 0x05, 0x80, 0]);
    let pixels = isocenter_dcm::dicom_core::value::PixelFragmentSequence::new_fragments(vec![stream]);
    ds.put(DataElement::new(tags::PIXEL_DATA, VR::OB, pixels));
    let mut coded = instance(&ds);
    coded.meta.transfer_syntax_uid = "1.2.840.10008.1.2.5".to_owned();
    assert_eq!(plane(&coded), Some(vec![true, false]));
}

#[test]
fn broken_overlays_are_refused_and_noted() {
    let reasons = |ds: &Dataset| -> Vec<_> {
        all(&instance(ds)).into_iter().map(|o| o.map(drop).map_err(|e: Error| e.reason())).collect()
    };
    let mut short = image();
    put(&mut short, 0x6000, 3, 3, [1, 1], &[0xFF]);
    assert_eq!(reasons(&short), [Err("malformed")]);
    let picture = instance(&short).frame(0).unwrap().render(&Render::default().overlays(true)).unwrap();
    assert_eq!((picture.pixels, picture.notes), (vec![0; 6], vec![Note::OverlayRefused { reason: "malformed" }]));

    let mut many = image();
    put(&mut many, 0x6000, 1, 1, [1, 1], &[1]);
    for frames in ["9", "0", "-1", "9223372036854775807"] {
        text(&mut many, VR::IS, Tag(0x6000, 0x15), frames);
        assert_eq!(reasons(&many), [Err("malformed")], "{frames}");
    }
    let mut flat = image();
    put(&mut flat, 0x6000, 0, 1, [1, 1], &[1]);
    assert_eq!(reasons(&flat), [Err("malformed")]);
    let mut bare = image();
    bare.put(DataElement::new(Tag(0x6000, 0x3000), VR::OB, PrimitiveValue::from(vec![1u8])));
    assert_eq!(reasons(&bare), [Err("missing-element")]);
    let mut inside = words(&[0, 0, 0], 12, 0);
    embed(&mut inside, 0x6000, 11);
    assert_eq!(reasons(&inside), [Err("malformed")], "a bit of the value");
    embed(&mut inside, 0x6000, 16);
    assert_eq!(reasons(&inside), [Err("malformed")], "no bit of the word");
    assert_eq!(reasons(&gray(&[0])), []);
    let mut hollow = gray(&[0]);
    for element in [0x10, 0x102, 0x3000] {
        hollow.put(DataElement::new(Tag(0x6000, element), VR::US, PrimitiveValue::Empty));
    }
    assert_eq!(reasons(&hollow), []);
}
