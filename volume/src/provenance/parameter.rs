//! A parameter of an operation, typed.

use std::fmt;

use crate::Affine;

/// A value that an operation was called with.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Parameter {
    /// Yes or no.
    Flag(bool),
    /// A number; whole numbers up to 2^53 are exact.
    Number(#[cfg_attr(feature = "serde", serde(with = "crate::exact"))] f64),
    /// Several numbers.
    Numbers(#[cfg_attr(feature = "serde", serde(with = "crate::exact::list"))] Vec<f64>),
    /// A map of points: three rows of four.
    Affine(Affine),
    /// A name or any other text.
    Text(String),
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => flag.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Numbers(numbers) => f.debug_list().entries(numbers.iter().map(|n| format_args_of(*n))).finish(),
            Self::Affine(affine) => write!(f, "{:?}", affine.rows()),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// A number as `Display` has it, in places that ask for `Debug`.
fn format_args_of(number: f64) -> impl fmt::Debug {
    struct Plain(f64);
    impl fmt::Debug for Plain {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            fmt::Display::fmt(&self.0, f)
        }
    }
    Plain(number)
}

impl From<bool> for Parameter {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<&str> for Parameter {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Parameter {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Affine> for Parameter {
    fn from(affine: Affine) -> Self {
        Self::Affine(affine)
    }
}

impl From<Vec<f64>> for Parameter {
    fn from(numbers: Vec<f64>) -> Self {
        Self::Numbers(numbers)
    }
}

macro_rules! number {
    ($($type:ty),*) => {$(
        impl From<$type> for Parameter {
            fn from(number: $type) -> Self {
                Self::Number(number as f64)
            }
        }

        impl<const N: usize> From<[$type; N]> for Parameter {
            fn from(numbers: [$type; N]) -> Self {
                Self::Numbers(numbers.map(|n| n as f64).to_vec())
            }
        }
    )*};
}
number!(f64, f32, usize, u64, i64, u32, i32);

impl<const N: usize> From<[bool; N]> for Parameter {
    fn from(flags: [bool; N]) -> Self {
        Self::Numbers(flags.map(|f| f64::from(u8::from(f))).to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_numbers() {
        assert_eq!(Parameter::from([1usize, 20, 3]).to_string(), "[1, 20, 3]");
        assert_eq!(Parameter::from(0.25).to_string(), "0.25");
        assert_eq!(Parameter::from("RAS").to_string(), "RAS");
    }

    #[cfg(feature = "serde")]
    #[test]
    fn every_kind_comes_back_as_itself() {
        let all = [
            Parameter::from(true),
            2.5.into(),
            [1usize, 2, 3].into(),
            Affine::translation_by([1.0, 2.0, 3.0]).into(),
            (1.0 / 3.0).into(),
            "3".into(),
        ];
        for parameter in all {
            let text = serde_json::to_string(&parameter).unwrap();
            assert_eq!(serde_json::from_str::<Parameter>(&text).unwrap(), parameter, "{text}");
        }
    }
}
