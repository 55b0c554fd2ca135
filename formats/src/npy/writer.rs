//! Writing an array of NumPy.

use isocenter_volume::SlowAxis;

use super::header::Header;
use crate::{Error, File, WriteOptions, endian::Endian, pace::Paced, samples, target::Target};

pub(super) fn write(file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
    file.refuse_scaling()?;
    let volume = &file.volume;
    let slow = volume.slow_axes().iter().rev().map(SlowAxis::len);
    let shape = slow.chain(volume.shape().into_iter().rev()).map(|n| n as u64).collect();
    let header = Header { sample: volume.sample_type(), endian: Endian::Little, shape, is_fortran: false };
    target.header(&header.to_bytes()?)?;
    let bytes = (volume.samples().len() as u64).saturating_mul(volume.sample_type().bytes() as u64);
    let stage = options.ctx.stage("voxels", bytes);
    samples::write_halves(volume.samples(), &mut Paced::new(target.data(), &stage)).map_err(Error::io)
}
