//! Voxels that lie in files of their own: one, a list, or a numbered pattern. NRRD and MetaImage name them in the same way.

use crate::{Error, numbered::numbered, stored::Place};

/// The files that hold the voxels of a header.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum DataFiles {
    /// One, with all of them.
    One(String),
    /// Several of equal size, one behind the other. The number is how many axes each has, where the header says.
    Several(Vec<String>, Option<u64>),
}

impl DataFiles {
    /// What the value of a field names; `listed` are the names in the lines that follow it, where it is a list.
    pub(crate) fn parse(field: &'static str, value: &str, listed: &[String]) -> Result<Self, Error> {
        if let Some(axes) = list(value) {
            if listed.is_empty() {
                return Err(Error::malformed(field, "an empty LIST", "a file name in each line that follows"));
            }
            let axes = match axes {
                "" => None,
                // MetaIO takes the number that the text begins with, and writes `2D`
                text => Some(
                    text.trim_end_matches(['D', 'd'])
                        .parse()
                        .map_err(|_| Error::malformed(field, value, "LIST and a number of axes"))?,
                ),
            };
            return Ok(Self::Several(listed.to_vec(), axes));
        }
        Ok(match numbered(field, value)? {
            Some(found) => Self::Several(found.names, found.dimension),
            None => Self::One(value.to_owned()),
        })
    }

    /// Where the voxels are, `bytes` of them on axes of these lengths.
    ///
    /// # Errors
    /// Where the files do not hold equal parts of the whole, or not the part that the number of axes says.
    pub(crate) fn place(
        &self,
        field: &'static str,
        sizes: &[u64],
        bytes: u64,
        scalar_bytes: u64,
    ) -> Result<Place<'_>, Error> {
        match self {
            Self::One(name) => Ok(Place::File(name)),
            Self::Several(names, axes) => {
                Ok(Place::Files(names, part(field, names.len() as u64, *axes, sizes, bytes, scalar_bytes)?))
            }
        }
    }

    /// Their names, as the header says them.
    pub(crate) fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names, _) => names,
        }
    }
}

/// What follows the word `LIST`; `None` where a value is no list.
pub(crate) fn list(value: &str) -> Option<&str> {
    let rest = value.trim().strip_prefix("LIST")?;
    (rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_whitespace())).then(|| rest.trim())
}

/// Bytes of voxels in each of several files.
fn part(
    field: &'static str,
    files: u64,
    axes: Option<u64>,
    sizes: &[u64],
    bytes: u64,
    scalar_bytes: u64,
) -> Result<u64, Error> {
    let wrong = |wanted| Error::malformed(field, format!("{files} files"), wanted);
    if let Some(axes) = axes {
        let held = usize::try_from(axes).ok().filter(|n| (1..=sizes.len()).contains(n));
        let held = held.ok_or_else(|| wrong("a number of axes that the volume has"))?;
        let wanted: u64 = sizes[held..].iter().product();
        let fits = if held == sizes.len() { sizes[held - 1].is_multiple_of(files) } else { wanted == files };
        if !fits {
            return Err(wrong("as many as the axes that a file does not hold have steps"));
        }
    }
    let part = bytes / files.max(1);
    if bytes.is_multiple_of(files) && part.is_multiple_of(scalar_bytes) {
        Ok(part)
    } else {
        Err(wrong("files that hold equal parts of the volume"))
    }
}
