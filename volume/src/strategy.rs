//! Proptest strategies for geometries, volumes and label maps, for the tests of this crate and its sisters (feature `proptest`).
//!
//! Geometries are what scanners make: any rotation, up to a moderate shear, steps from 0.2 to 7 mm, origins within a metre; shapes
//! are small, so that a case takes microseconds.

use proptest::prelude::*;

use crate::{Affine, Frame, Geometry, LabelMap, Orientation, Volume};

/// Any rotation, as three perpendicular unit columns.
pub fn rotation() -> impl Strategy<Value = [[f64; 3]; 3]> {
    (0.0..1.0f64, 0.0..std::f64::consts::TAU, 0.0..std::f64::consts::TAU).prop_map(|(u, a, b)| {
        // Shoemake's uniform unit quaternion
        let (p, q) = ((1.0 - u).sqrt(), u.sqrt());
        let [w, x, y, z] = [p * libm::sin(a), p * libm::cos(a), q * libm::sin(b), q * libm::cos(b)];
        [
            [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + w * z), 2.0 * (x * z - w * y)],
            [2.0 * (x * y - w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z + w * x)],
            [2.0 * (x * z + w * y), 2.0 * (y * z - w * x), 1.0 - 2.0 * (x * x + y * y)],
        ]
    })
}

/// An index-to-world affine: turned, with any handedness, and up to a moderate shear of the third axis (a tilted gantry).
pub fn affine() -> impl Strategy<Value = Affine> {
    (
        rotation(),
        [0.2..7.0f64, 0.2..7.0, 0.2..7.0],
        [-1000.0..1000.0f64, -1000.0..1000.0, -1000.0..1000.0],
        -0.5..0.5f64,
        any::<bool>(),
    )
        .prop_map(|(turn, step, origin, tilt, mirror)| {
            let [i, j, k] = turn;
            let k = [0, 1, 2].map(|r| (k[r] + tilt * j[r]) * if mirror { -1.0 } else { 1.0 });
            let columns = [i.map(|v| v * step[0]), j.map(|v| v * step[1]), k.map(|v| v * step[2])];
            Affine::from_columns(columns, origin)
        })
}

/// Voxels along i, j, k, from 1 to 9.
pub fn shape() -> impl Strategy<Value = [usize; 3]> {
    [1..10usize, 1..10, 1..10]
}

/// A grid in a patient.
pub fn geometry() -> impl Strategy<Value = Geometry> {
    (shape(), affine()).prop_filter_map("an affine that is nearly singular", |(shape, affine)| {
        Geometry::new(shape, affine, Frame::Patient(None)).ok()
    })
}

/// A continuous index in and around any small grid.
pub fn index() -> impl Strategy<Value = [f64; 3]> {
    [-20.0..20.0f64, -20.0..20.0, -20.0..20.0]
}

/// One of the 48 orientations.
pub fn orientation() -> impl Strategy<Value = Orientation> {
    (0..48usize).prop_map(|n| Orientation::all().nth(n).unwrap_or(Orientation::LPS))
}

/// An image of f32 samples from -1000 to 1000.
pub fn volume() -> impl Strategy<Value = Volume<f32>> {
    geometry().prop_flat_map(|g| {
        proptest::collection::vec(-1000.0..1000.0f32, g.len())
            .prop_filter_map("a buffer of another size", move |v| Volume::new(v, g.clone()).ok())
    })
}

/// A label map of one layer with labels from 0 to 5, some large.
pub fn labels() -> impl Strategy<Value = LabelMap> {
    geometry().prop_flat_map(|g| {
        let label = prop_oneof![0..6u32, Just(16_777_217u32)];
        proptest::collection::vec(label, g.len())
            .prop_filter_map("a buffer of another size", move |v| LabelMap::new(vec![v], g.clone(), vec![]).ok())
    })
}
