//! What the main job is asked for.

use std::path::PathBuf;

use isocenter_deid::{Key, KeyOrigin};

use crate::{Error, Export, Recipe};

/// Where the secret comes from that pseudonyms are made with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum KeySource {
    /// A file of 32 bytes; made, readable by its owner only, where it does not exist.
    File(PathBuf),
    /// A key that the caller holds.
    Key(Key),
    /// A published constant: for data that is nobody's.
    Demo,
}

/// The main job and its options.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Prepare {
    /// Input files and folders.
    pub paths: Vec<PathBuf>,
    /// The output folder: new or empty.
    pub out: PathBuf,
    /// What to make.
    pub recipe: Recipe,
    /// Where the secret comes from.
    pub key: KeySource,
    /// What to export besides images and manifest.
    pub exports: Vec<Export>,
    /// CSV that says which label file belongs to which series.
    pub pairs: Option<PathBuf>,
    /// Where to write the table of file ids and paths; outside the output.
    pub map: Option<PathBuf>,
    /// Say what would be done, and write nothing.
    pub dry_run: bool,
}

impl Prepare {
    /// Prepares `paths` into `out` by a recipe, with pseudonyms made by a key.
    pub fn new(paths: Vec<PathBuf>, out: PathBuf, recipe: Recipe, key: KeySource) -> Self {
        Self { paths, out, recipe, key, exports: Vec::new(), pairs: None, map: None, dry_run: false }
    }

    /// Sets what to export.
    #[must_use]
    pub fn exports(mut self, mut exports: Vec<Export>) -> Self {
        exports.sort();
        exports.dedup();
        self.exports = exports;
        self
    }

    /// Sets whether to write nothing.
    #[must_use]
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }
}

impl KeySource {
    /// The key; what the caller should know of it goes to the remarks. Where nothing is to be written, no key is made.
    ///
    /// # Errors
    /// [`Error::Key`].
    pub(crate) fn load(&self, dry_run: bool, remarks: &mut Vec<String>) -> Result<Key, Error> {
        match self {
            Self::Demo => {
                remarks.push("the key is a published constant: pseudonyms made with it protect nobody".to_owned());
                Ok(Key::demo())
            }
            Self::Key(key) => Ok(key.clone()),
            Self::File(path) if dry_run && !path.exists() => {
                remarks.push("the key file does not exist; a real run would make it".to_owned());
                Ok(Key::demo())
            }
            Self::File(path) => {
                let (key, origin) = Key::read_or_create(path).map_err(Error::Key)?;
                match origin {
                    KeyOrigin::Created => remarks.push(format!(
                        "made a new key: {}; keep it, the same key gives the same pseudonyms",
                        path.display()
                    )),
                    KeyOrigin::Read { others_can_read: true } => {
                        remarks.push("warning: the key file can be read by others; chmod 600 it".to_owned());
                    }
                    KeyOrigin::Read { .. } => {}
                }
                Ok(key)
            }
        }
    }
}
