//! The header: 256 bytes, big endian.

use isocenter_volume::SampleType;

use crate::{
    Error,
    endian::Endian,
    fixed::{Fixed, put, put_text, single_length},
};

/// Bytes of a header.
pub(super) const BYTES: usize = 256;

/// The number at the end of a header, in one of two spellings.
const MAGIC: [u32; 2] = [0x2AE3_89B8, 0xEFFF_E9B0];

/// Bytes of the free first line.
const LINE: usize = 80;

/// What a header says.
#[derive(Debug, PartialEq)]
pub(super) struct Header {
    /// Lengths of the axes; 0 where there is none.
    pub(super) sizes: [u16; 4],
    pub(super) sample: SampleType,
    /// Spacing, mm.
    pub(super) spacing: [f64; 3],
    /// Place of the first voxel, mm.
    pub(super) origin: [f64; 3],
    pub(super) line: String,
    /// Whether offset and calibration say that a value is another than the stored.
    pub(super) is_calibrated: bool,
}

/// Whether a file that begins so is of this format.
pub(super) fn is_gipl(head: &[u8]) -> bool {
    let magic = head.get(252..).and_then(|rest| rest.first_chunk::<4>()).map(|b| u32::from_be_bytes(*b));
    magic.is_some_and(|magic| MAGIC.contains(&magic))
}

impl Header {
    /// Parses the bytes of a header.
    pub(super) fn parse(bytes: &[u8; BYTES]) -> Result<Self, Error> {
        if !is_gipl(bytes) {
            return Err(Error::malformed("magic number", "another", "719555000 or 4026526128"));
        }
        let f = Fixed { bytes, endian: Endian::Big };
        let calibration = (f.f32(240), f.f32(236));
        Ok(Self {
            sizes: std::array::from_fn(|n| f.u16(2 * n)),
            sample: of_code(f.u16(8))?,
            spacing: std::array::from_fn(|n| f.f32(10 + 4 * n)),
            origin: std::array::from_fn(|n| f.f64(204 + 8 * n)),
            line: f.text(26, LINE),
            is_calibrated: calibration != (0.0, 0.0) && calibration != (1.0, 0.0),
        })
    }

    pub(super) fn to_bytes(&self) -> Result<[u8; BYTES], Error> {
        let mut bytes = [0; BYTES];
        for (n, size) in self.sizes.iter().enumerate() {
            put(&mut bytes, 2 * n, &size.to_be_bytes());
        }
        put(&mut bytes, 8, &code_of(self.sample)?.to_be_bytes());
        for (n, step) in self.spacing.iter().chain([&1.0]).enumerate() {
            put(&mut bytes, 10 + 4 * n, &single_length(*step)?.to_be_bytes());
        }
        put_text(&mut bytes, 26, LINE, &self.line);
        for (n, place) in self.origin.iter().enumerate() {
            put(&mut bytes, 204 + 8 * n, &place.to_be_bytes());
        }
        put(&mut bytes, 252, &MAGIC[1].to_be_bytes());
        Ok(bytes)
    }
}

/// The type of a code.
fn of_code(code: u16) -> Result<SampleType, Error> {
    Ok(match code {
        7 => SampleType::I8,
        8 => SampleType::U8,
        15 => SampleType::I16,
        16 => SampleType::U16,
        31 => SampleType::U32,
        32 => SampleType::I32,
        64 => SampleType::F32,
        65 => SampleType::F64,
        192 => SampleType::Complex32,
        193 => SampleType::Complex64,
        1 | 144 | 160 | 200 | 201 => return Err(Error::unsupported("sample type", format!("image type {code}"))),
        other => return Err(Error::malformed("image type", other, "a type of GIPL, such as 15")),
    })
}

/// The code of a type; half floats are written as float.
fn code_of(sample: SampleType) -> Result<u16, Error> {
    Ok(match sample {
        SampleType::I8 => 7,
        SampleType::U8 => 8,
        SampleType::I16 => 15,
        SampleType::U16 => 16,
        SampleType::U32 => 31,
        SampleType::I32 => 32,
        SampleType::F32 | SampleType::F16 => 64,
        SampleType::F64 => 65,
        SampleType::Complex32 => 192,
        SampleType::Complex64 => 193,
        other => return Err(Error::unsupported("sample type in GIPL", other.name())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_comes_back() {
        let header = Header {
            sizes: [3, 4, 5, 1],
            sample: SampleType::Complex64,
            spacing: [0.5, 1.0, 2.5],
            origin: [-10.25, 0.1, 300.0],
            line: "a line".to_owned(),
            is_calibrated: false,
        };
        let mut bytes = header.to_bytes().unwrap();
        assert_eq!(Header::parse(&bytes).unwrap(), header);
        bytes[240..244].copy_from_slice(&2f32.to_be_bytes());
        assert!(Header::parse(&bytes).unwrap().is_calibrated);
        bytes[255] = 0;
        assert!(Header::parse(&bytes).is_err() && !is_gipl(&bytes));
    }
}
