//! Does a label map that covers a part of an image, or more than it, lie on the image's lattice?
//!
//! 3D Slicer writes a segmentation cropped to the extent of its segments, and other tools crop or pad too. The voxels are still the
//! image's: the map from one index to the other is a signed permutation of axes and a whole-number offset. It is looked for in
//! the geometry alone; what a file says of it (`Segmentation_ReferenceImageExtentOffset`) is a hint that may be out of date.

use isocenter_volume::{Geometry, IndexMap, affine};

/// How labels lie on an image's lattice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct OnLattice {
    /// The map of indices, from the labels' grid to the image's.
    pub(crate) map: IndexMap,
    /// The largest distance of a voxel from its place on the lattice, mm.
    pub(crate) distance_mm: f64,
    pub(crate) extent: Extent,
}

/// Which part of an image labels cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Extent {
    /// They lie within it.
    Within,
    /// They reach out of it.
    SticksOut,
    /// They lie beside it.
    Outside,
}

/// Indices further away than this are on nobody's lattice.
const FARTHEST: f64 = 1_073_741_824.0;

/// Where labels lie on the lattice of an image; `None` where their axes are not the image's in any order.
pub(crate) fn place(labels: &Geometry, image: &Geometry) -> Option<OnLattice> {
    let index = |at: [f64; 3]| image.index_of(labels.world_of(at));
    let origin = index([0.0; 3]);
    // for each axis of the image, the axis of the labels that runs along it, and whether it runs the other way
    let (mut axes, mut flip, mut seen) = ([0; 3], [false; 3], [false; 3]);
    for a in 0..3 {
        let mut step = [0.0; 3];
        step[a] = 1.0;
        let end = index(step);
        let step = [0, 1, 2].map(|b| end[b] - origin[b]);
        let along = (0..3).fold(0, |best, b| if step[b].abs() > step[best].abs() { b } else { best });
        if std::mem::replace(&mut seen[along], true) {
            return None;
        }
        (axes[along], flip[along]) = (a, step[along] < 0.0);
    }
    if origin.iter().any(|v| v.is_nan() || v.abs() >= FARTHEST) {
        return None;
    }
    let turned = IndexMap::permute_flip(labels.shape(), axes, flip).ok()?;
    let shape = turned.shape();
    // of the turned labels, the first voxel's place on the lattice
    let first = [0, 1, 2].map(|b| {
        let length = if flip[b] { shape[b] as i64 - 1 } else { 0 };
        round(origin[b]) - length
    });
    let map = turned.then(&IndexMap::block(shape, first.map(|f| -f), image.shape()).ok()?).ok()?;
    let ends = [0, 1, 2].map(|b| first[b] + shape[b] as i64);
    let limits = image.shape().map(|n| n as i64);
    let extent = if (0..3).any(|b| ends[b] <= 0 || first[b] >= limits[b]) {
        Extent::Outside
    } else if (0..3).all(|b| first[b] >= 0 && ends[b] <= limits[b]) {
        Extent::Within
    } else {
        Extent::SticksOut
    };
    Some(OnLattice { map, distance_mm: distance(labels, image, &map), extent })
}

/// The largest distance of a labels' voxel from the image's voxel that a map pairs it with, mm.
///
/// It is largest at a corner. An axis of one voxel has no other end; the next voxel along it counts as one, so that a thick slice is
/// not taken for a thin one.
pub(crate) fn distance(labels: &Geometry, image: &Geometry, map: &IndexMap) -> f64 {
    let back = map.inverse();
    let corner = |c: usize| {
        let far = |a: usize| {
            // axis `a` of the labels runs along axis `axes()[a]` of the image
            let both_single = labels.shape()[a] == 1 && image.shape()[back.axes()[a]] == 1;
            if both_single { 0 } else { labels.shape()[a].max(2) as i64 - 1 }
        };
        let index = [0, 1, 2].map(|a| if c >> a & 1 == 1 { far(a) } else { 0 });
        let (p, q) =
            (labels.world_of(index.map(|v| v as f64)), image.world_of(back.source_of(index).map(|v| v as f64)));
        affine::norm([0, 1, 2].map(|a| p[a] - q[a]))
    };
    (0..8).map(corner).fold(0.0, f64::max)
}

/// To the nearest whole number; the value is one that fits.
fn round(value: f64) -> i64 {
    value.round() as i64
}
