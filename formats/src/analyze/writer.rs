//! Writing an Analyze pair.

use super::header::{Header, TEXTS};
use crate::{Error, File, WriteOptions, endian::Endian, pace::Paced, samples, target::Target};

/// Writes header and voxels, which lie apart.
pub(crate) fn write(file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
    file.refuse_scaling()?;
    let volume = &file.volume;
    let slow = volume.slow_axes();
    if slow.len() > 4 {
        return Err(Error::unsupported("more than four slow axes in Analyze", slow.len()));
    }
    let mut dim = [1; 8];
    // four axes even of one volume, as the standard has it
    dim[0] = (3 + slow.len()).max(4) as i16;
    let lengths = volume.shape().into_iter().chain(slow.iter().map(|axis| axis.len()));
    for (place, len) in dim[1..].iter_mut().zip(lengths) {
        *place = i16::try_from(len).map_err(|_| Error::unsupported("an axis above 32767 in Analyze", len))?;
    }
    let [x, y, z] = volume.geometry().spacing_mm();
    let header = Header {
        endian: Endian::Little,
        dim,
        sample: volume.sample_type(),
        pixdim: [0.0, x, y, z],
        vox_offset: 0.0,
        scale: 0.0,
        intercept: 0.0,
        orient: file.texts.get("orient").and_then(|text| text.parse().ok()).unwrap_or(0),
        texts: TEXTS.map(|(key, ..)| file.texts.get(key).cloned().unwrap_or_default()),
    };
    target.header(&header.to_bytes()?)?;
    let stage = options.ctx.stage("voxels", samples::bytes_written(volume.samples()));
    samples::write(volume.samples(), &mut Paced::new(target.data(), &stage)).map_err(Error::io)
}
