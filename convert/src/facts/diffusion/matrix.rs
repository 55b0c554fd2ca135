//! B-matrices: six numbers, and the one direction that they may tell.
//!
//! A single gradient g of b s/mm^2 has the matrix b g g^T, whose largest eigenvalue is b and whose principal eigenvector is g but for
//! its sign, which no B-matrix holds. Gradients of imaging add little to it; a matrix of several directions has several eigenvalues.

use isocenter_volume::affine::{dot, norm};

/// From xx, xy, xz, yy, yz, zz.
pub(super) fn symmetric([xx, xy, xz, yy, yz, zz]: [f64; 6]) -> [[f64; 3]; 3] {
    [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]
}

/// The principal direction, where the matrix is that of one; the sign is that which makes the largest component positive.
pub(super) fn direction(matrix: &[[f64; 3]; 3]) -> Option<[f64; 3]> {
    let trace = matrix[0][0] + matrix[1][1] + matrix[2][2];
    if !(trace.is_finite() && trace >= WEIGHTED) {
        return None;
    }
    // the square of a matrix doubles its eigenvalues' exponents: after twelve of them only the largest is left
    let mut power = matrix.map(|row| row.map(|v| v / trace));
    for _ in 0..SQUARINGS {
        let square: [[f64; 3]; 3] =
            std::array::from_fn(|r| std::array::from_fn(|c| (0..3).map(|k| power[r][k] * power[k][c]).sum()));
        let size = square[0][0] + square[1][1] + square[2][2];
        if !(size.is_finite() && size > 0.0) {
            return None;
        }
        power = square.map(|row| row.map(|v| v / size));
    }
    let longest = power.into_iter().max_by(|a, b| norm(*a).total_cmp(&norm(*b)))?;
    let length = norm(longest);
    let vector = longest.map(|v| v / length);
    let largest = dot(vector, matrix.map(|row| dot(row, vector)));
    let lead = vector.into_iter().max_by(|a, b| a.abs().total_cmp(&b.abs()))?;
    (largest >= ONE_DIRECTION * trace).then(|| vector.map(|v| v * lead.signum()))
}

const SQUARINGS: usize = 12;

/// Gradients of imaging weigh less, s/mm^2; a matrix of nothing else has no direction worth telling.
const WEIGHTED: f64 = 50.0;

/// The least share that the largest eigenvalue of one direction has: imaging gradients leave far more, planes and balls at most a half.
const ONE_DIRECTION: f64 = 0.75;

#[cfg(test)]
mod tests {
    use super::*;

    fn outer(b: f64, g: [f64; 3]) -> [[f64; 3]; 3] {
        g.map(|r| g.map(|c| b * r * c))
    }

    #[test]
    fn one_gradient_is_found_but_for_its_sign() {
        for g in [[0.6, 0.0, -0.8], [-1.0, 0.0, 0.0], [0.36, 0.48, 0.8], [0.0, -0.6, -0.8]] {
            let found = direction(&outer(1000.0, g)).unwrap();
            assert!((dot(found, g).abs() - 1.0).abs() < 1e-12, "{g:?} {found:?}");
        }
    }

    #[test]
    fn planes_balls_and_nothing_have_no_direction() {
        let plane = symmetric([500.0, 0.0, 0.0, 500.0, 0.0, 0.0]);
        let ball = symmetric([333.0, 0.0, 0.0, 333.0, 0.0, 333.0]);
        for matrix in [plane, ball, [[0.0; 3]; 3], outer(10.0, [1.0, 0.0, 0.0]), [[f64::NAN; 3]; 3]] {
            assert_eq!(direction(&matrix), None, "{matrix:?}");
        }
    }
}
