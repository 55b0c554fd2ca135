//! Pixels brought into another syntax: the header follows, the values stay.

use isocenter_dcm::dicom_core::{DataElement, DicomValue, PrimitiveValue, VR};
use isocenter_dcm::isocenter_volume::Ctx;
use isocenter_dcm::pixel::{self, DecodeOptions, EncodeOptions, Photometric};
use isocenter_dcm::{Dataset, FileMeta, Instance, OpenOptions, Tag, tags, value};

use super::make;
use super::make::{module, put_bytes};

const EXPLICIT: &str = "1.2.840.10008.1.2.1";
const RLE: &str = "1.2.840.10008.1.2.5";
const JPEG_LS: &str = "1.2.840.10008.1.2.4.80";
const AS_CODED: DecodeOptions = DecodeOptions::new().palette(false).rgb(false);

fn image(mut ds: Dataset, bytes: &[u8]) -> Instance {
    ds.put(DataElement::new(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.7"));
    ds.put(DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"));
    put_bytes(&mut ds, bytes);
    Instance::new(FileMeta::of_syntax(EXPLICIT), ds)
}

fn reopened(image: &Instance) -> Instance {
    let opened = OpenOptions::new().parse(&image.to_bytes().unwrap()).unwrap();
    assert_eq!(opened.warnings, []);
    opened
}

fn us(image: &Instance, tag: Tag) -> Option<u16> {
    value::u16(&image.dataset, tag)
}

/// Three frames of 12 signed bits.
fn frames() -> Instance {
    let mut ds = module(3, 5, 1, "MONOCHROME2", [16, 12, 11], 1);
    ds.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, "3"));
    let words = (0..45).flat_map(|i: i16| (i * 91 - 2048).to_le_bytes());
    image(ds, &words.collect::<Vec<u8>>())
}

#[test]
fn frames_go_through_every_syntax_and_come_back() {
    let start = frames();
    let values = make::decode_all(&start).unwrap().samples;
    let mut image = start.clone();
    let ends = ["57", "70", "80", "81", "90"].map(|end| format!("1.2.840.10008.1.2.4.{end}"));
    let coded =
        ends.iter().map(String::as_str).chain([RLE, "1.2.840.10008.1.2.8.1", "1.2.840.10008.1.2.1.98", EXPLICIT]);
    for syntax in coded {
        pixel::transcode(&mut image, syntax, &Ctx::default()).unwrap();
        image = reopened(&image);
        assert_eq!(image.meta.transfer_syntax_uid, syntax);
        assert_eq!(make::decode_all(&image).unwrap().samples, values, "{syntax}");
    }
    assert_eq!(value::i64(&image.dataset, tags::NUMBER_OF_FRAMES), Some(3));
    let bytes = |image: &Instance| value::bytes(image.dataset.get(tags::PIXEL_DATA).unwrap());
    assert_eq!(bytes(&image), bytes(&start));
}

#[test]
fn each_frame_is_a_fragment_that_the_offset_table_names() {
    let mut image = frames();
    let wrong = PrimitiveValue::U64(vec![0, 1, 2].into());
    image.dataset.put(DataElement::new(tags::EXTENDED_OFFSET_TABLE, VR::OV, wrong.clone()));
    image.dataset.put(DataElement::new(tags::EXTENDED_OFFSET_TABLE_LENGTHS, VR::OV, wrong));
    pixel::transcode(&mut image, JPEG_LS, &Ctx::default()).unwrap();
    let DicomValue::PixelSequence(pixels) = image.dataset.get(tags::PIXEL_DATA).unwrap().value() else { panic!() };
    let fragments = pixels.fragments();
    assert!(fragments.iter().all(|fragment| fragment.len() % 2 == 0));
    let second = 8 + fragments[0].len() as u32;
    assert_eq!(pixels.offset_table(), [0, second, second + 8 + fragments[1].len() as u32]);
    assert!(image.dataset.get(tags::EXTENDED_OFFSET_TABLE).is_none());
    assert!(image.dataset.get(tags::EXTENDED_OFFSET_TABLE_LENGTHS).is_none());
    assert_eq!(image.pixel_element().unwrap().length, None);
}

#[test]
fn colour_keeps_its_model_and_loses_its_planes() {
    let mut ds = module(1, 2, 3, "YBR_FULL", [8, 8, 7], 0);
    ds.put(DataElement::new(tags::PLANAR_CONFIGURATION, VR::US, PrimitiveValue::from(1u16)));
    let mut image = image(ds, &[150, 29, 44, 255, 21, 107]);
    for (syntax, planar) in [(JPEG_LS, 0), (RLE, 1), (EXPLICIT, 0)] {
        pixel::transcode(&mut image, syntax, &Ctx::default()).unwrap();
        assert_eq!(us(&image, tags::PLANAR_CONFIGURATION), Some(planar));
        let frame = image.frame(0).unwrap().decode(&AS_CODED).unwrap();
        assert_eq!(frame.info.photometric, Photometric::YbrFull);
        assert_eq!(frame.samples, make::u8s(vec![150, 44, 21, 29, 255, 107]));
    }
}

#[test]
fn shared_colour_differences_are_written_for_each_pixel() {
    let mut image = image(module(1, 2, 3, "YBR_FULL_422", [8, 8, 7], 0), &[100, 50, 120, 130]);
    let rgb = make::decode_frame(&image, 0).unwrap().samples;
    pixel::transcode(&mut image, JPEG_LS, &Ctx::default()).unwrap();
    assert_eq!(value::string(&image.dataset, tags::PHOTOMETRIC_INTERPRETATION).as_deref(), Some("YBR_FULL"));
    assert_eq!(make::decode_frame(&image, 0).unwrap().samples, rgb);
}

fn with_palette() -> Instance {
    let mut ds = module(1, 2, 1, "PALETTE COLOR", [8, 8, 7], 0);
    for channel in 0..3 {
        ds.put(DataElement::new(Tag(0x0028, 0x1101 + channel), VR::US, PrimitiveValue::U16(vec![2u16, 0, 16].into())));
        ds.put(DataElement::new(Tag(0x0028, 0x1201 + channel), VR::OW, PrimitiveValue::U16(vec![0u16, 0xFF00].into())));
    }
    image(ds, &[1, 0])
}

#[test]
fn palette_indices_stay_indices() {
    let mut image = with_palette();
    pixel::transcode(&mut image, RLE, &Ctx::default()).unwrap();
    assert_eq!(image.frame(0).unwrap().decode(&AS_CODED).unwrap().samples, make::u8s(vec![1, 0]));
    assert_eq!(make::decode_frame(&image, 0).unwrap().samples, make::u8s(vec![255, 255, 255, 0, 0, 0]));
}

#[test]
fn a_palette_that_was_applied_is_taken_out() {
    let mut image = with_palette();
    let rgb = make::decode_frame(&image, 0).unwrap();
    pixel::replace(&mut image, std::slice::from_ref(&rgb), EXPLICIT, &Ctx::default()).unwrap();
    assert_eq!(make::decode_frame(&image, 0).unwrap(), rgb);
    assert_eq!(us(&image, tags::SAMPLES_PER_PIXEL), Some(3));
    assert!(image.dataset.get(tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA).is_none());
}

#[test]
fn the_header_says_what_the_frames_are_now() {
    let mut image = frames();
    let mut frame = make::decode_frame(&image, 1).unwrap();
    (frame.info.signed, frame.info.bits_stored, frame.info.rows, frame.info.columns) = (false, 10, 5, 3);
    frame.samples = make::u16s((0..15).map(|i| i * 68).collect());
    pixel::replace(&mut image, &[frame.clone(), frame], JPEG_LS, &Ctx::default()).unwrap();
    let numbers = [tags::ROWS, tags::COLUMNS, tags::BITS_STORED, tags::HIGH_BIT, tags::PIXEL_REPRESENTATION];
    assert_eq!(numbers.map(|tag| us(&image, tag)), [5, 3, 10, 9, 0].map(Some));
    assert_eq!(value::i64(&image.dataset, tags::NUMBER_OF_FRAMES), Some(2));
    assert!(image.dataset.get(tags::LOSSY_IMAGE_COMPRESSION).is_none());
}

#[test]
fn all_frames_of_one_vector_are_put_back() {
    let mut image = frames();
    let all = make::decode_all(&image).unwrap();
    pixel::replace(&mut image, std::slice::from_ref(&all), RLE, &Ctx::default()).unwrap();
    assert_eq!(make::decode_all(&image).unwrap().samples, all.samples);
}

#[test]
fn near_lossless_coding_adds_to_the_history() {
    let mut image = frames();
    image.dataset.put(DataElement::new(tags::LOSSY_IMAGE_COMPRESSION_RATIO, VR::DS, "10"));
    image.dataset.put(DataElement::new(tags::LOSSY_IMAGE_COMPRESSION_METHOD, VR::CS, "ISO_10918_1"));
    let options = EncodeOptions::new("1.2.840.10008.1.2.4.81").unwrap().near(2).unwrap();
    let mut frame = make::decode_frame(&image, 0).unwrap();
    frame.samples = make::i16s((0..15).map(|i| i * 91 - 2000).collect());
    options.replace(&mut image, &[frame], &Ctx::default()).unwrap();
    let dataset = &image.dataset;
    assert_eq!(value::string(dataset, tags::LOSSY_IMAGE_COMPRESSION).as_deref(), Some("01"));
    assert_eq!(value::strings(dataset, tags::LOSSY_IMAGE_COMPRESSION_METHOD), ["ISO_10918_1", "ISO_14495_1"]);
    let DicomValue::PixelSequence(pixels) = dataset.get(tags::PIXEL_DATA).unwrap().value() else { panic!() };
    let ratio = value::f64s(dataset, tags::LOSSY_IMAGE_COMPRESSION_RATIO)[1];
    // A fragment may be one byte longer than its stream.
    assert!((ratio - 30.0 / pixels.fragments()[0].len() as f64).abs() < 0.02, "{ratio}");
}

#[test]
fn nothing_changes_where_an_error_is_returned() {
    let mut image = frames();
    let before = image.dataset.clone();
    let good = make::decode_frame(&image, 0).unwrap();
    let mut other = good.clone();
    other.info.bits_stored = 11;
    for (frames, reason) in [(vec![], "no-pixel-data"), (vec![good, other], "malformed")] {
        assert_eq!(pixel::replace(&mut image, &frames, JPEG_LS, &Ctx::default()).unwrap_err().reason(), reason);
    }
    for syntax in ["1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.2", "1.2.3"] {
        assert_eq!(
            pixel::transcode(&mut image, syntax, &Ctx::default()).unwrap_err().reason(),
            "unsupported-transfer-syntax"
        );
    }
    // An overlay without data stands in the pixels' unused bits.
    image.dataset.put(DataElement::new(Tag(0x6000, 0x0010), VR::US, PrimitiveValue::from(3u16)));
    assert_eq!(pixel::transcode(&mut image, JPEG_LS, &Ctx::default()).unwrap_err().reason(), "unsupported-pixels");
    image.dataset.remove_element(Tag(0x6000, 0x0010));
    assert_eq!(image.dataset, before);
    assert_eq!(image.meta.transfer_syntax_uid, EXPLICIT);
}

#[test]
fn a_syntax_is_named_for_each_that_cannot_be_written() {
    for (from, to) in [
        (RLE, RLE),
        ("1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.81"),
        ("1.2.840.10008.1.2.2", EXPLICIT),
        ("1.2.840.10008.1.2.1.99", EXPLICIT),
        ("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.70"),
        ("1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.90"),
        ("1.2.840.10008.1.2.4.110", JPEG_LS),
        ("1.2.3", EXPLICIT),
    ] {
        assert_eq!(pixel::best_for(from), to);
    }
}

#[test]
fn a_sign_that_the_jpeg_2000_stream_and_the_header_disagree_on_is_the_streams() {
    let mut image = frames();
    let values = make::decode_all(&image).unwrap().samples;
    pixel::transcode(&mut image, "1.2.840.10008.1.2.4.90", &Ctx::default()).unwrap();
    // The stream says signed, Pixel Representation unsigned: what was coded is known to the stream.
    image.dataset.put(DataElement::new(tags::PIXEL_REPRESENTATION, VR::US, PrimitiveValue::from(0u16)));
    let decoded = make::decode_all(&image).unwrap();
    assert_eq!(decoded.samples, values);
    assert!(decoded.info.signed);
    // The other way about, the pattern is that of a signed value.
    let mut ds = module(1, 2, 1, "MONOCHROME2", [16, 12, 11], 0);
    ds.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, "1"));
    let mut image = self::image(ds, &[0xFF, 0x0F, 5, 0]);
    pixel::transcode(&mut image, "1.2.840.10008.1.2.4.90", &Ctx::default()).unwrap();
    image.dataset.put(DataElement::new(tags::PIXEL_REPRESENTATION, VR::US, PrimitiveValue::from(1u16)));
    assert_eq!(make::decode_all(&image).unwrap().samples, make::i16s(vec![-1, 5]));
}

#[test]
fn colour_keeps_its_model_in_every_lossless_codec() {
    // Gray in luma and colour differences: a decoder that took them for RGB would give a green.
    let mut ds = module(1, 2, 3, "YBR_FULL", [8, 8, 7], 0);
    ds.put(DataElement::new(tags::PLANAR_CONFIGURATION, VR::US, PrimitiveValue::from(0u16)));
    let start = self::image(ds, &[100, 128, 128, 50, 128, 128]);
    for syntax in [JPEG_LS, "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.90", RLE] {
        let mut image = start.clone();
        pixel::transcode(&mut image, syntax, &Ctx::default()).unwrap();
        assert_eq!(value::string(&image.dataset, tags::PHOTOMETRIC_INTERPRETATION).as_deref(), Some("YBR_FULL"));
        let raw = image.frame(0).unwrap().decode(&AS_CODED).unwrap();
        assert_eq!(raw.samples, make::u8s(vec![100, 128, 128, 50, 128, 128]), "{syntax}");
        let rgb = make::decode_frame(&image, 0).unwrap();
        assert_eq!(rgb.samples, make::u8s(vec![100, 100, 100, 50, 50, 50]), "{syntax}");
    }
}
