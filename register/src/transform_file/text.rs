//! Numbers in texts.

use isocenter_volume::Affine;

use super::Error;

/// Shortest text that reads back to the same number; minus zero is written as zero.
pub(super) fn number(value: f64) -> String {
    format!("{}", if value == 0.0 { 0.0 } else { value })
}

/// Numbers with a space between them.
pub(super) fn joined(values: impl IntoIterator<Item = f64>) -> String {
    values.into_iter().map(number).collect::<Vec<_>>().join(" ")
}

/// Finite numbers with white space between them.
pub(super) fn numbers(text: &str, line: usize) -> Result<Vec<f64>, Error> {
    text.split_whitespace()
        .map(|w| w.parse().ok().filter(|v: &f64| v.is_finite()))
        .collect::<Option<_>>()
        .ok_or(Error::Malformed { line, what: "finite numbers are wanted" })
}

/// Four lines of four numbers, the last of them 0 0 0 1; lines are numbered from `first`.
pub(super) fn matrix<'t>(lines: impl Iterator<Item = (usize, &'t str)>) -> Result<[[f64; 4]; 3], Error> {
    let mut rows: Vec<[f64; 4]> = Vec::new();
    let mut last_line = 1;
    for (line_number, line) in lines {
        last_line = line_number;
        let mut row = [0.0; 4];
        let mut words = line.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty());
        for slot in &mut row {
            *slot = words
                .next()
                .and_then(|w| w.parse().ok())
                .filter(|v: &f64| v.is_finite())
                .ok_or(Error::Malformed { line: line_number, what: "four finite numbers are wanted" })?;
        }
        if words.next().is_some() || rows.len() == 4 {
            return Err(Error::Malformed {
                line: line_number,
                what: "four lines of four numbers are wanted, found more",
            });
        }
        rows.push(row);
    }
    let [x, y, z, w] = rows[..] else {
        return Err(Error::Malformed { line: last_line, what: "four lines of four numbers are wanted, found fewer" });
    };
    if w != [0.0, 0.0, 0.0, 1.0] {
        return Err(Error::Malformed { line: last_line, what: "the last row must be 0 0 0 1" });
    }
    Ok([x, y, z])
}

/// The lines of a text that say something, numbered from 1.
pub(super) fn said(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(n, line)| (n + 1, line)).filter(|(_, line)| !line.trim().is_empty())
}

/// Four lines of a matrix.
pub(super) fn format_matrix(rows: [[f64; 4]; 3]) -> String {
    let mut text = String::new();
    for row in rows {
        text.push_str(&joined(row));
        text.push('\n');
    }
    text.push_str("0 0 0 1\n");
    text
}

/// The way back of a map that was read.
pub(super) fn inverse(map: &Affine) -> Result<Affine, Error> {
    map.inverse().ok_or(Error::Malformed { line: 1, what: SINGULAR })
}

pub(super) const SINGULAR: &str = "the matrix is singular or not finite";
