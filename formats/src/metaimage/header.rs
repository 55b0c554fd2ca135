//! What a header says about the volume, checked.

use isocenter_volume::{Rescale, SampleType, Scaling, Unit};

use super::{element, fields::Fields};
use crate::{
    Error, Warning,
    endian::Endian,
    pieces::DataFiles,
    stored::{Encoding, Place, Stored},
};

/// What a header says of the samples.
#[derive(Debug)]
pub(super) struct Header {
    /// The type of one number.
    pub(super) scalar: SampleType,
    /// Whether an old writer may have meant 8 bytes where the type has 4.
    pub(super) has_two_sizes: bool,
    /// Numbers of a voxel.
    pub(super) channels: u64,
    /// Lengths of the axes, fastest first.
    pub(super) sizes: Vec<u64>,
    pub(super) endian: Endian,
    pub(super) scaling: Scaling,
    encoding: Encoding,
    /// Bytes before the voxels, counted from the start of the file that holds them; -1 where they are its last part.
    header_size: i64,
    compressed_bytes: Option<u64>,
    data_files: Option<DataFiles>,
}

/// Most axes of a header, as in MetaIO.
pub(super) const MOST_AXES: usize = 10;

impl Header {
    pub(super) fn parse(fields: &Fields, warnings: &mut Vec<Warning>) -> Result<Self, Error> {
        if let Some(kind) = fields.get("ObjectType").filter(|k| *k != "Image") {
            return Err(Error::malformed("ObjectType", kind, "Image"));
        }
        let name = fields.need("ElementType")?;
        let scalar = element::of_name(name)?;
        let channels = fields.whole("ElementNumberOfChannels")?.unwrap_or(1);
        let channels = u64::try_from(channels)
            .ok()
            .filter(|n| *n > 0)
            .ok_or_else(|| Error::malformed("ElementNumberOfChannels", channels, "1 or more"))?;
        let encoding = encoding(fields)?;
        let header_size = fields.whole("HeaderSize")?.unwrap_or(0);
        if header_size < 0 && (header_size != -1 || encoding != Encoding::Raw) {
            return Err(Error::malformed("HeaderSize", header_size, "0 or more, or -1 for voxels as they lie"));
        }
        Ok(Self {
            scalar,
            has_two_sizes: element::has_two_sizes(name),
            channels,
            sizes: sizes(fields)?,
            endian: endian(fields, scalar, encoding, warnings)?,
            scaling: scaling(fields)?,
            encoding,
            header_size,
            compressed_bytes: fields.whole("CompressedDataSize")?.and_then(|n| u64::try_from(n).ok()),
            data_files: fields.data_files()?,
        })
    }

    /// What a voxel is, and whether its channels are inside of it.
    pub(super) fn sample(&self) -> SampleType {
        if self.channels == 3 && self.scalar == SampleType::U8 { SampleType::Rgb } else { self.scalar }
    }

    /// The channels that are no part of the sample.
    pub(super) fn slow_channels(&self) -> Option<u64> {
        (self.channels > 1 && self.sample() == self.scalar).then_some(self.channels)
    }

    /// How `bytes` of voxels are stored, where `used` bytes of the header's file are read.
    pub(super) fn stored(&self, bytes: u64, used: u64) -> Result<Stored<'_>, Error> {
        let (place, byte_skip) = match &self.data_files {
            Some(files) => {
                let place = files.place("ElementDataFile", &self.sizes, bytes, self.scalar.bytes() as u64)?;
                (place, self.header_size)
            }
            // here it counts from the start of the file too
            None if self.header_size > 0 => {
                let used = i64::try_from(used).unwrap_or(i64::MAX);
                let rest = self.header_size.checked_sub(used).filter(|n| *n >= 0);
                let wrong = || Error::malformed("HeaderSize", self.header_size, "a place behind the header");
                (Place::Here, rest.ok_or_else(wrong)?)
            }
            None => (Place::Here, self.header_size),
        };
        Ok(Stored { encoding: self.encoding, line_skip: 0, byte_skip, scalar: self.scalar, place, goes_on: false })
    }

    /// Bytes of packed voxels that must still come in the header's own file.
    pub(super) fn packed_bytes(&self) -> Option<u64> {
        self.compressed_bytes.filter(|_| self.data_files.is_none() && self.encoding == Encoding::Zlib)
    }
}

fn sizes(fields: &Fields) -> Result<Vec<u64>, Error> {
    let wanted = "1 to 10 axes";
    let count = fields.need("NDims")?;
    let count: usize = count.parse().map_err(|_| Error::malformed("NDims", count, wanted))?;
    if !(1..=MOST_AXES).contains(&count) {
        return Err(Error::malformed("NDims", count, wanted));
    }
    let value = fields.need("DimSize")?;
    let sizes: Option<Vec<u64>> = value.split_ascii_whitespace().map(|t| t.parse().ok().filter(|n| *n > 0)).collect();
    let sizes = sizes.filter(|s| s.len() == count);
    sizes.ok_or_else(|| Error::malformed("DimSize", value, "one whole number of at least 1 for each axis"))
}

fn encoding(fields: &Fields) -> Result<Encoding, Error> {
    let is_binary = fields.switch("BinaryData")?.unwrap_or(true);
    let is_packed = fields.switch("CompressedData")?.unwrap_or(false);
    match (is_binary, is_packed) {
        (true, true) => Ok(Encoding::Zlib),
        (true, false) => Ok(Encoding::Raw),
        (false, false) => Ok(Encoding::Text),
        (false, true) => Err(Error::malformed("CompressedData", "True", "False where BinaryData is False")),
    }
}

fn endian(
    fields: &Fields,
    scalar: SampleType,
    encoding: Encoding,
    warnings: &mut Vec<Warning>,
) -> Result<Endian, Error> {
    let is_big = fields.switch("BinaryDataByteOrderMSB")?;
    if scalar.bytes() == 1 || encoding == Encoding::Text {
        // single bytes, and numbers that are spelled, have no order
        return Ok(Endian::NATIVE);
    }
    if is_big.is_none() {
        warnings.push(Warning::ByteOrderAssumed);
    }
    Ok(if is_big == Some(true) { Endian::Big } else { Endian::Little })
}

fn scaling(fields: &Fields) -> Result<Scaling, Error> {
    let number = |name| Ok::<_, Error>(fields.numbers(name, 1)?.and_then(|v| v.first().copied()));
    let slope = number("ElementToIntensityFunctionSlope")?.unwrap_or(1.0);
    let offset = number("ElementToIntensityFunctionOffset")?.unwrap_or(0.0);
    if (slope, offset) == (1.0, 0.0) {
        return Ok(Scaling::default());
    }
    if slope == 0.0 {
        return Err(Error::malformed("ElementToIntensityFunctionSlope", slope, "not 0"));
    }
    Ok(Scaling::uniform(Rescale::new(slope, offset)?, Unit::Arbitrary))
}
