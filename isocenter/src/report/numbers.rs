//! `report.json`: the numbers of the page for a program, each with its type.

use isocenter_labels::colours::colour_of;
use serde_json::{Value, json};

use super::{Figure, Gallery, page::Page};
use crate::{Error, manifest::Item};

/// The version of the form of `report.json`. Before 2 all but the funnel were sentences.
const FORMAT_VERSION: u32 = 2;

impl Page<'_> {
    /// The text of `report.json`.
    pub(crate) fn numbers(&self) -> Result<String, Error> {
        let items: Vec<Value> = self.items.iter().zip(self.galleries).map(|(i, g)| item(i, g)).collect();
        let split: Vec<Value> = {
            let mut rows: Vec<_> = self.items.iter().map(|i| (&i.patient, &i.part, i.fold)).collect();
            rows.sort();
            rows.dedup();
            let items_of = |patient: &str| self.items.iter().filter(|i| i.patient == patient).count();
            let labelled =
                |patient: &str| self.items.iter().filter(|i| i.patient == patient && i.label.is_some()).count();
            rows.into_iter()
                .map(|(patient, part, fold)| {
                    json!({ "patient": patient, "part": part, "fold": fold, "items": items_of(patient), "labelled": labelled(patient) })
                })
                .collect()
        };
        let numbers = json!({
            "format_version": FORMAT_VERSION,
            "recipe": self.recipe.name,
            "description": self.recipe.description,
            "version": env!("CARGO_PKG_VERSION"),
            "funnel": self.funnel,
            "quarantine": self.quarantine,
            "privacy": self.privacy,
            "exports": self.exports,
            "split": split,
            "understood": self.understood,
            "items": items,
        });
        let mut text =
            serde_json::to_string_pretty(&numbers).map_err(|e| Error::Internal { message: e.to_string() })?;
        text.push('\n');
        Ok(text)
    }
}

fn item(i: &Item, gallery: &Gallery) -> Value {
    let labels: Vec<Value> = i
        .labels
        .iter()
        .map(|(value, name)| {
            let [r, g, b] = colour_of(*value);
            json!({
                "value": value,
                "name": name,
                "volume_ml": i.label_volumes_ml.get(value),
                "colour": format!("#{r:02x}{g:02x}{b:02x}"),
            })
        })
        .collect();
    let pictures: Vec<Value> = gallery.slices.iter().map(picture).collect();
    json!({
        "item_id": i.item_id,
        "patient": i.patient,
        "study": i.study,
        "modality": i.modality,
        "contrast": i.contrast,
        "body_part": i.body_part,
        "part": i.part,
        "fold": i.fold,
        "shape": i.shape,
        "spacing_mm": i.spacing_mm,
        "orientation": i.orientation,
        "unit": i.unit,
        "statistics": i.statistics,
        "labels": labels,
        "registration": i.registration,
        "warnings": i.warnings,
        "exports": i.exports,
        "sides_known": gallery.sides_known,
        "pictures": pictures,
        "histograms": gallery.histograms,
    })
}

fn picture(figure: &Figure) -> Value {
    let window = figure.range.as_ref().map(|r| {
        json!({
            "name": r.preset.map(super::Preset::name),
            "low": r.low,
            "high": r.high,
            "unit": r.unit,
            "high_is_dark": r.inverted,
        })
    });
    json!({ "plane": figure.plane, "slices": figure.slices, "window": window })
}
