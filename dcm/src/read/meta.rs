//! The preamble and the file meta group.
//!
//! Source: DICOM PS3.10 section 7.1. Tolerated, each with a warning: no preamble, no `DICM`, no group at all, a missing or wrong
//! group length, implicit VR, an Implementation Version Name over 16 bytes.

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

use super::sniff;
use super::walk::Stop;
use crate::{Error, FileMeta, Warning};

/// The meta group, and where the data set starts.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) meta: FileMeta,
    pub(crate) dataset_at: usize,
    pub(crate) warnings: Vec<Warning>,
}

/// Reads preamble and meta group from the first bytes of a file of `total` bytes.
pub(crate) fn read(bytes: &[u8], total: u64) -> Result<Head, Stop> {
    let mut warnings = Vec::new();
    let start = if bytes.get(128..132) == Some(b"DICM") {
        132
    } else if bytes.starts_with(b"DICM") {
        warnings.push(Warning::MissingPreamble);
        4
    } else if (bytes.len() as u64) < total.min(140) {
        return Err(Stop::More(140));
    } else {
        sniff::layout(bytes, total).ok_or(Error::NotDicom)?;
        warnings.push(Warning::MissingPreamble);
        0
    };
    let mut walk = Walk { bytes, total, at: start, implicit: false };
    let mut meta = FileMeta::default();
    let mut declared_end = None;
    let mut count = 0usize;
    while let Some((tag, value)) = walk.next()? {
        count += 1;
        let text =
            || String::from_utf8_lossy(value).trim_matches(|c: char| c == '\0' || c.is_ascii_whitespace()).to_owned();
        match tag {
            tags::FILE_META_INFORMATION_GROUP_LENGTH => {
                declared_end =
                    value.try_into().ok().map(|v: [u8; 4]| walk.at as u64 + u64::from(u32::from_le_bytes(v)));
            }
            tags::MEDIA_STORAGE_SOP_CLASS_UID => meta.media_storage_sop_class_uid = text(),
            tags::MEDIA_STORAGE_SOP_INSTANCE_UID => meta.media_storage_sop_instance_uid = text(),
            tags::TRANSFER_SYNTAX_UID => meta.transfer_syntax_uid = text(),
            tags::IMPLEMENTATION_CLASS_UID => meta.implementation_class_uid = text(),
            tags::IMPLEMENTATION_VERSION_NAME => {
                if value.len() > 16 {
                    warnings.push(Warning::LongImplementationVersionName { length: value.len() });
                }
                meta.implementation_version_name = text();
            }
            tags::SOURCE_APPLICATION_ENTITY_TITLE => meta.source_application_entity_title = text(),
            _ => {}
        }
    }
    if walk.implicit {
        warnings.push(Warning::ImplicitMeta);
    }
    if count == 0 {
        warnings.push(Warning::MissingMeta);
    } else if declared_end != Some(walk.at as u64) {
        warnings.push(Warning::BadMetaLength);
    }
    Ok(Head { meta, dataset_at: walk.at, warnings })
}

struct Walk<'a> {
    bytes: &'a [u8],
    total: u64,
    at: usize,
    implicit: bool,
}

impl<'a> Walk<'a> {
    /// The next element of group 2, or `None` at the first of another.
    fn next(&mut self) -> Result<Option<(Tag, &'a [u8])>, Stop> {
        if self.at as u64 == self.total {
            return Ok(None);
        }
        let head = self.take(None, self.at, 8)?;
        let tag = Tag(u16::from_le_bytes([head[0], head[1]]), u16::from_le_bytes([head[2], head[3]]));
        if tag.group() != 2 {
            return Ok(None);
        }
        let (length, value_at) = match VR::from_binary([head[4], head[5]]) {
            Some(VR::OB | VR::OW | VR::OF | VR::OD | VR::OL | VR::OV | VR::UN | VR::UT | VR::UC | VR::UR | VR::SQ) => {
                let tail = self.take(Some(tag), self.at + 8, 4)?;
                (u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]), self.at + 12)
            }
            Some(_) => (u32::from(u16::from_le_bytes([head[6], head[7]])), self.at + 8),
            None => {
                self.implicit = true;
                (u32::from_le_bytes([head[4], head[5], head[6], head[7]]), self.at + 8)
            }
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let value = self.take(Some(tag), value_at, length)?;
        self.at = value_at + length;
        Ok(Some((tag, value)))
    }

    fn take(&self, tag: Option<Tag>, at: usize, length: usize) -> Result<&'a [u8], Stop> {
        let end = at.checked_add(length).filter(|&end| end as u64 <= self.total);
        let Some(end) = end else {
            let left = self.total.saturating_sub(at as u64);
            return Err(Error::Truncated { tag, offset: at as u64, wanted: length as u64, left }.into());
        };
        self.bytes.get(at..end).ok_or(Stop::More(end))
    }
}
