//! The voxels within a closed surface.

use isocenter_volume::{Geometry, Mask};

use super::{sphere::Mesh, working::Working};
use crate::Error;

/// Off the lattice by a little, so that no row of voxels runs through a corner or along an edge of a triangle.
const OFF: [f64; 2] = [1.234_567e-4, 2.718_281e-4];

/// The voxels whose centres a surface runs around, told along each row by the triangles it goes in and out through. Where a surface
/// crosses itself, what is doubly inside is inside.
pub(super) fn mask(work: &Working, mesh: &Mesh) -> Result<Mask, Error> {
    let geometry: Geometry = work.geometry.clone();
    let [nx, ny, nz] = geometry.shape();
    let mut rows: Vec<Vec<(f64, i32)>> = vec![Vec::new(); ny * nz];
    for triangle in &mesh.triangles {
        let [p, q, r] = triangle.map(|n| mesh.places[n]);
        // twice the area in the plane across the rows; its sign tells in from out
        let area = (q[1] - p[1]) * (r[2] - p[2]) - (q[2] - p[2]) * (r[1] - p[1]);
        if area == 0.0 {
            continue;
        }
        let span = |a: usize, last: usize, off: f64| {
            let low = (p[a].min(q[a]).min(r[a]) - off).ceil().max(0.0) as usize;
            let high = (p[a].max(q[a]).max(r[a]) - off).floor();
            (low, if high < 0.0 { 0 } else { (high as usize + 1).min(last) })
        };
        let ((j0, j1), (k0, k1)) = (span(1, ny, OFF[0]), span(2, nz, OFF[1]));
        for k in k0..k1 {
            for j in j0..j1 {
                let (y, z) = (j as f64 + OFF[0], k as f64 + OFF[1]);
                let wp = ((q[1] - y) * (r[2] - z) - (q[2] - z) * (r[1] - y)) / area;
                let wq = ((r[1] - y) * (p[2] - z) - (r[2] - z) * (p[1] - y)) / area;
                let wr = 1.0 - wp - wq;
                if wp >= 0.0 && wq >= 0.0 && wr >= 0.0 {
                    let x = wp * p[0] + wq * q[0] + wr * r[0];
                    rows[j + ny * k].push((x, if area > 0.0 { -1 } else { 1 }));
                }
            }
        }
    }
    let mut inside = vec![false; geometry.len()];
    for (row, crossings) in rows.iter_mut().enumerate() {
        crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut depth = 0;
        for pair in crossings.windows(2) {
            depth += pair[0].1;
            if depth > 0 {
                let first = pair[0].0.ceil().max(0.0) as usize;
                let end = if pair[1].0 < 0.0 { 0 } else { (pair[1].0.floor() as usize + 1).min(nx) };
                for i in first..end {
                    inside[row * nx + i] = true;
                }
            }
        }
    }
    Ok(Mask::from_bools(&inside, geometry)?)
}
