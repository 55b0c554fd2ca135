//! A pose between two middles: `y = R S (x - a) + b + t`, where `R` is a rotation and `S` a stretch (symmetric; 1 for a rigid pose).
//!
//! Every linear map that keeps the hand is one such product (the polar decomposition), and a step in `S` is linear in the map.

use isocenter_volume::{Affine, affine::norm};

use crate::{dof::Dof, rotation::Rotation};

/// Numbers that a pose is moved by: rotation vector times the radius, shift, and stretch times the radius (xx, yy, zz, xy, xz, yz), all in mm. Those that a
/// [`Dof`] does not have are 0.
pub(crate) type Step = [f64; 12];

/// A matrix by rows.
pub(crate) type Matrix = [[f64; 3]; 3];

const ONE: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
/// Rows and columns of the stretches off the diagonal, in the order of a [`Step`].
const OFF: [(usize, usize); 3] = [(0, 1), (0, 2), (1, 2)];
/// Steps after which a rotation is found to the last bits: each doubles the digits.
const POLAR_STEPS: usize = 20;
/// What an element off the diagonal is of its step: both of them together weigh as much as one on it.
const HALF: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// Rotation about the sampled image's middle after a stretch along the sampled image's axes, and what the shift adds to the way from that middle to the other
/// image's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pose {
    pub(crate) rotation: Rotation,
    pub(crate) stretch: Matrix,
    pub(crate) shift_mm: [f64; 3],
}

impl Pose {
    /// A rigid pose.
    pub(crate) const fn rigid(rotation: Rotation, shift_mm: [f64; 3]) -> Self {
        Self { rotation, stretch: ONE, shift_mm }
    }

    /// The pose that a map of points is, for middles `from` and `to`; `None` for one that does not keep the hand.
    ///
    /// Source: N. J. Higham, "Computing the polar decomposition - with applications", SIAM Journal on Scientific and Statistical Computing 1986: the mean of a matrix
    /// and its inverse transposed, again and again, is its rotation.
    pub(crate) fn of(map: &Affine, from: [f64; 3], to: [f64; 3]) -> Option<Self> {
        let linear = map.rows().map(|row| [row[0], row[1], row[2]]);
        // written so that NaN fails
        let keeps_hand = map.is_finite() && map.determinant() > 0.0;
        if !keeps_hand {
            return None;
        }
        let mut turn = linear;
        for _ in 0..POLAR_STEPS {
            let back = Affine::from_rows(turn.map(|row| [row[0], row[1], row[2], 0.0])).inverse()?.rows();
            turn = [0, 1, 2].map(|r| [0, 1, 2].map(|c| 0.5 * (turn[r][c] + back[c][r])));
        }
        let rotation = Rotation::from_matrix(turn);
        let stretch = product(&rotation.inverse().matrix(), &linear);
        // what rounding leaves beside the diagonal is evened out
        let stretch = [0, 1, 2].map(|r| [0, 1, 2].map(|c| 0.5 * (stretch[r][c] + stretch[c][r])));
        let moved = map.apply(from);
        Some(Self { rotation, stretch, shift_mm: [0, 1, 2].map(|a| moved[a] - to[a]) })
    }

    /// The same without what some maps do not have.
    pub(crate) fn within(self, dof: Dof) -> Self {
        let rotation = if dof == Dof::Translation { Rotation::IDENTITY } else { self.rotation };
        let stretch = match dof {
            Dof::Translation | Dof::Rigid => ONE,
            Dof::Affine => self.stretch,
            Dof::RigidScale => [0, 1, 2].map(|r| [0, 1, 2].map(|c| if r == c { self.stretch[r][c] } else { 0.0 })),
            Dof::Similarity => {
                let mean = (self.stretch[0][0] + self.stretch[1][1] + self.stretch[2][2]) / 3.0;
                ONE.map(|row| row.map(|v| v * mean))
            }
        };
        Self { rotation, stretch, ..self }
    }

    /// The pose after making the sampled image larger by a factor.
    pub(crate) fn scaled(self, factor: f64) -> Self {
        Self { stretch: self.stretch.map(|row| row.map(|v| v * factor)), ..self }
    }

    /// What is done to an offset from the middle, by rows.
    pub(crate) fn linear(&self) -> Matrix {
        product(&self.rotation.matrix(), &self.stretch)
    }

    /// The pose as a map of points, for middles `from` and `to`.
    pub(crate) fn to_affine(self, from: [f64; 3], to: [f64; 3]) -> Affine {
        let m = self.linear();
        let turned = m.map(|row| row[0] * from[0] + row[1] * from[1] + row[2] * from[2]);
        Affine::from_rows([0, 1, 2].map(|r| [m[r][0], m[r][1], m[r][2], to[r] + self.shift_mm[r] - turned[r]]))
    }

    /// The pose after a small rotation applied last (rotation vector times `radius_mm`), a shift (mm), and a change of its stretch.
    pub(crate) fn moved(self, by: &Step, radius_mm: f64) -> Self {
        let turn = Rotation::from_vector([by[0], by[1], by[2]].map(|v| v / radius_mm));
        let mut stretch = self.stretch;
        for a in 0..3 {
            stretch[a][a] += by[6 + a] / radius_mm;
        }
        for (n, (r, c)) in OFF.into_iter().enumerate() {
            let more = HALF * by[9 + n] / radius_mm;
            stretch[r][c] += more;
            stretch[c][r] += more;
        }
        Self {
            rotation: turn.compose(self.rotation),
            stretch,
            shift_mm: [0, 1, 2].map(|a| self.shift_mm[a] + by[3 + a]),
        }
    }

    /// The derivative of a step from the pose, from that by the elements of [`linear`](Self::linear) and by the shift; the rotation is a small one, applied last.
    pub(crate) fn slope(&self, by_linear: &Matrix, by_shift: [f64; 3], radius_mm: f64, dof: Dof) -> Step {
        let m = self.linear();
        // turned[b][a]: force component a times component b of the turned offset
        let turned = [0, 1, 2].map(|b| [0, 1, 2].map(|a| (0..3).map(|c| m[b][c] * by_linear[a][c]).sum::<f64>()));
        let torque = [turned[1][2] - turned[2][1], turned[2][0] - turned[0][2], turned[0][1] - turned[1][0]];
        let [p, q, r] = torque.map(|t| t / radius_mm);
        let [x, y, z] = by_shift;
        let mut slope = [p, q, r, x, y, z, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        if dof.stretches() == 0 {
            return dof.kept(slope);
        }
        let turn = self.rotation.matrix();
        let back = [0, 1, 2].map(|r| [0, 1, 2].map(|c| (0..3).map(|n| turn[n][r] * by_linear[n][c]).sum::<f64>()));
        for a in 0..3 {
            slope[6 + a] = back[a][a] / radius_mm;
        }
        for (n, (r, c)) in OFF.into_iter().enumerate() {
            slope[9 + n] = HALF * (back[r][c] + back[c][r]) / radius_mm;
        }
        dof.kept(slope)
    }

    /// Root mean square distance between where two poses put a ball of the given root mean square radius, mm.
    pub(crate) fn distance_mm(&self, other: &Self, radius_mm: f64) -> f64 {
        let (m, n) = (self.linear(), other.linear());
        let square: f64 = m.iter().flatten().zip(n.iter().flatten()).map(|(a, b)| (a - b) * (a - b)).sum();
        let shift = norm([0, 1, 2].map(|a| self.shift_mm[a] - other.shift_mm[a]));
        (square / 3.0 * radius_mm * radius_mm + shift * shift).sqrt()
    }
}

/// One matrix after another.
pub(crate) fn product(a: &Matrix, b: &Matrix) -> Matrix {
    [0, 1, 2].map(|r| [0, 1, 2].map(|c| (0..3).map(|n| a[r][n] * b[n][c]).sum()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_one_middle_to_the_other_plus_the_shift() {
        let pose = Pose::rigid(Rotation::from_vector([0.5, 0.1, -0.9]), [1.0, 2.0, 3.0]).scaled(1.2);
        let there = pose.to_affine([10.0, 20.0, 30.0], [-5.0, 0.0, 5.0]).apply([10.0, 20.0, 30.0]);
        assert!(there.iter().zip([-4.0, 2.0, 8.0]).all(|(a, b)| (a - b).abs() < 1e-12));
    }

    #[test]
    fn a_map_is_the_pose_that_it_came_from() {
        let pose = Pose::rigid(Rotation::from_vector([0.4, -2.7, 0.2]), [1.0, 2.0, 3.0]);
        let (from, to) = ([10.0, 20.0, 30.0], [-5.0, 0.0, 5.0]);
        for pose in [pose, pose.moved(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 9.0, -8.0, 2.0, 5.0, -7.0, 2.0], 40.0)] {
            let back = Pose::of(&pose.to_affine(from, to), from, to).unwrap();
            assert!(back.distance_mm(&pose, 70.0) < 1e-9);
            assert_eq!(back.within(Dof::Affine), back);
        }
        let mirror = Affine::from_spacing_origin([-1.0, 1.0, 1.0], [0.0; 3]);
        assert!(Pose::of(&mirror, from, to).is_none());
    }

    #[test]
    fn half_a_turn_moves_a_ball_by_its_width() {
        let turned = Pose::rigid(Rotation::from_vector([std::f64::consts::PI, 0.0, 0.0]), [0.0; 3]);
        let still = Pose::rigid(Rotation::IDENTITY, [0.0; 3]);
        assert!((turned.distance_mm(&still, 60.0) - 120.0 * (2.0f64 / 3.0).sqrt()).abs() < 1e-9);
    }

    #[test]
    fn the_slope_is_the_derivative_of_where_points_go() {
        let pose = Pose::rigid(Rotation::from_vector([0.4, -0.7, 0.2]), [1.0, 2.0, 3.0])
            .moved(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0, -4.0, 2.0, 5.0, -1.0, 2.0], 40.0);
        let (force, r) = ([0.3, 0.1, -0.8], [10.0, 20.0, -5.0]);
        let value = |by: &Step| {
            isocenter_volume::affine::dot(force, pose.moved(by, 40.0).to_affine([0.0; 3], [0.0; 3]).apply(r))
        };
        for dof in Dof::ALL {
            let slope = pose.slope(&force.map(|f| r.map(|v| f * v)), force, 40.0, dof);
            for a in 0..12 {
                let (mut up, mut down) = ([0.0; 12], [0.0; 12]);
                (up[a], down[a]) = (1e-4, -1e-4);
                let (up, down) = (dof.kept(up), dof.kept(down));
                assert!((slope[a] - dof.kept(slope)[a]).abs() < 1e-12, "{dof:?}: a step of what it has");
                // along the step that is kept
                let along: f64 = (0..12).map(|n| slope[n] * up[n]).sum();
                assert!((along - (value(&up) - value(&down)) / 2.0).abs() < 1e-8, "{dof:?} {a}");
            }
        }
    }
}
