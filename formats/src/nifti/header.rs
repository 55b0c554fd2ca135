//! The fixed header of both versions, as one struct of the wider types.

use isocenter_files::Signature;
use isocenter_volume::Affine;

use crate::{
    Error,
    endian::Endian,
    fixed::{Fixed, single, single_length},
    place,
};

/// Which header a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    One,
    Two,
}

impl Version {
    /// Recognizes a header by its magic bytes, or by its size where it has none.
    pub(super) fn sniff(head: &[u8]) -> Option<Self> {
        match Signature::of(head)? {
            Signature::Nifti1 => Some(Self::One),
            Signature::Nifti2 => Some(Self::Two),
            // cut off before the magic bytes: an Analyze file would be cut off too
            Signature::Analyze if head.len() < 348 => Some(Self::One),
            _ => None,
        }
    }

    /// Bytes of the header.
    pub(super) const fn bytes(self) -> usize {
        match self {
            Self::One => 348,
            Self::Two => 540,
        }
    }
}

/// A header of either version; f32 fields widened, texts as bytes without their padding.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Header {
    pub(super) version: Version,
    pub(super) endian: Endian,
    pub(super) single_file: bool,
    pub(super) dim: [i64; 8],
    pub(super) pixdim: [f64; 8],
    pub(super) datatype: i16,
    pub(super) bitpix: i16,
    pub(super) vox_offset: f64,
    pub(super) scl_slope: f64,
    pub(super) scl_inter: f64,
    pub(super) toffset: f64,
    pub(super) qform_code: i32,
    pub(super) sform_code: i32,
    pub(super) quatern: [f64; 3],
    pub(super) qoffset: [f64; 3],
    pub(super) srow: [[f64; 4]; 3],
    pub(super) xyzt_units: i32,
    pub(super) intent_code: i32,
    /// `data_type`, `db_name` (both NIfTI-1 only), `descrip`, `aux_file`, `intent_name`.
    pub(super) texts: [(&'static str, String); 5],
}

/// Code of the intent that voxels are labels.
pub(super) const INTENT_LABEL: i32 = 1002;

impl Header {
    /// Reads the fixed header; `bytes` begins with all of it.
    pub(super) fn parse(version: Version, bytes: &[u8]) -> Result<Self, Error> {
        let truncated = Error::Truncated { what: "header", wanted: version.bytes() as u64, found: bytes.len() as u64 };
        let Some(fixed) = bytes.get(..version.bytes()) else { return Err(truncated) };
        match version {
            Version::One => Self::parse_one(fixed),
            Version::Two => Ok(Self::parse_two(fixed)),
        }
    }

    fn parse_one(bytes: &[u8]) -> Result<Self, Error> {
        // as the standard has it, dim[0] out of 1..7 means the other order; the size field settles what that leaves open
        let size = Fixed { bytes, endian: Endian::Little }.i32(0);
        let dims = Fixed { bytes, endian: Endian::Little }.i16(40);
        let endian = if size == 348 || (size != 348i32.swap_bytes() && (1..=7).contains(&dims)) {
            Endian::Little
        } else {
            Endian::Big
        };
        let f = Fixed { bytes, endian };
        Ok(Self {
            version: Version::One,
            endian,
            single_file: bytes[344..348] == *b"n+1\0",
            dim: std::array::from_fn(|n| i64::from(f.i16(40 + 2 * n))),
            pixdim: std::array::from_fn(|n| f.f32(76 + 4 * n)),
            datatype: f.i16(70),
            bitpix: f.i16(72),
            vox_offset: f.f32(108),
            scl_slope: f.f32(112),
            scl_inter: f.f32(116),
            toffset: f.f32(136),
            qform_code: i32::from(f.i16(252)),
            sform_code: i32::from(f.i16(254)),
            quatern: std::array::from_fn(|n| f.f32(256 + 4 * n)),
            qoffset: std::array::from_fn(|n| f.f32(268 + 4 * n)),
            srow: std::array::from_fn(|r| std::array::from_fn(|c| f.f32(280 + 16 * r + 4 * c))),
            xyzt_units: i32::from(bytes[123]),
            intent_code: i32::from(f.i16(68)),
            texts: [
                ("data_type", f.text(4, 10)),
                ("db_name", f.text(14, 18)),
                ("descrip", f.text(148, 80)),
                ("aux_file", f.text(228, 24)),
                ("intent_name", f.text(328, 16)),
            ],
        })
    }

    fn parse_two(bytes: &[u8]) -> Self {
        let little = Fixed { bytes, endian: Endian::Little }.i32(0) == 540;
        let endian = if little { Endian::Little } else { Endian::Big };
        let f = Fixed { bytes, endian };
        Self {
            version: Version::Two,
            endian,
            single_file: bytes[4..8] == *b"n+2\0",
            dim: std::array::from_fn(|n| f.i64(16 + 8 * n)),
            pixdim: std::array::from_fn(|n| f.f64(104 + 8 * n)),
            datatype: f.i16(12),
            bitpix: f.i16(14),
            vox_offset: f.i64(168) as f64,
            scl_slope: f.f64(176),
            scl_inter: f.f64(184),
            toffset: f.f64(216),
            qform_code: f.i32(344),
            sform_code: f.i32(348),
            quatern: std::array::from_fn(|n| f.f64(352 + 8 * n)),
            qoffset: std::array::from_fn(|n| f.f64(376 + 8 * n)),
            srow: std::array::from_fn(|r| std::array::from_fn(|c| f.f64(400 + 32 * r + 8 * c))),
            xyzt_units: f.i32(500),
            intent_code: f.i32(504),
            texts: [
                ("data_type", String::new()),
                ("db_name", String::new()),
                ("descrip", f.text(240, 80)),
                ("aux_file", f.text(320, 24)),
                ("intent_name", f.text(508, 16)),
            ],
        }
    }

    /// The header's bytes, little endian, without the extender.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![0u8; self.version.bytes()];
        let mut put = |at: usize, bytes: &[u8]| {
            if let Some(place) = out.get_mut(at..at + bytes.len()) {
                place.copy_from_slice(bytes);
            }
        };
        let [_, _, descrip, aux_file, intent_name] = &self.texts;
        if self.version == Version::Two {
            put(0, &540i32.to_le_bytes());
            put(4, if self.single_file { b"n+2\0\r\n\x1a\n" } else { b"ni2\0\r\n\x1a\n" });
            put(12, &self.datatype.to_le_bytes());
            put(14, &self.bitpix.to_le_bytes());
            put(16, &self.dim.map(i64::to_le_bytes).concat());
            put(104, &self.pixdim.map(f64::to_le_bytes).concat());
            put(168, &(self.vox_offset as i64).to_le_bytes());
            put(176, &[self.scl_slope, self.scl_inter].map(f64::to_le_bytes).concat());
            put(216, &self.toffset.to_le_bytes());
            put(240, &field(&descrip.1, 80));
            put(320, &field(&aux_file.1, 24));
            put(344, &[self.qform_code, self.sform_code].map(i32::to_le_bytes).concat());
            put(352, &[self.quatern, self.qoffset].concat().iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<_>>());
            put(400, &self.srow.concat().iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<_>>());
            put(500, &[self.xyzt_units, self.intent_code].map(i32::to_le_bytes).concat());
            put(508, &field(&intent_name.1, 16));
            return out;
        }
        let single = |v: f64| (v as f32).to_le_bytes();
        put(0, &348i32.to_le_bytes());
        put(38, b"r");
        put(40, &self.dim.map(|v| (v as i16).to_le_bytes()).concat());
        put(68, &(self.intent_code as i16).to_le_bytes());
        put(70, &self.datatype.to_le_bytes());
        put(72, &self.bitpix.to_le_bytes());
        put(76, &self.pixdim.map(single).concat());
        put(108, &[self.vox_offset, self.scl_slope, self.scl_inter].map(single).concat());
        put(123, &[self.xyzt_units as u8]);
        put(136, &single(self.toffset));
        put(148, &field(&descrip.1, 80));
        put(228, &field(&aux_file.1, 24));
        put(252, &[self.qform_code, self.sform_code].map(|v| (v as i16).to_le_bytes()).concat());
        put(256, &[self.quatern, self.qoffset].concat().into_iter().flat_map(single).collect::<Vec<_>>());
        put(280, &self.srow.concat().into_iter().flat_map(single).collect::<Vec<_>>());
        put(328, &field(&intent_name.1, 16));
        put(344, if self.single_file { b"n+1\0" } else { b"ni1\0" });
        out
    }
}

impl Header {
    /// Refuses numbers that a header of 32-bit numbers would turn into infinity, into a zero that says something else, or axes into one.
    pub(super) fn check_single(&self) -> Result<(), Error> {
        for length in self.pixdim[1..].iter().chain([&self.scl_slope]) {
            single_length(*length)?;
        }
        for place in self.srow.as_flattened().iter().chain(&self.qoffset).chain([&self.scl_inter, &self.toffset]) {
            single(*place)?;
        }
        if self.sform_code > 0 {
            let shape = [1, 2, 3].map(|axis: usize| usize::try_from(self.dim[axis]).unwrap_or(1));
            let rounded = self.srow.map(|row| row.map(|v| f64::from(v as f32)));
            place::holds(shape, Affine::from_ras(rounded))?;
        }
        Ok(())
    }
}

/// A text cut to its field at a character boundary; the last byte stays 0, as C readers expect.
fn field(text: &str, size: usize) -> Vec<u8> {
    let mut end = text.len().min(size - 1);
    while !text.is_char_boundary(end) {
        end -= 1; // 0 is one
    }
    text.as_bytes()[..end].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(version: Version) -> Header {
        Header {
            version,
            endian: Endian::Little,
            single_file: true,
            dim: [3, 4, 5, 6, 1, 1, 1, 1],
            pixdim: [-1.0, 2.0, 3.0, 4.0, 0.0, 0.0, 0.0, 0.0],
            datatype: 4,
            bitpix: 16,
            vox_offset: 352.0,
            scl_slope: 0.5,
            scl_inter: -3.0,
            toffset: 1.0,
            qform_code: 1,
            sform_code: 2,
            quatern: [0.0, 1.0, 0.0],
            qoffset: [7.0, 8.0, 9.0],
            srow: [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [9.0, 10.0, 11.0, 12.5]],
            xyzt_units: 10,
            intent_code: INTENT_LABEL,
            texts: [
                ("data_type", String::new()),
                ("db_name", String::new()),
                ("descrip", "a scan".to_owned()),
                ("aux_file", "none".to_owned()),
                ("intent_name", "labels".to_owned()),
            ],
        }
    }

    #[test]
    fn both_versions_round_trip() {
        for version in [Version::One, Version::Two] {
            let bytes = header(version).to_bytes();
            assert_eq!(Version::sniff(&bytes), Some(version));
            assert_eq!(Header::parse(version, &bytes).unwrap(), header(version));
        }
    }

    #[test]
    fn texts_are_cut_at_a_character() {
        assert_eq!(field("äöü", 4), "ä".as_bytes());
        assert_eq!(crate::fixed::text_of(b"M\xfcller\0rest"), "M\u{fc}ller");
    }
}
