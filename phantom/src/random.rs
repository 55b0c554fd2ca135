//! Numbers that look random and depend on nothing but a key and a counter.
//!
//! The value at a counter is a hash of both, so that any thread may ask for any of them in any order: noise is the same for
//! one thread and for eight. The hash is the finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom
//! Number Generators, OOPSLA 2014), applied twice.

/// A key; see the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    key: u64,
}

impl Stream {
    /// The stream of a seed.
    pub const fn new(seed: u64) -> Self {
        Self { key: mix(seed ^ 0x6973_6f63_656e_7472) }
    }

    /// An independent stream, named.
    #[must_use]
    pub fn fork(self, name: &str) -> Self {
        // FNV-1a over the name, then mixed with the key
        let hash =
            name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        Self { key: mix(self.key ^ hash.rotate_left(17)) }
    }

    /// An independent stream, numbered.
    #[must_use]
    pub const fn nth(self, n: u64) -> Self {
        Self { key: self.bits(n ^ 0x5bd1_e995_0000_0000) }
    }

    /// 64 bits at a counter.
    #[inline]
    pub const fn bits(self, counter: u64) -> u64 {
        mix(mix(self.key.wrapping_add(counter.wrapping_mul(GOLDEN))) ^ self.key)
    }

    /// A number in `[0, 1)` at a counter.
    #[inline]
    pub const fn uniform(self, counter: u64) -> f64 {
        (self.bits(counter) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number in `[low, high)` at a counter.
    #[inline]
    pub const fn between(self, counter: u64, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform(counter)
    }

    /// A whole number below `end` (at least 1) at a counter.
    pub const fn below(self, counter: u64, end: u64) -> u64 {
        let end = if end == 0 { 1 } else { end };
        ((self.bits(counter) as u128 * end as u128) >> 64) as u64
    }

    /// A nearly normal number of mean 0 and deviation 1 at a counter: the sum of four uniform ones (at most 3.46 in size),
    /// which costs one hash and no transcendental function.
    #[inline]
    pub const fn normal(self, counter: u64) -> f64 {
        let bits = self.bits(counter);
        let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
        // each part has mean 65535 / 2 and variance (2^32 - 1) / 12
        (sum as f64 - 131_070.0) * (1.0 / 37_837.227_3)
    }

    /// The numbers `0..len` in an order of this stream's own (Fisher-Yates).
    pub fn permutation(self, len: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..len).collect();
        for last in (1..len).rev() {
            order.swap(last, self.below(last as u64, last as u64 + 1) as usize);
        }
        order
    }
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

#[inline]
const fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(GOLDEN);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_has_mean_zero_and_deviation_one() {
        let stream = Stream::new(7).fork("noise");
        let n = 200_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for c in 0..n {
            let v = stream.normal(c);
            sum += v;
            squares += v * v;
        }
        let mean = sum / n as f64;
        assert!(mean.abs() < 0.01, "{mean}");
        assert!(((squares / n as f64).sqrt() - 1.0).abs() < 0.01);
    }

    #[test]
    fn a_permutation_holds_every_number_once() {
        let mut order = Stream::new(3).permutation(50);
        assert_ne!(order, (0..50).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..50).collect::<Vec<_>>());
    }

    #[test]
    fn forks_differ() {
        let s = Stream::new(1);
        assert_ne!(s.fork("a").bits(0), s.fork("b").bits(0));
        assert_ne!(s.nth(0).bits(0), s.nth(1).bits(0));
    }
}
