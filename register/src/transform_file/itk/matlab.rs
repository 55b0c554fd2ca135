//! ITK's transforms in MATLAB's binary file of version 4, as ANTs writes them (`0GenericAffine.mat`): pairs of columns, one named
//! after the class with the parameters, one named `fixed` with the fixed parameters.
//!
//! Source: "MAT-File Format", The MathWorks, appendix "Version 4"; files that ANTs and ITK write.

use isocenter_volume::Affine;

use super::{super::Error, Stored, WRITTEN, maps, parameters};

const NAME: &str = "ANTs .mat";

/// Bytes of a header: type, rows, columns, whether imaginary, length of the name.
const HEADER: usize = 20;

/// Most numbers of a transform that is read; a composite of linear ones has a dozen each.
const MOST_NUMBERS: usize = 1 << 16;

/// Whether bytes begin as such a file does.
pub(in crate::transform_file) fn is_matlab(bytes: &[u8]) -> bool {
    header(bytes).is_some_and(|h| {
        // a name that ends in a zero, in the alphabet of names
        let name = bytes.get(HEADER..HEADER + h.name);
        name.and_then(|n| n.split_last()).is_some_and(|(end, n)| {
            *end == 0 && n.first().is_some_and(u8::is_ascii_alphabetic) && n.iter().all(|b| b.is_ascii_graphic())
        })
    })
}

pub(in crate::transform_file) fn parse(bytes: &[u8]) -> Result<Vec<Affine>, Error> {
    let mut rest = bytes;
    let mut stored: Vec<Stored> = Vec::new();
    while !rest.is_empty() {
        let (name, values, after) = matrix(rest)?;
        match stored.last_mut() {
            Some(last) if name == "fixed" && last.line == 0 => {
                last.fixed = values;
                last.line = 1; // this one is whole
            }
            _ if name == "fixed" => return Err(broken("fixed parameters stand before their transform")),
            _ => {
                stored.push(Stored { kind: name, parameters: values, fixed: Vec::new(), vectors: Vec::new(), line: 0 })
            }
        }
        rest = after;
    }
    if stored.is_empty() {
        return Err(broken("it is empty"));
    }
    maps(&stored, |_, what| broken(what))
}

pub(in crate::transform_file) fn format(map: &Affine) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, values) in [(WRITTEN, parameters(map)), ("fixed", vec![0.0; 3])] {
        // little endian doubles, full, numeric
        for word in [0, values.len(), 1, 0, name.len() + 1] {
            bytes.extend((word as u32).to_le_bytes());
        }
        bytes.extend(name.as_bytes());
        bytes.push(0);
        bytes.extend(values.iter().flat_map(|v| v.to_le_bytes()));
    }
    bytes
}

struct Header {
    is_big: bool,
    /// What a number is stored as.
    precision: u32,
    rows: usize,
    columns: usize,
    name: usize,
}

/// What a matrix's first bytes say; `None` where they are no such header.
fn header(bytes: &[u8]) -> Option<Header> {
    let word = |n: usize, is_big: bool| {
        let bytes: [u8; 4] = bytes.get(4 * n..4 * n + 4)?.try_into().ok()?;
        Some(if is_big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    };
    // thousands: 0 little, 1 big endian; the tens: how numbers are stored; hundreds and ones are 0 for a full matrix of numbers
    let (is_big, kind) = [(false, 0), (true, 1000)].into_iter().find_map(|(is_big, base)| {
        let kind = word(0, is_big)?.checked_sub(base)?;
        matches!(kind, 0 | 10 | 20 | 30 | 40 | 50).then_some((is_big, kind / 10))
    })?;
    let [rows, columns, imaginary, name] = [word(1, is_big)?, word(2, is_big)?, word(3, is_big)?, word(4, is_big)?];
    let is_plain = imaginary == 0 && (1..=256).contains(&name);
    is_plain.then_some(Header {
        is_big,
        precision: kind,
        rows: rows as usize,
        columns: columns as usize,
        name: name as usize,
    })
}

/// The first matrix of some bytes: name, numbers and what comes after.
fn matrix(bytes: &[u8]) -> Result<(String, Vec<f64>, &[u8]), Error> {
    let Header { is_big, precision, rows, columns, name } =
        header(bytes).ok_or_else(|| broken("a matrix does not begin as those of version 4"))?;
    let count =
        rows.checked_mul(columns).filter(|n| *n <= MOST_NUMBERS).ok_or_else(|| broken("a matrix is too large"))?;
    let size = match precision {
        0 => 8,
        1 | 2 => 4,
        3 | 4 => 2,
        _ => 1,
    };
    let cut = || broken("it ends within a matrix");
    let start = HEADER + name;
    let text = bytes.get(HEADER..start).ok_or_else(cut)?;
    let raw = bytes.get(start..start + count * size).ok_or_else(cut)?;
    let text = String::from_utf8_lossy(text.split(|b| *b == 0).next().unwrap_or_default()).into_owned();
    let numbers = raw.chunks_exact(size).map(|chunk| {
        let mut little = [0; 8];
        little[..size].copy_from_slice(chunk);
        if is_big {
            little[..size].reverse();
        }
        let [a, b, c, d, ..] = little;
        match precision {
            0 => f64::from_le_bytes(little),
            1 => f64::from(f32::from_le_bytes([a, b, c, d])),
            2 => f64::from(i32::from_le_bytes([a, b, c, d])),
            3 => f64::from(i16::from_le_bytes([a, b])),
            4 => f64::from(u16::from_le_bytes([a, b])),
            _ => f64::from(a),
        }
    });
    Ok((text, numbers.collect(), bytes.get(start + count * size..).unwrap_or_default()))
}

fn broken(what: &str) -> Error {
    Error::broken(NAME, what)
}
