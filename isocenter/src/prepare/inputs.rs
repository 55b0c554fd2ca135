//! The input files: found, hashed, opened as far as the header.
//!
//! From here on files are numbered in the order of their content (SHA-256, then path), so that neither their names nor the order
//! of arguments decide anything. A file's keyed id comes from its content too: it names no path.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use isocenter_convert::Facts;
use isocenter_dcm::{
    ReadLimits,
    scan::{self, Kind, Scanned},
};
use isocenter_deid::Pseudonyms;
use isocenter_volume::Ctx;
use rayon::prelude::*;

use crate::{
    Error, container,
    container::{Containers, Listed},
    verify,
    verify::Stop,
    volume_file::VolumeFiles,
};

/// Finds and opens everything under `paths`, in the order of paths; what was read as a folder is comes back as counts.
///
/// # Errors
/// [`Error::Usage`] for a path that cannot be read, [`Error::Cancelled`].
pub(crate) fn scan_files(paths: &[PathBuf], ctx: &Ctx<'_>) -> Result<(Vec<Scanned>, Containers), Error> {
    let (found, listed): (Vec<Scanned>, Vec<Listed>) = scan_listed(paths, ctx)?.into_iter().unzip();
    Ok(container::leave_out(found, &listed))
}

/// The same with all that was found, archives and DICOMDIRs too, and what is to be known of each.
///
/// # Errors
/// As [`scan_files`].
fn scan_listed(paths: &[PathBuf], ctx: &Ctx<'_>) -> Result<Vec<(Scanned, Listed)>, Error> {
    let keep = |file: Scanned| {
        let listed = Listed::of(&file, ctx);
        (file, listed)
    };
    let found = scan::scan_with(paths, &scan::ScanOptions::default(), ctx, &keep).map_err(|e| match e {
        isocenter_dcm::Error::Cancelled => Error::Cancelled,
        other => Error::usage(other.to_string()),
    })?;
    ctx.check()?;
    Ok(found)
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
    /// Which of them are volume files.
    pub(crate) volumes: VolumeFiles,
}

impl Inputs {
    /// Hashes what was found, and gives each file its id; `volumes` are the volume files among it.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub(crate) fn of(
        scanned: Vec<Scanned>,
        volumes: VolumeFiles,
        names: &Pseudonyms,
        ctx: &Ctx<'_>,
    ) -> Result<Self, Error> {
        let digest = |(n, s): (usize, Scanned)| {
            let (digest, s) = digest_of(s, ctx)?;
            Ok((digest, n, s))
        };
        let mut entries: Vec<(String, usize, Scanned)> =
            scanned.into_par_iter().enumerate().map(digest).collect::<Result<_, Error>>()?;
        entries.sort_by(|a, b| (&a.0, &a.2.path).cmp(&(&b.0, &b.2.path)));
        let order: Vec<usize> = entries.iter().map(|entry| entry.1).collect();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let ids = entries
            .iter()
            .map(|(digest, _, scanned)| {
                let key = if digest.is_empty() { scanned.path.to_string_lossy().into_owned() } else { digest.clone() };
                let count = seen.entry(key.clone()).or_default();
                *count += 1;
                let id = names.token("file", &key);
                if *count == 1 { id } else { format!("{id}-{count}") }
            })
            .collect();
        let (digests, scanned): (_, Vec<Scanned>) = entries.into_iter().map(|(digest, _, s)| (digest, s)).unzip();
        let facts = Facts::of_all(&scanned);
        Ok(Self { scanned, facts, digests, ids, volumes: volumes.renumbered(&order) })
    }

    /// What a file is called by: its path, or of a volume that is a folder that folder's. It may lie in an archive: nothing is opened by it.
    pub(crate) fn path(&self, file: usize) -> &Path {
        self.volumes.name(file).unwrap_or(&self.scanned[file].path)
    }

    /// SHA-256 of a volume, of all its files where it is several.
    pub(crate) fn digest_of_volume(&self, file: usize) -> String {
        let parts = self.volumes.parts(file);
        if parts.is_empty() {
            return self.digests[file].clone();
        }
        let mut parts: Vec<(&Path, &str)> =
            parts.iter().map(|part| (self.scanned[*part].path.as_path(), self.digests[*part].as_str())).collect();
        parts.sort_unstable();
        let all = std::iter::once(self.digests[file].as_str()).chain(parts.iter().map(|(_, digest)| *digest));
        verify::sha256(all.collect::<Vec<_>>().join(" ").as_bytes())
    }

    /// Keyed ids of files, in ascending order.
    pub(crate) fn ids_of(&self, files: impl IntoIterator<Item = usize>) -> Vec<String> {
        let mut ids: Vec<String> = files.into_iter().map(|f| self.ids[f].clone()).collect();
        ids.sort();
        ids.dedup();
        ids
    }
}

/// SHA-256 of a file, empty where it cannot be read. A member of an archive that turns out to be damaged is one that failed from there on.
fn digest_of(mut scanned: Scanned, ctx: &Ctx<'_>) -> Result<(String, Scanned), Error> {
    if scanned.archive().is_none() || scanned.is_unopened() {
        return match verify::sha256_file(&scanned.path, ctx) {
            Err(Error::Cancelled) => Err(Error::Cancelled),
            // a file that cannot be read has failed in the scan already, and keeps its reason
            found => Ok((found.unwrap_or_default(), scanned)),
        };
    }
    let read = scanned.read(&ReadLimits::default(), &mut |reader, _| match verify::sha256_of(reader, ctx) {
        Ok(digest) => Ok(digest),
        Err(Stop::Cancelled) => Err(isocenter_dcm::Error::Cancelled),
        Err(Stop::Io(source)) => Err(isocenter_dcm::Error::Io { path: None, action: "read", source }),
    });
    match read {
        Ok(digest) => Ok((digest, scanned)),
        Err(isocenter_dcm::Error::Cancelled) => Err(Error::Cancelled),
        Err(error) => {
            if !matches!(scanned.kind, Kind::Failed(_)) {
                scanned.kind = Kind::Failed(error);
            }
            Ok((String::new(), scanned))
        }
    }
}
