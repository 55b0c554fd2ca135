//! Files of points, with their frame: 3D Slicer's lists, and plain columns.
//!
//! Points here are LPS mm; a file in RAS is flipped at this door. A plain CSV does not say its frame, so the caller does.
//!
//! | [`Form`] | names | frame | read | written |
//! |---|---|---|---|---|
//! | [`Form::Fcsv`] | `.fcsv` | stated inside (`CoordinateSystem`) | yes | LPS |
//! | [`Form::Markups`] | `.mrk.json`, feature `json` | stated inside (`coordinateSystem`), mm | one list in a file | LPS |
//! | [`Form::Csv`] | `.csv` | stated by the caller | `x,y,z` or `label,x,y,z`, by the first line where it names columns | `label,x,y,z` |
//!
//! Source: 3D Slicer's developer guide, "Markups".
//!
//! # Examples
//! ```
//! use isocenter_register::points::files::{self, Axes, Form};
//! let points = files::parse("label,x,y,z\nnasion,1,2,3\n", Form::Csv(Axes::Ras))?;
//! assert_eq!((points[0].label.as_str(), points[0].place_mm), ("nasion", [-1.0, -2.0, 3.0]));
//! # Ok::<_, isocenter_register::points::Error>(())
//! ```

mod csv;
#[cfg(feature = "json")]
mod markups;

use std::{fs::File, io::Read as _, path::Path};

use super::Error;

/// Largest file, bytes; a hundred thousand points take less.
const MOST_BYTES: u64 = 16 << 20;

/// A place that somebody marked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Point {
    /// Its name, which may be empty.
    pub label: String,
    /// Where it is, LPS mm.
    pub place_mm: [f64; 3],
}

/// Which way the axes of a plain file point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axes {
    /// x to the left, y to the back, z up: DICOM, ITK.
    Lps,
    /// x to the right, y to the front, z up: NIfTI, FreeSurfer, MNI coordinates.
    Ras,
}

/// Whose list a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// 3D Slicer's comma separated list, whose head states the frame.
    Fcsv,
    /// 3D Slicer's list in JSON.
    Markups,
    /// Columns of numbers in a frame that the caller states.
    Csv(Axes),
}

/// Reads the points of a text.
///
/// # Errors
/// [`Error::Malformed`], [`Error::Unsupported`].
pub fn parse(text: &str, form: Form) -> Result<Vec<Point>, Error> {
    let text = text.trim_start_matches('\u{feff}');
    match form {
        Form::Fcsv => csv::parse_fcsv(text),
        Form::Csv(axes) => csv::parse_plain(text, axes),
        #[cfg(feature = "json")]
        Form::Markups => markups::parse(text),
        #[cfg(not(feature = "json"))]
        Form::Markups => Err(without_json()),
    }
}

/// The text of points; numbers read back to the same bits.
///
/// # Errors
/// [`Error::BadNumber`] for a coordinate that is not finite, [`Error::Unsupported`] without the feature that a form needs.
pub fn format(points: &[Point], form: Form) -> Result<String, Error> {
    if let Some(index) = points.iter().position(|p| p.place_mm.iter().any(|v| !v.is_finite())) {
        return Err(Error::BadNumber { what: "a coordinate", index });
    }
    match form {
        Form::Fcsv => Ok(csv::format_fcsv(points)),
        Form::Csv(axes) => Ok(csv::format_plain(points, axes)),
        #[cfg(feature = "json")]
        Form::Markups => Ok(markups::format(points)),
        #[cfg(not(feature = "json"))]
        Form::Markups => Err(without_json()),
    }
}

/// Reads the points of a file.
///
/// # Errors
/// [`Error::Io`], [`Error::Limit`] for more than 16 MiB, [`Error::Malformed`], [`Error::Unsupported`].
pub fn read(path: impl AsRef<Path>, form: Form) -> Result<Vec<Point>, Error> {
    let path = path.as_ref();
    let io = |source| Error::Io { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    File::open(path).map_err(io)?.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::Limit { limit: MOST_BYTES });
    }
    let text = String::from_utf8(bytes).map_err(|_| Error::Malformed { line: 1, what: "the file is not text" })?;
    parse(&text, form)
}

/// Writes points beside their final name and renames: a file of that name is whole or not there.
///
/// # Errors
/// As [`format()`], and [`Error::Io`].
pub fn write(path: impl AsRef<Path>, points: &[Point], form: Form) -> Result<(), Error> {
    let path = path.as_ref();
    let text = format(points, form)?;
    isocenter_files::write(path, text.as_bytes()).map_err(|source| Error::Io { path: path.to_owned(), source })
}

#[cfg(not(feature = "json"))]
fn without_json() -> Error {
    Error::Unsupported { found: "JSON, which needs the feature json".to_owned() }
}

/// There and back alike.
fn flipped([x, y, z]: [f64; 3], axes: Axes) -> [f64; 3] {
    match axes {
        Axes::Lps => [x, y, z],
        Axes::Ras => [-x, -y, z],
    }
}
