use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
use isocenter_dcm::display::{Choice, Note, Render, Transform, Window, WindowFunction};
use isocenter_dcm::{Dataset, Tag, tags};
use proptest::prelude::*;

use super::{gray, instance, make, number, sequence, table, text, words};

fn pixels(render: &Render, ds: &Dataset) -> Vec<u8> {
    instance(ds).frame(0).unwrap().render(render).unwrap().pixels
}

fn windowed(mut ds: Dataset, center: &str, width: &str) -> Dataset {
    text(&mut ds, VR::DS, tags::WINDOW_CENTER, center);
    text(&mut ds, VR::DS, tags::WINDOW_WIDTH, width);
    ds
}

#[test]
fn the_window_is_over_real_values() {
    // Stored 1000, 1050 and 1101 are -24, 26 and 77; a window of 101 around 26.5 goes from -24 to 76.
    let mut ds = windowed(words(&[1000, 1050, 1101], 12, 0), "26.5", "101");
    text(&mut ds, VR::DS, tags::RESCALE_INTERCEPT, "-1024");
    assert_eq!(pixels(&Render::default(), &ds), [0, 128, 255]);
}

#[test]
fn a_table_is_over_the_modality_table() {
    let mut ds = windowed(gray(&[0, 1, 2]), "1", "1");
    sequence(&mut ds, tags::MODALITY_LUT_SEQUENCE, vec![table([3, 0, 16], &[500, 501, 502])]);
    sequence(&mut ds, tags::VOILUT_SEQUENCE, vec![table([3, 500, 12], &[4095, 0, 2048])]);
    assert_eq!(pixels(&Render::default(), &ds), [255, 0, 128]);
    assert_eq!(pixels(&Render::default().choice(Choice::View(1)), &ds), [255, 255, 255], "the window");
    let missing = instance(&ds).frame(0).unwrap().render(&Render::default().choice(Choice::View(2))).unwrap_err();
    assert_eq!(missing.reason(), "no-such-view");
}

#[test]
fn without_a_view_the_frame_fills_the_range_without_its_padding() {
    let mut ds = words(&[0x0830, 100, 200, 300], 12, 1);
    number(&mut ds, tags::PIXEL_PADDING_VALUE, 0xF830);
    // -2000, 100, 200, 300: the middle of the range is 127.5, and halves go up.
    assert_eq!(pixels(&Render::default(), &ds), [0, 0, 128, 255]);
    ds.remove_element(tags::PIXEL_PADDING_VALUE);
    assert_eq!(pixels(&Render::default(), &ds), [0, 233, 244, 255]);
    assert_eq!(pixels(&Render::default(), &gray(&[7, 7])), [0, 0], "nothing to tell apart");
    assert_eq!(pixels(&Render::default().choice(Choice::Full), &gray(&[0, 7, 255])), [0, 7, 255]);
}

#[test]
fn single_bits_are_black_and_white() {
    let mut ds = make::module(1, 8, 1, "MONOCHROME2", [1, 1, 0], 0);
    make::put_bytes(&mut ds, &[0xFF]);
    assert_eq!(pixels(&Render::default(), &ds), [255; 8]);
}

#[test]
fn monochrome1_is_turned_round_and_padding_may_stay_black() {
    let mut ds = windowed(gray(&[0, 1, 255]), "128", "256");
    text(&mut ds, VR::CS, tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME1");
    assert_eq!(pixels(&Render::default(), &ds), [255, 254, 0]);
    text(&mut ds, VR::CS, tags::PRESENTATION_LUT_SHAPE, "INVERSE");
    number(&mut ds, tags::PIXEL_PADDING_VALUE, 0);
    assert_eq!(pixels(&Render::default(), &ds), [255, 254, 0], "turned round once");
    assert_eq!(pixels(&Render::default().padding_black(true), &ds), [0, 254, 0]);
}

#[test]
fn what_cannot_be_followed_is_noted() {
    let mut ds = windowed(gray(&[0, 255]), "1\\128", "0\\256");
    text(&mut ds, VR::CS, tags::PRESENTATION_LUT_SHAPE, "INVERSE");
    text(&mut ds, VR::LO, tags::PIXEL_PADDING_VALUE, "none");
    let picture = instance(&ds).frame(0).unwrap().render(&Render::default()).unwrap();
    assert_eq!(picture.pixels, [255, 0], "the shape has the last word");
    let view = Note::ViewRefused { index: 0, reason: "malformed" };
    assert_eq!(picture.notes, [Note::PaddingRefused { reason: "bad-value" }, view, Note::PolarityDisputed]);
    let asked = instance(&ds).frame(0).unwrap().render(&Render::default().choice(Choice::View(0)));
    assert_eq!(asked.unwrap_err().reason(), "malformed");
}

#[test]
fn float_images_are_rendered_and_nan_is_black() {
    let mut ds = make::module(1, 4, 1, "MONOCHROME1", [32, 32, 31], 0);
    let values = vec![0.0f32, 1.0, f32::NAN, f32::INFINITY];
    ds.put(DataElement::new(tags::FLOAT_PIXEL_DATA, VR::OF, PrimitiveValue::F32(values.into())));
    assert_eq!(pixels(&Render::default(), &ds), [255, 0, 0, 0]);
    let full = instance(&ds).frame(0).unwrap().render(&Render::default().choice(Choice::Full));
    assert_eq!(full.unwrap_err().reason(), "unsupported-pixels");
}

#[test]
fn colour_comes_in_eight_bits() {
    let mut ds = make::module(1, 1, 3, "RGB", [16, 12, 11], 0);
    ds.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16([0, 2048, 4095].as_slice().into())));
    let picture = instance(&ds).frame(0).unwrap().render(&Render::default()).unwrap();
    assert_eq!((picture.channels, picture.pixels), (3, vec![0, 128, 255]));
    let mut indices = make::module(1, 1, 1, "PALETTE COLOR", [8, 8, 7], 0);
    for channel in 0..3u16 {
        let entries = PrimitiveValue::U16([0x1000 * (channel + 1)].as_slice().into());
        indices.put(DataElement::new(
            Tag(0x0028, 0x1101 + channel),
            VR::US,
            PrimitiveValue::U16([1, 0, 16].as_slice().into()),
        ));
        indices.put(DataElement::new(Tag(0x0028, 0x1201 + channel), VR::OW, entries));
    }
    make::put_bytes(&mut indices, &[0]);
    assert_eq!(pixels(&Render::default(), &indices), [0x10, 0x20, 0x30]);
}

#[test]
fn large_images_take_the_same_grays() {
    let stored: Vec<u16> = (0..=65535).chain([0]).collect();
    let mut large = make::module(257, 257, 1, "MONOCHROME2", [16, 16, 15], 1);
    let repeated: Vec<u16> = stored.iter().copied().cycle().take(257 * 257).collect();
    large.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(repeated.into())));
    let window = Render::default().window(Window::new(-40.0, 400.0, WindowFunction::Sigmoid).unwrap());
    let found = pixels(&window, &large);
    for at in [0, 1, 160, 32767, 32768, 65400, 65535] {
        assert_eq!(pixels(&window, &words(&[stored[at]], 16, 1)), [found[at]], "{at}");
    }
}

proptest! {
    #[test]
    fn grays_rise_with_stored_values(
        mut stored in prop::collection::vec(any::<i16>(), 1..50), slope in 0.01..10f64, intercept in -2e3..2e3f64,
        low in -1e4..1e4f64, width in 0.0..1e4f64,
    ) {
        stored.sort_unstable();
        let unsigned: Vec<u16> = stored.iter().map(|&v| v as u16).collect();
        let mut ds = words(&unsigned, 16, 1);
        text(&mut ds, VR::DS, tags::RESCALE_SLOPE, &slope.to_string());
        text(&mut ds, VR::DS, tags::RESCALE_INTERCEPT, &intercept.to_string());
        let range = Choice::Given(Transform::Range { low, high: low + width });
        for choice in [Choice::Auto, Choice::Full, range] {
            let grays = pixels(&Render::default().choice(choice), &ds);
            prop_assert!(grays.is_sorted());
        }
        text(&mut ds, VR::CS, tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME1");
        prop_assert!(pixels(&Render::default(), &ds).iter().rev().is_sorted());
    }
}

proptest! {
    #[test]
    fn no_header_makes_rendering_panic(
        descriptors in prop::collection::vec(any::<[u16; 3]>(), 2), entries in prop::collection::vec(any::<u16>(), 0..9),
        padding in any::<[u16; 2]>(), overlay in prop::collection::vec(any::<u16>(), 7),
        center in "[-0-9.e]{0,5}", width in "[-0-9.e\\\\]{0,5}", bits in 1u16..=16, signed in 0u16..=1,
    ) {
        let mut ds = windowed(words(&[0, 1, 0x8000, 0xFFFF], bits, signed), &center, &width);
        for (tag, value) in [tags::PIXEL_PADDING_VALUE, tags::PIXEL_PADDING_RANGE_LIMIT].into_iter().zip(padding) {
            number(&mut ds, tag, value);
        }
        for (element, value) in [0x10, 0x11, 0x15, 0x50, 0x51, 0x100, 0x102].into_iter().zip(overlay) {
            number(&mut ds, Tag(0x6000, element), value);
        }
        sequence(&mut ds, tags::VOILUT_SEQUENCE, vec![table(descriptors[0], &entries)]);
        let any = Render::default().overlays(true).padding_black(true);
        prop_assert_eq!(pixels(&any, &ds).len(), 4);
        sequence(&mut ds, tags::MODALITY_LUT_SEQUENCE, vec![table(descriptors[1], &entries)]);
        match instance(&ds).frame(0).unwrap().render(&any) {
            Ok(picture) => prop_assert_eq!(picture.pixels.len(), 4),
            Err(error) => prop_assert_eq!(error.reason(), "malformed", "{}", error),
        }
    }
}
