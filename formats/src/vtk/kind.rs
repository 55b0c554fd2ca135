//! Names of sample types.

use isocenter_volume::SampleType;

use crate::Error;

/// The type of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Of(SampleType),
    /// `long` or `unsigned_long`, of 4 or of 8 bytes by the machine that wrote it; as they are of 4, and of 8.
    Long(SampleType, SampleType),
}

impl Kind {
    /// The type, where `numbers` of it are all that is left: `left` bytes, and the end of a line.
    pub(super) fn resolve(self, numbers: u64, left: Option<u64>) -> Result<SampleType, Error> {
        let (four, eight) = match self {
            Self::Of(sample) => return Ok(sample),
            Self::Long(four, eight) => (four, eight),
        };
        let fits = |sample: &SampleType| {
            let bytes = numbers.checked_mul(sample.bytes() as u64);
            // a line's end may follow, of one byte or two
            bytes.zip(left).is_some_and(|(bytes, left)| (bytes..=bytes.saturating_add(2)).contains(&left))
        };
        let found = [four, eight].into_iter().find(fits);
        found.ok_or_else(|| {
            Error::unsupported("binary values of long, whose 4 or 8 bytes the file's length does not tell", "")
        })
    }
}

/// The type of a name. `is_text` are values that are spelled, whose width the name need not tell.
pub(super) fn of_name(name: &str, is_text: bool) -> Result<Kind, Error> {
    Ok(Kind::Of(match name.to_ascii_lowercase().as_str() {
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
        "unsigned_long" => return Ok(Kind::Long(SampleType::U32, SampleType::U64)),
        "long" => return Ok(Kind::Long(SampleType::I32, SampleType::I64)),
        "bit" | "string" | "variant" | "unicode_string" | "vtkidtype" => {
            return Err(Error::unsupported("sample type", name));
        }
        other => return Err(Error::malformed("dataType", other, "a type of VTK, such as short")),
    }))
}

/// The name of a type as VTK writes it; half floats are written as float.
pub(super) fn name_of(sample: SampleType) -> Result<&'static str, Error> {
    Ok(match sample {
        SampleType::U8 | SampleType::Rgb => "unsigned_char",
        // signed_char is what VTK writes, and ITK does not know
        SampleType::I8 => "char",
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
