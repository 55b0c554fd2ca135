//! How alike two images are, read off the joint histogram of their bins.
//!
//! Every metric here is a function of the joint distribution `p(a, b)`: `a` the bin of the sampled image, `b` of the
//! interpolated one. That gives one code path for the derivative: a table of `d metric / d p(a, b)`.
//!
//! Sources: C. Studholme et al., "An overlap invariant entropy measure of 3D medical image alignment", Pattern Recognition 1999
//! (normalized mutual information); D. Mattes et al., "PET-CT image registration in the chest using free-form deformations", IEEE
//! Transactions on Medical Imaging 2003 (derivative of the Parzen estimate).

/// A measure of likeness; larger is more alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Metric {
    /// Normalized mutual information `(H(A) + H(B)) / H(A, B)`: 1 for images that share nothing, 2 at most. For images of one
    /// or of several modalities.
    #[default]
    NormalizedMutualInformation,
    /// Mutual information `H(A) + H(B) - H(A, B)` in nats; 0 for images that share nothing. Sees a larger overlap of background
    /// as likeness, so the normalized form is the better choice where fields of view differ.
    MutualInformation,
}

impl Metric {
    /// Its value for images that share nothing.
    pub const fn lowest(self) -> f64 {
        match self {
            Self::NormalizedMutualInformation => 1.0,
            Self::MutualInformation => 0.0,
        }
    }

    /// Excess over the lowest value below which two images share nothing that a pose could stand on: noise against noise reaches
    /// 0.004 of normalized mutual information, other people's heads 0.08, one head in CT and T2 0.1 and more.
    pub(crate) const fn least_excess(self) -> f64 {
        match self {
            Self::NormalizedMutualInformation => 0.01,
            Self::MutualInformation => 0.05,
        }
    }

    /// Value for a joint distribution in rows of `columns`, and, into `table`, its derivative by each `p(a, b)` for changes that
    /// leave `p(a)` as it is.
    pub(crate) fn evaluate(self, joint: &[f64], columns: usize, table: Option<&mut [f32]>) -> f64 {
        let mut across = vec![0f64; columns];
        let (mut h_sampled, mut h_joint) = (0.0, 0.0);
        let mut logs = vec![0f32; if table.is_some() { joint.len() } else { 0 }];
        for (a, row) in joint.chunks_exact(columns).enumerate() {
            let mut sum = 0.0;
            for (b, p) in row.iter().enumerate() {
                across[b] += p;
                sum += p;
                let log = safe_log(*p);
                h_joint -= p * log;
                if let Some(slot) = logs.get_mut(a * columns + b) {
                    *slot = log as f32;
                }
            }
            h_sampled -= sum * safe_log(sum);
        }
        let across_logs: Vec<f64> = across.iter().map(|p| safe_log(*p)).collect();
        let h_across: f64 = -across.iter().zip(&across_logs).map(|(p, l)| p * l).sum::<f64>();
        let is_normalized = self == Self::NormalizedMutualInformation;
        if is_normalized && h_joint < 1e-9 {
            // both images even over the overlap: nothing is shared
            if let Some(table) = table {
                table.fill(0.0);
            }
            return 1.0;
        }
        let value = if is_normalized { (h_sampled + h_across) / h_joint } else { h_sampled + h_across - h_joint };
        let (ratio, scale) = if is_normalized { (value as f32, (1.0 / h_joint) as f32) } else { (1.0, 1.0) };
        if let Some(table) = table {
            for (out, log) in table.chunks_exact_mut(columns).zip(logs.chunks_exact(columns)) {
                for ((out, log), other) in out.iter_mut().zip(log).zip(&across_logs) {
                    *out = (ratio * log - *other as f32) * scale;
                }
            }
        }
        value
    }
}

/// Natural logarithm that is finite for an empty bin.
fn safe_log(p: f64) -> f64 {
    const LOG_OF_LEAST: f64 = -27.631_021_115_928_547; // ln 1e-12: far below one sample's share
    if p > 1e-12 { libm::log(p) } else { LOG_OF_LEAST }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Metric; 2] = [Metric::NormalizedMutualInformation, Metric::MutualInformation];

    #[test]
    fn independent_images_score_lowest_and_equal_ones_highest() {
        let even = [0.25f64; 4];
        let equal = [0.5, 0.0, 0.0, 0.5];
        for (metric, best) in ALL.into_iter().zip([2.0, std::f64::consts::LN_2]) {
            assert!((metric.evaluate(&even, 2, None) - metric.lowest()).abs() < 1e-9);
            assert!((metric.evaluate(&equal, 2, None) - best).abs() < 1e-9);
        }
    }

    #[test]
    fn table_is_the_derivative() {
        let joint = [0.1, 0.05, 0.15, 0.3, 0.12, 0.28];
        for metric in ALL {
            let mut table = [0f32; 6];
            metric.evaluate(&joint, 3, Some(&mut table));
            // move mass within a row: p(a) stays
            for (from, to) in [(0, 1), (1, 2), (3, 5)] {
                let step = 1e-6;
                let (mut up, mut down) = (joint, joint);
                up[to] += step;
                up[from] -= step;
                down[to] -= step;
                down[from] += step;
                let numeric = (metric.evaluate(&up, 3, None) - metric.evaluate(&down, 3, None)) / (2.0 * step);
                assert!((f64::from(table[to] - table[from]) - numeric).abs() < 1e-4, "{metric:?}");
            }
        }
    }
}
