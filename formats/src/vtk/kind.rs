//! Names of sample types.

use isocenter_volume::SampleType;

use crate::Error;

/// The type of a name. `is_text` are values that are spelled, whose width the name need not tell.
pub(super) fn of_name(name: &str, is_text: bool) -> Result<SampleType, Error> {
    Ok(match name.to_ascii_lowercase().as_str() {
        "unsigned_char" => SampleType::U8,
        "char" | "signed_char" => SampleType::I8,
        "unsigned_short" => SampleType::U16,
        "short" => SampleType::I16,
        "unsigned_int" => SampleType::U32,
        "int" => SampleType::I32,
        "unsigned_long" if is_text => SampleType::U64,
        "long" if is_text => SampleType::I64,
        "vtktypeuint64" => SampleType::U64,
        "vtktypeint64" => SampleType::I64,
        "float" => SampleType::F32,
        "double" => SampleType::F64,
        "unsigned_long" | "long" => return Err(Error::unsupported("binary values of long, of 4 or 8 bytes", "")),
        "bit" | "string" | "variant" | "unicode_string" | "vtkidtype" => {
            return Err(Error::unsupported("sample type", name));
        }
        other => return Err(Error::malformed("dataType", other, "a type of VTK, such as short")),
    })
}

/// The name of a type as VTK writes it; half floats are written as float.
pub(super) fn name_of(sample: SampleType) -> Result<&'static str, Error> {
    Ok(match sample {
        SampleType::U8 | SampleType::Rgb => "unsigned_char",
        SampleType::I8 => "signed_char",
        SampleType::U16 => "unsigned_short",
        SampleType::I16 => "short",
        SampleType::U32 => "unsigned_int",
        SampleType::I32 => "int",
        SampleType::U64 => "vtktypeuint64",
        SampleType::I64 => "vtktypeint64",
        SampleType::F16 | SampleType::F32 => "float",
        SampleType::F64 => "double",
        other => return Err(Error::unsupported("sample type in VTK", other.name())),
    })
}
