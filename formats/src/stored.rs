//! Voxels as a header of text says that they are stored: in any encoding, behind the header or in files of their own, in one piece or
//! in many. What NRRD and MetaImage have in common.

mod spelled;

use std::{
    cell::Cell,
    io::{self, BufRead, BufReader, Cursor, Read},
};

use flate2::bufread::ZlibDecoder;
use isocenter_volume::{Ctx, DynSamples, SampleType};

use crate::{
    Error, Warning, bzip2, gzip,
    samples::{self, Layout},
    source::{Compression, Source, Stream, stream_error},
};
use spelled::{Hex, Text};

/// How the voxels of a header are stored.
#[derive(Clone, Debug)]
pub(crate) struct Stored<'h> {
    pub(crate) encoding: Encoding,
    /// Lines before the voxels.
    pub(crate) line_skip: u64,
    /// Bytes before the voxels (after the lines; decoded, but for zlib, where MetaIO counts those of the file); -1 where they are the last part of the file.
    pub(crate) byte_skip: i64,
    /// The type of one number, of which a sample may hold several.
    pub(crate) scalar: SampleType,
    pub(crate) place: Place<'h>,
    /// Whether the caller reads on behind spelled voxels; else what is there is told.
    pub(crate) goes_on: bool,
}

/// The encoding of voxels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Raw,
    Gzip,
    Bzip2,
    /// A zlib stream (RFC 1950), or what some tools write in its place: a gzip stream.
    Zlib,
    Text,
    Hex,
}

/// Where voxels are stored.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'h> {
    /// Behind the header.
    Here,
    /// In a file beside it.
    File(&'h str),
    /// In several, each with as many bytes of voxels.
    Files(&'h [String], u64),
}

/// Most bytes of a number that two characters can spell.
const MOST_OF_TEXT: u64 = 8;

/// Reads the voxels.
pub(crate) fn read(
    source: &mut Source<'_>,
    stored: &Stored<'_>,
    layout: Layout,
    ctx: &Ctx<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<DynSamples, Error> {
    let bytes = layout.bytes();
    let samples = |from: &mut Source<'_>| samples::read(from, layout, ctx);
    match stored.place {
        Place::Here => decoded(source, stored, bytes, ctx, warnings, samples),
        // the encoding is undone by what reads the data: here the bytes are taken as they lie
        Place::File(name) => {
            decoded(&mut source.open_beside(name, Compression::None)?, stored, bytes, ctx, warnings, samples)
        }
        Place::Files(names, part) => {
            let parts =
                Parts { source, stored, names: names.iter(), part, ctx: *ctx, current: Cursor::new(Vec::new()) };
            samples(&mut Source::new(Stream::from_reader(parts), Compression::None)?.ctx(*ctx))
        }
    }
}

/// Finds the voxels, `bytes` of them, in a file that begins here, and hands them on decoded.
fn decoded<T>(
    source: &mut Source<'_>,
    stored: &Stored<'_>,
    bytes: u64,
    ctx: &Ctx<'_>,
    warnings: &mut Vec<Warning>,
    then: impl FnOnce(&mut Source<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    skip_lines(source, stored.line_skip)?;
    match stored.encoding {
        Encoding::Gzip => {
            let mut inner = source.nested(Compression::Gzip, Some(1), |source| source)?;
            plain(&mut inner, stored, warnings, then)
        }
        Encoding::Bzip2 => {
            let garbage = Cell::new(false);
            let members = |source| BufReader::new(bzip2::Members::new(source, &garbage));
            let voxels = plain(&mut source.nested(Compression::None, None, members)?, stored, warnings, then)?;
            if garbage.get() {
                warnings.push(Warning::TrailingGarbage);
            }
            Ok(voxels)
        }
        Encoding::Zlib => {
            skip_bytes(source, stored)?;
            // zlib's own inflate tells the two apart, and so do the tools that use it (MetaIO)
            let is_gzip = source.fill_buf().map_err(|e| stream_error(e, "voxels", bytes, 0))?.first() == Some(&0x1f);
            let voxels = if is_gzip {
                rest_told(&mut source.nested(Compression::Gzip, Some(1), |source| source)?, warnings, then)?
            } else {
                let inflated = |source| BufReader::with_capacity(1 << 16, ZlibDecoder::new(source));
                let ratio = Some(gzip::LARGEST_RATIO);
                rest_told(&mut source.nested(Compression::None, ratio, inflated)?, warnings, then)?
            };
            source.warn_of_rest(warnings)?;
            Ok(voxels)
        }
        Encoding::Raw if stored.byte_skip < 0 => last(source, bytes, ctx, then),
        Encoding::Raw => plain(source, stored, warnings, then),
        Encoding::Hex => {
            skip_bytes(source, stored)?;
            source.expect("voxels", bytes.saturating_mul(2))?;
            let mut inner =
                source.nested(Compression::None, Some(1), |source| BufReader::new(Hex::new(source, bytes)))?;
            let voxels = then(&mut inner)?;
            drop(inner);
            spelled_behind(source, stored, warnings)?;
            Ok(voxels)
        }
        Encoding::Text => {
            skip_bytes(source, stored)?;
            let scalar = stored.scalar;
            let numbers = bytes / scalar.bytes() as u64;
            // a digit and a space each, but for the last
            source.expect("voxels", numbers.saturating_mul(2) - 1)?;
            let mut inner = source.nested(Compression::None, Some(MOST_OF_TEXT), |source| {
                BufReader::new(Text::new(source, scalar, numbers))
            })?;
            let voxels = then(&mut inner)?;
            drop(inner);
            spelled_behind(source, stored, warnings)?;
            Ok(voxels)
        }
    }
}

/// Tells of what is behind the last number, but for blanks.
fn spelled_behind(source: &mut Source<'_>, stored: &Stored<'_>, warnings: &mut Vec<Warning>) -> Result<(), Error> {
    if stored.goes_on {
        return Ok(());
    }
    loop {
        let ahead = source.fill_buf().map_err(|e| stream_error(e, "end", 0, 0))?;
        let blank = ahead.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let is_all = blank == ahead.len();
        if ahead.is_empty() || !is_all {
            source.consume(blank);
            return source.warn_of_rest(warnings);
        }
        source.consume(blank);
    }
}

fn plain<T>(
    source: &mut Source<'_>,
    stored: &Stored<'_>,
    warnings: &mut Vec<Warning>,
    then: impl FnOnce(&mut Source<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    skip_bytes(source, stored)?;
    rest_told(source, warnings, then)
}

/// Hands on what begins here, and tells what is behind it.
fn rest_told<T>(
    source: &mut Source<'_>,
    warnings: &mut Vec<Warning>,
    then: impl FnOnce(&mut Source<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let voxels = then(source)?;
    source.warn_of_rest(warnings)?;
    Ok(voxels)
}

/// Raw data that is the last part of the file (byte skip -1).
fn last<T>(
    source: &mut Source<'_>,
    bytes: u64,
    ctx: &Ctx<'_>,
    then: impl FnOnce(&mut Source<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    source.expect("voxels", bytes)?;
    if let Some(left) = source.exactly_left() {
        source.skip("bytes before the voxels", left.saturating_sub(bytes))?;
        return then(source);
    }
    // nobody knows where the end is before it was seen
    let rest = source.rest("bytes of data", ctx.limits().bytes)?;
    let found = rest.len() as u64;
    let start = found.checked_sub(bytes).ok_or(Error::Truncated { what: "voxels", wanted: bytes, found })?;
    let rest = Stream::from_bytes(rest.get(start as usize..).unwrap_or_default());
    then(&mut Source::new(rest, Compression::None)?.ctx(*ctx))
}

fn skip_bytes(source: &mut Source<'_>, stored: &Stored<'_>) -> Result<(), Error> {
    source.skip("bytes before the voxels", u64::try_from(stored.byte_skip).unwrap_or(0))
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

/// The voxels of many files, one behind the other. One file is in memory at a time.
struct Parts<'s, 'a> {
    source: &'s Source<'a>,
    stored: &'s Stored<'s>,
    names: std::slice::Iter<'s, String>,
    /// Bytes of voxels in each.
    part: u64,
    ctx: Ctx<'s>,
    current: Cursor<Vec<u8>>,
}

impl Parts<'_, '_> {
    fn open(&self, name: &str) -> Result<Vec<u8>, Error> {
        let mut beside = self.source.open_beside(name, Compression::None)?;
        let wanted = self.part;
        // what follows the voxels of one of many files is not told: each has its own way to end
        decoded(&mut beside, self.stored, wanted, &self.ctx, &mut Vec::new(), |from| {
            from.expect("voxels", wanted)?;
            let mut voxels = Vec::new();
            let read = from.by_ref().take(wanted).read_to_end(&mut voxels);
            let found = read.map_err(|e| stream_error(e, "voxels", wanted, 0))? as u64;
            if found < wanted { Err(Error::Truncated { what: "voxels", wanted, found }) } else { Ok(voxels) }
        })
    }
}

impl Read for Parts<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let got = self.current.read(out)?;
            if got > 0 || out.is_empty() {
                return Ok(got);
            }
            let Some(name) = self.names.next() else { return Ok(0) };
            self.current = Cursor::new(self.open(name).map_err(Error::into_io)?);
        }
    }
}
