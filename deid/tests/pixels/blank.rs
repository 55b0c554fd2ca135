//! Blanking changes the rectangles and nothing else, in every form that pixels have.

use isocenter_dcm::dicom_core::value::PrimitiveValue;
use isocenter_dcm::dicom_core::{DataElement, DicomValue};
use isocenter_dcm::pixel::{self, Photometric};
use isocenter_dcm::{Instance, VR, tags, value};
use isocenter_deid::Ctx;
use isocenter_deid::pixels::{Areas, Error, Rect, blank};
use std::sync::atomic::AtomicBool;

use crate::image::{CT, image, number, pixels, stored, text, through_file};

const SIZE: [u16; 2] = [16, 12];
const RECT: Rect = Rect::new(3, 2, 9, 7);

fn samples(count: usize) -> Vec<u8> {
    (0..count).map(|at| (at * 31 % 199 + 20) as u8).collect()
}

fn only(frame: usize) -> Areas {
    let mut areas = Areas::new();
    areas.add(frame, RECT);
    areas
}

/// Blanks one frame; stored samples of a pixel inside, and whether all others are as they were.
fn blanked(instance: &mut Instance, frame: usize) -> (Vec<f64>, bool) {
    let frames = isocenter_dcm::FunctionalGroups::new(&instance.dataset).frames();
    let before: Vec<Vec<f64>> = (0..frames).map(|frame| stored(instance, frame)).collect();
    assert!(blank::areas(instance, &only(frame), &Ctx::default()).unwrap());
    let instance = through_file(instance);
    let step = before[0].len() / (usize::from(SIZE[0]) * usize::from(SIZE[1]));
    let (mut inside, mut same) = (Vec::new(), true);
    for (at, before) in before.iter().enumerate() {
        let after = stored(&instance, at);
        for (pixel, (old, new)) in before.chunks(step).zip(after.chunks(step)).enumerate() {
            let (x, y) = (pixel as u32 % u32::from(SIZE[0]), pixel as u32 / u32::from(SIZE[0]));
            if at == frame && RECT.contains(x, y) {
                inside.push(new.to_vec());
            } else {
                same &= old == new;
            }
        }
    }
    assert_eq!(inside.len() as u64, RECT.area());
    assert!(inside.iter().all(|one| *one == inside[0]), "one value");
    (inside.remove(0), same)
}

#[test]
fn native_gray_and_colour_get_black_inside_and_stay_outside() {
    for (photometric, black) in [
        ("MONOCHROME2", vec![0.0]),
        ("MONOCHROME1", vec![255.0]),
        ("RGB", vec![0.0; 3]),
        ("YBR_FULL", vec![0.0, 128.0, 128.0]),
    ] {
        for planar in [0, 1] {
            let mut instance = image(CT, SIZE, photometric, 3, samples(3 * 16 * 12 * black.len()));
            number(&mut instance.dataset, tags::PLANAR_CONFIGURATION, planar);
            assert_eq!(blanked(&mut instance, 1), (black.clone(), true), "{photometric}, planar {planar}");
        }
    }
}

#[test]
fn padding_is_the_value_where_there_is_one_and_bits_beyond_those_stored_go_with_the_pixel() {
    let mut instance = image(CT, SIZE, "MONOCHROME2", 1, Vec::new());
    for (tag, value) in
        [(tags::BITS_ALLOCATED, 16), (tags::BITS_STORED, 12), (tags::HIGH_BIT, 11), (tags::PIXEL_REPRESENTATION, 1)]
    {
        number(&mut instance.dataset, tag, value);
    }
    instance.dataset.put(DataElement::new(tags::PIXEL_PADDING_VALUE, VR::SS, PrimitiveValue::from(-2000i16)));
    let words: Vec<u16> = (0..16 * 12).map(|at| 0x7000 | at).collect();
    instance.dataset.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(words.into())));
    assert_eq!(blanked(&mut instance, 0), (vec![-2000.0], true));
    let words: Vec<u16> = pixels(&instance).chunks(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
    assert_eq!((words[2 * 16 + 3], words[2 * 16 + 2]), ((-2000i16) as u16, 0x7000 | 34));
}

#[test]
fn palettes_get_their_darkest_entry() {
    let mut instance = image(CT, SIZE, "PALETTE COLOR", 1, samples(16 * 12));
    for channel in 0..3u16 {
        let descriptor = PrimitiveValue::U16(vec![256, 0, 16].into());
        instance.dataset.put(DataElement::new(isocenter_dcm::Tag(0x0028, 0x1101 + channel), VR::US, descriptor));
        let table: Vec<u16> = (0..256u16).map(|at| if at == 77 { 0 } else { 0xFF00 - at * 100 }).collect();
        let table = PrimitiveValue::U16(table.into());
        instance.dataset.put(DataElement::new(isocenter_dcm::Tag(0x0028, 0x1201 + channel), VR::OW, table));
    }
    assert_eq!(blanked(&mut instance, 0), (vec![77.0], true));
}

#[test]
fn columns_that_share_their_colour_go_together() {
    let mut instance = image(CT, SIZE, "YBR_FULL_422", 1, samples(2 * 16 * 12));
    let before = stored(&instance, 0);
    assert!(blank::areas(&mut instance, &only(0), &Ctx::default()).unwrap());
    let after = stored(&instance, 0);
    for (pixel, (old, new)) in before.chunks(3).zip(after.chunks(3)).enumerate() {
        // columns 3 to 9 are in the pairs 2 to 10
        let inside = Rect::new(2, 2, 10, 7).contains(pixel as u32 % 16, pixel as u32 / 16);
        assert_eq!(new, if inside { &[0.0, 128.0, 128.0] } else { old }, "{pixel}");
    }
}

#[test]
fn single_bits_are_blanked_where_frames_start_within_a_byte() {
    let mut instance = image(CT, [5, 3], "MONOCHROME2", 2, vec![0xFF; 4]);
    for (tag, value) in [(tags::BITS_ALLOCATED, 1), (tags::BITS_STORED, 1), (tags::HIGH_BIT, 0)] {
        number(&mut instance.dataset, tag, value);
    }
    let mut areas = Areas::new();
    areas.add(1, Rect::new(1, 1, 3, 2));
    assert!(blank::areas(&mut instance, &areas, &Ctx::default()).unwrap());
    let zeros: Vec<usize> = (0..15).filter(|&at| stored(&instance, 1)[at] == 0.0).collect();
    assert_eq!((zeros, stored(&instance, 0)), (vec![6, 7], vec![1.0; 15]));
}

#[test]
fn lossless_frames_are_coded_again_in_their_syntax_and_others_keep_their_bytes() {
    for syntax in ["1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.70"]
    {
        for photometric in ["MONOCHROME2", "RGB"] {
            let step = if photometric == "RGB" { 3 } else { 1 };
            let mut instance = image(CT, SIZE, photometric, 3, samples(3 * 16 * 12 * step));
            pixel::transcode(&mut instance, syntax, &Ctx::default()).unwrap();
            let streams = |instance: &Instance| match instance.dataset.get(tags::PIXEL_DATA).unwrap().value() {
                DicomValue::PixelSequence(pixels) => pixels.fragments().to_vec(),
                _ => Vec::new(),
            };
            let before = streams(&instance);
            assert_eq!(blanked(&mut instance, 1), (vec![0.0; step], true), "{syntax} {photometric}");
            let after = streams(&instance);
            assert_eq!(instance.meta.transfer_syntax_uid, syntax);
            assert!(before[0] == after[0] && before[1] != after[1] && before[2] == after[2], "{syntax} {photometric}");
        }
    }
}

#[test]
fn a_lossy_syntax_becomes_a_lossless_one_that_says_what_was_lost() {
    let mut instance = image(CT, SIZE, "MONOCHROME2", 2, samples(2 * 16 * 12));
    let near = pixel::EncodeOptions::new("1.2.840.10008.1.2.4.81").unwrap().near(3).unwrap();
    near.transcode(&mut instance, &Ctx::default()).unwrap();
    assert_eq!(blanked(&mut instance, 0), (vec![0.0], true));
    assert_eq!(value::string(&instance.dataset, tags::LOSSY_IMAGE_COMPRESSION).as_deref(), Some("01"));
    assert_eq!(instance.frame(0).unwrap().info().unwrap().photometric, Photometric::Monochrome2);
}

#[test]
fn what_cannot_be_done_is_an_error_and_nothing_has_changed() {
    let whole = image(CT, SIZE, "MONOCHROME2", 2, samples(2 * 16 * 12));
    let mut cut = image(CT, SIZE, "MONOCHROME2", 2, samples(300));
    assert!(matches!(blank::areas(&mut cut, &only(0), &Ctx::default()), Err(Error::Frame { frame: 1, .. })));
    assert_eq!(pixels(&cut), samples(300));
    let bytes = whole.to_bytes().unwrap();
    let mut header = isocenter_dcm::OpenOptions::new().header_only(true).parse(&bytes).unwrap();
    assert!(matches!(blank::areas(&mut header, &only(0), &Ctx::default()), Err(Error::HeaderOnly)));
    let stop = AtomicBool::new(true);
    let stopped = Ctx::default().with_observer(&stop);
    let mut instance = whole.clone();
    assert!(matches!(blank::areas(&mut instance, &only(0), &stopped), Err(Error::Cancelled)));
    assert_eq!(pixels(&instance), pixels(&whole));
    text(&mut instance.dataset, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "SEPIA");
    assert!(blank::areas(&mut instance, &only(0), &Ctx::default()).is_err());
}

#[test]
fn rectangles_outside_of_the_frame_change_nothing() {
    let mut instance = image(CT, SIZE, "MONOCHROME2", 1, samples(16 * 12));
    let mut areas = Areas::new();
    areas.add_everywhere(Rect::new(16, 0, 900, 12));
    areas.add(7, RECT);
    assert!(!blank::areas(&mut instance, &areas, &Ctx::default()).unwrap());
    assert_eq!(pixels(&instance), samples(16 * 12));
}
