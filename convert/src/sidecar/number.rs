//! Numbers as the text has them: always finite, whole ones without a point, no tail of binary digits.

use serde_json::{Number, Value};

/// A number, or nothing for one that JSON cannot hold.
///
/// What was computed keeps twelve significant digits: a millisecond divided by a thousand is no better known, and prints short.
pub(super) fn value(number: f64) -> Option<Value> {
    if !number.is_finite() {
        return None;
    }
    let tidy: f64 = format!("{number:.11e}").parse().ok()?;
    if tidy.fract() == 0.0 && tidy.abs() < WHOLE {
        return Some(Value::from(tidy as i64));
    }
    Number::from_f64(tidy).map(Value::Number)
}

/// The shortest decimal that gives the same number in single precision, where the number is one.
pub(super) fn shortest_of_single(number: f64) -> f64 {
    let single = number as f32;
    if f64::from(single).to_bits() == number.to_bits() { format!("{single}").parse().unwrap_or(number) } else { number }
}

/// 2^53: whole numbers below it are exact.
const WHOLE: f64 = 9_007_199_254_740_992.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_finite() {
        let text = |x: f64| value(x).map(|v| v.to_string());
        assert_eq!(text(11.2 / 1000.0).as_deref(), Some("0.0112"));
        assert_eq!(text(shortest_of_single(f64::from(0.1f32))).as_deref(), Some("0.1"));
        assert_eq!(text(90.0).as_deref(), Some("90"));
        assert_eq!(text(-0.0).as_deref(), Some("0"));
        assert_eq!((text(f64::NAN), text(f64::INFINITY)), (None, None));
        assert_eq!(text(1e300).as_deref(), Some("1e+300"));
    }
}
