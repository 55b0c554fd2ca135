//! What has no place in an object is refused by name, and nothing panics.

use isocenter_convert::to_dicom::{Error, Kind, Source, Template, ToDicom, Uids};
use isocenter_volume::{Affine, Complex, Ctx, DynVolume, Family, Frame, Geometry, Head, Rgb};

use super::support::{grid, objects, ramp, template, volume};

fn refusal(kind: Kind, volume: &DynVolume, source: &Source) -> Error {
    let how = ToDicom::new(kind);
    let made = how.make(volume, source, &Ctx::default()).and_then(|objects| objects.instance(0));
    made.err().unwrap()
}

#[test]
fn what_claims_to_be_regular_refuses_a_tilted_stack() {
    let tilted = volume(grid([7, 5, 4], false, 0.5), ramp(140));
    for kind in [Kind::EnhancedCt, Kind::EnhancedMr, Kind::EnhancedPet, Kind::ParametricMap] {
        let error = refusal(kind, &tilted, &template());
        assert_eq!((error.reason(), error.family()), ("sheared", Family::Unsuited), "{kind}");
    }
}

#[test]
fn skewed_planes_unknown_frames_and_wrong_samples_are_refused() {
    let skewed = Affine::from_columns([[1.0, 0.0, 0.0], [0.2, 1.0, 0.0], [0.0, 0.0, 1.0]], [0.0; 3]);
    let skewed = Geometry::new([7, 5, 4], skewed, Frame::Patient(None)).unwrap();
    let nowhere = grid([7, 5, 4], false, 0.0).with_frame(Frame::Unknown);
    for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_legacy()) {
        assert_eq!(refusal(kind, &volume(skewed.clone(), ramp(140)), &template()).reason(), "skewed-planes", "{kind}");
        if !kind.is_capture() {
            let error = refusal(kind, &volume(nowhere.clone(), ramp(140)), &template());
            assert_eq!(error.reason(), "no-patient-frame", "{kind}");
            let colours = volume(grid([7, 5, 4], false, 0.0), vec![Rgb::default(); 140]);
            assert_eq!(refusal(kind, &colours, &template()).reason(), "sample-type", "{kind}");
        }
        let complex = volume(grid([7, 5, 4], false, 0.0), vec![Complex { re: 1.0f32, im: 0.0 }; 140]);
        assert_eq!(refusal(kind, &complex, &template()).reason(), "sample-type", "{kind}");
        let mut holes = vec![1.5f32; 140];
        holes[3] = f32::NAN;
        let holes = volume(grid([7, 5, 4], false, 0.0), holes);
        if kind != Kind::ParametricMap {
            assert_eq!(refusal(kind, &holes, &template()).reason(), "not-finite", "{kind}");
        }
    }
}

#[test]
fn what_nobody_states_is_named() {
    let volume = volume(grid([7, 5, 4], false, 0.0), ramp(140));
    let missing = |kind, text: &str| match refusal(kind, &volume, &Source::of_template(text.parse().unwrap())) {
        Error::Missing { tag, .. } => tag,
        other => panic!("{other}"),
    };
    use isocenter_dcm::tags;
    assert_eq!(missing(Kind::Pet, "{}"), tags::SERIES_DATE);
    let dated = r#"{"StudyDate": "20260101", "StudyTime": "12"}"#;
    assert_eq!(missing(Kind::Pet, dated), tags::UNITS);
    assert_eq!(missing(Kind::EnhancedCt, "{}"), tags::CONTENT_DATE);
    assert_eq!(missing(Kind::EnhancedPet, dated), tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE);
    let error = refusal(Kind::Pet, &volume, &Source::default());
    assert!(error.to_string().contains("SeriesDate"), "{error}");
}

#[test]
fn legacy_images_want_their_instances() {
    let volume = volume(grid([7, 5, 4], false, 0.0), ramp(140));
    assert_eq!(refusal(Kind::LegacyCt, &volume, &template()).reason(), "bad-reference");
    let (instances, _) = objects(Kind::Ct, &volume, &template());
    let fewer: Vec<_> = instances.iter().skip(1).map(|i| i.dataset.clone()).collect();
    let fewer = Source::of_reference(&fewer).unwrap();
    assert_eq!(refusal(Kind::LegacyCt, &volume, &fewer).reason(), "unpaired-plane");
}

#[test]
fn a_reference_is_of_one_patient_and_study() {
    let volume = volume(grid([7, 5, 4], false, 0.0), ramp(140));
    let of = |text: &str| objects(Kind::Ct, &volume, &Source::of_template(text.parse::<Template>().unwrap())).0;
    let (one, other) = (
        of(r#"{"PatientID": "A", "StudyInstanceUID": "1.2"}"#),
        of(r#"{"PatientID": "B", "StudyInstanceUID": "1.2"}"#),
    );
    let mixed = [one[0].dataset.clone(), other[1].dataset.clone()];
    let error = Source::of_reference(&mixed).unwrap_err();
    assert_eq!(error.to_string(), "reference: its instances are of more than one patient");
    assert_eq!(Source::of_reference(&[]).unwrap_err().reason(), "bad-reference");
    let twice = [one[0].dataset.clone(), one[0].dataset.clone()];
    assert_eq!(Source::of_reference(&twice).unwrap_err().reason(), "bad-reference");
}

#[test]
fn given_words_and_uids_are_looked_at() {
    let volume = volume(grid([7, 5, 4], false, 0.0), ramp(140));
    let reason = |how: ToDicom| how.make(&volume, &template(), &Ctx::default()).err().map(|error| error.reason());
    let ct = || ToDicom::new(Kind::Ct);
    let four = |last: &str| vec!["1.2.1".to_owned(), "1.2.2".to_owned(), "1.2.3".to_owned(), last.to_owned()];
    assert_eq!(reason(ct().uids(Uids::given("1.2", four("1.2.4")))), None);
    assert_eq!(reason(ct().uids(Uids::given("1.2", four("1.2.3")))), Some("bad-uids"));
    assert_eq!(reason(ct().uids(Uids::given("1.2", vec!["1.2.3".to_owned()]))), Some("bad-uids"));
    assert_eq!(reason(ct().uids(Uids::given("one", four("1.2.4")))), Some("bad-uids"));
    assert_eq!(reason(ct().series_description("x".repeat(65))), Some("bad-option"));
    assert_eq!(reason(ct().made_at("today", "12")), Some("bad-option"));
    assert_eq!(reason(ct().made_at("20260101", "12")), None);
}

#[test]
fn a_lone_voxel_and_a_blank_volume_are_no_trouble() {
    let one = DynVolume::from_parts(Head::new(grid([1, 1, 1], true, 0.0)), vec![0.0f32]).unwrap();
    for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_legacy() && *kind != Kind::MultiFrameCapture) {
        assert_eq!(objects(kind, &one, &template()).0.len(), 1, "{kind}");
    }
    let endless = volume(grid([7, 5, 4], false, 0.0), [f64::MAX, -f64::MAX].repeat(70));
    for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_legacy()) {
        // a span beyond all numbers is written or refused, and does not panic
        let how = ToDicom::new(kind);
        let _ = how.make(&endless, &template(), &Ctx::default()).and_then(|objects| objects.instance(0));
    }
}
