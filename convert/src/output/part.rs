//! What tells a phase, a field map or a diffusion map from the magnitude of its series.

use crate::{
    SeriesPlan,
    part::{self, Part},
};

/// The mark of a volume in its name; empty for a magnitude, and for all that has no parts.
pub(super) fn mark(series: &SeriesPlan) -> &'static str {
    let has = |words: &[&str]| series.image_type.iter().any(|word| words.contains(&word.as_str()));
    // a field map of GE shares its series with a magnitude
    let is_field_map = has(&FIELD_MAPS) || series.component.as_deref().is_some_and(|text| text == "ge-0-0-map");
    match Part::of(series.component.as_deref(), &series.image_type, series.head.scaling().unit().code()) {
        _ if is_field_map => part::mark(Part::FieldMap),
        None | Some(Part::Magnitude) if has(&["ADC"]) => "_ADC",
        found => found.map_or("", part::mark),
    }
}

const FIELD_MAPS: [&str; 4] = ["B0 MAP", "B0_MAP", "FIELD_MAP", "FIELDMAPHZ"];
