//! Eigenvalues and eigenvectors of a symmetric matrix.

/// All eigenvalues with their unit eigenvectors, the largest first; of each vector, the component with the largest size is above 0. The upper half is not read.
///
/// Golub and Van Loan, Matrix Computations, 8.3: reflections make the matrix tridiagonal, rotations with implicit shifts make it diagonal. The work is that of a few products of such matrices.
pub(crate) fn symmetric(mut a: Vec<Vec<f64>>) -> Vec<(f64, Vec<f64>)> {
    let n = a.len();
    let (mut diagonal, mut beside) = (vec![0.0; n], vec![0.0; n]);
    // rows of `v` are what becomes of the unit vectors
    let mut v: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    let mut reflections = Vec::new();
    for k in 0..n.saturating_sub(2) {
        reflections.push(reflect(&mut a, k));
    }
    for k in 0..n {
        diagonal[k] = a[k][k];
        beside[k] = if k + 1 < n { a[k + 1][k] } else { 0.0 };
    }
    for (k, w) in reflections.iter().enumerate().rev() {
        // of the product of all reflections, only rows and columns after k are touched
        for row in &mut v[k + 1..] {
            let along: f64 = row[k + 1..].iter().zip(w).map(|(x, w)| x * w).sum();
            row[k + 1..].iter_mut().zip(w).for_each(|(x, w)| *x -= 2.0 * along * w);
        }
    }
    diagonalize(&mut diagonal, &mut beside, &mut v);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| diagonal[j].total_cmp(&diagonal[i]));
    let pair = |k: &usize| {
        let row = &v[*k];
        let lead = row.iter().fold(0.0f64, |m, x| if x.abs() > m.abs() { *x } else { m });
        (diagonal[*k], if lead < 0.0 { row.iter().map(|x| -x).collect() } else { row.clone() })
    };
    order.iter().map(pair).collect()
}

/// Reflects the rows and columns after `k` so that of column `k` one element below the diagonal is left; gives the unit vector of the reflection.
fn reflect(a: &mut [Vec<f64>], k: usize) -> Vec<f64> {
    let mut w: Vec<f64> = a[k + 1..].iter().map(|row| row[k]).collect();
    let (first, tail) = (w[0], w[1..].iter().map(|x| x * x).sum::<f64>());
    if tail == 0.0 {
        w.fill(0.0);
        return w;
    }
    let length = (first * first + tail).sqrt();
    // away from the first element, so that nothing cancels
    let kept = if first > 0.0 { -length } else { length };
    w[0] -= kept;
    let size = (w[0] * w[0] + tail).sqrt();
    w.iter_mut().for_each(|x| *x /= size);
    let rest = &mut a[k + 1..];
    let mut product = vec![0.0; w.len()];
    for (i, row) in rest.iter().enumerate() {
        let row = &row[k + 1..=k + 1 + i];
        let (mut sum, wi) = (row[i] * w[i], w[i]);
        for ((x, wj), out) in row[..i].iter().zip(&w).zip(product.iter_mut()) {
            sum += x * wj;
            *out += x * wi;
        }
        product[i] += sum;
    }
    let along: f64 = product.iter().zip(&w).map(|(p, w)| p * w).sum();
    product.iter_mut().zip(&w).for_each(|(p, w)| *p = 2.0 * (*p - along * w));
    for (i, row) in rest.iter_mut().enumerate() {
        row[k] = 0.0;
        for ((x, wj), qj) in row[k + 1..=k + 1 + i].iter_mut().zip(&w).zip(&product) {
            *x -= w[i] * qj + product[i] * wj;
        }
    }
    rest[0][k] = kept;
    w
}

/// Rotates a tridiagonal matrix until nothing stands beside its diagonal; the rows of `v` turn along.
fn diagonalize(diagonal: &mut [f64], beside: &mut [f64], v: &mut [Vec<f64>]) {
    let n = diagonal.len();
    for low in 0..n {
        for _ in 0..MAX_TURNS {
            // the block from `low` that nothing splits yet
            let is_split = |m: usize| beside[m].abs() <= f64::EPSILON * (diagonal[m].abs() + diagonal[m + 1].abs());
            let high = (low..n - 1).find(|m| is_split(*m)).unwrap_or(n - 1);
            if high == low {
                break;
            }
            // the eigenvalue of the upper two rows that is nearer to the first element (Wilkinson's shift)
            let half = (diagonal[low + 1] - diagonal[low]) / (2.0 * beside[low]);
            let mut g = diagonal[high] - diagonal[low] + beside[low] / (half + libm::hypot(half, 1.0).copysign(half));
            let (mut sin, mut cos, mut shift) = (1.0, 1.0, 0.0);
            let mut is_cut = false;
            for i in (low..high).rev() {
                let (f, b) = (sin * beside[i], cos * beside[i]);
                let length = libm::hypot(f, g);
                beside[i + 1] = length;
                if length == 0.0 {
                    diagonal[i + 1] -= shift;
                    beside[high] = 0.0;
                    is_cut = true;
                    break;
                }
                (sin, cos) = (f / length, g / length);
                g = diagonal[i + 1] - shift;
                let turned = (diagonal[i] - g) * sin + 2.0 * cos * b;
                shift = sin * turned;
                diagonal[i + 1] = g + shift;
                g = cos * turned - b;
                let (above, below) = v.split_at_mut(i + 1);
                for (x, y) in above[i].iter_mut().zip(&mut below[0]) {
                    (*x, *y) = (cos * *x - sin * *y, sin * *x + cos * *y);
                }
            }
            if !is_cut {
                diagonal[low] -= shift;
                beside[low] = g;
                beside[high] = 0.0;
            }
        }
    }
}

/// Two or three turns for each eigenvalue are usual.
const MAX_TURNS: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvectors_of_a_matrix_that_is_known() {
        // eigenvalues 5, 3 and 1
        let found = symmetric(vec![vec![4.0, 1.0, 0.0], vec![1.0, 4.0, 0.0], vec![0.0, 0.0, 1.0]]);
        let h = 0.5f64.sqrt();
        for ((value, v), (wanted, axis)) in
            found.iter().zip([(5.0, [h, h, 0.0]), (3.0, [h, -h, 0.0]), (1.0, [0.0, 0.0, 1.0])])
        {
            let dot: f64 = v.iter().zip(axis).map(|(a, b)| a * b).sum();
            assert!((dot.abs() - 1.0).abs() < 1e-14 && (value - wanted).abs() < 1e-14, "{found:?}");
        }
    }

    #[test]
    fn vectors_and_values_make_the_matrix_again() {
        for (n, rank) in [(0, 0), (1, 1), (2, 2), (7, 3), (40, 40), (60, 5), (30, 0)] {
            let factor = |i: usize, k: usize| ((i * 37 + k * 101 + i * k * 13) % 97) as f64 / 48.0 - 1.0;
            let entry = |i: usize, j: usize| (0..rank).map(|k| factor(i, k) * factor(j, k)).sum::<f64>();
            let a: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect();
            let found = symmetric(a.clone());
            assert!(found.windows(2).all(|pair| pair[0].0 >= pair[1].0));
            for i in 0..n {
                for j in 0..n {
                    let back: f64 = found.iter().map(|(value, v)| value * v[i] * v[j]).sum();
                    assert!((back - a[i][j]).abs() < 1e-11, "{n} {i} {j} {back} {}", a[i][j]);
                    let dot: f64 = found[i].1.iter().zip(&found[j].1).map(|(x, y)| x * y).sum();
                    assert!((dot - f64::from(u8::from(i == j))).abs() < 1e-12);
                }
            }
        }
    }
}
