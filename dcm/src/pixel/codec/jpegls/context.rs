//! Coding parameters and the adaptive contexts.
//!
//! Source: ITU-T T.87 A.2, A.5, A.6, C.2.4.1.1.

/// The parameters of a scan.
#[derive(Clone, Debug)]
pub(in crate::pixel) struct Parameters {
    pub(in crate::pixel) most: i32,
    pub(in crate::pixel) near: i32,
    pub(in crate::pixel) thresholds: [i32; 3],
    pub(in crate::pixel) reset: i32,
    pub(in crate::pixel) range: i32,
    pub(in crate::pixel) bits: u32,
    pub(in crate::pixel) limit: u32,
}

impl Parameters {
    /// The parameters of samples up to `most`; zeros in `preset` stand for defaults.
    pub(in crate::pixel) fn new(most: i32, near: i32, preset: [i32; 4]) -> Self {
        let clamp = |value: i32, low: i32| if value > most || value < low { low } else { value };
        let defaults = if most >= 128 {
            let factor = (most.min(4095) + 128) / 256;
            [factor + 2 + 3 * near, 4 * factor + 3 + 5 * near, 17 * factor + 4 + 7 * near]
        } else {
            let factor = 256 / (most + 1);
            [(3 / factor + 3 * near).max(2), (7 / factor + 5 * near).max(3), (21 / factor + 7 * near).max(4)]
        };
        let mut thresholds = [0; 3];
        let mut low = near + 1;
        for at in 0..3 {
            thresholds[at] = if preset[at] != 0 { preset[at] } else { clamp(defaults[at], low) };
            low = thresholds[at];
        }
        let range = (most + 2 * near) / (2 * near + 1) + 1;
        let bits_of = |count: i32| 32 - (count - 1).leading_zeros();
        let sample_bits = bits_of(most + 1).max(2);
        Self {
            most,
            near,
            thresholds,
            reset: if preset[3] != 0 { preset[3] } else { 64 },
            range,
            bits: bits_of(range),
            limit: 2 * (sample_bits + sample_bits.max(8)),
        }
    }

    /// Region of a gradient, -4 to 4.
    #[inline]
    pub(in crate::pixel) fn region(&self, gradient: i32) -> i32 {
        let [t1, t2, t3] = self.thresholds;
        let size = gradient.abs();
        // Four comparisons without a branch: gradients of noise are not to be predicted.
        let region =
            i32::from(size > self.near) + i32::from(size >= t1) + i32::from(size >= t2) + i32::from(size >= t3);
        if gradient < 0 { -region } else { region }
    }

    /// The sample of a prediction and an error in steps, folded back into the range.
    #[inline]
    pub(in crate::pixel) fn reconstruct(&self, prediction: i32, error: i32) -> i32 {
        let step = 2 * self.near + 1;
        let mut value = prediction + error * step;
        if value < -self.near {
            value += self.range * step;
        } else if value > self.most + self.near {
            value -= self.range * step;
        }
        value.clamp(0, self.most)
    }
}

/// One context: sum of magnitudes, bias, correction, count.
#[derive(Clone, Copy)]
pub(in crate::pixel) struct Context {
    pub(in crate::pixel) a: i32,
    pub(in crate::pixel) b: i32,
    pub(in crate::pixel) c: i32,
    pub(in crate::pixel) n: i32,
}

impl Context {
    pub(in crate::pixel) fn new(range: i32) -> Self {
        Self { a: ((range + 32) / 64).max(2), b: 0, c: 0, n: 1 }
    }

    /// The Golomb parameter.
    #[inline]
    pub(in crate::pixel) fn k(&self) -> u32 {
        golomb(self.n, self.a)
    }

    /// Learns an error, in steps.
    #[inline]
    pub(in crate::pixel) fn update(&mut self, error: i32, near: i32, reset: i32) {
        self.a += error.abs();
        self.b += error * (2 * near + 1);
        if self.n == reset {
            self.a >>= 1;
            self.b >>= 1;
            self.n >>= 1;
        }
        self.n += 1;
        if self.b <= -self.n {
            self.b = (self.b + self.n).max(1 - self.n);
            self.c = (self.c - 1).max(-128);
        } else if self.b > 0 {
            self.b = (self.b - self.n).min(0);
            self.c = (self.c + 1).min(127);
        }
    }
}

/// The smallest k with `n << k` at least `a`.
#[inline]
pub(in crate::pixel) fn golomb(n: i32, a: i32) -> u32 {
    let k = n.leading_zeros().saturating_sub(a.leading_zeros());
    // The highest bits stand level now; one more step where those below decide.
    k + u32::from(i64::from(n) << k < i64::from(a))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_golomb_parameter_is_the_smallest() {
        for (n, a) in (1..70).flat_map(|n| (0..5000).step_by(7).map(move |a| (n, a))) {
            let k = golomb(n, a);
            assert!(n << k >= a && (k == 0 || n << (k - 1) < a), "{n} {a} {k}");
        }
    }

    #[test]
    fn default_thresholds_are_those_of_the_standard() {
        // T.87 table C.3, and C.2.4.1.1.1 for 12 and 16 bits.
        assert_eq!(Parameters::new(255, 0, [0; 4]).thresholds, [3, 7, 21]);
        assert_eq!(Parameters::new(4095, 0, [0; 4]).thresholds, [18, 67, 276]);
        assert_eq!(Parameters::new(65535, 0, [0; 4]).thresholds, [18, 67, 276]);
    }
}
