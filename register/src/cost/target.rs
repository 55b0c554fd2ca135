//! The image that is interpolated.

use isocenter_volume::Affine;

use super::edges;
use crate::{metric::Metric, passes::Field, pyramid::Level};

/// Bins that the cubic window reaches beyond the values' own.
const REACH: usize = 3;

/// The interpolated image, its values scaled to bins.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    values: Vec<f32>,
    /// 0 in holes and 1 elsewhere, where there are holes: what is compared fades out towards them as it does at the image's border.
    weights: Option<Vec<f32>>,
    /// Components of the normalized gradient along L, P and S, where edges are compared.
    normals: Option<[Vec<f32>; 3]>,
    shape: [usize; 3],
    strides: [usize; 3],
    pub(super) to_index: Affine,
    bins: usize,
}

impl Target {
    /// Takes a level over; values in `[0, 1]` become bins `[0, bins - 1]`.
    pub(crate) fn new(level: Level, bins: usize, metric: Metric) -> Self {
        let normals = (metric == Metric::GradientFields).then(|| edges::normals(&level));
        let scale = (bins - 1) as f32;
        let shape = level.shape;
        let to_index = level.to_world.inverse().unwrap_or(Affine::IDENTITY);
        let mut values = level.values;
        values.iter_mut().for_each(|v| *v *= scale);
        let weights = level.holes.map(|holes| holes.iter().map(|h| f32::from(u8::from(!h))).collect::<Vec<f32>>());
        // a single plane is doubled, so that every cell has eight corners
        let held = shape.map(|n| n.max(2));
        let doubled = |values: Vec<f32>| -> Vec<f32> {
            if held == shape {
                return values;
            }
            (0..held[0] * held[1] * held[2])
                .map(|n| {
                    let p = [n % held[0], n / held[0] % held[1], n / (held[0] * held[1])];
                    let [i, j, k] = [0, 1, 2].map(|a| p[a].min(shape[a] - 1));
                    values[(k * shape[1] + j) * shape[0] + i]
                })
                .collect()
        };
        let (values, weights, normals) =
            (doubled(values), weights.map(doubled), normals.map(|along| along.map(doubled)));
        Self { values, weights, normals, shape, strides: [1, held[0], held[0] * held[1]], to_index, bins }
    }

    /// The image seen in a mirror: at each place of the world what `mirror` takes there. Its edges are left behind.
    pub(crate) fn mirrored(&self, mirror: &Affine) -> Self {
        Self { to_index: self.to_index.compose(mirror), normals: None, ..self.clone() }
    }

    /// Columns of a joint histogram.
    pub(crate) fn columns(&self) -> usize {
        self.bins + REACH
    }

    /// Its values as places between bins.
    pub(super) fn field(&self) -> Field<'_> {
        let Self { values, weights, shape, strides, .. } = self;
        Field { values, weights: weights.as_deref(), shape: *shape, strides: *strides, columns: self.columns() }
    }

    /// One component of its normalized gradient.
    pub(super) fn normal(&self, a: usize) -> Option<Field<'_>> {
        let values = self.normals.as_ref()?.get(a)?;
        Some(Field { values, ..self.field() })
    }
}
