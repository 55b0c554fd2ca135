//! Files that hold a transform.
//!
//! A matrix on paper needs four words to mean something: whose frame, which way, around which centre, in which order. Here every
//! transform is a map of *points of the fixed image to points of the moving image* in LPS millimetres; a file's own convention
//! is left at this door.
//!
//! | [`Format`] | names | frame | read | written |
//! |---|---|---|---|---|
//! | [`Format::Itk`] | `.tfm`; any text that starts with `#Insight Transform File` | LPS | Affine, MatrixOffset, Euler3D, VersorRigid3D, Versor, Translation, Identity; one transform in a file | `AffineTransform_double_3_3` |
//! | [`Format::RasMatrix`] | `.txt`; greedy and C3D | RAS | 4x4 numbers | 4x4 numbers |
//!
//! A text `.mat` is somebody's convention (FSL scales voxels, C3D does not) and is refused until the caller names a format.
//!
//! Sources: ITK Software Guide, "Transforms" (`y = A (x - c) + c + t`; parameters row-major `A`, then `t`; fixed parameters `c`);
//! the files that ITK and greedy themselves write.
//!
//! # Examples
//! ```
//! use isocenter_register::transform_file::{self, Format};
//! use isocenter_volume::Affine;
//!
//! let shift = Affine::translation_by([1.0, 2.0, 3.0]); // LPS
//! let text = transform_file::format(&shift, Format::RasMatrix);
//! assert_eq!(text, "1 0 0 -1\n0 1 0 -2\n0 0 1 3\n0 0 0 1\n");
//! assert_eq!(transform_file::parse(&text, None)?, shift);
//! # Ok::<_, transform_file::Error>(())
//! ```

mod error;
mod itk;
mod ras;

use std::{fs::File, io::Read, path::Path};

use isocenter_volume::Affine;

pub use error::Error;

/// Whose convention a file follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// ITK's text file, LPS.
    Itk,
    /// A 4x4 matrix in RAS millimetres.
    RasMatrix,
}

/// Most bytes of a file that is read; a transform takes a few hundred.
const MOST_BYTES: u64 = 1 << 20;

/// Reads a transform; where no format is stated, ITK's first line is looked for, then the name's ending.
///
/// # Errors
/// [`Error::Unnamed`] for a name that does not say whose convention it is (`.mat`), [`Error::Malformed`], [`Error::Unsupported`],
/// [`Error::Limit`], [`Error::Io`].
pub fn read(path: impl AsRef<Path>, stated: Option<Format>) -> Result<Affine, Error> {
    let path = path.as_ref();
    let io = |source| Error::Io { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    File::open(path).map_err(io)?.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::Limit { limit: MOST_BYTES });
    }
    let text = String::from_utf8(bytes).map_err(|_| Error::Malformed { line: 1, what: "the file is not text" })?;
    if stated.is_none() && !itk::is_itk(&text) && !ends_with(path, ".txt") {
        // a .tfm without ITK's first line is no ITK file
        return Err(if ends_with(path, ".tfm") {
            Error::Malformed { line: 1, what: "'#Insight Transform File' is missing" }
        } else {
            Error::Unnamed
        });
    }
    parse(&text, stated)
}

/// Reads a transform from text; where no format is stated, ITK's first line decides, and anything else is a RAS matrix.
///
/// # Errors
/// [`Error::Malformed`], [`Error::Unsupported`].
pub fn parse(text: &str, stated: Option<Format>) -> Result<Affine, Error> {
    let format = stated.unwrap_or(if itk::is_itk(text) { Format::Itk } else { Format::RasMatrix });
    let affine = match format {
        Format::Itk => itk::parse(text)?,
        Format::RasMatrix => ras::parse(text)?,
    };
    match affine.inverse() {
        Some(_) => Ok(affine),
        None => Err(Error::Malformed { line: 1, what: "the matrix is singular or not finite" }),
    }
}

/// The text of a transform; numbers read back to the same bits.
pub fn format(transform: &Affine, format: Format) -> String {
    match format {
        Format::Itk => itk::format(transform),
        Format::RasMatrix => ras::format(transform),
    }
}

/// Writes a transform beside its final name and renames it: a file of that name is whole or not there.
///
/// # Errors
/// [`Error::Malformed`] for a transform that is not finite or cannot be undone, [`Error::Io`].
pub fn write(path: impl AsRef<Path>, transform: &Affine, form: Format) -> Result<(), Error> {
    let path = path.as_ref();
    if transform.inverse().is_none() {
        return Err(Error::Malformed { line: 1, what: "the matrix is singular or not finite" });
    }
    isocenter_files::write(path, format(transform, form).as_bytes())
        .map_err(|source| Error::Io { path: path.to_owned(), source })
}

fn ends_with(path: &Path, ending: &str) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().to_lowercase().ends_with(ending))
}

/// Shortest text that reads back to the same number; minus zero is written as zero.
fn number(value: f64) -> String {
    format!("{}", if value == 0.0 { 0.0 } else { value })
}
