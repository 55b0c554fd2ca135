//! One pass over the places of a template: the step's image is interpolated, and what it differs by is summed along every direction of motion and of appearance.
//!
//! Eight places at a time, as in [`crate::passes`]; blocks of a fixed size are summed in order.

use isocenter_volume::hot::{self, Hot};

use super::{
    appearance::{COLUMNS, Columns, OFFSET, shades},
    cubic,
    template::Template,
};
use crate::passes::{LANES, Lanes, corners, lanes};

/// Places of one block.
const BLOCK: usize = 2048;
/// Axes of fewer voxels are short.
const SHORT: usize = 10;
/// What is summed: force and torque, the columns, squares, weight, the image and its square.
const SUMS: usize = 6 + COLUMNS + 4;

/// The image that is interpolated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'a> {
    values: &'a [f32],
    shape: [usize; 3],
    /// Steps between neighbours; none along an axis of one voxel that is read in pairs.
    strides: [usize; 3],
    /// Where the weight is a half, in voxels inside the outer centres.
    margins: [f32; 3],
    is_cubic: bool,
}

/// Where the weight is a half, in voxels inside the outer centres: what moves in or out at the ends is seen in part, and shows what the reference does not. Short axes
/// are looked at whole: the weight ends half a voxel beyond.
fn margins(shape: [usize; 3]) -> [f32; 3] {
    shape.map(|n| if n < SHORT { -0.25 } else { 1.0 })
}

/// Whether a place of the reference is none of those at the ends.
pub(super) fn is_inner(index: [usize; 3], shape: [usize; 3]) -> bool {
    (0..3).all(|a| shape[a] < SHORT || (index[a] > 0 && index[a] + 1 < shape[a]))
}

impl<'a> Field<'a> {
    /// Samples of a grid, `i` fastest, and one more at the end: interpolated linearly.
    pub(super) fn linear(values: &'a [f32], shape: [usize; 3]) -> Self {
        let [nx, ny, nz] = shape;
        let strides = [1, if ny > 1 { nx } else { 0 }, if nz > 1 { nx * ny } else { 0 }];
        Self { values, shape, strides, margins: margins(shape), is_cubic: false }
    }

    /// Coefficients of the cubic B-spline of a grid, in a buffer of [`cubic::held`] along each axis.
    pub(super) fn cubic(values: &'a [f32], shape: [usize; 3]) -> Self {
        let [nx, ny, _] = shape.map(cubic::held);
        Self { values, shape, strides: [1, nx, nx * ny], margins: margins(shape), is_cubic: true }
    }
}

/// What a pass finds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gathered {
    /// Differences times the directions of motion: shift (by mm), turn (by radian).
    pub(super) motion: [f64; 6],
    /// Differences times the columns of the model.
    pub(super) columns: Columns,
    /// Sum of squared differences.
    pub(super) squares: f64,
    /// Places inside the image.
    pub(super) weight: f64,
    /// Sum of squared differences of the image from its mean.
    pub(super) variance: f64,
}

/// Compares a template with an image through a map from offset (mm) to continuous index, under a model of its appearance.
pub(super) fn gather(template: &Template, field: Field<'_>, map: [[f32; 4]; 3], model: &Columns) -> Gathered {
    let model = model.map(|c| c as f32);
    let mut total = [0f64; SUMS];
    let mut first = 0;
    while first < template.len() {
        let last = (first + BLOCK).min(template.len());
        let mut sums = [0f32; SUMS];
        let sums_of_block = &mut sums;
        if field.is_cubic {
            hot::dispatch(Gather::<true> { template, field, map, model, first, last, sums: sums_of_block });
        } else {
            hot::dispatch(Gather::<false> { template, field, map, model, first, last, sums: sums_of_block });
        }
        total.iter_mut().zip(sums).for_each(|(t, s)| *t += f64::from(s));
        first = last;
    }
    let [squares, weight, sum, sum_of_squares] = [0, 1, 2, 3].map(|n| total[6 + COLUMNS + n]);
    Gathered {
        motion: std::array::from_fn(|n| total[n]),
        columns: std::array::from_fn(|n| total[6 + n]),
        squares,
        weight,
        variance: if weight > 0.0 { (sum_of_squares - sum * sum / weight).max(0.0) } else { 0.0 },
    }
}

/// Values of an image at the places of a template, and their weights: 1 inside, 0 outside.
pub(super) fn look(template: &Template, field: Field<'_>, map: [[f32; 4]; 3], mut take: impl FnMut(usize, f32, f32)) {
    let mut first = 0;
    while first < template.len() {
        let count = LANES.min(template.len() - first);
        let (values, weights) = if field.is_cubic {
            interpolated::<true>(template, field, &map, first, count)
        } else {
            interpolated::<false>(template, field, &map, first, count)
        };
        for l in 0..count {
            take(first + l, values[l], weights[l]);
        }
        first += count;
    }
}

struct Gather<'a, 'o, const CUBIC: bool> {
    template: &'a Template,
    field: Field<'a>,
    map: [[f32; 4]; 3],
    model: [f32; COLUMNS],
    first: usize,
    last: usize,
    sums: &'o mut [f32; SUMS],
}

impl<const CUBIC: bool> Hot for Gather<'_, '_, CUBIC> {
    #[inline(always)]
    fn run(self) {
        let Self { template, field, map, model: c, .. } = self;
        let mut sums = [[0f32; LANES]; SUMS];
        let mut first = self.first;
        while first < self.last {
            let count = LANES.min(self.last - first);
            let (image, weight) = interpolated::<CUBIC>(template, field, &map, first, count);
            let reference = lanes(&template.values, first);
            let [gx, gy, gz] = [0, 1, 2].map(|a| lanes(&template.gradient[a], first));
            let [rx, ry, rz] = [0, 1, 2].map(|a| lanes(&template.offsets[a], first));
            for l in 0..LANES {
                let (t, w, v) = (reference[l], weight[l], image[l]);
                let (x, y, z) = (rx[l], ry[l], rz[l]);
                let shade = shades([x * template.unit, y * template.unit, z * template.unit]);
                let mut gain = c[0];
                for n in 0..9 {
                    gain += c[1 + n] * shade[n];
                }
                let e = w * (v - t * gain - c[OFFSET]);
                let (fx, fy, fz) = (e * gx[l], e * gy[l], e * gz[l]);
                sums[0][l] += fx;
                sums[1][l] += fy;
                sums[2][l] += fz;
                sums[3][l] += y * fz - z * fy;
                sums[4][l] += z * fx - x * fz;
                sums[5][l] += x * fy - y * fx;
                let te = t * e;
                sums[6][l] += te;
                for n in 0..9 {
                    sums[7 + n][l] += te * shade[n];
                }
                sums[6 + OFFSET][l] += e;
                // from the reference's offset on, which keeps digits where an image is bright all over
                let from = v - c[OFFSET];
                sums[6 + COLUMNS][l] += e * e;
                sums[7 + COLUMNS][l] += w;
                sums[8 + COLUMNS][l] += w * from;
                sums[9 + COLUMNS][l] += w * from * from;
            }
            first += count;
        }
        for (sum, lanes) in self.sums.iter_mut().zip(&sums) {
            *sum = lanes.iter().fold(0.0, |total, lane| total + lane);
        }
    }
}

/// The image at up to eight places, and their weights.
#[inline(always)]
fn interpolated<const CUBIC: bool>(
    template: &Template,
    field: Field<'_>,
    map: &[[f32; 4]; 3],
    first: usize,
    count: usize,
) -> (Lanes, Lanes) {
    let [rx, ry, rz] = [0, 1, 2].map(|a| lanes(&template.offsets[a], first));
    let mut weight = [1f32; LANES];
    for (l, w) in weight.iter_mut().enumerate() {
        if l >= count {
            *w = 0.0;
        }
    }
    let mut cells = [[0i32; LANES]; 3];
    let mut share = [[0f32; LANES]; 3];
    for a in 0..3 {
        let [mx, my, mz, m] = map[a];
        let (top, last) = ((field.shape[a] - 1) as f32, field.shape[a].saturating_sub(2) as i32);
        let (margin, width) = (field.margins[a], if field.margins[a] > 0.0 { 1.0 } else { 2.0 });
        for l in 0..LANES {
            let at = mx * rx[l] + my * ry[l] + mz * rz[l] + m;
            let held = at.max(0.0).min(top);
            // so that what is compared does not jump, the weight falls over a voxel within, or half a voxel beyond
            let depth = at.min(top - at) - margin;
            weight[l] *= (0.5 + width * depth).clamp(0.0, 1.0);
            cells[a][l] = (held as i32).min(last);
            share[a][l] = held - cells[a][l] as f32;
        }
    }
    let mut base = [0usize; LANES];
    for l in 0..LANES {
        base[l] = (0..3).map(|a| cells[a][l] as usize * field.strides[a]).sum();
    }
    let value =
        if CUBIC { cubic::values(field.values, &base, field.strides, &share) } else { linear(field, &base, &share) };
    (value, weight)
}

#[inline(always)]
fn linear(field: Field<'_>, base: &[usize; LANES], share: &[Lanes; 3]) -> Lanes {
    let corners = corners(field.values, base, field.strides);
    let mut value = [0f32; LANES];
    for l in 0..LANES {
        let (x, y, z) = (share[0][l], share[1][l], share[2][l]);
        let along = |n: usize| corners[2 * n][l] + x * (corners[2 * n + 1][l] - corners[2 * n][l]);
        let (near, far) = (along(0) + y * (along(1) - along(0)), along(2) + y * (along(3) - along(2)));
        value[l] = near + z * (far - near);
    }
    value
}
