//! A NumPy file of decoded samples.
use std::io::Write;
use std::path::Path;

use isocenter_dcm::isocenter_volume::SampleType;
use isocenter_dcm::pixel::PixelInfo;

/// The type's name, as in NumPy: `u1`, `i2`, `f4`, ...
pub(crate) fn code(sample: SampleType) -> String {
    format!("{}{}", &sample.name()[..1], sample.bytes())
}

/// Writes version 1.0 of the format: magic, header padded to 64 bytes, little-endian values.
pub(crate) fn write(
    out: &Path,
    info: &PixelInfo,
    frame: Option<usize>,
    code: &str,
    bytes: &[u8],
) -> std::io::Result<()> {
    let mut shape = Vec::new();
    shape.extend((frame.is_none() && info.frames > 1).then_some(info.frames));
    shape.extend([usize::from(info.rows), usize::from(info.columns)]);
    shape.extend((info.samples_per_pixel > 1).then_some(usize::from(info.samples_per_pixel)));
    let shape: Vec<String> = shape.iter().map(usize::to_string).collect();
    let head = format!("{{'descr': '<{code}', 'fortran_order': False, 'shape': ({},), }}", shape.join(", "));
    let length = (head.len() + 11).next_multiple_of(64) - 10;
    let mut file = std::fs::File::create(out)?;
    file.write_all(b"\x93NUMPY\x01\0")?;
    file.write_all(&(length as u16).to_le_bytes())?;
    file.write_all(format!("{head:<width$}\n", width = length - 1).as_bytes())?;
    file.write_all(bytes)
}
