//! The crosswalk of a run, and returned objects that get their originals back by it, or by a private key.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use isocenter_dcm::{Instance, OpenOptions, scan};
use isocenter_deid::{Crosswalk, Key, Reidentifier, pseudonym::Told};
use isocenter_files::beside;
use isocenter_volume::Ctx;
use rayon::prelude::*;

use super::{given, record, sealed::Opener};
use crate::{
    Error,
    prepare::{checked_inputs, paths},
};

/// A crosswalk that a run adds to.
pub(super) struct Kept {
    path: PathBuf,
    passphrase: String,
    before: Crosswalk,
    told: Arc<Told>,
}

impl Kept {
    /// Opens one, or begins one where none is.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Usage`] for one of another key or passphrase.
    pub(super) fn open(path: &Path, key: &Key, passphrase: Option<&Path>) -> Result<Self, Error> {
        let passphrase = read_passphrase(passphrase)?;
        let before = match path.exists() {
            true => open(path, key, &passphrase)?,
            false => Crosswalk::new(),
        };
        Ok(Self { path: path.to_owned(), passphrase, before, told: Arc::new(Told::new()) })
    }

    /// Where the run tells what became what.
    pub(super) fn told(&self) -> Arc<Told> {
        self.told.clone()
    }

    /// Writes what was there and what was told, readable by its owner alone.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(super) fn close(mut self, key: &Key) -> Result<(), Error> {
        self.before.add(&self.told);
        let bytes = self.before.seal(key, &self.passphrase).map_err(|e| Error::Internal { message: e.to_string() })?;
        record::write_private(&self.path, &bytes, "write the crosswalk")
    }
}

/// The first line of a file; empty without one.
fn read_passphrase(path: Option<&Path>) -> Result<String, Error> {
    let Some(path) = path else { return Ok(String::new()) };
    let text = given::text(path, "the file of the passphrase")?;
    let line = text.lines().next().unwrap_or_default().to_owned();
    if line.is_empty() { Err(Error::usage(format!("{} holds no passphrase", path.display()))) } else { Ok(line) }
}

fn open(path: &Path, key: &Key, passphrase: &str) -> Result<Crosswalk, Error> {
    let bytes = given::bytes(path, "the crosswalk")?;
    Crosswalk::open(&bytes, key, passphrase).map_err(|error| Error::usage(format!("{}: {error}", path.display())))
}

/// Opens a crosswalk with the key it was made under, and the passphrase, if it has one. The key has to be there: none is made.
///
/// # Errors
/// [`Error::Io`], [`Error::Key`]; [`Error::Usage`] for another key or passphrase.
pub fn open_crosswalk(path: &Path, key: &Path, passphrase: Option<&Path>) -> Result<Crosswalk, Error> {
    let (key, _) = Key::read(key).map_err(Error::Key)?;
    open(path, &key, &read_passphrase(passphrase)?)
}

/// Writes all that a crosswalk holds: CSV with `attribute,original,new`, readable by its owner alone. A patient without an ID has no row.
///
/// # Errors
/// [`Error::Io`].
pub fn write_table(path: &Path, crosswalk: &Crosswalk) -> Result<(), Error> {
    let internal = |e: csv::Error| Error::Internal { message: e.to_string() };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["attribute", "original", "new"]).map_err(internal)?;
    for (attribute, original, new) in crosswalk.rows().filter(|(_, original, _)| !original.is_empty()) {
        writer.write_record([attribute, original, new]).map_err(internal)?;
    }
    let text = writer.into_inner().map_err(|e| Error::Internal { message: e.to_string() })?;
    record::write_private(path, &text, "write the table")
}

/// Where originals are had from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Way {
    /// A crosswalk, and the key that it was made under.
    Crosswalk {
        /// The crosswalk.
        file: PathBuf,
        /// The key.
        key: PathBuf,
    },
    /// The instances themselves ([`encrypted`](isocenter_deid::encrypted)), by the private key of a certificate. Needs the feature `encrypted-attributes`.
    PrivateKey(PathBuf),
}

/// Returned objects, re-identified: each gets the patient, UIDs and ids of its originals, or all that is sealed in it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reidentify {
    /// Input files, folders and zip archives.
    pub paths: Vec<PathBuf>,
    /// The output folder: new or empty. Names stay as they are, below the path that was given.
    pub out: PathBuf,
    /// Where originals are had from.
    pub way: Way,
    /// A file whose first line is the passphrase of the crosswalk or of the private key.
    pub passphrase: Option<PathBuf>,
}

/// What became of returned files.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Returned {
    /// Instances that were written.
    pub written: usize,
    /// Files that were not, and why: a stable code.
    pub refused: Vec<(PathBuf, &'static str)>,
}

impl Reidentify {
    /// Re-identifies `paths` into `out`.
    pub const fn new(paths: Vec<PathBuf>, out: PathBuf, way: Way) -> Self {
        Self { paths, out, way, passphrase: None }
    }

    /// Does it. The stage `re-identifying` counts files.
    ///
    /// # Errors
    /// [`Error::Usage`], [`Error::Key`], [`Error::Io`], [`Error::Cancelled`]. What cannot be re-identified is in [`Returned::refused`].
    pub fn run(&self, ctx: &Ctx<'_>) -> Result<Returned, Error> {
        let inputs = checked_inputs(&self.paths)?;
        paths::output(&self.out, &inputs)?;
        let passphrase = self.passphrase.as_deref();
        let back = match &self.way {
            Way::Crosswalk { file, key } => Back::Crosswalk(open_crosswalk(file, key, passphrase)?),
            Way::PrivateKey(key) => {
                let passphrase = passphrase.map(|path| read_passphrase(Some(path))).transpose()?;
                Back::Sealed(Opener::read(key, passphrase.as_deref())?)
            }
        };
        let (files, _) = super::files::find(&inputs, ctx)?;
        paths::require_files(&inputs, files.iter().map(super::files::Input::path))?;
        let stage = ctx.stage("re-identifying", files.len() as u64);
        let work = |input: &super::files::Input| {
            stage.check()?;
            let target = self.out.join(super::files::kept(input.path(), &inputs));
            let done = one(&input.file, &target, &back, ctx)?;
            stage.advance(1)?;
            Ok(done)
        };
        let done: Vec<Option<&'static str>> =
            ctx.install(|| files.par_iter().map(work).collect::<Result<_, Error>>())?;
        let mut returned = Returned { written: done.iter().filter(|done| done.is_none()).count(), refused: Vec::new() };
        let refused = files.iter().zip(done).filter_map(|(file, done)| Some((file.path().to_owned(), done?)));
        returned.refused.extend(refused);
        Ok(returned)
    }
}

/// What gives originals back.
enum Back {
    Crosswalk(Crosswalk),
    Sealed(Opener),
}

impl Back {
    fn apply(&self, instance: &mut Instance) -> Result<(), &'static str> {
        match self {
            Self::Crosswalk(crosswalk) => {
                Reidentifier::new(crosswalk).apply(instance).map(drop).map_err(|error| error.reason())
            }
            Self::Sealed(opener) => opener.restore(instance),
        }
    }
}

/// Why a file was not written, if it was not.
fn one(file: &scan::Place, target: &Path, back: &Back, ctx: &Ctx<'_>) -> Result<Option<&'static str>, Error> {
    let mut lazy = match file.open_lazy(&OpenOptions::new()) {
        Ok(lazy) => lazy,
        Err(error) => return Ok(Some(error.reason())),
    };
    if let Err(reason) = back.apply(lazy.header_mut()) {
        return Ok(Some(reason));
    }
    beside::make_folders(target).map_err(Error::io("write a file", target))?;
    match lazy.write_with(target, ctx) {
        Ok(()) => Ok(None),
        Err(isocenter_dcm::Error::Cancelled) => Err(Error::Cancelled),
        Err(isocenter_dcm::Error::Io { action: "write", source, .. }) => {
            Err(Error::Io { action: "write a file", path: target.to_owned(), source })
        }
        Err(error) => Ok(Some(error.reason())),
    }
}
