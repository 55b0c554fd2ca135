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

/// A value whose numbers, one or several, are written so.
pub(super) fn tidy(known: Value) -> Option<Value> {
    match known {
        Value::Number(number) => value(number.as_f64()?),
        Value::Array(all) => all.into_iter().map(tidy).collect::<Option<Vec<Value>>>().map(Value::Array),
        other => Some(other),
    }
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
        assert_eq!(text(90.0).as_deref(), Some("90"));
        assert_eq!(text(-0.0).as_deref(), Some("0"));
        assert_eq!((text(f64::NAN), text(f64::INFINITY)), (None, None));
        assert_eq!(text(1e300).as_deref(), Some("1e+300"));
    }

    #[test]
    fn numbers_of_others_are_as_tidy() {
        assert_eq!(tidy(3500.0.into()).map(|v| v.to_string()).as_deref(), Some("3500"));
        let all = serde_json::json!([3500.0 * 1e-9, 0.0]);
        assert_eq!(tidy(all).map(|v| v.to_string()).as_deref(), Some("[3.5e-6,0]"));
        assert_eq!(tidy("j-".into()), Some("j-".into()));
    }
}
