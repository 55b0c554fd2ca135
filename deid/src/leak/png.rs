//! Texts of a PNG file.

use std::io::Read;

use flate2::read::ZlibDecoder;

/// Bytes of one inflated text chunk.
const LIMIT: u64 = 16 << 20;

/// The chunks of a PNG other than its samples, compressed text inflated: offset in the file, and bytes.
pub(super) fn texts(file: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let mut found = Vec::new();
    let mut at = 8;
    while let Some(head) = file.get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let body = file.get(at + 8..(at + 8).saturating_add(length).min(file.len())).unwrap_or_default();
        if &head[4..] != b"IDAT" {
            found.push((at, file.get(at..at + 8 + body.len()).unwrap_or_default().to_vec()));
            found.extend(compressed(&head[4..], body).map(|text| (at, text)));
        }
        at = at.saturating_add(12).saturating_add(length);
    }
    // What stands behind the last chunk.
    found.extend(file.get(at..).filter(|rest| !rest.is_empty()).map(|rest| (at, rest.to_vec())));
    found
}

/// The text of zTXt (keyword, 0, method, stream), iTXt (keyword, 0, flag, method, language, 0, translation, 0, stream), iCCP.
fn compressed(name: &[u8], body: &[u8]) -> Option<Vec<u8>> {
    let after_zero =
        |bytes: &[u8], from: usize| bytes.get(from..)?.iter().position(|&b| b == 0).map(|at| from + at + 1);
    let start = after_zero(body, 0)?;
    let stream = match name {
        b"zTXt" | b"iCCP" => body.get(start + 1..)?,
        b"iTXt" if body.get(start) == Some(&1) => body.get(after_zero(body, after_zero(body, start + 2)?)?..)?,
        _ => return None,
    };
    let mut text = Vec::new();
    // What could be inflated before an error is searched too.
    let _ = ZlibDecoder::new(stream).take(LIMIT).read_to_end(&mut text);
    Some(text)
}
