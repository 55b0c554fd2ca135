//! Matrices of three rows and columns, given by rows: products, singular values, square roots.

use isocenter_volume::{
    Affine,
    affine::{cross, dot, norm},
};

/// Rows of a matrix.
pub(crate) type Matrix = [[f64; 3]; 3];

pub(crate) const IDENTITY: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// Sweeps over all pairs of columns; a dozen brings any matrix to the last bit.
const MOST_SWEEPS: usize = 60;

/// The matrix part of a map.
pub(crate) fn of(map: &Affine) -> Matrix {
    map.rows().map(|[x, y, z, _]| [x, y, z])
}

/// The map `m x + t`.
pub(crate) fn to_affine(m: &Matrix, t: [f64; 3]) -> Affine {
    Affine::from_rows([0, 1, 2].map(|r| [m[r][0], m[r][1], m[r][2], t[r]]))
}

/// The map `m (x - c) + c + t`.
pub(crate) fn about(m: &Matrix, t: [f64; 3], c: [f64; 3]) -> Affine {
    to_affine(m, [0, 1, 2].map(|r| t[r] + c[r] - dot(m[r], c)))
}

pub(crate) fn map(f: impl Fn(usize, usize) -> f64) -> Matrix {
    [0, 1, 2].map(|r| [0, 1, 2].map(|c| f(r, c)))
}

pub(crate) fn transpose(m: &Matrix) -> Matrix {
    map(|r, c| m[c][r])
}

pub(crate) fn product(a: &Matrix, b: &Matrix) -> Matrix {
    map(|r, c| a[r][0] * b[0][c] + a[r][1] * b[1][c] + a[r][2] * b[2][c])
}

pub(crate) fn apply(m: &Matrix, v: [f64; 3]) -> [f64; 3] {
    m.map(|row| dot(row, v))
}

pub(crate) fn sum(a: &Matrix, b: &Matrix) -> Matrix {
    map(|r, c| a[r][c] + b[r][c])
}

pub(crate) fn scaled(m: &Matrix, by: f64) -> Matrix {
    m.map(|row| row.map(|v| v * by))
}

pub(crate) fn diagonal(d: [f64; 3]) -> Matrix {
    map(|r, c| if r == c { d[r] } else { 0.0 })
}

pub(crate) fn determinant(m: &Matrix) -> f64 {
    dot(m[0], cross(m[1], m[2]))
}

/// `None` where the matrix is singular or not finite, by the rule of [`Affine::inverse`].
pub(crate) fn inverse(m: &Matrix) -> Option<Matrix> {
    to_affine(m, [0.0; 3]).inverse().map(|back| of(&back))
}

/// The largest entry, without its sign; NaN where one is.
pub(crate) fn largest(m: &Matrix) -> f64 {
    m.iter().flatten().fold(0.0, |most: f64, v| if v.abs() > most || v.is_nan() { v.abs() } else { most })
}

/// How far two matrices differ in any entry.
pub(crate) fn difference(a: &Matrix, b: &Matrix) -> f64 {
    largest(&map(|r, c| a[r][c] - b[r][c]))
}

/// `m = u diag(s) v^T`: singular values, the largest first, none negative; `u` and `v` are orthogonal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Svd {
    pub(crate) u: Matrix,
    pub(crate) values: [f64; 3],
    pub(crate) v: Matrix,
}

/// One-sided Jacobi. Source: G. Golub and C. Van Loan, "Matrix Computations", 4th edition, section 8.6.3.
pub(crate) fn svd(m: &Matrix) -> Svd {
    // columns of m v, and of v
    let (mut columns, mut v) = (transpose(m), IDENTITY);
    for _ in 0..MOST_SWEEPS {
        let mut is_done = true;
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            let (a, b, c) = (dot(columns[p], columns[p]), dot(columns[q], columns[q]), dot(columns[p], columns[q]));
            // written so that NaN ends
            let is_apart = c.abs() > f64::EPSILON * (a * b).sqrt();
            if !is_apart {
                continue;
            }
            is_done = false;
            let zeta = (b - a) / (2.0 * c);
            let sign = if zeta < 0.0 { -1.0 } else { 1.0 };
            let tan = sign / (zeta.abs() + (1.0 + zeta * zeta).sqrt());
            let cos = 1.0 / (1.0 + tan * tan).sqrt();
            turn(&mut columns, p, q, cos, cos * tan);
            turn(&mut v, p, q, cos, cos * tan);
        }
        if is_done {
            break;
        }
    }
    let mut order = [0, 1, 2];
    let lengths = columns.map(norm);
    order.sort_by(|a, b| lengths[*b].total_cmp(&lengths[*a]));
    let values = order.map(|n| lengths[n]);
    let v = transpose(&order.map(|n| v[n]));
    Svd { u: transpose(&completed(order.map(|n| columns[n]), values)), values, v }
}

/// Turns rows `p` and `q` into each other.
fn turn(rows: &mut Matrix, p: usize, q: usize, cos: f64, sin: f64) {
    let (a, b) = (rows[p], rows[q]);
    rows[p] = [0, 1, 2].map(|n| cos * a[n] - sin * b[n]);
    rows[q] = [0, 1, 2].map(|n| sin * a[n] + cos * b[n]);
}

/// Unit vectors along columns of falling length, those of no length made perpendicular to the rest.
fn completed(columns: Matrix, lengths: [f64; 3]) -> Matrix {
    let is_there = |n: usize| lengths[n] > f64::EPSILON * lengths[0] && lengths[n] > 0.0;
    let unit = |v: [f64; 3]| {
        let length = norm(v);
        v.map(|x| x / length)
    };
    if !is_there(0) {
        return IDENTITY;
    }
    let first = unit(columns[0]);
    let second = if is_there(1) {
        unit(columns[1])
    } else {
        let axis = (1..3).fold(0, |best, n| if first[n].abs() < first[best].abs() { n } else { best });
        unit(cross(first, IDENTITY[axis]))
    };
    let third = if is_there(2) { unit(columns[2]) } else { cross(first, second) };
    [first, second, third]
}

/// The rotation nearest to a matrix: of all `r` without a mirror the one with the least squared difference.
///
/// Source: W. Kabsch, Acta Crystallographica A34 (1978).
pub(crate) fn nearest_rotation(m: &Matrix) -> Matrix {
    let Svd { u, v, .. } = svd(m);
    let side = determinant(&u) * determinant(&v);
    product(&product(&u, &diagonal([1.0, 1.0, if side < 0.0 { -1.0 } else { 1.0 }])), &transpose(&v))
}

/// The square root whose eigenvalues have positive real parts, or `None` where the iteration finds none.
///
/// The product form of the Denman-Beavers iteration with determinantal scaling. Source: N. Higham, "Functions of Matrices", SIAM 2008,
/// equations 6.29 and 6.35.
pub(crate) fn principal_root(m: &Matrix) -> Option<Matrix> {
    let (mut x, mut left) = (*m, *m);
    for _ in 0..MOST_SWEEPS {
        let scale = libm::pow(determinant(&left).abs(), -1.0 / 6.0);
        // close to the end scaling only stirs the last digits
        let scale = if difference(&left, &IDENTITY) > 1e-2 && scale.is_finite() { scale } else { 1.0 };
        let (there, back) = (scaled(&left, scale * scale), scaled(&inverse(&left)?, 1.0 / (scale * scale)));
        x = scaled(&product(&x, &sum(&IDENTITY, &back)), 0.5 * scale);
        left = sum(&scaled(&IDENTITY, 0.5), &scaled(&sum(&there, &back), 0.25));
        if difference(&left, &IDENTITY) < 4.0 * f64::EPSILON {
            return Some(x);
        }
    }
    (difference(&left, &IDENTITY) < 1e-10).then_some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: Matrix = [[1.1, 0.3, -0.2], [-0.4, 0.9, 0.25], [0.1, -0.3, 1.4]];

    fn is_close(a: &Matrix, b: &Matrix) -> bool {
        difference(a, b) < 1e-14 * 8.0
    }

    #[test]
    fn svd_builds_the_matrix_again() {
        let flat = [[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.5, 1.0, 1.5]];
        for m in [SOME, IDENTITY, flat, [[0.0; 3]; 3], diagonal([0.0, -3.0, 2.0]), scaled(&SOME, 1e-150)] {
            let Svd { u, values, v } = svd(&m);
            assert!(is_close(&product(&product(&u, &diagonal(values)), &transpose(&v)), &m), "{m:?}");
            assert!(is_close(&product(&u, &transpose(&u)), &IDENTITY), "{m:?} {u:?}");
            assert!(is_close(&product(&v, &transpose(&v)), &IDENTITY), "{m:?}");
            assert!(values[0] >= values[1] && values[1] >= values[2] && values[2] >= 0.0);
        }
        assert!(svd(&[[f64::NAN; 3]; 3]).values[0].is_nan());
    }

    #[test]
    fn the_nearest_rotation_of_a_mirror_is_no_mirror() {
        let r = nearest_rotation(&diagonal([1.0, 2.0, -0.5]));
        assert!((determinant(&r) - 1.0).abs() < 1e-14 && is_close(&r, &IDENTITY));
    }

    #[test]
    fn the_root_of_a_square_is_found() {
        let root = principal_root(&product(&SOME, &SOME)).unwrap();
        assert!(is_close(&root, &SOME));
        assert!(
            principal_root(&diagonal([-1.0, -2.0, 3.0]))
                .is_none_or(|r| { difference(&product(&r, &r), &diagonal([-1.0, -2.0, 3.0])) > 1e-6 })
        );
    }
}
