//! Small systems of equations.

/// The solution of `a x = b` for a symmetric, positive matrix (by rows); `None` where it is none, or as good as none. An empty system has an empty solution.
pub(in super::super) fn positive(a: &[f64], b: &[f64]) -> Option<Vec<f64>> {
    Cholesky::of(a, b.len()).map(|c| c.solve(b))
}

/// A symmetric, positive matrix taken apart by Cholesky's decomposition, after every direction is brought to the same length.
pub(in super::super) struct Cholesky {
    /// By rows.
    lower: Vec<f64>,
    scale: Vec<f64>,
}

impl Cholesky {
    /// Of a matrix by rows; `None` where it is not positive, or as good as not.
    pub(in super::super) fn of(a: &[f64], n: usize) -> Option<Self> {
        let scale: Vec<f64> = (0..n).map(|i| a[i * n + i].sqrt()).collect();
        // written so that NaN fails
        if !scale.iter().all(|s| *s > 0.0 && s.is_finite()) {
            return None;
        }
        let mut lower = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let even = a[i * n + j] / (scale[i] * scale[j]);
                let rest = even - (0..j).map(|k| lower[i * n + k] * lower[j * n + k]).sum::<f64>();
                if i == j {
                    let is_told_apart = rest > LEAST;
                    if !is_told_apart {
                        return None;
                    }
                    lower[i * n + i] = rest.sqrt();
                } else {
                    lower[i * n + j] = rest / lower[j * n + j];
                }
            }
        }
        Some(Self { lower, scale })
    }

    /// The solution for one right side.
    pub(in super::super) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let Self { lower, scale } = self;
        let n = scale.len();
        let mut x = vec![0.0; n];
        for i in 0..n {
            let rest = b[i] / scale[i] - (0..i).map(|k| lower[i * n + k] * x[k]).sum::<f64>();
            x[i] = rest / lower[i * n + i];
        }
        for i in (0..n).rev() {
            let rest = x[i] - (i + 1..n).map(|k| lower[k * n + i] * x[k]).sum::<f64>();
            x[i] = rest / lower[i * n + i];
        }
        x.into_iter().zip(scale).map(|(x, s)| x / s).collect()
    }

    /// The trace of the inverse times another symmetric matrix.
    pub(in super::super) fn trace_with(&self, other: &[f64]) -> f64 {
        let n = self.scale.len();
        (0..n).map(|i| self.solve(&other[i * n..(i + 1) * n])[i]).sum()
    }

    /// The natural logarithm of the determinant.
    pub(in super::super) fn log_determinant(&self) -> f64 {
        let n = self.scale.len();
        2.0 * (0..n).map(|i| libm::log(self.lower[i * n + i]) + libm::log(self.scale[i])).sum::<f64>()
    }
}

/// Share of a covariate's variance that must not be explained by the others.
const LEAST: f64 = 1e-10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_what_has_a_solution_and_says_what_has_none() {
        let x = positive(&[4.0, 2.0, 2.0, 1e8], &[10.0, 1e8 + 4.0]).unwrap();
        assert!((x[0] - 2.0).abs() < 1e-9 && (x[1] - 1.0).abs() < 1e-9, "{x:?}");
        assert_eq!(positive(&[1.0, 2.0, 2.0, 4.0], &[1.0, 2.0]), None);
        assert_eq!(positive(&[0.0], &[1.0]), None);
        assert_eq!(positive(&[f64::NAN], &[1.0]), None);
        assert_eq!(positive(&[], &[]), Some(Vec::new()));
        let whole = Cholesky::of(&[2.0, 1.0, 1.0, 3.0], 2).unwrap();
        assert!((whole.log_determinant() - libm::log(5.0)).abs() < 1e-15);
        assert!((whole.trace_with(&[2.0, 1.0, 1.0, 3.0]) - 2.0).abs() < 1e-15);
    }
}
