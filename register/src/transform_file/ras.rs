//! A 4x4 matrix in RAS millimetres, one row a line, as greedy and C3D write it.

use isocenter_volume::Affine;

use super::{Error, number};

pub(super) fn parse(text: &str) -> Result<Affine, Error> {
    let mut rows: Vec<[f64; 4]> = Vec::new();
    let mut last_line = 1;
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let line_number = n + 1;
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
    Ok(Affine::from_ras_to_ras([x, y, z]))
}

pub(super) fn format(transform: &Affine) -> String {
    let mut text = String::new();
    for row in transform.to_ras_to_ras() {
        text.push_str(&row.map(number).join(" "));
        text.push('\n');
    }
    text.push_str("0 0 0 1\n");
    text
}
