//! A reference series: what is carried over, and legacy converted images of it.

use isocenter_convert::to_dicom::{Kind, Source, Template, Warning};
use isocenter_dcm::{Dataset, VR, dicom_core::DataElement, tags, value};
use isocenter_volume::{DynVolume, Frame};

use super::support::{differences, grid, headers, objects, ramp, read_back, template, volume};

/// A CT series of four slices, each with a current of its own, and its volume.
fn reference() -> (Vec<Dataset>, DynVolume) {
    let volume = volume(grid([7, 5, 4], false, 0.0), ramp(140));
    let mut headers = headers(&objects(Kind::Ct, &volume, &template()).0);
    for (n, ds) in headers.iter_mut().enumerate() {
        ds.put(DataElement::new(tags::X_RAY_TUBE_CURRENT, VR::IS, (100 + n).to_string()));
        ds.put(DataElement::new(tags::STATION_NAME, VR::SH, "A STATION WITH A LONG NAME"));
        ds.put(DataElement::new(isocenter_dcm::Tag(0x0019, 0x0010), VR::LO, "MAKER"));
        ds.remove_element(tags::PIXEL_DATA);
    }
    (headers, volume)
}

#[test]
fn patient_study_and_place_are_carried_over_and_each_slice_has_its_source() {
    let (headers, volume) = reference();
    let source = Source::of_reference(&headers).unwrap();
    let (instances, warnings) = objects(Kind::Ct, &volume, &source);
    for (made, from) in instances.iter().zip(&headers) {
        let ds = &made.dataset;
        for tag in [tags::PATIENT_ID, tags::STUDY_INSTANCE_UID, tags::FRAME_OF_REFERENCE_UID, tags::X_RAY_TUBE_CURRENT]
        {
            assert_eq!(value::string(ds, tag), value::string(from, tag), "{tag}");
        }
        for tag in [tags::SERIES_INSTANCE_UID, tags::SOP_INSTANCE_UID] {
            assert_ne!(value::string(ds, tag), value::string(from, tag), "{tag}");
        }
        assert_eq!(value::strings(ds, tags::IMAGE_TYPE)[..2], ["DERIVED", "SECONDARY"]);
        let item = value::item(ds, tags::SOURCE_IMAGE_SEQUENCE).unwrap();
        assert_eq!(value::string(item, tags::REFERENCED_SOP_INSTANCE_UID), value::string(from, tags::SOP_INSTANCE_UID));
        assert!(ds.iter().all(|element| element.header().tag.group().is_multiple_of(2)), "no private element");
    }
    // its name was longer than it may be
    assert!(warnings.contains(&Warning::Dropped { tag: tags::STATION_NAME }));
    assert_eq!(value::i64(&instances[0].dataset, tags::SERIES_NUMBER), Some(1001));
}

#[test]
fn classic_images_keep_the_scanner_and_enhanced_ones_name_it_as_a_contributor() {
    let (headers, volume) = reference();
    let source = Source::of_reference(&headers).unwrap();
    let maker = |ds: &Dataset| value::string(ds, tags::MANUFACTURER);
    let contributors = |ds: &Dataset| -> Vec<_> {
        value::sequence(ds, tags::CONTRIBUTING_EQUIPMENT_SEQUENCE).unwrap().iter().filter_map(maker).collect()
    };
    for (kind, by, with) in [
        (Kind::Ct, "Acme", &["isocenter"][..]),
        (Kind::LegacyCt, "Acme", &["isocenter"]),
        (Kind::EnhancedCt, "isocenter", &["Acme", "isocenter"]),
        (Kind::ParametricMap, "isocenter", &["Acme", "isocenter"]),
    ] {
        let ds = &objects(kind, &volume, &source).0[0].dataset;
        assert_eq!(
            (maker(ds).as_deref(), &contributors(ds)[..]),
            (Some(by), &with.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>()[..]),
            "{kind}"
        );
    }
}

#[test]
fn a_template_counts_before_the_reference_and_the_volumes_frame_before_both() {
    let (headers, volume) = reference();
    let template: Template = r#"{"PatientID": "OTHER", "SeriesDescription": "mine"}"#.parse().unwrap();
    let source = Source::of_reference(&headers).unwrap().with_template(template);
    let geometry = volume.geometry().clone().with_frame(Frame::Patient(Some("1.2.3.4".to_owned())));
    let volume = volume.map_head(|head| head.with_geometry(geometry)).unwrap();
    let (instances, warnings) = objects(Kind::Ct, &volume, &source);
    let text = |tag| value::string(&instances[0].dataset, tag);
    assert_eq!(text(tags::PATIENT_ID).as_deref(), Some("OTHER"));
    assert_eq!(text(tags::SERIES_DESCRIPTION).as_deref(), Some("mine"));
    assert_eq!(text(tags::FRAME_OF_REFERENCE_UID).as_deref(), Some("1.2.3.4"));
    assert!(warnings.contains(&Warning::OtherFrameOfReference));
}

#[test]
fn legacy_converted_images_are_the_classic_volumes() {
    for (classic, legacy) in [(Kind::Ct, Kind::LegacyCt), (Kind::Mr, Kind::LegacyMr), (Kind::Pet, Kind::LegacyPet)] {
        for shear in [0.0, 0.5] {
            let volume = volume(grid([7, 5, 4], false, shear), ramp(140));
            let (instances, _) = objects(classic, &volume, &template());
            let source = Source::of_reference(&headers(&instances)).unwrap();
            let (made, _) = objects(legacy, &volume, &source);
            assert_eq!(made.len(), 1);
            let back = read_back(&made);
            let (place, value) = differences(&volume, &back[0].volume);
            assert!(place < 1e-4 && value == 0.0, "{legacy}: {place} mm, {value}");
        }
    }
    let (headers, volume) = reference();
    let (made, _) = objects(Kind::LegacyCt, &volume, &Source::of_reference(&headers).unwrap());
    let groups = isocenter_dcm::FunctionalGroups::new(&made[0].dataset);
    let current = |frame| groups.unassigned(frame).find_map(|item| value::i64(item, tags::X_RAY_TUBE_CURRENT));
    assert_eq!((current(0), current(3)), (Some(100), Some(103)));
}
