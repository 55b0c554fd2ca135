//! Numbers that look drawn at random and are the same everywhere: ChaCha20 (RFC 8439), as the crate `chacha20` counts it.

use chacha20::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use sha2::{Digest, Sha256};

use super::Range;

/// The numbers of one change of one item.
pub(super) struct Draws(ChaCha20Rng);

impl Draws {
    /// The key is a digest of seed and item; each change has a stream of its own, so that a change added to a list moves no other.
    pub(super) fn of(seed: u64, item: &str, change: u64) -> Self {
        let mut digest = Sha256::new();
        digest.update(b"isocenter augment 1");
        digest.update(seed.to_le_bytes());
        digest.update(item.as_bytes());
        let mut rng = ChaCha20Rng::from_seed(digest.finalize().into());
        rng.set_stream(change);
        Self(rng)
    }

    /// At least 0, below 1.
    pub(super) fn unit(&mut self) -> f64 {
        unit(&mut self.0)
    }

    pub(super) fn within(&mut self, range: Range) -> f64 {
        range.at(self.unit())
    }

    pub(super) fn three(&mut self, range: Range) -> [f64; 3] {
        [self.within(range), self.within(range), self.within(range)]
    }

    /// A whole number from the first to the second, both included.
    pub(super) fn whole(&mut self, [low, high]: [u32; 2]) -> u32 {
        let count = f64::from(high.saturating_sub(low)) + 1.0;
        low + ((self.unit() * count) as u32).min(high.saturating_sub(low))
    }

    /// One of some axes.
    pub(super) fn one_of(&mut self, axes: &[usize]) -> usize {
        let last = axes.len().saturating_sub(1) as u32;
        axes.get(self.whole([0, last]) as usize).copied().unwrap_or(0)
    }

    pub(super) fn key(&mut self) -> u64 {
        self.0.next_u64()
    }
}

/// Numbers of a normal distribution of mean 0 and deviation 1, two at a time: those of one block under a key.
pub(super) fn normals(key: u64, block: u64) -> impl FnMut() -> [f64; 2] {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&key.to_le_bytes());
    let mut rng = ChaCha20Rng::from_seed(seed);
    rng.set_stream(block);
    // G. E. P. Box and M. E. Muller, 1958
    move || {
        let length = (-2.0 * libm::log(1.0 - unit(&mut rng))).sqrt();
        let (sin, cos) = libm::sincos(std::f64::consts::TAU * unit(&mut rng));
        [length * cos, length * sin]
    }
}

/// 53 bits of a number below 1.
fn unit(rng: &mut ChaCha20Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_that_of_the_standard() {
        // RFC 8439, A.1, test vector 1: a key and nonce of zeros
        let mut rng = ChaCha20Rng::from_seed([0; 32]);
        let mut found = [0u8; 8];
        rng.fill_bytes(&mut found);
        assert_eq!(found, [0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90]);
        // worked out by hand: SHA-256 of the text, the seed and the name is the key, the change is the nonce
        assert_eq!(Draws::of(2026, "item", 1).key(), 1_026_439_306_787_663_494);
        // and what is made of it stays what it is
        let mut draws = Draws::of(7, "item", 3);
        let whole: Vec<u32> = (0..6).map(|_| draws.whole([2, 5])).collect();
        assert!(whole.iter().all(|n| (2..=5).contains(n)));
        assert_eq!(draws.whole([4, 4]), 4);
        let mut again = Draws::of(7, "item", 3);
        assert_eq!((0..6).map(|_| again.whole([2, 5])).collect::<Vec<_>>(), whole);
        assert_ne!(Draws::of(7, "item", 4).unit(), Draws::of(7, "item", 3).unit());
        assert_ne!(Draws::of(8, "item", 3).unit(), Draws::of(7, "item", 3).unit());
    }
}
