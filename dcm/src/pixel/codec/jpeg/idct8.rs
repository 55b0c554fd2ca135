//! The inverse cosine transform of a block of 8-bit samples.
//!
//! The even and the odd half of a line take 12 multiplications, in 32-bit integers: factors have 12 fractional bits, lines keep
//! 2 of them between columns and rows. Most decoders of 8 bits do it so, and their values are what users compare with; the
//! transform of [`idct`](super::idct) is closer to the definition, and off from theirs by a level here and there. Sums of
//! broken streams wrap.
//!
//! Source: ITU-T T.81 A.3.3; the factorisation: C. Loeffler, A. Ligtenberg, G. Moschytz, ICASSP 1989, 988.

use std::num::Wrapping;

type Number = Wrapping<i32>;

/// Fractional bits of the factors.
const BITS: usize = 12;
/// Fractional bits that stay between the passes.
const KEPT: usize = 2;
/// What is left to be taken off in the end: those of both passes, and the factor of 8 that both together bring.
const LAST: usize = BITS + KEPT + 3;

/// The samples of a block: coefficients times `steps`, transformed, raised by 128.
pub(super) fn block(coefficients: &[i16; 64], steps: &[u16; 64]) -> [u16; 64] {
    let value = |at: usize| Wrapping(i32::from(coefficients[at]) * i32::from(steps[at]));
    let level = |sum: Number| (sum.0 >> LAST).clamp(0, 255) as u16;
    let raised = Wrapping((1 << (LAST - 1)) + (128 << LAST));
    if coefficients[1..].iter().all(|&c| c == 0) {
        return [level((value(0) << (KEPT + BITS)) + raised); 64];
    }
    let mut lines = [[Wrapping(0); 8]; 8];
    for column in 0..8 {
        let x: [Number; 8] = std::array::from_fn(|row| value(row * 8 + column));
        if x[1..].iter().all(|c| c.0 == 0) {
            lines.iter_mut().for_each(|row| row[column] = x[0] << KEPT);
            continue;
        }
        let y = line(x, Wrapping(1 << (BITS - KEPT - 1)));
        lines.iter_mut().zip(y).for_each(|(row, y)| row[column] = y >> (BITS - KEPT));
    }
    let mut samples = [0; 64];
    for (out, row) in samples.chunks_exact_mut(8).zip(lines) {
        out.iter_mut().zip(line(row, raised)).for_each(|(sample, sum)| *sample = level(sum));
    }
    samples
}

/// One line, times 2^12, and `more` added to each.
#[inline]
fn line(x: [Number; 8], more: Number) -> [Number; 8] {
    let times = |value: Number, factor: i32| value * Wrapping(factor);
    // Even places: a rotation by 6 pi / 16 and a butterfly. Factors are those of the sums and differences of cosines.
    let shared = times(x[2] + x[6], 2217);
    let (outer, inner) = (shared + times(x[2], 3135), shared - times(x[6], 7567));
    let (sum, difference) = ((x[0] + x[4]) << BITS, (x[0] - x[4]) << BITS);
    let even = [sum + outer, difference + inner, difference - inner, sum - outer].map(|value| value + more);
    // Odd places.
    let all = times(x[7] + x[3] + x[5] + x[1], 4816);
    let [seven_one, five_three] = [all - times(x[7] + x[1], 3685), all - times(x[5] + x[3], 10_497)];
    let [seven_three, five_one] = [times(x[7] + x[3], -8034), times(x[5] + x[1], -1597)];
    let odd = [
        times(x[1], 6149) + seven_one + five_one,
        times(x[3], 12_586) + five_three + seven_three,
        times(x[5], 8410) + five_three + five_one,
        times(x[7], 1223) + seven_one + seven_three,
    ];
    std::array::from_fn(|n| if n < 4 { even[n] + odd[n] } else { even[7 - n] - odd[7 - n] })
}

#[cfg(test)]
mod tests {
    use super::super::make::inverse;
    use super::*;

    /// Half a level for rounding, the rest for factors of 12 bits.
    const TOLERANCE: f64 = 0.75;

    #[test]
    fn agrees_with_the_definition_in_floating_point() {
        let mut seed = 7u32;
        let mut random = |range: i32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as i32 % (2 * range + 1) - range
        };
        for round in 0..200 {
            let (range, many) = [(400, 3), (100, 8), (40, 20), (12, 64)][round % 4];
            let mut coefficients = [0i16; 64];
            for _ in 0..many {
                coefficients[random(1000).unsigned_abs() as usize % 64] = random(range) as i16;
            }
            let found = block(&coefficients, &[1; 64]);
            for (&found, wanted) in found.iter().zip(inverse(&coefficients.map(f64::from))) {
                let wanted = (wanted + 128.0).clamp(0.0, 255.0);
                assert!((f64::from(found) - wanted).abs() <= TOLERANCE, "{found} {wanted}");
            }
        }
    }

    #[test]
    fn a_block_of_one_coefficient_is_flat_and_exact() {
        let mut coefficients = [0; 64];
        for dc in [-2048, -1024, -4, -3, 0, 3, 4, 8, 1023, 2047] {
            coefficients[0] = dc;
            let wanted = (f64::from(dc) / 8.0 + 0.5).floor() as i32 + 128;
            assert_eq!(block(&coefficients, &[1; 64]), [wanted.clamp(0, 255) as u16; 64]);
        }
    }

    #[test]
    fn the_largest_numbers_do_not_panic() {
        for value in [i16::MIN, i16::MAX] {
            assert!(block(&[value; 64], &[u16::MAX; 64]).iter().all(|&sample| sample <= 255));
        }
    }
}
