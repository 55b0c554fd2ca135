//! From paths to files, and through them in parallel.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::directory::{self, Reference};
use super::{Kind, ScanOptions, Scanned, look};
use crate::Error;

/// What is asked for.
pub(super) struct Work<'a, T> {
    pub(super) options: &'a ScanOptions,
    progress: &'a (dyn Fn(usize, usize) + Sync),
    keep: &'a (dyn Fn(Scanned) -> T + Sync),
    done: AtomicUsize,
    total: AtomicUsize,
}

impl<'a, T> Work<'a, T> {
    pub(super) fn new(
        options: &'a ScanOptions,
        progress: &'a (dyn Fn(usize, usize) + Sync),
        keep: &'a (dyn Fn(Scanned) -> T + Sync),
    ) -> Self {
        Self { options, progress, keep, done: AtomicUsize::new(0), total: AtomicUsize::new(0) }
    }

    /// So many more files are known.
    pub(super) fn expect(&self, files: usize) {
        self.total.fetch_add(files, Ordering::Relaxed);
    }

    /// One file is done.
    pub(super) fn finish(&self, scanned: Scanned) -> Found<T> {
        let path = scanned.path.clone();
        let value = (self.keep)(scanned);
        (self.progress)(self.done.fetch_add(1, Ordering::Relaxed) + 1, self.total.load(Ordering::Relaxed));
        Found { path, value }
    }
}

/// What was made of the file at a path.
pub(super) struct Found<T> {
    path: PathBuf,
    value: T,
}

/// How a file was come by.
enum Origin {
    Given,
    Met,
    Failed(Error),
}

/// Looks at every file of `paths`, in order of paths.
pub(super) fn walk<T: Send>(paths: &[PathBuf], work: &Work<'_, T>) -> Result<Vec<T>, Error> {
    let files = list(paths)?;
    work.expect(files.len());
    let looked: Vec<_> = files.into_par_iter().map(|(path, origin)| one(path, origin, work)).collect();
    let mut found = BTreeMap::new();
    let mut named = BTreeMap::new();
    for (files, references) in looked {
        found.extend(files.into_iter().map(|file| (file.path, file.value)));
        named.extend(references.into_iter().map(|reference| (reference.path, reference.failed)));
    }
    named.retain(|path, _| !found.contains_key(path));
    work.expect(named.len());
    // A DICOMDIR that another one names is not followed in turn.
    let followed =
        named.into_par_iter().map(|(path, failed)| one(path, failed.map_or(Origin::Met, Origin::Failed), work).0);
    found.extend(followed.collect::<Vec<_>>().into_iter().flatten().map(|file| (file.path, file.value)));
    Ok(found.into_values().collect())
}

/// Every file once.
fn list(paths: &[PathBuf]) -> Result<BTreeMap<PathBuf, Origin>, Error> {
    let mut files = BTreeMap::new();
    for path in paths {
        let meta =
            fs::metadata(path).map_err(|source| Error::Io { path: Some(path.clone()), action: "find", source })?;
        if !meta.is_dir() {
            files.insert(path.clone(), Origin::Given);
            continue;
        }
        for entry in WalkDir::new(path) {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => {
                    files.entry(entry.into_path()).or_insert(Origin::Met);
                }
                Err(error) => {
                    let place = error.path().unwrap_or(path).to_owned();
                    let failed = Error::Io { path: Some(place.clone()), action: "read", source: error.into() };
                    files.insert(place, Origin::Failed(failed));
                }
            }
        }
    }
    Ok(files)
}

/// One file, the members it holds where it is an archive, and what it names where it is a directory.
fn one<T: Send>(path: PathBuf, origin: Origin, work: &Work<'_, T>) -> (Vec<Found<T>>, Vec<Reference>) {
    let follow = match origin {
        Origin::Failed(error) => {
            return (vec![work.finish(Scanned { path, bytes: 0, kind: Kind::Failed(error) })], Vec::new());
        }
        Origin::Given => true,
        Origin::Met => work.options.follow_directory,
    };
    let scanned = look(path, work.options);
    match &scanned.kind {
        Kind::Directory(instance) if follow => {
            let references = directory::references(&scanned.path, &instance.dataset);
            (vec![work.finish(scanned)], references)
        }
        #[cfg(feature = "zip")]
        Kind::NotDicom(super::FileKind::Zip) => (super::archive::scan(scanned, work), Vec::new()),
        _ => (vec![work.finish(scanned)], Vec::new()),
    }
}

/// The folder that holds a file.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}
