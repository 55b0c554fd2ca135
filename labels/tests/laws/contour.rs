//! Outlines hold the mask.

use isocenter_labels::{
    Outline, Polygon,
    contour::{label_outlines, outlines},
};
use isocenter_volume::{Affine, Frame, Geometry, LabelMap};
use proptest::prelude::*;

/// Whether a point lies inside by the even-odd rule.
fn inside(polygons: &[Polygon], u: f64, v: f64) -> bool {
    let mut inside = false;
    for p in polygons {
        for (a, b) in p.iter().zip(p.iter().cycle().skip(1)) {
            if (a[1] > v) != (b[1] > v) && u < a[0] + (v - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) {
                inside = !inside;
            }
        }
    }
    inside
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn filling_either_outline_gives_back_the_mask(width in 1..12usize, bits in proptest::collection::vec(any::<bool>(), 1..130)) {
        let mask = &bits[..bits.len() / width * width];
        for kind in [Outline::Edges, Outline::Smooth] {
            let found = outlines(mask, width, kind);
            for (n, &wanted) in mask.iter().enumerate() {
                prop_assert_eq!(inside(&found, (n % width) as f64, (n / width) as f64), wanted);
            }
        }
    }
}

#[test]
fn planes_across_all_axes_are_cut() {
    let grid = Geometry::new([2, 3, 4], Affine::IDENTITY, Frame::Unknown).unwrap();
    let mut voxels = vec![0u32; 24];
    voxels[1 + 2 * (2 + 3 * 3)] = 5; // (1, 2, 3)
    let map = LabelMap::new(vec![voxels], grid, vec![]).unwrap();
    let middle = |across, index| {
        let found = label_outlines(&map, 0, 5, across, index, Outline::Edges).unwrap();
        found.first().map(|p| [0, 1].map(|c| p.iter().map(|q| q[c]).sum::<f64>() / p.len() as f64))
    };
    assert_eq!([middle(0, 1), middle(1, 2), middle(2, 3)], [Some([2.0, 3.0]), Some([1.0, 3.0]), Some([1.0, 2.0])]);
    assert_eq!(middle(2, 0), None);
    assert!(label_outlines(&map, 0, 5, 2, 4, Outline::Edges).is_err());
    assert!(label_outlines(&map, 0, 5, 3, 0, Outline::Edges).is_err());
    assert!(label_outlines(&map, 1, 5, 2, 0, Outline::Edges).is_err());
}
