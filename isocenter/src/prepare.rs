//! The main job: a folder of scans in, a training data set out.
//!
//! In this order: the headers are read and sorted into patients, studies and series; each patient is converted, co-registered,
//! resampled and normalized in memory; only voxels, geometry and allow-listed facts go on; manifest, exports and report are
//! written; and everything written is searched for values of the input. One patient is one work item: a pure function of its
//! files, the recipe and the key, so that any number of threads gives the same bytes.

mod finish;
mod head;
mod image;
mod index;
mod inputs;
mod labelling;
mod output;
mod pairs;
mod paths;
mod patient;
mod refusal;
pub(crate) mod scheme;
mod text;

use std::path::PathBuf;

use isocenter_deid::{Key, KeyOrigin, LeakScan, Pseudonyms};
use isocenter_volume::Ctx;
use rayon::prelude::*;
use serde::Serialize;

pub(crate) use self::{
    finish::privacy_rows, inputs::scan_files, labelling::is_label_file, labelling::subject_of,
    paths::inputs as checked_inputs,
};
use self::{index::Index, inputs::Inputs};
use crate::{Error, Export, Funnel, Recipe, quarantine};

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

/// What a run gave.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Outcome {
    /// Where every file went.
    pub funnel: Funnel,
    /// What was kept out, by reason.
    pub quarantine: Vec<quarantine::Record>,
    /// Exports and what they hold.
    pub exports: Vec<(String, String)>,
    /// What the caller should know: a key that was made, one that others can read.
    pub remarks: Vec<String>,
    /// Of a dry run: what would be done.
    pub planned: Vec<Planned>,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// The report, where one was written.
    pub report: Option<PathBuf>,
}

/// One line of a dry run.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Planned {
    /// Modality and body part.
    pub kind: String,
    /// Number of files.
    pub files: usize,
    /// What would happen, and why.
    pub what: String,
}

impl Outcome {
    /// 0 where everything became an item, 1 where something was kept out.
    pub fn exit_code(&self) -> u8 {
        u8::from(!self.quarantine.is_empty())
    }
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

    /// Does the job. The stages that the observer is told of are `reading headers` (files, their number unknown), `preparing series`,
    /// `writing exports` (items) and `verifying` (files); what they call are sub-stages.
    ///
    /// # Errors
    /// Everything of [`Error`]; an item that cannot be prepared is no error but is in [`Outcome::quarantine`].
    pub fn run(&self, ctx: &Ctx<'_>) -> Result<Outcome, Error> {
        ctx.install(|| self.run_here(ctx))
    }

    fn run_here(&self, ctx: &Ctx<'_>) -> Result<Outcome, Error> {
        let paths = paths::inputs(&self.paths)?;
        paths::output(&self.out, &paths)?;
        if let Some(map) = &self.map {
            paths::outside(map, &self.out, "the table of --map")?;
        }
        if let KeySource::File(file) = &self.key {
            paths::outside(file, &self.out, "the key file")?;
        }
        let pairs = self.pairs.as_deref().map(pairs::Pairs::read).transpose()?.unwrap_or_default();
        let mut remarks = Vec::new();
        let key = self.load_key(&mut remarks)?;
        let names = Pseudonyms::new(&key);

        let inputs = Inputs::read(&paths, &names, ctx)?;
        let mut index = Index::build(&inputs, &pairs, &names, ctx)?;
        index.known.allow_words(&crate::report::own_words(&self.recipe)?);
        if self.dry_run {
            return Ok(index.outcome_of_dry_run(&inputs, &self.recipe, remarks));
        }

        let staging = self.out.join(STAGING);
        std::fs::create_dir_all(&staging).map_err(Error::io("make a folder", &staging))?;
        let scan = LeakScan::new(&index.known).map_err(Error::Scan)?;
        let identities = LeakScan::identities(&index.known).map_err(Error::Scan)?;
        let job = Job {
            prepare: self,
            key: &key,
            names: &names,
            inputs: &inputs,
            scan: &scan,
            identities: &identities,
            staging: &staging,
            ctx: *ctx,
        };
        let outcome = job.run(index, remarks);
        // what was staged and not exported is not part of the output, however the run ended
        let _ = std::fs::remove_dir_all(&staging);
        let mut outcome = outcome?;
        if let Some(map) = &self.map {
            inputs.write_map(map)?;
        }
        outcome.report = Some(self.out.join("report.html"));
        Ok(outcome)
    }

    fn load_key(&self, remarks: &mut Vec<String>) -> Result<Key, Error> {
        match &self.key {
            KeySource::Demo => {
                remarks.push("the key is a published constant: pseudonyms made with it protect nobody".to_owned());
                Ok(Key::demo())
            }
            KeySource::Key(key) => Ok(key.clone()),
            KeySource::File(path) if self.dry_run && !path.exists() => {
                remarks.push("the key file does not exist; a real run would make it".to_owned());
                Ok(Key::demo())
            }
            KeySource::File(path) => {
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

const STAGING: &str = ".staging";

/// What every work item can see.
pub(crate) struct Job<'a> {
    pub(crate) prepare: &'a Prepare,
    pub(crate) key: &'a Key,
    pub(crate) names: &'a Pseudonyms,
    pub(crate) inputs: &'a Inputs,
    /// Everything that the output is searched for.
    pub(crate) scan: &'a LeakScan,
    /// Names, ids, places and dates: what text that goes on is searched for.
    pub(crate) identities: &'a LeakScan,
    pub(crate) staging: &'a std::path::Path,
    pub(crate) ctx: Ctx<'a>,
}

impl Job<'_> {
    fn run(&self, index: Index, remarks: Vec<String>) -> Result<Outcome, Error> {
        let started = std::time::Instant::now();
        let images = index.patients.iter().map(|p| p.images.len() as u64).sum();
        let stage = self.ctx.stage("preparing series", images);
        let results: Vec<patient::Prepared> = index
            .patients
            .par_iter()
            .map(|work| {
                stage.check()?;
                patient::process(self, work, &index.schemes, &stage)
            })
            .collect::<Result<_, Error>>()?;
        finish::finish(self, &index, results, remarks, started)
    }

    /// Whether an export was asked for.
    pub(crate) fn wants(&self, export: Export) -> bool {
        self.prepare.exports.contains(&export)
    }
}
