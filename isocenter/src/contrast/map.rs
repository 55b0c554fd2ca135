//! Images of an MR series that are no picture of tissue: phase, field maps, parts of a complex signal, maps of a quantity.
//!
//! Their values are angles, hertz, millimetres a second: nothing is registered to them, and intensity steps that are meant for MR
//! do not touch them. Source: Image Type (0008,0008) and Complex Image Component (0008,9208), DICOM PS3.3 C.8.3.1.1.1, C.8.13.3.1
//! and C.8.13.3.1.1; the words that makers use in their place.

/// What a map shows, or `None` for an image of tissue.
///
/// `image_type` holds the values of Image Type or Frame Type, `component` Complex Image Component or what stands for it, `unit` the
/// code of what the real values are counted in.
pub fn of_image_type(image_type: &[String], component: Option<&str>, unit: &str) -> Option<&'static str> {
    let by_type = image_type.iter().skip(2).find_map(|value| named(value));
    by_type.or_else(|| component.and_then(named)).or(match unit {
        "Hz" => Some("FIELDMAP"),
        "rad" | "mrad" => Some("PHASE"),
        "mm/s" | "cm/s" => Some("VELOCITY"),
        _ => None,
    })
}

/// What a map shows by the words of a file's name, in lower case (`phasediff` and `part-phase` of BIDS).
pub fn of_words(words: &[&str]) -> Option<&'static str> {
    let table = |word: &&str| WORDS.iter().find(|(w, _)| w == word).map(|(_, name)| *name);
    words.iter().find_map(table)
}

/// Whether a contrast is one of these.
pub fn is_map(contrast: Option<&str>) -> bool {
    contrast.is_some_and(|c| VALUES.iter().any(|(_, name)| *name == c))
}

fn named(value: &str) -> Option<&'static str> {
    let upper = value.trim().to_uppercase().replace('_', " ");
    VALUES.iter().find(|(v, _)| *v == upper).map(|(_, name)| *name)
}

/// Values of Image Type and of Complex Image Component, `_` as a space.
const VALUES: [(&str, &str); 34] = [
    ("P", "PHASE"),
    ("PHASE", "PHASE"),
    ("PHASE MAP", "PHASE"),
    ("PHASE SUBTRACT", "PHASE"),
    ("P FFE", "PHASE"),
    ("P SE", "PHASE"),
    ("P IR", "PHASE"),
    ("GE-1-0", "PHASE"),
    ("GE-1-1", "PHASE"),
    ("GE-1-2", "PHASE"),
    ("GE-1--1", "PHASE"),
    ("FIELD MAP", "FIELDMAP"),
    ("FIELDMAP", "FIELDMAP"),
    ("B0 MAP", "FIELDMAP"),
    ("B0", "FIELDMAP"),
    ("B1 MAP", "B1MAP"),
    ("R", "REAL"),
    ("REAL", "REAL"),
    ("R FFE", "REAL"),
    ("R SE", "REAL"),
    ("R IR", "REAL"),
    ("I", "IMAGINARY"),
    ("IMAGINARY", "IMAGINARY"),
    ("I FFE", "IMAGINARY"),
    ("I SE", "IMAGINARY"),
    ("VELOCITY", "VELOCITY"),
    ("VELOCITY MAP", "VELOCITY"),
    ("T1 MAP", "T1MAP"),
    ("T2 MAP", "T2MAP"),
    ("T2 STAR MAP", "T2STARMAP"),
    ("DENSITY MAP", "DENSITYMAP"),
    ("DIFFUSION MAP", "DIFFUSIONMAP"),
    ("ADC", "ADC"),
    ("FA", "FA"),
];

const WORDS: [(&str, &str); 11] = [
    ("phase", "PHASE"),
    ("phase1", "PHASE"),
    ("phase2", "PHASE"),
    ("phasediff", "PHASE"),
    ("fieldmap", "FIELDMAP"),
    ("b0map", "FIELDMAP"),
    ("t1map", "T1MAP"),
    ("t2map", "T2MAP"),
    ("t2starmap", "T2STARMAP"),
    ("adc", "ADC"),
    ("imag", "IMAGINARY"),
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
            (r"ORIGINAL\PRIMARY\PHASE MAP\P\FFE", None, "a.u.", Some("PHASE")),
            (r"ORIGINAL\PRIMARY\P\ND", None, "a.u.", Some("PHASE")),
            (r"ORIGINAL\PRIMARY\T1\FIELD_MAP", Some("REAL"), "Hz", Some("FIELDMAP")),
            (r"ORIGINAL\PRIMARY\T1\NONE", Some("PHASE"), "a.u.", Some("PHASE")),
            (r"ORIGINAL\PRIMARY\OTHER", Some("ge-1-0"), "a.u.", Some("PHASE")),
            (r"ORIGINAL\PRIMARY\OTHER", None, "Hz", Some("FIELDMAP")),
            (r"DERIVED\PRIMARY\DIFFUSION\ADC\ND\NORM", None, "a.u.", Some("ADC")),
            (r"ORIGINAL\PRIMARY\M\ND\NORM", None, "a.u.", None),
            (r"ORIGINAL\PRIMARY\T1\M", Some("MAGNITUDE"), "a.u.", None),
            (r"ORIGINAL\PRIMARY\OTHER", Some("ge-0-0"), "a.u.", None),
        ] {
            assert_eq!(of_image_type(&values(image_type), component, unit), wanted, "{image_type} {component:?}");
        }
    }

    #[test]
    fn words_of_bids_are_understood() {
        assert_eq!(of_words(&["sub", "01", "phasediff"]), Some("PHASE"));
        assert_eq!(of_words(&["sub", "01", "part", "phase", "bold"]), Some("PHASE"));
        assert_eq!(of_words(&["sub", "01", "t1w"]), None);
        assert!(is_map(Some("FIELDMAP")) && !is_map(Some("T1")) && !is_map(None));
    }
}
