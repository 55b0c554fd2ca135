//! The voxels of a file, in any of its encodings.

use std::io::{BufRead, BufReader};

use isocenter_volume::{Ctx, DynSamples};

use super::{
    header::{Encoding, Header},
    spelled::{Hex, Text},
};
use crate::{
    Error, Warning,
    endian::Endian,
    samples::{self, Layout},
    source::{Compression, Source, Stream, stream_error},
};

/// Most bytes of a number that two characters can spell.
const MOST_OF_TEXT: u64 = 8;

/// Reads the voxels.
pub(super) fn read(
    source: &mut Source<'_>,
    header: &Header,
    layout: Layout,
    ctx: &Ctx<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<DynSamples, Error> {
    skip_lines(source, header.line_skip)?;
    if header.encoding == Encoding::Gzip {
        let mut inner = source.nested(Compression::Gzip, 1, |source| source)?;
        return unpacked(&mut inner, header, layout, ctx, warnings);
    }
    unpacked(source, header, layout, ctx, warnings)
}

fn unpacked(
    source: &mut Source<'_>,
    header: &Header,
    layout: Layout,
    ctx: &Ctx<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<DynSamples, Error> {
    if header.byte_skip < 0 {
        return last(source, layout, ctx);
    }
    source.skip("bytes before the voxels", header.byte_skip.unsigned_abs())?;
    match header.encoding {
        Encoding::Raw | Encoding::Gzip => {
            let samples = samples::read(source, layout, ctx)?;
            source.warn_of_rest(warnings)?;
            Ok(samples)
        }
        Encoding::Hex => {
            source.expect("voxels", layout.bytes().saturating_mul(2))?;
            let wanted = layout.bytes();
            let mut inner = source.nested(Compression::None, 1, |source| BufReader::new(Hex::new(source, wanted)))?;
            samples::read(&mut inner, layout, ctx)
        }
        Encoding::Text => {
            let numbers = layout.bytes() / header.scalar.bytes() as u64;
            // a digit and a space each, but for the last
            source.expect("voxels", numbers.saturating_mul(2) - 1)?;
            let (layout, scalar) = (Layout { endian: Endian::NATIVE, ..layout }, header.scalar);
            let mut inner = source
                .nested(Compression::None, MOST_OF_TEXT, |source| BufReader::new(Text::new(source, scalar, numbers)))?;
            samples::read(&mut inner, layout, ctx)
        }
    }
}

/// Raw data that is the last part of the file (byte skip -1).
fn last(source: &mut Source<'_>, layout: Layout, ctx: &Ctx<'_>) -> Result<DynSamples, Error> {
    source.expect("voxels", layout.bytes())?;
    if let Some(left) = source.exactly_left() {
        source.skip("bytes before the voxels", left.saturating_sub(layout.bytes()))?;
        return samples::read(source, layout, ctx);
    }
    // nobody knows where the end is before it was seen
    let rest = source.rest("bytes of data", ctx.limits().bytes)?;
    let (wanted, found) = (layout.bytes(), rest.len() as u64);
    let start = found.checked_sub(wanted).ok_or(Error::Truncated { what: "voxels", wanted, found })?;
    let rest = Stream::from_bytes(rest.get(start as usize..).unwrap_or_default());
    samples::read(&mut Source::new(rest, Compression::None)?.ctx(*ctx), layout, ctx)
}

fn skip_lines(source: &mut Source<'_>, lines: u64) -> Result<(), Error> {
    for done in 0..lines {
        let skipped = source.skip_until(b'\n').map_err(|e| stream_error(e, "lines to skip", lines, done))?;
        if skipped == 0 {
            return Err(Error::Truncated { what: "lines to skip", wanted: lines, found: done });
        }
    }
    Ok(())
}
