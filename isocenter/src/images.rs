//! The images under paths, volume files and DICOM series alike, each with a name of its own: what commands that take an image at a time work through.

mod name;

use std::path::{Path, PathBuf};

use isocenter_convert::{
    Facts, Options, Reason,
    plan::{Plan, plan},
    read::read,
};
use isocenter_dcm::scan::Scanned;
use isocenter_formats::{File, sidecar::Sidecar};
use isocenter_volume::{Ctx, DynVolume, Head};

use crate::{
    Error, info, prepare, rejection,
    volume_file::{self, VolumeFiles},
};

/// The images under paths.
#[derive(Debug)]
pub struct Images {
    scanned: Vec<Scanned>,
    facts: Vec<Facts>,
    plan: Plan,
    all: Vec<Image>,
    left_out: Vec<LeftOut>,
}

/// One image: a volume file, or a series of DICOM.
#[derive(Debug)]
pub struct Image {
    name: PathBuf,
    path: PathBuf,
    source: Source,
}

#[derive(Clone, Copy, Debug)]
enum Source {
    File(usize),
    Series(usize),
}

/// Files that are no image, or of which none can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// What it is called by.
    pub path: PathBuf,
    /// Stable code of the reason.
    pub reason: &'static str,
    /// Why, in a sentence.
    pub sentence: String,
}

impl Image {
    /// A relative path without ending that no other image has: where it lies below the path that it was found under, and its file's name without the ending, or the
    /// number of its series.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// Its file; of a series the first.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Images {
    /// Finds them; no voxel is read.
    ///
    /// # Errors
    /// [`Error::Usage`] for a path that cannot be read, [`Error::Cancelled`].
    pub fn find(paths: &[PathBuf], ctx: &Ctx<'_>) -> Result<Self, Error> {
        let paths = prepare::checked_inputs(paths)?;
        let (scanned, _) = prepare::scan_files(&paths, ctx)?;
        let volumes = VolumeFiles::find(&scanned, ctx)?;
        let facts = Facts::of_all(&scanned);
        let plan = plan(&facts, &Options::default().ctx(*ctx)).map_err(refused)?;
        let mut found: Vec<(PathBuf, PathBuf, Source)> = Vec::new();
        for n in volumes.numbers() {
            let path = volumes.name(n).unwrap_or(&scanned[n].path);
            found.push((name::of_file(path, &paths), path.to_owned(), Source::File(n)));
        }
        for (n, series) in plan.series.iter().enumerate() {
            let Some(first) = series.files.iter().filter_map(|file| scanned.get(*file)).map(|s| &s.path).min() else {
                continue;
            };
            let name = name::of_series(first, series.files.len(), series.series_number, &paths);
            found.push((name, first.clone(), Source::Series(n)));
        }
        found.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        let names = name::apart(found.iter().map(|(name, ..)| name.clone()).collect());
        let all = found.into_iter().zip(names).map(|((_, path, source), name)| Image { name, path, source });
        let is_volume = |n: usize| volumes.has(n) || volumes.is_part(n);
        let rejected = plan.rejected.iter().filter(|rejected| !is_volume(rejected.file) && is_told(&rejected.reason));
        let left_out = rejected
            .filter_map(|rejected| {
                let file = scanned.get(rejected.file)?;
                let sentence = rejection::sentence(&rejected.reason, file);
                Some(LeftOut { path: file.path.clone(), reason: rejected.reason.code(), sentence })
            })
            .collect();
        Ok(Self { all: all.collect(), left_out, scanned, facts, plan })
    }

    /// The images, in the order of their names.
    pub fn all(&self) -> &[Image] {
        &self.all
    }

    /// Images that cannot be read as volumes: damaged, slices missing, of a kind that is no volume. Documents and the like are not listed.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// Whether an image is a series of DICOM.
    pub const fn is_series(&self, image: &Image) -> bool {
        matches!(image.source, Source::Series(_))
    }

    /// Slow axes, grid and scaling of one; no voxel is read.
    ///
    /// # Errors
    /// As [`Images::read`].
    pub fn head(&self, image: &Image, ctx: &Ctx<'_>) -> Result<Head, Error> {
        match image.source {
            Source::Series(n) => Ok(self.plan.series[n].head.clone()),
            Source::File(n) => {
                Ok(volume_file::head(&self.scanned[n], ctx).map_err(|why| unread(&image.path, why))?.head)
            }
        }
    }

    /// Reads one: stored values and scaling, with the facts of its acquisition, which of a volume file stand in the sidecar beside it.
    ///
    /// # Errors
    /// A sentence that says why it cannot be read; [`Error::Cancelled`].
    pub fn read(&self, image: &Image, ctx: &Ctx<'_>) -> Result<File, Error> {
        match image.source {
            Source::Series(n) => {
                let series = &self.plan.series[n];
                let options = Options::default().ctx(*ctx);
                let found = read(series, &self.facts, &options).map_err(|error| match error {
                    isocenter_convert::Error::Cancelled => Error::Cancelled,
                    other => Error::usage(format!("{}: {other}", image.path.display())),
                })?;
                Ok(File::from_volume(found.volume))
            }
            Source::File(n) => {
                let mut file = volume_file::read(&self.scanned[n], ctx).map_err(|why| unread(&image.path, why))?;
                let beside = image.path.with_file_name(format!("{}.json", name::stem_of(&image.path)));
                // one that is of something else says nothing of the acquisition
                if let Some(sidecar) = Sidecar::read(&beside).ok().filter(|_| self.scanned[n].archive().is_none()) {
                    file.volume = with_facts(file.volume, &sidecar);
                }
                Ok(file)
            }
        }
    }

    /// What tells that an image is a label map, of which nothing may be mixed; `None` of any other.
    pub fn labels_told_by(&self, image: &Image, file: &File, ctx: &Ctx<'_>) -> Option<info::ToldBy> {
        match image.source {
            Source::Series(_) => None,
            Source::File(_) => info::labels_told_by(&image.path, file, ctx),
        }
    }
}

fn unread(path: &Path, why: volume_file::Unread) -> Error {
    let told = |why: &dyn std::fmt::Display| Error::usage(format!("{}: {why}", path.display()));
    match why {
        volume_file::Unread::File(isocenter_formats::Error::Cancelled) => Error::Cancelled,
        volume_file::Unread::File(error) => told(&error),
        volume_file::Unread::Place(error) => told(&error),
        volume_file::Unread::NoPlace => told(&"it does not say where its voxels lie"),
    }
}

fn with_facts(volume: DynVolume, sidecar: &Sidecar) -> DynVolume {
    let said = sidecar.meta();
    let unit = volume.scaling().unit().clone();
    let volume = volume.with_meta(said);
    // a file that is activity says so in its sidecar alone
    let becquerel = volume.meta().pet.as_ref().is_some_and(|pet| pet.units.as_deref() == Some("BQML"));
    if becquerel && unit == isocenter_volume::Unit::Arbitrary {
        let scaling = volume.scaling().clone().with_unit(isocenter_volume::Unit::BqPerMl);
        return volume.clone().with_scaling(scaling).unwrap_or(volume);
    }
    volume
}

/// Whether a file that is no part of a volume is an image, or may be one.
const fn is_told(reason: &Reason) -> bool {
    !matches!(reason, Reason::NotDicom | Reason::NotAnImage(_) | Reason::NotAFile(_) | Reason::Archive(_))
}

fn refused(error: isocenter_convert::Error) -> Error {
    match error {
        isocenter_convert::Error::Cancelled => Error::Cancelled,
        other => Error::usage(other.to_string()),
    }
}
