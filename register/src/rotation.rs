//! Rotations of space as unit quaternions: exponential map, composition, an even grid of all rotations.
//!
//! A rotation vector points along the axis (right-handed) and is as long as the angle in radians. Quaternions are
//! `[w, x, y, z]`. Source of the grid: M. Alexa, "Super-Fibonacci spirals: fast, low-discrepancy sampling of SO(3)", CVPR 2022.

use std::f64::consts::{SQRT_2, TAU};

use isocenter_volume::affine::{cross, norm};

/// A rotation of space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rotation {
    quaternion: [f64; 4],
}

impl Rotation {
    pub(crate) const IDENTITY: Self = Self { quaternion: [1.0, 0.0, 0.0, 0.0] };

    /// Scales four numbers, not all zero, to a unit quaternion.
    pub(crate) fn from_quaternion(q: [f64; 4]) -> Self {
        let length = q.iter().map(|v| v * v).sum::<f64>().sqrt();
        if length > 0.0 && length.is_finite() { Self { quaternion: q.map(|v| v / length) } } else { Self::IDENTITY }
    }

    /// A unit quaternion as it stands, bit by bit; `None` where it is none.
    #[cfg(feature = "serde")]
    pub(crate) fn from_unit(q: [f64; 4]) -> Option<Self> {
        let length = q.iter().map(|v| v * v).sum::<f64>();
        // written so that NaN fails; scaling leaves a few units in the last place
        let is_unit = (length - 1.0).abs() < 1e-14;
        is_unit.then_some(Self { quaternion: q })
    }

    /// `[w, x, y, z]`.
    #[cfg(feature = "serde")]
    pub(crate) const fn quaternion(self) -> [f64; 4] {
        self.quaternion
    }

    pub(crate) fn from_vector(v: [f64; 3]) -> Self {
        let angle = norm(v);
        let (sin, cos) = libm::sincos(angle / 2.0);
        // the limit of sin(a/2)/a is 1/2
        let scale = if angle > 1e-8 { sin / angle } else { 0.5 };
        Self::from_quaternion([cos, scale * v[0], scale * v[1], scale * v[2]])
    }

    /// The rotation nearest to a matrix given by rows, which must be close to one.
    ///
    /// Source: S. W. Shepperd, "Quaternion from rotation matrix", Journal of Guidance and Control 1978: the largest of the four
    /// squares is the one to divide by.
    pub(crate) fn from_matrix(m: [[f64; 3]; 3]) -> Self {
        let squares = [
            1.0 + m[0][0] + m[1][1] + m[2][2],
            1.0 + m[0][0] - m[1][1] - m[2][2],
            1.0 - m[0][0] + m[1][1] - m[2][2],
            1.0 - m[0][0] - m[1][1] + m[2][2],
        ];
        let odd = [m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]];
        let even = [m[1][2] + m[2][1], m[0][2] + m[2][0], m[0][1] + m[1][0]];
        let largest = (1..4).fold(0, |best, i| if squares[i] > squares[best] { i } else { best });
        Self::from_quaternion(match largest {
            0 => [squares[0], odd[0], odd[1], odd[2]],
            1 => [odd[0], squares[1], even[2], even[1]],
            2 => [odd[1], even[2], squares[2], even[0]],
            _ => [odd[2], even[1], even[0], squares[3]],
        })
    }

    /// The rotation vector, its angle in `[0, pi]`.
    pub(crate) fn to_vector(self) -> [f64; 3] {
        let [w, x, y, z] = self.quaternion;
        let flip = if w < 0.0 { -1.0 } else { 1.0 };
        let sin = norm([x, y, z]);
        let angle = 2.0 * libm::atan2(sin, flip * w);
        let scale = flip * if sin > 1e-12 { angle / sin } else { 2.0 };
        [scale * x, scale * y, scale * z]
    }

    /// The angle, radians, in `[0, pi]`.
    pub(crate) fn angle(self) -> f64 {
        norm(self.to_vector())
    }

    /// Rows of the matrix.
    pub(crate) fn matrix(self) -> [[f64; 3]; 3] {
        let [w, x, y, z] = self.quaternion;
        [
            [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - w * z), 2.0 * (x * z + w * y)],
            [2.0 * (x * y + w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - w * x)],
            [2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y)],
        ]
    }

    /// The rotation that applies `first`, then `self`.
    pub(crate) fn compose(self, first: Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.quaternion, first.quaternion);
        Self::from_quaternion([
            a * e - b * f - c * g - d * h,
            a * f + b * e + c * h - d * g,
            a * g - b * h + c * e + d * f,
            a * h + b * g - c * f + d * e,
        ])
    }

    pub(crate) fn inverse(self) -> Self {
        let [w, x, y, z] = self.quaternion;
        Self { quaternion: [w, -x, -y, -z] }
    }

    pub(crate) fn apply(self, v: [f64; 3]) -> [f64; 3] {
        self.matrix().map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
    }

    /// Angle between two rotations, radians, in `[0, pi]`.
    pub(crate) fn distance(self, other: Self) -> f64 {
        self.compose(other.inverse()).angle()
    }
}

/// `count` rotations that fill the space of all rotations evenly.
pub(crate) fn even_grid(count: usize) -> Vec<Rotation> {
    const PSI: f64 = 1.533_751_168_755_204_3; // the real root of x^4 = x + 4 of the paper
    (0..count)
        .map(|i| {
            let s = i as f64 + 0.5;
            let (near, far) = ((s / count as f64).sqrt(), (1.0 - s / count as f64).sqrt());
            let (sa, ca) = libm::sincos(TAU * s / SQRT_2);
            let (sb, cb) = libm::sincos(TAU * s / PSI);
            Rotation::from_quaternion([far * cb, near * sa, near * ca, far * sb])
        })
        .collect()
}

/// Turns the derivative by a small rotation applied last into the derivative by the rotation vector `w` itself.
///
/// `exp(w + d) = exp(J d) exp(w)` to first order, with the left Jacobian `J`; the gradient takes its transpose.
pub(crate) fn pull_back(w: [f64; 3], torque: [f64; 3]) -> [f64; 3] {
    let angle = norm(w);
    let (b, c) = if angle < 1e-4 {
        (0.5 - angle * angle / 24.0, 1.0 / 6.0 - angle * angle / 120.0)
    } else {
        let (sin, cos) = libm::sincos(angle);
        ((1.0 - cos) / (angle * angle), (angle - sin) / (angle * angle * angle))
    };
    // J^T = 1 - b [w] + c [w]^2
    let once = cross(w, torque);
    let twice = cross(w, once);
    [0, 1, 2].map(|a| torque[a] - b * once[a] + c * twice[a])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vector_and_matrix_round_trip() {
        for v in [[0.0; 3], [0.3, -0.2, 0.9], [1e-10, 0.0, 0.0], [0.0, 3.1, 0.2], [-2.0, 1.0, 1.5]] {
            let r = Rotation::from_vector(v);
            let back = Rotation::from_matrix(r.matrix()).to_vector();
            assert!((0..3).all(|a| (back[a] - v[a]).abs() < 1e-12), "{v:?} {back:?}");
        }
    }

    #[test]
    fn quarter_turn_about_z_takes_x_to_y() {
        let r = Rotation::from_vector([0.0, 0.0, TAU / 4.0]);
        let y = r.apply([1.0, 0.0, 0.0]);
        assert!((y[1] - 1.0).abs() < 1e-15 && y[0].abs() < 1e-15);
    }

    #[test]
    fn the_grid_leaves_no_hole() {
        let grid = even_grid(600);
        for probe in even_grid(97) {
            let nearest = grid.iter().map(|r| r.distance(probe)).fold(f64::MAX, f64::min);
            assert!(nearest.to_degrees() < 32.0, "{}", nearest.to_degrees());
        }
    }

    #[test]
    fn pull_back_is_the_derivative_by_the_vector() {
        let (w, x, n) = ([0.4, -0.7, 0.2], [10.0, 20.0, -5.0], [0.3, 0.1, -0.8]);
        let value = |w| isocenter_volume::affine::dot(n, Rotation::from_vector(w).apply(x));
        let torque = cross(Rotation::from_vector(w).apply(x), n);
        let gradient = pull_back(w, torque);
        for a in 0..3 {
            let (mut up, mut down) = (w, w);
            up[a] += 1e-6;
            down[a] -= 1e-6;
            assert!((gradient[a] - (value(up) - value(down)) / 2e-6).abs() < 1e-6);
        }
    }
}
