use isocenter_dcm::dicom_core::{
    DataElement, DicomValue, PrimitiveValue, VR, value::DataSetSequence, value::PixelFragmentSequence,
};
use isocenter_dcm::{Dataset, FileMeta, Instance, OpenOptions, Tag, tags, value};

use super::make;

fn round_trip(meta: &FileMeta, ds: &Dataset) -> isocenter_dcm::Instance {
    OpenOptions::new().parse(&Instance::new(meta.clone(), ds.clone()).to_bytes().unwrap()).unwrap()
}

fn sample() -> Dataset {
    let mut ds = Dataset::new_empty();
    ds.put(DataElement::new(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.7"));
    ds.put(DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"));
    ds
}

#[test]
fn values_of_every_kind_come_back() {
    let mut ds = sample();
    let mut put = |group: u16, vr: VR, value: PrimitiveValue| ds.put(DataElement::new(Tag(group, 0x1001), vr, value));
    put(0x0011, VR::US, PrimitiveValue::U16(vec![1, 65535].into()));
    put(0x0013, VR::SS, PrimitiveValue::I16(vec![-1i16].into()));
    put(0x0015, VR::FD, PrimitiveValue::F64(vec![0.1, -2.5].into()));
    put(0x0017, VR::AT, PrimitiveValue::Tags(vec![Tag(0x10, 0x20)].into()));
    put(0x0019, VR::OB, PrimitiveValue::U8(vec![1, 2, 3, 4].into()));
    put(0x001B, VR::SV, PrimitiveValue::I64(vec![i64::MIN].into()));
    put(0x001D, VR::DS, PrimitiveValue::Strs(vec!["0.5".to_owned(), "1".to_owned()].into()));
    let back = round_trip(&FileMeta::default(), &ds);
    for element in ds.iter().filter(|element| element.header().tag.group() > 8) {
        let found = back.dataset.get(element.header().tag).unwrap();
        assert_eq!((found.vr(), found.value()), (element.vr(), element.value()));
    }
    assert!(back.warnings.is_empty());
    let again = back.to_bytes().unwrap();
    assert_eq!(again, make::alone(&ds).to_bytes().unwrap());
}

#[test]
fn numbers_of_another_type_take_the_form_of_their_vr() {
    let mut ds = sample();
    ds.put(DataElement::new(tags::ROWS, VR::US, PrimitiveValue::from(512i32)));
    ds.put(DataElement::new(tags::SLICE_THICKNESS, VR::DS, PrimitiveValue::from(2.5f64)));
    let back = round_trip(&FileMeta::default(), &ds).dataset;
    assert_eq!(value::u16(&back, tags::ROWS), Some(512));
    assert_eq!(value::f64(&back, tags::SLICE_THICKNESS), Some(2.5));
    ds.put(DataElement::new(tags::ROWS, VR::US, PrimitiveValue::from(70000i32)));
    assert_eq!(make::alone(&ds).to_bytes().unwrap_err().reason(), "bad-value");
}

#[test]
fn text_beyond_ascii_is_written_as_utf8_also_when_nested() {
    let mut item = Dataset::new_empty();
    item.put(DataElement::new(tags::CODE_MEANING, VR::LO, "头"));
    let mut ds = sample();
    ds.put(DataElement::new(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 100"));
    ds.put(DataElement::new(
        tags::ANATOMIC_REGION_SEQUENCE,
        VR::SQ,
        DicomValue::Sequence(DataSetSequence::from(vec![item])),
    ));
    let back = round_trip(&FileMeta::default(), &ds).dataset;
    assert_eq!(value::string(&back, tags::SPECIFIC_CHARACTER_SET).as_deref(), Some("ISO_IR 192"));
    let item = value::item(&back, tags::ANATOMIC_REGION_SEQUENCE).unwrap();
    assert_eq!(value::string(item, tags::CODE_MEANING).as_deref(), Some("头"));
}

#[test]
fn a_value_too_long_for_its_length_field_comes_back() {
    let mut ds = sample();
    let long = "0.125\\".repeat(20_000) + "1";
    ds.put(DataElement::new(tags::GRID_FRAME_OFFSET_VECTOR, VR::DS, PrimitiveValue::from(long)));
    let back = round_trip(&FileMeta::default(), &ds).dataset;
    assert_eq!(value::f64s(&back, tags::GRID_FRAME_OFFSET_VECTOR).len(), 20_001);
}

#[test]
fn encapsulated_pixels_keep_their_syntax_and_need_it() {
    let mut ds = sample();
    let fragments = PixelFragmentSequence::new(vec![0u32], vec![vec![0xFF, 0xD8, 1, 2]]);
    ds.put(DataElement::new_with_len(
        tags::PIXEL_DATA,
        VR::OB,
        isocenter_dcm::dicom_core::Length::UNDEFINED,
        DicomValue::PixelSequence(fragments),
    ));
    let meta = FileMeta::of_syntax("1.2.840.10008.1.2.4.50");
    let back = round_trip(&meta, &ds);
    assert_eq!(back.meta.transfer_syntax_uid, meta.transfer_syntax_uid);
    let value_of = |ds: &Dataset| ds.get(tags::PIXEL_DATA).unwrap().value().clone();
    assert_eq!(value_of(&back.dataset), value_of(&ds));
    assert_eq!(make::alone(&ds).to_bytes().unwrap_err().reason(), "malformed");
}

#[test]
fn offset_tables_name_the_places_of_fragments_that_were_padded() {
    let fragments = PixelFragmentSequence::new(vec![0u32, 19], vec![vec![1u8; 1], vec![2; 2], vec![3; 5]]);
    let mut ds = sample();
    let table = PrimitiveValue::U64(vec![0u64, 19].into());
    ds.put(DataElement::new(tags::EXTENDED_OFFSET_TABLE, VR::OV, table));
    ds.put(DataElement::new(tags::PIXEL_DATA, VR::OB, fragments));
    let meta = FileMeta::of_syntax("1.2.840.10008.1.2.4.80");
    let back = round_trip(&meta, &ds).dataset;
    // An item's header and two bytes, twice.
    let DicomValue::PixelSequence(pixels) = back.get(tags::PIXEL_DATA).unwrap().value() else { panic!("no fragments") };
    assert_eq!(pixels.offset_table(), [0, 20]);
    assert_eq!(pixels.fragments(), [vec![1, 0], vec![2, 2], vec![3, 3, 3, 3, 3, 0]]);
    let extended = back.get(tags::EXTENDED_OFFSET_TABLE).unwrap().value().primitive().unwrap();
    assert_eq!(extended, &PrimitiveValue::U64(vec![0u64, 20].into()));
}

#[test]
fn a_file_is_there_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.dcm");
    make::alone(&sample()).write(&path).unwrap();
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["out.dcm"]);
    assert!(OpenOptions::new().open(&path).unwrap().warnings.is_empty());
    let missing = folder.path().join("no/such/out.dcm");
    assert_eq!(make::alone(&sample()).write(&missing).unwrap_err().reason(), "io");
}

#[test]
fn a_syntax_of_nobody_is_kept_whatever_element_comes_first() {
    let mut ds = Dataset::new_empty();
    ds.put(DataElement::new(Tag(0x0020, 0x0101), VR::US, PrimitiveValue::from(16u16)));
    let fragments = PixelFragmentSequence::new(vec![], vec![vec![1, 2]]);
    let length = isocenter_dcm::dicom_core::Length::UNDEFINED;
    ds.put(DataElement::new_with_len(tags::PIXEL_DATA, VR::OB, length, DicomValue::PixelSequence(fragments)));
    let meta = FileMeta::of_syntax("1.2.3");
    assert_eq!(round_trip(&meta, &ds).meta.transfer_syntax_uid, "1.2.3");
}
