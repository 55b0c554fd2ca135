//! Exact percentiles in two passes: the upper half of the bits, then the lower half of those that hold a rank.

use std::collections::BTreeMap;

/// Order of f32 as whole numbers.
fn key(value: f32) -> u32 {
    // zeros are equal
    let bits = (value + 0.0).to_bits();
    if bits >> 31 == 1 { !bits } else { bits | 1 << 31 }
}

fn value(key: u32) -> f32 {
    f32::from_bits(if key >> 31 == 1 { key & !(1 << 31) } else { !key })
}

/// Counts by the upper 16 bits.
pub(super) struct Coarse {
    counts: Vec<u64>,
    total: u64,
}

impl Coarse {
    pub(super) fn new() -> Self {
        Self { counts: vec![0; 1 << 16], total: 0 }
    }

    pub(super) fn add(&mut self, samples: &[f32]) {
        samples.iter().for_each(|v| self.counts[(key(*v) >> 16) as usize] += 1);
        self.total += samples.len() as u64;
    }

    pub(super) const fn count(&self) -> u64 {
        self.total
    }

    /// What is to be counted for these percentiles; `None` of no sample.
    pub(super) fn asking(&self, percents: &[f64]) -> Option<Fine> {
        if self.total == 0 {
            return None;
        }
        let ranks = percents.iter().map(|p| {
            let rank = p / 100.0 * (self.total - 1) as f64;
            let low = rank.floor();
            (low as u64, rank - low)
        });
        let ranks: Vec<(u64, f64)> = ranks.collect();
        let last = self.total - 1;
        let mut bins: BTreeMap<u16, (u64, Vec<u64>)> = BTreeMap::new();
        let mut before = 0;
        for (bin, count) in self.counts.iter().enumerate() {
            let holds = |rank: u64| rank >= before && rank < before + count;
            if ranks.iter().any(|(low, _)| holds(*low) || holds((low + 1).min(last))) {
                bins.insert(bin as u16, (before, vec![0; 1 << 16]));
            }
            before += count;
        }
        Some(Fine { bins, ranks, last })
    }
}

/// Counts by the lower 16 bits, of the upper ones that hold a rank.
pub(super) struct Fine {
    bins: BTreeMap<u16, (u64, Vec<u64>)>,
    ranks: Vec<(u64, f64)>,
    last: u64,
}

impl Fine {
    pub(super) fn add(&mut self, samples: &[f32]) {
        for sample in samples {
            let key = key(*sample);
            if let Some((_, counts)) = self.bins.get_mut(&((key >> 16) as u16)) {
                counts[(key & 0xffff) as usize] += 1;
            }
        }
    }

    /// Linear between ranks, as [`isocenter_volume::stats::percentiles_over`] has it.
    pub(super) fn values(&self) -> Vec<f64> {
        let value = |(low, part): &(u64, f64)| {
            let (a, b) = (self.at(*low), self.at((low + 1).min(self.last)));
            a + (b - a) * part
        };
        self.ranks.iter().map(value).collect()
    }

    fn at(&self, rank: u64) -> f64 {
        let Some((bin, (before, counts))) = self.bins.iter().rev().find(|(_, (before, _))| *before <= rank) else {
            return f64::NAN;
        };
        let mut left = rank - before;
        for (low, count) in counts.iter().enumerate() {
            if left < *count {
                return f64::from(value(u32::from(*bin) << 16 | low as u32));
            }
            left -= count;
        }
        f64::NAN
    }
}

#[cfg(test)]
mod tests {
    use isocenter_volume::stats::percentiles;

    use super::*;

    #[test]
    fn two_passes_say_what_sorting_says() {
        let samples: Vec<f32> =
            (0..5000).map(|n| ((n * 7919 % 5003) as f32 - 2500.0) * 0.37).chain([-0.0, 0.0]).collect();
        let percents = [0.0, 0.5, 1.0, 33.3, 50.0, 99.5, 100.0];
        let mut coarse = Coarse::new();
        samples.chunks(77).for_each(|part| coarse.add(part));
        let mut fine = coarse.asking(&percents).unwrap();
        samples.chunks(1000).for_each(|part| fine.add(part));
        assert_eq!(fine.values(), percentiles(&samples, &percents).unwrap());
        assert!(Coarse::new().asking(&percents).is_none());
    }
}
