//! Files of one item.

use std::{
    io::{Read, Write},
    path::Path,
};

use isocenter_files::{Beside, make_folders};
use isocenter_formats::WriteOptions;
use isocenter_volume::{Ctx, DynVolume, LabelMap};

use super::refusal::Refusal;
use crate::Error;

/// Why an image was not finished: it is kept out, or the run ends.
pub(crate) enum Stop {
    Refused(Refusal),
    Run(Error),
}

impl From<Refusal> for Stop {
    fn from(why: Refusal) -> Self {
        Self::Refused(why)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Run(error)
    }
}

/// Writes an image; planes with scalings of their own become real values, since NIfTI holds one pair.
pub(crate) fn write_volume(path: &Path, volume: &DynVolume, ctx: &Ctx<'_>) -> Result<(), Stop> {
    let file = match volume.scaling().as_per_plane() {
        Some(_) => isocenter_formats::File::from_volume(volume.to_real(ctx).map_err(Refusal::from)?.into()),
        None => isocenter_formats::File::from_volume(volume.clone()),
    };
    write_file(path, &file, ctx)
}

/// Writes a label map with its table.
pub(crate) fn write_labels(path: &Path, labels: &LabelMap, ctx: &Ctx<'_>) -> Result<(), Stop> {
    let file = isocenter_formats::labels::label_map_to_file(labels).map_err(Refusal::from)?;
    write_file(path, &file, ctx)
}

fn write_file(path: &Path, file: &isocenter_formats::File, ctx: &Ctx<'_>) -> Result<(), Stop> {
    make_folders(path).map_err(Error::io("make a folder", path))?;
    isocenter_formats::write_with(path, file, &WriteOptions::default().ctx(*ctx)).map_err(|error| match error {
        isocenter_formats::Error::Io { .. } => Stop::Run(Error::Write(error)),
        other => Stop::Refused(other.into()),
    })
}

/// Copies a file, asking after every piece whether to go on.
///
/// # Errors
/// [`Error::Io`], [`Error::Cancelled`].
pub(crate) fn copy(from: &Path, to: &Path, ctx: &Ctx<'_>) -> Result<(), Error> {
    let mut source = isocenter_files::open_regular(from).map_err(Error::io("read a file", from))?;
    let mut target = Beside::create(to).map_err(Error::io("write a file", to))?;
    let mut piece = vec![0; PIECE];
    loop {
        ctx.check()?;
        let count = source.read(&mut piece).map_err(Error::io("read a file", from))?;
        let read = piece.get(..count).unwrap_or_default();
        if read.is_empty() {
            break;
        }
        target.write_all(read).map_err(Error::io("write a file", to))?;
    }
    target.finish().map_err(Error::io("write a file", to))
}

/// Bytes that are copied at once: a few milliseconds of a slow disk.
const PIECE: usize = 1 << 20;
