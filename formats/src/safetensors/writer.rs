//! Writing a tensor.

use isocenter_volume::{Frame, SlowAxis};
use serde_json::{Map, Value, json};

use super::header::{AFFINE, FRAME, METADATA, dtype_of};
use crate::{Error, File, WriteOptions, pace::Paced, samples, target::Target};

/// Bytes that the length of the header is a multiple of, so that the numbers can be mapped.
const ALIGNMENT: usize = 8;

pub(super) fn write(file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
    file.refuse_scaling()?;
    let volume = &file.volume;
    let dtype = dtype_of(volume.sample_type())?;
    let slow = volume.slow_axes().iter().rev().map(SlowAxis::len);
    let shape: Vec<usize> = slow.chain(volume.shape().into_iter().rev()).collect();
    let bytes = (volume.samples().len() as u64).saturating_mul(volume.sample_type().bytes() as u64);
    let geometry = volume.geometry();
    let (columns, origin) = ([0, 1, 2].map(|axis| geometry.affine().column(axis)), geometry.origin_mm());
    // without the sign that a zero may have
    let row = |n: usize| [columns[0][n], columns[1][n], columns[2][n], origin[n]].map(|v| v + 0.0);
    let frame = match geometry.frame() {
        Frame::Patient(_) => "patient",
        Frame::Pixel => "pixel",
        _ => "unknown",
    };
    let mut texts: Map<String, Value> =
        file.texts.iter().map(|(key, text)| (key.clone(), Value::String(text.clone()))).collect();
    texts.insert(AFFINE.to_owned(), json!([row(0), row(1), row(2)]).to_string().into());
    texts.insert(FRAME.to_owned(), frame.into());
    let header = json!({ METADATA: texts, "data": { "dtype": dtype, "shape": shape, "data_offsets": [0, bytes] } });
    let mut header = header.to_string();
    let padded = header.len().next_multiple_of(ALIGNMENT);
    header.extend(std::iter::repeat_n(' ', padded - header.len()));
    target.header(&(padded as u64).to_le_bytes())?;
    target.header(header.as_bytes())?;
    let stage = options.ctx.stage("voxels", bytes);
    samples::write_halves(volume.samples(), &mut Paced::new(target.data(), &stage)).map_err(Error::io)
}
