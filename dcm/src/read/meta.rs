//! The preamble and the file meta group.
//!
//! Source: DICOM PS3.10 section 7.1. Tolerated, each with a warning: no preamble, no `DICM`, no group at all, a missing or wrong
//! group length, implicit VR, an Implementation Version Name over 16 bytes, a second group behind the first, `DICM` at byte 128 by chance.

use std::collections::BTreeSet;

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

use super::chance::{MARK, marked_by_chance};
use super::sniff;
use super::walk::Stop;
use crate::{Error, FileMeta, Warning};

/// The meta group, and where the data set starts.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) meta: FileMeta,
    pub(crate) dataset_at: usize,
    /// The transfer syntax that a second group names.
    pub(crate) second_syntax: Option<String>,
    pub(crate) warnings: Vec<Warning>,
}

/// Reads preamble and meta group from the first bytes of a file of `total` bytes.
pub(crate) fn read(bytes: &[u8], total: u64) -> Result<Head, Stop> {
    let mut warnings = Vec::new();
    let start = if bytes.get(MARK) == Some(b"DICM") && !marked_by_chance(bytes, total) {
        MARK.end
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
    let mut walk = Walk { bytes, total, at: start, implicit: false, blank: None };
    let mut meta = FileMeta::default();
    let mut first: Option<FileMeta> = None;
    let mut declared_end = None;
    let mut seen = BTreeSet::new();
    let mut count = 0usize;
    while let Some((tag, value)) = walk.next(count > 0)? {
        count += 1;
        if !seen.insert(tag) && first.is_none() {
            first = Some(std::mem::take(&mut meta));
            warnings.push(Warning::SecondMeta);
        }
        let text =
            || String::from_utf8_lossy(value).trim_matches(|c: char| c == '\0' || c.is_ascii_whitespace()).to_owned();
        match tag {
            tags::FILE_META_INFORMATION_GROUP_LENGTH if first.is_none() => {
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
    if let Some(tag) = walk.blank {
        warnings.push(Warning::MissingVr { tag });
    }
    if walk.implicit {
        warnings.push(Warning::ImplicitMeta);
    }
    if count == 0 {
        warnings.push(Warning::MissingMeta);
    } else if declared_end != Some(walk.at as u64) && first.is_none() {
        warnings.push(Warning::BadMetaLength);
    }
    let Some(first) = first else { return Ok(Head { meta, dataset_at: walk.at, second_syntax: None, warnings }) };
    let second_syntax = Some(meta.transfer_syntax_uid.clone()).filter(|uid| !uid.is_empty());
    Ok(Head { meta: completed(first, meta), dataset_at: walk.at, second_syntax, warnings })
}

/// The first group, with what only the second one says.
fn completed(first: FileMeta, second: FileMeta) -> FileMeta {
    let either = |first: String, second: String| if first.is_empty() { second } else { first };
    FileMeta {
        media_storage_sop_class_uid: either(first.media_storage_sop_class_uid, second.media_storage_sop_class_uid),
        media_storage_sop_instance_uid: either(
            first.media_storage_sop_instance_uid,
            second.media_storage_sop_instance_uid,
        ),
        transfer_syntax_uid: either(first.transfer_syntax_uid, second.transfer_syntax_uid),
        implementation_class_uid: either(first.implementation_class_uid, second.implementation_class_uid),
        implementation_version_name: either(first.implementation_version_name, second.implementation_version_name),
        source_application_entity_title: either(
            first.source_application_entity_title,
            second.source_application_entity_title,
        ),
    }
}

struct Walk<'a> {
    bytes: &'a [u8],
    total: u64,
    at: usize,
    implicit: bool,
    /// The last element with two blanks for a VR.
    blank: Option<Tag>,
}

impl<'a> Walk<'a> {
    /// The next element of group 2, or `None` at the first of another; `again` is whether there was one, so that a whole second file
    /// head, preamble and all, may follow.
    fn next(&mut self, again: bool) -> Result<Option<(Tag, &'a [u8])>, Stop> {
        if self.at as u64 == self.total {
            return Ok(None);
        }
        let head = self.take(None, self.at, 8)?;
        let tag = Tag(u16::from_le_bytes([head[0], head[1]]), u16::from_le_bytes([head[2], head[3]]));
        if tag.group() != 2 {
            let mark = self.at + MARK.start;
            let nested = again && head.iter().all(|&b| b == 0) && self.bytes.get(mark..mark + 4) == Some(b"DICM");
            return if nested {
                self.at = mark + 4;
                self.next(false)
            } else {
                Ok(None)
            };
        }
        let (length, value_at) = match VR::from_binary([head[4], head[5]]) {
            Some(VR::OB | VR::OW | VR::OF | VR::OD | VR::OL | VR::OV | VR::UN | VR::UT | VR::UC | VR::UR | VR::SQ) => {
                let tail = self.take(Some(tag), self.at + 8, 4)?;
                (u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]), self.at + 12)
            }
            Some(_) => (u32::from(u16::from_le_bytes([head[6], head[7]])), self.at + 8),
            None if head[4..6] == *b"  " => {
                self.blank = Some(tag);
                // the version and private bytes have the long form, which starts with two zeros
                if head[6..8] == [0, 0] && matches!(tag.element(), 0x0001 | 0x0102) {
                    let tail = self.take(Some(tag), self.at + 8, 4)?;
                    (u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]), self.at + 12)
                } else {
                    (u32::from(u16::from_le_bytes([head[6], head[7]])), self.at + 8)
                }
            }
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
