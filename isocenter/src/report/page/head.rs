//! What the run was: its name, counts, exports and split.

use std::{collections::BTreeMap, fmt::Write};

use super::{Page, html};
use crate::manifest::Item;

impl Page<'_> {
    pub(super) fn head(&self) -> String {
        let f = self.funnel;
        format!(
            "<header><h1>{0}</h1><p>{1}</p><p>{2} of {3} from {4}, {5} with labels; {6} kept out with a reason.</p>\
             <p class=\"note\">Prepared with the recipe {0} (recipe.toml has all of it) by isocenter {7}. This page was written \
             <span id=\"written\">at the time of its file; run.jsonl beside it has that of the run</span>.</p></header>",
            html::escape(&self.recipe.name),
            html::escape(&self.recipe.description),
            count(f.items, "item"),
            count(f.patients, "patient"),
            count(f.files, "file"),
            f.labelled,
            count(f.quarantined, "file"),
            env!("CARGO_PKG_VERSION")
        )
    }

    pub(super) fn exports(&self) -> String {
        if self.exports.is_empty() {
            return String::new();
        }
        let rows = self.exports.iter().map(|export| {
            let name = export.folder.clone().unwrap_or_else(|| format!("not in {}", export.export));
            vec![name.into(), export.sentence.clone().into()]
        });
        html::table("exports", &["Export", "What it holds"], rows)
    }

    /// A row for each patient, and the sums.
    pub(super) fn split(&self) -> String {
        let mut patients: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
        for item in self.items {
            patients.entry(&item.patient).or_default().push(item);
        }
        if patients.is_empty() {
            return String::new();
        }
        let mut sums: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
        for items in patients.values() {
            let sum = sums.entry(items.first().map_or("", |i| &i.part)).or_default();
            sum[0] += 1;
            sum[1] += items.len();
        }
        let mut out = String::from("<p>");
        for (n, (part, [patients, items])) in sums.iter().enumerate() {
            let comma = if n == 0 { "" } else { "; " };
            let _ = write!(
                out,
                "{comma}{}: {}, {}",
                html::escape(part),
                count(*patients, "patient"),
                count(*items, "item")
            );
        }
        out.push_str(
            ". No patient is in two parts. The fold is the one that the patient validates; the others train with it.</p>",
        );
        let rows = patients.iter().map(|(patient, items)| {
            let first = items.first();
            let fold = first.and_then(|i| i.fold).map_or_else(|| "none".to_owned(), |f| f.to_string());
            let part = first.map(|i| i.part.clone()).unwrap_or_default();
            let labelled = items.iter().filter(|i| i.label.is_some()).count();
            let patient = html::escape(patient);
            vec![
                html::Cell::Html(format!("<a href=\"#patient-{patient}\">{patient}</a>")),
                part.into(),
                fold.into(),
                items.len().into(),
                labelled.into(),
            ]
        });
        out.push_str(&html::table("split", &["Patient", "Part", "Fold", "Items", "With labels"], rows));
        out
    }
}

/// A number of things in words.
fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("one {what}") } else { format!("{n} {what}s") }
}
