//! The reference at one resolution: its values and gradients at the places that are compared, and what of the equations does not depend on the step.
//!
//! Inverse compositional: the reference is moved towards the step's image, so that gradient and second derivatives are those of the reference, found once, and each
//! iteration reads the step's image once. Directions of appearance are projected out of those of motion. Sources: S. Baker and I. Matthews, "Lucas-Kanade 20 years
//! on: a unifying framework", International Journal of Computer Vision 2004; part 3 (2003) for the projection.

use isocenter_volume::{Affine, Mask};

use super::{
    appearance::{COLUMNS, Columns, columns},
    solve::{Square, inverse, times},
};
use crate::pyramid::Level;

/// What is added to the diagonals, as a share of the largest element: a direction that an image says nothing of does not move.
const ADDED: f64 = 1e-6;

/// The reference, ready to be compared.
#[derive(Clone, Debug)]
pub(super) struct Template {
    /// Offsets from the middle to L, P and S, mm.
    pub(super) offsets: [Vec<f32>; 3],
    /// What turns an offset into a place of the model of appearance, 1/mm.
    pub(super) unit: f32,
    pub(super) values: Vec<f32>,
    /// Derivative by L, P and S, per mm.
    pub(super) gradient: [Vec<f32>; 3],
    is_shaded: bool,
    /// From sums over the columns to the columns.
    appearance: Square<COLUMNS>,
    /// Directions of motion times columns.
    cross: [Columns; 6],
    /// From what is left of the sums over the directions to a motion.
    motion: Square<6>,
}

/// A small motion of the reference: shift (mm) after a turn (radians).
pub(super) type Motion = [f64; 6];

impl Template {
    /// The places of `region`, a mask on the level's grid; `None` where they show nothing.
    pub(super) fn new(
        level: &Level,
        region: &Mask,
        middle_mm: [f64; 3],
        radius_mm: f64,
        is_shaded: bool,
    ) -> Option<Self> {
        let to_index = level.to_world.inverse()?;
        let [nx, ny, _] = level.shape;
        let strides = [1, nx, nx * ny];
        let ordinals: Vec<usize> = region.iter().collect();
        let count = ordinals.len();
        let mut offsets = [0, 1, 2].map(|_| Vec::with_capacity(count));
        let mut gradient = [0, 1, 2].map(|_| Vec::with_capacity(count));
        let mut extent = 0f64;
        for n in &ordinals {
            let index = [n % nx, n / nx % ny, n / (nx * ny)];
            let world = level.to_world.apply(index.map(|v| v as f64));
            let slope = [0, 1, 2].map(|a| {
                let (low, high) = (index[a].saturating_sub(1), (index[a] + 1).min(level.shape[a] - 1));
                let (before, after) = (n - (index[a] - low) * strides[a], n + (high - index[a]) * strides[a]);
                let width = (high - low).max(1) as f64;
                f64::from(level.values[after] - level.values[before]) / width
            });
            for a in 0..3 {
                let offset = world[a] - middle_mm[a];
                extent = extent.max(offset.abs());
                offsets[a].push(offset as f32);
                gradient[a].push((0..3).map(|b| slope[b] * to_index.column(a)[b]).sum::<f64>() as f32);
            }
        }
        // a gain is of what is above the darkest place: the air of CT is no signal
        let darkest = ordinals.iter().map(|n| level.values[*n]).fold(f32::INFINITY, f32::min);
        let values: Vec<f32> = ordinals.iter().map(|n| level.values[*n] - darkest).collect();
        let unit = if extent > 0.0 { (1.0 / extent) as f32 } else { 1.0 };
        let mut template = Self {
            offsets,
            unit,
            values,
            gradient,
            is_shaded,
            appearance: [[0.0; COLUMNS]; COLUMNS],
            cross: [[0.0; COLUMNS]; 6],
            motion: [[0.0; 6]; 6],
        };
        template.prepare(radius_mm)?;
        Some(template)
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The motion and the change of appearance that sums ask for, where the image is `gain` times as bright as the reference.
    pub(super) fn answer(&self, motion: &[f64; 6], sums: &Columns, gain: f64) -> (Motion, Columns) {
        let sums: Columns = std::array::from_fn(|n| if self.has(n) { sums[n] } else { 0.0 });
        let change = times(&self.appearance, &sums);
        let explained = times(&self.cross, &change);
        let rest: [f64; 6] = std::array::from_fn(|n| motion[n] - explained[n]);
        (times(&self.motion, &rest).map(|v| v / gain), change)
    }

    /// The columns of a model that the template has.
    fn has(&self, column: usize) -> bool {
        self.is_shaded || column == 0 || column == COLUMNS - 1
    }

    /// Second derivatives; a turn weighs as the way that it moves the body's radius.
    fn prepare(&mut self, radius_mm: f64) -> Option<()> {
        let mut columns_squared = [[0.0; COLUMNS]; COLUMNS];
        let mut cross = [[0.0; COLUMNS]; 6];
        let mut hessian = [[0.0; 6]; 6];
        for n in 0..self.len() {
            let offset = [0, 1, 2].map(|a| f64::from(self.offsets[a][n]));
            let place = offset.map(|v| v * f64::from(self.unit));
            let column = columns(f64::from(self.values[n]), place, self.is_shaded);
            let g = [0, 1, 2].map(|a| f64::from(self.gradient[a][n]));
            let [p, q, r] = isocenter_volume::affine::cross(offset, g);
            let direction = [g[0], g[1], g[2], p, q, r];
            for a in 0..COLUMNS {
                for b in 0..COLUMNS {
                    columns_squared[a][b] += column[a] * column[b];
                }
            }
            for a in 0..6 {
                for b in 0..COLUMNS {
                    cross[a][b] += direction[a] * column[b];
                }
                for b in 0..=a {
                    hessian[a][b] += direction[a] * direction[b];
                }
            }
        }
        // columns that are not fitted stay apart from the others
        let scale = columns_squared[0][0];
        for n in (0..COLUMNS).filter(|n| !self.has(*n)) {
            columns_squared[n][n] = scale;
        }
        self.appearance = scaled_inverse(columns_squared)?;
        self.cross = cross;
        // what the columns explain of each direction is taken out
        let explained = cross.map(|row| times(&self.appearance, &row));
        let weight = |n: usize| if n < 3 { 1.0 } else { 1.0 / radius_mm };
        let mut left = [[0.0; 6]; 6];
        for a in 0..6 {
            for b in 0..=a {
                let shared: f64 = (0..COLUMNS).map(|c| cross[a][c] * explained[b][c]).sum();
                left[a][b] = (hessian[a][b] - shared) * weight(a) * weight(b);
                left[b][a] = left[a][b];
            }
        }
        let inverse = inverse(left, ADDED)?;
        self.motion = std::array::from_fn(|a| std::array::from_fn(|b| inverse[a][b] * weight(a) * weight(b)));
        Some(())
    }
}

/// The inverse after every direction is brought to the same length: the offset is worth 1 where the reference may be worth thousands.
fn scaled_inverse(matrix: Square<COLUMNS>) -> Option<Square<COLUMNS>> {
    let length: Columns = std::array::from_fn(|a| if matrix[a][a] > 0.0 { matrix[a][a].sqrt() } else { 1.0 });
    let even: Square<COLUMNS> =
        std::array::from_fn(|a| std::array::from_fn(|b| matrix[a][b] / (length[a] * length[b])));
    let inverse: Square<COLUMNS> = inverse(even, 1e-9)?;
    Some(std::array::from_fn(|a| std::array::from_fn(|b| inverse[a][b] / (length[a] * length[b]))))
}

/// Continuous index on a level from an offset, for a map from offset to world.
pub(super) fn index_map(level: &Level, offset_to_world: &Affine) -> [[f32; 4]; 3] {
    let to_index = level.to_world.inverse().unwrap_or(Affine::IDENTITY);
    to_index.compose(offset_to_world).rows().map(|row| row.map(|v| v as f32))
}
