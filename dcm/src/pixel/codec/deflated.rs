//! Frames deflated one by one.
//!
//! Source: DICOM PS3.5 annex A.4.12.

use std::io::Read;

use super::damaged;
use crate::Error;

/// The `length` bytes of a frame.
pub(in super::super) fn decode(stream: &[u8], length: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    flate2::read::DeflateDecoder::new(stream)
        .take(length)
        .read_to_end(&mut bytes)
        .map_err(|_| damaged("deflate", "the frame does not inflate"))?;
    if (bytes.len() as u64) < length {
        return Err(damaged("deflate", "the frame is too short"));
    }
    Ok(bytes)
}
