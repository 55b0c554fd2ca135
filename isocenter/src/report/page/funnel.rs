//! Where every file went, and what the search for identifying values found.

use std::fmt::Write;

use super::{Page, html};
use crate::quarantine;

impl Page<'_> {
    pub(super) fn funnel(&self) -> String {
        let f = self.funnel;
        let mut out = html::bars(&[
            ("files in", f.files),
            ("DICOM instances", f.instances),
            ("series", f.series),
            ("files in items", f.in_items),
            ("duplicates", f.duplicates),
            ("quarantined", f.quarantined),
            ("items", f.items),
            ("items with labels", f.labelled),
            ("patients", f.patients),
        ]);
        let _ = write!(
            out,
            "<p class=\"note\">{} files in = {} in items + {} duplicates + {} quarantined.",
            f.files, f.in_items, f.duplicates, f.quarantined
        );
        for (what, share) in [("volumes", f.volumes), ("frames of DICOM images", f.frames)] {
            let _ = write!(
                out,
                " {} {what} = {} in items + {} repeated + {} kept out.",
                share.found, share.in_items, share.repeated, share.kept_out
            );
        }
        out.push_str("</p>");
        out
    }

    pub(super) fn quarantine(&self) -> String {
        if self.quarantine.is_empty() {
            return "<p class=\"ok\">Nothing was kept out.</p>".to_owned();
        }
        let rows = self.quarantine.iter().map(|r| {
            let mut ids = r.files.iter().take(3).cloned().collect::<Vec<_>>().join(" ");
            if r.files.len() > 3 {
                let _ = write!(ids, " and {} more", r.files.len() - 3);
            }
            let patient = r.patient.clone().unwrap_or_default();
            let next = quarantine::advice(&r.reason).next;
            vec![
                r.reason.clone().into(),
                r.files.len().into(),
                r.detail.clone().into(),
                next.into(),
                patient.into(),
                ids.into(),
            ]
        });
        let table =
            html::table("quarantine", &["Reason", "Files", "What it means", "What to do", "Patient", "File ids"], rows);
        format!(
            "{table}<p class=\"note\">quarantine.jsonl has every id; a table of --map says which file an id is.</p>"
        )
    }

    pub(super) fn privacy(&self) -> String {
        let rows = self.privacy.rows().into_iter().map(|(check, result)| vec![check.into(), result.into()]);
        html::table("privacy", &["Check", "Result"], rows)
    }
}
