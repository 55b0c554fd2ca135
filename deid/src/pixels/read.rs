//! Reading text that was found, so that what names nobody may stay.
//!
//! [`detect`](super::detect) finds text and cannot tell `MI 0.8` from a name. A [`Reader`] says what stands there: one of the caller's own, or the system's
//! tesseract (`Tesseract`, feature `ocr`). It is shown single lines alone, cut out, turned upright, dark on light and large enough, and each once.
//!
//! A word stays only where nothing speaks against it:
//! - it is a measurement, a label of the technique or a marker (`MI 0.8`, `20Hz`, `Dist 12.7 mm`, `PORTABLE`), or of the words that name nobody, the same
//!   as elsewhere in the crate; of what has no number, no word of its line and none of its row is strange;
//! - it is like nothing that is known of the patient, also where one or two letters were misread;
//! - it is no date, time or number of somebody, and nothing near it announces a person or a place (`Name`, `ID`, `Hospital`);
//! - the reader is [sure](SURE) of it, and so wide is it, and so many are its letters, as what was found.
//!
//! Where a part of a line does not stay, that part is blanked. A line that is not read stands for nothing: it is blanked.
//!
//! **What remains:** a name that is made of such words, that no element tells, and with which nothing strange stands (`BROWN`), stays. Nobody
//! can promise that a reader reads right; two errors in a row may make a label of a name. Where that is not acceptable, read nothing.
//!
//! # Examples
//! A reader of one's own is one function:
//! ```
//! use isocenter_deid::pixels::{Plane, Rect, read::{Error, Reader, Word}};
//!
//! #[derive(Debug)]
//! struct Model;
//!
//! impl Reader for Model {
//!     fn read(&self, line: &Plane) -> Result<Vec<Word>, Error> {
//!         Ok(vec![Word::new("20Hz", Rect::new(0, 0, line.columns() as u32, line.rows() as u32), 0.9)])
//!     }
//! }
//! let line = Plane::new(40, 20, vec![255; 800]).ok_or("size")?;
//! assert_eq!(Model.read_all(&[line])?[0].len(), 1);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod crop;
mod error;
mod grammar;
mod judge;
mod reading;
mod row;
#[cfg(feature = "ocr")]
mod tesseract;
mod word;

pub(super) use crop::cut;
pub use error::Error;
pub use judge::{SURE, SURE_OUTSIDE};
pub(super) use reading::{Parted, Reading, Seen};
#[cfg(feature = "ocr")]
pub use tesseract::Tesseract;
pub use word::Word;

use super::Plane;

/// What reads a line of text.
pub trait Reader: std::fmt::Debug + Send + Sync {
    /// The words of one line, which is upright, dark on light, and has capitals of about 32 pixels. Called from several threads at once.
    ///
    /// # Errors
    /// What keeps it from reading at all. A line in which there is nothing to read has no words.
    fn read(&self, line: &Plane) -> Result<Vec<Word>, Error>;

    /// The words of several lines, in their order. A reader to which each call is dear takes them together.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    fn read_all(&self, lines: &[Plane]) -> Result<Vec<Vec<Word>>, Error> {
        lines.iter().map(|line| self.read(line)).collect()
    }
}
