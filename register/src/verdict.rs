//! Whether a result is to be trusted.
//!
//! What a metric reaches says little: it depends on contrast, noise and field of view. What tells is how it falls off around the result, whether parts of the body agree,
//! and what else fits.
//!
//! Measured on the visible cases and on pairs that share nothing (other people, other organs, noise): the sharpness of true
//! results was 0.39 to 0.79, that of other organs at most 0.15, that of other people's heads at most 0.18; noise is sharp at times,
//! but its metric stays at the lowest value.

use isocenter_volume::Affine;

use crate::{
    dof::Dof,
    doubt::Doubt,
    metric::Metric,
    registration::{Registration, Verdict},
    search::Found,
};

/// Excess of normalized mutual information over its lowest value below which two images share nothing that a pose could stand on: noise against noise reaches
/// 0.004, other people's heads 0.08, one head in CT and T2 0.1 and more.
const LEAST_EXCESS: f64 = 0.01;
/// Sharpness below which no pose stands out, and below which one should look: for images of one body, and for those of two that a map with stretches brings together,
/// whose folds never meet.
const SHARPNESS: [f64; 2] = [0.2, 0.3];
const SHARPNESS_OF_TWO: [f64; 2] = [0.2, 0.24];
/// How far the parts of a body may be from where each fits best, in voxels of the resolution at which they are asked: as above.
const RESIDUAL: f64 = 0.85;
const RESIDUAL_OF_TWO: f64 = 2.2;
/// Overlap of the smaller body below which nothing can be said, and below which one should look.
const OVERLAP: [f64; 2] = [0.1, 0.3];
/// Rivalry above which one should look.
const RIVALRY: f64 = 0.95;
/// Excess in the mirror, as a share of the result's, above which one should look: a pair that is not mirrored fits better than its mirror
/// image, and one that shows no sides fits as well.
const MIRROR: f64 = 1.02;
/// The same between two bodies, which are each other's mirror images as much as each other's images; an image of the same body that a map with stretches brings home tells.
const MIRROR_OF_TWO: f64 = 1.1;

/// A given transform that is further than this from where the images fit best is doubted, and than that is wrong, mm.
const ELSEWHERE_MM: f64 = 1.5;
const FAR_MM: f64 = 5.0;
/// The same of two bodies: good programs differ by two to three millimetres between people.
const ELSEWHERE_OF_TWO_MM: f64 = 3.2;

/// Judges a result by its sharpness, its rivals, its mirror image, the overlap of the smaller body, how far the metric rose and whether the
/// map of the fixed world to the moving world exchanges left and right (where these worlds have sides). What speaks against it comes in a fixed order.
pub(crate) fn judge(
    found: &Found,
    (dof, has_sides): (Dof, bool),
    overlap: f64,
    transform: &Affine,
) -> (Verdict, Vec<Doubt>) {
    let (sharpness, residual, mirror, elsewhere) = match dof.stretches() {
        0 => (SHARPNESS, RESIDUAL, MIRROR, ELSEWHERE_MM),
        _ => (SHARPNESS_OF_TWO, RESIDUAL_OF_TWO, MIRROR_OF_TWO, ELSEWHERE_OF_TWO_MM),
    };
    let has_risen = found.shared - Metric::NormalizedMutualInformation.lowest() >= LEAST_EXCESS;
    let is_lost = !has_risen || found.sharpness < sharpness[0] || overlap < OVERLAP[0];
    // the share of the fixed image's x axis (to the patient's left) that comes to lie along the moving image's
    let is_turned = has_sides && transform.rows()[0][0] < 0.0;
    let doubts: Vec<Doubt> = [
        (!has_risen, Doubt::Unlike),
        (found.sharpness < sharpness[1], Doubt::Blunt),
        (overlap < OVERLAP[1], Doubt::LittleOverlap),
        (found.rivalry > RIVALRY, Doubt::Rival),
        (is_turned, Doubt::SidesTurned),
        (found.mirror > mirror, Doubt::Mirrored),
        (found.drift_mm > elsewhere, Doubt::Elsewhere),
        (found.residual.median_mm > residual * found.residual.voxel_mm, Doubt::Torn),
    ]
    .into_iter()
    .filter_map(|(is_so, doubt)| is_so.then_some(doubt))
    .collect();
    let verdict = match doubts.as_slice() {
        _ if is_lost => Verdict::Failed,
        [] => Verdict::Good,
        _ => Verdict::Doubtful,
    };
    (verdict, doubts)
}

/// The verdict on a transform that was given, from the registration that began with it.
pub(crate) fn of_given(mut found: Registration, transform: &Affine) -> Registration {
    let distance = found.distance_mm.unwrap_or(f64::INFINITY);
    found.transform = *transform;
    let least = if found.dof.stretches() == 0 { ELSEWHERE_MM } else { ELSEWHERE_OF_TWO_MM };
    if distance > least {
        found.doubts.push(Doubt::Elsewhere);
        found.verdict = if distance > FAR_MM { Verdict::Failed } else { found.verdict.max_with(Verdict::Doubtful) };
        found.converged = found.verdict != Verdict::Failed;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{pose::Pose, residual::Residual, rotation::Rotation};

    #[test]
    fn every_doubt_counts() {
        let pose = Pose::rigid(Rotation::IDENTITY, [0.0; 3]);
        let good = Found {
            pose,
            value: 1.3,
            shared: 1.3,
            value_before: 1.1,
            sharpness: 0.6,
            rivalry: 0.3,
            mirror: 0.8,
            drift_mm: 0.0,
            start: crate::Start::default(),
            residual: Residual::default(),
        };
        let through = |f: Found, overlap, map: &Affine| judge(&f, (Dof::Rigid, true), overlap, map);
        let judge = |f: Found, overlap| through(f, overlap, &Affine::IDENTITY).0;
        assert_eq!(judge(good, 0.9), Verdict::Good);
        assert_eq!(judge(Found { rivalry: 1.0, ..good }, 0.9), Verdict::Doubtful);
        assert_eq!(judge(Found { sharpness: 0.25, ..good }, 0.9), Verdict::Doubtful);
        assert_eq!(judge(Found { sharpness: 0.1, ..good }, 0.9), Verdict::Failed);
        assert_eq!(judge(Found { shared: 1.004, ..good }, 0.9), Verdict::Failed);
        assert_eq!(judge(good, 0.2), Verdict::Doubtful);
        assert_eq!(judge(good, 0.05), Verdict::Failed);
        assert_eq!(judge(Found { mirror: 1.2, ..good }, 0.9), Verdict::Doubtful);
        assert_eq!(judge(Found { drift_mm: 4.0, ..good }, 0.9), Verdict::Doubtful);
        let residual = Residual { median_mm: 2.0, upper_mm: 3.0, voxel_mm: 2.0 };
        assert_eq!(judge(Found { residual, ..good }, 0.9), Verdict::Doubtful);
        let turn = |v| Pose::rigid(Rotation::from_vector(v), [9.0; 3]).to_affine([0.0; 3], [0.0; 3]);
        for (turned, doubts) in [
            (turn([3.1, 0.0, 0.0]), vec![]), // the nose to the back of the head, left stays left
            (turn([0.0, 1.5, 0.0]), vec![]),
            (turn([0.0, 1.7, 0.0]), vec![Doubt::SidesTurned]),
            (turn([0.0, 0.2, 3.0]), vec![Doubt::SidesTurned]),
        ] {
            let verdict = if doubts.is_empty() { Verdict::Good } else { Verdict::Doubtful };
            assert_eq!(through(good, 0.9, &turned), (verdict, doubts));
        }
    }
}
