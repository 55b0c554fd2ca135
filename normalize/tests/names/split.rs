//! Tables of the corpus, and the rows that rules were not made with.

use sha2::{Digest, Sha256};

/// The rows of a table with quoted cells, without its head.
pub(crate) fn rows(text: &str, separator: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    for c in text.trim_start_matches('\u{feff}').replace('\r', "").chars() {
        match c {
            '"' => quoted = !quoted,
            c if c == separator && !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    row.push(cell);
    rows.push(row);
    rows.into_iter().skip(1).filter(|row| row.len() > 1).collect()
}

/// Whether a row of the table of descriptions is kept for measuring: SHA-256 of its trimmed modality, a tab and the description is 0 modulo 5.
pub(crate) fn held_out(modality: &str, description: &str) -> bool {
    let digest = Sha256::digest(format!("{}\t{description}", modality.trim()));
    // a number of 256 bits, modulo 5: 256 is 1 modulo 5, so that the bytes can be added
    digest.iter().map(|byte| u32::from(*byte)).sum::<u32>() % 5 == 0
}
