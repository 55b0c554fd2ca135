use isocenter_dcm::{
    Dataset, Element, OpenOptions, VR,
    dicom_core::{
        DataElement, DicomValue, Length, PrimitiveValue,
        value::{C, DataSetSequence},
    },
    tags, value,
};
use isocenter_register::{
    Rigid, Side,
    maps::Parts,
    spatial_registration::{Error, Identity, MatrixType, SpatialRegistration},
};
use isocenter_volume::Affine;

use crate::{between_grids, is_close, some_motion};

/// Sixteen characters hold ten digits and more of a number below a thousand.
const DECIMAL_STRINGS: f64 = 1e-9;

const IDENTITY: Identity<'_> =
    Identity { series_instance_uid: "1.2.3.4", sop_instance_uid: "1.2.3.5", date: "20260102", time: "030405" };

#[test]
fn a_transform_comes_back_through_a_file() {
    let mut like = Dataset::new_empty();
    like.put(DataElement::new(tags::PATIENT_ID, VR::LO, "P1"));
    like.put(DataElement::new(tags::STUDY_INSTANCE_UID, VR::UI, "1.2.9"));
    for map in [some_motion(), between_grids(), Parts::scaled(rigid(), [1.1, 0.9, 1.0]).unwrap().to_affine()] {
        let object = SpatialRegistration::new("1.2.10", "1.2.11", &map).unwrap();
        let bytes = object.to_instance(&like, &IDENTITY).unwrap().to_bytes().unwrap();
        let read = OpenOptions::new().parse(&bytes).unwrap();
        assert_eq!(value::string(&read.dataset, tags::PATIENT_ID).as_deref(), Some("P1"));
        assert_eq!(read.modality().as_deref(), Some("REG"));
        let back = SpatialRegistration::of(&read.dataset).unwrap();
        assert_eq!(back.frames().collect::<Vec<_>>(), ["1.2.10", "1.2.11"]);
        assert!(is_close(&back.fixed_to_moving("1.2.10", "1.2.11").unwrap(), &map, DECIMAL_STRINGS));
        let way_back = back.fixed_to_moving("1.2.11", "1.2.10").unwrap();
        assert!(is_close(&way_back, &map.inverse().unwrap(), DECIMAL_STRINGS));
    }
}

fn rigid() -> Rigid {
    Rigid::new([0.1, -0.2, 0.3], [4.0, -5.0, 6.0], [10.0, 20.0, -30.0]).unwrap()
}

#[test]
fn each_matrix_is_of_the_narrowest_type() {
    assert_eq!(MatrixType::of(&some_motion()), MatrixType::Rigid);
    assert_eq!(MatrixType::of(&Parts::scaled(rigid(), [1.1, 0.9, 1.0]).unwrap().to_affine()), MatrixType::RigidScale);
    assert_eq!(MatrixType::of(&between_grids()), MatrixType::Affine);
    assert_eq!(MatrixType::of(&Affine::from_spacing_origin([1.0, 1.0, -1.0], [0.0; 3])), MatrixType::Affine);
}

/// An object by hand: the registered frame 1.1, and matrices of 1.2.
fn object(matrices: &[(&str, [f64; 16])]) -> Dataset {
    let sequence =
        |tag, items| Element::new(tag, VR::SQ, DicomValue::Sequence(DataSetSequence::new(items, Length::UNDEFINED)));
    let matrix = |(kind, numbers): &(&str, [f64; 16])| {
        let mut item = Dataset::new_empty();
        let texts = numbers.iter().map(|v| format!("{v}")).collect::<C<String>>();
        item.put(DataElement::new(tags::FRAME_OF_REFERENCE_TRANSFORMATION_MATRIX, VR::DS, PrimitiveValue::Strs(texts)));
        item.put(DataElement::new(tags::FRAME_OF_REFERENCE_TRANSFORMATION_MATRIX_TYPE, VR::CS, *kind));
        item
    };
    let mut registration = Dataset::new_empty();
    registration.put(sequence(tags::MATRIX_SEQUENCE, matrices.iter().map(matrix).collect()));
    let mut item = Dataset::new_empty();
    item.put(DataElement::new(tags::FRAME_OF_REFERENCE_UID, VR::UI, "1.2"));
    item.put(sequence(tags::MATRIX_REGISTRATION_SEQUENCE, vec![registration]));
    let mut set = Dataset::new_empty();
    set.put(DataElement::new(tags::SOP_CLASS_UID, VR::UI, isocenter_register::spatial_registration::SOP_CLASS_UID));
    set.put(DataElement::new(tags::FRAME_OF_REFERENCE_UID, VR::UI, "1.1"));
    set.put(sequence(tags::REGISTRATION_SEQUENCE, vec![item]));
    set
}

const SHIFT: [f64; 16] = [1.0, 0.0, 0.0, 4.0, 0.0, 1.0, 0.0, 5.0, 0.0, 0.0, 1.0, 6.0, 0.0, 0.0, 0.0, 1.0];
const STILL: [f64; 16] = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0];

#[test]
fn a_matrix_takes_the_points_of_its_frame_to_the_registered_one() {
    let read = SpatialRegistration::of(&object(&[("RIGID", SHIFT)])).unwrap();
    // the registered frame is the fixed image's: from it to 1.2 is the way back
    assert_eq!(read.fixed_to_moving("1.1", "1.2").unwrap(), Affine::translation_by([-4.0, -5.0, -6.0]));
    assert_eq!(read.fixed_to_moving("1.2", "1.1").unwrap(), Affine::translation_by([4.0, 5.0, 6.0]));
    let unknown = read.fixed_to_moving("1.1", "1.3");
    assert_eq!(unknown, Err(Error::NoFrame { side: Side::Moving, named: 2 }));
}

#[test]
fn what_a_type_says_must_hold() {
    let mut scaled = SHIFT;
    scaled[0] = 1.2;
    let mut sheared = SHIFT;
    sheared[1] = 0.1;
    assert_eq!(SpatialRegistration::of(&object(&[("RIGID", scaled)])), Err(Error::NotOfType { stated: "RIGID" }));
    assert!(SpatialRegistration::of(&object(&[("RIGID_SCALE", scaled)])).is_ok());
    let refused = SpatialRegistration::of(&object(&[("RIGID_SCALE", sheared)]));
    assert_eq!(refused, Err(Error::NotOfType { stated: "RIGID_SCALE" }));
    assert!(SpatialRegistration::of(&object(&[("AFFINE", sheared)])).is_ok());
}

#[test]
fn broken_objects_are_errors() {
    let mut flat = SHIFT;
    flat[0] = 0.0;
    let mut last = SHIFT;
    last[15] = 2.0;
    for bad in [("AFFINE", flat), ("AFFINE", last), ("SOMETHING", SHIFT)] {
        assert!(matches!(SpatialRegistration::of(&object(&[bad])), Err(Error::Malformed { .. })), "{bad:?}");
    }
    assert!(matches!(SpatialRegistration::of(&object(&[])), Err(Error::Malformed { .. })));
    assert_eq!(SpatialRegistration::of(&Dataset::new_empty()), Err(Error::OtherClass));
    let two = SpatialRegistration::of(&object(&[("RIGID", SHIFT), ("RIGID", SHIFT)]));
    assert_eq!(two, Err(Error::SeveralMatrices { found: 2 }));
    assert!(SpatialRegistration::of(&object(&[("RIGID", SHIFT), ("RIGID", STILL)])).is_ok());
    assert!(SpatialRegistration::new("1.2", "1.2", &some_motion()).is_err());
    assert!(SpatialRegistration::new("1.2", "x", &some_motion()).is_err());
    let flat = Affine::from_spacing_origin([1.0, 0.0, 1.0], [0.0; 3]);
    assert!(SpatialRegistration::new("1.2", "1.3", &flat).is_err());
}

#[test]
fn an_object_without_a_study_or_with_bad_names_is_not_made() {
    let object = SpatialRegistration::new("1.2.10", "1.2.11", &some_motion()).unwrap();
    let mut like = Dataset::new_empty();
    assert!(matches!(object.to_instance(&like, &IDENTITY), Err(Error::BadArgument { .. })));
    like.put(DataElement::new(tags::STUDY_INSTANCE_UID, VR::UI, "1.2.9"));
    assert!(object.to_instance(&like, &IDENTITY).is_ok());
    for identity in [
        Identity { series_instance_uid: "", ..IDENTITY },
        Identity { sop_instance_uid: "1.x", ..IDENTITY },
        Identity { date: "2026-01-02", ..IDENTITY },
        Identity { time: "03:04", ..IDENTITY },
    ] {
        assert!(matches!(object.to_instance(&like, &identity), Err(Error::BadArgument { .. })), "{identity:?}");
    }
}
