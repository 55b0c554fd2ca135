//! When images were taken with respect to contrast into a vein.

use serde::Serialize;

/// Contrast timing, as LOINC's `W`, `WO`, `WO & W`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Timing {
    /// With contrast.
    With,
    /// Without contrast.
    Without,
    /// Without, then with.
    WithoutThenWith,
}

impl Timing {
    pub(super) fn of(code: &str) -> Option<Self> {
        Some(match code {
            "W" => Self::With,
            "WO" => Self::Without,
            "WW" => Self::WithoutThenWith,
            _ => return None,
        })
    }

    /// Two parts of a study together: with and without are both.
    pub(super) fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::WithoutThenWith }
    }

    /// What a component of LOINC says.
    pub(super) fn of_component(component: &str) -> Option<Self> {
        let (_, challenge) = component.split_once('^')?;
        if challenge.starts_with("WO & W") {
            Some(Self::WithoutThenWith)
        } else if challenge.starts_with("WO") {
            Some(Self::Without)
        } else if challenge.starts_with("W contrast") {
            Some(Self::With)
        } else {
            None
        }
    }

    /// The end of a component of LOINC.
    pub(super) const fn challenge(this: Option<Self>) -> &'static str {
        match this {
            Some(Self::With) => "^W contrast IV",
            Some(Self::Without) => "^WO contrast",
            Some(Self::WithoutThenWith) => "^WO & W contrast IV",
            None => "",
        }
    }

    /// LOINC's short form: `W`, `WO`, `WO & W`.
    pub const fn loinc(self) -> &'static str {
        match self {
            Self::With => "W",
            Self::Without => "WO",
            Self::WithoutThenWith => "WO & W",
        }
    }
}
