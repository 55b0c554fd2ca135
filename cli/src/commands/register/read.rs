//! The volumes that are registered, and what to do where a path is none.

use std::{io::ErrorKind, path::Path};

use isocenter::{
    Error,
    dcm::scan::{self, Kind, ScanOptions},
    formats,
    register::transform_file,
    volume::{self, Affine, Ctx, Head, LabelMap, Mask, Volume},
};

use crate::commands::transform::refused;

pub(in crate::commands) fn image(path: &Path, assume: bool, ctx: &Ctx<'_>) -> anyhow::Result<Volume<f32>> {
    real(path, &file(path, ctx)?, assume, ctx)
}

/// The real values of what a file holds.
pub(super) fn real(path: &Path, file: &formats::File, assume: bool, ctx: &Ctx<'_>) -> anyhow::Result<Volume<f32>> {
    let volume = file.volume.to_real(ctx).map_err(|error| match error {
        volume::Error::Cancelled => Error::Cancelled,
        other => unsuited(path, &other.to_string()),
    })?;
    Ok(if assume && !volume.geometry().frame().is_patient() { volume.assume_patient_frame() } else { volume })
}

/// What a file says of its volume: steps and grid, and no voxel.
pub(super) fn head(path: &Path, assume: bool) -> Result<Head, Error> {
    whole(path)?;
    let head = formats::read_head(path, &formats::ReadOptions::default()).map_err(|error| unread(path, error))?.head;
    Ok(if assume && !head.geometry().frame().is_patient() { head.assume_patient_frame() } else { head })
}

pub(super) fn mask(path: &Path, assume: bool, ctx: &Ctx<'_>) -> anyhow::Result<Mask> {
    let file = file(path, ctx)?;
    let map = LabelMap::from_volume(&file.volume, Vec::new()).map_err(|e| unsuited(path, &e.to_string()))?;
    let map = if assume && !map.geometry().frame().is_patient() { map.assume_patient_frame() } else { map };
    Ok(Mask::of_layer(&map, 0)?)
}

/// A map of points of the fixed image to points of the moving image, LPS mm.
pub(super) fn transform(path: &Path, fixed: &Volume<f32>, moving: &Volume<f32>) -> Result<Affine, Error> {
    transform_file::Options::default()
        .images(fixed.geometry(), moving.geometry())
        .read(path)
        .map_err(|error| refused(path, "read", error, "`isocenter transform convert --from NAME`"))
}

pub(super) fn file(path: &Path, ctx: &Ctx<'_>) -> Result<formats::File, Error> {
    whole(path)?;
    formats::read_with(path, &formats::ReadOptions::default().ctx(*ctx)).map_err(|error| unread(path, error))
}

fn whole(path: &Path) -> Result<(), Error> {
    if path.is_dir() {
        return Err(unsuited(path, &format!("it is a folder, and one volume file is wanted; {CONVERT}")));
    }
    Ok(())
}

fn unread(path: &Path, error: formats::Error) -> Error {
    match error {
        formats::Error::Cancelled => Error::Cancelled,
        formats::Error::Io { source, path } if source.kind() == ErrorKind::NotFound => {
            Error::Usage { message: format!("{} cannot be read: {source}", path.display()) }
        }
        formats::Error::Io { source, path } => Error::Io { action: "read the volume", path, source },
        _ if is_dicom(path) => unsuited(path, &format!("it is DICOM; {CONVERT}")),
        other => unsuited(path, &other.to_string()),
    }
}

fn is_dicom(path: &Path) -> bool {
    matches!(scan::look(path, &ScanOptions::default()).kind, Kind::Dicom(_))
}

pub(super) fn unsuited(path: &Path, why: &str) -> Error {
    Error::Usage { message: format!("{} cannot be registered: {why}", path.display()) }
}

const CONVERT: &str = "of DICOM make NIfTI first: `isocenter prepare SCANS -o OUT --recipe generic --key-file KEY` writes one file for \
                       each volume, under OUT/images";
