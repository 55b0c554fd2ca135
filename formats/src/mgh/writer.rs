//! Writing an MGH file.

use super::{footer, header::Header, tags};
use crate::{Error, File, WriteOptions, labels, pace::Paced, samples, target::Target};

pub(super) fn write(file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
    let volume = &file.volume;
    file.refuse_scaling()?;
    let frames = match volume.slow_axes() {
        [] => 1,
        [axis] => axis.len(),
        several => return Err(Error::unsupported("more than one slow axis in MGH", several.len())),
    };
    let whole = |n: usize| i32::try_from(n).map_err(|_| Error::unsupported("an axis above 2147483647 in MGH", n));
    let [x, y, z] = volume.shape();
    let mut header = Header {
        shape: [whole(x)?, whole(y)?, whole(z)?],
        frames: whole(frames)?,
        sample: volume.sample_type(),
        dof: file.texts.get("dof").and_then(|t| t.parse().ok()).unwrap_or(1),
        has_place: false,
        spacing: [1.0; 3],
        directions: [[0.0; 3]; 3],
        centre: [0.0; 3],
    };
    header.set_place(volume.geometry());
    target.header(&header.to_bytes()?)?;
    let stage = options.ctx.stage("voxels", samples::bytes_written(volume.samples()));
    samples::write_big(volume.samples(), &mut Paced::new(target.data(), &stage)).map_err(Error::io)?;
    let table = file.label_table.as_deref().map(|t| labels::with_colours(t, &file.texts)).unwrap_or_default();
    let tail = [footer::to_bytes(volume.head()), tags::to_bytes(&file.texts, &table)].concat();
    target.data().write_all(&tail).map_err(Error::io)
}
