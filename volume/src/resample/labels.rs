//! The work of [`Resample::apply_labels`].

use rayon::prelude::*;

use super::{Resample, plan::Plan};
use crate::sample::{Edge, Interpolation, Kernel, LabelInterpolation, place_on_axis};
use crate::{Affine, Error, Label, LabelMap, Layer, Stage, with_layer};

/// A share this much larger than another is larger; closer ones are a tie, which rounding must not decide.
const TIE: f64 = 1e-9;

impl Resample<'_> {
    /// Brings a label map, all its layers, onto the grid; the table is kept, no label is invented, the step is noted.
    ///
    /// The interpolation is that of [`Resample::label_interpolation`]; anti-aliasing plays no part. Outside is background, or the
    /// nearest border label under [`Edge::Clamp`].
    ///
    /// # Errors
    /// [`Error::FrameMismatch`] where one grid lies in a patient and the other does not, [`Error::Limit`], [`Error::Cancelled`], and
    /// those of [`Resample::geometry_for`].
    pub fn apply_labels(&self, labels: &LabelMap) -> Result<LabelMap, Error> {
        let output = self.geometry_for(labels.geometry())?;
        let to_input = self.to_input(labels.geometry(), &output)?;
        let [nx, ny, nz] = output.shape().map(|n| n as u64);
        let maps = labels.layers().len() * labels.steps();
        let largest = labels.layers().iter().map(|l| l.sample_type().bytes()).max().unwrap_or(1);
        self.ctx.limits().check(&[nx, ny, nz, maps as u64], largest as u64)?;
        let stage = self.ctx.stage("resample labels", (output.shape()[2] * maps) as u64);
        let edge = if self.edge == Edge::Clamp { Edge::Clamp } else { Edge::Value(0.0) };
        let (input, shape) = (labels.geometry().shape(), output.shape());
        let plan = Plan::new(&to_input, input, shape, Kernel::new(Interpolation::Nearest), edge);
        let grid = Grid { input, shape, to_input, edge, kind: self.labels };
        let len = labels.geometry().len();
        let mut layers: Vec<Layer> = Vec::with_capacity(labels.layers().len());
        for layer in labels.layers() {
            if stage.is_stopped() {
                break;
            }
            layers.push(match &plan {
                Plan::Lattice(map) => layer.remap(map),
                _ => with_layer!(layer, l => {
                    let mut out = vec![Default::default(); output.len() * labels.steps()];
                    let steps = out.chunks_mut(output.len()).zip(l.chunks(len));
                    steps.for_each(|(out, step)| grid.fill(step, out, &stage));
                    out.into()
                }),
            });
        }
        stage.finish()?;
        let note = self.parameters(&output, &self.labels);
        Ok(labels.with_layers(layers, output)?.noting("resample", note))
    }
}

struct Grid {
    input: [usize; 3],
    shape: [usize; 3],
    to_input: Affine,
    edge: Edge,
    kind: LabelInterpolation,
}

impl Grid {
    fn fill<L: Label>(&self, labels: &[L], out: &mut [L], stage: &Stage<'_>) {
        let [nx, ny, _] = self.shape;
        out.par_chunks_mut(nx * ny).enumerate().for_each(|(k, plane)| {
            if stage.advance(1).is_err() {
                return;
            }
            for (j, row) in plane.chunks_mut(nx).enumerate() {
                let start = self.to_input.apply([0.0, j as f64, k as f64]);
                let step = self.to_input.column(0);
                for (i, out) in row.iter_mut().enumerate() {
                    *out = self.label(labels, [0, 1, 2].map(|a| start[a] + step[a] * i as f64));
                }
            }
        });
    }

    #[inline]
    fn label<L: Label>(&self, labels: &[L], at: [f64; 3]) -> L {
        let mut place = [0.0; 3];
        for a in 0..3 {
            match place_on_axis(at[a], self.input[a], self.edge) {
                Some(at) => place[a] = at,
                None => return L::default(),
            }
        }
        match self.kind {
            LabelInterpolation::Nearest => self.nearest(labels, place),
            LabelInterpolation::Linear => self.largest_share(labels, place),
        }
    }

    #[inline]
    fn nearest<L: Label>(&self, labels: &[L], at: [f64; 3]) -> L {
        let [i, j, k] = [0, 1, 2].map(|a| {
            let mut weight = [0.0];
            let nearest = Kernel::new(Interpolation::Nearest).weights(at[a], &mut weight, None);
            nearest.clamp(0, self.input[a] as i64 - 1) as usize
        });
        labels[i + self.input[0] * (j + self.input[1] * k)]
    }

    #[inline]
    fn largest_share<L: Label>(&self, labels: &[L], at: [f64; 3]) -> L {
        let strides = [1, self.input[0], self.input[0] * self.input[1]];
        let mut offset = [[0usize; 2]; 3];
        let mut weight = [[0.0; 2]; 3];
        for a in 0..3 {
            let last = self.input[a] - 1;
            let inside = at[a].max(0.0).min(last as f64);
            let low = inside as usize;
            let frac = inside - low as f64;
            offset[a] = [low * strides[a], (low + 1).min(last) * strides[a]];
            weight[a] = [1.0 - frac, frac];
        }
        let corner = |n: usize| labels[offset[0][n & 1] + offset[1][n >> 1 & 1] + offset[2][n >> 2]];
        let label: [L; 8] = std::array::from_fn(corner);
        if label.iter().all(|&l| l == label[0]) {
            return label[0];
        }
        let share: [f64; 8] = std::array::from_fn(|n| weight[0][n & 1] * weight[1][n >> 1 & 1] * weight[2][n >> 2]);
        let (mut best, mut best_share) = (L::default(), -1.0);
        for (n, &candidate) in label.iter().enumerate() {
            if label[..n].contains(&candidate) {
                continue;
            }
            let sum: f64 = (n..8).filter(|&m| label[m] == candidate).map(|m| share[m]).sum();
            if sum > best_share + TIE || (sum >= best_share - TIE && candidate < best) {
                best = candidate;
                best_share = sum;
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Frame, Geometry};

    fn label_at(labels: [u32; 8], at: [f64; 3]) -> u32 {
        let grid = Grid {
            input: [2, 2, 2],
            shape: [1, 1, 1],
            to_input: Affine::IDENTITY,
            edge: Edge::Value(0.0),
            kind: LabelInterpolation::Linear,
        };
        grid.label(&labels, at)
    }

    #[test]
    fn ties_go_to_the_smallest_label_as_in_simpleitk() {
        // SimpleITK 2.5.7 sitkLabelLinear gives these
        assert_eq!(label_at([0, 5, 4, 3, 9, 9, 6, 1], [0.5; 3]), 9);
        assert_eq!(label_at([3, 7, 1, 1, 5, 5, 2, 8], [0.5; 3]), 1);
        assert_eq!(label_at([5, 3, 5, 3, 9, 3, 9, 3], [0.0, 0.0, 0.5]), 5);
    }

    #[test]
    fn layers_and_table_survive() {
        let g = Geometry::new([2, 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        let map = LabelMap::new(vec![Layer::from(vec![1u8, 2]), vec![0u32, 70_000].into()], g, vec![]).unwrap();
        let out = Resample::to_spacing([0.5, 1.0, 1.0]).apply_labels(&map).unwrap();
        assert!(out.layers()[1] == [0u32, 0, 70_000, 70_000]);
        assert_eq!(out.layers()[0].sample_type(), crate::SampleType::U8);
        assert_eq!(out.provenance().operations()[0].name(), "resample");
    }
}
