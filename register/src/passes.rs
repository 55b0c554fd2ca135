//! The two passes over a block of samples, eight at a time.
//!
//! What is computed of a place runs in lanes, which the compiler makes vectors of; what is read at it and where it counts are looked up one by one. Eight sums are added in
//! their order at the end, so that no vector width changes a bit.

use isocenter_volume::hot::Hot;

use crate::samples::Places;

/// Samples that are worked on together.
pub(crate) const LANES: usize = 8;

pub(crate) type Lanes = [f32; LANES];

/// The image that is interpolated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field<'a> {
    /// Its values as places between bins.
    pub(crate) values: &'a [f32],
    /// 0 in holes and 1 elsewhere, where there are holes.
    pub(crate) weights: Option<&'a [f32]>,
    pub(crate) shape: [usize; 3],
    pub(crate) strides: [usize; 3],
    /// Columns of the joint histogram.
    pub(crate) columns: usize,
}

/// What the first pass leaves for the second.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Touched {
    /// Place between the bins.
    bin: f32,
    /// Derivative of the bin by the index, times the sample's weight.
    slope: [f32; 3],
}

/// What was read at a sample.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Looked {
    pub(crate) value: f32,
    /// Share of it that counts.
    pub(crate) weight: f32,
    /// Derivative of the value by the index, times the weight.
    slope: [f32; 3],
}

/// The first pass: a block's part of the joint histogram and of the weight.
pub(crate) struct Fill<'a, 'o, const SLOPE: bool> {
    pub(crate) field: Field<'a>,
    pub(crate) places: Places<'a>,
    /// Offset from the sampled image's centre to continuous index.
    pub(crate) map: [[f32; 4]; 3],
    pub(crate) touched: &'o mut [Touched],
    pub(crate) histogram: &'o mut [f32],
    pub(crate) weight: &'o mut f64,
}

impl<const SLOPE: bool> Hot for Fill<'_, '_, SLOPE> {
    #[inline(always)]
    fn run(mut self) {
        let count = self.places.bins.len();
        let mut first = 0;
        while first + LANES <= count {
            self.eight(first, LANES);
            first += LANES;
        }
        if first < count {
            self.eight(first, count - first);
        }
    }
}

impl<const SLOPE: bool> Fill<'_, '_, SLOPE> {
    /// Up to eight samples.
    #[inline(always)]
    fn eight(&mut self, first: usize, count: usize) {
        let columns = self.field.columns;
        let (w, bin, slope) = read(&self.field, &self.places, &self.map, first, count);
        let mut whole = [0i32; LANES];
        let mut parzen = [[0f32; LANES]; 4];
        let most = columns as i32 - 4;
        for l in 0..LANES {
            whole[l] = (bin[l] as i32).min(most);
            let [p, q, r, s] = window(bin[l] - whole[l] as f32);
            (parzen[0][l], parzen[1][l], parzen[2][l], parzen[3][l]) = (w[l] * p, w[l] * q, w[l] * r, w[l] * s);
        }
        for l in 0..count {
            let Some(own) = self.places.bins.get(first + l) else { break };
            let start = *own as usize * columns + whole[l] as usize;
            if let Some(slots) = self.histogram.get_mut(start..start + 4) {
                slots[0] += parzen[0][l];
                slots[1] += parzen[1][l];
                slots[2] += parzen[2][l];
                slots[3] += parzen[3][l];
            }
            *self.weight += f64::from(w[l]);
        }
        if SLOPE {
            let Some(touched) = self.touched.get_mut(first..first + count) else { return };
            for (l, touched) in touched.iter_mut().enumerate() {
                *touched = Touched { bin: bin[l], slope: [w[l] * slope[0][l], w[l] * slope[1][l], w[l] * slope[2][l]] };
            }
        }
    }
}

/// The second pass: sums of force (by index) times offset, 9 numbers by rows, then of force.
pub(crate) struct Pull<'a, 'o> {
    pub(crate) places: Places<'a>,
    pub(crate) touched: &'a [Touched],
    /// Derivative of the metric by the joint distribution.
    pub(crate) table: &'a [f32],
    pub(crate) columns: usize,
    pub(crate) sums: &'o mut [f32; 12],
}

impl Hot for Pull<'_, '_> {
    #[inline(always)]
    fn run(self) {
        let count = self.places.bins.len().min(self.touched.len());
        let mut sums = [[0f32; LANES]; 12];
        let mut first = 0;
        while first < count {
            let here = LANES.min(count - first);
            let mut push = [0f32; LANES];
            let mut slope = [[0f32; LANES]; 3];
            for l in 0..here {
                let (Some(touched), Some(own)) = (self.touched.get(first + l), self.places.bins.get(first + l)) else {
                    continue;
                };
                let whole = (touched.bin as i32).min(self.columns as i32 - 4);
                let start = *own as usize * self.columns + whole as usize;
                let window = window_slope(touched.bin - whole as f32);
                if let Some(cells) = self.table.get(start..start + 4) {
                    push[l] = cells[0] * window[0] + cells[1] * window[1] + cells[2] * window[2] + cells[3] * window[3];
                }
                (slope[0][l], slope[1][l], slope[2][l]) = (touched.slope[0], touched.slope[1], touched.slope[2]);
            }
            for along in &mut slope {
                for l in 0..LANES {
                    along[l] *= push[l];
                }
            }
            add(&mut sums, &self.places, first, &slope);
            first += LANES;
        }
        folded(&sums, self.sums);
    }
}

/// What a field has at up to eight samples: weights, values, and derivatives by the index. Lanes without a sample stand at the centre and weigh nothing.
#[inline(always)]
fn read(
    field: &Field<'_>,
    places: &Places<'_>,
    map: &[[f32; 4]; 3],
    first: usize,
    count: usize,
) -> (Lanes, Lanes, [Lanes; 3]) {
    let Field { values, weights, shape, strides, .. } = *field;
    let [rx, ry, rz] = places.offsets;
    let (rx, ry, rz) = (lanes(rx, first), lanes(ry, first), lanes(rz, first));
    let mut w = [1f32; LANES];
    for (l, w) in w.iter_mut().enumerate() {
        if l >= count {
            *w = 0.0;
        }
    }
    let mut cells = [[0i32; LANES]; 3];
    let mut share = [[0f32; LANES]; 3];
    for a in 0..3 {
        let [mx, my, mz, m] = map[a];
        let (top, last) = ((shape[a] - 1) as f32, shape[a].saturating_sub(2) as i32);
        for l in 0..LANES {
            let at = mx * rx[l] + my * ry[l] + mz * rz[l] + m;
            let held = at.max(0.0).min(top);
            // half a voxel beyond the outer centres the weight falls to nothing, so that the metric does not jump
            w[l] *= (1.0 - 2.0 * (at - held).abs()).max(0.0);
            cells[a][l] = (held as i32).min(last);
            share[a][l] = held - cells[a][l] as f32;
        }
    }
    let mut base = [0usize; LANES];
    for l in 0..LANES {
        base[l] = cells[0][l] as usize + cells[1][l] as usize * strides[1] + cells[2][l] as usize * strides[2];
    }
    if let Some(weights) = weights {
        let corners = corners(weights, &base, strides);
        let (held, ..) = between(&corners, &share);
        for l in 0..LANES {
            w[l] *= held[l];
        }
    }
    let corners = corners(values, &base, strides);
    let (value, slope) = between(&corners, &share);
    (w, value, slope)
}

/// Reads a field at every sample, and keeps what it has there.
pub(crate) struct Look<'a, 'o> {
    pub(crate) field: Field<'a>,
    pub(crate) places: Places<'a>,
    /// Offset from the sampled image's centre to continuous index.
    pub(crate) map: [[f32; 4]; 3],
    pub(crate) looked: &'o mut [Looked],
}

impl Hot for Look<'_, '_> {
    #[inline(always)]
    fn run(self) {
        let mut first = 0;
        for eight in self.looked.chunks_mut(LANES) {
            let (w, value, slope) = read(&self.field, &self.places, &self.map, first, eight.len());
            for (l, looked) in eight.iter_mut().enumerate() {
                let slope = [w[l] * slope[0][l], w[l] * slope[1][l], w[l] * slope[2][l]];
                *looked = Looked { value: value[l], weight: w[l], slope };
            }
            first += LANES;
        }
    }
}

/// Sums of force times offset, as [`Pull`] gives them, for samples that are pushed each by its own number.
pub(crate) struct Push<'a, 'o> {
    pub(crate) places: Places<'a>,
    pub(crate) looked: &'a [Looked],
    pub(crate) push: &'a [f32],
    pub(crate) sums: &'o mut [f32; 12],
}

impl Hot for Push<'_, '_> {
    #[inline(always)]
    fn run(self) {
        let mut sums = [[0f32; LANES]; 12];
        let mut first = 0;
        for (looked, push) in self.looked.chunks(LANES).zip(self.push.chunks(LANES)) {
            let mut force = [[0f32; LANES]; 3];
            for (l, (looked, push)) in looked.iter().zip(push).enumerate() {
                for (force, slope) in force.iter_mut().zip(looked.slope) {
                    force[l] = push * slope;
                }
            }
            add(&mut sums, &self.places, first, &force);
            first += LANES;
        }
        folded(&sums, self.sums);
    }
}

/// Adds the force on eight samples, and its product with their offsets.
#[inline(always)]
fn add(sums: &mut [Lanes; 12], places: &Places<'_>, first: usize, force: &[Lanes; 3]) {
    let [rx, ry, rz] = places.offsets;
    let (rx, ry, rz) = (lanes(rx, first), lanes(ry, first), lanes(rz, first));
    for a in 0..3 {
        for l in 0..LANES {
            sums[3 * a][l] += force[a][l] * rx[l];
            sums[3 * a + 1][l] += force[a][l] * ry[l];
            sums[3 * a + 2][l] += force[a][l] * rz[l];
            sums[9 + a][l] += force[a][l];
        }
    }
}

/// The lanes of every sum, added in their order.
#[inline(always)]
fn folded(sums: &[Lanes; 12], out: &mut [f32; 12]) {
    for (sum, lanes) in out.iter_mut().zip(sums) {
        *sum = 0.0;
        for lane in lanes {
            *sum += lane;
        }
    }
}

/// Eight numbers from a place on; nothing where there are fewer.
#[inline(always)]
pub(crate) fn lanes(numbers: &[f32], first: usize) -> Lanes {
    let mut lanes = [0f32; LANES];
    if let Some(eight) = numbers.get(first..first + LANES) {
        lanes.copy_from_slice(eight);
    } else if let Some(rest) = numbers.get(first..) {
        for (lane, number) in lanes.iter_mut().zip(rest) {
            *lane = *number;
        }
    }
    lanes
}

/// The eight corners of each lane's cell, x fastest.
#[inline(always)]
pub(crate) fn corners(values: &[f32], base: &[usize; LANES], strides: [usize; 3]) -> [Lanes; 8] {
    let mut corners = [[0f32; LANES]; 8];
    for l in 0..LANES {
        let starts = [base[l], base[l] + strides[1], base[l] + strides[2], base[l] + strides[1] + strides[2]];
        for n in 0..4 {
            let start = starts[n];
            if let Some(pair) = values.get(start..start + 2) {
                corners[2 * n][l] = pair[0];
                corners[2 * n + 1][l] = pair[1];
            }
        }
    }
    corners
}

/// The value between corners, and its derivative by the index.
#[inline(always)]
fn between(corners: &[Lanes; 8], share: &[Lanes; 3]) -> (Lanes, [Lanes; 3]) {
    let mut value = [0f32; LANES];
    let mut slope = [[0f32; LANES]; 3];
    for l in 0..LANES {
        let (x, y, z) = (share[0][l], share[1][l], share[2][l]);
        let (ax, bx) = (corners[1][l] - corners[0][l], corners[3][l] - corners[2][l]);
        let (cx, dx) = (corners[5][l] - corners[4][l], corners[7][l] - corners[6][l]);
        let (a, b) = (corners[0][l] + x * ax, corners[2][l] + x * bx);
        let (c, d) = (corners[4][l] + x * cx, corners[6][l] + x * dx);
        let (near, far) = (a + y * (b - a), c + y * (d - c));
        value[l] = near + z * (far - near);
        let (near_x, far_x) = (ax + y * (bx - ax), cx + y * (dx - cx));
        let (near_y, far_y) = (b - a, d - c);
        slope[0][l] = near_x + z * (far_x - near_x);
        slope[1][l] = near_y + z * (far_y - near_y);
        slope[2][l] = far - near;
    }
    (value, slope)
}

/// Weights of a cubic B-spline on the four bins around a place, `t` past the second of them.
#[inline(always)]
fn window(t: f32) -> [f32; 4] {
    let s = 1.0 - t;
    let (t2, s2) = (t * t, s * s);
    [s2 * s / 6.0, 2.0 / 3.0 - t2 * (1.0 - 0.5 * t), 2.0 / 3.0 - s2 * (1.0 - 0.5 * s), t2 * t / 6.0]
}

/// Derivative of [`window`] by `t`.
#[inline(always)]
fn window_slope(t: f32) -> [f32; 4] {
    let s = 1.0 - t;
    [-0.5 * s * s, t * (1.5 * t - 2.0), -s * (1.5 * s - 2.0), 0.5 * t * t]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn window_sums_to_one_and_its_slope_to_nothing() {
        for t in [0.0f32, 0.25, 0.5, 0.99] {
            assert!((window(t).iter().sum::<f32>() - 1.0).abs() < 1e-6);
            assert!(window_slope(t).iter().sum::<f32>().abs() < 1e-6);
            let (up, down) = (window(t + 1e-3), window(t - 1e-3));
            assert!((0..4).all(|b| ((up[b] - down[b]) / 2e-3 - window_slope(t)[b]).abs() < 1e-3));
        }
    }
}
