//! Any of the 48 orders of axes is found, exactly.

use isocenter_labels::matching;
use isocenter_volume::{Affine, Ctx, Frame, Geometry, IndexMap, LabelMap};
use proptest::prelude::*;

use crate::strategy;

const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

fn all_48(shape: [usize; 3]) -> impl Iterator<Item = IndexMap> {
    ORDERS.into_iter().flat_map(move |axes| {
        (0..8u8).map(move |s| IndexMap::permute_flip(shape, axes, [0, 1, 2].map(|a| s >> a & 1 == 1)).unwrap())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn each_of_48_orientations_comes_back_exactly(image in strategy::geometry(), seed in any::<u32>()) {
        let voxels: Vec<u32> = (0..image.len() as u32).map(|n| n.wrapping_mul(2_654_435_761).wrapping_add(seed) % 97).collect();
        let truth = LabelMap::new(vec![voxels], image.clone(), vec![]).unwrap();
        for stored in all_48(image.shape()) {
            let file = truth.remap(&stored, &isocenter_volume::Ctx::default()).unwrap();
            let found = matching::match_grid(file.geometry(), &image).unwrap();
            prop_assert!(found.corner_distance_mm < 1e-9);
            let back = matching::bring_onto(&file, &image, &found, &Ctx::default()).unwrap();
            prop_assert_eq!(back.layers()[0].to_u32(), truth.layers()[0].to_u32());
            prop_assert_eq!(back.geometry(), &image);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    // before and after: voxels that were added at either end of each axis, less than 0 where they were cropped
    #[test]
    fn what_was_cropped_padded_and_turned_comes_back(
        image in strategy::geometry(),
        before in prop::array::uniform3(-4i64..4),
        after in prop::array::uniform3(-4i64..4),
        order in 0..6usize,
        flip in prop::array::uniform3(any::<bool>()),
    ) {
        let shape = image.shape();
        let left = |a: usize| shape[a] as i64 + before[a] + after[a];
        prop_assume!((0..3).all(|a| left(a) > 0 && before[a] > -(shape[a] as i64) && after[a] > -(shape[a] as i64)));
        let ctx = Ctx::default();
        let values: Vec<u32> = (1..=image.len() as u32).collect();
        let truth = LabelMap::new(vec![values], image.clone(), vec![]).unwrap();
        let crop = IndexMap::pad(shape, before, after).unwrap();
        let turn = IndexMap::permute_flip(crop.shape(), ORDERS[order], flip).unwrap();
        let file = truth.remap(&crop.then(&turn).unwrap(), &ctx).unwrap();
        let found = matching::match_grid(file.geometry(), &image);
        let mut sorted = [file.geometry().shape(), shape];
        sorted.iter_mut().for_each(|s| s.sort_unstable());
        if sorted[0] == sorted[1] {
            // as many voxels: only the very grid is a match
            prop_assert!(found.is_err() || found.unwrap().fit == matching::Fit::Whole);
            return Ok(());
        }
        let found = found.unwrap();
        let sticks_out = (0..3).any(|a| before[a] > 0 || after[a] > 0);
        prop_assert_eq!(found.fit, if sticks_out { matching::Fit::SticksOut } else { matching::Fit::Part });
        let back = matching::bring_onto(&file, &image, &found, &ctx).unwrap();
        prop_assert_eq!(back.geometry(), &image);
        let kept = |[i, j, k]: [i64; 3]| {
            [i, j, k].iter().enumerate().all(|(a, v)| *v >= -before[a] && *v < shape[a] as i64 + after[a])
        };
        let [nx, ny, _] = shape;
        for (n, (found, wanted)) in back.layers()[0].iter().zip(truth.layers()[0].iter()).enumerate() {
            let index = [n % nx, n / nx % ny, n / nx / ny].map(|v| v as i64);
            prop_assert_eq!(found, if kept(index) { wanted } else { 0 });
        }
    }
}

#[test]
fn a_lattice_that_is_off_by_more_than_a_tenth_of_a_millimetre_is_another() {
    let image = Geometry::new([20, 20, 20], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let at = |origin: f64, spacing: f64| {
        let affine = Affine::from_spacing_origin([spacing, 1.0, 1.0], [origin, 3.0, 3.0]);
        Geometry::new([10, 4, 4], affine, Frame::Patient(None)).unwrap()
    };
    for (origin, spacing, is_one) in
        [(3.0, 1.0, true), (3.09, 1.0, true), (3.2, 1.0, false), (3.0, 1.005, true), (3.0, 1.1, false)]
    {
        assert_eq!(matching::match_grid(&at(origin, spacing), &image).is_ok(), is_one, "{origin} {spacing}");
    }
}

#[test]
fn a_cube_with_equal_spacing_is_told_apart_by_its_corners() {
    let image = Geometry::new([5; 3], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let truth = LabelMap::new(vec![(0..125u32).collect::<Vec<_>>()], image.clone(), vec![]).unwrap();
    let mut seen = 0;
    for stored in all_48([5; 3]) {
        let file = truth.remap(&stored, &isocenter_volume::Ctx::default()).unwrap();
        let found = matching::match_grid(file.geometry(), &image).unwrap();
        assert_eq!(found.map, stored.inverse());
        assert_eq!(
            matching::bring_onto(&file, &image, &found, &Ctx::default()).unwrap().layers()[0].to_u32(),
            truth.layers()[0].to_u32()
        );
        seen += 1;
    }
    assert_eq!(seen, 48);
}
