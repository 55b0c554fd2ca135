//! Files of one item, and the numbers that the manifest gives of them.

use std::path::Path;

use isocenter_files::make_folders;
use isocenter_formats::WriteOptions;
use isocenter_volume::{Ctx, DynVolume, LabelMap, stats};

use super::refusal::Refusal;
use crate::{Error, manifest::Statistics};

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
        Some(_) => isocenter_formats::File::from_volume(volume.to_real().map_err(Refusal::from)?.into()),
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

/// Numbers of an image's finite real values; none for colour and complex samples, and where there is none.
pub(crate) fn statistics(image: &DynVolume) -> Option<Statistics> {
    let real = image.to_real().ok()?;
    let all = stats::Selection::all(real.voxels());
    let ctx = Ctx::default();
    let moments = stats::Moments::over(&all, &ctx).ok()?;
    let extremes = stats::Extremes::over(&all, &ctx).ok()?;
    Some(Statistics {
        min: extremes.min()?,
        max: extremes.max()?,
        mean: moments.mean(),
        sd: moments.standard_deviation(0),
        not_finite: moments.not_finite(),
    })
}
