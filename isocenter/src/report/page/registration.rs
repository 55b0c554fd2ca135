//! What was brought to what, how far that is to be trusted, and both images in one picture.

use std::fmt::Write;

use super::{MOST_PICTURED, Page, html, kind, link};
use crate::{manifest::Registration, quarantine::Record, report::number};

impl Page<'_> {
    pub(super) fn registration(&self) -> String {
        let rows = self.in_order();
        let registered: Vec<_> =
            rows.iter().filter_map(|(i, g)| i.registration.as_ref().map(|r| (*i, *g, r))).collect();
        let failed: Vec<&Record> = self.quarantine.iter().filter(|r| has_failed(r)).collect();
        if registered.is_empty() && failed.is_empty() {
            return String::new();
        }
        let mut out = String::from(
            "<p class=\"note\">Similarity is normalized mutual information: 1 where one image says nothing of the other, 2 where it says \
             all, and between contrasts of one head seldom above 1.3. It should rise; how far it rises says little, so each result is judged \
             by how much better it is than places beside it, than other poses and than its mirror image. Rotation and shift say how \
             far it lies from where the headers put it. What failed is kept out.</p>",
        );
        let good = registered.iter().map(|(i, _, r)| {
            vec![
                verdict(r),
                link(&i.item_id),
                kind(i).into(),
                link(&r.fixed),
                number::short(r.rotation_deg).into(),
                number::short(r.shift_mm).into(),
                format!("{:.4}", r.metric_before).into(),
                format!("{:.4}", r.metric_after).into(),
            ]
        });
        let bad = failed.iter().map(|r| {
            let verdict = format!("<span class=\"bad\">failed</span>: {}", html::escape(&r.detail));
            let series = r.series.clone().unwrap_or_default();
            let mut row = vec![html::Cell::Html(verdict), format!("kept out: series {series}").into()];
            row.extend(["", "", "", "", "", ""].map(html::Cell::from));
            row
        });
        let head = [
            "Verdict",
            "Item",
            "Kind",
            "Brought to",
            "Rotation, degrees",
            "Shift, mm",
            "Similarity before",
            "Similarity after",
        ];
        out.push_str(&html::table("registration", &head, bad.chain(good)));
        out.push_str(
            "<p class=\"note\">Below, the reference is orange and the other image is blue; where both agree the picture is grey. An edge of \
             one colour is a place where they do not.</p>",
        );
        for (item, gallery, r) in registered.iter().take(MOST_PICTURED) {
            if gallery.registration.is_empty() {
                continue;
            }
            let (id, kind) = (html::escape(&item.item_id), html::escape(&kind(item)));
            let _ = write!(
                out,
                "<div class=\"item\"><h3>{id}: {kind}, brought to {}</h3><div class=\"row six\">",
                html::escape(&r.fixed)
            );
            for figure in &gallery.registration {
                let alt = format!(
                    "Item {}, {kind}: {} overlay on {}, {}",
                    item.item_id, figure.plane, r.fixed, figure.caption
                );
                let caption = format!("{}: {}", figure.plane, figure.caption);
                out.push_str(&html::picture(&figure.png, figure.size, &alt, &caption));
            }
            out.push_str("</div></div>");
        }
        out
    }
}

/// Whether a record is of a registration that was not trusted.
pub(in crate::report) fn has_failed(record: &Record) -> bool {
    record.reason.starts_with("registration-")
}

fn verdict(r: &Registration) -> html::Cell {
    let class = if r.verdict == "good" { "ok" } else { "warn" };
    let mut text = format!("<span class=\"{class}\">{}</span>", html::escape(&r.verdict));
    for (n, doubt) in r.doubts.iter().enumerate() {
        let mark = if n == 0 { ": " } else { "; " };
        let _ = write!(text, "{mark}{}", html::escape(doubt_in_words(doubt)));
    }
    html::Cell::Html(text)
}

/// What a doubt's code means.
pub(in crate::report) fn doubt_in_words(code: &str) -> &str {
    match code {
        "unlike" => "the images hardly share more than two that have nothing in common",
        "blunt" => "moving the result a little changes little",
        "little-overlap" => "little of the smaller image lies in the other",
        "rival" => "another pose is nearly as good",
        "sides-turned" => "left and right are exchanged against the headers",
        "mirrored" => "the mirror image fits better",
        other => other,
    }
}
