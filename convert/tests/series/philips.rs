//! The two scalings of a Philips MR.

use isocenter_convert::{Options, PhilipsScaling, plan::plan};
use isocenter_dcm::{
    Dataset, Tag, VR,
    dicom_core::{DataElement, PrimitiveValue},
    tags,
};
use isocenter_volume::{Rescale, Scaling, Unit};

use crate::support::{MR, Study, item, number, sequence, slice, text};

const SCALE_SLOPE: Tag = Tag(0x2005, 0x100E);

/// A scale slope as the scanner writes it, in single precision.
fn put_scale(ds: &mut Dataset, scale: f32) {
    text(ds, Tag(0x2005, 0x0010), VR::LO, "Philips MR Imaging DD 001");
    ds.put(DataElement::new(SCALE_SLOPE, VR::FL, PrimitiveValue::from(scale)));
}

/// Two slices of slope 2, intercept -6.
fn series(mark: impl Fn(&mut Dataset, usize)) -> Study {
    Study::of((0..2).map(|k| {
        let mut ds = slice(MR, k, [0.0, 0.0, 3.0 * k as f64], 5);
        text(&mut ds, tags::MANUFACTURER, VR::LO, "Philips Medical Systems");
        number(&mut ds, tags::RESCALE_SLOPE, 2.0);
        number(&mut ds, tags::RESCALE_INTERCEPT, -6.0);
        text(&mut ds, tags::RESCALE_TYPE, VR::LO, "mrad");
        mark(&mut ds, k);
        ds
    }))
}

fn scaling(study: &Study, options: &Options<'_>) -> Scaling {
    let files = study.facts();
    let plan = plan(&files, options).unwrap();
    assert_eq!(plan.series.len(), 1);
    plan.series[0].head.scaling().clone()
}

fn uniform(slope: f64, intercept: f64, unit: Unit) -> Scaling {
    Scaling::uniform(Rescale::new(slope, intercept).unwrap(), unit)
}

#[test]
fn values_are_the_scanners_own_and_those_of_the_display_on_request() {
    let study = series(|ds, _| put_scale(ds, 4.0));
    // (2 v - 6) / (2 * 4)
    assert_eq!(scaling(&study, &Options::default()), uniform(0.25, -0.75, Unit::Arbitrary));
    let display = Options::default().philips_scaling(PhilipsScaling::Display);
    assert_eq!(scaling(&study, &display), uniform(2.0, -6.0, Unit::Other("mrad".to_owned())));
}

#[test]
fn a_map_whose_scales_are_one_keeps_its_unit() {
    let study = series(|ds, _| put_scale(ds, 0.5));
    assert_eq!(scaling(&study, &Options::default()), uniform(2.0, -6.0, Unit::Other("mrad".to_owned())));
}

#[test]
fn slices_of_different_scales_keep_each_its_own() {
    let study = series(|ds, k| put_scale(ds, [4.0, 8.0][k]));
    let pairs = [(0.25, -0.75), (0.125, -0.375)].map(|(slope, intercept)| Rescale::new(slope, intercept).unwrap());
    assert_eq!(scaling(&study, &Options::default()).as_per_plane(), Some(&pairs[..]));
}

#[test]
fn a_scale_of_an_unknown_type_is_four_bytes() {
    let unknown = |ds: &mut Dataset, _| {
        put_scale(ds, 4.0);
        let bytes = PrimitiveValue::from(4.0f32.to_le_bytes().to_vec());
        ds.put(DataElement::new(SCALE_SLOPE, VR::UN, bytes));
    };
    assert_eq!(scaling(&series(unknown), &Options::default()), uniform(0.25, -0.75, Unit::Arbitrary));
}

#[test]
fn where_a_slice_lost_its_scale_and_for_other_makers_the_rescale_counts() {
    let display = uniform(2.0, -6.0, Unit::Other("mrad".to_owned()));
    let lost = series(|ds, k| {
        if k == 0 {
            put_scale(ds, 4.0);
        }
    });
    assert_eq!(scaling(&lost, &Options::default()), display);
    let other = series(|ds, _| {
        put_scale(ds, 4.0);
        text(ds, tags::MANUFACTURER, VR::LO, "SIEMENS");
    });
    assert_eq!(scaling(&other, &Options::default()), display);
    let zero = series(|ds, _| put_scale(ds, 0.0));
    assert_eq!(scaling(&zero, &Options::default()), display);
}

#[test]
fn an_enhanced_image_has_it_in_the_group_of_each_frame() {
    let mut ds = slice(MR, 0, [0.0; 3], 5);
    ds.remove_element(tags::IMAGE_POSITION_PATIENT);
    text(&mut ds, tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.4.1");
    text(&mut ds, tags::MANUFACTURER, VR::LO, "Philips");
    text(&mut ds, tags::NUMBER_OF_FRAMES, VR::IS, "1");
    let frame = item(|frame| {
        let position = item(|p| crate::support::numbers(p, tags::IMAGE_POSITION_PATIENT, &[0.0; 3]));
        sequence(frame, tags::PLANE_POSITION_SEQUENCE, vec![position]);
        let shown = item(|p| {
            number(p, tags::RESCALE_SLOPE, 2.0);
            number(p, tags::RESCALE_INTERCEPT, -6.0);
        });
        sequence(frame, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, vec![shown]);
        sequence(frame, Tag(0x2005, 0x140F), vec![item(|own| put_scale(own, 4.0))]);
    });
    let shared = item(|shared| {
        let orientation = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
        let plane = item(|p| crate::support::numbers(p, tags::IMAGE_ORIENTATION_PATIENT, &orientation));
        sequence(shared, tags::PLANE_ORIENTATION_SEQUENCE, vec![plane]);
        let measures = item(|m| crate::support::numbers(m, tags::PIXEL_SPACING, &[1.0, 1.0]));
        sequence(shared, tags::PIXEL_MEASURES_SEQUENCE, vec![measures]);
    });
    sequence(&mut ds, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared]);
    sequence(&mut ds, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, vec![frame]);
    assert_eq!(scaling(&Study::of([ds]), &Options::default()), uniform(0.25, -0.75, Unit::Arbitrary));
}
