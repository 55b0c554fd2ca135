//! Codes of sample types (`nifti1.h`, NIFTI_TYPE_*).

use isocenter_volume::SampleType;

use crate::Error;

/// The sample type of a code.
pub(super) fn of_code(code: i16) -> Result<SampleType, Error> {
    let unsupported = |what| Err(Error::unsupported("sample type", what));
    match code {
        2 => Ok(SampleType::U8),
        4 => Ok(SampleType::I16),
        8 => Ok(SampleType::I32),
        16 => Ok(SampleType::F32),
        32 => Ok(SampleType::Complex32),
        64 => Ok(SampleType::F64),
        128 => Ok(SampleType::Rgb),
        256 => Ok(SampleType::I8),
        512 => Ok(SampleType::U16),
        768 => Ok(SampleType::U32),
        1024 => Ok(SampleType::I64),
        1280 => Ok(SampleType::U64),
        1792 => Ok(SampleType::Complex64),
        1 => unsupported("1-bit, code 1"),
        1536 => unsupported("float128, code 1536"),
        2048 => unsupported("complex256, code 2048"),
        2304 => unsupported("RGBA32, code 2304"),
        other => Err(Error::malformed("datatype", other, "a code of nifti1.h")),
    }
}

/// Code and bits of a sample as it is written; half floats become f32.
pub(super) fn code_of(sample: SampleType) -> Result<(i16, i16), Error> {
    Ok(match sample {
        SampleType::U8 => (2, 8),
        SampleType::I16 => (4, 16),
        SampleType::I32 => (8, 32),
        SampleType::F32 | SampleType::F16 => (16, 32),
        SampleType::Complex32 => (32, 64),
        SampleType::F64 => (64, 64),
        SampleType::Rgb => (128, 24),
        SampleType::I8 => (256, 8),
        SampleType::U16 => (512, 16),
        SampleType::U32 => (768, 32),
        SampleType::I64 => (1024, 64),
        SampleType::U64 => (1280, 64),
        SampleType::Complex64 => (1792, 128),
        other => return Err(Error::unsupported("sample type", other.name())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip() {
        for code in [2, 4, 8, 16, 32, 64, 128, 256, 512, 768, 1024, 1280, 1792] {
            let sample = of_code(code).unwrap();
            assert_eq!(code_of(sample).unwrap(), (code, 8 * sample.bytes() as i16));
        }
    }
}
