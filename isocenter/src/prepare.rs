//! The main job: a folder of scans in, a training data set out.
//!
//! In this order: the headers are read and sorted into patients, studies and series; each patient is converted, co-registered,
//! resampled and normalized in memory; only voxels, geometry and allow-listed facts go on; manifest, exports and report are
//! written; and everything written is searched for values of the input. One patient is one work item: a pure function of its
//! files, the recipe and the key, so that any number of threads gives the same bytes.

mod finish;
mod gate;
mod head;
mod image;
mod inputs;
mod labelling;
mod options;
mod outcome;
mod output;
mod pairs;
mod paths;
mod patient;
mod refusal;
pub(crate) mod run;
pub(crate) mod scheme;
mod text;
mod worklist;

use isocenter_deid::{LeakScan, Pseudonyms};
use isocenter_volume::Ctx;
use rayon::prelude::*;

use self::{inputs::Inputs, run::Run, worklist::WorkList};
pub(crate) use self::{
    inputs::scan_files, labelling::is_label_file, labelling::subject_of, paths::inputs as checked_inputs,
};
pub use self::{
    options::{KeySource, Prepare},
    outcome::{Outcome, Planned},
};
use crate::Error;

impl Prepare {
    /// Does the run. The stages that the observer is told of are `reading headers` (files, their number unknown), `preparing series`,
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
        let mut worklist = WorkList::build(&inputs, &pairs, &names, ctx)?;
        worklist.known.allow_words(&crate::report::own_words(&self.recipe)?);
        if self.dry_run {
            return Ok(worklist.outcome_of_dry_run(&inputs, &self.recipe, remarks));
        }

        let staging = self.out.join(STAGING);
        std::fs::create_dir_all(&staging).map_err(Error::io("make a folder", &staging))?;
        let scan = LeakScan::new(&worklist.known).map_err(Error::Scan)?;
        let identities = LeakScan::identities(&worklist.known).map_err(Error::Scan)?;
        let run = Run {
            prepare: self,
            key: &key,
            names: &names,
            inputs: &inputs,
            scan: &scan,
            identities: &identities,
            staging: &staging,
            ctx: *ctx,
        };
        let outcome = each_patient(&run, worklist, remarks);
        // what was staged and not exported is not part of the output, however the run ended
        let _ = std::fs::remove_dir_all(&staging);
        let mut outcome = outcome?;
        if let Some(map) = &self.map {
            inputs.write_map(map)?;
        }
        outcome.report = Some(self.out.join("report.html"));
        Ok(outcome)
    }
}

const STAGING: &str = ".staging";

fn each_patient(run: &Run<'_>, worklist: WorkList, remarks: Vec<String>) -> Result<Outcome, Error> {
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
    finish::finish(run, &worklist, results, remarks, started)
}
