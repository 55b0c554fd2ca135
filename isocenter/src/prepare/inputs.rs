//! The input files: found, hashed, opened as far as the header.
//!
//! From here on files are numbered in the order of their content (SHA-256, then path), so that neither their names nor the order
//! of arguments decide anything. A file's keyed id comes from its content too: it names no path.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use isocenter_convert::Facts;
use isocenter_dcm::scan::{self, Scanned};
use isocenter_deid::Pseudonyms;
use isocenter_volume::Ctx;
use rayon::prelude::*;

use crate::{Error, verify};

/// Finds and opens everything under `paths`, in the order of paths.
///
/// # Errors
/// [`Error::Usage`] for a path that cannot be read, [`Error::Cancelled`].
pub(crate) fn scan_files(paths: &[PathBuf], ctx: &Ctx<'_>) -> Result<Vec<Scanned>, Error> {
    scan::scan(paths, &scan::ScanOptions::default().skip_archives(true), ctx).map_err(|e| match e {
        isocenter_dcm::Error::Cancelled => Error::Cancelled,
        other => Error::usage(other.to_string()),
    })
}

/// The input files in the order of their content.
pub(crate) struct Inputs {
    /// What each file is, with its header where it is DICOM.
    pub(crate) scanned: Vec<Scanned>,
    /// What conversion needs of each file.
    pub(crate) facts: Vec<Facts>,
    /// SHA-256 of each file, lower-case hexadecimal; empty where it cannot be read.
    pub(crate) digests: Vec<String>,
    /// Keyed id of each file.
    pub(crate) ids: Vec<String>,
}

impl Inputs {
    /// Hashes what was found, and gives each file its id.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub(crate) fn of(scanned: Vec<Scanned>, names: &Pseudonyms, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let digest = |s: Scanned| match verify::sha256_file(&s.path, ctx) {
            Err(Error::Cancelled) => Err(Error::Cancelled),
            // a file that cannot be read has failed in the scan already, and keeps its reason
            found => Ok((found.unwrap_or_default(), s)),
        };
        let mut entries: Vec<(String, Scanned)> = scanned.into_par_iter().map(digest).collect::<Result<_, _>>()?;
        entries.sort_by(|a, b| (&a.0, &a.1.path).cmp(&(&b.0, &b.1.path)));
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let ids = entries
            .iter()
            .map(|(digest, scanned)| {
                let key = if digest.is_empty() { scanned.path.to_string_lossy().into_owned() } else { digest.clone() };
                let count = seen.entry(key.clone()).or_default();
                *count += 1;
                let id = names.token("file", &key);
                if *count == 1 { id } else { format!("{id}-{count}") }
            })
            .collect();
        let (digests, scanned): (_, Vec<Scanned>) = entries.into_iter().unzip();
        let facts = Facts::of_all(&scanned);
        Ok(Self { scanned, facts, digests, ids })
    }

    /// Path of a file.
    pub(crate) fn path(&self, file: usize) -> &Path {
        &self.scanned[file].path
    }

    /// Keyed ids of files, in ascending order.
    pub(crate) fn ids_of(&self, files: impl IntoIterator<Item = usize>) -> Vec<String> {
        let mut ids: Vec<String> = files.into_iter().map(|f| self.ids[f].clone()).collect();
        ids.sort();
        ids.dedup();
        ids
    }
}
