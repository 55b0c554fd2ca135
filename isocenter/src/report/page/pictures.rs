//! Slices, labels and histograms of each item, the items of a patient together.

use std::fmt::Write;

use isocenter_labels::colours::colour_of;

use super::{MOST_PICTURED, Page, html, items::range, kind};
use crate::{
    manifest::Item,
    report::{Figure, Gallery, number},
};

impl Page<'_> {
    /// Links to the patients, for the list of contents.
    pub(super) fn patient_links(&self) -> String {
        let mut patients: Vec<&str> =
            self.in_order().iter().take(MOST_PICTURED).map(|(i, _)| i.patient.as_str()).collect();
        patients.dedup();
        if patients.is_empty() {
            return String::new();
        }
        let mut out = String::from("<ul>");
        for patient in patients {
            let patient = html::escape(patient);
            let _ = write!(out, "<li><a href=\"#patient-{patient}\">patient {patient}</a></li>");
        }
        out.push_str("</ul>");
        out
    }

    pub(super) fn pictures(&self) -> String {
        if self.items.is_empty() {
            return String::new();
        }
        let mut out = String::from(
            "<p>Radiological convention: the patient&#39;s right is at the left of the picture in axial and coronal planes, the face at the \
             left in sagittal ones, the nose or the head up. The letters at the edges say where each points to (L left, R right, A anterior, \
             P posterior, S superior, I inferior); they come from the geometry of the image. Where a file does not say how it lies in the \
             patient there are no letters, and left and right are not known. A click or the enter key enlarges a picture.</p>",
        );
        let mut patient = None;
        for (item, gallery) in self.in_order().into_iter().take(MOST_PICTURED) {
            if patient != Some(&item.patient) {
                patient = Some(&item.patient);
                let id = html::escape(&item.patient);
                let fold = item.fold.map(|f| format!(", fold {f}")).unwrap_or_default();
                let part = html::escape(&item.part);
                let _ = write!(out, "<h3 id=\"patient-{id}\">Patient {id} ({part}{fold})</h3>");
            }
            self.item(&mut out, item, gallery);
        }
        if self.items.len() > MOST_PICTURED {
            let more = self.items.len() - MOST_PICTURED;
            let _ = write!(out, "<p class=\"note\">{more} more items are in the table and in report.json only.</p>");
        }
        out
    }

    fn item(&self, out: &mut String, item: &Item, gallery: &Gallery) {
        let id = html::escape(&item.item_id);
        let kind = html::escape(&kind(item));
        let _ = write!(out, "<div class=\"item\" id=\"item-{id}\"><h4>{kind} <code>{id}</code></h4><p class=\"note\">");
        let voxels = item.shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x ");
        let _ = write!(
            out,
            "{voxels} voxels of {} mm; {}",
            item.spacing_mm.map(number::short).join(" x "),
            html::escape(&range(item))
        );
        for warning in &item.warnings {
            let _ = write!(out, "; <span class=\"warn\">{}</span>", html::escape(warning));
        }
        out.push_str("</p>");
        if gallery.slices.is_empty() {
            out.push_str(
                "<p class=\"note\">No picture: colour or complex samples, or no slice that could be drawn.</p>",
            );
        } else if !gallery.sides_known {
            out.push_str(
                "<p class=\"warn\">No letters: the file does not say how the image lies in the patient, so left and right are not known.</p>",
            );
        }
        out.push_str("<div class=\"row\">");
        for figure in &gallery.slices {
            let caption = caption(figure);
            let alt = format!("Item {}, {kind}: {caption}", item.item_id);
            out.push_str(&html::picture(&figure.png, figure.size, &alt, &caption));
        }
        out.push_str("</div>");
        out.push_str(&labels(item));
        if !gallery.histograms.is_empty() {
            out.push_str("<div class=\"histograms\">");
            for histogram in &gallery.histograms {
                out.push_str(&histogram.to_svg(&format!("Item {}, {}", item.item_id, histogram.title())));
            }
            out.push_str("</div>");
        }
        out.push_str("</div>");
    }
}

fn caption(figure: &Figure) -> String {
    let range = figure.range.as_ref().map(|r| format!("; {r}")).unwrap_or_default();
    format!("{}: {}{range}", figure.plane, figure.caption)
}

/// Names, colours and volumes of an item's labels.
fn labels(item: &Item) -> String {
    if item.label.is_none() {
        return String::new();
    }
    if item.labels.is_empty() {
        return "<p class=\"warn\">The label map has no labelled voxel.</p>".to_owned();
    }
    let mut out = String::from("<ul class=\"labels\" aria-label=\"Labels\">");
    for (value, name) in &item.labels {
        let [r, g, b] = colour_of(*value);
        let volume = item.label_volumes_ml.get(value).map(|ml| format!(", {} ml", number::short(*ml)));
        let _ = write!(
            out,
            "<li><span class=\"swatch\" style=\"background:#{r:02x}{g:02x}{b:02x}\"></span>{value} {}{}</li>",
            html::escape(name),
            volume.unwrap_or_default()
        );
    }
    out.push_str("</ul>");
    out
}
