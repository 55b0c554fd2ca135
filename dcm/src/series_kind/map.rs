//! Images that are no picture of tissue: phase, field maps, parts of a complex signal, maps of a quantity.
//!
//! Source: Image Type (0008,0008) and Complex Image Component (0008,9208), DICOM PS3.3 C.8.3.1.1.1, C.8.13.3.1 and C.8.13.3.1.1; the
//! words that makers use in their place.

use super::contrast::Contrast;

/// What a map shows, or `None` for an image of tissue.
///
/// `image_type` holds the values of Image Type or Frame Type, `component` Complex Image Component or what stands for it, `unit` the
/// code of what the real values are counted in.
pub(super) fn of_image_type(image_type: &[String], component: Option<&str>, unit: &str) -> Option<Contrast> {
    let by_type = image_type.iter().skip(2).find_map(|value| named(value));
    by_type.or_else(|| component.and_then(named)).or(match unit {
        "Hz" => Some(Contrast::FieldMap),
        "rad" | "mrad" => Some(Contrast::Phase),
        "mm/s" | "cm/s" => Some(Contrast::Velocity),
        _ => None,
    })
}

fn named(value: &str) -> Option<Contrast> {
    let upper = value.trim().to_uppercase().replace('_', " ");
    VALUES.iter().find(|(v, _)| *v == upper).map(|(_, contrast)| *contrast)
}

/// Values of Image Type and of Complex Image Component, `_` as a space.
const VALUES: [(&str, Contrast); 56] = [
    ("P", Contrast::Phase),
    ("PHASE", Contrast::Phase),
    ("PHASE MAP", Contrast::Phase),
    ("PHASE SUBTRACT", Contrast::Phase),
    ("P FFE", Contrast::Phase),
    ("P SE", Contrast::Phase),
    ("P IR", Contrast::Phase),
    ("GE-1-0", Contrast::Phase),
    ("GE-1-1", Contrast::Phase),
    ("GE-1-2", Contrast::Phase),
    ("GE-1--1", Contrast::Phase),
    ("FIELD MAP", Contrast::FieldMap),
    ("FIELDMAP", Contrast::FieldMap),
    ("B0 MAP", Contrast::FieldMap),
    ("B0", Contrast::FieldMap),
    ("B1 MAP", Contrast::B1Map),
    ("R", Contrast::Real),
    ("REAL", Contrast::Real),
    ("R FFE", Contrast::Real),
    ("R SE", Contrast::Real),
    ("R IR", Contrast::Real),
    ("I", Contrast::Imaginary),
    ("IMAGINARY", Contrast::Imaginary),
    ("I FFE", Contrast::Imaginary),
    ("I SE", Contrast::Imaginary),
    ("I IR", Contrast::Imaginary),
    ("VELOCITY", Contrast::Velocity),
    ("VELOCITY MAP", Contrast::Velocity),
    ("T1 MAP", Contrast::T1Map),
    ("T2 MAP", Contrast::T2Map),
    ("T2 STAR MAP", Contrast::T2StarMap),
    ("R2 MAP", Contrast::R2Map),
    ("R2 STAR MAP", Contrast::R2Map),
    ("DENSITY MAP", Contrast::DensityMap),
    ("PROTON DENSITY MAP", Contrast::DensityMap),
    ("DIFFUSION MAP", Contrast::DiffusionMap),
    ("TENSOR", Contrast::DiffusionMap),
    ("EADC", Contrast::DiffusionMap),
    ("EXPONENTIAL ADC", Contrast::DiffusionMap),
    ("ADC", Contrast::Adc),
    ("ADC MAP", Contrast::Adc),
    ("FA", Contrast::Fa),
    ("FA MAP", Contrast::Fa),
    ("COLFA", Contrast::Fa),
    ("FRACTIONAL ANISOTROPY", Contrast::Fa),
    ("PERFUSION MAP", Contrast::PerfusionMap),
    ("CBF", Contrast::PerfusionMap),
    ("RELCBF", Contrast::PerfusionMap),
    ("CBV", Contrast::PerfusionMap),
    ("RELCBV", Contrast::PerfusionMap),
    ("MTT", Contrast::PerfusionMap),
    ("RELMTT", Contrast::PerfusionMap),
    ("TTP", Contrast::PerfusionMap),
    ("TMAX", Contrast::PerfusionMap),
    ("PBP", Contrast::PerfusionMap),
    ("GBP", Contrast::PerfusionMap),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        text.split('\\').map(str::to_owned).collect()
    }

    #[test]
    fn makers_words_for_a_map_are_understood() {
        for (image_type, component, unit, wanted) in [
            (r"ORIGINAL\PRIMARY\PHASE MAP\P\FFE", None, "a.u.", Some(Contrast::Phase)),
            (r"ORIGINAL\PRIMARY\P\ND", None, "a.u.", Some(Contrast::Phase)),
            (r"ORIGINAL\PRIMARY\T1\FIELD_MAP", Some("REAL"), "Hz", Some(Contrast::FieldMap)),
            (r"ORIGINAL\PRIMARY\T1\NONE", Some("PHASE"), "a.u.", Some(Contrast::Phase)),
            (r"ORIGINAL\PRIMARY\OTHER", Some("ge-1-0"), "a.u.", Some(Contrast::Phase)),
            (r"ORIGINAL\PRIMARY\OTHER", None, "Hz", Some(Contrast::FieldMap)),
            (r"DERIVED\PRIMARY\DIFFUSION\ADC\ND\NORM", None, "a.u.", Some(Contrast::Adc)),
            (r"DERIVED\PRIMARY\PERFUSION\RELCBF", None, "a.u.", Some(Contrast::PerfusionMap)),
            (r"ORIGINAL\PRIMARY\M\ND\NORM", None, "a.u.", None),
            (r"ORIGINAL\PRIMARY\T1\M", Some("MAGNITUDE"), "a.u.", None),
            (r"ORIGINAL\PRIMARY\OTHER", Some("ge-0-0"), "a.u.", None),
        ] {
            assert_eq!(of_image_type(&values(image_type), component, unit), wanted, "{image_type} {component:?}");
        }
    }
}
