//! The inverse cosine transform of a block, in integers.
//!
//! One line of eight is `x[n] = sum over k of X[k] c(k) cos((2n + 1) k pi / 16)`, c(0) = 1, else the root of 2; columns, then
//! rows, and the sum divided by 8. DynSamples n and 7 - n share the terms of even k, and those of odd k but for the sign.
//! Factors have 16 fractional bits and nothing is rounded before the end: a sample is off by no more than 0.51 of a level.
//!
//! Source: ITU-T T.81 A.3.3; the symmetry as in W.-H. Chen, C. H. Smith, S. C. Fralick, IEEE Trans. Commun. 25 (1977) 1004.

/// Root of 2 times cos(k pi / 16), k from 1 to 7, times 2^16.
const C: [i64; 8] = [0, 90_901, 85_627, 77_062, 65_536, 51_491, 35_468, 18_081];

const BITS: u32 = 16;

/// Coefficients of 12-bit samples stay below 2^15; what a broken stream has beyond this is cut off, so that sums fit.
const MOST: i64 = 1 << 16;

/// The samples of a block: coefficients times `steps`, transformed, raised by half of the range of `precision` bits.
pub(super) fn block(coefficients: &[i16; 64], steps: &[u16; 64], precision: u32) -> [u16; 64] {
    let (half, top) = (1i64 << (precision - 1), (1i64 << precision) - 1);
    let level = |sum: i64, shift: u32| (((sum + (1 << (shift - 1))) >> shift) + half).clamp(0, top) as u16;
    let value = |at: usize| (i64::from(coefficients[at]) * i64::from(steps[at])).clamp(-MOST, MOST);
    if coefficients[1..].iter().all(|&c| c == 0) {
        return [level(value(0), 3); 64];
    }
    let mut lines = [[0i64; 8]; 8];
    for column in 0..8 {
        let x: [i64; 8] = std::array::from_fn(|row| value(row * 8 + column));
        let y = if x[1..].iter().all(|&c| c == 0) { [x[0] << BITS; 8] } else { line(x) };
        for (row, y) in lines.iter_mut().zip(y) {
            row[column] = y;
        }
    }
    let mut samples = [0; 64];
    for (out, row) in samples.chunks_exact_mut(8).zip(lines) {
        for (sample, sum) in out.iter_mut().zip(line(row)) {
            *sample = level(sum, 2 * BITS + 3);
        }
    }
    samples
}

/// One line, the result times 2^16.
#[inline]
fn line(x: [i64; 8]) -> [i64; 8] {
    let (sum, difference) = ((x[0] + x[4]) << BITS, (x[0] - x[4]) << BITS);
    let outer = C[2] * x[2] + C[6] * x[6];
    let inner = C[6] * x[2] - C[2] * x[6];
    let even = [sum + outer, difference + inner, difference - inner, sum - outer];
    let odd = [
        C[1] * x[1] + C[3] * x[3] + C[5] * x[5] + C[7] * x[7],
        C[3] * x[1] - C[7] * x[3] - C[1] * x[5] - C[5] * x[7],
        C[5] * x[1] - C[1] * x[3] + C[7] * x[5] + C[3] * x[7],
        C[7] * x[1] - C[5] * x[3] + C[3] * x[5] - C[1] * x[7],
    ];
    std::array::from_fn(|n| if n < 4 { even[n] + odd[n] } else { even[7 - n] - odd[7 - n] })
}

#[cfg(test)]
mod tests {
    use super::super::make::inverse;
    use super::*;

    /// Rounding to a level takes half of one, the factors' own rounding the rest.
    const TOLERANCE: f64 = 0.51;

    #[test]
    fn agrees_with_the_definition_in_floating_point() {
        let mut seed = 1u32;
        let mut random = |range: i32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as i32 % (2 * range + 1) - range
        };
        for round in 0..200 {
            // From a few large coefficients to many small ones; their sum stays within 12 bits.
            let range = [4000, 1000, 300, 60][round % 4];
            let mut coefficients = [0i16; 64];
            let many = [3, 8, 20, 64][round % 4];
            for _ in 0..many {
                coefficients[random(1000).unsigned_abs() as usize % 64] = random(range) as i16;
            }
            let steps = [[1u16; 64], [3; 64]][round / 4 % 2];
            let found = block(&coefficients, &steps, 12);
            let wanted = inverse(&std::array::from_fn(|at| f64::from(coefficients[at]) * f64::from(steps[at])));
            for (&found, wanted) in found.iter().zip(wanted) {
                let wanted = (wanted + 2048.0).clamp(0.0, 4095.0);
                assert!((f64::from(found) - wanted).abs() <= TOLERANCE, "{found} {wanted}");
            }
        }
    }

    #[test]
    fn a_block_of_one_coefficient_is_flat_and_exact() {
        let mut coefficients = [0; 64];
        for dc in [-16384, -4, -3, 0, 3, 4, 8, 16383] {
            coefficients[0] = dc;
            let wanted = (f64::from(dc) / 8.0 + 0.5).floor() as i32 + 2048;
            assert_eq!(block(&coefficients, &[1; 64], 12), [wanted.clamp(0, 4095) as u16; 64]);
        }
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        for value in [i16::MIN, i16::MAX] {
            let alternating = std::array::from_fn(|at| if at % 2 == 0 { value } else { !value });
            for coefficients in [[value; 64], alternating] {
                assert!(block(&coefficients, &[u16::MAX; 64], 12).iter().all(|&sample| sample <= 4095));
            }
        }
    }
}
