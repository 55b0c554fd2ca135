//! What is rejected, and by which name.

use isocenter_convert::{Options, plan::plan, read::read};
use isocenter_dcm::{VR, tags};
use isocenter_volume::{Ctx, Limits};

use crate::support::{Study, ct, item, object, sequence, short, text};

#[test]
fn files_that_are_no_images_are_named() {
    let structures = object("1.2.840.10008.5.1.4.1.1.481.3", "RTSTRUCT", 0);
    let mut study = Study::of([structures]);
    std::fs::write(study.add(&ct(1)[0]).with_extension("txt"), "notes").unwrap();
    let (plan, _) = study.plan();
    let mut codes: Vec<_> = plan.rejected.iter().map(|r| (r.reason.code(), r.reason.to_string())).collect();
    codes.sort();
    assert_eq!(codes.iter().map(|c| c.0).collect::<Vec<_>>(), ["not-an-image", "not-dicom"]);
    assert_eq!(codes[0], ("not-an-image", "a RT Structure Set object holds no image".to_owned()));
}

#[test]
fn a_truncated_file_is_rejected_and_its_neighbours_stay() {
    let mut study = Study::of(ct(3));
    let mut last = ct(4).remove(3);
    text(&mut last, tags::INSTANCE_NUMBER, VR::IS, "4");
    let path = study.add(&last);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 5]).unwrap();
    let (plan, _) = study.plan();
    assert_eq!(study.refusal(), ("truncated", 1));
    assert_eq!(plan.series[0].head.geometry().shape(), [4, 3, 3]);
}

#[test]
fn a_file_damaged_after_the_plan_fails_by_name() {
    let mut study = Study::of(ct(2));
    let path = study.add(&ct(3)[2]);
    let (mut plan, files) = study.plan();
    std::fs::write(&path, b"gone").unwrap();
    let error = read(&plan.series[0], &files, &Options::default()).unwrap_err();
    assert_eq!((error.file(), error.reason()), (Some(2), "not-dicom"));
    plan.fail(0, &error.verdict().unwrap());
    assert!(plan.series.is_empty());
    assert_eq!(plan.rejected.len(), 3);
    assert!(plan.funnel(&files).adds_up());
}

#[test]
fn a_slice_without_a_place_is_refused() {
    let mut slices = ct(2);
    slices.iter_mut().for_each(|ds| {
        ds.remove_element(tags::IMAGE_POSITION_PATIENT);
    });
    assert_eq!(Study::of(slices).refusal(), ("no-position", 2));
}

#[test]
fn a_table_instead_of_a_slope_is_refused() {
    let mut slices = ct(2);
    for ds in &mut slices {
        sequence(ds, tags::MODALITY_LUT_SEQUENCE, vec![item(|lut| short(lut, tags::LUT_DATA, 1))]);
    }
    assert_eq!(Study::of(slices).refusal(), ("modality-lut", 2));
    let mut zero = ct(2);
    zero.iter_mut().for_each(|ds| text(ds, tags::RESCALE_SLOPE, VR::DS, "0"));
    assert_eq!(Study::of(zero).refusal(), ("bad-rescale", 2));
}

#[test]
fn pixels_that_are_not_there_are_named() {
    let mut slices = ct(1);
    slices[0].remove_element(tags::PIXEL_DATA);
    assert_eq!(Study::of(slices).refusal(), ("no-pixel-data", 1));
}

#[test]
fn a_slice_of_another_size_does_not_join() {
    let mut slices = ct(3);
    short(&mut slices[2], tags::ROWS, 2);
    let (plan, _) = Study::of(slices).plan();
    let mut shapes: Vec<_> = plan.series.iter().map(|s| s.head.shape()).collect();
    shapes.sort_unstable();
    assert_eq!(shapes, [[4, 2, 1], [4, 3, 2]]);
}

#[test]
fn a_volume_beyond_the_limits_is_refused() {
    let study = Study::of(ct(3));
    let limits = Limits::default().with_bytes(50);
    let plan = plan(&study.facts(), &Options::default().ctx(Ctx::default().with_limits(limits))).unwrap();
    assert_eq!(plan.rejected.len(), 3);
    assert_eq!(plan.rejected[0].reason.code(), "limit");
}
