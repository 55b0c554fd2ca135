use isocenter_volume::{Affine, Geometry, GeometryDifference, strategy};
use proptest::prelude::*;

/// 1e-9 voxel: f64 inverse of a well-conditioned affine, a metre from the origin.
const INDEX_TOLERANCE: f64 = 1e-9;
/// mm, for places a metre from the origin in f64.
const WORLD_TOLERANCE_MM: f64 = 1e-9;

proptest! {
    #[test]
    fn world_of_index_round_trips(g in strategy::geometry(), p in strategy::index()) {
        let back = g.index_of(g.world_of(p));
        prop_assert!((0..3).all(|a| (back[a] - p[a]).abs() < INDEX_TOLERANCE), "{back:?}");
    }

    #[test]
    fn ras_and_back_is_identity(a in strategy::affine()) {
        prop_assert_eq!(Affine::from_ras(a.to_ras()), a);
        prop_assert_eq!(Affine::from_ras_to_ras(a.to_ras_to_ras()), a);
    }

    #[test]
    fn reorienting_moves_no_voxel_in_the_world(g in strategy::geometry(), o in strategy::orientation()) {
        let map = g.map_to_orientation(o).unwrap();
        let turned = g.remap(&map).unwrap();
        prop_assert_eq!(turned.orientation().unwrap(), o);
        let source = map.source_of([0; 3]).map(|v| v as f64);
        let (a, b) = (turned.world_of([0.0; 3]), g.world_of(source));
        prop_assert!((0..3).all(|x| (a[x] - b[x]).abs() < WORLD_TOLERANCE_MM));
    }

    #[test]
    fn the_best_reorientation_undoes_any(g in strategy::geometry(), o in strategy::orientation()) {
        let turned = g.remap(&g.map_to_orientation(o).unwrap()).unwrap();
        let (difference, map) = GeometryDifference::after_best_reorientation(&g, &turned);
        prop_assert!(difference.is_within(WORLD_TOLERANCE_MM), "{difference}");
        prop_assert_eq!(turned.remap(&map).unwrap().shape(), g.shape());
    }

    #[test]
    fn serde_round_trips(g in strategy::geometry()) {
        let text = serde_json::to_string(&g).unwrap();
        let back: Geometry = serde_json::from_str(&text).unwrap();
        // serde_json's fast reader may miss a number by its last bit
        prop_assert!(GeometryDifference::as_stored(&back, &g).is_within(WORLD_TOLERANCE_MM));
        prop_assert_eq!(back.frame(), g.frame());
    }
}
