//! The transforms that are applied, one after the other.

use std::path::{Path, PathBuf};

use isocenter::{
    Error,
    register::transform_file::{self, Options},
    volume::{Affine, AxisKind, Ctx, Geometry, WorldMap, world_map::Composed},
};

use crate::commands::{
    register::{outputs::usage, read},
    transform::refused,
};

/// One transform as it was named.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) file: PathBuf,
    pub(super) is_inverse: bool,
}

/// What stands before a transform whose way back is wanted; `./inverse:x` is a file of that name.
const INVERSE: &str = "inverse:";

/// Names of files that hold a field of displacements as a volume.
const FIELDS: [&str; 6] = [".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd"];

impl Link {
    pub(super) fn of(word: &Path) -> Self {
        match word.to_str().and_then(|text| text.strip_prefix(INVERSE)) {
            Some(file) => Self { file: file.into(), is_inverse: true },
            None => Self { file: word.to_owned(), is_inverse: false },
        }
    }

    /// The map of points, LPS mm; `images` are the grids that it leads from and to, where they are known.
    fn read(&self, images: Option<[&Geometry; 2]>, ctx: &Ctx<'_>) -> anyhow::Result<Composed<'static>> {
        let file = self.file.as_path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let map = if FIELDS.iter().any(|ending| name.ends_with(ending)) {
            field(file, ctx)?
        } else {
            let options = match images {
                Some([from, to]) if self.is_inverse => Options::default().images(to, from),
                Some([from, to]) => Options::default().images(from, to),
                None => Options::default(),
            };
            options.read_map(file).map_err(|error| unread(file, error))?
        };
        if !self.is_inverse {
            return Ok(map);
        }
        let affine = map.as_affine().ok_or_else(|| {
            usage(format!(
                "{} holds a field of displacements, whose way back is not computed; name the field of the other way (ANTs writes 1InverseWarp.nii.gz)",
                file.display()
            ))
        })?;
        let back = affine.inverse().ok_or_else(|| usage(format!("{} cannot be undone", file.display())))?;
        Ok(Composed::first(back))
    }
}

/// The one map that points go through, link by link.
pub(super) fn read(links: &[Link], images: Option<[&Geometry; 2]>, ctx: &Ctx<'_>) -> anyhow::Result<Composed<'static>> {
    // of a chain of several nobody says which images lie between
    let images = images.filter(|_| links.len() == 1);
    links.iter().try_fold(Composed::first(Affine::IDENTITY), |chain, link| Ok(chain.then(link.read(images, ctx)?)))
}

fn unread(file: &Path, error: transform_file::Error) -> Error {
    match error {
        transform_file::Error::NeedsImages { .. } => usage(format!(
            "{} cannot be read as a transform: {error}; make it one in millimetres: `isocenter transform convert FILE -o FILE.tfm --fixed F --moving M`",
            file.display()
        )),
        other => refused(file, "read", other, "`isocenter transform convert --from NAME`"),
    }
}

/// A field as ITK and ANTs write it: three values for each voxel, that are no moments of a series.
fn field(file: &Path, ctx: &Ctx<'_>) -> anyhow::Result<Composed<'static>> {
    let volume = read::image(file, false, ctx)?;
    // ITK's NIfTI has one moment, and then the vectors
    let is_series = volume.slow_axes().iter().any(|axis| *axis.kind() == AxisKind::Time && axis.len() > 1);
    if is_series {
        return Err(usage(format!(
            "{} cannot be read as a transform: it is a series of volumes, and no field of displacements of ITK or ANTs, which has vectors",
            file.display()
        ))
        .into());
    }
    let field = transform_file::field_of(&volume).map_err(|error| refused(file, "read", error, ""))?;
    Ok(Composed::first(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_marked_and_a_file_of_that_name_is_still_to_be_had() {
        let [there, back, odd] = ["a.tfm", "inverse:a.tfm", "./inverse:a.tfm"].map(|word| Link::of(Path::new(word)));
        assert_eq!((there.file.as_path(), there.is_inverse), (Path::new("a.tfm"), false));
        assert_eq!((back.file.as_path(), back.is_inverse), (Path::new("a.tfm"), true));
        assert_eq!((odd.file.as_path(), odd.is_inverse), (Path::new("./inverse:a.tfm"), false));
    }
}
