//! The work of [`Resample::apply_labels`].

use rayon::prelude::*;

use super::{Resample, places::Places, plan::Plan};
use crate::sample::{Edge, Interpolation, Kernel, LabelInterpolation, place_on_axis};
use crate::{Error, Geometry, Label, LabelMap, Layer, Stage, with_layer};

/// A share this much larger than another is larger; closer ones are a tie, which rounding must not decide.
const TIE: f64 = 1e-9;

impl Resample<'_> {
    /// Brings a label map, all its layers and steps, onto the grid; the table is kept, no label is invented, the step is noted.
    ///
    /// The interpolation is that of [`Resample::label_interpolation`]; anti-aliasing plays no part. Outside is background, or the
    /// nearest border label under [`Edge::Clamp`].
    ///
    /// # Errors
    /// [`Error::FrameMismatch`] and [`Error::SlowSteps`] as [`Resample::apply`] has them, [`Error::SingularAffine`],
    /// [`Error::Limit`], [`Error::Cancelled`], and those of [`Resample::geometry_for`].
    pub fn apply_labels(&self, labels: &LabelMap) -> Result<LabelMap, Error> {
        let output = self.geometry_for(labels.geometry())?;
        let across = self.check_transforms(labels.geometry(), &output, labels.steps())?;
        let [nx, ny, nz] = output.shape().map(|n| n as u64);
        let maps = labels.layers().len() * labels.steps();
        let largest = labels.layers().iter().map(|l| l.sample_type().bytes()).max().unwrap_or(1);
        self.ctx.limits().check(&[nx, ny, nz, maps as u64], largest as u64)?;
        let stage = self.ctx.stage("resample labels", (output.shape()[2] * maps) as u64);
        let layers: Vec<Layer> = self.ctx.install(|| {
            let layers = labels.layers().iter();
            layers
                .map(|layer| with_layer!(layer, l => self.layer(l, labels.geometry(), &output, &stage).into()))
                .collect()
        });
        stage.finish()?;
        let note = self.parameters(&output, &self.labels);
        let mut out = labels.with_layers(layers, output)?;
        if across {
            out = out.noting::<bool, 0>("across_frames", []);
        }
        Ok(out.noting("resample", note))
    }

    /// All steps of one layer.
    fn layer<L: Label>(&self, labels: &[L], input: &Geometry, output: &Geometry, stage: &Stage<'_>) -> Vec<L> {
        let edge = if self.edge == Edge::Clamp { Edge::Clamp } else { Edge::Value(0.0) };
        let mut out = vec![L::default(); labels.len() / input.len() * output.len()];
        let steps = out.chunks_mut(output.len()).zip(labels.chunks(input.len())).enumerate();
        for (step, (out, labels)) in steps.take_while(|_| !stage.is_stopped()) {
            let places = self.transforms.places(step, input, output);
            let (input, shape) = (input.shape(), output.shape());
            if let Plan::Lattice(map) = Plan::new(places, input, shape, Kernel::new(Interpolation::Nearest), edge) {
                map.gather_into(labels, L::default(), out, stage);
                let _ = stage.advance(shape[2] as u64);
            } else {
                Grid { labels, input, shape, places, edge, kind: self.labels }.fill(out, stage);
            }
        }
        out
    }
}

struct Grid<'a, L> {
    labels: &'a [L],
    input: [usize; 3],
    shape: [usize; 3],
    places: Places<'a>,
    edge: Edge,
    kind: LabelInterpolation,
}

impl<L: Label> Grid<'_, L> {
    fn fill(&self, out: &mut [L], stage: &Stage<'_>) {
        let [nx, ny, _] = self.shape;
        out.par_chunks_mut(nx * ny).enumerate().for_each(|(k, plane)| {
            if stage.advance(1).is_err() {
                return;
            }
            let mut places = vec![[0.0; 3]; nx];
            for (j, row) in plane.chunks_mut(nx).enumerate() {
                if stage.check().is_err() {
                    return;
                }
                self.places.row(j, k, &mut places);
                row.iter_mut().zip(&places).for_each(|(out, at)| *out = self.label(*at));
            }
        });
    }

    #[inline]
    fn label(&self, at: [f64; 3]) -> L {
        let mut place = [0.0; 3];
        for a in 0..3 {
            match place_on_axis(at[a], self.input[a], self.edge) {
                Some(at) => place[a] = at,
                None => return L::default(),
            }
        }
        match self.kind {
            LabelInterpolation::Nearest => self.nearest(place),
            LabelInterpolation::Linear => self.largest_share(place),
        }
    }

    #[inline]
    fn nearest(&self, at: [f64; 3]) -> L {
        let [i, j, k] = [0, 1, 2].map(|a| {
            let mut weight = [0.0];
            let nearest = Kernel::new(Interpolation::Nearest).weights(at[a], &mut weight, None);
            nearest.clamp(0, self.input[a] as i64 - 1) as usize
        });
        self.labels[i + self.input[0] * (j + self.input[1] * k)]
    }

    #[inline]
    fn largest_share(&self, at: [f64; 3]) -> L {
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
        let corner = |n: usize| self.labels[offset[0][n & 1] + offset[1][n >> 1 & 1] + offset[2][n >> 2]];
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
    use crate::{Affine, Frame, Geometry};

    fn label_at<L: Label>(labels: [L; 8], at: [f64; 3]) -> L {
        let grid = Grid {
            labels: &labels,
            input: [2, 2, 2],
            shape: [1, 1, 1],
            places: Places::Affine(Affine::IDENTITY),
            edge: Edge::Value(0.0),
            kind: LabelInterpolation::Linear,
        };
        grid.label(at)
    }

    #[test]
    fn ties_go_to_the_smallest_label_as_in_simpleitk() {
        // SimpleITK 2.5.7 sitkLabelLinear gives these
        assert_eq!(label_at([0u32, 5, 4, 3, 9, 9, 6, 1], [0.5; 3]), 9);
        assert_eq!(label_at([3u32, 7, 1, 1, 5, 5, 2, 8], [0.5; 3]), 1);
        assert_eq!(label_at([5u32, 3, 5, 3, 9, 3, 9, 3], [0.0, 0.0, 0.5]), 5);
        assert_eq!(label_at([3u8, 7, 1, 1, 5, 5, 2, 8], [0.5; 3]), 1);
        assert_eq!(label_at([5u16, 3, 5, 3, 9, 3, 9, 3], [0.0, 0.0, 0.5]), 5);
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
