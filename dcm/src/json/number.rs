//! Numbers that JSON may or may not hold without loss.

use serde_json::{Number, Value};

/// 2^53: integers up to it are exact in every reader of JSON.
const SAFE: u64 = 1 << 53;

/// A value of IS or DS: a number where that gives the same text back, else the text; `null` where it is empty.
pub(super) fn of_text(text: &str) -> Value {
    let text = text.trim_matches([' ', '\0']);
    if text.is_empty() {
        return Value::Null;
    }
    let whole = text.parse::<i64>().ok().filter(|n| n.unsigned_abs() <= SAFE).map(Number::from);
    let number = whole.or_else(|| Number::from_f64(text.parse().ok()?));
    number.filter(|number| number.to_string() == text).map_or_else(|| Value::from(text), Value::Number)
}

/// A number of FL or FD.
pub(super) fn of_float(x: f64) -> Value {
    Number::from_f64(x).map_or_else(
        || {
            Value::from(if x.is_nan() {
                "NaN"
            } else if x > 0.0 {
                "inf"
            } else {
                "-inf"
            })
        },
        Value::Number,
    )
}

/// A number of SV.
pub(super) fn of_i64(x: i64) -> Value {
    if x.unsigned_abs() <= SAFE { Value::from(x) } else { Value::from(x.to_string()) }
}

/// A number of UV.
pub(super) fn of_u64(x: u64) -> Value {
    if x <= SAFE { Value::from(x) } else { Value::from(x.to_string()) }
}

/// A whole number, given as a number or as text.
pub(super) fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => {
            let exact = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
            // `1.0` is whole too; beyond 2^53 a float is not exact.
            let float = || number.as_f64().filter(|x| x.fract() == 0.0 && x.abs() <= SAFE as f64).map(|x| x as i128);
            exact.or_else(float)
        }
        _ => None,
    }
}

/// A number of FL or FD, given as a number or as text.
pub(super) fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => match text.trim() {
            "NaN" => Some(f64::NAN),
            "inf" | "Infinity" => Some(f64::INFINITY),
            "-inf" | "-Infinity" => Some(f64::NEG_INFINITY),
            other => other.parse().ok().filter(|x: &f64| x.is_finite()),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_would_change_stay_text() {
        for same in ["1", "-7", "1.5", "0.1", "9007199254740992"] {
            assert!(of_text(same).is_number(), "{same}");
            assert_eq!(of_text(same).to_string(), same);
        }
        for kept in ["1.50", "+1", "007", "-0", ".5", "1E5", "9007199254740993", "x", "1e999", "nan", "inf"] {
            assert_eq!(of_text(kept), Value::from(kept));
        }
        assert_eq!(of_text(" 2.5 "), Value::from(2.5));
        assert_eq!(of_text(" "), Value::Null);
    }

    #[test]
    fn whole_numbers_are_exact_or_nothing() {
        assert_eq!(whole(&Value::from(u64::MAX)), Some(i128::from(u64::MAX)));
        assert_eq!(whole(&Value::from("-9223372036854775808")), Some(i128::from(i64::MIN)));
        assert_eq!(whole(&Value::from(2.0)), Some(2));
        assert_eq!(whole(&Value::from(2.5)), None);
        assert_eq!(whole(&Value::from(1e30)), None);
        assert_eq!(float(&of_float(f64::NEG_INFINITY)), Some(f64::NEG_INFINITY));
        assert!(float(&of_float(f64::NAN)).is_some_and(f64::is_nan));
        assert_eq!(float(&Value::from("1e999")), None);
    }
}
