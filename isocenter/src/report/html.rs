//! A few helpers for writing HTML without a template language.

use std::fmt::Write;

/// Text made safe for element content and quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A table from a head and rows of cells; cells are escaped.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = String::from("<table><thead><tr>");
    for cell in head {
        let _ = write!(out, "<th>{}</th>", escape(cell));
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            let _ = write!(out, "<td>{}</td>", escape(cell));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
    out
}

/// A PNG inside the page.
pub(crate) fn picture(png: &[u8], caption: &str) -> String {
    format!(
        "<figure><img alt=\"{0}\" src=\"data:image/png;base64,{1}\"><figcaption>{0}</figcaption></figure>",
        escape(caption),
        data_encoding::BASE64.encode(png)
    )
}

/// The bars of the funnel as inline SVG.
pub(crate) fn bars(rows: &[(&str, usize)]) -> String {
    let most = rows.iter().map(|r| r.1).max().unwrap_or(0).max(1);
    let height = 26 * rows.len();
    let mut out =
        format!("<svg viewBox=\"0 0 640 {height}\" width=\"640\" role=\"img\" aria-label=\"funnel of counts\">");
    for (n, (name, count)) in rows.iter().enumerate() {
        let y = 26 * n;
        let width = 360 * count / most;
        let _ = write!(
            out,
            "<text x=\"0\" y=\"{0}\">{1}</text><rect x=\"200\" y=\"{2}\" width=\"{3}\" height=\"18\" rx=\"3\"/>\
             <text x=\"{4}\" y=\"{0}\">{5}</text>",
            y + 16,
            escape(name),
            y + 3,
            width.max(2),
            208 + width,
            count
        );
    }
    out.push_str("</svg>");
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn cells_cannot_break_out() {
        assert!(!super::table(&["<b>"], &[vec!["\"><script>".into()]]).contains("<script>"));
    }
}
