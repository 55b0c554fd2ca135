//! Writing a GIPL file.

use super::header::Header;
use crate::{Error, File, WriteOptions, pace::Paced, place, samples, target::Target};

pub(super) fn write(file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
    file.refuse_scaling()?;
    let volume = &file.volume;
    let steps = match volume.slow_axes() {
        [] => 1,
        [axis] => axis.len(),
        several => return Err(Error::unsupported("more than one slow axis in GIPL", several.len())),
    };
    let (origin, spacing) = place::upright(volume.geometry(), "axes that do not run along x, y and z in GIPL")?;
    let size = |n: usize| u16::try_from(n).map_err(|_| Error::unsupported("an axis above 65535 in GIPL", n));
    let [x, y, z] = volume.shape();
    let header = Header {
        sizes: [size(x)?, size(y)?, size(z)?, size(steps)?],
        sample: volume.sample_type(),
        spacing,
        origin,
        line: file.texts.get("description").cloned().unwrap_or_default(),
        is_calibrated: false,
    };
    target.header(&header.to_bytes()?)?;
    let stage = options.ctx.stage("voxels", samples::bytes_written(volume.samples()));
    samples::write_big(volume.samples(), &mut Paced::new(target.data(), &stage)).map_err(Error::io)
}
