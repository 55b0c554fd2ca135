//! The report: one HTML file that opens without a network.

mod funnel;
mod head;
mod items;
mod pictures;
mod registration;
mod volume_files;

use std::path::Path;

pub(super) use registration::doubt_in_words;

use super::{Gallery, Privacy, html};
use crate::{Error, Funnel, Recipe, export::Exported, manifest::Item, prepare::Understood, quarantine::Record};

/// All that the page shows.
pub(crate) struct Page<'a> {
    pub(crate) recipe: &'a Recipe,
    pub(crate) funnel: &'a Funnel,
    pub(crate) items: &'a [Item],
    /// One for each item.
    pub(crate) galleries: &'a [Gallery],
    pub(crate) quarantine: &'a [Record],
    pub(crate) privacy: &'a Privacy,
    pub(crate) exports: &'a [Exported],
    pub(crate) understood: &'a Understood,
}

/// Items with pictures on the page; more are listed in the table alone, so that the page stays small enough to open.
const MOST_PICTURED: usize = 200;

const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/written.js");

impl<'a> Page<'a> {
    /// Writes `report.html` and `report.json` into `out`.
    pub(crate) fn write(&self, out: &Path) -> Result<(), Error> {
        let write = |name: &str, bytes: &[u8]| {
            let path = out.join(name);
            isocenter_files::write_making_folders(&path, bytes).map_err(Error::io("write a file", path))
        };
        write("report.html", self.to_html().as_bytes())?;
        write("report.json", self.numbers()?.as_bytes())
    }

    /// The text of `report.html`. It depends on what was prepared and on nothing else: the time of writing is the file's own, which a
    /// line of script reads when the page is opened.
    pub(crate) fn to_html(&self) -> String {
        let sections: Vec<(&str, &str, String)> = [
            ("exports", "Exports", self.exports()),
            ("split", "Split", self.split()),
            ("funnel", "Funnel", self.funnel()),
            ("quarantine", "Quarantine", self.quarantine()),
            ("privacy", "Privacy", self.privacy()),
            ("files", "Volume files", self.volume_files()),
            ("items", "Items", self.item_table()),
            ("registration", "Registration", self.registration()),
            ("pictures", "Pictures", self.pictures()),
        ]
        .into_iter()
        .filter(|(_, _, content)| !content.is_empty())
        .collect();
        let mut out = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\"><title>isocenter: {}</title><style>{STYLE}</style></head><body>",
            html::escape(&self.recipe.name)
        );
        out.push_str(&self.head());
        out.push_str("<nav aria-label=\"Contents\"><h2>Contents</h2><ul>");
        for (id, title, _) in &sections {
            out.push_str(&format!("<li><a href=\"#{id}\">{title}</a>"));
            if *id == "pictures" {
                out.push_str(&self.patient_links());
            }
            out.push_str("</li>");
        }
        out.push_str("</ul></nav><main>");
        for (id, title, content) in &sections {
            out.push_str(&format!("<section id=\"{id}\" aria-labelledby=\"{id}-title\"><h2 id=\"{id}-title\">{title}</h2>{content}</section>"));
        }
        out.push_str(&format!("</main><script>{SCRIPT}</script></body></html>\n"));
        out
    }

    /// Items with their pictures as a reader looks for them: by patient, study and kind.
    fn in_order(&self) -> Vec<(&'a Item, &'a Gallery)> {
        let mut rows: Vec<(&Item, &Gallery)> = self.items.iter().zip(self.galleries).collect();
        rows.sort_by_key(|(i, _)| {
            let reference_first = i.registration.is_some();
            (
                &i.patient,
                &i.study,
                i.modality.as_deref().map(rank),
                &i.modality,
                reference_first,
                &i.contrast,
                &i.item_id,
            )
        });
        rows
    }
}

/// CT before MR before PET, as a report of several modalities is read.
fn rank(modality: &str) -> usize {
    ["CT", "MR", "PT", "NM"].iter().position(|m| *m == modality).unwrap_or(4)
}

/// Body part, modality and contrast, as far as they are known.
fn kind(item: &Item) -> String {
    let words: Vec<&str> =
        [&item.body_part, &item.modality, &item.contrast].into_iter().flatten().map(String::as_str).collect();
    if words.is_empty() { "image".to_owned() } else { words.join(" ") }
}

/// A link to the pictures of an item.
fn link(item_id: &str) -> html::Cell {
    let id = html::escape(item_id);
    html::Cell::Html(format!("<a href=\"#item-{id}\">{id}</a>"))
}
