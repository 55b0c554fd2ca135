//! What a file is, by its first bytes.
//!
//! A signature is a number of bytes at a fixed place; three formats have none that would do alone, and are told by the numbers in
//! their header. What is compressed is told as that: the caller inflates and asks again. A signature says what to try, not that the
//! rest of the file is sound.
//!
//! Sources: DICOM PS3.10 section 7.1; nifti1.h and nifti2.h (`magic`, `sizeof_hdr`); the NRRD definition ("The NRRD magic");
//! MetaIO documentation (`ObjectType`, `NDims`); FreeSurfer's `mghFormat` (version, sizes, type); RFC 1952, 1950 (gzip, zlib is not
//! told); PKWARE APPNOTE 4.3; 7zFormat.txt; the RAR 5.0 technote; POSIX.1-2017 pax (`ustar`); the xz format 1.0.4; RFC 8878
//! (Zstandard); PNG 5.2; ITU-T T.81 B.1 and T.800 A.4; ISO/IEC 15444-1 I.5.1; TIFF 6.0; GIF89a; ISO 32000 7.5.2;
//! numpy.lib.format.
//!
//! # Examples
//! ```
//! use isocenter_files::Signature;
//! assert_eq!(Signature::of(b"%PDF-1.4\n"), Some(Signature::Pdf));
//! assert_eq!(Signature::of(&[[0; 128].as_slice(), b"DICM"].concat()), Some(Signature::Dicom));
//! assert_eq!(Signature::of(b"some text"), None);
//! ```

/// What the first bytes of a file show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Signature {
    /// DICOM, by the `DICM` after the preamble or at the start. A data set without either has no signature.
    Dicom,
    /// NIfTI-1, with its voxels or beside them.
    Nifti1,
    /// NIfTI-2, with its voxels or beside them.
    Nifti2,
    /// A header of NIfTI-1's size without its magic bytes: Analyze 7.5, or a NIfTI-1 header that is cut off.
    Analyze,
    /// NRRD, with its voxels or beside them.
    Nrrd,
    /// MetaImage, with its voxels or beside them.
    MetaImage,
    /// FreeSurfer MGH.
    Mgh,
    /// An array of NumPy.
    Npy,
    /// A gzip stream.
    Gzip,
    /// A zip archive.
    Zip,
    /// A 7z archive.
    SevenZip,
    /// A RAR archive.
    Rar,
    /// A tar archive (POSIX ustar, GNU).
    Tar,
    /// A bzip2 stream.
    Bzip2,
    /// An xz stream.
    Xz,
    /// A Zstandard frame.
    Zstd,
    /// PDF.
    Pdf,
    /// PNG.
    Png,
    /// JPEG or JPEG-LS.
    Jpeg,
    /// JPEG 2000, as a file or as a bare codestream.
    Jpeg2000,
    /// TIFF.
    Tiff,
    /// GIF.
    Gif,
}

/// Place, bytes, meaning; the first that fits counts. A DICOM preamble may look like a TIFF or an archive: `DICM` comes first. In the text or
/// the samples of what no preamble looks like these letters may stand anywhere.
const TABLE: &[(usize, &[u8], Signature)] = &[
    (0, b"NRRD0", Signature::Nrrd),
    (0, b"\x93NUMPY", Signature::Npy),
    (0, b"\x89PNG\r\n\x1A\n", Signature::Png),
    (128, b"DICM", Signature::Dicom),
    (0, b"DICM", Signature::Dicom),
    (0, b"\x1F\x8B", Signature::Gzip),
    (0, b"PK\x03\x04", Signature::Zip),
    (0, b"PK\x05\x06", Signature::Zip),
    (0, b"7z\xBC\xAF\x27\x1C", Signature::SevenZip),
    (0, b"Rar!\x1A\x07", Signature::Rar),
    (257, b"ustar", Signature::Tar),
    (4, b"1AY&SY", Signature::Bzip2),
    (0, b"\xFD7zXZ\0", Signature::Xz),
    (0, b"\x28\xB5\x2F\xFD", Signature::Zstd),
    (0, b"%PDF", Signature::Pdf),
    (0, b"\xFF\xD8\xFF", Signature::Jpeg),
    (0, b"\xFF\x4F\xFF\x51", Signature::Jpeg2000),
    (0, b"\0\0\0\x0CjP  \r\n\x87\n", Signature::Jpeg2000),
    (0, b"II*\0", Signature::Tiff),
    (0, b"MM\0*", Signature::Tiff),
    (0, b"GIF8", Signature::Gif),
];

impl Signature {
    /// What the first bytes show; `None` where they show nothing that is listed. [`Signature::BYTES`] of them are enough, fewer
    /// show less.
    pub fn of(head: &[u8]) -> Option<Self> {
        let at = |&&(at, bytes, _): &&(usize, &[u8], Self)| head.get(at..).is_some_and(|rest| rest.starts_with(bytes));
        let nifti = by_numbers(head).filter(|found| matches!(found, Self::Nifti1 | Self::Nifti2));
        nifti
            .or_else(|| TABLE.iter().find(at).map(|&(_, _, signature)| signature))
            .or_else(|| by_numbers(head))
            .or_else(|| metaimage(head))
            .or_else(|| unsized_nifti(head))
    }

    /// How many first bytes [`Signature::of`] looks at, at most.
    pub const BYTES: usize = 348;

    /// Its name in lower case, for records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dicom => "dicom",
            Self::Nifti1 => "nifti-1",
            Self::Nifti2 => "nifti-2",
            Self::Analyze => "analyze",
            Self::Nrrd => "nrrd",
            Self::MetaImage => "metaimage",
            Self::Mgh => "mgh",
            Self::Npy => "npy",
            Self::Gzip => "gzip",
            Self::Zip => "zip",
            Self::SevenZip => "7z",
            Self::Rar => "rar",
            Self::Tar => "tar",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Jpeg2000 => "jpeg-2000",
            Self::Tiff => "tiff",
            Self::Gif => "gif",
        }
    }
}

/// Headers that start with their own size, in either byte order, and MGH.
fn by_numbers(head: &[u8]) -> Option<Signature> {
    let size = *head.first_chunk::<4>()?;
    let is_size = |wanted: i32| i32::from_le_bytes(size) == wanted || i32::from_be_bytes(size) == wanted;
    if is_size(540) && matches!(head.get(4..8), Some(b"n+2\0" | b"ni2\0")) {
        return Some(Signature::Nifti2);
    }
    if is_size(348) {
        return Some(if has_nifti_magic(head) { Signature::Nifti1 } else { Signature::Analyze });
    }
    // version 1, then four sizes and a type of 0, 1, 3, 4 or 10, all big endian
    let long = |at: usize| head.get(at..)?.first_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes));
    let sizes = [4, 8, 12, 16].map(long);
    let is_usual = sizes.iter().all(|s| matches!(s, Some(1..=65535)));
    // a value for each vertex of a surface: one long axis, and a flag that says whether the place is meant
    let is_overlay = matches!(sizes, [Some(1..=0x7fff_ffff), Some(1), Some(1), Some(1..=65535)])
        && matches!(head.get(28..30), Some([0, 0 | 1]));
    let is_mgh = long(0) == Some(1) && matches!(long(20), Some(0 | 1 | 3 | 4 | 10)) && (is_usual || is_overlay);
    is_mgh.then_some(Signature::Mgh)
}

fn has_nifti_magic(head: &[u8]) -> bool {
    matches!(head.get(344..348), Some(b"n+1\0" | b"ni1\0"))
}

/// NIfTI-1 whose size of the header is wrong, as some writers leave it: the magic bytes alone may stand among the voxels of other formats, so
/// that the number of axes and the bits of a voxel have to be such.
fn unsized_nifti(head: &[u8]) -> Option<Signature> {
    let short = |at: usize| head.get(at..)?.first_chunk::<2>().copied();
    let [axes, bits] = [short(40)?, short(72)?];
    let is_header = |number: fn([u8; 2]) -> u16| {
        (1..=7).contains(&number(axes)) && matches!(number(bits), 1 | 8 | 16 | 24 | 32 | 64 | 96 | 128 | 256)
    };
    let holds = has_nifti_magic(head) && (is_header(u16::from_le_bytes) || is_header(u16::from_be_bytes));
    holds.then_some(Signature::Nifti1)
}

/// Lines of `Key = value`, in no fixed order, from the first.
fn metaimage(head: &[u8]) -> Option<Signature> {
    let start = head.get(..256.min(head.len()))?;
    let key = start.iter().position(|byte| *byte == b'=').and_then(|end| start.get(..end))?.trim_ascii();
    if key.is_empty() || !key.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
        return None;
    }
    let has_dimensions = start.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"NDims = "));
    let is_image = key == b"ObjectType" && start.windows(5).any(|word| word == b"Image");
    (has_dimensions || is_image).then_some(Signature::MetaImage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_found_and_nothing_shorter() {
        for &(at, bytes, signature) in TABLE {
            let mut head = vec![b' '; at];
            head.extend(bytes);
            assert_eq!(Signature::of(&head), Some(signature), "{bytes:?}");
            head.pop();
            assert_eq!(Signature::of(&head), None, "{bytes:?}");
            assert!(at + bytes.len() <= Signature::BYTES);
        }
    }

    #[test]
    fn dicom_comes_before_what_its_preamble_looks_like() {
        let mut head = vec![0; 128];
        head[..4].copy_from_slice(b"II*\0");
        assert_eq!(Signature::of(&head), Some(Signature::Tiff));
        head.extend(b"DICM");
        assert_eq!(Signature::of(&head), Some(Signature::Dicom));
        // a text may hold what it likes
        for (start, expected) in [
            (&b"NRRD0004"[..], Signature::Nrrd),
            (b"\x93NUMPY\x01\0", Signature::Npy),
            (b"\x1C\x02\0\0n+2\0", Signature::Nifti2),
        ] {
            head[..8].copy_from_slice(start);
            assert_eq!(Signature::of(&head), Some(expected));
        }
    }

    #[test]
    fn a_metaimage_is_lines_of_keys_from_the_first() {
        for (head, expected) in [
            ("ObjectType = Image\nNDims = 3\n", true),
            ("NDims = 3\nDimSize = 1 1 1\n", true),
            ("Comment = a = b\r\nNDims = 2\r\n", true),
            ("# vtk DataFile Version 3.0\nNDims = 3\n", false),
            ("SIMPLE  =                    T / NDims = 3", false),
            ("a text that names NDims = 3", false),
        ] {
            assert_eq!(Signature::of(head.as_bytes()) == Some(Signature::MetaImage), expected, "{head}");
        }
    }

    #[test]
    fn headers_that_start_with_their_size_are_told_in_either_order() {
        for size in [348i32.to_le_bytes(), 348i32.to_be_bytes()] {
            let mut head = [size.as_slice(), &[0; 344]].concat();
            assert_eq!(Signature::of(&head), Some(Signature::Analyze));
            head[344..348].copy_from_slice(b"n+1\0");
            assert_eq!(Signature::of(&head), Some(Signature::Nifti1));
        }
        // the size is wrong, the rest is right
        let mut head = [0; 348];
        head[344..].copy_from_slice(b"ni1\0");
        assert_eq!(Signature::of(&head), None);
        (head[41], head[73]) = (3, 16);
        assert_eq!(Signature::of(&head), Some(Signature::Nifti1));
        // voxels of an MGH that hold NIfTI's letters
        let mgh: Vec<u8> = [1u32, 16, 16, 16, 1, 0].iter().flat_map(|n| n.to_be_bytes()).collect();
        head[..24].copy_from_slice(&mgh);
        assert_eq!(Signature::of(&head), Some(Signature::Mgh));
        assert_eq!(Signature::of(&[&540i32.to_be_bytes()[..], b"ni2\0"].concat()), Some(Signature::Nifti2));
        assert_eq!(Signature::of(&540i32.to_le_bytes()), None);
    }

    #[test]
    fn mgh_and_metaimage_are_told_by_their_header() {
        let mgh: Vec<u8> = [1u32, 256, 256, 256, 1, 3].iter().flat_map(|n| n.to_be_bytes()).collect();
        assert_eq!(Signature::of(&mgh), Some(Signature::Mgh));
        let overlay: Vec<u8> =
            [1u32, 163_842, 1, 1, 1, 3, 0].iter().flat_map(|n| n.to_be_bytes()).chain([0, 1]).collect();
        assert_eq!(Signature::of(&overlay), Some(Signature::Mgh));
        let other: Vec<u8> = [1u32, 256, 256, 256, 1, 9].iter().flat_map(|n| n.to_be_bytes()).collect();
        assert_eq!(Signature::of(&other), None);
        assert_eq!(Signature::of(b"ObjectType = Image\nNDims = 3\n"), Some(Signature::MetaImage));
        assert_eq!(Signature::of(b"ObjectType = Mesh\n"), None);
    }
}
