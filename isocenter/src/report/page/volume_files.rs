//! Whose each volume file is, and what, as it was understood.

use super::{MOST_PICTURED, Page, html};

impl Page<'_> {
    pub(super) fn volume_files(&self) -> String {
        if self.understood.layouts.is_empty() {
            return String::new();
        }
        let mut out = String::from("<p class=\"note\">Whose each file is, and what, as it was understood.</p>");
        let rows = self.understood.layouts.iter().map(|l| {
            let case = if l.case_is_patient { "yes" } else { "no" };
            let counts = [l.patients, l.visits, l.images, l.labels].map(html::Cell::from);
            let words = [l.channels.join(", ").into(), case.into()];
            std::iter::once(l.layout.clone().into()).chain(counts).chain(words).collect()
        });
        let head = ["Layout", "Patients", "Visits", "Images", "Label maps", "Kinds", "Each case taken as a patient"];
        out.push_str(&html::table("layouts", &head, rows));
        let rows = self.understood.files.iter().take(MOST_PICTURED).map(|f| {
            let doubt = if f.looks_like_labels { "looks like labels" } else { "" };
            let optional = |text: &Option<String>| html::Cell::from(text.clone().unwrap_or_default());
            vec![
                doubt.into(),
                f.file.clone().into(),
                f.layout.clone().into(),
                f.patient.clone().into(),
                f.visit.clone().into(),
                optional(&f.modality),
                f.role.clone().into(),
                optional(&f.channel),
            ]
        });
        let head = ["Doubt", "File", "Layout", "Patient", "Visit", "Modality", "Role", "Channel"];
        out.push_str(&html::table("volume files", &head, rows));
        if self.understood.files.len() > MOST_PICTURED {
            let more = self.understood.files.len() - MOST_PICTURED;
            out.push_str(&format!("<p class=\"note\">{more} more files are in report.json only.</p>"));
        }
        out
    }
}
