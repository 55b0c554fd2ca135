//! The system's tesseract, run as a program: nothing is linked, nothing is written to disk, nothing goes over a network.
//!
//! Lines go in as the pages of one TIFF on its standard input, words come back as its table (TSV) on its standard output.
//! What it writes to standard error is dropped: it may speak of what it reads.

mod process;
mod table;
mod tiff;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::Plane;
use super::{Error, Reader, Word};

/// A reader that runs the program tesseract (version 4 or newer), which the system has to have (Debian: `tesseract-ocr`).
///
/// ```
/// # #[cfg(feature = "ocr")] {
/// use isocenter_deid::pixels::read::Tesseract;
/// let absent = Tesseract::at("/no/such/program").check();
/// assert_eq!(absent.map_err(|error| error.reason()), Err("reader-absent"));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Tesseract {
    program: PathBuf,
    language: String,
    limit: Duration,
}

impl Default for Tesseract {
    fn default() -> Self {
        Self::new()
    }
}

impl Tesseract {
    /// The program `tesseract` of the search path, for English.
    pub fn new() -> Self {
        Self::at("tesseract")
    }

    /// The program at a path.
    pub fn at(program: impl AsRef<Path>) -> Self {
        Self { program: program.as_ref().to_owned(), language: "eng".to_owned(), limit: Duration::from_secs(60) }
    }

    /// The language of the text, as tesseract calls it: `eng`, or several, `eng+deu`.
    #[must_use]
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.language = language.into();
        self
    }

    /// How long one call, of up to forty lines, may take. Without it a minute.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Reads an empty line, to see whether the program and its language are there.
    ///
    /// # Errors
    /// [`Error::Absent`], [`Error::Failed`], [`Error::Late`] and the others.
    pub fn check(&self) -> Result<(), Error> {
        let empty = Plane::new(64, 32, vec![255; 64 * 32]).ok_or(Error::Malformed { what: "a line" })?;
        self.read(&empty).map(drop)
    }

    fn arguments(&self) -> [&OsStr; 9] {
        // one line in each page; fixed dots per inch, which else are guessed
        ["stdin", "stdout", "-l", &self.language, "--psm", "7", "--dpi", "300", "tsv"].map(OsStr::new)
    }
}

impl Reader for Tesseract {
    fn read(&self, line: &Plane) -> Result<Vec<Word>, Error> {
        Ok(self.read_all(std::slice::from_ref(line))?.into_iter().next().unwrap_or_default())
    }

    fn read_all(&self, lines: &[Plane]) -> Result<Vec<Vec<Word>>, Error> {
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        let said = process::run(&self.program, &self.arguments(), tiff::pages(lines)?, self.limit)?;
        if !said.success {
            return Err(Error::Failed { status: said.status, language: self.language.clone() });
        }
        table::words(&said.output, lines)
    }
}
