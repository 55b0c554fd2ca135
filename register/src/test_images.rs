//! Small images for unit tests.

use isocenter_volume::Affine;

use crate::pyramid::Level;

/// Five soft blobs without any symmetry, values in `[0, 1]`.
pub(crate) fn blobs(shape: [usize; 3], spacing_mm: [f64; 3]) -> Level {
    let to_world = Affine::from_spacing_origin(spacing_mm, [-35.0, -40.0, -45.0]);
    let parts = [
        ([0.0, 0.0, 0.0], 22.0, 0.5),
        ([12.0, -8.0, 5.0], 8.0, 0.5),
        ([-9.0, 14.0, -10.0], 7.0, 0.4),
        ([3.0, 6.0, 16.0], 6.0, 0.3),
        ([-14.0, -12.0, 8.0], 5.0, -0.3),
    ];
    let values = (0..shape[0] * shape[1] * shape[2])
        .map(|n| {
            let index = [n % shape[0], n / shape[0] % shape[1], n / (shape[0] * shape[1])];
            let p = to_world.apply(index.map(|v| v as f64));
            let value: f64 = parts
                .iter()
                .map(|(c, width, height)| {
                    let d: f64 = (0..3).map(|a| (p[a] - c[a]) * (p[a] - c[a])).sum();
                    height * libm::exp(-d / (2.0 * width * width))
                })
                .sum();
            value.clamp(0.0, 1.0) as f32
        })
        .collect();
    Level { shape, spacing_mm, to_world, values, holes: None }
}
