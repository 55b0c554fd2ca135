//! How alike two images are.
//!
//! Most measures are functions of the joint distribution `p(a, b)` of intensities: `a` the bin of the sampled image, `b` of the interpolated one. That gives one code path for
//! the derivative: a table of `d metric / d p(a, b)`. Two look at neighbourhoods instead: the correlation in small windows, and the directions of edges.
//!
//! The start is looked for by mutual information, whichever of them is asked for, and so is what the verdict stands on.
//!
//! Sources: C. Studholme et al., "An overlap invariant entropy measure of 3D medical image alignment", Pattern Recognition 1999 (normalized mutual information); D. Mattes et
//! al., "PET-CT image registration in the chest using free-form deformations", IEEE Transactions on Medical Imaging 2003 (derivative of the Parzen estimate); A. Roche et al.,
//! "The correlation ratio as a new similarity measure for multimodal image registration", MICCAI 1998; L. I. Lin, "A concordance correlation coefficient to evaluate
//! reproducibility", Biometrics 1989 (the squared difference against that of chance); B. Avants et al., "Symmetric diffeomorphic image registration with cross-correlation",
//! Medical Image Analysis 2008; E. Haber and J. Modersitzki, "Intensity gradient based registration and fusion of multi-modal images", Methods of Information in Medicine 2007.

mod entropy;
mod moments;

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
    /// Correlation ratio: the share of one image's variance that the other's value explains, by any function; 0 for images that share nothing, 1 at most. For several modalities
    /// of which one is a function of the other. Which of the two is explained is decided by resolution: the finer image.
    CorrelationRatio,
    /// Correlation coefficient over all that overlaps; 0 for images that share nothing, 1 at most. For one modality: intensities may differ by gain and offset.
    Correlation,
    /// Squared correlation coefficient in small windows, its mean; 0 for images that share nothing, 1 at most. For one modality, or two that differ from place to place: shading,
    /// contrast agent.
    LocalCorrelation,
    /// Mean squared difference, as 1 less its ratio to that of the same values paired at random, so that a larger overlap of background is no gain (Lin's concordance):
    /// 0 for images that share nothing, 1 for equal ones. For one modality in one unit: CT, repeated scans, maps.
    MeanSquares,
    /// Normalized gradient fields: the squared cosine between the directions of edges, weighted by their strength; near 0 for images that share no edge, 1 at most. For several
    /// modalities, where edges lie at the same places.
    GradientFields,
}

impl Metric {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::NormalizedMutualInformation,
        Self::MutualInformation,
        Self::CorrelationRatio,
        Self::Correlation,
        Self::LocalCorrelation,
        Self::MeanSquares,
        Self::GradientFields,
    ];

    /// Its value for images that share nothing.
    pub const fn lowest(self) -> f64 {
        match self {
            Self::NormalizedMutualInformation => 1.0,
            _ => 0.0,
        }
    }

    /// Its name: words joined by hyphens, as records and the program have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NormalizedMutualInformation => "normalized-mutual-information",
            Self::MutualInformation => "mutual-information",
            Self::CorrelationRatio => "correlation-ratio",
            Self::Correlation => "correlation",
            Self::LocalCorrelation => "local-correlation",
            Self::MeanSquares => "mean-squares",
            Self::GradientFields => "gradient-fields",
        }
    }

    /// The largest value that it can have; `None` where that depends on the images.
    pub const fn highest(self) -> Option<f64> {
        match self {
            Self::NormalizedMutualInformation => Some(2.0),
            Self::MutualInformation => None,
            _ => Some(1.0),
        }
    }

    /// What a search begins with, at the coarse resolutions: most see too little from afar, or take a head that stands on its top for one that does not.
    pub(crate) const fn at_first(self) -> Self {
        match self {
            Self::MutualInformation => self,
            _ => Self::NormalizedMutualInformation,
        }
    }

    /// Value for a joint distribution in rows of `columns`, and, into `table`, its derivative by each `p(a, b)` for changes that
    /// leave `p(a)` as it is. For those that are no function of it, the value of normalized mutual information.
    pub(crate) fn evaluate(self, joint: &[f64], columns: usize, table: Option<&mut [f32]>) -> f64 {
        match self {
            Self::CorrelationRatio => moments::correlation_ratio(joint, columns, table),
            Self::Correlation => moments::correlation(joint, columns, table),
            Self::MeanSquares => moments::concordance(joint, columns, table),
            Self::MutualInformation => entropy::evaluate(false, joint, columns, table),
            _ => entropy::evaluate(true, joint, columns, table),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn independent_images_score_lowest_and_equal_ones_highest() {
        let even = [0.25f64; 4];
        let equal = [0.5, 0.0, 0.0, 0.5];
        let entropies = [Metric::NormalizedMutualInformation, Metric::MutualInformation];
        for (metric, best) in entropies.into_iter().zip([2.0, std::f64::consts::LN_2]) {
            assert!((metric.evaluate(&even, 2, None) - metric.lowest()).abs() < 1e-9);
            assert!((metric.evaluate(&equal, 2, None) - best).abs() < 1e-9);
        }
    }

    #[test]
    fn table_is_the_derivative() {
        let joint = [0.06, 0.05, 0.13, 0.04, 0.01, 0.21, 0.12, 0.08, 0.1, 0.05, 0.08, 0.07];
        for metric in Metric::ALL {
            let mut table = [0f32; 12];
            metric.evaluate(&joint, 6, Some(&mut table));
            // move mass within a row: p(a) stays
            for (from, to) in [(0, 1), (1, 5), (6, 8), (11, 7)] {
                let step = 1e-6;
                let (mut up, mut down) = (joint, joint);
                up[to] += step;
                up[from] -= step;
                down[to] -= step;
                down[from] += step;
                let numeric = (metric.evaluate(&up, 6, None) - metric.evaluate(&down, 6, None)) / (2.0 * step);
                let found = f64::from(table[to] - table[from]);
                assert!((found - numeric).abs() < 1e-4 * (1.0 + numeric.abs()), "{metric:?} {found} {numeric}");
            }
        }
    }
}
