//! Measures by means and variances of the joint distribution, values in `[0, 1]`.
//!
//! A bin of the sampled image stands for its middle. The cubic window that spreads a value of the interpolated image over four bins adds a third of a squared bin to every
//! variance, which is taken off again.

/// Variances below this share of the range squared are none.
const FLAT: f64 = 1e-9;

/// The sums that all of them are made of.
struct Sums {
    rows: usize,
    columns: usize,
    mean: [f64; 2],
    variance: [f64; 2],
    covariance: f64,
    /// Mean of b in each row, times the row's share; and the share.
    by_row: Vec<[f64; 2]>,
}

impl Sums {
    fn of(joint: &[f64], columns: usize) -> Self {
        let rows = joint.len() / columns.max(1);
        let mut new = Self {
            rows,
            columns,
            mean: [0.0; 2],
            variance: [0.0; 2],
            covariance: 0.0,
            by_row: Vec::with_capacity(rows),
        };
        let (mut squares, mut product) = ([0.0; 2], 0.0);
        for (r, row) in joint.chunks_exact(columns).enumerate() {
            let (mut share, mut first, mut second) = (0.0, 0.0, 0.0);
            for (c, p) in row.iter().enumerate() {
                let b = new.across(c);
                share += p;
                first += p * b;
                second += p * b * b;
            }
            let a = new.along(r);
            new.mean[0] += share * a;
            new.mean[1] += first;
            squares[0] += share * a * a;
            squares[1] += second;
            product += a * first;
            new.by_row.push([first, share]);
        }
        let spread = new.bin() * new.bin() / 3.0;
        new.variance[0] = squares[0] - new.mean[0] * new.mean[0];
        new.variance[1] = squares[1] - new.mean[1] * new.mean[1] - spread;
        new.covariance = product - new.mean[0] * new.mean[1];
        new
    }

    /// Width of a bin of the interpolated image.
    fn bin(&self) -> f64 {
        // three columns are for the window
        1.0 / (self.columns as f64 - 4.0).max(1.0)
    }

    /// The value that a row stands for.
    fn along(&self, row: usize) -> f64 {
        (row as f64 + 0.5) / self.rows as f64
    }

    /// The value that a column stands for.
    fn across(&self, column: usize) -> f64 {
        (column as f64 - 1.0) * self.bin()
    }

    fn is_flat(&self) -> bool {
        // written so that NaN is flat
        let varies = self.variance[0] > FLAT && self.variance[1] > FLAT;
        !varies
    }

    fn fill(&self, table: Option<&mut [f32]>, slope: impl Fn(usize, f64, f64) -> f64) {
        let Some(table) = table else { return };
        for (r, row) in table.chunks_exact_mut(self.columns).enumerate() {
            let a = self.along(r);
            for (c, slot) in row.iter_mut().enumerate() {
                *slot = slope(r, a, self.across(c)) as f32;
            }
        }
    }

    fn nothing(table: Option<&mut [f32]>) -> f64 {
        if let Some(table) = table {
            table.fill(0.0);
        }
        0.0
    }
}

/// The correlation coefficient.
pub(super) fn correlation(joint: &[f64], columns: usize, table: Option<&mut [f32]>) -> f64 {
    let sums = Sums::of(joint, columns);
    if sums.is_flat() {
        return Sums::nothing(table);
    }
    let ([ma, mb], [va, vb]) = (sums.mean, sums.variance);
    let scale = 1.0 / (va * vb).sqrt();
    let value = sums.covariance * scale;
    sums.fill(table, |_, a, b| (a - ma) * (b - mb) * scale - 0.5 * value * (b - mb) * (b - mb) / vb);
    value
}

/// The share of the interpolated image's variance that the sampled one's value explains.
pub(super) fn correlation_ratio(joint: &[f64], columns: usize, table: Option<&mut [f32]>) -> f64 {
    let sums = Sums::of(joint, columns);
    if sums.is_flat() {
        return Sums::nothing(table);
    }
    let (mb, vb) = (sums.mean[1], sums.variance[1]);
    let means: Vec<f64> = sums.by_row.iter().map(|[first, share]| first / share.max(f64::MIN_POSITIVE)).collect();
    let between: f64 = sums.by_row.iter().zip(&means).map(|([first, _], mean)| first * mean).sum::<f64>() - mb * mb;
    let value = between / vb;
    // of the variance between rows, and of that of all
    sums.fill(table, |r, _, b| {
        let mean = means.get(r).copied().unwrap_or(mb);
        (2.0 * (mean - mb) * b - value * (b - mb) * (b - mb)) / vb
    });
    value
}

/// One less the squared difference over what it is by chance.
pub(super) fn concordance(joint: &[f64], columns: usize, table: Option<&mut [f32]>) -> f64 {
    let sums = Sums::of(joint, columns);
    if sums.is_flat() {
        return Sums::nothing(table);
    }
    let ([ma, mb], [va, vb]) = (sums.mean, sums.variance);
    let apart = ma - mb;
    let chance = va + vb + apart * apart;
    let value = 2.0 * sums.covariance / chance;
    sums.fill(table, |_, a, b| (2.0 * (a - ma) * b - value * ((b - mb) * (b - mb) - 2.0 * apart * b)) / chance);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The joint distribution of a uniform `a` and what a map makes of it.
    fn through(map: impl Fn(f64) -> f64) -> Vec<f64> {
        let (rows, columns) = (32, 35);
        let mut joint = vec![0.0; rows * columns];
        for r in 0..rows {
            let b = map((r as f64 + 0.5) / 32.0) * 31.0;
            let whole = b.floor().min(31.0);
            let t = b - whole;
            let s = 1.0 - t;
            let window = [
                s * s * s / 6.0,
                2.0 / 3.0 - t * t * (1.0 - 0.5 * t),
                2.0 / 3.0 - s * s * (1.0 - 0.5 * s),
                t * t * t / 6.0,
            ];
            for (n, w) in window.iter().enumerate() {
                joint[r * columns + whole as usize + n] += w / 32.0;
            }
        }
        joint
    }

    #[test]
    fn each_measure_sees_the_relation_that_it_is_for() {
        let (same, linear) = (through(|a| a), through(|a| 0.3 + 0.5 * a));
        let bent = through(|a| 4.0 * (a - 0.5) * (a - 0.5));
        assert!((concordance(&same, 35, None) - 1.0).abs() < 1e-6 && concordance(&linear, 35, None) < 0.9);
        assert!((correlation(&linear, 35, None) - 1.0).abs() < 1e-6 && correlation(&bent, 35, None).abs() < 1e-6);
        assert!((correlation(&through(|a| 1.0 - a), 35, None) + 1.0).abs() < 1e-6, "against each other");
        for joint in [same, linear, bent] {
            assert!((correlation_ratio(&joint, 35, None) - 1.0).abs() < 1e-3);
        }
    }
}
