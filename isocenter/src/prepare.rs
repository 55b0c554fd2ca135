//! The main job: a folder of scans in, a training data set out.
//!
//! In this order: the headers are read and sorted into patients, studies and series; each patient is converted, co-registered,
//! resampled and normalized in memory; only voxels, geometry and allow-listed facts go on; manifest, exports and report are
//! written; and everything written is searched for values of the input. One patient is one work item: a pure function of its
//! files, the recipe and the key, so that any number of threads gives the same bytes.

mod account;
mod assign;
mod channels;
mod companions;
mod file_map;
mod finish;
mod finished;
mod forecast;
mod gate;
mod head;
mod holdings;
mod image;
mod inputs;
mod labelling;
mod layout;
mod loaded;
mod look;
mod options;
mod outcome;
mod output;
pub(crate) mod padding;
mod pairs;
pub(crate) mod paths;
mod patient;
mod pending;
mod refusal;
pub(crate) mod run;
pub(crate) mod scheme;
mod shown;
mod text;
mod triage;
mod understood;
mod withdraw;
mod work;
mod worklist;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use isocenter_dcm::scan::{FileKind, Kind, Scanned};
use isocenter_deid::{Key, LeakScan, Pseudonyms};
use isocenter_volume::Ctx;
use rayon::prelude::*;

use self::{inputs::Inputs, pending::Pending, run::Run, worklist::WorkList};
pub(crate) use self::{
    inputs::scan_files,
    layout::{Layout, Role, is_label_name},
    look::like_labels,
    pairs::Given,
    paths::inputs as checked_inputs,
    refusal::Refusal,
};
pub use self::{
    options::{KeySource, Prepare},
    outcome::{Outcome, Planned, PlannedRegistration},
    understood::{FileRow, LayoutRow, Understood},
};
use crate::{
    Error, container, manifest,
    recipe::Files,
    unfinished::Unfinished,
    volume_file::{self, VolumeFiles},
};

impl Prepare {
    /// Does the run. The stages that the observer is told of are `reading headers` (files, their number unknown), `preparing series`,
    /// `writing exports` (items) and `verifying` (files); what they call are sub-stages.
    ///
    /// # Errors
    /// Everything of [`Error`]; an item that cannot be prepared is no error but is in [`Outcome::quarantine`].
    pub fn run(&self, ctx: &Ctx<'_>) -> Result<Outcome, Error> {
        self.run_telling(ctx, &|_| ())
    }

    /// Does the run, and tells what was understood of the volume files (whose each is, and what) before anything is written.
    ///
    /// # Errors
    /// As [`Prepare::run`].
    pub fn run_telling(&self, ctx: &Ctx<'_>, tell: &(dyn Fn(&Understood) + Sync)) -> Result<Outcome, Error> {
        ctx.install(|| self.run_here(ctx, tell))
    }

    fn run_here(&self, ctx: &Ctx<'_>, tell: &(dyn Fn(&Understood) + Sync)) -> Result<Outcome, Error> {
        let paths = paths::inputs(&self.paths)?;
        paths::output(&self.out, &paths)?;
        let private = self.private_files();
        for (what, file) in &private {
            paths::outside(file, &self.out, what)?;
            paths::apart(file, &paths, what)?;
            paths::can_be_made(file, what)?;
        }
        let pairs = self.pairs.as_deref().map(pairs::Pairs::read).transpose()?.unwrap_or_default();
        let (scanned, containers) = inputs::scan_files(&paths, ctx)?;
        let mut remarks = paths::require_files(&paths, scanned.iter().map(|s| s.path.as_path()))?;
        remarks.extend(containers.remark());
        for (what, file) in &private {
            paths::apart_from_found(file, scanned.iter().map(|s| s.path.as_path()), what)?;
        }
        let volumes = VolumeFiles::find(&scanned, ctx)?;
        let layout = read_layout(&scanned, &volumes, &paths, &pairs.given, &self.recipe.files, ctx)?;
        pairs.given.require_among(&volumes.numbers().filter_map(|n| volumes.name(n)).collect())?;
        // before a key is made or a folder: a run that has to ask has written nothing
        if !layout.questions.is_empty() {
            return Err(in_doubt(&layout.questions));
        }
        let key = self.key.load(self.dry_run, &mut remarks)?;
        let names = Pseudonyms::new(&key);

        let inputs = Inputs::of(scanned, volumes, &names, ctx)?;
        let mut worklist = WorkList::build(&inputs, &pairs, &layout, &names, &self.recipe, ctx)?;
        remarks.extend(worklist.understood.remarks());
        remarks.extend(worklist.unknown_parts(&self.recipe));
        worklist.known.allow_words(&crate::report::own_words(&self.recipe)?);
        tell(&worklist.understood);
        if self.dry_run {
            return forecast::outcome(self, &inputs, worklist, &names, remarks);
        }

        // before any image: what is killed says so too
        let mark = Unfinished::begin(&self.out)?;
        let outcome = self.write_all(&key, &names, &inputs, worklist, remarks, ctx).and_then(|outcome| {
            mark.finish()?;
            Ok(outcome)
        });
        outcome.map_err(|source| Error::Unfinished { out: self.out.clone(), source: Box::new(source) })
    }

    /// Files that are secret or name originals, by what they are.
    fn private_files(&self) -> Vec<(&'static str, &Path)> {
        let key = match &self.key {
            KeySource::File(file) => Some(("the key file", file.as_path())),
            _ => None,
        };
        key.into_iter().chain(self.map.as_deref().map(|map| ("the table of --map", map))).collect()
    }

    fn write_all(
        &self,
        key: &Key,
        names: &Pseudonyms,
        inputs: &Inputs,
        worklist: WorkList,
        remarks: Vec<String>,
        ctx: &Ctx<'_>,
    ) -> Result<Outcome, Error> {
        let staging = self.out.join(STAGING);
        std::fs::create_dir_all(&staging).map_err(Error::io("make a folder", &staging))?;
        let scan = LeakScan::new(&worklist.known).map_err(Error::Scan)?;
        let identities = LeakScan::identities(&worklist.known).map_err(Error::Scan)?;
        let pending = Pending::default();
        let run = Run {
            prepare: self,
            key,
            names,
            inputs,
            pending: &pending,
            scan: &scan,
            identities: &identities,
            staging: &staging,
            ctx: *ctx,
        };
        let outcome = each_patient(&run, &worklist, remarks);
        if outcome.is_err() {
            take_back(&run);
        }
        // what was staged and not exported is not part of the output, however the run ended
        let _ = std::fs::remove_dir_all(&staging);
        let mut outcome = outcome?;
        if let Some(map) = &self.map {
            let items = manifest::read(&self.out)?;
            file_map::write(map, inputs, &items, &outcome.quarantine, &worklist.duplicates)?;
        }
        outcome.report = Some(self.out.join("report.html"));
        Ok(outcome)
    }
}

/// Reads the layout of all volume files among what was found that can be read so far: of a file that is refused nobody asks whose it is.
///
/// # Errors
/// [`Error::Cancelled`].
pub(crate) fn read_layout(
    scanned: &[Scanned],
    volumes: &VolumeFiles,
    roots: &[PathBuf],
    given: &Given,
    files: &Files,
    ctx: &Ctx<'_>,
) -> Result<Layout, Error> {
    let numbers: Vec<usize> = volumes.numbers().collect();
    let look = |n: &usize| {
        let head = volume_file::head(&scanned[*n], ctx).ok()?;
        let path = volumes.name(*n).unwrap_or(&scanned[*n].path).to_path_buf();
        Some(layout::Seen { path, says_label: head.is_label })
    };
    // some formats (HDF5) are held as a whole to be looked into: large files one after the other, whatever the number of threads
    let (large, small): (Vec<usize>, Vec<usize>) = numbers.iter().partition(|n| scanned[**n].bytes > MOST_AT_ONCE);
    let mut seen: Vec<layout::Seen> = small.par_iter().filter_map(look).collect();
    seen.extend(large.iter().filter_map(look));
    seen.sort_by(|a, b| a.path.cmp(&b.path));
    ctx.check()?;
    let others = scanned.iter().enumerate().filter(|(n, _)| !volumes.has(*n) && !volumes.is_part(*n));
    let json: Vec<&Scanned> =
        others.map(|(_, s)| s).filter(|s| matches!(s.kind, Kind::NotDicom(FileKind::Json))).collect();
    // an archive that was given is a root as a folder is
    let archives: BTreeSet<&Path> = scanned.iter().filter_map(Scanned::archive).collect();
    let roots: Vec<PathBuf> = roots
        .iter()
        .map(|root| if archives.contains(root.as_path()) { container::inside(root) } else { root.clone() })
        .collect();
    Ok(Layout::read(&seen, &json, &roots, given, files))
}

/// Bytes of a file that is looked into beside others.
const MOST_AT_ONCE: u64 = 256 << 20;

fn in_doubt(questions: &[String]) -> Error {
    let more = if questions.len() > 3 { format!(" (and {} more)", questions.len() - 3) } else { String::new() };
    Error::usage(format!(
        "it is not clear whose the volume files are: {}{more}. Say it with --pairs FILE.csv (columns file, patient, visit, \
         modality, role, channel; all but file may be left out) or with a rule in the recipe, such as\n  [files]\n  \
         pattern = \"{{patient}}/{{visit}}/*\"",
        questions.iter().take(3).cloned().collect::<Vec<_>>().join("; ")
    ))
}

const STAGING: &str = ".staging";

/// Removes what was written and did not pass its search, as far as the system lets: the output stays marked.
fn take_back(run: &Run<'_>) {
    for (item, patient) in run.pending.items() {
        let _ = gate::remove(run, &patient, &item);
    }
    for path in run.pending.paths() {
        let _ = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
    }
}

fn each_patient(run: &Run<'_>, worklist: &WorkList, remarks: Vec<String>) -> Result<Outcome, Error> {
    let started = std::time::Instant::now();
    let images = worklist.patients.iter().map(|p| p.images.len() as u64).sum();
    let stage = run.ctx.stage("preparing series", images);
    let results: Vec<patient::Prepared> = worklist
        .patients
        .par_iter()
        .map(|work| {
            stage.check()?;
            patient::process(run, work, &worklist.schemes, &stage)
        })
        .collect::<Result<_, Error>>()?;
    finish::finish(run, worklist, results, remarks, started)
}
