//! Files that are not DICOM, told by their first bytes.

use std::fmt;
use std::fs::FileType;
use std::io::Read;

use isocenter_files::Signature;

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
    /// A 7z archive.
    SevenZip,
    /// A RAR archive.
    Rar,
    /// A tar archive, also gzipped.
    Tar,
    /// A bzip2 stream.
    Bzip2,
    /// An xz stream.
    Xz,
    /// A Zstandard stream.
    Zstd,
    /// JSON.
    Json,
    /// Comma- or tab-separated text.
    Csv,
    /// XML or HTML.
    Xml,
    /// Other text.
    Text,
    /// PNG, JPEG, JPEG 2000, TIFF or GIF.
    Picture,
    /// PDF.
    Pdf,
    /// No byte.
    Empty,
    /// A symbolic link to what is listed under another name, or to a folder that it stands in; not followed.
    Link,
    /// A symbolic link that leads nowhere, or in circles.
    BrokenLink,
    /// A named pipe; not opened.
    Pipe,
    /// A socket; not opened.
    Socket,
    /// A device, or what else is neither file nor folder; not opened.
    Device,
    /// Anything else.
    Other,
}

impl FileKind {
    /// The kind that the first bytes (at least a few hundred) show; `None` where they show none.
    pub fn of(head: &[u8]) -> Option<Self> {
        if head.is_empty() {
            return Some(Self::Empty);
        }
        if Signature::of(head) == Some(Signature::Gzip) {
            let mut inner = Vec::new();
            // What inflates before the block ends is enough; the error at its end does not matter.
            let _ = flate2::read::MultiGzDecoder::new(head).take(1024).read_to_end(&mut inner);
            return Some(match Self::signed(&inner) {
                Some(volume @ (Self::Nifti | Self::Nrrd | Self::MetaImage | Self::Mgh)) => volume,
                // what is in it is as far away as in a plain archive
                Some(archive @ Self::Tar) => archive,
                _ => Self::Gzip,
            });
        }
        Self::signed(head).or_else(|| Self::text(head))
    }

    /// A short, stable code: `nifti`, `pipe`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nifti => "nifti",
            Self::Nrrd => "nrrd",
            Self::MetaImage => "metaimage",
            Self::Mgh => "mgh",
            Self::Gzip => "gzip",
            Self::Zip => "zip",
            Self::SevenZip => "7z",
            Self::Rar => "rar",
            Self::Tar => "tar",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xml => "xml",
            Self::Text => "text",
            Self::Picture => "picture",
            Self::Pdf => "pdf",
            Self::Empty => "empty",
            Self::Link => "link",
            Self::BrokenLink => "broken-link",
            Self::Pipe => "pipe",
            Self::Socket => "socket",
            Self::Device => "device",
            Self::Other => "other",
        }
    }

    /// Whether it is no regular file, and so was not opened.
    pub const fn is_unopened(self) -> bool {
        matches!(self, Self::Link | Self::BrokenLink | Self::Pipe | Self::Socket | Self::Device)
    }

    /// Whether other files may be packed in it, which are not looked into.
    pub const fn is_packed(self) -> bool {
        use FileKind as K;
        matches!(self, K::Gzip | K::Zip | K::SevenZip | K::Rar | K::Tar | K::Bzip2 | K::Xz | K::Zstd)
    }

    /// What is neither file nor folder.
    pub(super) fn of_special(kind: FileType) -> Self {
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt;
            if kind.is_fifo() {
                return Self::Pipe;
            }
            if kind.is_socket() {
                return Self::Socket;
            }
        }
        let _ = kind;
        Self::Device
    }

    fn signed(head: &[u8]) -> Option<Self> {
        Some(match Signature::of(head)? {
            Signature::Nifti1 | Signature::Nifti2 => Self::Nifti,
            Signature::Nrrd => Self::Nrrd,
            Signature::MetaImage => Self::MetaImage,
            Signature::Mgh => Self::Mgh,
            Signature::Gzip => Self::Gzip,
            Signature::Zip => Self::Zip,
            Signature::SevenZip => Self::SevenZip,
            Signature::Rar => Self::Rar,
            Signature::Tar => Self::Tar,
            Signature::Bzip2 => Self::Bzip2,
            Signature::Xz => Self::Xz,
            Signature::Zstd => Self::Zstd,
            Signature::Pdf => Self::Pdf,
            Signature::Png | Signature::Jpeg | Signature::Jpeg2000 | Signature::Tiff | Signature::Gif => Self::Picture,
            // DICOM is opened; Analyze has no bytes of its own, a data set may start with the same
            _ => return None,
        })
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
        f.write_str(self.code())
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
