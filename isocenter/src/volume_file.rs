//! Which files beside DICOM hold volumes, which of them belong together, and their names: the one rule of all who list files.
//!
//! What a file is, `formats` tells by its content. A volume may be several files: a header and the voxels that it names (`.mhd`, `.nhdr`,
//! `.hdr`, `.PAR`), or a folder of many (`.zarr`). Pictures are none: they have no place in a patient.

mod name;
mod read;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use isocenter_dcm::scan::{FileKind, Kind, Scanned};
use isocenter_formats::ReadOptions;
use isocenter_volume::Ctx;
use rayon::prelude::*;

pub use self::name::stem;
pub(crate) use self::read::{Unread, head, read};
use crate::Error;

/// The volume files among what was found, by the numbers of its files.
#[derive(Debug, Default)]
pub(crate) struct VolumeFiles {
    /// By the file that begins each.
    found: BTreeMap<usize, VolumeFile>,
    /// Files that hold voxels of a header, also of one that is refused, or lie in a folder that is one volume.
    parts: BTreeSet<usize>,
}

/// A volume of one file or several.
#[derive(Debug)]
struct VolumeFile {
    /// What it is called by: the file that begins it, or the folder that is all of it.
    name: PathBuf,
    /// The other files.
    parts: Vec<usize>,
}

/// What the first bytes of a file show.
pub(crate) struct Begins {
    /// Where all files of its folder belong to it: its rank among the files that tell what the folder is.
    folder: Option<usize>,
    /// The files beside it that hold its voxels.
    data: Vec<String>,
}

impl VolumeFiles {
    /// Looks at the first bytes of every file that is not DICOM.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub(crate) fn find(scanned: &[Scanned], ctx: &Ctx<'_>) -> Result<Self, Error> {
        let begun: Vec<Option<Begins>> = scanned
            .par_iter()
            .map(|s| {
                ctx.check()?;
                Ok(begins(s, ctx))
            })
            .collect::<Result<_, Error>>()?;
        let by_path: BTreeMap<&Path, usize> = scanned.iter().enumerate().map(|(n, s)| (s.path.as_path(), n)).collect();
        let mut all = Self::default();
        all.take_folders(&begun, &by_path);
        let singles = begun.iter().enumerate().filter_map(|(n, begun)| Some((n, begun.as_ref()?)));
        let singles: Vec<_> = singles.filter(|(n, begun)| begun.folder.is_none() && !all.parts.contains(n)).collect();
        for (n, begun) in singles {
            let path = &scanned[n].path;
            let data = begun.data.iter().filter_map(|name| by_path.get(path.with_file_name(name).as_path()).copied());
            let parts: Vec<usize> = data.filter(|part| *part != n).collect();
            all.parts.extend(&parts);
            all.found.insert(n, VolumeFile { name: path.clone(), parts });
        }
        let parts = &all.parts;
        all.found.retain(|n, _| !parts.contains(n));
        Ok(all)
    }

    /// Every file of a folder that is one volume belongs to it; of folders within one another the outermost counts.
    fn take_folders(&mut self, begun: &[Option<Begins>], by_path: &BTreeMap<&Path, usize>) {
        let mut folders: BTreeMap<&Path, (usize, usize)> = BTreeMap::new();
        for (path, n) in by_path {
            let rank = begun.get(*n).and_then(|begun| begun.as_ref()?.folder);
            if let Some((rank, folder)) = rank.zip(path.parent()) {
                let first = folders.entry(folder).or_insert((rank, *n));
                *first = (*first).min((rank, *n));
            }
        }
        let is_within = |folder: &Path| folder.ancestors().skip(1).any(|above| folders.contains_key(above));
        for (folder, (_, first)) in folders.iter().filter(|(folder, _)| !is_within(folder)) {
            let within = by_path.range(*folder..).take_while(|(path, _)| path.starts_with(folder));
            let parts: Vec<usize> = within.map(|(_, n)| *n).filter(|n| n != first).collect();
            self.parts.extend(&parts);
            self.found.insert(*first, VolumeFile { name: folder.to_path_buf(), parts });
        }
    }

    /// The same where files have other numbers; `order` has the old one of each.
    pub(crate) fn renumbered(self, order: &[usize]) -> Self {
        let new: BTreeMap<usize, usize> = order.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let of = |old: usize| new.get(&old).copied();
        let found = self.found.into_iter().filter_map(|(n, volume)| {
            let parts = volume.parts.iter().filter_map(|part| of(*part)).collect();
            Some((of(n)?, VolumeFile { parts, ..volume }))
        });
        Self { found: found.collect(), parts: self.parts.into_iter().filter_map(of).collect() }
    }

    /// Whether a file begins a volume.
    pub(crate) fn has(&self, file: usize) -> bool {
        self.found.contains_key(&file)
    }

    /// Whether a file is part of a volume that another one begins.
    pub(crate) fn is_part(&self, file: usize) -> bool {
        self.parts.contains(&file)
    }

    /// The files that begin volumes, in ascending order.
    pub(crate) fn numbers(&self) -> impl ExactSizeIterator<Item = usize> + '_ {
        self.found.keys().copied()
    }

    /// What the volume that a file begins is called by; `None` for any other file.
    pub(crate) fn name(&self, file: usize) -> Option<&Path> {
        self.found.get(&file).map(|volume| volume.name.as_path())
    }

    /// The other files of the volume that a file begins.
    pub(crate) fn parts(&self, file: usize) -> &[usize] {
        self.found.get(&file).map(|volume| volume.parts.as_slice()).unwrap_or_default()
    }
}

/// Whether a file that is not DICOM begins a volume, and what of it lies apart.
pub(crate) fn begins(scanned: &Scanned, ctx: &Ctx<'_>) -> Option<Begins> {
    let is_gzip = match &scanned.kind {
        Kind::NotDicom(kind) if kind.is_unopened() || *kind == FileKind::Empty => return None,
        Kind::NotDicom(kind) => *kind == FileKind::Gzip,
        // Analyze has no magic bytes: its header may pass for a data set that is damaged
        Kind::Failed(isocenter_dcm::Error::Io { .. } | isocenter_dcm::Error::Limit { .. }) => return None,
        Kind::Failed(_) if !scanned.is_archive() => false,
        _ => return None,
    };
    let options = ReadOptions::default().ctx(*ctx);
    let begun = read::with_source(scanned, &mut |source| {
        let format = isocenter_formats::format_of(&source)?;
        if format.is_picture() {
            return Ok(None);
        }
        let name = scanned.path.file_name().unwrap_or_default();
        let folder = format.folder_files().iter().position(|known| name == *known);
        if folder.is_none() && !format.folder_files().is_empty() {
            return Ok(None);
        }
        // a header that cannot be read is refused where it is read
        let data = isocenter_formats::data_names(source, &options).unwrap_or_default();
        Ok(Some(Begins { folder, data }))
    });
    match begun {
        Ok(begun) => begun,
        Err(Unread::File(isocenter_formats::Error::UnknownFormat { .. })) => None,
        // a stream that breaks off before it shows what it is, a member of an archive that is damaged
        Err(why) => (is_gzip || matches!(why, Unread::Place(_))).then(|| Begins { folder: None, data: Vec::new() }),
    }
}
