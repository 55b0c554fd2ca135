//! Eigenvectors of a symmetric matrix by Jacobi's rotations.

/// The unit eigenvectors of the largest eigenvalues, the largest first; of each, the component with the largest size is above 0.
///
/// Golub and Van Loan, Matrix Computations, 8.5: rotations that each make one pair of elements 0, until none is left.
pub(super) fn largest(mut a: Vec<Vec<f64>>, count: usize) -> Vec<Vec<f64>> {
    let n = a.len();
    let mut v: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    let total: f64 = a.iter().flatten().map(|x| x * x).sum();
    for _ in 0..MAX_SWEEPS {
        let mut off = 0.0;
        for (i, row) in a.iter().enumerate() {
            off += row.iter().skip(i + 1).map(|x| x * x).sum::<f64>();
        }
        if off <= total * SMALL {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut v, p, q);
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| a[j][j].total_cmp(&a[i][i]));
    let vector = |k: &usize| {
        let column: Vec<f64> = v.iter().map(|row| row[*k]).collect();
        let lead = column.iter().fold(0.0f64, |m, x| if x.abs() > m.abs() { *x } else { m });
        if lead < 0.0 { column.iter().map(|x| -x).collect() } else { column }
    };
    order.iter().take(count).map(vector).collect()
}

/// Makes the elements (p, q) and (q, p) 0; the rotation is kept in the columns of `v`.
fn rotate(a: &mut [Vec<f64>], v: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    let turn = |x: f64, y: f64| (c * x - s * y, s * x + c * y);
    for row in a.iter_mut() {
        (row[p], row[q]) = turn(row[p], row[q]);
    }
    let (above, below) = a.split_at_mut(q);
    if let (Some(row_p), Some(row_q)) = (above.get_mut(p), below.first_mut()) {
        row_p.iter_mut().zip(row_q).for_each(|(x, y)| (*x, *y) = turn(*x, *y));
    }
    (a[p][q], a[q][p]) = (0.0, 0.0);
    for row in v.iter_mut() {
        (row[p], row[q]) = turn(row[p], row[q]);
    }
}

/// Each sweep at least squares what is left, once it is small: ten are more than any matrix needs.
const MAX_SWEEPS: usize = 60;

/// The share of the squares off the diagonal that is as good as none in f64.
const SMALL: f64 = 1e-30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvectors_of_a_matrix_that_is_known() {
        // eigenvalues 5, 3 and 1
        let found = largest(vec![vec![4.0, 1.0, 0.0], vec![1.0, 4.0, 0.0], vec![0.0, 0.0, 1.0]], 3);
        let h = 0.5f64.sqrt();
        for (v, wanted) in found.iter().zip([[h, h, 0.0], [h, -h, 0.0], [0.0, 0.0, 1.0]]) {
            let dot: f64 = v.iter().zip(wanted).map(|(a, b)| a * b).sum();
            assert!((dot.abs() - 1.0).abs() < 1e-14, "{found:?}");
        }
    }
}
