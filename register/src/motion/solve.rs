//! Small systems of equations.

/// A square matrix by rows.
pub(super) type Square<const N: usize> = [[f64; N]; N];

/// The inverse of a symmetric matrix without negative directions, a share of its largest diagonal element added to the diagonal: what the matrix says nothing of
/// stays bounded. `None` for one that is zero or not finite.
///
/// Gauss and Jordan's elimination; the pivots of such a matrix are on its diagonal.
pub(super) fn inverse<const N: usize>(mut matrix: Square<N>, added: f64) -> Option<Square<N>> {
    let largest = (0..N).map(|a| matrix[a][a]).fold(0.0, f64::max);
    // written so that NaN fails
    let is_usable = largest > 0.0 && matrix.iter().flatten().all(|v| v.is_finite());
    if !is_usable {
        return None;
    }
    let mut inverse: Square<N> = std::array::from_fn(|a| std::array::from_fn(|b| f64::from(u8::from(a == b))));
    for (a, row) in matrix.iter_mut().enumerate() {
        row[a] += added * largest;
    }
    for a in 0..N {
        let pivot = matrix[a][a];
        if pivot <= 0.0 {
            return None;
        }
        matrix[a] = matrix[a].map(|v| v / pivot);
        inverse[a] = inverse[a].map(|v| v / pivot);
        let (row, inverse_row) = (matrix[a], inverse[a]);
        for b in (0..N).filter(|b| *b != a) {
            let factor = matrix[b][a];
            for c in 0..N {
                matrix[b][c] -= factor * row[c];
                inverse[b][c] -= factor * inverse_row[c];
            }
        }
    }
    Some(inverse)
}

/// A matrix times a vector.
pub(super) fn times<const R: usize, const C: usize>(matrix: &[[f64; C]; R], vector: &[f64; C]) -> [f64; R] {
    std::array::from_fn(|r| (0..C).map(|c| matrix[r][c] * vector[c]).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_undoes_the_matrix() {
        let m = [[4.0, 1.0, 0.5], [1.0, 3.0, -0.2], [0.5, -0.2, 2.0]];
        let back = times(&inverse(m, 0.0).unwrap(), &times(&m, &[1.0, -2.0, 3.0]));
        assert!((0..3).all(|a| (back[a] - [1.0, -2.0, 3.0][a]).abs() < 1e-12));
        assert!(inverse([[0.0; 2]; 2], 1e-6).is_none());
        assert!(inverse([[1.0, 0.0], [0.0, 0.0]], 1e-6).is_some(), "a direction without information");
    }
}
