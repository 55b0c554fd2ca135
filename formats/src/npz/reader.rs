//! Reading an archive of arrays.

use std::io::Cursor;

use isocenter_volume::{Affine, DynSamples, Frame, Geometry};
use zip::{ZipArchive, result::ZipError};

use super::AFFINE;
use crate::{
    Error, FileHead, Opened, ReadOptions, Warning,
    array::{Array, Order, chosen},
    samples,
    source::{Compression, Source, Stream},
};

/// Most bytes of one of deflate.
const DEFLATE: u64 = 1032;

/// Most members.
const MOST: usize = 1 << 16;

type Archive = ZipArchive<Cursor<Vec<u8>>>;

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let bytes = source.rest("bytes of an archive", options.ctx.limits().bytes.saturating_add(options.header_bytes))?;
    let archive_len = bytes.len() as u64;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(failed)?;
    if archive.len() > MOST {
        return Err(Error::Limit { what: "members", asked: archive.len() as u64, limit: MOST as u64 });
    }
    let names: Vec<String> =
        archive.file_names().filter_map(|n| Some(n.ok()?.strip_suffix(".npy")?.to_owned())).collect();
    let place = if names.len() > 1 && names.iter().any(|n| n == AFFINE) {
        affine(&mut archive, archive_len, options)?
    } else {
        None
    };
    let arrays: Vec<&str> = names.iter().map(String::as_str).filter(|n| place.is_none() || *n != AFFINE).collect();
    // no member holds more than deflate makes of the archive, whatever its own length says
    let most = archive_len.saturating_mul(DEFLATE);
    let name = format!("{}.npy", chosen(&arrays, options.name)?);
    let order = if place.is_some() { Order::FirstIsI } else { Order::LastIsI };
    let (mut head, layout) = with_member(&mut archive, most, &name, |source| {
        let header = Array::read(source, options.header_bytes)?;
        let (head, layout) = header.head("NumPy archive", order, options)?;
        source.expect("voxels", layout.bytes())?;
        Ok((head, layout))
    })?;
    if let Some(affine) = place {
        put(&mut head, affine)?;
    }
    let options = *options;
    Ok(Opened::new(head, layout, move |mut head, layout| {
        let mut archive = archive;
        let samples = with_member(&mut archive, most, &name, |source| {
            Array::read(source, options.header_bytes)?;
            let samples = samples::read(source, layout, &options.ctx)?;
            source.warn_of_rest(&mut head.warnings)?;
            Ok(samples)
        })?;
        head.with_samples(samples)
    }))
}

/// Lets the bytes of a member be read.
fn with_member<R>(
    archive: &mut Archive,
    most: u64,
    name: &str,
    read: impl FnOnce(&mut Source<'_>) -> Result<R, Error>,
) -> Result<R, Error> {
    let member = archive.by_name(name).map_err(failed)?;
    let most = most.min(member.size());
    read(&mut Source::new(Stream::bounded(member, most), Compression::None)?)
}

/// The place of the volume; `None` where the array of that name is another thing.
fn affine(archive: &mut Archive, archive_len: u64, options: &ReadOptions<'_>) -> Result<Option<Affine>, Error> {
    let numbers = with_member(archive, archive_len.saturating_mul(DEFLATE), &format!("{AFFINE}.npy"), |source| {
        let header = Array::read(source, options.header_bytes)?;
        if header.shape != [4, 4] {
            return Ok(None);
        }
        let (_, layout) = header.head("NumPy archive", Order::LastIsI, options)?;
        Ok(match samples::read(source, layout, &options.ctx)? {
            DynSamples::F64(s) => Some(s.to_vec()),
            DynSamples::F32(s) => Some(s.iter().map(|v| f64::from(*v)).collect()),
            _ => None,
        })
    })?;
    let Some(numbers) = numbers else { return Ok(None) };
    let at = |row: usize, column: usize| numbers.get(4 * row + column).copied().unwrap_or(0.0);
    if [0, 1, 2, 3].map(|column| at(3, column)) != [0.0, 0.0, 0.0, 1.0] {
        return Err(Error::malformed("last row of affine", "another", "0 0 0 1"));
    }
    let rows = [0, 1, 2].map(|row| [0, 1, 2, 3].map(|column| at(row, column)));
    Ok(Some(Affine::from_ras(rows)))
}

fn put(head: &mut FileHead, affine: Affine) -> Result<(), Error> {
    let grid = Geometry::new(head.head.shape(), affine, Frame::Patient(None))?;
    head.head = head.head.clone().with_geometry(grid)?;
    head.warnings.retain(|w| *w != Warning::NoPlace);
    Ok(())
}

fn failed(error: ZipError) -> Error {
    match error {
        ZipError::Io(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            Error::Truncated { what: "archive", wanted: 0, found: 0 }
        }
        ZipError::Io(e) => Error::io(e),
        ZipError::UnsupportedArchive(what) => Error::unsupported("a kind of archive", what),
        other => Error::malformed("archive", other, "an intact one"),
    }
}
