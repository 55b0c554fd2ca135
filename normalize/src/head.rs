//! The head (or any body) against air: Otsu's threshold, cleaned.
//!
//! Threshold, opening with a small ball (thin bridges to noise go), the largest piece (face neighbours), holes filled. The same
//! recipe in SimpleITK is what `corpus/normalize` i36 was made with.

use isocenter_volume::{Geometry, Volume};
use rayon::prelude::*;

use crate::{Error, Region, otsu};

/// One truth value for each voxel of the first step: whether it belongs to the largest bright object.
///
/// # Errors
/// [`Error::Constant`], [`Error::EmptyRegion`] where nothing is left, [`Error::NotReal`].
pub fn mask(volume: &Volume<f32>) -> Result<Vec<bool>, Error> {
    let threshold = otsu::threshold(volume, Region::All, None)?;
    let first = volume.step(0).unwrap_or_default();
    let bright: Vec<bool> = first.par_iter().map(|&v| f64::from(v) > threshold).collect();
    let shape = volume.shape();
    let ball = ball(volume.geometry());
    let opened = morph(&morph(&bright, shape, &ball, true), shape, &ball, false);
    let object = largest(&opened, shape).ok_or(Error::EmptyRegion { region: "head" })?;
    Ok(fill(&object, shape))
}

/// Offsets of a ball of 2 mm, at least one voxel on every axis that has more than one.
fn ball(geometry: &Geometry) -> Vec<[i64; 3]> {
    let (spacing, shape) = (geometry.spacing_mm(), geometry.shape());
    let radius: [i64; 3] =
        [0, 1, 2].map(|a| if shape[a] == 1 { 0 } else { ((RADIUS_MM / spacing[a]).round() as i64).clamp(1, 8) });
    let mut offsets = Vec::new();
    for dk in -radius[2]..=radius[2] {
        for dj in -radius[1]..=radius[1] {
            for di in -radius[0]..=radius[0] {
                let part =
                    |d: i64, r: i64| if r == 0 { 0.0 } else { (d * d) as f64 / ((r as f64 + 0.5) * (r as f64 + 0.5)) };
                if part(di, radius[0]) + part(dj, radius[1]) + part(dk, radius[2]) <= 1.0 {
                    offsets.push([di, dj, dk]);
                }
            }
        }
    }
    offsets
}

const RADIUS_MM: f64 = 2.0;

/// Erosion (`erode`; what lies outside counts as object) or dilation (outside counts as background).
fn morph(mask: &[bool], [nx, ny, nz]: [usize; 3], offsets: &[[i64; 3]], erode: bool) -> Vec<bool> {
    let mut out = vec![erode; mask.len()];
    out.par_chunks_mut(nx * ny).enumerate().for_each(|(k, plane)| {
        for &[di, dj, dk] in offsets {
            let Some(from_k) = shifted(k, dk, nz) else { continue };
            for j in 0..ny {
                let Some(from_j) = shifted(j, dj, ny) else { continue };
                let row = (from_k * ny + from_j) * nx;
                let (start, end) = ((-di).max(0) as usize, nx.saturating_sub(di.max(0) as usize));
                if start >= end {
                    continue;
                }
                let source = &mask[row..row + nx];
                let from = (start as i64 + di) as usize;
                let pairs = plane[j * nx..][start..end].iter_mut().zip(&source[from..]);
                if erode { pairs.for_each(|(o, &s)| *o &= s) } else { pairs.for_each(|(o, &s)| *o |= s) }
            }
        }
    });
    out
}

fn shifted(index: usize, by: i64, len: usize) -> Option<usize> {
    usize::try_from(index as i64 + by).ok().filter(|&i| i < len)
}

/// The largest piece of voxels that touch by their faces; the first of equals.
fn largest(mask: &[bool], shape: [usize; 3]) -> Option<Vec<bool>> {
    let mut seen = vec![false; mask.len()];
    let mut best: Vec<usize> = Vec::new();
    for start in 0..mask.len() {
        if mask[start] && !seen[start] {
            let piece = flood(mask, true, &mut seen, vec![start], shape);
            if piece.len() > best.len() {
                best = piece;
            }
        }
    }
    let mut out = vec![false; mask.len()];
    best.iter().for_each(|&n| out[n] = true);
    (!best.is_empty()).then_some(out)
}

/// Makes object of what cannot be reached from the border.
fn fill(mask: &[bool], shape: [usize; 3]) -> Vec<bool> {
    let mut seen = vec![false; mask.len()];
    // a grid of one plane has no inside along that axis
    let border = |n: usize| {
        let index = [n % shape[0], n / shape[0] % shape[1], n / shape[0] / shape[1]];
        (0..3).any(|a| shape[a] > 1 && (index[a] == 0 || index[a] == shape[a] - 1))
    };
    for n in 0..mask.len() {
        if !mask[n] && !seen[n] && border(n) {
            flood(mask, false, &mut seen, vec![n], shape);
        }
    }
    seen.iter().map(|outside| !outside).collect()
}

fn flood(mask: &[bool], value: bool, seen: &mut [bool], mut piece: Vec<usize>, [nx, ny, nz]: [usize; 3]) -> Vec<usize> {
    piece.iter().for_each(|&n| seen[n] = true);
    let mut next = 0;
    while next < piece.len() {
        let n = piece[next];
        next += 1;
        let [i, j, k] = [n % nx, n / nx % ny, n / nx / ny];
        let steps = [
            (i > 0).then(|| n - 1),
            (i + 1 < nx).then(|| n + 1),
            (j > 0).then(|| n - nx),
            (j + 1 < ny).then(|| n + nx),
            (k > 0).then(|| n - nx * ny),
            (k + 1 < nz).then(|| n + nx * ny),
        ];
        for m in steps.into_iter().flatten() {
            if mask[m] == value && !seen[m] {
                seen[m] = true;
                piece.push(m);
            }
        }
    }
    piece
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame};

    use super::*;

    #[test]
    fn keeps_the_body_with_its_cavity_and_drops_specks() {
        let grid = Geometry::new([24, 24, 24], Affine::IDENTITY, Frame::Unknown).unwrap();
        let mut voxels = vec![0f32; grid.len()];
        let at = |i: usize, j: usize, k: usize| i + 24 * (j + 24 * k);
        for k in 4..20 {
            for j in 4..20 {
                for i in 4..20 {
                    voxels[at(i, j, k)] = 100.0;
                }
            }
        }
        voxels[at(12, 12, 12)] = 0.0; // a cavity
        voxels[at(1, 1, 1)] = 100.0; // a speck
        let mask = mask(&Volume::new(voxels, grid).unwrap()).unwrap();
        assert!(mask[at(12, 12, 12)] && mask[at(5, 12, 12)]);
        assert!(!mask[at(1, 1, 1)] && !mask[at(12, 2, 12)]);
    }
}
