use isocenter_volume::{Ctx, GeometryDifference, IndexMap, LabelMap, Orientation, Volume, strategy};
use proptest::prelude::*;

/// mm, for places a metre from the origin in f64.
const SAME_PLACE_MM: f64 = 1e-9;

fn same(a: &Volume<f32>, b: &Volume<f32>) -> bool {
    a.voxels() == b.voxels() && GeometryDifference::as_stored(a.geometry(), b.geometry()).is_within(SAME_PLACE_MM)
}

fn same_labels(a: &LabelMap, b: &LabelMap) -> bool {
    a.layers()[0] == b.layers()[0] && GeometryDifference::as_stored(a.geometry(), b.geometry()).is_within(SAME_PLACE_MM)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn reorient_and_back_is_identity_for_all_48(v in strategy::volume(), l in strategy::labels()) {
        let (own, own_labels) = (v.geometry().orientation().unwrap(), l.geometry().orientation().unwrap());
        for o in Orientation::all() {
            prop_assert!(same(&v.reorient(o, &Ctx::default()).unwrap().reorient(own, &Ctx::default()).unwrap(), &v), "{o}");
            prop_assert!(same_labels(&l.reorient(o, &Ctx::default()).unwrap().reorient(own_labels, &Ctx::default()).unwrap(), &l), "{o}");
        }
    }

    #[test]
    fn flip_twice_is_identity(v in strategy::volume(), axes in any::<[bool; 3]>()) {
        prop_assert!(same(&v.flip(axes).unwrap().flip(axes).unwrap(), &v));
    }

    #[test]
    fn a_flip_is_the_map_s_handedness_in_the_affine(v in strategy::volume(), axes in any::<[bool; 3]>()) {
        let odd = axes.iter().filter(|f| **f).count() % 2 == 1;
        let flipped = v.flip(axes).unwrap();
        prop_assert_eq!(flipped.geometry().is_right_handed() != v.geometry().is_right_handed(), odd);
    }

    #[test]
    fn crop_undoes_pad(v in strategy::volume(), l in strategy::labels(), b in [0..4i64, 0..4, 0..4], a in [0..4i64, 0..4, 0..4]) {
        let padded = v.pad(b, a, 7.0, &Ctx::default()).unwrap();
        prop_assert!(same(&padded.crop(b.map(|n| n as usize), v.shape()).unwrap(), &v));
        let padded = l.pad(b, a, &Ctx::default()).unwrap();
        prop_assert!(same_labels(&padded.crop(b.map(|n| n as usize), l.geometry().shape()).unwrap(), &l));
    }

    #[test]
    fn the_inverse_of_a_crop_or_pad_brings_back_what_was_kept(v in strategy::volume(), size in strategy::shape()) {
        let map = IndexMap::crop_or_pad(v.shape(), size).unwrap();
        let there = v.remap(&map, 5000.0, &Ctx::default()).unwrap();
        let back = there.remap(&map.inverse(), 9000.0, &Ctx::default()).unwrap();
        prop_assert_eq!(back.shape(), v.shape());
        for (was, is) in v.voxels().iter().zip(back.voxels()) {
            prop_assert!(was == is || *is == 9000.0);
        }
        let lost = back.voxels().iter().filter(|v| **v == 9000.0).count();
        let kept: usize = (0..3).map(|a| size[a].min(v.shape()[a])).product();
        prop_assert_eq!(v.geometry().len() - lost, kept);
    }

    #[test]
    fn a_chain_of_maps_is_its_composition(v in strategy::volume(), o in strategy::orientation(), size in strategy::shape()) {
        let first = v.geometry().map_to_orientation(o).unwrap();
        let second = IndexMap::crop_or_pad(first.shape(), size).unwrap();
        let at_once = v.remap(&first.then(&second).unwrap(), 0.0, &Ctx::default()).unwrap();
        prop_assert!(same(&at_once, &v.remap(&first, 0.0, &Ctx::default()).unwrap().remap(&second, 0.0, &Ctx::default()).unwrap()));
    }

    #[test]
    fn content_survives_its_crop(v in strategy::volume(), margin in [0..3usize, 0..3, 0..3]) {
        let above = |v: &Volume<f32>| v.voxels().iter().filter(|s| **s > 500.0).count();
        match v.crop_to_content(500.0, margin) {
            Ok(cropped) => prop_assert_eq!(above(&cropped), above(&v)),
            Err(_) => prop_assert_eq!(above(&v), 0),
        }
    }

    #[test]
    fn planes_stacked_are_the_volume(v in strategy::volume()) {
        let planes: Vec<_> = (0..v.shape()[2]).map(|k| v.plane(2, k).unwrap()).collect();
        prop_assert!(same(&Volume::stack_planes(&planes).unwrap(), &v));
    }
}
