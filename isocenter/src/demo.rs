//! The first thing a newcomer runs: a synthetic cohort, prepared, with a check that exactly its planted faults were caught.

use std::{collections::BTreeMap, path::Path};

use isocenter_phantom::{Cohort, Truth, truth::Kind};
use isocenter_volume::Ctx;

use crate::{
    Error, Export, KeySource, Outcome, Prepare, Recipe,
    unfinished::{self, Unfinished},
};

/// A finished demo.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Demo {
    /// What the main job gave.
    pub outcome: Outcome,
    /// Files by reason that the cohort's truth says must be kept out.
    pub expected: BTreeMap<String, usize>,
    /// Whether exactly those were.
    pub as_planted: bool,
    /// One sentence.
    pub verdict: String,
}

impl Demo {
    /// 0 where exactly the planted faults were caught, else 3.
    pub fn exit_code(&self) -> u8 {
        if self.as_planted { 0 } else { 3 }
    }
}

/// Writes the cohort to `out/cohort`, its truth to `out/truth.json` and the data set to `out/dataset`.
///
/// # Errors
/// As [`Prepare::run`]; [`Error::Io`] where the cohort cannot be written.
pub fn run(out: &Path, seed: u64, ctx: &Ctx<'_>) -> Result<Demo, Error> {
    if std::fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
        let what = if unfinished::is_marked(out) {
            "holds a demo that was not finished (UNFINISHED says so); delete it, or choose a new or empty one"
        } else {
            "is not empty; choose a new or empty one"
        };
        return Err(Error::usage(format!("the output folder {} {what}", out.display())));
    }
    let mark = Unfinished::begin(out)?;
    let demo = cohort_and_data_set(out, seed, ctx).and_then(|demo| {
        mark.finish()?;
        Ok(demo)
    });
    demo.map_err(|error| {
        let source = match error {
            // the demo's folder is the one to delete
            Error::Unfinished { source, .. } => source,
            other => Box::new(other),
        };
        Error::Unfinished { out: out.to_path_buf(), source }
    })
}

fn cohort_and_data_set(out: &Path, seed: u64, ctx: &Ctx<'_>) -> Result<Demo, Error> {
    let cohort = out.join("cohort");
    let truth = Cohort::demo(seed).write(&cohort, ctx).map_err(refused("write the synthetic cohort", &cohort))?;
    let file = out.join("truth.json");
    truth.write_json(&file).map_err(refused("write the truth", &file))?;
    let recipe =
        Recipe::preset("multimodal").ok_or_else(|| Error::Internal { message: "no preset multimodal".into() })??;
    let outcome = Prepare::new(vec![cohort], out.join("dataset"), recipe, KeySource::Demo)
        .exports(vec![Export::NnUnet])
        .run(ctx)?;
    let expected = expected(&truth);
    let as_planted = outcome.funnel.reasons == expected && outcome.funnel.duplicates == truth.duplicates.len();
    let faults: usize = expected.values().sum();
    let verdict = if as_planted {
        format!("all {faults} planted faulty files were caught, and nothing else")
    } else {
        format!("the planted faults were {expected:?}, the run kept out {:?}", outcome.funnel.reasons)
    };
    Ok(Demo { outcome, expected, as_planted, verdict })
}

fn refused(action: &'static str, path: &Path) -> impl FnOnce(isocenter_phantom::Error) -> Error {
    move |error| match error {
        isocenter_phantom::Error::Cancelled => Error::Cancelled,
        isocenter_phantom::Error::Io { path, source } => Error::Io { action, path, source },
        other => Error::Io { action, path: path.to_owned(), source: std::io::Error::other(other) },
    }
}

fn expected(truth: &Truth) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for fault in &truth.faulty {
        *counts.entry(fault.expected_reason.clone()).or_default() += fault.files.len();
    }
    // planning images are whole, and nothing to train with
    for series in truth.series.iter().filter(|s| s.kind == Kind::Localizer) {
        *counts.entry("localizer".to_owned()).or_default() += series.files.len();
    }
    counts
}
