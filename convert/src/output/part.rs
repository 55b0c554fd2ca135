//! Which part of a signal, or which map, a volume of a series is.

use crate::SeriesPlan;

/// A part of the MR signal, or a map made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Magnitude, and all that has no parts.
    Magnitude,
    Phase,
    Real,
    Imaginary,
    /// A field map in hertz.
    FieldMap,
    /// Apparent diffusion coefficient.
    Adc,
}

impl Part {
    pub(super) fn of(series: &SeriesPlan) -> Self {
        let component = series.component.as_deref().unwrap_or_default();
        let has = |words: &[&str]| {
            component == *words.first().unwrap_or(&"") || series.image_type.iter().any(|w| words.contains(&w.as_str()))
        };
        // (0043,102F) of GE: 0 magnitude, 1 phase, 2 real, 3 imaginary; (0043,1030) 0 a field map
        let ge = component.strip_prefix("ge-").and_then(|rest| rest.split_once('-'));
        match ge {
            Some(("0", "0")) => return Self::FieldMap,
            Some(("1", _)) => return Self::Phase,
            Some(("2", _)) => return Self::Real,
            Some(("3", _)) => return Self::Imaginary,
            _ => {}
        }
        if series.image_type.iter().any(|word| FIELD_MAPS.contains(&word.as_str())) {
            Self::FieldMap
        } else if has(&["PHASE", "P", "PHASE MAP", "PHASE_MAP"]) {
            Self::Phase
        } else if has(&["REAL", "R"]) {
            Self::Real
        } else if has(&["IMAGINARY", "I"]) {
            Self::Imaginary
        } else if has(&["ADC"]) {
            Self::Adc
        } else {
            Self::Magnitude
        }
    }

    /// What it adds to a name.
    pub(super) const fn mark(self) -> &'static str {
        match self {
            Self::Magnitude => "",
            Self::Phase => "_ph",
            Self::Real => "_real",
            Self::Imaginary => "_imaginary",
            Self::FieldMap => "_fieldmaphz",
            Self::Adc => "_ADC",
        }
    }
}

const FIELD_MAPS: [&str; 4] = ["B0 MAP", "B0_MAP", "FIELD_MAP", "FIELDMAPHZ"];
