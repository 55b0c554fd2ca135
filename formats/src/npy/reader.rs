//! Reading an array of NumPy.

use super::header::Header;
use crate::{Error, Opened, ReadOptions, array::Order, samples, source::Source};

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let header = Header::read(&mut source, options.header_bytes)?;
    let (head, layout) = header.head("NumPy", Order::LastIsI, options)?;
    source.expect("voxels", layout.bytes())?;
    let ctx = options.ctx;
    Ok(Opened::new(head, layout, move |mut head, layout| {
        let samples = samples::read(&mut source, layout, &ctx)?;
        source.warn_of_rest(&mut head.warnings)?;
        head.with_samples(samples)
    }))
}
