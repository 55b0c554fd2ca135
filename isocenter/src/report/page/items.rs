//! One row for each item.

use super::{MOST_PICTURED, Page, html, kind, link};
use crate::{
    manifest::Item,
    report::{number, window::unit_word},
};

impl Page<'_> {
    pub(super) fn item_table(&self) -> String {
        let rows = self.in_order().into_iter().enumerate().map(|(n, (i, _))| {
            let id = if n < MOST_PICTURED { link(&i.item_id) } else { i.item_id.clone().into() };
            vec![
                warnings(i),
                id,
                i.patient.clone().into(),
                kind(i).into(),
                i.part.clone().into(),
                i.shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x ").into(),
                i.spacing_mm.map(number::short).join(" x ").into(),
                i.orientation.clone().unwrap_or_else(|| "not known".to_owned()).into(),
                range(i).into(),
                i.labels.len().into(),
            ]
        });
        let head = [
            "Warnings",
            "Item",
            "Patient",
            "Kind",
            "Part",
            "Voxels",
            "Spacing, mm",
            "Axes",
            "Range of values",
            "Labels",
        ];
        html::table("items", &head, rows)
    }
}

fn warnings(item: &Item) -> html::Cell {
    if item.warnings.is_empty() {
        return "none".into();
    }
    let words: Vec<String> = item.warnings.iter().map(|w| html::escape(w)).collect();
    html::Cell::Html(format!("<span class=\"warn\">{}</span>", words.join(", ")))
}

/// Smallest and largest value with their unit, and how many voxels have none.
pub(super) fn range(item: &Item) -> String {
    let Some(s) = item.statistics else { return "no numbers: colour, complex, or nothing finite".to_owned() };
    let not_finite = if s.not_finite > 0 { format!("; {} voxels not finite", s.not_finite) } else { String::new() };
    let padding = if s.padding > 0 { format!("; {} voxels of padding", s.padding) } else { String::new() };
    let ends = [s.min, s.max].map(number::short);
    format!("{} to {}{}{not_finite}{padding}", ends[0], ends[1], unit_word(&item.unit))
}
