//! Files that become a folder together, or not at all.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use crate::{Error, target::Sink};

/// A folder that is being written beside the one that it will be.
#[derive(Debug)]
pub(crate) struct Writing {
    /// Its name until it is whole.
    passing: PathBuf,
    target: PathBuf,
    /// The files, below it.
    names: Vec<PathBuf>,
}

impl Writing {
    /// Begins a folder. One that stands under its name stays until the new one is finished.
    ///
    /// # Errors
    /// [`Error::Io`], of [`io::ErrorKind::AlreadyExists`] where a file has the name, or a folder that is no store and not empty.
    pub(crate) fn begin(target: &Path) -> Result<Self, Error> {
        if target.exists() && !may_be_replaced(target).map_err(Error::io)? {
            let there = "what stands there is not a store, and stays";
            return Err(Error::io(io::Error::new(io::ErrorKind::AlreadyExists, there)));
        }
        let passing = passing_name(target);
        fs::create_dir(&passing).map_err(Error::io)?;
        Ok(Self { passing, target: target.to_owned(), names: Vec::new() })
    }

    /// Gives the folder its name; gives the files in it.
    pub(crate) fn finish(mut self) -> Result<Vec<PathBuf>, Error> {
        if self.target.exists() {
            let old = passing_name(&self.target);
            fs::rename(&self.target, &old).map_err(Error::io)?;
            if let Err(error) = fs::rename(&self.passing, &self.target) {
                // the old one is put back: the error that led here is the one to report
                let _ = fs::rename(&old, &self.target);
                return Err(Error::io(error));
            }
            fs::remove_dir_all(&old).map_err(Error::io)?;
        } else {
            fs::rename(&self.passing, &self.target).map_err(Error::io)?;
        }
        Ok(std::mem::take(&mut self.names).into_iter().map(|name| self.target.join(name)).collect())
    }
}

impl Sink for Writing {
    /// Takes a file whose name begins with the folder's.
    fn file(&mut self, name: &str, bytes: Vec<u8>) -> io::Result<()> {
        let name = crate::source::inside(name).ok_or(io::ErrorKind::InvalidInput)?;
        let below: PathBuf = Path::new(&name).components().skip(1).collect();
        let place = self.passing.join(&below);
        isocenter_files::make_folders(&place)?;
        fs::write(place, bytes)?;
        self.names.push(below);
        Ok(())
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        // Best effort: the error that led here is the one to report. Renamed, there is nothing under the name any more.
        let _ = fs::remove_dir_all(&self.passing);
    }
}

/// Whether what stands under a name is a folder that is empty, or a store.
fn may_be_replaced(folder: &Path) -> io::Result<bool> {
    if !folder.is_dir() {
        return Ok(false);
    }
    let marks = ["zarr.json", ".zgroup", ".zarray", ".zattrs"];
    Ok(marks.iter().any(|mark| folder.join(mark).is_file()) || fs::read_dir(folder)?.next().is_none())
}

/// A name beside the target that no other call of this process gets.
fn passing_name(target: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    // a system without processes has no number for one
    let process = if cfg!(target_family = "wasm") { 0 } else { std::process::id() };
    target.with_file_name(format!(".isocenter-{process}-{}.folder", NEXT.fetch_add(1, Ordering::Relaxed)))
}
