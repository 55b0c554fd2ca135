//! Files: what is text in them, what samples, what is compressed.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::{DeflateDecoder, MultiGzDecoder};
use isocenter_dcm::OpenOptions;
use isocenter_files::Signature;
use isocenter_volume::Ctx;

use super::{Hit, LeakScan, png};
use crate::error::Error;

/// Bytes of an inflated file.
const LIMIT: u64 = 8 << 30;
/// Bytes that are read or inflated between two questions whether to go on.
const BLOCK: u64 = 4 << 20;
/// Bytes in which the end of a text header or a JPEG's first scan is looked for; where it is not, all is text.
const LONGEST_HEADER: usize = 16 << 20;
/// What the search calls itself before an observer.
const STAGE: &str = "leak search";
/// The transfer syntax whose data set is deflated.
const DEFLATED: &[u8] = b"1.2.840.10008.1.2.1.99";

impl LeakScan {
    /// All hits in a file: gzip members and deflated data sets are inflated, samples are set apart in NIfTI, NRRD, NumPy, PNG, JPEG
    /// and DICOM. Anything else, Parquet without compression included, is searched as it is. The stage `leak search` counts bytes.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Limit`] where a file inflates to more than 8 GiB; [`Error::Cancelled`]. A damaged stream is searched
    /// as far as it goes.
    pub fn scan_file(&self, path: impl AsRef<Path>, ctx: &Ctx<'_>) -> Result<Vec<Hit>, Error> {
        let path = path.as_ref();
        let io = |source| Error::Io { path: path.to_owned(), action: "read", source };
        let mut file = File::open(path).map_err(io)?;
        let mut bytes = Vec::new();
        bytes
            .try_reserve_exact(usize::try_from(file.metadata().map_err(io)?.len()).unwrap_or(0))
            .map_err(|_| io(std::io::ErrorKind::OutOfMemory.into()))?;
        while (&mut file).take(BLOCK).read_to_end(&mut bytes).map_err(io)? > 0 {
            ctx.check()?;
        }
        self.scan_content(&bytes, ctx)
    }

    /// The same for a file whose bytes are at hand.
    ///
    /// # Errors
    /// [`Error::Limit`], [`Error::Cancelled`].
    pub fn scan_content(&self, bytes: &[u8], ctx: &Ctx<'_>) -> Result<Vec<Hit>, Error> {
        let signature = Signature::of(bytes);
        if signature == Some(Signature::Gzip) {
            let inflated = inflate(MultiGzDecoder::new(bytes), ctx)?;
            // The member's own header may hold a file name and a comment.
            let mut hits = self.scan(&bytes[..bytes.len().min(512)]);
            hits.extend(self.scan_parts(&inflated, ctx)?);
            return Ok(hits);
        }
        if signature == Some(Signature::Dicom)
            && bytes[..bytes.len().min(1024)].windows(DEFLATED.len()).any(|w| w == DEFLATED)
        {
            let start = data_set_start(bytes).unwrap_or(bytes.len());
            let mut hits = self.scan(&bytes[..start]);
            let inflated = inflate(DeflateDecoder::new(&bytes[start..]), ctx)?;
            hits.extend(self.scan_part(&inflated, 0, false, &ctx.stage(STAGE, inflated.len() as u64))?);
            return Ok(hits);
        }
        self.scan_parts(bytes, ctx)
    }

    fn scan_parts(&self, bytes: &[u8], ctx: &Ctx<'_>) -> Result<Vec<Hit>, Error> {
        let stage = ctx.stage(STAGE, bytes.len() as u64);
        if Signature::of(bytes) == Some(Signature::Png) {
            let mut hits = Vec::new();
            for (at, text) in png::texts(bytes) {
                hits.extend(self.scan_part(&text, at, false, &stage)?);
            }
            return Ok(hits);
        }
        let text = samples_from(bytes).min(bytes.len());
        let mut hits = self.scan_part(&bytes[..text], 0, false, &stage)?;
        // A value that straddles the border is found with the samples.
        let from = text.saturating_sub(256);
        hits.extend(self.scan_part(&bytes[from..], from, text < bytes.len(), &stage)?);
        hits.sort();
        hits.dedup();
        Ok(hits)
    }
}

/// Where the samples of a file start; its length where it has none.
fn samples_from(bytes: &[u8]) -> usize {
    let none = bytes.len();
    let start = match Signature::of(bytes) {
        // beside a header with `ni1` the voxels have a file of their own, and the header may go on with text
        Some(Signature::Nifti1) if bytes.get(345) == Some(&b'+') => Some(nifti1(bytes)),
        Some(Signature::Nifti2) if bytes.get(5) == Some(&b'+') => Some(nifti2(bytes)),
        Some(Signature::Nrrd) => {
            find(bytes, b"\n\n").map(|at| at + 2).or_else(|| find(bytes, b"\n\r\n").map(|at| at + 3))
        }
        Some(Signature::Npy) => find(bytes, b"}").and_then(|at| find(&bytes[at..], b"\n").map(|end| at + end + 1)),
        Some(Signature::Jpeg) => find(bytes, &[0xFF, 0xDA]),
        Some(Signature::Dicom) => {
            let open = OpenOptions::new().header_only(true).parse(bytes);
            open.ok().and_then(|instance| instance.pixel_element()).map(|pixels| pixels.offset as usize)
        }
        _ => None,
    };
    start.map_or(none, |start| start.min(none))
}

/// `vox_offset` of either byte order.
fn nifti1(bytes: &[u8]) -> usize {
    let raw = bytes.get(108..).and_then(|rest| rest.first_chunk::<4>()).copied().unwrap_or_default();
    let little = f32::from_le_bytes(raw);
    let offset = if (348.0..1e9).contains(&little) { little } else { f32::from_be_bytes(raw) };
    (offset as usize).max(348)
}

fn nifti2(bytes: &[u8]) -> usize {
    let raw = bytes.get(168..).and_then(|rest| rest.first_chunk::<8>()).copied().unwrap_or_default();
    let little = u64::from_le_bytes(raw);
    let offset = if little < 1 << 40 { little } else { u64::from_be_bytes(raw) };
    usize::try_from(offset).unwrap_or(usize::MAX).max(540)
}

/// Where a header's mark is; one that is longer than any header ends without it.
fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.get(..LONGEST_HEADER.min(bytes.len()))?.windows(needle.len()).position(|window| window == needle)
}

/// Where the data set of a DICOM file starts, by its group length: the first element behind `DICM`, of 12 bytes.
fn data_set_start(bytes: &[u8]) -> Option<usize> {
    let group = if bytes.starts_with(b"DICM") { 4 } else { 132 };
    let length = bytes.get(group + 8..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*length)).ok()?.checked_add(group + 12).filter(|&start| start <= bytes.len())
}

fn inflate(stream: impl Read, ctx: &Ctx<'_>) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let mut stream = stream.take(LIMIT + 1);
    // A damaged stream is searched as far as it goes.
    while (&mut stream).take(BLOCK).read_to_end(&mut bytes).is_ok_and(|got| got > 0) {
        ctx.check()?;
    }
    if bytes.len() as u64 > LIMIT {
        return Err(Error::Limit { what: "bytes of an inflated file", asked: bytes.len() as u64, limit: LIMIT });
    }
    Ok(bytes)
}
