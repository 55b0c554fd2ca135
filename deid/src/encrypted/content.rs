//! The Encrypted Attributes Data Set: one sequence with one item of originals, as bytes and back.
//!
//! Source: DICOM PS3.3, table C.12-7 and section C.12.1.1.4.2.

use dicom_dictionary_std::{tags, uids};
use isocenter_dcm::{Dataset, FileMeta, Instance, OpenOptions, value};
use zeroize::Zeroizing;

use super::error::Error;
use crate::dummy;

/// How originals are written: any syntax may be taken, and this one keeps the VR of private elements.
pub(super) const SYNTAX: &str = uids::EXPLICIT_VR_LITTLE_ENDIAN;

/// The bytes of a data set that holds `originals`.
pub(super) fn write(originals: Dataset) -> Result<Zeroizing<Vec<u8>>, Error> {
    let dataset = Dataset::from_element_iter([dummy::sequence(tags::MODIFIED_ATTRIBUTES_SEQUENCE, vec![originals])]);
    let file = Instance::new(FileMeta::of_syntax(SYNTAX), dataset).to_bytes();
    let file = Zeroizing::new(file.map_err(|error| Error::Write { reason: error.reason() })?);
    let start = end_of_meta(&file).ok_or(Error::Write { reason: "malformed" })?;
    Ok(Zeroizing::new(file.get(start..).unwrap_or_default().to_vec()))
}

/// Where the data set of a file begins, whose meta group is ours and begins with its length (PS3.10 section 7.1).
fn end_of_meta(file: &[u8]) -> Option<usize> {
    const LENGTH: usize = PREAMBLE + 8;
    let length = u32::from_le_bytes(file.get(LENGTH..LENGTH + 4)?.try_into().ok()?);
    (LENGTH + 4).checked_add(usize::try_from(length).ok()?)
}

/// Preamble and `DICM`.
const PREAMBLE: usize = 132;

/// The originals in the bytes of a data set; `None` where there are none.
pub(super) fn read(bytes: &[u8], syntax: &str) -> Option<Dataset> {
    // the reader takes files: a meta group that says the syntax is put before it
    let mut syntax = syntax.as_bytes().to_vec();
    if syntax.len() % 2 == 1 {
        syntax.push(0);
    }
    let mut file = Zeroizing::new(Vec::with_capacity(PREAMBLE + 8 + syntax.len() + bytes.len()));
    file.resize(PREAMBLE - 4, 0);
    file.extend(b"DICM\x02\x00\x10\x00UI");
    file.extend(u16::try_from(syntax.len()).ok()?.to_le_bytes());
    file.extend(syntax);
    file.extend(bytes);
    let instance = OpenOptions::new().parse(&file).ok()?;
    value::item(&instance.dataset, tags::MODIFIED_ATTRIBUTES_SEQUENCE).cloned()
}
