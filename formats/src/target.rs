//! Where a file is written to: one stream, or a header and its data apart.

use std::{fmt, io::Write};

use crate::Error;

/// Where a file is written to.
#[non_exhaustive]
pub enum Target<'a> {
    /// Header and data in one stream.
    Single(&'a mut dyn Write),
    /// A header that names, or stands beside, the file of its data.
    Pair {
        /// The header.
        header: &'a mut dyn Write,
        /// The data.
        data: &'a mut dyn Write,
        /// Name of the data file, without a folder.
        data_name: &'a str,
    },
}

impl Target<'_> {
    /// Whether header and data lie apart.
    pub const fn is_pair(&self) -> bool {
        matches!(self, Self::Pair { .. })
    }

    pub(crate) fn header(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match self {
            Self::Single(w) | Self::Pair { header: w, .. } => w.write_all(bytes).map_err(Error::io),
        }
    }

    pub(crate) fn data(&mut self) -> &mut dyn Write {
        match self {
            Self::Single(w) | Self::Pair { data: w, .. } => *w,
        }
    }
}

impl fmt::Debug for Target<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_pair() { "Target::Pair" } else { "Target::Single" })
    }
}
