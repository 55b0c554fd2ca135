//! From paths to files, and through them in parallel.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use isocenter_volume::{Ctx, Stage};
use rayon::prelude::*;

use super::classify::{look, source};
use super::directory::{self, Reference};
use super::list::{Origin, list};
use super::scanned::{Kind, NamedSource, Scanned};
use super::work::{Found, Work};
use crate::Error;

/// Looks at every file of `paths`, in order of paths.
pub(super) fn walk<T: Send>(paths: &[&Path], work: &Work<'_, T>, ctx: &Ctx<'_>) -> Result<Vec<T>, Error> {
    let files = list(paths, ctx)?;
    let stage = ctx.stage("headers", files.len() as u64);
    let looked: Vec<_> =
        files.into_par_iter().map(|(path, origin)| one(path, origin, work, &stage)).collect::<Result<_, Error>>()?;
    let mut found = BTreeMap::new();
    let mut named = BTreeMap::new();
    for (files, references) in looked {
        found.extend(files.into_iter().map(|file| (file.path, file.value)));
        named.extend(references.into_iter().map(|reference| (reference.path, reference.failed)));
    }
    named.retain(|path, _| !found.contains_key(path));
    let stage = ctx.stage("named", named.len() as u64);
    // A DICOMDIR that another one names is not followed in turn.
    let follow = |(path, failed): (PathBuf, Option<Error>)| {
        Ok(one(path, failed.map_or(Origin::Met, Origin::Failed), work, &stage)?.0)
    };
    let followed = named.into_par_iter().map(follow).collect::<Result<Vec<_>, Error>>()?;
    found.extend(followed.into_iter().flatten().map(|file| (file.path, file.value)));
    Ok(found.into_values().collect())
}

/// Looks at every source, in order of names.
pub(super) fn sources<T: Send>(sources: &[NamedSource], work: &Work<'_, T>, ctx: &Ctx<'_>) -> Result<Vec<T>, Error> {
    let stage = ctx.stage("headers", sources.len() as u64);
    let one = |given: &NamedSource| {
        stage.check()?;
        members(source(given, work.options), work, &stage)
    };
    let found = sources.par_iter().map(one).collect::<Result<Vec<_>, Error>>()?;
    let found: BTreeMap<_, _> = found.into_iter().flatten().map(|file| (file.path, file.value)).collect();
    Ok(found.into_values().collect())
}

/// One file, the members it holds where it is an archive, and what it names where it is a directory.
fn one<T: Send>(
    path: PathBuf,
    origin: Origin,
    work: &Work<'_, T>,
    stage: &Stage<'_>,
) -> Result<(Vec<Found<T>>, Vec<Reference>), Error> {
    stage.check()?;
    let follow = match origin {
        Origin::Failed(error) => {
            return Ok((vec![work.finish(Scanned::new(path, 0, Kind::Failed(error)), stage)?], Vec::new()));
        }
        Origin::Known(kind) => {
            return Ok((vec![work.finish(Scanned::new(path, 0, Kind::NotDicom(kind)), stage)?], Vec::new()));
        }
        Origin::Given => true,
        Origin::Met => work.options.follow_directory,
    };
    let scanned = look(path, work.options);
    let references = match &scanned.kind {
        Kind::Directory(instance) if follow => directory::references(&scanned.path, &instance.dataset),
        _ => Vec::new(),
    };
    Ok((members(scanned, work, stage)?, references))
}

/// A file, and the members it holds where it is an archive.
fn members<T: Send>(scanned: Scanned, work: &Work<'_, T>, stage: &Stage<'_>) -> Result<Vec<Found<T>>, Error> {
    #[cfg(feature = "zip")]
    if !work.options.skip_archives && matches!(scanned.kind, Kind::NotDicom(super::FileKind::Zip)) {
        return super::archive::scan(scanned, work, stage);
    }
    Ok(vec![work.finish(scanned, stage)?])
}
