//! The mark of a run that is not finished: a file `UNFINISHED` at the root of its output.
//!
//! It is written before anything else and removed as the last act of a whole run, so that an output without it is whole, whatever ended
//! the run: Ctrl-C, a full disk, a power cut. It says nothing of the input.

use std::path::{Path, PathBuf};

use crate::Error;

/// Name of the file.
pub(crate) const NAME: &str = "UNFINISHED";

/// What it says.
const TEXT: &str = "\
This run is not finished.

The program isocenter is still at work here, or was stopped before its end (by Ctrl-C, by an error, by the system). What lies in this
folder is not whole, and it was not searched as a whole for values that identify a patient. It must not be used, and not be handed on.

What to do: where no run is at work here, delete this folder and run the same command again.
";

/// Whether a folder holds a run that is not finished.
pub(crate) fn is_marked(out: &Path) -> bool {
    out.join(NAME).is_file()
}

/// Whether a path is the mark of an output tree.
pub(crate) fn is_mark(path: &Path, out: &Path) -> bool {
    path.parent() == Some(out) && path.file_name().is_some_and(|name| name == NAME)
}

/// An output that is not finished until [`Unfinished::finish`].
#[derive(Debug)]
pub(crate) struct Unfinished {
    out: PathBuf,
}

impl Unfinished {
    /// Marks an output; its folder is made where it is missing.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn begin(out: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(out).map_err(Error::io("make the output folder", out))?;
        let path = out.join(NAME);
        isocenter_files::write(&path, TEXT.as_bytes()).map_err(Error::io("write a file", path))?;
        Ok(Self { out: out.to_path_buf() })
    }

    /// Takes the mark away: the last act of a run.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn finish(self) -> Result<(), Error> {
        let path = self.out.join(NAME);
        std::fs::remove_file(&path).map_err(Error::io("remove a file", path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_is_marked_until_it_is_finished() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("deep/out");
        let mark = Unfinished::begin(&out).unwrap();
        assert!(is_marked(&out) && is_mark(&out.join(NAME), &out) && !is_mark(&out.join("a").join(NAME), &out));
        mark.finish().unwrap();
        assert!(!is_marked(&out) && std::fs::read_dir(&out).unwrap().next().is_none());
    }
}
