//! What a header says about the volume, checked.

use isocenter_volume::SampleType;

use super::{fields::Fields, time, values};
use crate::{
    Error,
    endian::Endian,
    pieces::DataFiles,
    stored::{Encoding, Place, Stored},
};

/// What a header says.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) scalar: SampleType,
    pub(super) endian: Endian,
    pub(super) encoding: Encoding,
    pub(super) axes: Vec<Axis>,
    pub(super) space: Option<String>,
    pub(super) space_dimension: Option<u64>,
    pub(super) space_units: Vec<String>,
    pub(super) origin: Option<Vec<f64>>,
    pub(super) data_files: Option<DataFiles>,
    pub(super) line_skip: u64,
    /// -1 where the data is the last part of the file.
    pub(super) byte_skip: i64,
}

/// What a header says about one axis.
#[derive(Clone, Debug, Default)]
pub(super) struct Axis {
    pub(super) size: u64,
    pub(super) kind: String,
    pub(super) direction: Option<Vec<f64>>,
    pub(super) spacing: Option<f64>,
    pub(super) min: Option<f64>,
    pub(super) cell_centred: bool,
    pub(super) label: String,
    pub(super) unit: String,
}

/// Most axes that a file may have: three of the grid, slow ones, and one of the sample.
const MOST_AXES: u64 = 16;

impl Header {
    pub(super) fn parse(fields: &Fields) -> Result<Self, Error> {
        let axes = axes(fields)?;
        let scalar = scalar(fields.need("type")?)?;
        let encoding = match fields.need("encoding")?.to_ascii_lowercase().as_str() {
            "raw" => Encoding::Raw,
            "gzip" | "gz" => Encoding::Gzip,
            "text" | "txt" | "ascii" => Encoding::Text,
            "hex" => Encoding::Hex,
            "bzip2" | "bz2" => Encoding::Bzip2,
            other => return Err(Error::malformed("encoding", other, "raw, gzip, bzip2, text or hex")),
        };
        let endian = match fields.get("endian").map(str::to_ascii_lowercase).as_deref() {
            // numbers that are spelled have no order of bytes
            Some("little" | "big") if encoding == Encoding::Text => Endian::NATIVE,
            Some("little") => Endian::Little,
            Some("big") => Endian::Big,
            Some(other) => return Err(Error::malformed("endian", other, "little or big")),
            None if scalar.bytes() == 1 || encoding == Encoding::Text => Endian::NATIVE,
            None => return Err(Error::malformed("endian", "missing", "little or big for samples of several bytes")),
        };
        let integer = |name: &'static str| {
            fields
                .get(name)
                .map_or(Ok(0), |v| v.parse::<i64>().map_err(|_| Error::malformed(name, v, "a whole number")))
        };
        let byte_skip = integer("byteskip")?;
        if byte_skip < 0 && (byte_skip != -1 || encoding != Encoding::Raw) {
            return Err(Error::malformed("byte skip", byte_skip, "0 or more, or -1 for raw data"));
        }
        let line_skip = integer("lineskip")?;
        let mut header = Self {
            scalar,
            endian,
            encoding,
            axes,
            space: fields.get("space").map(str::to_ascii_lowercase),
            space_dimension: fields
                .get("spacedimension")
                .map(|v| v.parse().map_err(|_| Error::malformed("space dimension", v, "a whole number")))
                .transpose()?,
            space_units: fields.get("spaceunits").map(values::words).unwrap_or_default(),
            origin: fields
                .get("spaceorigin")
                .map(|v| values::vectors("space origin", v))
                .transpose()?
                .and_then(|v| v.into_iter().next().flatten()),
            data_files: data_files(fields)?,
            line_skip: u64::try_from(line_skip).map_err(|_| Error::malformed("line skip", line_skip, "0 or more"))?,
            byte_skip,
        };
        time::take_out(&mut header)?;
        Ok(header)
    }

    /// How `bytes` of voxels are stored.
    pub(super) fn stored(&self, bytes: u64) -> Result<Stored<'_>, Error> {
        let sizes: Vec<u64> = self.axes.iter().map(|a| a.size).collect();
        let place = match &self.data_files {
            None => Place::Here,
            Some(files) => files.place("data file", &sizes, bytes, self.scalar.bytes() as u64)?,
        };
        let Self { encoding, line_skip, byte_skip, scalar, .. } = *self;
        Ok(Stored { encoding, line_skip, byte_skip, scalar, place, goes_on: false })
    }
}

/// The files that `data file` names; `None` where the voxels follow the header.
pub(super) fn data_files(fields: &Fields) -> Result<Option<DataFiles>, Error> {
    fields.get("datafile").map(|value| DataFiles::parse("data file", value, &fields.list)).transpose()
}

fn axes(fields: &Fields) -> Result<Vec<Axis>, Error> {
    let dimension = fields.need("dimension")?;
    let count: u64 = dimension.parse().map_err(|_| Error::malformed("dimension", dimension, "a whole number"))?;
    if !(1..=MOST_AXES).contains(&count) {
        return Err(Error::malformed("dimension", count, "1 to 16 axes"));
    }
    let count = count as usize;
    let sizes = per_axis("sizes", values::whole_numbers("sizes", fields.need("sizes")?)?, count)?;
    if sizes.contains(&0) {
        return Err(Error::malformed("sizes", 0, "axes of at least 1"));
    }
    let mut axes: Vec<Axis> = sizes.into_iter().map(|size| Axis { size, ..Axis::default() }).collect();
    let listed = |name: &'static str| fields.get(name).map(|v| per_axis(name, values::words(v), count)).transpose();
    let numbers = |name: &'static str| {
        let read = |v| per_axis(name, values::numbers(name, v)?, count);
        fields.get(name).map(read).transpose()
    };
    let directions = match fields.get("spacedirections") {
        Some(v) => per_axis("space directions", values::vectors("space directions", v)?, count)?,
        None => vec![None; count],
    };
    let (kinds, labels, units, centres) =
        (listed("kinds")?, listed("labels")?, listed("units")?, listed("centerings")?);
    let (spacings, mins) = (numbers("spacings")?, numbers("axismins")?);
    for (n, (axis, direction)) in axes.iter_mut().zip(directions).enumerate() {
        let word = |list: &Option<Vec<String>>| list.as_ref().map(|l| l[n].clone()).unwrap_or_default();
        let value = |list: &Option<Vec<f64>>| list.as_ref().map(|l| l[n]).filter(|v| v.is_finite());
        axis.direction = direction;
        axis.kind = word(&kinds).to_ascii_lowercase();
        axis.label = word(&labels);
        axis.unit = word(&units);
        axis.cell_centred = word(&centres) == "cell";
        axis.spacing = value(&spacings);
        axis.min = value(&mins);
    }
    Ok(axes)
}

fn per_axis<T>(field: &'static str, list: Vec<T>, count: usize) -> Result<Vec<T>, Error> {
    if list.len() == count {
        Ok(list)
    } else {
        Err(Error::malformed(field, format!("{} values", list.len()), "one value for each axis"))
    }
}

fn scalar(text: &str) -> Result<SampleType, Error> {
    let text = text.to_ascii_lowercase();
    Ok(match text.split_ascii_whitespace().collect::<Vec<_>>().join(" ").as_str() {
        "signed char" | "int8" | "int8_t" => SampleType::I8,
        "uchar" | "unsigned char" | "uint8" | "uint8_t" => SampleType::U8,
        "short" | "short int" | "signed short" | "signed short int" | "int16" | "int16_t" => SampleType::I16,
        "ushort" | "unsigned short" | "unsigned short int" | "uint16" | "uint16_t" => SampleType::U16,
        "int" | "signed int" | "int32" | "int32_t" => SampleType::I32,
        "uint" | "unsigned int" | "uint32" | "uint32_t" => SampleType::U32,
        "longlong"
        | "long long"
        | "long long int"
        | "signed long long"
        | "signed long long int"
        | "int64"
        | "int64_t" => SampleType::I64,
        "ulonglong" | "unsigned long long" | "unsigned long long int" | "uint64" | "uint64_t" => SampleType::U64,
        "float" => SampleType::F32,
        "double" => SampleType::F64,
        "block" => return Err(Error::unsupported("sample type", "block")),
        other => return Err(Error::malformed("type", other, "a scalar type of NRRD")),
    })
}

/// The specification's first name of a type; half floats are written as float.
pub(super) fn name_of(scalar: SampleType) -> Result<&'static str, Error> {
    Ok(match scalar {
        SampleType::I8 => "signed char",
        SampleType::U8 | SampleType::Rgb => "unsigned char",
        SampleType::I16 => "short",
        SampleType::U16 => "unsigned short",
        SampleType::I32 => "int",
        SampleType::U32 => "unsigned int",
        SampleType::I64 => "long long int",
        SampleType::U64 => "unsigned long long int",
        SampleType::F16 | SampleType::F32 | SampleType::Complex32 => "float",
        SampleType::F64 | SampleType::Complex64 => "double",
        other => return Err(Error::unsupported("sample type", other.name())),
    })
}
