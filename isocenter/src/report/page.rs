//! The report: one HTML file that opens without a network.

use std::{fmt::Write, path::Path};

use super::html;
use crate::{Error, Funnel, Recipe, export::Exported, manifest::Item, prepare::Understood, quarantine::Record};

/// A picture of an item, with what it shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figure {
    pub(crate) caption: String,
    pub(crate) png: Vec<u8>,
}

/// The pictures of one item.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gallery {
    pub(crate) slices: Vec<Figure>,
    pub(crate) registration: Vec<Figure>,
}

/// All that the page shows.
pub(crate) struct Page<'a> {
    pub(crate) recipe: &'a Recipe,
    pub(crate) funnel: &'a Funnel,
    pub(crate) items: &'a [Item],
    pub(crate) galleries: &'a [Gallery],
    pub(crate) quarantine: &'a [Record],
    pub(crate) privacy: &'a [(String, String)],
    pub(crate) exports: &'a [Exported],
    pub(crate) understood: &'a Understood,
}

/// Items with pictures on the page; more are listed in the table alone, so that the page stays small enough to open.
const MOST_PICTURED: usize = 200;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:1080px;padding:0 1rem;color:#1b1f24;\
background:#fff}h1{margin-bottom:.2rem}h2{margin-top:2.2rem;border-bottom:1px solid #d8dee4;padding-bottom:.2rem}\
table{border-collapse:collapse;font-size:13px;display:block;overflow-x:auto}th,td{text-align:left;padding:.25rem .6rem;\
border-bottom:1px solid #e6eaee;white-space:nowrap}th{background:#f4f6f8}figure{margin:.4rem 0}img{max-width:100%;background:#000;\
border-radius:4px}figcaption,.note{color:#57606a;font-size:13px}svg{font:13px system-ui,sans-serif}svg rect{fill:#2f6fb3}\
.item{margin:1.2rem 0;padding:.6rem .8rem;border:1px solid #d8dee4;border-radius:6px}.item h3{margin:.1rem 0;font-size:15px}\
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.6rem}code{background:#f4f6f8;padding:0 .25rem;border-radius:3px}\
.ok{color:#1a7f37}.warn{color:#9a6700}";

impl Page<'_> {
    /// Writes `report.html` and `report.json` into `out`.
    pub(crate) fn write(&self, out: &Path) -> Result<(), Error> {
        let write = |name: &str, bytes: &[u8]| {
            let path = out.join(name);
            isocenter_files::write_making_folders(&path, bytes).map_err(Error::io("write a file", path))
        };
        write("report.html", self.to_html().as_bytes())?;
        write("report.json", self.numbers()?.as_bytes())
    }

    /// The text of `report.json`.
    pub(crate) fn numbers(&self) -> Result<String, Error> {
        let numbers = serde_json::json!({
            "recipe": self.recipe.name,
            "version": env!("CARGO_PKG_VERSION"),
            "funnel": self.funnel,
            "privacy": self.privacy.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
            "exports": self.exports,
            "understood": self.understood,
        });
        let mut text =
            serde_json::to_string_pretty(&numbers).map_err(|e| Error::Internal { message: e.to_string() })?;
        text.push('\n');
        Ok(text)
    }

    pub(crate) fn to_html(&self) -> String {
        let mut out = String::from("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
        let _ = write!(
            out,
            "<title>isocenter: {}</title><style>{STYLE}</style></head><body>",
            html::escape(&self.recipe.name)
        );
        self.head(&mut out);
        self.funnel(&mut out);
        self.privacy(&mut out);
        self.volume_files(&mut out);
        self.table(&mut out);
        self.registration(&mut out);
        self.slices(&mut out);
        out.push_str("</body></html>\n");
        out
    }

    fn head(&self, out: &mut String) {
        let f = self.funnel;
        let _ = write!(
            out,
            "<h1>{}</h1><p>{}</p><p>{} items of {} patients from {} files, {} with labels; {} files kept out with a reason. \
             Prepared by isocenter {}.</p>",
            html::escape(&self.recipe.name),
            html::escape(&self.recipe.description),
            f.items,
            f.patients,
            f.files,
            f.labelled,
            f.quarantined,
            env!("CARGO_PKG_VERSION")
        );
        if !self.exports.is_empty() {
            out.push_str("<h2>Exports</h2>");
            let rows: Vec<_> = self
                .exports
                .iter()
                .map(|e| vec![e.folder.clone().unwrap_or_else(|| e.export.clone()), e.sentence.clone()])
                .collect();
            out.push_str(&html::table(&["Export", "What it holds"], &rows));
        }
    }

    fn funnel(&self, out: &mut String) {
        let f = self.funnel;
        out.push_str("<h2>Funnel</h2>");
        out.push_str(&html::bars(&[
            ("files in", f.files),
            ("DICOM instances", f.instances),
            ("series", f.series),
            ("files in items", f.in_items),
            ("duplicates", f.duplicates),
            ("quarantined", f.quarantined),
            ("items", f.items),
            ("items with labels", f.labelled),
            ("patients", f.patients),
        ]));
        let _ = write!(
            out,
            "<p class=\"note\">{} files in = {} in items + {} duplicates + {} quarantined.</p>",
            f.files, f.in_items, f.duplicates, f.quarantined
        );
        if self.quarantine.is_empty() {
            out.push_str("<p class=\"ok\">Nothing was kept out.</p>");
            return;
        }
        out.push_str("<h2>Quarantine</h2>");
        let rows: Vec<_> = self
            .quarantine
            .iter()
            .map(|r| {
                let mut ids = r.files.iter().take(3).cloned().collect::<Vec<_>>().join(" ");
                if r.files.len() > 3 {
                    let _ = write!(ids, " and {} more", r.files.len() - 3);
                }
                vec![r.reason.clone(), r.files.len().to_string(), r.detail.clone(), ids]
            })
            .collect();
        out.push_str(&html::table(&["Reason", "Files", "What it means", "File ids"], &rows));
    }

    fn privacy(&self, out: &mut String) {
        out.push_str("<h2>Privacy</h2>");
        let rows: Vec<_> = self.privacy.iter().map(|(a, b)| vec![a.clone(), b.clone()]).collect();
        out.push_str(&html::table(&["Check", "Result"], &rows));
    }

    fn volume_files(&self, out: &mut String) {
        if self.understood.layouts.is_empty() {
            return;
        }
        out.push_str("<h2>Volume files</h2><p class=\"note\">Whose each file is, and what, as it was understood.</p>");
        let rows: Vec<_> = self
            .understood
            .layouts
            .iter()
            .map(|l| {
                let numbers = [l.patients, l.visits, l.images, l.labels].map(|n| n.to_string());
                let case = if l.case_is_patient { "yes" } else { "no" };
                let words = [l.channels.join(", "), case.to_owned()];
                std::iter::once(l.layout.clone()).chain(numbers).chain(words).collect()
            })
            .collect();
        let head = ["Layout", "Patients", "Visits", "Images", "Label maps", "Kinds", "Each case taken as a patient"];
        out.push_str(&html::table(&head, &rows));
        let rows: Vec<_> = self
            .understood
            .files
            .iter()
            .take(MOST_PICTURED)
            .map(|f| {
                let doubt = if f.looks_like_labels { "looks like labels" } else { "" };
                let optional = |text: &Option<String>| text.clone().unwrap_or_default();
                vec![
                    f.file.clone(),
                    f.layout.clone(),
                    f.patient.clone(),
                    f.visit.clone(),
                    optional(&f.modality),
                    f.role.clone(),
                    optional(&f.channel),
                    doubt.to_owned(),
                ]
            })
            .collect();
        let head = ["File", "Layout", "Patient", "Visit", "Modality", "Role", "Channel", "Doubt"];
        out.push_str(&html::table(&head, &rows));
    }

    fn table(&self, out: &mut String) {
        out.push_str("<h2>Items</h2>");
        let rows: Vec<_> = self
            .items
            .iter()
            .map(|i| {
                let stats = i.statistics.unwrap_or_default();
                vec![
                    i.item_id.clone(),
                    i.patient.clone(),
                    kind(i),
                    i.part.clone(),
                    i.shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x "),
                    i.spacing_mm.map(|v| format!("{v:.3}")).join(" x "),
                    i.orientation.clone().unwrap_or_default(),
                    i.unit.clone(),
                    format!("{:.3} .. {:.3}", stats.min, stats.max),
                    i.labels.len().to_string(),
                    i.warnings.join(", "),
                ]
            })
            .collect();
        let head =
            ["Item", "Patient", "Kind", "Part", "Voxels", "Spacing, mm", "Axes", "Unit", "Range", "Labels", "Warnings"];
        out.push_str(&html::table(&head, &rows));
    }

    fn registration(&self, out: &mut String) {
        let registered: Vec<_> = self.items.iter().filter(|i| i.registration.is_some()).collect();
        if registered.is_empty() {
            return;
        }
        out.push_str("<h2>Registration</h2>");
        let rows: Vec<_> = registered
            .iter()
            .filter_map(|i| {
                let r = i.registration.as_ref()?;
                Some(vec![
                    i.item_id.clone(),
                    kind(i),
                    r.fixed.clone(),
                    format!("{:.2}", r.rotation_deg),
                    format!("{:.2}", r.shift_mm),
                    format!("{:.4}", r.metric_before),
                    format!("{:.4}", r.metric_after),
                ])
            })
            .collect();
        let head = ["Item", "Kind", "Brought to", "Rotation, deg", "Shift, mm", "Similarity before", "after"];
        out.push_str(&html::table(&head, &rows));
        out.push_str(
            "<p class=\"note\">Reference in orange, the other image in blue; where both agree the picture is grey.</p>",
        );
        for (item, gallery) in self.items.iter().zip(self.galleries).take(MOST_PICTURED) {
            if gallery.registration.is_empty() {
                continue;
            }
            let _ = write!(
                out,
                "<div class=\"item\"><h3>{} {}</h3><div class=\"pair\">",
                html::escape(&item.item_id),
                kind(item)
            );
            for figure in &gallery.registration {
                out.push_str(&html::picture(&figure.png, &figure.caption));
            }
            out.push_str("</div></div>");
        }
    }

    fn slices(&self, out: &mut String) {
        out.push_str("<h2>Slices</h2>");
        for (item, gallery) in self.items.iter().zip(self.galleries).take(MOST_PICTURED) {
            let _ = write!(
                out,
                "<div class=\"item\"><h3>{} {}, patient {}</h3>",
                html::escape(&item.item_id),
                html::escape(&kind(item)),
                html::escape(&item.patient)
            );
            for figure in &gallery.slices {
                out.push_str(&html::picture(&figure.png, &figure.caption));
            }
            if !item.labels.is_empty() {
                let names: Vec<_> = item.labels.iter().map(|(v, n)| format!("{v} {n}")).collect();
                let _ = write!(out, "<p class=\"note\">Labels: {}</p>", html::escape(&names.join(", ")));
            }
            out.push_str("</div>");
        }
        if self.items.len() > MOST_PICTURED {
            let _ = write!(
                out,
                "<p class=\"note\">{} more items are in the table only.</p>",
                self.items.len() - MOST_PICTURED
            );
        }
    }
}

fn kind(item: &Item) -> String {
    [&item.body_part, &item.modality, &item.contrast]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}
