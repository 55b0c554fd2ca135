//! Files: what is text in them, what samples, what is compressed.

use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::{DeflateDecoder, MultiGzDecoder};
use isocenter_dcm::OpenOptions;

use super::{Hit, LeakScan, png};
use crate::Error;

/// Bytes of an inflated file.
const LIMIT: u64 = 8 << 30;
/// The transfer syntax whose data set is deflated.
const DEFLATED: &[u8] = b"1.2.840.10008.1.2.1.99";

impl LeakScan {
    /// All hits in a file: gzip members and deflated data sets are inflated, samples are set apart in NIfTI, NRRD, NumPy, PNG, JPEG
    /// and DICOM. Anything else, Parquet without compression included, is searched as it is.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Limit`] where a file inflates to more than 8 GiB. A damaged stream is searched as far as it goes.
    pub fn scan_file(&self, path: &Path) -> Result<Vec<Hit>, Error> {
        let bytes = fs::read(path).map_err(|source| Error::Io { path: path.to_owned(), action: "read", source })?;
        self.scan_content(&bytes)
    }

    /// The same for a file whose bytes are at hand.
    ///
    /// # Errors
    /// [`Error::Limit`].
    pub fn scan_content(&self, bytes: &[u8]) -> Result<Vec<Hit>, Error> {
        if bytes.starts_with(&[0x1F, 0x8B]) {
            let inflated = inflate(MultiGzDecoder::new(bytes))?;
            // The member's own header may hold a file name and a comment.
            let mut hits = self.scan(&bytes[..bytes.len().min(512)]);
            hits.extend(self.scan_parts(&inflated));
            return Ok(hits);
        }
        if bytes.get(128..132) == Some(b"DICM")
            && bytes[..bytes.len().min(1024)].windows(DEFLATED.len()).any(|w| w == DEFLATED)
        {
            let start = data_set_start(bytes).unwrap_or(bytes.len());
            let mut hits = self.scan(&bytes[..start]);
            hits.extend(self.scan(&inflate(DeflateDecoder::new(&bytes[start..]))?));
            return Ok(hits);
        }
        Ok(self.scan_parts(bytes))
    }

    fn scan_parts(&self, bytes: &[u8]) -> Vec<Hit> {
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return png::texts(bytes).iter().flat_map(|(at, text)| self.scan_part(text, *at, false)).collect();
        }
        let text = samples_from(bytes).min(bytes.len());
        let mut hits = self.scan_part(&bytes[..text], 0, false);
        // A value that straddles the border is found with the samples.
        let from = text.saturating_sub(256);
        let rest = self.scan_part(&bytes[from..], from, text < bytes.len());
        hits.extend(rest);
        hits.sort();
        hits.dedup();
        hits
    }
}

/// Where the samples of a file start; its length where it has none.
fn samples_from(bytes: &[u8]) -> usize {
    let none = bytes.len();
    let le32 = |at: usize| bytes.get(at..at + 4).map(|b| [b[0], b[1], b[2], b[3]]);
    if bytes.get(344..348) == Some(b"n+1\0") {
        let offset = le32(108).map_or(0.0, |raw| {
            let little = f32::from_le_bytes(raw);
            if (348.0..1e9).contains(&little) { little } else { f32::from_be_bytes(raw) }
        });
        return (offset as usize).clamp(348, none);
    }
    if bytes.get(4..8) == Some(b"n+2\0") {
        let raw: [u8; 8] = bytes.get(168..176).and_then(|b| b.try_into().ok()).unwrap_or_default();
        let little = u64::from_le_bytes(raw);
        let offset = if little < 1 << 40 { little } else { u64::from_be_bytes(raw) };
        return usize::try_from(offset).unwrap_or(none).clamp(540, none);
    }
    if bytes.starts_with(b"NRRD") {
        return find(bytes, b"\n\n")
            .map(|at| at + 2)
            .or_else(|| find(bytes, b"\n\r\n").map(|at| at + 3))
            .unwrap_or(none);
    }
    if bytes.starts_with(b"\x93NUMPY") {
        return find(bytes, b"}").and_then(|at| find(&bytes[at..], b"\n").map(|end| at + end + 1)).unwrap_or(none);
    }
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return find(bytes, &[0xFF, 0xDA]).unwrap_or(none);
    }
    if bytes.get(128..132) == Some(b"DICM") {
        let open = OpenOptions::new().header_only(true).parse(bytes);
        return open.ok().and_then(|instance| instance.pixel_element()).map_or(none, |pixels| pixels.offset as usize);
    }
    none
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

/// Where the data set of a DICOM file starts, by its group length.
fn data_set_start(bytes: &[u8]) -> Option<usize> {
    let raw: [u8; 4] = bytes.get(140..144)?.try_into().ok()?;
    144usize.checked_add(u32::from_le_bytes(raw) as usize).filter(|&start| start <= bytes.len())
}

fn inflate(stream: impl Read) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    // A damaged stream is searched as far as it goes.
    let _ = stream.take(LIMIT + 1).read_to_end(&mut bytes);
    if bytes.len() as u64 > LIMIT {
        return Err(Error::Limit { what: "bytes of an inflated file", asked: bytes.len() as u64, limit: LIMIT });
    }
    Ok(bytes)
}
