//! The table of one axis: which input voxels each output voxel reads, and with what weights.

use std::ops::Range;

use crate::sample::{Edge, Kernel, place_on_axis};

/// Taps of every output voxel along one axis.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    /// Output voxels along the axis.
    pub(super) len: usize,
    /// Input voxels along the axis.
    pub(super) input: usize,
    /// Output voxels that lie inside the input.
    pub(super) inside: Range<usize>,
    /// Taps of one output voxel.
    pub(super) taps: usize,
    /// Input voxels, `taps` for each output voxel; 0 outside.
    pub(super) index: Vec<u32>,
    /// Weights, `taps` for each output voxel; 0 outside.
    pub(super) weight: Vec<f64>,
}

impl Axis {
    /// Output voxel `o` lies at input index `start + step * o`.
    pub(super) fn new(start: f64, step: f64, input: usize, len: usize, kernel: Kernel, edge: Edge) -> Self {
        let taps = kernel.taps();
        let mut axis =
            Self { len, input, inside: 0..0, taps, index: vec![0; taps * len], weight: vec![0.0; taps * len] };
        let places = (0..len).map(|o| place_on_axis(start + step * o as f64, input, edge));
        for (o, at) in places.enumerate().filter_map(|(o, at)| Some((o, at?))) {
            if axis.inside.is_empty() {
                axis.inside = o..o;
            }
            axis.inside.end = o + 1;
            let index = &mut axis.index[o * taps..][..taps];
            let weight = &mut axis.weight[o * taps..][..taps];
            let first = kernel.weights(at, weight, None);
            let heaviest = (0..taps).fold(0, |best, t| if weight[t].abs() > weight[best].abs() { t } else { best });
            for t in 0..taps {
                // a voxel that does not count is not read: 0 times NaN would be NaN
                let from = if weight[t] == 0.0 { heaviest } else { t };
                index[t] = kernel.fold().apply(first + from as i64, input) as u32;
            }
        }
        axis
    }

    /// The input voxels that output voxels `of` read, as one range; empty for none.
    pub(super) fn reads(&self, of: Range<usize>) -> Range<usize> {
        let taps = &self.index[of.start * self.taps..of.end * self.taps];
        match (taps.iter().min(), taps.iter().max()) {
            (Some(&low), Some(&high)) => low as usize..high as usize + 1,
            _ => 0..0,
        }
    }
}
