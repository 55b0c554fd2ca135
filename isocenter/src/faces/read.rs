//! A template from volume files.

use std::path::{Path, PathBuf};

use isocenter_formats::{self as formats, ReadOptions};
use isocenter_volume::{Ctx, DynVolume, Mask, with_real_volume};

use super::{Error, Template};

/// A volume file that holds a mask, and which of its voxels are meant. Values above 0.5 are 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskFile {
    path: PathBuf,
    is_of_rest: bool,
}

impl MaskFile {
    /// A mask that is 1 where the face is.
    pub fn of_face(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), is_of_rest: false }
    }

    /// A mask that is 1 where the face is not, as pydeface and mridefacer publish theirs.
    pub fn of_rest(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), is_of_rest: true }
    }
}

impl Template {
    /// Reads a template: the head, masks of its face, each on a grid of its own, and a mask of its brain (1 where it is).
    ///
    /// # Errors
    /// [`Error::Template`] with the path for what cannot be read or used, [`Error::Cancelled`].
    pub fn read(head: &Path, masks: &[MaskFile], brain: Option<&Path>, ctx: &Ctx<'_>) -> Result<Self, Error> {
        if masks.is_empty() {
            return Err(told(head, Error::template("the template of the face has no mask of it")));
        }
        let real = volume(head, ctx)?.to_real(ctx).map_err(|error| told(head, error.into()))?;
        let mut template = Self::new(real).map_err(|error| told(head, error))?;
        for file in masks {
            let mask = mask(&file.path, ctx)?;
            let mask = if file.is_of_rest { mask.complement() } else { mask };
            template = template.with_mask(mask).map_err(|error| told(&file.path, error))?;
        }
        if let Some(path) = brain {
            template = template.with_brain(mask(path, ctx)?).map_err(|error| told(path, error))?;
        }
        Ok(template)
    }
}

fn mask(path: &Path, ctx: &Ctx<'_>) -> Result<Mask, Error> {
    let volume = volume(path, ctx)?;
    Ok(with_real_volume!(&volume, v => Mask::above(&v, 0.5), else return Err(unusable(path, "a mask is gray"))))
}

fn volume(path: &Path, ctx: &Ctx<'_>) -> Result<DynVolume, Error> {
    match formats::read_with(path, &ReadOptions::default().ctx(*ctx)) {
        Ok(file) => Ok(file.volume),
        Err(formats::Error::Cancelled) => Err(Error::Cancelled),
        Err(error) => Err(unusable(path, error)),
    }
}

/// The same with the path.
fn told(path: &Path, error: Error) -> Error {
    match error {
        Error::Template { message } => Error::template(format!("{}: {message}", path.display())),
        other => other,
    }
}

fn unusable(path: &Path, why: impl std::fmt::Display) -> Error {
    Error::template(format!("{} cannot be used as a part of the template of the face: {why}", path.display()))
}
