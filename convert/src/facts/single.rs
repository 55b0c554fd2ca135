//! Numbers of single precision as their writer meant them.

/// The shortest decimal that gives the same number in single precision, where the number is one.
pub(crate) fn shortest(number: f64) -> f64 {
    let single = number as f32;
    if f64::from(single).to_bits() == number.to_bits() { format!("{single}").parse().unwrap_or(number) } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_single_precision_holds_is_shortened() {
        assert_eq!((shortest(f64::from(0.1f32)), shortest(0.1), shortest(3.0)), (0.1, 0.1, 3.0));
        assert!(shortest(f64::NAN).is_nan() && shortest(f64::INFINITY).is_infinite());
    }
}
