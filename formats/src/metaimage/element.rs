//! Names of sample types.

use isocenter_volume::SampleType;

use crate::Error;

/// The type of a name (`metaTypes.h`). The names of arrays, which some writers give to several channels, mean their elements.
pub(super) fn of_name(name: &str) -> Result<SampleType, Error> {
    Ok(match name.strip_suffix("_ARRAY").unwrap_or(name) {
        "MET_CHAR" => SampleType::I8,
        "MET_UCHAR" => SampleType::U8,
        "MET_SHORT" => SampleType::I16,
        "MET_USHORT" => SampleType::U16,
        "MET_INT" | "MET_LONG" => SampleType::I32,
        "MET_UINT" | "MET_ULONG" => SampleType::U32,
        "MET_LONG_LONG" => SampleType::I64,
        "MET_ULONG_LONG" => SampleType::U64,
        "MET_FLOAT" => SampleType::F32,
        "MET_DOUBLE" => SampleType::F64,
        "MET_ASCII_CHAR" | "MET_STRING" | "MET_OTHER" | "MET_NONE" | "MET_FLOAT_MATRIX" => {
            return Err(Error::unsupported("sample type", name));
        }
        other => return Err(Error::malformed("ElementType", other, "a type of MetaIO, such as MET_SHORT")),
    })
}

/// Whether files of old writers may hold 8 bytes where the type has 4.
pub(super) fn has_two_sizes(name: &str) -> bool {
    matches!(name, "MET_LONG" | "MET_ULONG")
}

/// The name of a type as ITK writes it; half floats are written as float.
pub(super) fn name_of(sample: SampleType) -> Result<&'static str, Error> {
    Ok(match sample {
        SampleType::I8 => "MET_CHAR",
        SampleType::U8 | SampleType::Rgb => "MET_UCHAR",
        SampleType::I16 => "MET_SHORT",
        SampleType::U16 => "MET_USHORT",
        SampleType::I32 => "MET_INT",
        SampleType::U32 => "MET_UINT",
        SampleType::I64 => "MET_LONG_LONG",
        SampleType::U64 => "MET_ULONG_LONG",
        SampleType::F16 | SampleType::F32 => "MET_FLOAT",
        SampleType::F64 => "MET_DOUBLE",
        other => return Err(Error::unsupported("sample type in MetaImage", other.name())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for sample in [
            SampleType::I8,
            SampleType::U8,
            SampleType::I16,
            SampleType::U16,
            SampleType::I32,
            SampleType::U32,
            SampleType::I64,
            SampleType::U64,
            SampleType::F32,
            SampleType::F64,
        ] {
            assert_eq!(of_name(name_of(sample).unwrap()).unwrap(), sample);
        }
        assert!(name_of(SampleType::Complex32).is_err());
    }
}
