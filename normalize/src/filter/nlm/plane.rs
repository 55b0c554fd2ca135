//! One plane of non-local means.
//!
//! For each neighbour's place the squares of differences are summed along k, then j, then i: a patch costs three short sums in
//! place of one long one, because its weights are products of one for each axis.

use std::ops::Range;

use isocenter_volume::hot::Hot;

use super::{super::window::Window, PatchWeights};

/// A patch along one axis: the first voxel, from the middle, and the weights from there on.
#[derive(Clone, Debug)]
pub(super) struct Patch {
    before: usize,
    weights: Vec<f32>,
}

impl Patch {
    /// Of `2 half + 1` voxels.
    pub(super) fn new(weights: PatchWeights, half: usize) -> Self {
        match weights {
            _ if half == 0 => Self { before: 0, weights: vec![1.0] },
            // the difference of two entries of a running sum has one voxel less than the patch
            PatchWeights::Uniform => Self { before: half - 1, weights: vec![1.0; 2 * half] },
            PatchWeights::Gaussian => {
                let width = half as f64 / 2.0;
                let place = |n: usize| (n as f64 - half as f64) / width;
                let all: Vec<f64> = (0..=2 * half).map(|n| libm::exp(-0.5 * place(n) * place(n))).collect();
                let sum: f64 = all.iter().sum();
                Self { before: half, weights: all.iter().map(|w| (w / sum) as f32).collect() }
            }
        }
    }
}

/// What is done for one plane.
pub(super) struct Plane<'a> {
    pub(super) window: &'a Window,
    pub(super) shape: [usize; 3],
    /// The plane's number in the image, and in its slab.
    pub(super) k: usize,
    pub(super) at: usize,
    pub(super) radius: [usize; 3],
    pub(super) reach: [usize; 3],
    pub(super) patches: &'a [Patch; 3],
    pub(super) scale: f32,
    pub(super) twice_variance: f32,
    pub(super) is_uniform: bool,
    pub(super) is_rician: bool,
    pub(super) out: &'a mut [f32],
}

impl Hot for Plane<'_> {
    #[inline(always)]
    fn run(self) {
        let [nx, ny, _] = self.shape;
        let (mut sums, mut weights) = (vec![0f32; nx * ny], vec![0f32; nx * ny]);
        let mut work = Work::new(self.patches, nx);
        let [dx, dy, dz] = self.reach.map(|d| d as isize);
        for tz in -dz..=dz {
            for ty in -dy..=dy {
                for tx in -dx..=dx {
                    self.neighbour([tx, ty, tz], &mut work, &mut sums, &mut weights);
                }
            }
        }
        let rows = self.out.chunks_exact_mut(nx).zip(sums.chunks_exact(nx)).zip(weights.chunks_exact(nx));
        for (j, ((out, sums), weights)) in rows.enumerate() {
            let own = &self.window.row(j + self.radius[1], self.at + self.radius[2])[self.radius[0]..];
            for (((out, sum), weight), own) in out.iter_mut().zip(sums).zip(weights).zip(own) {
                let mean = sum / weight;
                let mean = if self.is_rician {
                    let left = mean - self.twice_variance;
                    if left > 0.0 { left.sqrt() } else { 0.0 }
                } else {
                    mean
                };
                *out = if *weight > 0.0 { mean } else { *own };
            }
        }
    }
}

/// Rows in use.
struct Work {
    /// Sums along k of so many rows as a patch has along j.
    along_k: Vec<f32>,
    /// Their sums along j.
    along_j: Vec<f32>,
    long: usize,
}

impl Work {
    fn new(patches: &[Patch; 3], nx: usize) -> Self {
        let long = nx + patches[0].weights.len() - 1;
        Self { along_k: vec![0.0; long * patches[1].weights.len()], along_j: vec![0.0; long], long }
    }
}

impl Plane<'_> {
    /// Adds the neighbours at one place to the sums of a plane.
    #[inline(always)]
    fn neighbour(&self, [tx, ty, tz]: [isize; 3], work: &mut Work, sums: &mut [f32], weights: &mut [f32]) {
        let [nx, ny, nz] = self.shape;
        // the classic form looks inside the image only
        let inside = |t: isize, n: usize| -> Range<usize> {
            if self.is_uniform {
                return 0..n;
            }
            let end = (n as isize - t).clamp(0, n as isize) as usize;
            ((-t).max(0) as usize).min(end)..end
        };
        let (is, js) = (inside(tx, nx), inside(ty, ny));
        if is.is_empty() || js.is_empty() || !inside(tz, nz).contains(&self.k) {
            return;
        }
        let [px, py, pz] = self.patches;
        let high = py.weights.len();
        // of a patch's first voxel, in the window
        let start = [0, 1, 2].map(|a| self.radius[a] - self.patches[a].before);
        let (x, long) = (start[0], work.long);
        let moved = |at: usize, by: isize| at.wrapping_add_signed(by);
        // rows of the window from the first of the first patch to the last of the last
        for n in js.start..js.end + high - 1 {
            let sum = &mut work.along_k[n % high * long..][..long];
            let rows = |c: usize| {
                let (j, k) = (start[1] + n, self.at + start[2] + c);
                let here = &self.window.row(j, k)[x..][..long];
                [here, &self.window.row(moved(j, ty), moved(k, tz))[moved(x, tx)..][..long]]
            };
            squares(&pz.weights, rows, sum);
            let Some(j) = (n + 1).checked_sub(high).filter(|j| *j >= js.start) else { continue };
            // the same part of the noise in every voxel of a patch
            let noise = self.twice_variance * py.weights.iter().sum::<f32>() * pz.weights.iter().sum::<f32>();
            let rows = |b: usize| &work.along_k[(j + b) % high * long..][..long];
            weighed(&py.weights, rows, -noise, &mut work.along_j);
            let row = self.window.row(moved(j + self.radius[1], ty), moved(self.at + self.radius[2], tz));
            let values = &row[moved(self.radius[0] + is.start, tx)..][..is.len()];
            let add = Add {
                sums_j: &work.along_j[is.start..],
                values,
                is_uniform: self.is_uniform,
                is_rician: self.is_rician,
            };
            let at = j * nx + is.start..j * nx + is.end;
            let (sums, weights) = (&mut sums[at.clone()], &mut weights[at]);
            let along: [f32; 4] = std::array::from_fn(|n| px.weights.get(n).copied().unwrap_or(0.0) * self.scale);
            match px.weights.len() {
                1 => add.to::<1>(&along[..1], sums, weights),
                2 => add.to::<2>(&along[..2], sums, weights),
                3 => add.to::<3>(&along[..3], sums, weights),
                _ => {
                    let along: Vec<f32> = px.weights.iter().map(|w| w * self.scale).collect();
                    add.to::<0>(&along, sums, weights);
                }
            }
        }
    }
}

/// Weighed squares of the differences of pairs of rows. Two and three pairs, the usual patches, are done in one go.
#[inline(always)]
fn squares<'a>(weights: &[f32], rows: impl Fn(usize) -> [&'a [f32]; 2], out: &mut [f32]) {
    let n = out.len();
    let pair = |c: usize| rows(c).map(|row| &row[..n]);
    match *weights {
        [u, v] => {
            let ([a, b], [c, d]) = (pair(0), pair(1));
            for i in 0..n {
                let (x, y) = (a[i] - b[i], c[i] - d[i]);
                out[i] = u * (x * x) + v * (y * y);
            }
        }
        [u, v, w] => {
            let ([a, b], [c, d], [e, f]) = (pair(0), pair(1), pair(2));
            for i in 0..n {
                let (x, y, z) = (a[i] - b[i], c[i] - d[i], e[i] - f[i]);
                out[i] = u * (x * x) + v * (y * y) + w * (z * z);
            }
        }
        _ => {
            out.fill(0.0);
            for (c, weight) in weights.iter().enumerate() {
                let [a, b] = pair(c);
                for i in 0..n {
                    let x = a[i] - b[i];
                    out[i] += weight * (x * x);
                }
            }
        }
    }
}

/// Weighed rows, and a number.
#[inline(always)]
fn weighed<'a>(weights: &[f32], rows: impl Fn(usize) -> &'a [f32], start: f32, out: &mut [f32]) {
    let n = out.len();
    let row = |b: usize| &rows(b)[..n];
    match *weights {
        [u, v] => {
            let (a, b) = (row(0), row(1));
            for i in 0..n {
                out[i] = start + u * a[i] + v * b[i];
            }
        }
        [u, v, w] => {
            let (a, b, c) = (row(0), row(1), row(2));
            for i in 0..n {
                out[i] = start + u * a[i] + v * b[i] + w * c[i];
            }
        }
        _ => {
            out.fill(start);
            for (b, weight) in weights.iter().enumerate() {
                for (sum, value) in out.iter_mut().zip(row(b)) {
                    *sum += weight * value;
                }
            }
        }
    }
}

/// Neighbours of one row, to be added to its sums.
struct Add<'a> {
    sums_j: &'a [f32],
    values: &'a [f32],
    is_uniform: bool,
    is_rician: bool,
}

impl Add<'_> {
    /// `N` weights along i; any number of them for 0.
    #[inline(always)]
    fn to<const N: usize>(self, along: &[f32], sums: &mut [f32], weights: &mut [f32]) {
        let n = self.values.len();
        let count = if N == 0 { along.len() } else { N };
        let (sums, weights, values) = (&mut sums[..n], &mut weights[..n], &self.values[..n]);
        let sums_j = &self.sums_j[..n + count - 1];
        for i in 0..n {
            // the classic form stops before the last sum where those so far are too large, the fast one looks at all
            let (mut distance, mut most) = (0f32, 0f32);
            for a in 0..count {
                most = if distance > most { distance } else { most };
                distance += along[a] * sums_j[i + a];
            }
            let most = if self.is_uniform { distance } else { most };
            // NaN is within no limit
            let near = most <= CUTOFF && distance <= FAR;
            let distance = if distance > 0.0 { distance } else { 0.0 };
            let weight = if near { falling(distance) } else { 0.0 };
            let value = if self.is_rician { values[i] * values[i] } else { values[i] };
            sums[i] += if near { weight * value } else { 0.0 };
            weights[i] += weight;
        }
    }
}

/// scikit-image's limit of distances.
const CUTOFF: f32 = 5.0;
/// A distance whose weight is 0 in f32.
const FAR: f32 = 80.0;

/// `exp(-x)` for x from 0 to 80 as scikit-image computes it: a straight line between powers of two, lowered so that its error, at most 4 %,
/// is balanced (N. N. Schraudolph, "A fast, compact approximation of the exponential function", 1999).
#[inline(always)]
fn falling(x: f32) -> f32 {
    const START: f32 = 127.0 - 60_801.0 / 1_048_576.0;
    // 256 leaves 15 digits behind the point of the exponent, and they follow it in the result
    let exponent = START - x * std::f32::consts::LOG2_E + 256.0;
    f32::from_bits((exponent.to_bits() & 0x7f_ffff) << 8)
}
