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

/// The content of a cell.
pub(crate) enum Cell {
    /// Escaped when it is written.
    Text(String),
    /// Written as it is.
    Html(String),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<usize> for Cell {
    fn from(n: usize) -> Self {
        Self::Text(n.to_string())
    }
}

/// A table from a head and rows of cells, in a box of its own that scrolls where it is wider than the page, with the keys too.
pub(crate) fn table(name: &str, head: &[&str], rows: impl IntoIterator<Item = Vec<Cell>>) -> String {
    let mut out = format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"Table: {}\" tabindex=\"0\"><table><thead><tr>",
        escape(name)
    );
    for cell in head {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escape(cell));
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            match cell {
                Cell::Text(text) => {
                    let _ = write!(out, "<td>{}</td>", escape(&text));
                }
                Cell::Html(html) => {
                    let _ = write!(out, "<td>{html}</td>");
                }
            }
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
    out
}

/// A PNG inside the page, which a click or the enter key shows as wide as the page; no script is needed.
pub(crate) fn picture(png: &[u8], [width, height]: [usize; 2], alt: &str, caption: &str) -> String {
    format!(
        "<figure><details class=\"zoom\"><summary><img alt=\"{}\" width=\"{width}\" height=\"{height}\" \
         src=\"data:image/png;base64,{}\"></summary></details><figcaption>{}</figcaption></figure>",
        escape(alt),
        data_encoding::BASE64.encode(png),
        escape(caption),
    )
}

/// The bars of the funnel as inline SVG.
pub(crate) fn bars(rows: &[(&str, usize)]) -> String {
    let most = rows.iter().map(|r| r.1).max().unwrap_or(0).max(1);
    let height = 26 * rows.len();
    let words = rows.iter().map(|(name, count)| format!("{name}: {count}")).collect::<Vec<_>>().join(", ");
    let mut out = format!(
        "<svg class=\"bars\" viewBox=\"0 0 480 {height}\" role=\"img\" aria-label=\"Funnel of counts: {}\">",
        escape(&words)
    );
    for (n, (name, count)) in rows.iter().enumerate() {
        let y = 26 * n;
        let width = 250 * count / most;
        let _ = write!(
            out,
            "<text x=\"0\" y=\"{0}\">{1}</text><rect x=\"150\" y=\"{2}\" width=\"{3}\" height=\"18\" rx=\"3\"/>\
             <text x=\"{4}\" y=\"{0}\">{5}</text>",
            y + 16,
            escape(name),
            y + 3,
            if *count == 0 { 0 } else { width.max(2) },
            158 + width,
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
        let table = super::table("\"><script>", &["<b>"], [vec!["\"><script>".into()]]);
        assert!(!table.contains("<script>"));
    }
}
