//! What the samples of a volume span.

use isocenter_volume::{DynVolume, Real, Stage};

use super::super::error::Error;

/// The span of a volume's samples.
#[derive(Clone, Debug)]
pub(super) struct Range {
    /// Least and greatest stored value.
    pub(super) stored: [f64; 2],
    /// Least and greatest real value of each plane.
    pub(super) planes: Vec<[f64; 2]>,
    /// Whether all stored values are whole.
    pub(super) is_whole: bool,
    /// Samples that are no finite number.
    pub(super) not_finite: usize,
}

impl Range {
    pub(super) fn of<T: Real>(samples: &[T], volume: &DynVolume, stage: &Stage<'_>) -> Result<Self, Error> {
        let [columns, rows, _] = volume.shape();
        let mut all =
            Self { stored: [f64::INFINITY, f64::NEG_INFINITY], planes: Vec::new(), is_whole: true, not_finite: 0 };
        for (plane, samples) in samples.chunks_exact(columns * rows).enumerate() {
            let mut span = [f64::INFINITY, f64::NEG_INFINITY];
            for sample in samples {
                let stored = sample.to_f64();
                if stored.is_finite() {
                    span = [span[0].min(stored), span[1].max(stored)];
                    all.is_whole &= stored.fract() == 0.0;
                } else {
                    all.not_finite += 1;
                }
            }
            all.stored = [all.stored[0].min(span[0]), all.stored[1].max(span[1])];
            let pair = volume.scaling().of_plane(plane);
            let ends = span.map(|stored| pair.apply(stored));
            all.planes.push([ends[0].min(ends[1]), ends[0].max(ends[1])]);
            stage.advance(1)?;
        }
        Ok(all)
    }
}
