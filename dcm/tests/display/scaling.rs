use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
use isocenter_dcm::pixel::{DecodedPixels, modality_lut};
use isocenter_dcm::scaling::{MappingFunction, real_values, real_values_f32};
use isocenter_dcm::{Dataset, tags};

use super::make;
use super::{around, decimals, gray, instance, sequence, table, text, words};

fn transformation(slope: &str, intercept: &str) -> Dataset {
    let item = decimals(&[(tags::RESCALE_SLOPE, slope), (tags::RESCALE_INTERCEPT, intercept)]);
    around(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, vec![item])
}

#[test]
fn each_frame_has_the_rescale_of_its_own_group() {
    let mut ds = gray(&[10, 20]);
    text(&mut ds, VR::IS, tags::NUMBER_OF_FRAMES, "2");
    ds.put(DataElement::new(tags::COLUMNS, VR::US, PrimitiveValue::from(1u16)));
    let groups = vec![transformation("2", "1"), transformation("0.5", "-3")];
    sequence(&mut ds, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, groups);
    let image = instance(&ds);
    let all = make::decode_all(&image).unwrap();
    assert_eq!(real_values(&image.dataset, 0, &all).unwrap(), [21.0, 7.0]);
    let second = make::decode_frame(&image, 1).unwrap();
    assert_eq!(real_values_f32(&image.dataset, 1, &second).unwrap(), [7.0f32]);
}

#[test]
fn a_table_stands_at_the_top_or_in_a_shared_group() {
    let lut = table([2, 10, 16], &[1000, 3000]);
    let mut top = gray(&[9, 11]);
    sequence(&mut top, tags::MODALITY_LUT_SEQUENCE, vec![lut.clone()]);
    let mut shared = gray(&[9, 11]);
    let item = around(tags::MODALITY_LUT_SEQUENCE, vec![lut]);
    let group = around(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, vec![item]);
    sequence(&mut shared, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![group]);
    for ds in [top, shared] {
        let image = instance(&ds);
        let frame = make::decode_frame(&image, 0).unwrap();
        assert_eq!(real_values(&ds, 0, &frame).unwrap(), [1000.0, 3000.0]);
        assert_eq!(modality_lut(&ds, &frame.info, &frame.samples).unwrap(), Some(vec![1000.0, 3000.0]));
        assert!(make::alone(&ds).frame(0).unwrap().scaling().unwrap().modality_lut);
    }
}

#[test]
fn a_broken_table_gives_no_values() {
    let mut ds = gray(&[1]);
    sequence(&mut ds, tags::MODALITY_LUT_SEQUENCE, vec![table([5, 0, 16], &[1, 2])]);
    let frame = make::decode_frame(&instance(&ds), 0).unwrap();
    assert_eq!(real_values(&ds, 0, &frame).unwrap_err().reason(), "malformed");
    let short = make::u8s(vec![]);
    assert!(real_values(&gray(&[1]), 0, &DecodedPixels::new(frame.info, short)).unwrap().is_empty());
}

fn mapping(ends: [u16; 2]) -> Dataset {
    Dataset::from_element_iter([
        DataElement::new(tags::REAL_WORLD_VALUE_FIRST_VALUE_MAPPED, VR::US, PrimitiveValue::from(ends[0])),
        DataElement::new(tags::REAL_WORLD_VALUE_LAST_VALUE_MAPPED, VR::US, PrimitiveValue::from(ends[1])),
    ])
}

fn linear() -> Dataset {
    let mut item = mapping([0, 100]);
    item.put(DataElement::new(tags::REAL_WORLD_VALUE_SLOPE, VR::FD, PrimitiveValue::from(0.5f64)));
    item.put(DataElement::new(tags::REAL_WORLD_VALUE_INTERCEPT, VR::FD, PrimitiveValue::from(1.0f64)));
    item
}

fn by_table(ends: [u16; 2], entries: &[f64]) -> Dataset {
    let mut item = mapping(ends);
    item.put(DataElement::new(tags::REAL_WORLD_VALUE_LUT_DATA, VR::FD, PrimitiveValue::F64(entries.into())));
    item
}

#[test]
fn real_world_values_come_by_line_and_by_table() {
    // -2 to 0, written unsigned.
    let mut ds = words(&[0], 16, 1);
    let items = vec![linear(), by_table([65534, 0], &[0.25, 0.5, 4.0])];
    sequence(&mut ds, tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE, items);
    let found = make::alone(&ds).frame(0).unwrap().real_world_mappings().unwrap();
    assert_eq!([-1.0, 0.0, 100.0].map(|stored| found[0].real(stored)), [None, Some(1.0), Some(51.0)]);
    assert!(matches!(found[1].function, MappingFunction::Table(_)));
    assert_eq!([-3.0, -2.0, 0.0, 1.0].map(|stored| found[1].real(stored)), [None, Some(0.25), Some(4.0), None]);
}

#[test]
fn real_world_tables_of_another_length_are_refused() {
    for item in [by_table([0, 5], &[1.0, 2.0]), by_table([5, 0], &[1.0]), mapping([0, 1]), Dataset::new_empty()] {
        let mut ds = words(&[0], 16, 0);
        sequence(&mut ds, tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE, vec![item]);
        assert!(make::alone(&ds).frame(0).unwrap().real_world_mappings().is_err());
    }
}
