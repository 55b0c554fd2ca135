use isocenter_dcm::dicom_core::VR;
use isocenter_dcm::{OpenOptions, Tag, Warning, tags, value};

use super::make;
use super::make::{EXPLICIT, explicit, file, ids, implicit};

fn parse(dataset: &[u8]) -> isocenter_dcm::Instance {
    OpenOptions::new().parse(&file(EXPLICIT, &[&ids(), dataset].concat())).unwrap()
}

#[test]
fn a_slope_of_unknown_vr_is_no_character_code() {
    let instance = parse(
        &[explicit(tags::RESCALE_INTERCEPT, "UN", b"-1024 "), explicit(tags::RESCALE_SLOPE, "UN", b"1 ")].concat(),
    );
    let facts = instance.frame(0).unwrap().scaling().unwrap();
    assert_eq!((facts.slope, facts.intercept), (1.0, -1024.0));
    assert!(instance.warnings.contains(&Warning::UnknownVrResolved { tag: tags::RESCALE_SLOPE, vr: VR::DS }));
}

#[test]
fn a_sequence_of_unknown_vr_is_read_as_implicit() {
    let inner = implicit(tags::CODE_VALUE, b"T-A0");
    let item = [&[0xFE, 0xFF, 0x00, 0xE0][..], &(inner.len() as u32).to_le_bytes(), &inner].concat();
    let defined = explicit(tags::ANATOMIC_REGION_SEQUENCE, "UN", &item);
    let mut undefined = vec![0x08, 0x00, 0x18, 0x22, b'U', b'N', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF];
    undefined.extend(&item);
    undefined.extend([0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
    for dataset in [defined, undefined, explicit(Tag(0x2005, 0x140F), "UN", &item)] {
        let instance = parse(&dataset);
        let items = instance.dataset.iter().find_map(|element| element.items()).unwrap();
        assert_eq!(value::string(&items[0], tags::CODE_VALUE).as_deref(), Some("T-A0"));
    }
}

#[test]
fn private_bytes_that_only_look_like_a_sequence_stay_bytes() {
    let bytes = [&[0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0, 0, 0][..], b"abcd"].concat();
    let instance = parse(&explicit(Tag(0x0029, 0x1010), "UN", &bytes));
    assert_eq!(value::bytes(instance.dataset.get(Tag(0x0029, 0x1010)).unwrap()), bytes);
    assert_eq!(instance.warnings, []);
}

#[test]
fn an_odd_length_number_is_kept_as_bytes() {
    let instance = parse(&explicit(tags::ROWS, "US", &[1, 2, 3]));
    assert_eq!(instance.warnings, [Warning::BadLength { tag: tags::ROWS, vr: VR::US, length: 3 }]);
    assert_eq!(value::u16(&instance.dataset, tags::ROWS), None);
}

#[test]
fn big_endian_numbers_are_turned() {
    let be = |tag: Tag, vr: &[u8; 2], value: &[u8]| {
        let head = [tag.group().to_be_bytes(), tag.element().to_be_bytes()].concat();
        [&head[..], vr, &(value.len() as u16).to_be_bytes(), value].concat()
    };
    let pixels = [&[0x7F, 0xE0, 0x00, 0x10][..], b"OW\0\0", &4u32.to_be_bytes(), &[1, 2, 3, 4]].concat();
    let dataset = [
        be(tags::SOP_INSTANCE_UID, b"UI", b"1.2.3\0"),
        be(tags::ROWS, b"US", &[0, 1]),
        be(tags::COLUMNS, b"US", &[0, 1]),
        be(tags::BITS_ALLOCATED, b"US", &[0, 32]),
        pixels,
    ]
    .concat();
    let instance = OpenOptions::new().parse(&file("1.2.840.10008.1.2.2", &dataset)).unwrap();
    assert_eq!(value::u16(&instance.dataset, tags::ROWS), Some(1));
    let frame = make::decode_frame(&instance, 0).unwrap();
    // 32-bit samples in OW are turned as a whole, not by halves.
    assert_eq!(frame.samples, make::u32s(vec![0x0102_0304]));
}

#[test]
fn values_are_read_from_any_form() {
    let dataset = [
        explicit(tags::PIXEL_SPACING, "DS", b" 0.5 \\+1e0 "),
        explicit(tags::WINDOW_CENTER, "DS", b"abc "),
        explicit(Tag(0x0029, 0x0010), "LO", b"ACME 1.1"),
        explicit(Tag(0x0029, 0x1005), "UN", &1.5f64.to_le_bytes()),
    ]
    .concat();
    let ds = parse(&dataset).dataset;
    assert_eq!(value::f64s(&ds, tags::PIXEL_SPACING), [0.5, 1.0]);
    assert_eq!(value::f64(&ds, tags::WINDOW_CENTER), None);
    assert_eq!(value::i64(&ds, tags::PIXEL_SPACING), None);
    let private = value::private(&ds, 0x0029, "ACME 1.1", 0x05).unwrap();
    assert_eq!(value::numbers(private), Some(vec![1.5]));
    assert!(value::private(&ds, 0x0029, "OTHER", 0x05).is_none());
}
