//! The objects of one making, each made when it is asked for.

use std::path::{Path, PathBuf};

use isocenter_dcm::{Dataset, FileMeta, Instance};
use isocenter_volume::Ctx;

use super::{capture, classic, enhanced, error::Error, job::Job, kind::Kind, legacy, map, warning::Warning};

/// The DICOM objects that a volume becomes, in the order of their Instance Numbers. Each is made when it is asked for, so that
/// memory holds one beside the volume.
#[derive(Debug)]
pub struct Objects<'a> {
    job: Job<'a>,
    warnings: Vec<Warning>,
}

impl<'a> Objects<'a> {
    /// Makes an object at once, so that what is missing is told now.
    pub(super) fn of(job: Job<'a>) -> Result<Self, Error> {
        let mut objects = Self { job, warnings: Vec::new() };
        if !objects.job.kind.is_multi_frame() {
            objects.dataset(0)?;
        }
        objects.warnings = objects.job.warnings.take();
        Ok(objects)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        if self.job.kind.is_multi_frame() { 1 } else { self.job.volume.head().planes() }
    }

    /// Always false: a volume has a plane at least.
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// What was decided and lost; of a multi-frame object also what making it tells, once it was made.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut all = self.warnings.clone();
        for warning in self.job.warnings.borrow().iter() {
            if !all.contains(warning) {
                all.push(warning.clone());
            }
        }
        all
    }

    /// Makes one.
    ///
    /// # Errors
    /// [`Error::Missing`] where reference and template lack what the object cannot do without; [`Error::Option`] for a number
    /// beyond the last; [`Error::TooLarge`].
    pub fn instance(&self, number: usize) -> Result<Instance, Error> {
        Ok(Instance::new(FileMeta::default(), self.dataset(number)?))
    }

    /// All, one after another.
    pub fn iter(&self) -> impl Iterator<Item = Result<Instance, Error>> + '_ {
        (0..self.len()).map(|number| self.instance(number))
    }

    fn dataset(&self, number: usize) -> Result<Dataset, Error> {
        if number >= self.len() {
            return Err(Error::Option { what: "there are not as many objects" });
        }
        let job = &self.job;
        match job.kind {
            Kind::Ct | Kind::Mr | Kind::Pet => classic::object(job, job.place(number)),
            Kind::EnhancedCt | Kind::EnhancedMr | Kind::EnhancedPet => enhanced::object(job),
            Kind::LegacyCt | Kind::LegacyMr | Kind::LegacyPet => legacy::object(job),
            Kind::SecondaryCapture => capture::single(job, job.place(number)),
            Kind::MultiFrameCapture => capture::multi(job),
            Kind::ParametricMap => map::object(job),
        }
    }

    /// Writes them into a folder, which is made where it does not exist, as `IM000001.dcm` and on; gives the paths. The stage
    /// `objects` counts them.
    ///
    /// # Errors
    /// As [`Objects::instance`], [`Error::Exists`] before anything is written, [`Error::Folder`], [`Error::Dicom`],
    /// [`Error::Cancelled`].
    pub fn write(&self, folder: impl AsRef<Path>, ctx: &Ctx<'_>) -> Result<Vec<PathBuf>, Error> {
        let folder = folder.as_ref();
        let paths: Vec<PathBuf> = (1..=self.len()).map(|n| folder.join(format!("IM{n:06}.dcm"))).collect();
        if let Some(path) = paths.iter().find(|path| path.exists()) {
            return Err(Error::Exists { path: path.clone() });
        }
        std::fs::create_dir_all(folder).map_err(|source| Error::Folder { path: folder.to_owned(), source })?;
        let stage = ctx.stage("objects", paths.len() as u64);
        for (number, path) in paths.iter().enumerate() {
            self.instance(number)?.write_with(path, ctx)?;
            stage.advance(1)?;
        }
        Ok(paths)
    }
}
