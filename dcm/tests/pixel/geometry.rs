use isocenter_dcm::dicom_core::{DataElement, DicomValue, VR, value::DataSetSequence};
use isocenter_dcm::{Dataset, FunctionalGroups, Tag, tags, value};

use super::make;

fn item(elements: &[(Tag, VR, &str)]) -> Dataset {
    Dataset::from_element_iter(elements.iter().map(|&(tag, vr, text)| DataElement::new(tag, vr, text)))
}

fn sequence(ds: &mut Dataset, tag: Tag, items: Vec<Dataset>) {
    ds.put(DataElement::new(tag, VR::SQ, DicomValue::Sequence(DataSetSequence::from(items))));
}

fn enhanced() -> Dataset {
    let mut shared = Dataset::new_empty();
    sequence(&mut shared, tags::PIXEL_MEASURES_SEQUENCE, vec![item(&[(tags::PIXEL_SPACING, VR::DS, "0.5\\0.75")])]);
    let orientation = item(&[(tags::IMAGE_ORIENTATION_PATIENT, VR::DS, "1\\0\\0\\0\\1\\0")]);
    sequence(&mut shared, tags::PLANE_ORIENTATION_SEQUENCE, vec![orientation]);
    let frame = |z: &str, slope: &str| {
        let mut group = Dataset::new_empty();
        let position = item(&[(tags::IMAGE_POSITION_PATIENT, VR::DS, z)]);
        sequence(&mut group, tags::PLANE_POSITION_SEQUENCE, vec![position]);
        let rescale = item(&[
            (tags::RESCALE_INTERCEPT, VR::DS, "-5"),
            (tags::RESCALE_SLOPE, VR::DS, slope),
            (tags::RESCALE_TYPE, VR::LO, "US"),
        ]);
        sequence(&mut group, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, vec![rescale]);
        group
    };
    let mut ds = item(&[(tags::NUMBER_OF_FRAMES, VR::IS, "2"), (tags::MODALITY, VR::CS, "MR")]);
    sequence(&mut ds, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared]);
    sequence(&mut ds, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, vec![frame("1\\2\\3", "2"), frame("1\\2\\8", "0")]);
    ds
}

#[test]
fn frames_of_an_enhanced_image_have_their_own_planes_and_slopes() {
    let ds = enhanced();
    let second = make::alone(&ds).frame(1).ok().and_then(|frame| frame.plane()).unwrap();
    assert_eq!((second.position, second.spacing), ([1.0, 2.0, 8.0], [0.5, 0.75]));
    assert_eq!(second.normal(), [0.0, 0.0, 1.0]);
    assert_eq!(second.world_of(2.0, 4.0), [2.5, 4.0, 8.0]);
    assert_eq!(make::alone(&ds).frame(2).ok().and_then(|frame| frame.plane()), None);
    let first = make::alone(&ds).frame(0).unwrap().scaling().unwrap();
    assert_eq!(
        (first.slope, first.intercept, first.origin),
        (2.0, -5.0, isocenter_dcm::scaling::Origin::FunctionalGroup)
    );
    assert_eq!(make::alone(&ds).frame(1).unwrap().scaling().unwrap_err().reason(), "bad-value", "a slope of 0");
    assert!(FunctionalGroups::new(&ds).item(0, tags::MR_ECHO_SEQUENCE).is_none());
}

#[test]
fn dose_frames_follow_their_offsets() {
    let ds = item(&[
        (tags::NUMBER_OF_FRAMES, VR::IS, "3"),
        (tags::PIXEL_SPACING, VR::DS, "2\\2"),
        (tags::IMAGE_ORIENTATION_PATIENT, VR::DS, "1\\0\\0\\0\\1\\0"),
        (tags::IMAGE_POSITION_PATIENT, VR::DS, "0\\0\\-10"),
        (tags::GRID_FRAME_OFFSET_VECTOR, VR::DS, "0\\3\\6"),
    ]);
    assert_eq!(make::alone(&ds).frame(2).ok().and_then(|frame| frame.plane()).unwrap().position, [0.0, 0.0, -4.0]);
}

#[test]
fn a_slope_that_is_no_number_is_an_error_that_does_not_tell_it() {
    let ds = item(&[(tags::RESCALE_SLOPE, VR::DS, "Doe^John")]);
    let error = make::alone(&ds).frame(0).unwrap().scaling().unwrap_err();
    assert_eq!(error.reason(), "bad-value");
    assert!(!error.to_string().contains("Doe"));
    assert_eq!(value::f64(&ds, tags::RESCALE_SLOPE), None);
}
