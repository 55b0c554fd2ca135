//! A conversion in two steps: planned once into a file, written by any number of runs that read it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use isocenter_convert::{
    Options, StoredPlan,
    output::{Conflict, Outputs},
    plan::plan,
    stored,
};
use isocenter_dcm::ReadLimits;
use isocenter_volume::Ctx;

use super::{Conversion, Found, group, refused};
use crate::{Error, prepare::paths};

/// Plans the conversion of everything under `inputs` into `file`, and says what would be made of it. The file names the originals and may
/// name patients: its owner alone can read it.
///
/// # Errors
/// As [`to_files`](super::to_files()); [`Error::Usage`] for a file inside an input, and for what cannot be stored (a path that is no Unicode).
pub fn save_plan(
    inputs: &[PathBuf],
    outputs: &Outputs,
    options: &Options<'_>,
    file: &Path,
) -> Result<Conversion, Error> {
    paths::apart(file, &paths::inputs(inputs)?, WHAT)?;
    paths::can_be_made(file, WHAT)?;
    let found = Found::of(inputs, options)?;
    let plan = plan(&found.files, options).map_err(isocenter_convert::output::Error::from).map_err(refused)?;
    let records = outputs.forecast(&plan, &found.files, options).map_err(refused)?;
    let stored = StoredPlan::new(&plan, &found.files, outputs, options).map_err(unstored)?;
    stored.save(file).map_err(Error::io("write the plan", file))?;
    Ok(found.conversion(&plan, records))
}

/// Converts what a file of [`save_plan`] plans, to the folder `target`, or only says what would be made: all of it, or a shard, `index` from 0
/// of `count`. Of the scans the files of its volumes are opened, and no others; the result tells of these alone.
///
/// # Errors
/// [`Error::Usage`] for what is no plan, or one of another version, or inside the output; else as [`to_files`](super::to_files()).
pub fn from_plan(
    file: &Path,
    target: &Path,
    shard: Option<(usize, usize)>,
    conflict: Conflict,
    ctx: Ctx<'_>,
    dry_run: bool,
) -> Result<Conversion, Error> {
    paths::outside(file, target, WHAT)?;
    let stored = StoredPlan::open(file, &ReadLimits::default()).map_err(unstored)?;
    let options = stored.options(ctx);
    let outputs = stored.outputs(target).conflict(conflict);
    let outputs = shard.into_iter().fold(outputs, |outputs, (index, count)| outputs.shard(index, count));
    let (mut plan, files) = match dry_run {
        true => stored.outline(),
        false => stored.plan(shard, &options).map_err(isocenter_convert::output::Error::from).map_err(refused)?,
    };
    let own = shard.map_or_else(|| (0..plan.series.len()).collect(), |(index, count)| plan.shard(index, count));
    let own: BTreeSet<usize> =
        own.iter().filter_map(|number| plan.series.get(*number)).flat_map(|series| series.files.clone()).collect();
    let records = match dry_run {
        true => outputs.forecast(&plan, &files, &options),
        false => outputs.write(&mut plan, &files, &options),
    };
    let rejected = group(&plan, &files, &[]);
    let lost: usize = rejected.iter().map(|rejected| rejected.paths.len()).sum();
    Ok(Conversion {
        records: records.map_err(refused)?,
        rejected,
        files: own.len(),
        in_volumes: own.len().saturating_sub(lost),
        duplicates: 0,
        frames_left_out: plan.left_out.len(),
    })
}

const WHAT: &str = "the plan";

fn unstored(error: stored::Error) -> Error {
    let path = error.path().map(Path::to_owned);
    match error {
        stored::Error::Output(error) => refused(error),
        stored::Error::Io { path, source } => Error::Io { action: "read a file", path, source },
        other => Error::usage(path.map_or_else(|| other.to_string(), |path| format!("{}: {other}", path.display()))),
    }
}
