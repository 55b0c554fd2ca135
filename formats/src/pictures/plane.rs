//! What one picture holds, and how its decoded bytes become samples.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

use isocenter_volume::{Affine, AxisKind, Ctx, Frame, Geometry, Head, SampleType, SlowAxis};

use crate::{
    Error, File, FileHead, ReadOptions, Warning,
    endian::Endian,
    samples::{self, Layout},
    source::{Compression, Source, Stream},
    walk::channels_first,
};

/// The samples of a picture: their type, and how many of them a pixel has (colours of 8 bits are one sample).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pixels {
    pub(super) sample: SampleType,
    pub(super) channels: u64,
}

impl Pixels {
    pub(super) const fn of(sample: SampleType) -> Self {
        Self { sample, channels: 1 }
    }
}

/// Head and layout of one plane; checks what it asks for, and that `most` bytes of samples can be there.
pub(super) fn head(
    format: &'static str,
    [width, height]: [u64; 2],
    pixels: Pixels,
    most: u64,
    options: &ReadOptions<'_>,
) -> Result<(FileHead, Layout), Error> {
    let count = options.ctx.limits().check(&[width, height, pixels.channels], pixels.sample.bytes() as u64)?;
    if count == 0 {
        return Err(Error::malformed("size", format!("{width} x {height}"), "a pixel at least"));
    }
    let wanted = (count as u64).saturating_mul(pixels.sample.bytes() as u64);
    if wanted > most {
        return Err(Error::Truncated { what: "pixels", wanted, found: most });
    }
    let shape = [width as usize, height as usize, 1];
    let slow = Some(pixels.channels as usize).filter(|n| *n > 1);
    let axis = slow.map(|n| SlowAxis::new(AxisKind::Channel, n)).transpose()?;
    let grid = Geometry::new(shape, Affine::IDENTITY, Frame::Unknown)?;
    let head = FileHead {
        format,
        head: Head::new(grid).with_slow_axes(axis.into_iter().collect())?,
        sample_type: pixels.sample,
        texts: BTreeMap::new(),
        label_table: None,
        is_label: false,
        warnings: vec![Warning::NoPlace],
    };
    let walk = slow.and_then(|n| channels_first(n, &shape));
    Ok((head, Layout::new(pixels.sample, count, Endian::NATIVE).walked(walk)))
}

/// The file, from the decoded bytes of its samples.
pub(super) fn with_bytes(head: FileHead, layout: Layout, bytes: &[u8], ctx: &Ctx<'_>) -> Result<File, Error> {
    let mut source = Source::new(Stream::from_bytes(bytes), Compression::None)?.ctx(*ctx);
    head.with_samples(samples::read(&mut source, layout, ctx)?)
}

/// All bytes of a picture.
pub(super) fn bytes_of(source: &mut Source<'_>, options: &ReadOptions<'_>) -> Result<Vec<u8>, Error> {
    // a picture is no larger than its samples and its texts
    source.rest("bytes of a picture", options.ctx.limits().bytes.saturating_add(options.header_bytes))
}

/// As many zeros; memory that the system does not have is a limit.
pub(super) fn zeros(count: u64) -> Result<Vec<u8>, Error> {
    let refuse = || Error::Limit { what: "bytes of memory", asked: count, limit: 0 };
    let len = usize::try_from(count).map_err(|_| refuse())?;
    Vec::<u8>::new().try_reserve_exact(len).map_err(|_| refuse())?;
    Ok(vec![0; len])
}

/// Runs a decoder of other people: where it panics over its input, that is damaged.
pub(super) fn guarded<R>(stream: &'static str, decode: impl FnOnce() -> Result<R, Error>) -> Result<R, Error> {
    catch_unwind(AssertUnwindSafe(decode))
        .unwrap_or_else(|_| Err(Error::malformed(stream, "damaged", "what its decoder can follow")))
}
