//! Writing an archive of one array, and its place.

use std::io::Write;

use isocenter_volume::SlowAxis;
use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::{AFFINE, DATA};
use crate::{Error, File, WriteOptions, array::Array, endian::Endian, pace::Paced, samples, target::Target};

pub(super) fn write(file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
    file.refuse_scaling()?;
    let volume = &file.volume;
    let is_placed = volume.geometry().frame().is_patient();
    let slow = volume.slow_axes().iter().map(SlowAxis::len);
    let mut shape: Vec<u64> = volume.shape().into_iter().chain(slow).map(|n| n as u64).collect();
    if !is_placed {
        shape.reverse();
    }
    let header = Array { sample: volume.sample_type(), endian: Endian::Little, shape, is_fortran: is_placed };
    let header = header.to_bytes()?;
    let bytes = (volume.samples().len() as u64).saturating_mul(volume.sample_type().bytes() as u64);
    let stage = options.ctx.stage("voxels", bytes);
    let mut archive = ZipWriter::new_stream(target.data());
    let how = |bytes: u64| {
        let method = if options.level == 0 { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let level = (options.level > 0).then_some(i64::from(options.level));
        // no time of day, no rights of a machine
        SimpleFileOptions::DEFAULT
            .compression_method(method)
            .compression_level(level)
            .large_file(bytes > u64::from(u32::MAX) / 2)
    };
    archive.start_file(format!("{DATA}.npy"), how(bytes)).map_err(failed)?;
    archive.write_all(&header).map_err(Error::io)?;
    samples::write_halves(volume.samples(), &mut Paced::new(&mut archive, &stage)).map_err(Error::io)?;
    if is_placed {
        archive.start_file(format!("{AFFINE}.npy"), how(0)).map_err(failed)?;
        let sample = isocenter_volume::SampleType::F64;
        let header = Array { sample, endian: Endian::Little, shape: vec![4, 4], is_fortran: false };
        archive.write_all(&header.to_bytes()?).map_err(Error::io)?;
        let rows = volume.geometry().affine().to_ras();
        let numbers = rows.into_iter().flatten().chain([0.0, 0.0, 0.0, 1.0]);
        archive.write_all(&numbers.flat_map(f64::to_le_bytes).collect::<Vec<u8>>()).map_err(Error::io)?;
    }
    archive.finish().map(|_| ()).map_err(failed)
}

fn failed(error: ZipError) -> Error {
    match error {
        ZipError::Io(e) => Error::io(e),
        other => Error::io(std::io::Error::other(other)),
    }
}
