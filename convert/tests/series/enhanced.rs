//! Multi-frame images with functional groups.

use isocenter_dcm::{
    Dataset, VR,
    dicom_core::{DataElement, PrimitiveValue},
    tags,
};
use isocenter_volume::{AxisKind, Ctx, Quantity};

use crate::support::{Study, item, near, number, numbers, object, pixel_module, planes, sequence, text, words};

struct Frame {
    z: f64,
    value: u16,
    index: [u32; 3],
    b: f64,
    kind: &'static str,
    slope: f64,
}

fn enhanced(frames: &[Frame]) -> Dataset {
    let mut ds = object("1.2.840.10008.5.1.4.1.1.4.1", "MR", 0);
    text(&mut ds, tags::NUMBER_OF_FRAMES, VR::IS, &frames.len().to_string());
    pixel_module(&mut ds);
    let shared = item(|group| {
        let measures = item(|ds| {
            numbers(ds, tags::PIXEL_SPACING, &[0.5, 0.75]);
            number(ds, tags::SLICE_THICKNESS, 9.0);
        });
        sequence(group, tags::PIXEL_MEASURES_SEQUENCE, vec![measures]);
        let orientation = item(|ds| numbers(ds, tags::IMAGE_ORIENTATION_PATIENT, &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0]));
        sequence(group, tags::PLANE_ORIENTATION_SEQUENCE, vec![orientation]);
    });
    sequence(&mut ds, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared]);
    let groups = frames.iter().map(|f| {
        item(|group| {
            let content = item(|ds| {
                let index: Vec<u32> = f.index.to_vec();
                ds.put(DataElement::new(tags::DIMENSION_INDEX_VALUES, VR::UL, PrimitiveValue::U32(index.into())));
            });
            sequence(group, tags::FRAME_CONTENT_SEQUENCE, vec![content]);
            let position = item(|ds| numbers(ds, tags::IMAGE_POSITION_PATIENT, &[0.0, 0.0, f.z]));
            sequence(group, tags::PLANE_POSITION_SEQUENCE, vec![position]);
            let kind = item(|ds| text(ds, tags::FRAME_TYPE, VR::CS, f.kind));
            sequence(group, tags::MR_IMAGE_FRAME_TYPE_SEQUENCE, vec![kind]);
            let diffusion = item(|ds| {
                ds.put(DataElement::new(tags::DIFFUSION_B_VALUE, VR::FD, PrimitiveValue::from(f.b)));
            });
            sequence(group, tags::MR_DIFFUSION_SEQUENCE, vec![diffusion]);
            let transformation = item(|ds| {
                number(ds, tags::RESCALE_SLOPE, f.slope);
                number(ds, tags::RESCALE_INTERCEPT, 0.0);
            });
            sequence(group, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, vec![transformation]);
        })
    });
    sequence(&mut ds, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, groups.collect());
    let pixels: Vec<u16> = frames.iter().flat_map(|f| std::iter::once(f.value + 1).chain([f.value; 11])).collect();
    words(&mut ds, &pixels);
    ds
}

const PLAIN: &str = "ORIGINAL\\PRIMARY\\DIFFUSION\\NONE";

#[test]
fn frames_in_any_order_become_one_4d_volume() {
    // stored slice by slice, downwards, b-values mixed
    let frames: Vec<_> = (0..3u16)
        .rev()
        .flat_map(|k| [1u16, 0].map(|step| (k, step)))
        .map(|(k, step)| Frame {
            z: 4.0 * f64::from(k),
            value: 10 * step + k,
            index: [1, u32::from(k) + 1, u32::from(step) + 1],
            b: 1000.0 * f64::from(step),
            kind: PLAIN,
            slope: 2.0,
        })
        .collect();
    let found = Study::of([enhanced(&frames)]).convert();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].volume.shape(), found[0].volume.steps()), ([4, 3, 3], 2));
    assert!(near(found[0].volume.geometry().spacing_mm(), [0.75, 0.5, 4.0]));
    assert_eq!(planes(&found[0]), [0.0, 1.0, 2.0, 10.0, 11.0, 12.0]);
    let axis = &found[0].volume.slow_axes()[0];
    assert_eq!((axis.kind(), axis.numbers(&Quantity::BValue)), (&AxisKind::Diffusion, Some(&[0.0, 1000.0][..])));
    assert_eq!(found[0].volume.scaling().as_uniform().unwrap().slope(), 2.0);
}

#[test]
fn two_kinds_of_frames_are_two_volumes_of_one_file() {
    let frames: Vec<_> = (0..4u16)
        .map(|n| Frame {
            z: f64::from(n % 2),
            value: n,
            index: [1, u32::from(n % 2) + 1, u32::from(n / 2) + 1],
            b: 0.0,
            kind: if n < 2 { "ORIGINAL\\PRIMARY\\T1\\M" } else { "ORIGINAL\\PRIMARY\\T1\\FIELD_MAP" },
            slope: if n < 2 { 1.0 } else { 0.25 },
        })
        .collect();
    let study = Study::of([enhanced(&frames)]);
    let (plan, scanned) = study.plan();
    assert_eq!(plan.series.len(), 2);
    let funnel = plan.funnel(&scanned);
    assert_eq!((funnel.in_volumes, funnel.frames, funnel.frames_in_volumes), (1, 4, 4));
    let slopes: Vec<_> = study.convert().iter().map(|c| c.volume.scaling().as_uniform().unwrap().slope()).collect();
    assert!(slopes.contains(&1.0) && slopes.contains(&0.25));
}

#[test]
fn each_frame_may_have_a_slope_of_its_own() {
    let frames: Vec<_> = (0..2u16)
        .map(|k| Frame {
            z: f64::from(k),
            value: 10,
            index: [1, u32::from(k) + 1, 1],
            b: 0.0,
            kind: PLAIN,
            slope: f64::from(k) + 1.0,
        })
        .collect();
    let found = Study::of([enhanced(&frames)]).convert();
    let real = found[0].volume.to_real(&Ctx::default()).unwrap();
    assert_eq!((real.voxels()[1], real.voxels()[13]), (10.0, 20.0));
}

#[test]
fn frames_of_a_kind_that_is_refused_are_told_beside_the_volume_of_their_file() {
    // the field map has three planes of two steps, and of the last place only one
    let frame = |n: u16, z: f64, step: u32, is_map: bool| Frame {
        z,
        value: n,
        index: [if is_map { 2 } else { 1 }, 1 + z as u32, step],
        b: 0.0,
        kind: if is_map { "ORIGINAL\\PRIMARY\\T1\\FIELD_MAP" } else { "ORIGINAL\\PRIMARY\\T1\\M" },
        slope: 1.0,
    };
    let mut frames: Vec<_> = (0..3u16).map(|n| frame(n, f64::from(n), 1, false)).collect();
    frames.extend(
        [(0.0, 1), (1.0, 1), (5.0, 1)].iter().enumerate().map(|(n, (z, s))| frame(10 + n as u16, *z, *s, true)),
    );
    let study = Study::of([enhanced(&frames)]);
    let (plan, scanned) = study.plan();
    assert_eq!(plan.series.len(), 1);
    assert!(plan.rejected.is_empty());
    let told: Vec<_> =
        plan.left_out.iter().map(|l| (l.frame, l.reason.as_ref().map(isocenter_convert::Reason::code))).collect();
    assert_eq!(told, [3, 4, 5].map(|frame| (frame, Some("missing-slice"))));
    assert_eq!(plan.funnel(&scanned).frames_rejected, 3);
}
