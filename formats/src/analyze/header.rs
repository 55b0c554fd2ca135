//! The header: 348 bytes, in either byte order.

use isocenter_volume::SampleType;

use crate::{
    Error,
    endian::Endian,
    fixed::{Fixed, put, put_text, single_length},
};

/// Bytes of a header.
pub(super) const BYTES: usize = 348;

/// Texts of a header: name, place, bytes.
pub(super) const TEXTS: [(&str, usize, usize); 9] = [
    ("data_type", 4, 10),
    ("db_name", 14, 18),
    ("descrip", 148, 80),
    ("aux_file", 228, 24),
    ("generated", 263, 10),
    ("scannum", 273, 10),
    ("patient_id", 283, 10),
    ("exp_date", 293, 10),
    ("exp_time", 303, 10),
];

/// Place of the byte that names the orientation.
const ORIENT: usize = 252;

/// What a header says.
#[derive(Debug, PartialEq)]
pub(super) struct Header {
    pub(super) endian: Endian,
    /// Number of axes, and their lengths.
    pub(super) dim: [i16; 8],
    pub(super) sample: SampleType,
    /// Spacing along axis n at n.
    pub(super) pixdim: [f64; 4],
    /// Bytes before the voxels.
    pub(super) vox_offset: f64,
    /// What SPM takes for the slope.
    pub(super) scale: f64,
    /// SPM2's intercept; 0 or anything in files of others.
    pub(super) intercept: f64,
    /// The byte that names the orientation.
    pub(super) orient: u8,
    /// The texts, in their order.
    pub(super) texts: [String; TEXTS.len()],
}

impl Header {
    /// Parses the bytes of a header.
    pub(super) fn parse(bytes: &[u8; BYTES]) -> Result<Self, Error> {
        let little = Fixed { bytes, endian: Endian::Little };
        let endian = if little.i32(0) == BYTES as i32 { Endian::Little } else { Endian::Big };
        let f = Fixed { bytes, endian };
        Ok(Self {
            endian,
            dim: std::array::from_fn(|n| f.i16(40 + 2 * n)),
            sample: of_code(f.i16(70))?,
            pixdim: std::array::from_fn(|n| f.f32(76 + 4 * n)),
            vox_offset: f.f32(108),
            scale: f.f32(112),
            intercept: f.f32(116),
            orient: bytes[ORIENT],
            texts: TEXTS.map(|(_, at, len)| f.text(at, len)),
        })
    }

    /// The bytes of a header, little endian.
    pub(super) fn to_bytes(&self) -> Result<[u8; BYTES], Error> {
        let mut bytes = [0; BYTES];
        put(&mut bytes, 0, &(BYTES as i32).to_le_bytes());
        // what the standard wants: an extent, and that all images are of one size
        put(&mut bytes, 32, &16_384i32.to_le_bytes());
        put(&mut bytes, 38, b"r");
        for (n, len) in self.dim.iter().enumerate() {
            put(&mut bytes, 40 + 2 * n, &len.to_le_bytes());
        }
        let (code, bits) = code_of(self.sample)?;
        put(&mut bytes, 56, b"mm");
        put(&mut bytes, 70, &code.to_le_bytes());
        put(&mut bytes, 72, &bits.to_le_bytes());
        for (n, step) in self.pixdim.iter().enumerate() {
            put(&mut bytes, 76 + 4 * n, &single_length(*step)?.to_le_bytes());
        }
        for ((_, at, len), text) in TEXTS.iter().zip(&self.texts) {
            put_text(&mut bytes, *at, *len, text);
        }
        bytes[ORIENT] = self.orient;
        Ok(bytes)
    }
}

/// The type of a code, of the standard or of SPM (and of those who wrote NIfTI's codes here).
fn of_code(code: i16) -> Result<SampleType, Error> {
    Ok(match code {
        2 => SampleType::U8,
        4 => SampleType::I16,
        8 => SampleType::I32,
        16 => SampleType::F32,
        32 => SampleType::Complex32,
        64 => SampleType::F64,
        130 | 256 => SampleType::I8,
        132 | 512 => SampleType::U16,
        136 | 768 => SampleType::U32,
        1 => return Err(Error::unsupported("sample type", "1-bit, code 1")),
        128 => return Err(Error::unsupported("sample type", "colours of Analyze, in planes or voxels, code 128")),
        other => return Err(Error::malformed("datatype", other, "a code of Analyze 7.5")),
    })
}

/// Code and bits of a type of the standard; half floats become f32.
fn code_of(sample: SampleType) -> Result<(i16, i16), Error> {
    Ok(match sample {
        SampleType::U8 => (2, 8),
        SampleType::I16 => (4, 16),
        SampleType::I32 => (8, 32),
        SampleType::F32 | SampleType::F16 => (16, 32),
        SampleType::Complex32 => (32, 64),
        SampleType::F64 => (64, 64),
        other => return Err(Error::unsupported("sample type in Analyze", other.name())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_comes_back() {
        let mut texts = TEXTS.map(|_| String::new());
        texts[2] = "a scan".to_owned();
        let header = Header {
            endian: Endian::Little,
            dim: [4, 3, 4, 5, 2, 1, 1, 1],
            sample: SampleType::F64,
            pixdim: [0.0, 0.5, 1.0, 2.5],
            vox_offset: 0.0,
            scale: 0.0,
            intercept: 0.0,
            orient: 2,
            texts,
        };
        let bytes = header.to_bytes().unwrap();
        assert_eq!(Header::parse(&bytes).unwrap(), header);
        for sample in [SampleType::U8, SampleType::I16, SampleType::I32, SampleType::F32, SampleType::Complex32] {
            let (code, bits) = code_of(sample).unwrap();
            assert_eq!((of_code(code).unwrap(), usize::try_from(bits).unwrap()), (sample, 8 * sample.bytes()));
        }
    }
}
