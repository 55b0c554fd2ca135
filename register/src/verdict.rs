//! Whether a result is to be trusted.
//!
//! Measured on the visible cases and on pairs that share nothing (other people, other organs, noise): the sharpness of true
//! results was 0.39 to 0.79, that of other organs at most 0.15, that of other people's heads at most 0.18; noise is sharp at times,
//! but its metric stays at the lowest value.

use isocenter_volume::Affine;

use crate::{doubt::Doubt, metric::Metric, registration::Verdict, search::Found};

/// Sharpness below which no pose stands out, and below which one should look.
const SHARPNESS: [f64; 2] = [0.2, 0.3];
/// Overlap of the smaller body below which nothing can be said, and below which one should look.
const OVERLAP: [f64; 2] = [0.1, 0.3];
/// Rivalry above which one should look.
const RIVALRY: f64 = 0.95;
/// Excess in the mirror, as a share of the result's, above which one should look: a pair that is not mirrored fits better than its mirror
/// image, and one that shows no sides fits as well.
const MIRROR: f64 = 1.02;

/// Judges a result by its sharpness, its rivals, its mirror image, the overlap of the smaller body, how far the metric rose and whether the
/// map of the fixed world to the moving world exchanges left and right. What speaks against it comes in a fixed order.
pub(crate) fn judge(found: &Found, metric: Metric, overlap: f64, transform: &Affine) -> (Verdict, Vec<Doubt>) {
    let has_risen = found.value - metric.lowest() >= metric.least_excess();
    let is_lost = !has_risen || found.sharpness < SHARPNESS[0] || overlap < OVERLAP[0];
    // the share of the fixed image's x axis (to the patient's left) that comes to lie along the moving image's
    let is_turned = transform.rows()[0][0] < 0.0;
    let doubts: Vec<Doubt> = [
        (!has_risen, Doubt::Unlike),
        (found.sharpness < SHARPNESS[1], Doubt::Blunt),
        (overlap < OVERLAP[1], Doubt::LittleOverlap),
        (found.rivalry > RIVALRY, Doubt::Rival),
        (is_turned, Doubt::SidesTurned),
        (found.mirror > MIRROR, Doubt::Mirrored),
    ]
    .into_iter()
    .filter_map(|(is_so, doubt)| is_so.then_some(doubt))
    .collect();
    let verdict = match doubts.as_slice() {
        _ if is_lost => Verdict::NotTrusted,
        [] => Verdict::Trusted,
        _ => Verdict::Doubtful,
    };
    (verdict, doubts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{pose::Pose, rotation::Rotation};

    #[test]
    fn every_doubt_counts() {
        let pose = Pose::rigid(Rotation::IDENTITY, [0.0; 3]);
        let good = Found { pose, value: 1.3, value_before: 1.1, sharpness: 0.6, rivalry: 0.3, mirror: 0.8 };
        let through = |f: Found, overlap, map: &Affine| judge(&f, Metric::NormalizedMutualInformation, overlap, map);
        let judge = |f: Found, overlap| through(f, overlap, &Affine::IDENTITY).0;
        assert_eq!(judge(good, 0.9), Verdict::Trusted);
        assert_eq!(judge(Found { rivalry: 1.0, ..good }, 0.9), Verdict::Doubtful);
        assert_eq!(judge(Found { sharpness: 0.25, ..good }, 0.9), Verdict::Doubtful);
        assert_eq!(judge(Found { sharpness: 0.1, ..good }, 0.9), Verdict::NotTrusted);
        assert_eq!(judge(Found { value: 1.004, ..good }, 0.9), Verdict::NotTrusted);
        assert_eq!(judge(good, 0.2), Verdict::Doubtful);
        assert_eq!(judge(good, 0.05), Verdict::NotTrusted);
        assert_eq!(judge(Found { mirror: 1.2, ..good }, 0.9), Verdict::Doubtful);
        let turn = |v| Pose::rigid(Rotation::from_vector(v), [9.0; 3]).to_affine([0.0; 3], [0.0; 3]);
        for (turned, doubts) in [
            (turn([3.1, 0.0, 0.0]), vec![]), // the nose to the back of the head, left stays left
            (turn([0.0, 1.5, 0.0]), vec![]),
            (turn([0.0, 1.7, 0.0]), vec![Doubt::SidesTurned]),
            (turn([0.0, 0.2, 3.0]), vec![Doubt::SidesTurned]),
        ] {
            let verdict = if doubts.is_empty() { Verdict::Trusted } else { Verdict::Doubtful };
            assert_eq!(through(good, 0.9, &turned), (verdict, doubts));
        }
    }
}
