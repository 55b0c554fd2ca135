//! One slice of a volume, sampled to square pixels.

use isocenter_volume::{LabelMap, Volume};

use super::{Cuts, Plane, Turned};

/// A slice: its values, top row first, and the pixels' places in the grid.
pub(super) struct Tile {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

/// Width and height of a plane's picture, pixels, for a longest side of `side`.
pub(super) fn size(turned: &Turned, plane: Plane, cuts: &Cuts, side: usize) -> [usize; 2] {
    let spacing = turned.geometry().spacing_mm();
    let [across, down, _] = plane.axes();
    let [width_mm, height_mm] = [across, down].map(|a| {
        let [first, end] = cuts.field(a);
        (end - first) as f64 * spacing[a]
    });
    let scale = side as f64 / width_mm.max(height_mm);
    [width_mm, height_mm].map(|mm| ((mm * scale).round() as usize).clamp(LEAST_SIDE, side))
}

/// Samples a slice: linear between voxels, and the mean of what a pixel covers where it covers several.
pub(super) fn sample(
    volume: &Volume<f32>,
    plane: Plane,
    cuts: &Cuts,
    slice: usize,
    [width, height]: [usize; 2],
) -> Tile {
    let shape = volume.shape();
    let samples = volume.step(0).unwrap_or_default();
    let [across, down, through] = plane.axes();
    let stride = [1, shape[0], shape[0] * shape[1]];
    let start = slice.min(shape[through] - 1) * stride[through];
    let columns: Vec<Vec<Tap>> = (0..width).map(|u| taps(u, width, cuts.field(across))).collect();
    let mut values = Vec::with_capacity(width * height);
    for v in 0..height {
        let row = if plane.flips_down() { height - 1 - v } else { v };
        let rows = taps(row, height, cuts.field(down));
        for column in &columns {
            let (mut sum, mut weight) = (0.0f32, 0.0f32);
            for &(j, wj) in &rows {
                for &(i, wi) in column {
                    let value = samples.get(start + i * stride[across] + j * stride[down]).copied().unwrap_or(f32::NAN);
                    // what is not finite has no part in a mean
                    if value.is_finite() {
                        sum += wi * wj * value;
                        weight += wi * wj;
                    }
                }
            }
            values.push(if weight > 0.0 { sum / weight } else { f32::NAN });
        }
    }
    Tile { width, height, values }
}

/// The label of each pixel of a slice: that of the voxel at its middle, else any other that it covers, so that none is too small to show.
pub(super) fn labels(map: &LabelMap, plane: Plane, cuts: &Cuts, slice: usize, [width, height]: [usize; 2]) -> Vec<u32> {
    let shape = map.geometry().shape();
    let [across, down, through] = plane.axes();
    let stride = [1, shape[0], shape[0] * shape[1]];
    let start = slice.min(shape[through] - 1) * stride[through];
    let at = |i: usize, j: usize| {
        map.layers().first().and_then(|l| l.at(start + i * stride[across] + j * stride[down])).unwrap_or(0)
    };
    let covered = |pixel: usize, pixels: usize, axis: usize| {
        let [start, end] = cuts.field(axis);
        let first = pixel * (end - start) / pixels;
        let behind = ((pixel + 1) * (end - start)).div_ceil(pixels).clamp(first + 1, end - start);
        start + first..start + behind
    };
    let middle = |pixel: usize, pixels: usize, axis: usize| {
        let [start, end] = cuts.field(axis);
        start + (2 * pixel + 1) * (end - start) / (2 * pixels)
    };
    let mut out = Vec::with_capacity(width * height);
    for v in 0..height {
        let row = if plane.flips_down() { height - 1 - v } else { v };
        for u in 0..width {
            let nearest = at(middle(u, width, across), middle(row, height, down));
            let any = || {
                covered(row, height, down)
                    .flat_map(|j| covered(u, width, across).map(move |i| (i, j)))
                    .map(|(i, j)| at(i, j))
                    .find(|l| *l != 0)
            };
            out.push(if nearest != 0 { nearest } else { any().unwrap_or(0) });
        }
    }
    out
}

/// A voxel and its weight.
type Tap = (usize, f32);

/// The voxels from `start` to before `end` along an axis that a pixel is made of.
fn taps(pixel: usize, pixels: usize, [start, end]: [usize; 2]) -> Vec<Tap> {
    let voxels = end - start;
    let scale = voxels as f64 / pixels as f64;
    let parts = (scale.ceil() as usize).max(1);
    let mut taps: Vec<Tap> = Vec::with_capacity(2 * parts);
    for part in 0..parts {
        // whole numbers first, so that a part that falls on a voxel is that voxel
        let at = ((pixel * parts + part) as f64 + 0.5) * voxels as f64 / (pixels * parts) as f64 - 0.5;
        let at = at.clamp(0.0, (voxels - 1) as f64);
        let low = at.floor() as usize;
        let share = (at - low as f64) as f32;
        taps.push((start + low, 1.0 - share));
        if share > 0.0 {
            taps.push((start + (low + 1).min(voxels - 1), share));
        }
    }
    taps
}

/// A thin slab is still to be seen, and its letters beside it to be read.
const LEAST_SIDE: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_is_the_mean_of_what_it_covers() {
        let total: f32 = taps(1, 3, [0, 9]).iter().map(|t| t.1).sum();
        assert!((total - 3.0).abs() < 1e-6);
        assert_eq!(taps(0, 3, [5, 8]), [(5, 1.0)]);
        assert_eq!(taps(0, 2, [0, 1]), [(0, 1.0)]);
        assert_eq!(taps(1, 3, [2, 11]).iter().map(|t| t.0).collect::<Vec<_>>(), [5, 6, 7]);
    }
}
