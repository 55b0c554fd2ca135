//! A warning as it is written to a file: its code, and what the code does not hold.
//!
//! Codes are held against those that are known, so that one that is read is one that code gives.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::Warning;
use crate::facts::{Aspect, key::APART};

/// What stands in the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    code: String,
    /// In the order of the variant's fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "isocenter_volume::exact::list")]
    numbers: Vec<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
}

/// A warning that is not known.
#[derive(Debug, thiserror::Error)]
#[error("a warning that is not known")]
pub(super) struct Unknown;

impl From<Warning> for Stored {
    fn from(warning: Warning) -> Self {
        let numbers = match warning {
            Warning::Sheared { degrees } => vec![degrees],
            Warning::Residual { mm } => vec![mm],
            Warning::Evened { stated, slices } => vec![stated as f64, slices as f64],
            Warning::SpacingDisagrees { step_mm, stated_mm } => vec![step_mm, stated_mm],
            Warning::SliceLeftOut { images } => vec![images as f64],
            _ => Vec::new(),
        };
        let rule = match warning {
            Warning::ReferenceTime { rule } => Some(rule.to_owned()),
            _ => None,
        };
        Self { code: warning.code().to_owned(), numbers, rule }
    }
}

impl TryFrom<Stored> for Warning {
    type Error = Unknown;

    fn try_from(stored: Stored) -> Result<Self, Unknown> {
        let code = stored.code.as_str();
        let found = match (code, stored.numbers.as_slice()) {
            ("sheared", [degrees]) => Some(Self::Sheared { degrees: *degrees }),
            ("residual", [mm]) => Some(Self::Residual { mm: *mm }),
            ("spacing-disagrees", [step, stated]) => {
                Some(Self::SpacingDisagrees { step_mm: *step, stated_mm: *stated })
            }
            ("evened", [stated, slices]) => {
                count(*stated).zip(count(*slices)).map(|(stated, slices)| Self::Evened { stated, slices })
            }
            ("slice-left-out", [images]) => count(*images).map(|images| Self::SliceLeftOut { images }),
            ("reference-time", []) => {
                let rule = RULES.into_iter().find(|known| stored.rule.as_deref() == Some(known));
                rule.map(|rule| Self::ReferenceTime { rule })
            }
            (_, []) => ALONE.iter().find(|known| known.code() == code).cloned().or_else(|| of_code(code)),
            _ => None,
        };
        found.filter(|found| stored.rule.is_none() || matches!(found, Self::ReferenceTime { .. })).ok_or(Unknown)
    }
}

// derived, it would ask for texts that live as long as the program
impl<'de> Deserialize<'de> for Warning {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Stored::deserialize(deserializer)?.try_into().map_err(D::Error::custom)
    }
}

/// A warning that is no more than a code of several.
fn of_code(code: &str) -> Option<Warning> {
    let mut joined = Aspect::ALL.into_iter().map(Aspect::joined_code);
    let mut apart = Aspect::ALL.into_iter().map(Aspect::apart_code).chain(APART);
    let mut repaired = isocenter_dcm::Warning::CODES.into_iter();
    let is_it = |known: &&str| *known == code;
    let joined = joined.find(is_it).map(|code| Warning::Joined { code });
    let apart = || apart.find(is_it).map(|code| Warning::SetApart { code });
    joined.or_else(apart).or_else(|| repaired.find(is_it).map(|code| Warning::Repaired { code }))
}

/// A whole number as JSON has it.
fn count(number: f64) -> Option<usize> {
    let is_whole = number.fract() == 0.0 && (0.0..=MOST).contains(&number);
    is_whole.then_some(number as usize)
}

/// Whole numbers up to it are exact.
const MOST: f64 = 9_007_199_254_740_992.0;

/// The rules of [`Warning::ReferenceTime`].
const RULES: [&str; 5] = ["series-time", "private", "back-computed", "acquisition-time", "administration"];

/// The warnings that hold nothing.
const ALONE: [Warning; 17] = [
    Warning::ThicknessFromSliceThickness,
    Warning::ThicknessFromSpacing,
    Warning::ThicknessAssumed,
    Warning::SpacingAssumed,
    Warning::SliceDirectionAssumed,
    Warning::GradientFrameAssumed,
    Warning::WeightingsDisagree,
    Warning::SamePlace,
    Warning::RepetitionCutOff,
    Warning::RescaleAssumed,
    Warning::NoSeriesUid,
    Warning::Monochrome1,
    Warning::Lossy,
    Warning::DoseInMegabecquerel,
    Warning::InjectionDayBefore,
    Warning::InjectionAfterScan,
    Warning::NoReferenceTime,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Warning> {
        let counted = [
            Warning::Sheared { degrees: 0.1 + 0.2 },
            Warning::Residual { mm: f64::INFINITY },
            Warning::Evened { stated: 3, slices: 5 },
            Warning::SpacingDisagrees { step_mm: 3.0, stated_mm: 1.0 / 3.0 },
            Warning::SliceLeftOut { images: 7 },
        ];
        let coded = Aspect::ALL.into_iter().flat_map(|aspect| {
            [Warning::Joined { code: aspect.joined_code() }, Warning::SetApart { code: aspect.apart_code() }]
        });
        let repaired = isocenter_dcm::Warning::CODES.into_iter().map(|code| Warning::Repaired { code });
        let rules = RULES.into_iter().map(|rule| Warning::ReferenceTime { rule });
        let apart = APART.into_iter().map(|code| Warning::SetApart { code });
        ALONE.into_iter().chain(counted).chain(coded).chain(repaired).chain(rules).chain(apart).collect()
    }

    #[test]
    fn every_warning_comes_back() {
        for warning in all() {
            let text = serde_json::to_string(&warning).unwrap();
            assert_eq!(serde_json::from_str::<Warning>(&text).unwrap(), warning, "{text}");
        }
    }

    #[test]
    fn what_no_code_gives_is_refused() {
        for text in [
            r#"{"code": "made-up"}"#,
            r#"{"code": "lossy", "numbers": [1]}"#,
            r#"{"code": "lossy", "rule": "private"}"#,
            r#"{"code": "reference-time"}"#,
            r#"{"code": "reference-time", "rule": "guess"}"#,
            r#"{"code": "evened", "numbers": [1.5, 2]}"#,
            r#"{"code": "slice-left-out", "numbers": [-1]}"#,
            r#"{"code": "sheared"}"#,
            r#""lossy""#,
        ] {
            assert!(serde_json::from_str::<Warning>(text).is_err(), "{text}");
        }
    }
}
