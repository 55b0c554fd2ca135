//! Random label maps on random oblique grids.

use isocenter_volume::{Affine, Frame, Geometry, LabelMap};
use proptest::prelude::*;

/// A grid of up to 6 voxels a side, turned, sheared and shifted.
pub(crate) fn geometry() -> impl Strategy<Value = Geometry> {
    let entry = -0.3..0.3f64;
    (
        [1..7usize, 1..7usize, 1..7usize],
        proptest::array::uniform9(entry),
        proptest::array::uniform3(0.5..3.0f64),
        proptest::array::uniform3(-200.0..200.0f64),
    )
        .prop_map(|(shape, m, spacing, origin)| {
            let column = |a: usize| [0, 1, 2].map(|r| spacing[a] * (m[3 * a + r] + if r == a { 1.0 } else { 0.0 }));
            let affine = Affine::from_columns([column(0), column(1), column(2)], origin);
            Geometry::new(shape, affine, Frame::Patient(None)).unwrap()
        })
}

/// One layer of few values, some of them large.
pub(crate) fn label_map() -> impl Strategy<Value = LabelMap> {
    let value = prop_oneof![4 => Just(0u32), 3 => 1..5u32, 1 => 4_000_000_000..4_000_000_004u32];
    geometry().prop_flat_map(move |g| {
        proptest::collection::vec(value.clone(), g.len())
            .prop_map(move |v| LabelMap::new(vec![v], g.clone(), vec![]).unwrap())
    })
}
