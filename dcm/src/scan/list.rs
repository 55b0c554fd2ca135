//! What the paths of a scan lead to: every file once, by its true name.
//!
//! Folders are told apart by their path without links ([`std::fs::canonicalize`]). What is met without a link keeps that name; a
//! link to a folder is followed where nothing else leads there, and a link to a file is listed as the file.

use std::collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use isocenter_volume::Ctx;
use walkdir::WalkDir;

use super::FileKind;
use crate::Error;

/// How a file was come by.
pub(super) enum Origin {
    /// It was given by name.
    Given,
    /// It stands in a folder that was given.
    Met,
    /// What it is is known already: not to be opened.
    Known(FileKind),
    /// The system does not hand it out.
    Failed(Error),
}

/// Every file below `paths` once.
pub(super) fn list(paths: &[&Path], ctx: &Ctx<'_>) -> Result<BTreeMap<PathBuf, Origin>, Error> {
    let mut found = Listing::default();
    let mut folders = BTreeSet::new();
    for &path in paths {
        let failed = |source| Error::Io { path: Some(path.to_owned()), action: "find", source };
        fs::symlink_metadata(path).map_err(failed)?;
        match fs::metadata(path) {
            Ok(target) if target.is_dir() => {
                folders.insert(path);
            }
            // a pipe, or a link that leads nowhere, is told by the look at it
            _ => {
                found.files.insert(path.to_owned(), Origin::Given);
            }
        }
    }
    found.roots = folders.iter().filter_map(|folder| fs::canonicalize(folder).ok()).collect();
    for folder in folders {
        found.walk(folder, ctx)?;
    }
    found.follow(ctx)?;
    Ok(found.files)
}

/// What is found so far.
#[derive(Default)]
struct Listing {
    files: BTreeMap<PathBuf, Origin>,
    /// The folders that were walked, by their path without links, under the names that their files have.
    folders: HashMap<PathBuf, PathBuf>,
    /// The folders that were given, by their path without links.
    roots: Vec<PathBuf>,
    /// Links that were met and not looked at yet.
    links: BTreeSet<PathBuf>,
}

impl Listing {
    /// Lists a folder and what is below it; folders that were walked are passed over, links put aside.
    fn walk(&mut self, folder: &Path, ctx: &Ctx<'_>) -> Result<(), Error> {
        let root = match fs::canonicalize(folder) {
            Ok(root) => root,
            Err(error) => {
                self.fail(folder, error);
                return Ok(());
            }
        };
        let mut entries = WalkDir::new(folder).into_iter();
        while let Some(entry) = entries.next() {
            ctx.check()?;
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let place = error.path().unwrap_or(folder).to_owned();
                    self.fail(&place, error.into());
                    continue;
                }
            };
            let path = entry.path();
            // of the root itself, a link perhaps, the type is that of its target
            if entry.depth() == 0 || entry.file_type().is_dir() {
                let below = path.strip_prefix(folder).unwrap_or(Path::new(""));
                let real = if below.as_os_str().is_empty() { root.clone() } else { root.join(below) };
                match self.folders.entry(real) {
                    Entry::Occupied(_) => entries.skip_current_dir(),
                    Entry::Vacant(walked) => drop(walked.insert(path.to_owned())),
                }
            } else if entry.file_type().is_symlink() {
                self.links.insert(entry.into_path());
            } else {
                self.files.entry(entry.into_path()).or_insert(Origin::Met);
            }
        }
        Ok(())
    }

    /// Looks at the links: first those to folders, since what they lead to may be what a link to a file leads to.
    fn follow(&mut self, ctx: &Ctx<'_>) -> Result<(), Error> {
        let mut to_files = BTreeMap::new();
        while let Some(link) = self.links.pop_first() {
            ctx.check()?;
            let target = fs::metadata(&link).and_then(|meta| Ok((meta.is_dir(), fs::canonicalize(&link)?)));
            match target {
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => self.fail(&link, error),
                Err(_) => self.tell(link, FileKind::BrokenLink),
                Ok((true, target)) if self.folders.contains_key(&target) || self.leads_up(&link, &target) => {
                    self.tell(link, FileKind::Link);
                }
                Ok((true, _)) => self.walk(&link, ctx)?,
                Ok((false, target)) => {
                    to_files.insert(link, target);
                }
            }
        }
        if to_files.is_empty() {
            return Ok(());
        }
        let given = self.files.iter().filter(|(_, origin)| matches!(origin, Origin::Given));
        let mut seen: BTreeSet<PathBuf> = given.filter_map(|(path, _)| fs::canonicalize(path).ok()).collect();
        for (link, target) in to_files {
            if self.has(&target) || !seen.insert(target) {
                self.tell(link, FileKind::Link);
            } else {
                self.files.entry(link).or_insert(Origin::Met);
            }
        }
        Ok(())
    }

    /// Whether a file is listed under a name without a link; `real` is its path without links.
    fn has(&self, real: &Path) -> bool {
        let Some((folder, name)) = real.parent().zip(real.file_name()) else { return false };
        self.folders.get(folder).is_some_and(|folder| self.files.contains_key(&folder.join(name)))
    }

    /// Whether a link leads to a folder around what was given, or around itself: not asked for, or a loop.
    fn leads_up(&self, link: &Path, target: &Path) -> bool {
        let own = link.parent().and_then(|folder| fs::canonicalize(folder).ok());
        self.roots.iter().chain(&own).any(|folder| folder.starts_with(target))
    }

    fn tell(&mut self, link: PathBuf, kind: FileKind) {
        self.files.entry(link).or_insert(Origin::Known(kind));
    }

    fn fail(&mut self, place: &Path, source: io::Error) {
        let failed = Error::Io { path: Some(place.to_owned()), action: "read", source };
        self.files.insert(place.to_owned(), Origin::Failed(failed));
    }
}
