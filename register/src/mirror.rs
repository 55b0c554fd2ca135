//! Whether one image fits the other better in a mirror.
//!
//! A head is nearly its own mirror image, so a pair of which one was mirrored (by a header that lies, by a tool that lost the sign of an
//! axis) still has a good pose, and nothing in the metric at that pose tells. What tells is the other hypothesis: the same search on the
//! image mirrored left to right. Where that fits better, one of the two is mirrored, or what both show is too even to say.
//!
//! The mirror costs no resampling (the voxels stay and the map from world to index is mirrored) and starts from the pose found: the
//! headers' rotation, and the one that a body with a plane of symmetry would have in the mirror, each tilted a little.

use isocenter_volume::Affine;
use rayon::prelude::*;

use crate::{
    cost::{Memory, Problem, Target},
    optimize::{Stopping, Summit, climb},
    pose::Pose,
    rotation::Rotation,
};

/// How far the starts are tilted about each axis, radians: a climb reaches about as far.
const TILT: f64 = 0.35;
/// Starts that are climbed from.
const KEPT: usize = 4;

/// The interpolated images of a problem, mirrored left to right about the middle of the body.
pub(crate) fn targets(problem: &Problem<'_>) -> Vec<Target> {
    let mut rows = Affine::IDENTITY.rows();
    rows[0][0] = -1.0;
    rows[0][3] = 2.0 * problem.target_centre_mm[0];
    problem.parts.iter().map(|part| part.target.mirrored(&Affine::from_rows(rows))).collect()
}

/// The best starts in the mirror (a problem with a mirrored target), from the best pose outside of it.
pub(crate) fn starts(mirrored: &Problem<'_>, best: &Pose) -> Vec<Pose> {
    let turn = to_mirror(best.rotation);
    let shifts = [[0.0; 3], turn.apply(best.shift_mm)];
    let mut poses = Vec::new();
    for rotation in [Rotation::IDENTITY, turn.compose(best.rotation)] {
        for n in 0..7 {
            let mut tilt = [0.0; 3];
            if n > 0 {
                tilt[(n - 1) / 2] = if n % 2 == 0 { TILT } else { -TILT };
            }
            let rotation = Rotation::from_vector(tilt).compose(rotation);
            poses.extend(shifts.map(|shift_mm| Pose { rotation, shift_mm, ..*best }));
        }
    }
    let value = |memory: &mut Memory, pose: &Pose| mirrored.value(pose, memory).value;
    let values: Vec<f64> = poses.par_iter().map_init(Memory::default, value).collect();
    let mut order: Vec<usize> = (0..poses.len()).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    let mut kept: Vec<Pose> = Vec::new();
    for n in order {
        let is_new = kept.iter().all(|k| k.distance_mm(&poses[n], mirrored.radius_mm) > 0.1 * mirrored.radius_mm);
        if kept.len() < KEPT && is_new {
            kept.push(poses[n]);
        }
    }
    kept
}

/// Climbs from every pose; the highest summit comes first.
pub(crate) fn climb_from(mirrored: &Problem<'_>, poses: &[Pose], stopping: Stopping) -> Vec<Summit> {
    let mut summits: Vec<Summit> =
        poses.par_iter().map_init(Memory::default, |memory, pose| climb(mirrored, *pose, stopping, memory)).collect();
    // stable: of equals the earlier start wins
    summits.sort_by(|a, b| b.value.total_cmp(&a.value));
    summits
}

/// The turn from where a body that is symmetric left to right stands, after a rotation, to where it stands in the mirror: its plane of
/// symmetry, then the mirror's.
fn to_mirror(rotation: Rotation) -> Rotation {
    let normal = rotation.apply([1.0, 0.0, 0.0]);
    let across = |v: [f64; 3], r: usize, c: usize| f64::from(u8::from(r == c)) - 2.0 * v[r] * v[c];
    let mirror = [1.0, 0.0, 0.0];
    Rotation::from_matrix(
        [0, 1, 2].map(|r| [0, 1, 2].map(|c| (0..3).map(|n| across(mirror, r, n) * across(normal, n, c)).sum::<f64>())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_stands_straight_stands_straight_in_the_mirror() {
        assert!(to_mirror(Rotation::IDENTITY).angle() < 1e-12);
        assert!(to_mirror(Rotation::from_vector([0.4, 0.0, 0.0])).angle() < 1e-12, "nodding keeps the plane");
        // a head turned to the left by 0.2 is turned to the right by 0.2 in the mirror
        let turned = Rotation::from_vector([0.0, 0.0, 0.2]);
        let there = to_mirror(turned).compose(turned).to_vector();
        assert!((there[2] + 0.2).abs() < 1e-12 && there[0].abs() < 1e-12);
    }
}
