//! Zip archives and DICOMDIRs among what was found: they are read as folders are, and like these are no files that count.
//!
//! An archive that holds an image, or what may be one, is left out, and its members stay. One that holds none (a document, a table, a program)
//! stays as one file, and its members are left out; so does one that is a volume itself (`.npz`). A DICOMDIR is left out where there are images in its folder or below: it only lists them.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use isocenter_dcm::scan::{Kind, Scanned};
use isocenter_volume::Ctx;

use crate::volume_file;

/// One file as far as this is concerned.
pub(crate) struct Listed {
    path: PathBuf,
    /// The archive that it is a member of.
    archive: Option<PathBuf>,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// An archive whose members are listed too.
    Archive,
    /// An archive that is a volume itself, by a format that packs its parts.
    Whole,
    Directory,
    Image,
    /// What may be an image, or hold some: another volume file, what cannot be read, an archive within an archive.
    Unclear,
    Other,
}

/// What was read as a folder is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Containers {
    pub(crate) archives: usize,
    pub(crate) directories: usize,
}

impl Listed {
    /// What is to be known of a file.
    pub(crate) fn of(scanned: &Scanned, ctx: &Ctx<'_>) -> Self {
        let what = match &scanned.kind {
            Kind::Dicom(_) => What::Image,
            Kind::Directory(_) => What::Directory,
            Kind::NotDicom(_) if scanned.is_archive() => match volume_file::begins(scanned, ctx) {
                Some(_) => What::Whole,
                None => What::Archive,
            },
            Kind::Failed(_) => What::Unclear,
            Kind::NotDicom(kind) if kind.is_packed() => What::Unclear,
            // only of a member does anybody ask
            _ if scanned.archive().is_some() && volume_file::begins(scanned, ctx).is_some() => What::Unclear,
            _ => What::Other,
        };
        Self { path: scanned.path.clone(), archive: scanned.archive().map(Path::to_path_buf), what }
    }
}

/// Leaves out what is no file that counts; `listed` says of each entry what it is.
pub(crate) fn leave_out<T>(entries: Vec<T>, listed: &[Listed]) -> (Vec<T>, Containers) {
    let mut holding: BTreeSet<&Path> =
        listed.iter().filter(|l| l.what != What::Other).filter_map(|l| l.archive.as_deref()).collect();
    let whole: BTreeSet<&Path> = listed.iter().filter(|l| l.what == What::Whole).map(|l| l.path.as_path()).collect();
    let images: BTreeSet<&Path> = listed.iter().filter(|l| l.what == What::Image).map(|l| l.path.as_path()).collect();
    holding.retain(|archive| !whole.contains(archive));
    let lists_images = |directory: &Path| {
        let Some(folder) = directory.parent() else { return false };
        images.range(folder..).next().is_some_and(|image| image.starts_with(folder))
    };
    let mut left = Containers::default();
    let mut stays = |l: &Listed| match (&l.archive, l.what) {
        (Some(archive), _) if !holding.contains(archive.as_path()) => false,
        (_, What::Archive) if holding.contains(l.path.as_path()) => {
            left.archives += 1;
            false
        }
        (_, What::Directory) if lists_images(&l.path) => {
            left.directories += 1;
            false
        }
        _ => true,
    };
    let kept = entries.into_iter().zip(listed).filter(|(_, l)| stays(l)).map(|(entry, _)| entry).collect();
    (kept, left)
}

/// What the paths of an archive's members start with.
pub(crate) fn inside(archive: &Path) -> PathBuf {
    let mut path = archive.as_os_str().to_owned();
    path.push("!");
    path.into()
}

/// The name of a folder, also of an archive that is read as one: an archive is called by its own name without its ending.
pub(crate) fn folder_name(name: &str) -> &str {
    let archive = name.strip_suffix('!').and_then(|archive| archive.rsplit_once('.'));
    archive.map_or(name, |(stem, _)| stem)
}

/// The path without links of what may be a member of an archive, whose own name is not looked for.
pub(crate) fn real_path(path: &Path) -> std::io::Result<PathBuf> {
    let missing = match path.canonicalize() {
        Ok(real) => return Ok(real),
        Err(missing) => missing,
    };
    let member = path.ancestors().skip(1).find_map(|above| {
        let archive = Path::new(above.to_str()?.strip_suffix('!')?).canonicalize().ok()?;
        archive.is_file().then_some(())?;
        Some(inside(&archive).join(path.strip_prefix(above).ok()?))
    });
    member.ok_or(missing)
}

impl Containers {
    /// What a caller should know of them.
    pub(crate) fn remark(self) -> Option<String> {
        let count = |number: usize, one: &str, more: &str| match number {
            0 => None,
            1 => Some(format!("1 {one}")),
            number => Some(format!("{number} {more}")),
        };
        let counts =
            [count(self.archives, "zip archive", "zip archives"), count(self.directories, "DICOMDIR", "DICOMDIRs")];
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        (!counts.is_empty()).then(|| format!("read as folders are, and not counted as files: {}", counts.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(entries: &[(&str, Option<&str>, What)]) -> (Vec<usize>, Containers) {
        let of = |(path, archive, what): &(&str, Option<&str>, What)| Listed {
            path: path.into(),
            archive: archive.map(PathBuf::from),
            what: *what,
        };
        let listed: Vec<Listed> = entries.iter().map(of).collect();
        leave_out((0..entries.len()).collect(), &listed)
    }

    #[test]
    fn an_archive_counts_where_nothing_in_it_does() {
        let (left, found) = kept(&[
            ("a.zip", None, What::Archive),
            ("a.zip!/1", Some("a.zip"), What::Image),
            ("a.zip!/note", Some("a.zip"), What::Other),
            ("b.xlsx", None, What::Archive),
            ("b.xlsx!/t", Some("b.xlsx"), What::Other),
            ("c.zip", None, What::Archive),
            ("c.zip!/x.zip", Some("c.zip"), What::Unclear),
            ("d.zip", None, What::Archive),
            ("e.npz", None, What::Whole),
            ("e.npz!/data.npy", Some("e.npz"), What::Unclear),
        ]);
        assert_eq!((left, found), (vec![1, 2, 3, 6, 7, 8], Containers { archives: 2, directories: 0 }));
        assert_eq!(found.remark().unwrap(), "read as folders are, and not counted as files: 2 zip archives");
    }

    #[test]
    fn an_archive_is_called_as_its_folder_was() {
        for (name, wanted) in [("P1.zip!", "P1"), ("a.b.zip!", "a.b"), ("P1.zip", "P1.zip"), ("well!", "well!")] {
            assert_eq!(folder_name(name), wanted);
        }
    }

    #[test]
    fn a_directory_counts_where_no_image_lies_below_it() {
        let (left, found) = kept(&[
            ("cd/DICOMDIR", None, What::Directory),
            ("cd/IM/1", None, What::Image),
            ("cd2/DICOMDIR", None, What::Directory),
            ("cd3/1", None, What::Image),
        ]);
        assert_eq!((left, found.directories), (vec![1, 2, 3], 1));
    }
}
