//! A head of ellipsoids in three contrasts, sampled at any pose on any grid.

use isocenter_register::{Registration, Rigid};
use isocenter_volume::{Affine, Frame, Geometry, Volume};

/// What the head is seen with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Contrast {
    T1,
    /// T1 turned over: bright fluid, dark skull and air alike.
    T2,
    /// Bone bright, soft tissue nearly even, air at -1000.
    Ct,
}

/// Middle, half axes (mm) and value in each contrast; later parts lie over earlier ones.
const PARTS: [([f64; 3], [f64; 3], [f32; 3]); 11] = [
    ([0.0, 0.0, 0.0], [74.0, 94.0, 88.0], [800.0, 500.0, 30.0]), // scalp
    ([0.0, -92.0, -20.0], [12.0, 16.0, 18.0], [700.0, 450.0, 40.0]), // nose
    ([0.0, 0.0, 0.0], [69.0, 89.0, 83.0], [60.0, 50.0, 1100.0]), // skull
    ([0.0, 0.0, 0.0], [63.0, 83.0, 77.0], [200.0, 900.0, 10.0]), // fluid
    ([0.0, 2.0, 3.0], [60.0, 79.0, 72.0], [500.0, 620.0, 38.0]), // cortex
    ([0.0, 4.0, 4.0], [50.0, 68.0, 60.0], [720.0, 430.0, 30.0]), // white matter
    ([-12.0, 6.0, 10.0], [7.0, 26.0, 10.0], [180.0, 950.0, 8.0]), // ventricle, right
    ([13.0, 3.0, 12.0], [9.0, 30.0, 11.0], [180.0, 950.0, 8.0]), // ventricle, left and larger
    ([-32.0, -70.0, -22.0], [13.0, 12.0, 12.0], [150.0, 980.0, 15.0]), // eye
    ([32.0, -70.0, -22.0], [13.0, 12.0, 12.0], [150.0, 980.0, 15.0]), // eye
    ([28.0, 30.0, 32.0], [11.0, 9.0, 10.0], [350.0, 800.0, 55.0]), // lesion
];

/// Smoothed steps and ripples of the cortex, so that there is structure at every scale.
fn value_at(p: [f64; 3], contrast: usize, background: f32) -> f32 {
    let mut value = f64::from(background);
    for (n, (c, half, values)) in PARTS.iter().enumerate() {
        let r = (0..3).map(|a| ((p[a] - c[a]) / half[a]).powi(2)).sum::<f64>().sqrt();
        let ripple = if n == 5 {
            0.05 * (libm::sin(p[0] / 5.0 + 0.3) + libm::sin(p[1] / 6.0) + libm::sin(p[2] / 5.5 + 1.0))
        } else {
            0.0
        };
        // an edge about 1.5 mm wide
        let depth = (1.0 + ripple - r) * half[0].min(half[1]).min(half[2]);
        let cover = (0.5 + depth / 1.5).clamp(0.0, 1.0);
        value += cover * (f64::from(values[contrast]) - value);
    }
    value as f32
}

/// A grid about the origin, turned a little against the world.
pub(crate) fn grid(shape: [usize; 3], spacing_mm: [f64; 3], turn: [f64; 3], middle: [f64; 3]) -> Geometry {
    let turn = Rigid::new(turn, [0.0; 3], [0.0; 3]).unwrap().to_affine();
    let columns = [0, 1, 2].map(|a| turn.column(a).map(|v| v * spacing_mm[a]));
    let half = shape.map(|n| (n as f64 - 1.0) / 2.0);
    let corner = Affine::from_columns(columns, [0.0; 3]).apply(half);
    let origin = [0, 1, 2].map(|a| middle[a] - corner[a]);
    Geometry::new(shape, Affine::from_columns(columns, origin), Frame::Patient(None)).unwrap()
}

/// The head at a pose (head to world), with noise that depends on the seed alone.
pub(crate) fn head(geometry: &Geometry, pose: &Rigid, contrast: Contrast, seed: u64) -> Volume<f32> {
    head_at(geometry, &pose.to_affine(), contrast, seed)
}

/// The same under any map from head to world.
pub(crate) fn head_at(geometry: &Geometry, pose: &Affine, contrast: Contrast, seed: u64) -> Volume<f32> {
    let (column, background, noise) = match contrast {
        Contrast::T1 => (0, 0.0, 15.0),
        Contrast::T2 => (1, 0.0, 15.0),
        Contrast::Ct => (2, -1000.0, 12.0),
    };
    let back = pose.inverse().unwrap();
    let [nx, ny, _] = geometry.shape();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let voxels: Vec<f32> = (0..geometry.len())
        .map(|n| {
            let world = geometry.world_of([(n % nx) as f64, (n / nx % ny) as f64, (n / (nx * ny)) as f64]);
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let jitter = ((state >> 40) as f32 / (1u32 << 24) as f32 - 0.5) * 3.46 * noise;
            value_at(back.apply(world), column, background) + jitter
        })
        .collect();
    Volume::new(voxels, geometry.clone()).unwrap()
}

/// Mean distance (mm) between where a result and the truth put points of the head, which stands at the world's origin in the fixed
/// image.
pub(crate) fn error_mm(found: &Registration, truth: &Rigid) -> f64 {
    error_to(found, &truth.to_affine())
}

/// The same for any truth.
pub(crate) fn error_to(found: &Registration, wanted: &Affine) -> f64 {
    let mut sum = 0.0;
    let mut count = 0.0;
    for n in 0..125 {
        let p = [n % 5, n / 5 % 5, n / 25].map(|v| (f64::from(v) - 2.0) * 30.0);
        let (a, b) = (found.transform.apply(p), wanted.apply(p));
        sum += (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt();
        count += 1.0;
    }
    sum / count
}
