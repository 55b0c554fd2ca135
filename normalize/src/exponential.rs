//! An exponential of f32 that vectorizes and gives the same bits on every machine.

/// Adding and taking off this number rounds to whole numbers, which then stand in the lowest bits.
const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23
const LN2_HIGH: f32 = 0.693_359_4;
const LN2_LOW: f32 = -2.121_944_4e-4;

/// `e^x`, within 2e-7 of it relatively; 0 below -87 is 1.6e-38, above 88 it stays at 1.65e38. NaN stays NaN.
///
/// 2 to a whole power times the series of the rest, which is at most 0.35 (W. J. Cody and W. Waite, 1980).
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // NaN fails both comparisons
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let r = (x - whole * LN2_HIGH) - whole * LN2_LOW;
    let tail = 1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0 + r * (1.0 / 5040.0))));
    let series = 1.0 + (r + r * r * (0.5 + r * tail));
    series * f32::from_bits(shifted.to_bits().wrapping_add(127) << 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_exact_one() {
        for n in -870_000..=880_000 {
            let x = n as f32 * 1e-4;
            let wanted = libm::exp(f64::from(x));
            assert!((f64::from(exp(x)) / wanted - 1.0).abs() < 2e-7, "{x}");
        }
        assert_eq!(exp(0.0), 1.0);
        assert!(exp(f32::NAN).is_nan() && exp(f32::NEG_INFINITY) < 2e-38 && exp(f32::INFINITY).is_finite());
    }
}
