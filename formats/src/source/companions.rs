//! The files that lie beside one, by name.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Debug,
    io,
    path::{Component, Path, PathBuf},
};

use super::Stream;

/// Gives the files beside a header, by the names that it says: the data of a detached NRRD, the `.img` of a `.hdr`.
///
/// A name is relative and leads down only (`a.raw`, `data/a.raw`); [`super::Source::open_beside`] refuses others before they come
/// here. Implemented for a folder of the system ([`Folder`]) and for maps from names to bytes.
///
/// # Examples
/// ```
/// use std::collections::BTreeMap;
/// use isocenter_formats::{ReadOptions, Source, read_from};
///
/// let header = b"NRRD0005\ntype: uchar\ndimension: 3\nsizes: 2 1 1\nencoding: raw\ndata file: a.raw\n\n";
/// let beside = BTreeMap::from([("a.raw".to_owned(), vec![7u8, 9])]);
/// let source = Source::from_bytes(header)?.beside("a.nhdr", &beside);
/// let file = read_from(source, &ReadOptions::default())?;
/// assert_eq!(file.volume.shape(), [2, 1, 1]);
/// # Ok::<_, isocenter_formats::Error>(())
/// ```
pub trait Companions: Debug {
    /// Opens a file by name.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where there is none of that name; any other of reading.
    fn open(&self, name: &str) -> io::Result<Stream<'_>>;
}

/// A name that a header says, as one below its folder; `None` where it leads out of it, or names none.
///
/// A header from a stranger must not choose which file of the system is read: what is asked for is spelled anew, of the parts that were
/// looked at.
pub(crate) fn inside(name: &str) -> Option<String> {
    let part = |part| match part {
        Component::Normal(part) => part.to_str(),
        _ => None,
    };
    let parts = Path::new(name).components().filter(|part| *part != Component::CurDir);
    parts.map(part).collect::<Option<Vec<_>>>().map(|parts| parts.join("/")).filter(|name| !name.is_empty())
}

/// A folder of the system. What is no regular file in it (a pipe, a socket, a device) is not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder(PathBuf);

impl Folder {
    /// The files of a folder and below.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Companions for Folder {
    fn open(&self, name: &str) -> io::Result<Stream<'_>> {
        Stream::open_regular(&self.0.join(name))
    }
}

impl<C: Companions + ?Sized> Companions for &C {
    fn open(&self, name: &str) -> io::Result<Stream<'_>> {
        (**self).open(name)
    }
}

macro_rules! of_map {
    ($($map:ident),*) => {$(
        impl<B: AsRef<[u8]> + Debug> Companions for $map<String, B> {
            fn open(&self, name: &str) -> io::Result<Stream<'_>> {
                let bytes = self.get(name).ok_or(io::ErrorKind::NotFound)?;
                Ok(Stream::from_bytes(bytes.as_ref()))
            }
        }
    )*};
}
of_map!(BTreeMap, HashMap);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_down_or_nowhere() {
        for (name, wanted) in [
            ("a.raw", Some("a.raw")),
            ("./a.raw", Some("a.raw")),
            ("d/./a b.raw", Some("d/a b.raw")),
            (".//etc/passwd", Some("etc/passwd")),
            ("././/etc//passwd", Some("etc/passwd")),
            ("/etc/passwd", None),
            ("//etc/passwd", None),
            ("../a.raw", None),
            ("d/../../a.raw", None),
            (".", None),
            ("", None),
        ] {
            assert_eq!(inside(name).as_deref(), wanted, "{name}");
        }
    }
}
