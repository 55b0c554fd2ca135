//! A Fourier transform of one small table, in an order that does not depend on the machine.

use std::f64::consts::PI;

/// Factors for transforms of a length that is a power of two.
pub(super) struct Fft {
    /// `e^(-2 pi i n / len)` for the first half.
    turns: Vec<[f64; 2]>,
    len: usize,
}

impl Fft {
    /// For tables of `2^exponent` numbers.
    pub(super) fn new(exponent: u32) -> Self {
        let len = 1usize << exponent;
        let turn = |n: usize| {
            let (sin, cos) = libm::sincos(-2.0 * PI * n as f64 / len as f64);
            [cos, sin]
        };
        Self { turns: (0..len / 2).map(turn).collect(), len }
    }

    /// Transforms a table of complex numbers where it is.
    pub(super) fn forward(&self, table: &mut [[f64; 2]]) {
        self.transform(table, 1.0);
    }

    /// The way back, without the division by the length.
    pub(super) fn backward(&self, table: &mut [[f64; 2]]) {
        self.transform(table, -1.0);
    }

    /// Radix 2, decimation in time (J. W. Cooley and J. W. Tukey, 1965).
    fn transform(&self, table: &mut [[f64; 2]], sign: f64) {
        let bits = self.len.trailing_zeros();
        for n in 0..self.len {
            let other = n.reverse_bits() >> (usize::BITS - bits);
            if n < other {
                table.swap(n, other);
            }
        }
        let mut half = 1;
        while half < self.len {
            let stride = self.len / (2 * half);
            for block in table.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                for ((a, b), turn) in low.iter_mut().zip(high).zip(self.turns.iter().step_by(stride)) {
                    let [re, im] = [turn[0], sign * turn[1]];
                    let turned = [b[0] * re - b[1] * im, b[0] * im + b[1] * re];
                    *b = [a[0] - turned[0], a[1] - turned[1]];
                    *a = [a[0] + turned[0], a[1] + turned[1]];
                }
            }
            half *= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_sum_that_defines_it_and_comes_back() {
        let fft = Fft::new(5);
        let table: Vec<[f64; 2]> = (0..32).map(|n| [(n * n % 7) as f64, (n % 5) as f64 - 2.0]).collect();
        let mut found = table.clone();
        fft.forward(&mut found);
        for (k, value) in found.iter().enumerate() {
            let sum = table.iter().enumerate().fold([0.0, 0.0], |[re, im], (n, v)| {
                let (sin, cos) = libm::sincos(-2.0 * PI * (k * n % 32) as f64 / 32.0);
                [re + v[0] * cos - v[1] * sin, im + v[0] * sin + v[1] * cos]
            });
            assert!((sum[0] - value[0]).abs() < 1e-11 && (sum[1] - value[1]).abs() < 1e-11, "{k}");
        }
        fft.backward(&mut found);
        assert!(found.iter().zip(&table).all(|(a, b)| (a[0] / 32.0 - b[0]).abs() < 1e-13));
    }
}
