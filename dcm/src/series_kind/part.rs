//! Which part of a complex image an image shows.

/// A part of a complex image, or the map of the field that two of them give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// The magnitude.
    Magnitude,
    /// The phase.
    Phase,
    /// The real part.
    Real,
    /// The imaginary part.
    Imaginary,
    /// The field, from the phases of two echoes.
    FieldMap,
}

impl Part {
    /// By Complex Image Component (0008,9208) or what stands for it, else by the values of Image Type from the third, else by the
    /// unit. GE's own number stands as `ge-1`, with more behind it.
    pub fn of(component: Option<&str>, image_type: &[String], unit: &str) -> Option<Self> {
        if unit == "Hz" || image_type.iter().skip(2).any(|kind| FIELD_MAPS.contains(&kind.replace('_', " ").as_str())) {
            return Some(Self::FieldMap);
        }
        let by_component = component.and_then(|text| match text.to_uppercase().as_str() {
            "MAGNITUDE" => Some(Self::Magnitude),
            "PHASE" => Some(Self::Phase),
            "REAL" => Some(Self::Real),
            "IMAGINARY" => Some(Self::Imaginary),
            // GE's own number: 0 magnitude, 1 phase, 2 real, 3 imaginary
            ge => match ge.strip_prefix("GE-")?.chars().next()? {
                '0' => Some(Self::Magnitude),
                '1' => Some(Self::Phase),
                '2' => Some(Self::Real),
                '3' => Some(Self::Imaginary),
                _ => None,
            },
        });
        by_component.or_else(|| image_type.iter().skip(2).find_map(|kind| of_word(kind)))
    }

    /// The word that Image Type has for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Magnitude => "MAGNITUDE",
            Self::Phase => "PHASE",
            Self::Real => "REAL",
            Self::Imaginary => "IMAGINARY",
            Self::FieldMap => "FIELDMAPHZ",
        }
    }
}

/// Siemens and Philips write one letter, Philips with the kind of the sequence behind it (`M_FFE`).
fn of_word(kind: &str) -> Option<Part> {
    match kind.split('_').next().unwrap_or_default() {
        "M" | "MAGNITUDE" => Some(Part::Magnitude),
        "P" | "PHASE" | "PHASE MAP" => Some(Part::Phase),
        "R" | "REAL" => Some(Part::Real),
        "I" | "IMAGINARY" => Some(Part::Imaginary),
        _ => None,
    }
}

/// Values of Image Type or Frame Type of a map of the field, `_` as a space.
const FIELD_MAPS: [&str; 3] = ["FIELD MAP", "FIELDMAP", "B0 MAP"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_by_every_maker() {
        let kinds = |text: &str| text.split('\\').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(Part::of(None, &kinds(r"ORIGINAL\PRIMARY\M_FFE\M\FFE"), ""), Some(Part::Magnitude));
        assert_eq!(Part::of(None, &kinds(r"ORIGINAL\PRIMARY\PHASE MAP\P\FFE"), ""), Some(Part::Phase));
        assert_eq!(Part::of(Some("ge-2--1"), &kinds(r"ORIGINAL\PRIMARY\OTHER"), ""), Some(Part::Real));
        assert_eq!(Part::of(Some("REAL"), &[], "Hz"), Some(Part::FieldMap));
        assert_eq!(Part::of(Some("REAL"), &kinds(r"ORIGINAL\PRIMARY\T1\FIELD_MAP"), ""), Some(Part::FieldMap));
        assert_eq!(Part::of(None, &kinds(r"ORIGINAL\PRIMARY\DIFFUSION\NONE\ND"), ""), None);
    }
}
