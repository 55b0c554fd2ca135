//! Maps between paired points, and files of points.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod corpus;
mod files;
mod fits;
mod tre;

/// Points that lie in no plane, mm.
const CLOUD: [[f64; 3]; 7] = [
    [12.0, -40.0, 7.0],
    [-33.0, 21.0, 55.0],
    [60.0, 44.0, -20.0],
    [-8.0, -61.0, -35.0],
    [5.0, 9.0, 80.0],
    [-72.0, 3.0, -4.0],
    [41.0, -13.0, 26.0],
];

fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    (0..3).map(|n| (a[n] - b[n]).powi(2)).sum::<f64>().sqrt()
}
