//! Numbers that come back to the bit from any text format, whichever reader is linked.
//!
//! JSON readers differ in the last bit: `serde_json` is exact only with its feature `float_roundtrip`, and who links it decides for
//! the whole program. A number of up to 15 digits whose power of ten is small is a whole number of 53 bits divided or multiplied
//! once by an exact power of ten, which every reader gets right (W. D. Clinger, "How to read floating point numbers accurately",
//! 1990); it is written as a number. Any other, and what is not finite, is written as text in its shortest exact spelling. Both
//! forms are read wherever either is.
//!
//! Fields name the module: `#[serde(with = "isocenter_volume::exact")]`; [`optional`], [`pair`], [`optional_pair`],
//! [`optional_limits`], [`optional_vector`], [`mod@array`], [`list`], [`vectors`], [`matrices`], [`rows`] and [`map`] serve what holds several numbers.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A number in its exact form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exact(
    /// The number.
    pub f64,
);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_plain(self.0) { serializer.serialize_f64(self.0) } else { serializer.serialize_str(&self.0.to_string()) }
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Number).map(Self)
    }
}

struct Number;

impl de::Visitor<'_> for Number {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or a number as text")
    }

    fn visit_f64<E>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }

    fn visit_i64<E>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_u64<E>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<f64, E> {
        // the standard library's reader is exact
        text.parse().map_err(|_| E::custom("a number is wanted"))
    }
}

/// Whether every reader gets the number right from its decimal digits.
fn is_plain(value: f64) -> bool {
    if !value.is_finite() || (value == 0.0 && value.is_sign_negative()) {
        return false;
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let count = digits.bytes().filter(u8::is_ascii_digit).count() as i32;
    let Ok(exponent) = exponent.parse::<i32>() else { return false };
    // writers add zeros up to the point: the digits of a large number are those before it, and one after
    exponent <= 13 && count <= 15 && exponent - (count - 1) >= -22
}

/// Writes one number.
///
/// # Errors
/// Those of the format.
pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    Exact(*value).serialize(serializer)
}

/// Reads one number.
///
/// # Errors
/// Those of the format; what is no number.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Exact::deserialize(deserializer)?.0)
}

macro_rules! through {
    ($(#[$doc:meta])* $name:ident, $type:ty, $held:ty, $to:expr, $from:expr) => {
        $(#[$doc])*
        pub mod $name {
            use super::*;

            /// Writes the numbers.
            ///
            /// # Errors
            /// Those of the format.
            pub fn serialize<S: Serializer>(value: &$type, serializer: S) -> Result<S::Ok, S::Error> {
                let to: fn(&$type) -> $held = $to;
                to(value).serialize(serializer)
            }

            /// Reads the numbers.
            ///
            /// # Errors
            /// Those of the format; what is no number.
            pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                let from: fn($held) -> $type = $from;
                Ok(from(<$held>::deserialize(deserializer)?))
            }
        }
    };
}

through!(
    /// A number that may be missing.
    optional,
    Option<f64>,
    Option<Exact>,
    |v| v.map(Exact),
    |v| v.map(|n| n.0)
);
through!(
    /// Two numbers.
    pair,
    [f64; 2],
    [Exact; 2],
    |v| v.map(Exact),
    |v| v.map(|n| n.0)
);
through!(
    /// Two numbers that may be missing.
    optional_pair,
    Option<(f64, f64)>,
    Option<[Exact; 2]>,
    |v| v.map(|(a, b)| [Exact(a), Exact(b)]),
    |v| v.map(|[a, b]| (a.0, b.0))
);
through!(
    /// Two ends that may be missing.
    optional_limits,
    Option<[f64; 2]>,
    Option<[Exact; 2]>,
    |v| v.map(|ends| ends.map(Exact)),
    |v| v.map(|ends| ends.map(|n| n.0))
);
through!(
    /// A vector that may be missing.
    optional_vector,
    Option<[f64; 3]>,
    Option<[Exact; 3]>,
    |v| v.map(|vector| vector.map(Exact)),
    |v| v.map(|vector| vector.map(|n| n.0))
);
through!(
    /// Numbers by name.
    map,
    BTreeMap<String, f64>,
    BTreeMap<String, Exact>,
    |v| v.iter().map(|(k, n)| (k.clone(), Exact(*n))).collect(),
    |v| v.into_iter().map(|(k, n)| (k, n.0)).collect()
);

through!(
    /// Any number of numbers.
    list,
    Vec<f64>,
    Vec<Exact>,
    |v| v.iter().copied().map(Exact).collect(),
    |v| v.into_iter().map(|n| n.0).collect()
);
through!(
    /// Any number of vectors.
    vectors,
    Vec<[f64; 3]>,
    Vec<[Exact; 3]>,
    |v| v.iter().map(|p| p.map(Exact)).collect(),
    |v| v.into_iter().map(|p| p.map(|n| n.0)).collect()
);
through!(
    /// Any number of matrices, rows first.
    matrices,
    Vec<[[f64; 3]; 3]>,
    Vec<[[Exact; 3]; 3]>,
    |v| v.iter().map(|m| m.map(|r| r.map(Exact))).collect(),
    |v| v.into_iter().map(|m| m.map(|r| r.map(|n| n.0))).collect()
);
through!(
    /// The three upper rows of a homogeneous matrix.
    rows,
    [[f64; 4]; 3],
    [[Exact; 4]; 3],
    |v| v.map(|r| r.map(Exact)),
    |v| v.map(|r| r.map(|n| n.0))
);

/// A fixed number of numbers.
pub mod array {
    use super::*;

    /// Writes the numbers.
    ///
    /// # Errors
    /// Those of the format.
    pub fn serialize<S: Serializer, const N: usize>(value: &[f64; N], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(value.iter().map(|v| Exact(*v)))
    }

    /// Reads the numbers.
    ///
    /// # Errors
    /// Those of the format; another number of them.
    pub fn deserialize<'de, D: Deserializer<'de>, const N: usize>(deserializer: D) -> Result<[f64; N], D::Error> {
        let found: Vec<Exact> = Vec::deserialize(deserializer)?;
        let len = found.len();
        let numbers: Vec<f64> = found.into_iter().map(|n| n.0).collect();
        numbers.try_into().map_err(|_| de::Error::invalid_length(len, &"another number of numbers"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The number of a text as the fastest reader has it: digits as a whole number, then one product or quotient in f64.
    fn read_fast(text: &str) -> f64 {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let fraction = mantissa.split_once('.').map_or(0, |(_, f)| f.len() as i32);
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let (whole, power) = (digits.parse::<u64>().unwrap() as f64, exponent.parse::<i32>().unwrap() - fraction);
        let ten = format!("1e{}", power.abs()).parse::<f64>().unwrap();
        let value = if power < 0 { whole / ten } else { whole * ten };
        if mantissa.starts_with('-') { -value } else { value }
    }

    fn check(value: f64) {
        let text = serde_json::to_string(&Exact(value)).unwrap();
        let back = match text.strip_prefix('"') {
            Some(quoted) => quoted.trim_end_matches('"').parse().unwrap(),
            None => read_fast(&text),
        };
        assert_eq!(back.to_bits(), value.to_bits(), "{text}");
        let Exact(read) = serde_json::from_str(&text).unwrap();
        assert_eq!(read.to_bits(), value.to_bits(), "{text}");
    }

    proptest! {
        #[test]
        fn any_bits_come_back_from_any_reader(value in prop_oneof![
            proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL | proptest::num::f64::INFINITE
                | proptest::num::f64::ZERO,
            -1e4..1e4f64,
            (-1_000_000..1_000_000i64).prop_map(|n| n as f64 / 1000.0),
        ]) {
            check(value);
        }
    }

    #[test]
    fn short_numbers_stay_numbers_and_older_records_are_read() {
        for (value, text) in [(0.1, "0.1"), (-160.0, "-160.0"), (0.0, "0.0"), (1e-7, "1e-7"), (99.5, "99.5")] {
            assert_eq!(serde_json::to_string(&Exact(value)).unwrap(), text);
        }
        assert_eq!(serde_json::to_string(&Exact(1.0 / 3.0)).unwrap(), "\"0.3333333333333333\"");
        for text in ["0.3333333333333333", "3", "-2", "\"3\"", "\"NaN\""] {
            assert!(serde_json::from_str::<Exact>(text).is_ok(), "{text}");
        }
        assert!(serde_json::from_str::<Exact>("\"three\"").is_err());
        [0.1, f64::MAX, 5e-324, 9_007_199_254_740_993.0, 1e22, 123_456_789_012_345.0, -0.0].into_iter().for_each(check);
    }
}
