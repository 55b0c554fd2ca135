//! Attributes that the standard asks of each kind: type 1 with a value, type 2 there.
//!
//! Source: DICOM PS3.3, the tables of the modules named; what is asked of original images alone is left out.

use isocenter_convert::to_dicom::Kind;
use isocenter_dcm::{Dataset, FunctionalGroups, Tag, tags, value};

use super::support::{grid, objects, ramp, template, volume};

/// Patient, study, series, equipment, SOP common.
const ALL_1: [Tag; 4] =
    [tags::SOP_CLASS_UID, tags::SOP_INSTANCE_UID, tags::STUDY_INSTANCE_UID, tags::SERIES_INSTANCE_UID];
const ALL_2: [Tag; 11] = [
    tags::PATIENT_NAME,
    tags::PATIENT_ID,
    tags::PATIENT_BIRTH_DATE,
    tags::PATIENT_SEX,
    tags::STUDY_DATE,
    tags::STUDY_TIME,
    tags::REFERRING_PHYSICIAN_NAME,
    tags::STUDY_ID,
    tags::ACCESSION_NUMBER,
    tags::SERIES_NUMBER,
    tags::MANUFACTURER,
];
const PIXELS: [Tag; 7] = [
    tags::SAMPLES_PER_PIXEL,
    tags::PHOTOMETRIC_INTERPRETATION,
    tags::ROWS,
    tags::COLUMNS,
    tags::BITS_ALLOCATED,
    tags::IMAGE_TYPE,
    tags::INSTANCE_NUMBER,
];
const PLANE: [Tag; 4] =
    [tags::PIXEL_SPACING, tags::IMAGE_ORIENTATION_PATIENT, tags::IMAGE_POSITION_PATIENT, tags::FRAME_OF_REFERENCE_UID];
const ENHANCED: [Tag; 8] = [
    tags::MANUFACTURER_MODEL_NAME,
    tags::DEVICE_SERIAL_NUMBER,
    tags::SOFTWARE_VERSIONS,
    tags::CONTENT_DATE,
    tags::CONTENT_TIME,
    tags::NUMBER_OF_FRAMES,
    tags::DIMENSION_ORGANIZATION_SEQUENCE,
    tags::DIMENSION_INDEX_SEQUENCE,
];

fn own(kind: Kind) -> (&'static [Tag], &'static [Tag]) {
    match kind {
        Kind::Ct => (
            &[tags::RESCALE_INTERCEPT, tags::RESCALE_SLOPE, tags::BITS_STORED, tags::HIGH_BIT],
            &[tags::KVP, tags::ACQUISITION_NUMBER, tags::SLICE_THICKNESS, tags::PATIENT_POSITION],
        ),
        Kind::Mr => (
            &[tags::SCANNING_SEQUENCE, tags::SEQUENCE_VARIANT],
            &[
                tags::SCAN_OPTIONS,
                tags::MR_ACQUISITION_TYPE,
                tags::ECHO_TIME,
                tags::ECHO_TRAIN_LENGTH,
                tags::PATIENT_POSITION,
            ],
        ),
        Kind::Pet => (
            &[
                tags::SERIES_DATE,
                tags::SERIES_TIME,
                tags::UNITS,
                tags::COUNTS_SOURCE,
                tags::SERIES_TYPE,
                tags::NUMBER_OF_SLICES,
                tags::DECAY_CORRECTION,
                tags::RESCALE_INTERCEPT,
                tags::RESCALE_SLOPE,
                tags::FRAME_REFERENCE_TIME,
                tags::IMAGE_INDEX,
            ],
            &[tags::CORRECTED_IMAGE, tags::COLLIMATOR_TYPE, tags::ACQUISITION_DATE, tags::ACTUAL_FRAME_DURATION],
        ),
        Kind::SecondaryCapture | Kind::MultiFrameCapture => (&[tags::CONVERSION_TYPE], &[tags::PATIENT_ORIENTATION]),
        Kind::ParametricMap => (
            &[tags::CONTENT_LABEL, tags::CONTENT_QUALIFICATION, tags::RECOGNIZABLE_VISUAL_FEATURES],
            &[tags::CONTENT_DESCRIPTION, tags::CONTENT_CREATOR_NAME, tags::ACQUISITION_CONTEXT_SEQUENCE],
        ),
        _ => (&[tags::PIXEL_PRESENTATION, tags::VOLUMETRIC_PROPERTIES], &[tags::ACQUISITION_CONTEXT_SEQUENCE]),
    }
}

fn has_value(ds: &Dataset, tag: Tag) -> bool {
    ds.get(tag).is_some_and(|e| e.items().map_or_else(|| !value::bytes(e).is_empty(), |items| !items.is_empty()))
}

#[test]
fn every_kind_has_what_is_asked_of_it() {
    let volume = volume(grid([7, 5, 4], false, 0.0), (0..140).collect::<Vec<u16>>());
    for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_legacy()) {
        let (instances, _) = objects(kind, &volume, &template());
        for instance in &instances {
            let ds = &instance.dataset;
            let (one, two) = own(kind);
            let enhanced = kind.is_multi_frame() && !kind.is_capture();
            let placed: &[Tag] = if enhanced {
                &ENHANCED
            } else if kind == Kind::MultiFrameCapture {
                &[]
            } else {
                &PLANE
            };
            for tag in ALL_1.iter().chain(&PIXELS).chain(placed).chain(one) {
                assert!(has_value(ds, *tag), "{kind}: {tag} has no value");
            }
            for tag in ALL_2.iter().chain(two) {
                assert!(ds.get(*tag).is_some(), "{kind}: {tag} is missing");
            }
            let stated = value::string(ds, tags::SOP_CLASS_UID).unwrap();
            assert!(isocenter_dcm::iod::is_retired(&stated) == Some(false), "{kind}");
        }
    }
}

#[test]
fn frames_have_the_groups_that_all_kinds_ask_for() {
    let volume = volume(grid([7, 5, 4], false, 0.0), ramp(140));
    for kind in [Kind::EnhancedCt, Kind::EnhancedMr, Kind::EnhancedPet, Kind::ParametricMap] {
        let (instances, _) = objects(kind, &volume, &template());
        let groups = FunctionalGroups::new(&instances[0].dataset);
        for (sequence, tag) in [
            (tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING),
            (tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION_PATIENT),
            (tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION_PATIENT),
            (tags::FRAME_CONTENT_SEQUENCE, tags::DIMENSION_INDEX_VALUES),
            (tags::FRAME_ANATOMY_SEQUENCE, tags::ANATOMIC_REGION_SEQUENCE),
            (tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_SLOPE),
        ] {
            for frame in 0..4 {
                let item = groups.grouped(frame, sequence).unwrap();
                assert!(has_value(item, tag), "{kind}: frame {frame} has no {tag}");
            }
        }
        let dimensions = isocenter_dcm::dimension::Dimensions::of(&instances[0].dataset).unwrap().unwrap();
        assert!(dimensions.is_unique());
        assert_eq!(dimensions.order().unwrap(), [0, 1, 2, 3]);
        assert_eq!(dimensions.organization_type().as_deref(), Some("3D"));
    }
}

#[test]
fn nobodys_images_have_no_name() {
    let volume = volume(grid([7, 5, 4], false, 0.0), ramp(140));
    let (instances, _) = objects(Kind::Ct, &volume, &Default::default());
    for tag in ALL_2.into_iter().take(4) {
        assert_eq!(value::string(&instances[0].dataset, tag), None);
    }
}
