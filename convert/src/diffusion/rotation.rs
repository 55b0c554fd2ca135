//! The rotation that is nearest to an affine.
//!
//! The orthogonal factor of the polar decomposition, by Newton's iteration: a matrix is averaged with the inverse of its transpose until
//! both are one. Voxels of different sizes leave it unchanged where the axes are at right angles. It keeps the sign of the determinant.
//!
//! Source: N. J. Higham, "Computing the polar decomposition, with applications", SIAM J. Sci. Stat. Comput. 7 (1986).

use isocenter_volume::{
    Affine,
    affine::{cross, dot},
};

/// The columns of the orthogonal matrix that is nearest to the linear part; `None` where that maps space onto a plane.
pub(super) fn nearest(affine: &Affine) -> Option<[[f64; 3]; 3]> {
    let mut columns = [0, 1, 2].map(|axis| affine.column(axis));
    for _ in 0..MOST_TURNS {
        let [a, b, c] = columns;
        // columns of the inverse's transpose, times the determinant
        let cofactors = [cross(b, c), cross(c, a), cross(a, b)];
        let determinant = dot(a, cofactors[0]);
        let (size, inverse) = (square(&columns), square(&cofactors) / (determinant * determinant));
        // without it, large matrices are halved many times before they turn
        let scale = (inverse / size).sqrt().sqrt();
        if !(determinant.is_finite() && determinant != 0.0 && scale.is_finite() && scale > 0.0) {
            return None;
        }
        let next: [[f64; 3]; 3] = std::array::from_fn(|n| {
            std::array::from_fn(|r| (columns[n][r] * scale + cofactors[n][r] / (determinant * scale)) / 2.0)
        });
        let moved: f64 = (0..3).flat_map(|n| (0..3).map(move |r| (next[n][r] - columns[n][r]).abs())).sum();
        columns = next;
        if moved < SETTLED {
            return Some(columns);
        }
    }
    Some(columns)
}

fn square(columns: &[[f64; 3]; 3]) -> f64 {
    columns.iter().map(|column| dot(*column, *column)).sum()
}

/// The iteration is quadratic: a grid takes about eight turns.
const MOST_TURNS: usize = 60;

/// Rounding leaves less.
const SETTLED: f64 = 1e-14;

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(found: [[f64; 3]; 3], wanted: [[f64; 3]; 3]) -> bool {
        found.iter().flatten().zip(wanted.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-12)
    }

    #[test]
    fn sizes_of_voxels_leave_the_axes_as_they_are() {
        let axes = [[0.6, 0.8, 0.0], [0.8, -0.6, 0.0], [0.0, 0.0, 1.0]];
        let scaled = [axes[0].map(|v| v * 0.1), axes[1].map(|v| v * 30.0), axes[2].map(|v| v * 5.0)];
        assert!(is_near(nearest(&Affine::from_columns(scaled, [1.0; 3])).unwrap(), axes));
    }

    #[test]
    fn a_shear_is_shared_by_the_axes() {
        // a symmetric matrix with positive eigenvalues has no rotation in it
        let columns = [[2.0, 0.5, 0.0], [0.5, 3.0, 0.0], [0.0, 0.0, 1.0]];
        let wanted = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        assert!(is_near(nearest(&Affine::from_columns(columns, [0.0; 3])).unwrap(), wanted));
    }

    #[test]
    fn a_flat_grid_has_none() {
        assert_eq!(nearest(&Affine::from_columns([[1.0, 0.0, 0.0]; 3], [0.0; 3])), None);
    }
}
