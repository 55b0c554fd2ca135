//! Where a range of values goes: to another range, or nowhere.

use serde::{Deserialize, Serialize};

/// Where a range of values goes. In a recipe: `out = [0, 1]` or `out = "keep"`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub enum Output {
    /// Its ends go to these two values.
    Range([f64; 2]),
    /// Values keep their meaning and unit; what lies outside is clipped.
    Keep,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Repr {
    Range(#[serde(with = "isocenter_volume::exact::pair")] [f64; 2]),
    Word(String),
}

impl TryFrom<Repr> for Output {
    type Error = &'static str;

    fn try_from(repr: Repr) -> Result<Self, Self::Error> {
        match repr {
            Repr::Range(ends) => Ok(Self::Range(ends)),
            Repr::Word(word) if word == "keep" => Ok(Self::Keep),
            Repr::Word(_) => Err("two numbers or \"keep\" are wanted"),
        }
    }
}

impl From<Output> for Repr {
    fn from(output: Output) -> Self {
        match output {
            Output::Range(ends) => Self::Range(ends),
            Output::Keep => Self::Word("keep".to_owned()),
        }
    }
}
