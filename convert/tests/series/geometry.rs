//! Slice order and affine.

use isocenter_convert::{Options, Warning, plan::plan, read::read};
use isocenter_dcm::{VR, tags};
use isocenter_volume::Frame;

use crate::support::{CT, MR, Study, ct, near, number, numbers, planes, slice, text};

#[test]
fn position_counts_and_neither_instance_number_nor_thickness_does() {
    let mut slices = ct(6);
    for (k, ds) in slices.iter_mut().enumerate() {
        text(ds, tags::INSTANCE_NUMBER, VR::IS, &((k * 5 + 3) % 7).to_string());
    }
    slices.swap(0, 4);
    slices.swap(1, 5);
    let found = Study::of(slices).convert();
    assert_eq!(found.len(), 1);
    let geometry = found[0].volume.geometry();
    assert_eq!(geometry.shape(), [4, 3, 6]);
    assert!(near(geometry.spacing_mm(), [0.75, 0.5, 2.0]), "thickness says 3");
    assert!(near(geometry.world_of([1.0, 2.0, 3.0]), [-5.0 + 0.75, 7.0 + 1.0, 16.0]));
    assert_eq!(planes(&found[0]), [0.0, 100.0, 200.0, 300.0, 400.0, 500.0]);
    assert_eq!(geometry.frame(), &Frame::Patient(Some("1.2.6".to_owned())));
}

#[test]
fn a_reversed_series_gives_the_same_volume() {
    let forward = Study::of(ct(5)).convert();
    let backward = Study::of(ct(5).into_iter().rev()).convert();
    assert_eq!(forward[0].volume.geometry(), backward[0].volume.geometry());
    assert_eq!(planes(&forward[0]), planes(&backward[0]));
}

#[test]
fn a_tilted_gantry_gives_a_sheared_affine() {
    let tilted = (0..5).map(|k| slice(CT, k, [-5.0, 7.0 + 0.5 * k as f64, 2.0 * k as f64], k as u16));
    let found = Study::of(tilted).convert();
    let geometry = found[0].volume.geometry();
    assert!(near(geometry.world_of([0.0, 0.0, 4.0]), [-5.0, 9.0, 8.0]));
    assert!((geometry.shear() - 0.5 / 4.25f64.sqrt()).abs() < 1e-9);
    let degrees = 14.036_243_467_926_479; // atan(0.5 / 2)
    assert!(
        found[0].warnings.iter().any(|w| matches!(w, Warning::Sheared { degrees: d } if (d - degrees).abs() < 1e-9))
    );
}

#[test]
fn two_orientations_are_two_volumes() {
    let mut slices = ct(3);
    for (k, ds) in slices.iter_mut().enumerate().skip(1) {
        numbers(ds, tags::IMAGE_ORIENTATION_PATIENT, &[0.0, 1.0, 0.0, 0.0, 0.0, -1.0]);
        numbers(ds, tags::IMAGE_POSITION_PATIENT, &[k as f64 * 4.0, 0.0, 0.0]);
    }
    let found = Study::of(slices).convert();
    let shapes: Vec<_> = found.iter().map(|c| c.volume.shape()).collect();
    assert_eq!(shapes.len(), 2);
    assert!(shapes.contains(&[4, 3, 1]) && shapes.contains(&[4, 3, 2]));
}

#[test]
fn a_rotating_stack_is_refused() {
    let slices = (0..6).map(|k| {
        let (s, c) = libm::sincos(0.5 * k as f64);
        let mut ds = slice(MR, k, [0.0, 0.0, k as f64], 1);
        numbers(&mut ds, tags::IMAGE_ORIENTATION_PATIENT, &[c, s, 0.0, 0.0, 0.0, -1.0]);
        ds
    });
    assert_eq!(Study::of(slices).refusal(), ("non-parallel", 6));
}

#[test]
fn irregular_stacks_are_refused_by_name() {
    let at =
        |z: &[f64]| Study::of(z.iter().enumerate().map(|(k, z)| slice(CT, k, [0.0, 0.0, *z], 1)).collect::<Vec<_>>());
    assert_eq!(at(&[0.0, 2.0, 4.0, 8.0, 10.0]).refusal(), ("missing-slice", 5));
    assert_eq!(at(&[0.0, 2.0, 4.0, 7.0, 9.0]).refusal(), ("uneven-spacing", 5));
    // 1 % of 2 mm is the most that is let pass
    assert_eq!(at(&[0.0, 2.01, 4.0, 6.0]).refusal(), ("none", 0));
    assert_eq!(at(&[0.0, 2.08, 4.0, 6.0]).refusal(), ("uneven-spacing", 4));
}

#[test]
fn uneven_stacks_are_made_even_on_request() {
    let options = Options::default().even(true);
    // the value is ten times the place, and one a voxel more, so that what lies between is known
    let study = |z: &[f64]| {
        let slices = z.iter().enumerate();
        Study::of(slices.map(|(k, z)| slice(CT, k, [1.0, 0.5 * z, *z], (10.0 * z) as u16)).collect::<Vec<_>>())
    };
    for (z, wanted) in [
        // steps of two lengths, and a slice that is not there
        (
            &[10.0, 12.0, 14.0, 18.0, 19.0][..],
            &[100.0, 110.0, 120.0, 130.0, 140.0, 150.0, 160.0, 170.0, 180.0, 190.0][..],
        ),
        (&[0.0, 2.0, 4.0, 8.0, 10.0][..], &[0.0, 20.0, 40.0, 60.0, 80.0, 100.0][..]),
    ] {
        let study = study(z);
        let files = study.facts();
        let plan = plan(&files, &options).unwrap();
        assert!(plan.funnel(&files).adds_up());
        let [series] = &plan.series[..] else { panic!("{:?}", plan.rejected) };
        let evened = Warning::Evened { stated: z.len(), slices: wanted.len() };
        assert!(series.warnings.contains(&evened), "{:?}", series.warnings);
        let found = read(series, &files, &options).unwrap();
        assert_eq!(planes(&found), wanted);
        let geometry = found.volume.geometry();
        assert_eq!(geometry.shape(), [4, 3, wanted.len()]);
        let last = wanted.len() as f64 - 1.0;
        let height = z[0] + last * (wanted[1] - wanted[0]) / 10.0;
        assert!(near(geometry.world_of([0.0, 0.0, last]), [1.0, 0.5 * height, height]));
    }
    // even ones are not touched, and slices off their line are refused all the same
    let even = plan(&study(&[0.0, 2.0, 4.0]).facts(), &options).unwrap();
    assert!(!even.series[0].warnings.iter().any(|warning| matches!(warning, Warning::Evened { .. })));
    let shifted =
        Study::of((0..4).map(|k| slice(CT, k, [if k == 2 { 3.0 } else { 0.0 }, 0.0, [0.0, 2.0, 4.0, 7.0][k]], 1)));
    assert_eq!(plan(&shifted.facts(), &options).unwrap().rejected[0].reason.code(), "misaligned");
}

#[test]
fn values_between_slices_are_rounded_and_slices_that_are_scaled_unlike_are_not_mixed() {
    let options = Options::default().even(true);
    let three = |slope: [f64; 3]| {
        Study::of((0..3).map(|k| {
            let mut ds = slice(CT, k, [0.0, 0.0, [0.0, 1.0, 4.0][k]], [0, 0, 7][k]);
            numbers(&mut ds, tags::RESCALE_SLOPE, &[slope[k]]);
            number(&mut ds, tags::RESCALE_INTERCEPT, 0.0);
            ds
        }))
    };
    let study = three([1.0; 3]);
    let files = study.facts();
    let alike = plan(&files, &options).unwrap();
    let found = read(&alike.series[0], &files, &options).unwrap();
    // 7/3 and 14/3; the last place of the grid is that of the last slice
    assert_eq!(planes(&found), [0.0, 0.0, 2.0, 5.0, 7.0]);
    let unlike = plan(&three([1.0, 1.0, 2.0]).facts(), &options).unwrap();
    assert_eq!(unlike.rejected[0].reason.code(), "uneven-spacing");
}

#[test]
fn slices_shifted_in_their_plane_are_refused() {
    let slices = (0..4).map(|k| slice(CT, k, [if k == 2 { 3.0 } else { 0.0 }, 0.0, 2.0 * k as f64], 1));
    assert_eq!(Study::of(slices).refusal(), ("misaligned", 4));
}

#[test]
fn a_lone_slice_takes_its_thickness_from_the_header_and_says_so() {
    let found = Study::of(ct(1)).convert();
    assert!(near(found[0].volume.geometry().spacing_mm(), [0.75, 0.5, 3.0]));
    assert!(found[0].warnings.contains(&Warning::ThicknessFromSliceThickness));
    let mut spaced = ct(1);
    number(&mut spaced[0], tags::SPACING_BETWEEN_SLICES, 4.5);
    let found = Study::of(spaced).convert();
    assert!(near(found[0].volume.geometry().spacing_mm(), [0.75, 0.5, 4.5]));
}

#[test]
fn a_stated_spacing_that_positions_contradict_is_told() {
    let mut slices = ct(3);
    slices.iter_mut().for_each(|ds| number(ds, tags::SPACING_BETWEEN_SLICES, 2.5));
    let found = Study::of(slices).convert();
    assert!(found[0].warnings.iter().any(|w| w.code() == "spacing-disagrees"));
}

#[test]
fn the_order_of_the_input_plays_no_part() {
    let mut slices = ct(6);
    slices.extend((0..4).map(|k| {
        let mut ds = slice(MR, 20 + k, [0.0, 0.0, (k / 2) as f64], k as u16);
        text(&mut ds, tags::SERIES_INSTANCE_UID, VR::UI, "1.2.7");
        ds
    }));
    let study = Study::of(slices);
    let files = study.facts();
    let uids = |order: Vec<usize>| {
        let picked: Vec<_> = order.into_iter().map(|at| files[at].clone()).collect();
        let plan = plan(&picked, &Options::default()).unwrap();
        plan.series.into_iter().map(|s| (s.sop_instance_uids, s.head.geometry().clone())).collect::<Vec<_>>()
    };
    let straight: Vec<usize> = (0..files.len()).collect();
    let reversed: Vec<usize> = straight.iter().rev().copied().collect();
    let mixed: Vec<usize> = straight.iter().map(|k| (k * 7 + 3) % files.len()).collect();
    assert_eq!(uids(straight.clone()), uids(reversed));
    assert_eq!(uids(straight), uids(mixed));
}

#[test]
fn debug_prints_no_identifier() {
    let (plan, _) = Study::of(ct(2)).plan();
    assert_eq!(plan.series[0].patient.id(), Some("secret-patient"));
    let printed = format!("{plan:?}");
    assert!(!printed.contains("secret") && !printed.contains("1.2.5"), "{printed}");
}
