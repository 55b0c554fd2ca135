//! Voxels that lie in files of their own.

use super::fields::{Fields, list};
use crate::{Error, numbered::numbered};

/// The files that hold the voxels of a header.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum DataFiles {
    /// One, with all of them.
    One(String),
    /// Several of equal size, one behind the other. The number is how many axes each has, where the header says.
    Several(Vec<String>, Option<u64>),
}

impl DataFiles {
    /// What a header's `data file` names; `None` where the voxels follow the header.
    pub(super) fn of(fields: &Fields) -> Result<Option<Self>, Error> {
        let Some(value) = fields.get("datafile") else { return Ok(None) };
        if let Some(axes) = list(value) {
            if fields.list.is_empty() {
                return Err(Error::malformed("data file", "an empty LIST", "a file name in each line that follows"));
            }
            let axes = match axes {
                "" => None,
                text => {
                    Some(text.parse().map_err(|_| Error::malformed("data file", value, "LIST and a number of axes"))?)
                }
            };
            return Ok(Some(Self::Several(fields.list.clone(), axes)));
        }
        Ok(Some(match numbered("data file", value)? {
            Some(found) => Self::Several(found.names, found.dimension),
            None => Self::One(value.to_owned()),
        }))
    }

    /// Their names, as the header says them.
    pub(crate) fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names, _) => names,
        }
    }

    /// Bytes of voxels in each file.
    ///
    /// # Errors
    /// Where the files do not hold equal parts of the whole, or not the part that the number of axes says.
    pub(super) fn part(&self, sizes: &[u64], bytes: u64, scalar_bytes: u64) -> Result<u64, Error> {
        let Self::Several(names, axes) = self else { return Ok(bytes) };
        let files = names.len() as u64;
        let wrong = |wanted| Error::malformed("data file", format!("{files} files"), wanted);
        if let Some(axes) = axes {
            let held = usize::try_from(*axes).ok().filter(|n| (1..=sizes.len()).contains(n));
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
}
