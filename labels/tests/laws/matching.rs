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
