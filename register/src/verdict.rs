//! Whether a result is to be trusted.
//!
//! Measured on the visible cases and on pairs that share nothing (other people, other organs, noise): the sharpness of true
//! results was 0.39 to 0.79, that of other organs at most 0.15, that of other people's heads at most 0.18; noise is sharp at times,
//! but its metric stays at the lowest value.

use crate::{metric::Metric, registration::Verdict, search::Found};

/// Sharpness below which no pose stands out, and below which one should look.
const SHARPNESS: [f64; 2] = [0.2, 0.3];
/// Overlap of the smaller body below which nothing can be said, and below which one should look.
const OVERLAP: [f64; 2] = [0.1, 0.3];
/// Rivalry above which one should look.
const RIVALRY: f64 = 0.95;

/// Judges a result by its sharpness, its rivals, the overlap of the smaller body and how far the metric rose.
pub(crate) fn judge(found: &Found, metric: Metric, overlap: f64) -> Verdict {
    let has_risen = found.value - metric.lowest() >= metric.least_excess();
    if !has_risen || found.sharpness < SHARPNESS[0] || overlap < OVERLAP[0] {
        Verdict::NotTrusted
    } else if found.sharpness < SHARPNESS[1] || overlap < OVERLAP[1] || found.rivalry > RIVALRY {
        Verdict::Doubtful
    } else {
        Verdict::Trusted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{pose::Pose, rotation::Rotation};

    #[test]
    fn every_doubt_counts() {
        let pose = Pose { rotation: Rotation::IDENTITY, shift_mm: [0.0; 3] };
        let good = Found { pose, value: 1.3, value_before: 1.1, sharpness: 0.6, rivalry: 0.3 };
        let judge = |f: Found, overlap| judge(&f, Metric::NormalizedMutualInformation, overlap);
        assert_eq!(judge(good, 0.9), Verdict::Trusted);
        assert_eq!(judge(Found { rivalry: 1.0, ..good }, 0.9), Verdict::Doubtful);
        assert_eq!(judge(Found { sharpness: 0.25, ..good }, 0.9), Verdict::Doubtful);
        assert_eq!(judge(Found { sharpness: 0.1, ..good }, 0.9), Verdict::NotTrusted);
        assert_eq!(judge(Found { value: 1.004, ..good }, 0.9), Verdict::NotTrusted);
        assert_eq!(judge(good, 0.2), Verdict::Doubtful);
        assert_eq!(judge(good, 0.05), Verdict::NotTrusted);
    }
}
