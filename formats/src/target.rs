//! Where a file is written to: one stream, or a header and its data apart.

use std::{
    fmt,
    io::{self, Write},
};

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
    /// Files of their own, whose names begin with a stem.
    Several {
        /// What their names begin with.
        stem: &'a str,
        /// Takes them.
        sink: &'a mut dyn Sink,
    },
}

/// Takes the files of a format that writes several.
pub trait Sink: fmt::Debug {
    /// Takes a whole file; its name is relative, and leads down only.
    ///
    /// # Errors
    /// Those of the system.
    fn file(&mut self, name: &str, bytes: Vec<u8>) -> io::Result<()>;
}

/// Holds the files in memory, by name.
impl Sink for std::collections::BTreeMap<String, Vec<u8>> {
    fn file(&mut self, name: &str, bytes: Vec<u8>) -> io::Result<()> {
        self.insert(name.to_owned(), bytes);
        Ok(())
    }
}

impl Target<'_> {
    /// Whether header and data lie apart.
    pub const fn is_pair(&self) -> bool {
        matches!(self, Self::Pair { .. })
    }

    pub(crate) fn header(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match self {
            Self::Single(w) | Self::Pair { header: w, .. } => w.write_all(bytes).map_err(Error::io),
            Self::Several { .. } => Err(Self::no_stream()),
        }
    }

    pub(crate) fn data(&mut self) -> &mut dyn Write {
        match self {
            Self::Single(w) | Self::Pair { data: w, .. } => *w,
            // such a format asks for the sink; what it would write here is not lost in silence: its header is refused
            Self::Several { .. } => self,
        }
    }

    fn no_stream() -> Error {
        Error::unsupported("a format of one file written as several", "")
    }
}

/// Refuses what a format of one file would write as several.
impl Write for Target<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Single(w) | Self::Pair { data: w, .. } => w.write(bytes),
            Self::Several { .. } => Err(Self::no_stream().into_io()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Target<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Single(_) => "Target::Single",
            Self::Pair { .. } => "Target::Pair",
            Self::Several { .. } => "Target::Several",
        })
    }
}
