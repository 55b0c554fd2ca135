//! Reading a tensor.

use isocenter_volume::Geometry;

use super::header::Header;
use crate::{
    Error, Opened, ReadOptions, Warning,
    array::{Order, chosen},
    samples,
    source::{MOST_TRAILING, Source},
};

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let mut header = Header::read(&mut source, options.header_bytes)?;
    let name = chosen(&header.names(), options.name)?.to_owned();
    let (array, [begin, end]) = header.tensor(&name)?;
    let (mut head, layout) = array.head("safetensors", Order::LastIsI, options)?;
    if let Some((affine, frame)) = header.take_place()? {
        let grid = Geometry::new(head.head.shape(), affine, frame)?;
        head.head = head.head.clone().with_geometry(grid)?;
        head.warnings.retain(|w| *w != Warning::NoPlace);
    }
    // a file ends where its last tensor does
    let all = header.end().max(end);
    source.expect("tensors", all)?;
    head.texts = header.texts;
    let ctx = options.ctx;
    Ok(Opened::new(head, layout, move |mut head, layout| {
        source.skip("tensors", begin)?;
        let samples = samples::read(&mut source, layout, &ctx)?;
        source.skip("tensors", all - end)?;
        let rest = source.count_rest()?;
        if rest > 0 {
            head.warnings.push(Warning::TrailingBytes { count: rest.min(MOST_TRAILING) });
        }
        head.with_samples(samples)
    }))
}
