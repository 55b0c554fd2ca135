//! The option of the profile: markers, and what is refused without a mask.

use isocenter_dcm::dicom_core::DataElement;
use isocenter_dcm::pixel::DecodeOptions;
use isocenter_dcm::{Instance, OpenOptions, VR, tags, value};
use isocenter_deid::{Action, Ctx, Deidentifier, Error, Family, Key, Profile, ProfileOption};
use isocenter_phantom::Vendor;
use isocenter_phantom::series::Modality;

use crate::scene::{builder, faces, grids, head, series, turned};

fn profile() -> Profile {
    Profile::basic().with(ProfileOption::CleanRecognizableVisualFeatures)
}

fn without_mask() -> Deidentifier {
    Deidentifier::new(profile(), &Key::demo())
}

/// A slice through the nose.
fn slice(modality: Modality) -> Instance {
    let grid = &grids()[1];
    let nose = turned().apply(head().landmarks()[0].at_mm);
    series(&builder(modality, grid, Vendor::Siemens)).remove(grid.index_of(nose)[2].round() as usize)
}

fn samples(instance: &Instance) -> Vec<f64> {
    instance.frame(0).unwrap().decode(&DecodeOptions::default()).unwrap().to_f64()
}

#[test]
fn with_a_mask_the_face_goes_and_the_header_says_so() {
    for modality in [Modality::Ct, Modality::Mr, Modality::Pet] {
        let mut instance = slice(modality);
        let before = samples(&instance);
        let audit = without_mask().with_faces(faces()).apply(&mut instance, "P1", &Ctx::default()).unwrap();
        let out = OpenOptions::new().parse(&instance.to_bytes().unwrap()).unwrap();
        let changed = samples(&out).iter().zip(&before).filter(|(new, old)| new != old).count();
        assert!(changed > 100, "{modality:?}");
        assert_eq!(value::string(&out.dataset, tags::RECOGNIZABLE_VISUAL_FEATURES).as_deref(), Some("NO"));
        let codes = value::sequence(&out.dataset, tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE).unwrap();
        assert!(codes.iter().any(|code| value::string(code, tags::CODE_VALUE).as_deref() == Some("113102")));
        let told = audit.entries.iter().find(|entry| entry.action == Action::FaceRemoved && entry.path == "7FE00010");
        assert!(told.is_some_and(|entry| entry.length >= changed as u64), "{modality:?}");
    }
}

#[test]
fn without_a_mask_no_face_gets_out() {
    for modality in [Modality::Ct, Modality::Mr, Modality::Pet] {
        let error = without_mask().apply(&mut slice(modality), "P1", &Ctx::default()).unwrap_err();
        assert!(matches!(error, Error::Face(_)));
        assert_eq!((error.reason(), error.family()), ("no-face-mask", Family::Argument));
    }
    let mut structures = slice(Modality::Ct);
    structures.dataset.remove_element(tags::PIXEL_DATA);
    structures.dataset.put(DataElement::new(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.481.3"));
    let error = without_mask().with_faces(faces()).apply(&mut structures, "P1", &Ctx::default()).unwrap_err();
    assert_eq!(error.reason(), "face-unsupported");
}

#[test]
fn other_parts_of_the_body_pass_and_say_that_they_show_none() {
    let mut chest = slice(Modality::Ct);
    chest.dataset.put(DataElement::new(tags::BODY_PART_EXAMINED, VR::CS, "CHEST"));
    for tag in [tags::STUDY_DESCRIPTION, tags::SERIES_DESCRIPTION, tags::PROTOCOL_NAME] {
        chest.dataset.remove_element(tag);
    }
    let before = samples(&chest);
    let audit = without_mask().apply(&mut chest, "P1", &Ctx::default()).unwrap();
    assert_eq!(samples(&chest), before);
    assert_eq!(value::string(&chest.dataset, tags::RECOGNIZABLE_VISUAL_FEATURES).as_deref(), Some("NO"));
    assert!(audit.entries.iter().all(|entry| entry.action != Action::FaceRemoved));
}

#[test]
fn without_the_option_nothing_is_removed_or_said() {
    let mut instance = slice(Modality::Ct);
    let before = samples(&instance);
    let deidentifier = Deidentifier::new(Profile::basic(), &Key::demo()).with_faces(faces());
    deidentifier.apply(&mut instance, "P1", &Ctx::default()).unwrap();
    assert_eq!(samples(&instance), before);
    assert!(instance.dataset.get(tags::RECOGNIZABLE_VISUAL_FEATURES).is_none());
}
