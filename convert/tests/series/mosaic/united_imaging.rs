//! Grids of United Imaging lie where the headers of their tiles say.

use super::made::{AXIAL, CORONAL, SAGITTAL, Slab, is_true};
use crate::support::Study;

#[test]
fn every_tile_lies_where_its_own_header_says() {
    for (plane, count, way) in [(AXIAL, 20, 1.0), (CORONAL, 2, -1.0), (SAGITTAL, 12, 1.0), (AXIAL, 50, -1.0)] {
        let slab = Slab::new(plane, count, way);
        let found = Study::of([slab.united_imaging(0), slab.united_imaging(1)]).convert();
        assert_eq!((found.len(), found[0].volume.shape(), found[0].volume.steps()), (1, [5, 4, count], 2));
        assert!(is_true(&found[0]), "{slab:?}");
        assert!(found[0].warnings.is_empty());
    }
}
