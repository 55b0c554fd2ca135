//! Exact percentiles by selection.

use std::any::Any;

use rayon::prelude::*;

use super::{BLOCK, selection::Selection};
use crate::{Cancelled, Ctx, Error, Real, SampleType};

/// The values below which the given percentages of the samples lie, exact, between samples as NumPy's `linear` method has it.
///
/// The percentile `p` of `n` samples is the sorted sample number `p / 100 * (n - 1)`, interpolated linearly between neighbours.
/// 8- and 16-bit integers are counted; wider types are selected by their bit patterns, 16 bits at a time, without sorting. NaN is
/// skipped.
///
/// # Errors
/// [`Error::BadNumber`] for a percentage outside 0..=100, [`Error::Empty`] where no sample is left.
pub fn percentiles<T: Real>(samples: &[T], percents: &[f64]) -> Result<Vec<f64>, Error> {
    percentiles_of(samples, percents, &Ctx::default())
}

fn percentiles_of<T: Real>(samples: &[T], percents: &[f64], ctx: &Ctx<'_>) -> Result<Vec<f64>, Error> {
    for &percent in percents {
        if !(0.0..=100.0).contains(&percent) {
            return Err(Error::BadNumber { what: "percentile", wanted: "from 0 to 100", found: percent });
        }
    }
    let top = count_next(samples, &[0], 0, ctx)?;
    let total: u64 = top[0].iter().sum();
    if total == 0 {
        return Err(Error::Empty { what: "no sample to take a percentile of" });
    }
    // ranks asked for: two neighbours each
    let places: Vec<(u64, u64, f64)> = percents
        .iter()
        .map(|&p| {
            let at = p / 100.0 * (total - 1) as f64;
            let low = at.floor();
            (low as u64, (low as u64 + 1).min(total - 1), at - low)
        })
        .collect();
    let mut ranks: Vec<u64> = places.iter().flat_map(|&(low, high, _)| [low, high]).collect();
    ranks.sort_unstable();
    ranks.dedup();
    let values = select(samples, top, &ranks, ctx)?;
    let value = |rank: u64| ranks.binary_search(&rank).ok().and_then(|n| values.get(n)).copied().unwrap_or(f64::NAN);
    Ok(places
        .into_iter()
        .map(|(low, high, part)| {
            let (a, b) = (value(low), value(high));
            // NumPy's order of operations: from the nearer end, so that both ends are hit exactly
            if part == 0.0 || a == b {
                a
            } else if part >= 0.5 {
                b - (b - a) * (1.0 - part)
            } else {
                a + (b - a) * part
            }
        })
        .collect())
}

/// As [`percentiles`], of a selection; gives the number of its samples too.
///
/// # Errors
/// As [`percentiles`]; [`Error::Cancelled`].
pub fn percentiles_over<T: Real>(
    selection: &Selection<'_, T>,
    percents: &[f64],
    ctx: &Ctx<'_>,
) -> Result<(Vec<f64>, u64), Error> {
    let samples = selection.samples(ctx)?;
    Ok((percentiles_of(&samples, percents, ctx)?, samples.len() as u64))
}

/// The samples at `ranks` (ascending), from the counts by their top 16 key bits.
fn select<T: Real>(samples: &[T], top: Vec<Vec<u64>>, ranks: &[u64], ctx: &Ctx<'_>) -> Result<Vec<f64>, Cancelled> {
    // for each rank: the key bits known so far, and its rank among the samples that share them
    let mut known: Vec<(u64, u64)> = ranks.iter().map(|&r| (0, r)).collect();
    let (mut prefixes, mut counts) = (vec![0], top);
    let mut bits = 0;
    loop {
        for (prefix, rank) in &mut known {
            let slot = prefixes.binary_search(prefix).unwrap_or(0);
            let mut digit = 0;
            for (d, &count) in counts[slot].iter().enumerate() {
                digit = d as u64;
                if *rank < count {
                    break;
                }
                *rank -= count;
            }
            *prefix |= digit << (48 - bits);
        }
        bits += 16;
        if bits >= key_bits::<T>() {
            return Ok(known.into_iter().map(|(k, _)| value_of::<T>(k)).collect());
        }
        prefixes = known.iter().map(|k| k.0).collect();
        prefixes.dedup();
        counts = count_next(samples, &prefixes, bits, ctx)?;
    }
}

/// For each prefix (ascending; the top `bits` of a key, the rest 0) how many samples have it, by the next 16 bits.
fn count_next<T: Real>(samples: &[T], prefixes: &[u64], bits: u32, ctx: &Ctx<'_>) -> Result<Vec<Vec<u64>>, Cancelled> {
    let mask = if bits == 0 { 0 } else { u64::MAX << (64 - bits) };
    // most samples are turned away by their top 16 bits, which say all of a prefix of as many
    let mut slots = vec![NONE; DIGITS];
    for (slot, prefix) in prefixes.iter().enumerate() {
        let first = &mut slots[(prefix >> 48) as usize];
        *first = (*first).min(slot as u32);
    }
    let slot_of = |key: u64| match (bits, slots[(key >> 48) as usize]) {
        (0, _) => Some(0),
        (_, NONE) => None,
        (16, slot) => Some(slot as usize),
        _ => prefixes.binary_search(&(key & mask)).ok(),
    };
    let empty = || vec![vec![0u64; DIGITS]; prefixes.len()];
    let blocks = samples.par_chunks(16 * BLOCK);
    let stage = ctx.stage("percentiles", blocks.len() as u64);
    // counts are whole numbers: their sum is the same in any order
    let counts = blocks
        .fold(empty, |mut counts, block| {
            if stage.advance(1).is_err() {
                return counts;
            }
            for &sample in block {
                if sample.partial_cmp(&sample).is_none() {
                    continue;
                }
                let key = key(sample);
                let digit = (key >> (48 - bits)) as usize & (DIGITS - 1);
                if let Some(slot) = slot_of(key) {
                    counts[slot][digit] += 1;
                }
            }
            counts
        })
        .reduce(empty, |mut a, b| {
            a.iter_mut().flatten().zip(b.iter().flatten()).for_each(|(a, b)| *a += b);
            a
        });
    stage.finish()?;
    Ok(counts)
}

/// No prefix begins so.
const NONE: u32 = u32::MAX;

/// Values of 16 bits.
const DIGITS: usize = 1 << 16;

/// Bits of a key that this type uses, from the top.
const fn key_bits<T: Real>() -> u32 {
    match (T::TYPE.is_integer(), T::TYPE.bytes()) {
        (true, 1 | 2) => 16,
        (_, 8) => 64,
        _ => 32,
    }
}

/// An order-preserving 64-bit key: larger keys are larger samples; what a type does not need is 0 at the low end.
#[inline(always)]
fn key<T: Real>(sample: T) -> u64 {
    match (T::TYPE.is_integer(), key_bits::<T>()) {
        (true, 16) => ((sample.to_f64() as i64 + (1 << 15)) as u64) << 48,
        (true, 32) => ((sample.to_f64() as i64 + (1 << 31)) as u64) << 32,
        (true, _) => {
            let any = &sample as &dyn Any;
            match (any.downcast_ref::<u64>(), any.downcast_ref::<i64>()) {
                (Some(&v), _) => v,
                (_, Some(&v)) => v as u64 ^ SIGN,
                _ => 0,
            }
        }
        // adding 0 makes -0 equal to 0
        (false, 32) => {
            let bits = (sample.to_f32() + 0.0).to_bits();
            u64::from(if bits >> 31 == 0 { bits | 1 << 31 } else { !bits }) << 32
        }
        _ => {
            let bits = (sample.to_f64() + 0.0).to_bits();
            if bits & SIGN == 0 { bits | SIGN } else { !bits }
        }
    }
}

/// The sample with this key.
fn value_of<T: Real>(key: u64) -> f64 {
    match (T::TYPE.is_integer(), key_bits::<T>()) {
        (true, 16) => (key >> 48) as f64 - f64::from(1 << 15),
        (true, 32) => (key >> 32) as f64 - f64::from(1u32 << 31),
        (true, _) if T::TYPE == SampleType::U64 => key as f64,
        (true, _) => (key ^ SIGN) as i64 as f64,
        (false, 32) => {
            let bits = (key >> 32) as u32;
            f64::from(f32::from_bits(if bits >> 31 == 1 { bits & !(1 << 31) } else { !bits }))
        }
        _ => f64::from_bits(if key & SIGN != 0 { key & !SIGN } else { !key }),
    }
}

/// The top bit of a 64-bit key.
const SIGN: u64 = 1 << 63;

#[cfg(test)]
mod tests {
    use super::*;

    fn by_sorting<T: Real>(samples: &[T], percent: f64) -> f64 {
        let mut sorted: Vec<f64> = samples.iter().map(|s| s.to_f64()).filter(|v| !v.is_nan()).collect();
        sorted.sort_by(f64::total_cmp);
        let at = percent / 100.0 * (sorted.len() - 1) as f64;
        let (low, part) = (at.floor() as usize, at - at.floor());
        let (a, b) = (sorted[low], sorted[(low + 1).min(sorted.len() - 1)]);
        a + (b - a) * part
    }

    fn check<T: Real>(from: impl Fn(f64) -> T) {
        let samples: Vec<T> =
            (0..10_007u32).map(|n| from(f64::from(n.wrapping_mul(2_654_435_761) >> 8) / 65_536.0 - 100.0)).collect();
        let percents = [0.0, 0.5, 1.0, 33.3, 50.0, 99.0, 99.9, 100.0];
        for (found, p) in percentiles(&samples, &percents).unwrap().into_iter().zip(percents) {
            let wanted = by_sorting(&samples, p);
            assert!((found - wanted).abs() <= 1e-12 * wanted.abs(), "{:?} {p}: {found} {wanted}", T::TYPE);
        }
    }

    #[test]
    fn agrees_with_sorting_for_every_type() {
        check(|v| v.abs() as u8);
        check(|v| v as i8);
        check(|v| v.abs() as u16);
        check(|v| v as i16);
        check(|v| (v.abs() * 1e6) as u32);
        check(|v| (v * 1e6) as i32);
        check(|v| (v.abs() * 1e12) as u64);
        check(|v| (v * 1e12) as i64);
        check(half::f16::from_f64);
        check(|v| v as f32);
        check(|v| v);
    }

    #[test]
    fn nan_is_skipped_and_infinity_is_not() {
        let samples = [f32::NAN, f32::INFINITY, -0.0, 1.0, f32::NEG_INFINITY];
        assert_eq!(percentiles(&samples, &[0.0, 100.0]).unwrap(), [f64::NEG_INFINITY, f64::INFINITY]);
        assert!(percentiles(&[f32::NAN], &[50.0]).is_err());
        assert!(percentiles(&[1u8], &[101.0]).is_err());
        let some = Selection::between(&[1u8, 9, 3], 0.0, 9.0);
        assert_eq!(percentiles_over(&some, &[50.0], &Ctx::default()).unwrap(), (vec![2.0], 2));
    }
}
