//! Several mosaics of one series.

use isocenter_dcm::{Tag, VR, tags};
use isocenter_volume::{AxisKind, Quantity};

use super::made::{AXIAL, SAGITTAL, Slab, is_true};
use crate::support::{MR, Study, number, slice, text};

#[test]
fn several_are_steps_of_one_volume_in_any_order_of_files() {
    let slab = Slab::new(SAGITTAL, 13, 1.0);
    let study = Study::of([2, 0, 3, 1].map(|uid| slab.siemens(uid)));
    let (plan, files) = study.plan();
    let funnel = plan.funnel(&files);
    // a picture is one frame, however many slices it shows
    assert_eq!((funnel.in_volumes, funnel.frames, funnel.frames_in_volumes), (4, 4, 4));
    assert_eq!(plan.series[0].frames.len(), 4 * 13);
    let found = study.convert();
    assert_eq!((found.len(), found[0].volume.shape(), found[0].volume.steps()), (1, [5, 4, 13], 4));
    assert!(is_true(&found[0]));
}

#[test]
fn weightings_are_a_diffusion_axis() {
    let slab = Slab::new(AXIAL, 4, 1.0);
    let weighted = |uid: usize| {
        let mut ds = slab.siemens(uid);
        text(&mut ds, Tag(0x0019, 0x0010), VR::LO, "SIEMENS MR HEADER");
        number(&mut ds, Tag(0x0019, 0x100C), [0.0, 1000.0, 1000.0][uid]);
        ds
    };
    let found = Study::of([0, 1, 2].map(weighted)).convert();
    let axis = &found[0].volume.slow_axes()[0];
    let wanted = (&AxisKind::Diffusion, Some(&[0.0, 1000.0, 1000.0][..]));
    assert_eq!((axis.kind(), axis.numbers(&Quantity::BValue)), wanted);
    assert!(is_true(&found[0]));
}

#[test]
fn one_that_was_sent_again_under_a_new_identifier_is_a_duplicate() {
    let slab = Slab::new(AXIAL, 5, 1.0);
    let mut again = slab.siemens(0);
    text(&mut again, tags::SOP_INSTANCE_UID, VR::UI, "1.2.3.99");
    let (plan, files) = Study::of([slab.siemens(0), again]).plan();
    let funnel = plan.funnel(&files);
    assert_eq!((plan.series.len(), funnel.duplicates, funnel.frames_repeated), (1, 1, 1));
}

#[test]
fn those_that_moved_are_volumes_of_their_own() {
    let slab = Slab::new(AXIAL, 5, 1.0);
    let moved = Slab { first: [-31.0, 12.5, -39.6], ..slab.clone() };
    let found = Study::of([slab.siemens(0), slab.siemens(1), moved.siemens(2), moved.siemens(3)]).convert();
    assert_eq!(found.iter().map(|c| (c.volume.shape()[2], c.volume.steps())).collect::<Vec<_>>(), [(5, 2), (5, 2)]);
    let bottom = |n: usize| found[n].volume.geometry().affine().apply([0.0; 3])[2];
    assert!((bottom(1) - bottom(0) - 0.4).abs() < 1e-9);
}

#[test]
fn a_slice_beside_them_and_other_numbers_of_tiles_stay_apart() {
    let slab = Slab::new(AXIAL, 5, 1.0);
    let more = Slab { count: 6, ..slab.clone() };
    let found = Study::of([slab.siemens(0), more.siemens(1), slice(MR, 2, [0.0, 0.0, 90.0], 7)]).convert();
    let mut slices: Vec<_> = found.iter().map(|c| c.volume.shape()[2]).collect();
    slices.sort_unstable();
    assert_eq!(slices, [1, 5, 6]);
}
