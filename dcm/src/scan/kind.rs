//! Files that are not DICOM, told by their first bytes.

use std::fmt;
use std::io::Read;

/// What a file is that is not DICOM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FileKind {
    /// NIfTI-1 or -2, also gzipped.
    Nifti,
    /// NRRD, also gzipped.
    Nrrd,
    /// MetaImage.
    MetaImage,
    /// FreeSurfer MGH, also gzipped.
    Mgh,
    /// Gzip of something else.
    Gzip,
    /// A zip archive.
    Zip,
    /// JSON.
    Json,
    /// Comma- or tab-separated text.
    Csv,
    /// XML or HTML.
    Xml,
    /// Other text.
    Text,
    /// PNG, JPEG, TIFF or GIF.
    Picture,
    /// PDF.
    Pdf,
    /// No byte.
    Empty,
    /// A symbolic link to a folder or to nothing; not followed.
    Link,
    /// A pipe, socket or device; not opened.
    Special,
    /// Anything else.
    Other,
}

impl FileKind {
    /// The kind that the first bytes (at least a few hundred) show; `None` where they show none.
    pub fn of(head: &[u8]) -> Option<Self> {
        if head.is_empty() {
            return Some(Self::Empty);
        }
        if head.starts_with(&[0x1F, 0x8B]) {
            let mut inner = Vec::new();
            // What inflates before the block ends is enough; the error at its end does not matter.
            let _ = flate2::read::MultiGzDecoder::new(head).take(1024).read_to_end(&mut inner);
            return Some(Self::volume(&inner).unwrap_or(Self::Gzip));
        }
        Self::volume(head).or_else(|| Self::magic(head)).or_else(|| Self::text(head))
    }

    fn volume(head: &[u8]) -> Option<Self> {
        let size: [u8; 4] = head.get(..4)?.try_into().ok()?;
        let is_size = |wanted: i32| i32::from_le_bytes(size) == wanted || i32::from_be_bytes(size) == wanted;
        let one = is_size(348) && matches!(head.get(344..347), Some(b"n+1" | b"ni1"));
        let two = is_size(540) && matches!(head.get(4..7), Some(b"n+2" | b"ni2"));
        if one || two {
            return Some(Self::Nifti);
        }
        // MGH: version 1, then four sizes and a type of 0, 1, 3 or 4, all big endian.
        let long = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
        let sizes = [long(4), long(8), long(12), long(16)];
        if size == [0, 0, 0, 1]
            && matches!(long(20), Some(0 | 1 | 3 | 4))
            && sizes.iter().all(|s| matches!(s, Some(1..=65535)))
        {
            return Some(Self::Mgh);
        }
        if head.starts_with(b"NRRD000") {
            return Some(Self::Nrrd);
        }
        let start = head.get(..256.min(head.len()))?;
        let has = |word: &[u8]| start.windows(word.len()).any(|w| w == word);
        (has(b"NDims = ") || (head.starts_with(b"ObjectType") && has(b"Image"))).then_some(Self::MetaImage)
    }

    fn magic(head: &[u8]) -> Option<Self> {
        const TABLE: &[(&[u8], FileKind)] = &[
            (b"PK\x03\x04", FileKind::Zip),
            (b"PK\x05\x06", FileKind::Zip),
            (b"%PDF", FileKind::Pdf),
            (b"\x89PNG", FileKind::Picture),
            (b"\xFF\xD8\xFF", FileKind::Picture),
            (b"II*\0", FileKind::Picture),
            (b"MM\0*", FileKind::Picture),
            (b"GIF8", FileKind::Picture),
        ];
        TABLE.iter().find(|(magic, _)| head.starts_with(magic)).map(|&(_, kind)| kind)
    }

    fn text(head: &[u8]) -> Option<Self> {
        // The block may end within a character.
        let valid = match std::str::from_utf8(head) {
            Ok(text) => text,
            Err(error) if head.len() - error.valid_up_to() < 4 => {
                std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?
            }
            Err(_) => return None,
        };
        let text = valid.trim_start_matches('\u{FEFF}').trim_start();
        if text.is_empty() || text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            return None;
        }
        let first = text.lines().next().unwrap_or_default();
        Some(match text.chars().next() {
            Some('{' | '[') => Self::Json,
            Some('<') => Self::Xml,
            _ if first.contains([',', '\t', ';']) => Self::Csv,
            _ => Self::Text,
        })
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nifti => "nifti",
            Self::Nrrd => "nrrd",
            Self::MetaImage => "metaimage",
            Self::Mgh => "mgh",
            Self::Gzip => "gzip",
            Self::Zip => "zip",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xml => "xml",
            Self::Text => "text",
            Self::Picture => "picture",
            Self::Pdf => "pdf",
            Self::Empty => "empty",
            Self::Link => "link",
            Self::Special => "special",
            Self::Other => "other",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_kinds_by_content() {
        let mut nifti = vec![0u8; 352];
        nifti[..4].copy_from_slice(&348i32.to_le_bytes());
        nifti[344..348].copy_from_slice(b"n+1\0");
        assert_eq!(FileKind::of(&nifti), Some(FileKind::Nifti));
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, &nifti).unwrap();
        assert_eq!(FileKind::of(&packed.finish().unwrap()), Some(FileKind::Nifti));
        assert_eq!(FileKind::of(b"NRRD0004\n"), Some(FileKind::Nrrd));
        assert_eq!(FileKind::of(b" {\"a\": 1}"), Some(FileKind::Json));
        assert_eq!(FileKind::of(b"a,b\n1,2\n"), Some(FileKind::Csv));
        assert_eq!(FileKind::of(&[1, 2, 3, 0, 0, 0, 7, 7]), None);
    }
}
