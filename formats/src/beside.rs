//! Writing beside the final file, to be renamed at the end.

use std::{
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use crate::Error;

/// A new file beside the one that is wanted; removed unless finished.
pub(crate) struct Beside {
    pub(crate) writer: BufWriter<fs::File>,
    temporary: PathBuf,
    path: PathBuf,
    finished: bool,
}

impl Beside {
    pub(crate) fn new(path: &Path) -> Result<Self, Error> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        loop {
            // the temporary name says nothing of the final one, which may name a patient
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let temporary = path.with_file_name(format!(".isocenter-{}-{number}.tmp", std::process::id()));
            match fs::File::options().write(true).create_new(true).open(&temporary) {
                Ok(file) => {
                    let writer = BufWriter::with_capacity(1 << 17, file);
                    return Ok(Self { writer, temporary, path: path.to_owned(), finished: false });
                }
                // left by a process of the same number that was killed, or by one in another container: take the next name
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(Error::io(e)),
            }
        }
    }

    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.writer.flush().map_err(Error::io)?;
        fs::rename(&self.temporary, &self.path).map_err(Error::io)?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.finished {
            // best effort: the error that led here is the one to report
            let _ = fs::remove_file(&self.temporary);
        }
    }
}
