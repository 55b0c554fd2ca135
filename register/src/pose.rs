//! A rigid pose between two middles: `y = R (x - a) + b + t`.

use isocenter_volume::{Affine, affine::norm};

use crate::rotation::Rotation;

/// Rotation about the sampled image's middle, and what the shift adds to the way from that middle to the other image's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pose {
    pub(crate) rotation: Rotation,
    pub(crate) shift_mm: [f64; 3],
}

impl Pose {
    /// The pose as a map of points, for middles `from` and `to`.
    pub(crate) fn to_affine(self, from: [f64; 3], to: [f64; 3]) -> Affine {
        let m = self.rotation.matrix();
        let turned = self.rotation.apply(from);
        Affine::from_rows([0, 1, 2].map(|r| [m[r][0], m[r][1], m[r][2], to[r] + self.shift_mm[r] - turned[r]]))
    }

    /// The pose after a small rotation applied last (rotation vector times `radius_mm`) and a shift (mm).
    pub(crate) fn moved(self, by: [f64; 6], radius_mm: f64) -> Self {
        let turn = Rotation::from_vector([by[0], by[1], by[2]].map(|v| v / radius_mm));
        Self { rotation: turn.compose(self.rotation), shift_mm: [0, 1, 2].map(|a| self.shift_mm[a] + by[3 + a]) }
    }

    /// Root mean square distance between where two poses put a ball of the given root mean square radius, mm.
    ///
    /// A turn by `w` moves a ball's points by `2 sin(w/2)` times their distance from the axis, `sqrt(2/3)` of the radius.
    pub(crate) fn distance_mm(self, other: Self, radius_mm: f64) -> f64 {
        let turn = 2.0 * libm::sin(self.rotation.distance(other.rotation) / 2.0) * radius_mm * (2.0f64 / 3.0).sqrt();
        let shift = norm([0, 1, 2].map(|a| self.shift_mm[a] - other.shift_mm[a]));
        (turn * turn + shift * shift).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_one_middle_to_the_other_plus_the_shift() {
        let pose = Pose { rotation: Rotation::from_vector([0.5, 0.1, -0.9]), shift_mm: [1.0, 2.0, 3.0] };
        let there = pose.to_affine([10.0, 20.0, 30.0], [-5.0, 0.0, 5.0]).apply([10.0, 20.0, 30.0]);
        assert!(there.iter().zip([-4.0, 2.0, 8.0]).all(|(a, b)| (a - b).abs() < 1e-12));
    }

    #[test]
    fn half_a_turn_moves_a_ball_by_its_width() {
        let turned = Pose { rotation: Rotation::from_vector([std::f64::consts::PI, 0.0, 0.0]), shift_mm: [0.0; 3] };
        let still = Pose { rotation: Rotation::IDENTITY, shift_mm: [0.0; 3] };
        assert!((turned.distance_mm(still, 60.0) - 120.0 * (2.0f64 / 3.0).sqrt()).abs() < 1e-9);
    }
}
