//! Writing by extension: to a path, to any writer, to memory.

use std::{
    collections::BTreeMap,
    io::Write,
    path::{Path, PathBuf},
};

use isocenter_files::Beside;

use crate::{Error, File, Format, WriteOptions, folder, gzip, registry, target::Target};

/// Writes a file in the format of its extension: `.nii`, `.nii.gz`, `.hdr` (with `.img`), `.nrrd`, `.nhdr` (with `.raw`),
/// `.mha`, `.mhd` (with `.raw`), `.mgz`, `.mgh`, `.npy`, `.vtk`, `.gipl`, `.gipl.gz`, `.tif`, `.png` (a file for each plane), `.zarr` (a folder), and those of
/// [`crate::registry()`].
///
/// # Errors
/// See [`write_with`].
pub fn write(path: impl AsRef<Path>, file: &File) -> Result<(), Error> {
    write_with(path, file, &WriteOptions::default())
}

/// Writes a file under the given options.
///
/// The bytes go to a new file in the same folder that is renamed at the end, so that no half-written file is ever found under the
/// final name, also where the observer stops it. A gzip stream has no name and no time in it: the same file gives the same bytes.
///
/// # Errors
/// [`Error::UnknownExtension`], [`Error::Unsupported`], [`Error::PerPlaneScaling`], [`Error::Scaling`], [`Error::Cancelled`],
/// [`Error::Io`] (with the path).
pub fn write_with(path: impl AsRef<Path>, file: &File, options: &WriteOptions<'_>) -> Result<(), Error> {
    write_files(path, file, options).map(|_| ())
}

/// Writes a file under the given options, and says which files that made: its own; of a pair the header, then the data; of slices
/// (`NAME.png` of several planes) `NAME_0001.png` and those that follow, in the order of their planes; of a store all files in its
/// folder.
///
/// # Errors
/// As [`write_with`].
pub fn write_files(path: impl AsRef<Path>, file: &File, options: &WriteOptions<'_>) -> Result<Vec<PathBuf>, Error> {
    let path = path.as_ref();
    write_path(path, file, options).map_err(|e| e.at(path))
}

/// Writes to any writer, in the single-file format of an extension, such as `nii.gz` or `nrrd`. What was written is worth nothing
/// after an error.
///
/// # Errors
/// As [`write_with`].
pub fn write_to(out: &mut dyn Write, file: &File, extension: &str, options: &WriteOptions<'_>) -> Result<(), Error> {
    let (format, gzip) = match of_extension(extension) {
        Some((format, Shape::Single { gzip })) => (format, gzip),
        Some((format, Shape::Several | Shape::Folder)) => (format, false),
        _ => return Err(Error::UnknownExtension),
    };
    write_single(format, file, out, gzip, options)
}

/// Writes header and data to two writers, in the format of the header's extension, `hdr`, `nhdr` or `mhd`. `data_name` is the name under
/// which a reader will find the data beside the header.
///
/// # Errors
/// As [`write_with`].
pub fn write_pair(
    [header, data]: [&mut dyn Write; 2],
    data_name: &str,
    file: &File,
    extension: &str,
    options: &WriteOptions<'_>,
) -> Result<(), Error> {
    let Some((format, Shape::Pair { .. })) = of_extension(extension) else { return Err(Error::UnknownExtension) };
    format.write(file, &mut Target::Pair { header, data, data_name }, options)
}

/// The bytes of a file in the single-file format of an extension, such as `nii.gz` or `nrrd`.
///
/// # Errors
/// As [`write_with`].
pub fn write_bytes(file: &File, extension: &str, options: &WriteOptions<'_>) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    write_to(&mut out, file, extension, options)?;
    Ok(out)
}

fn of_extension(extension: &str) -> Option<(&'static dyn Format, Shape)> {
    choose(&format!(".{}", extension.trim_start_matches('.')))
}

enum Shape {
    Single {
        gzip: bool,
    },
    Pair {
        data: &'static str,
    },
    /// Files of their own.
    Several,
    /// A folder of them.
    Folder,
}

fn choose(name: &str) -> Option<(&'static dyn Format, Shape)> {
    let name = name.to_ascii_lowercase();
    for format in registry() {
        for extension in format.extensions() {
            if name.ends_with(&format!(".{extension}")) {
                if format.is_folder() {
                    return Some((*format, Shape::Folder));
                }
                if format.is_several() {
                    return Some((*format, Shape::Several));
                }
                return Some((*format, Shape::Single { gzip: extension.ends_with("gz") }));
            }
        }
        if let Some((header, data)) = format.pair()
            && name.ends_with(&format!(".{header}"))
        {
            return Some((*format, Shape::Pair { data }));
        }
    }
    None
}

fn write_path(path: &Path, file: &File, options: &WriteOptions<'_>) -> Result<Vec<PathBuf>, Error> {
    let name = path.file_name().ok_or(Error::UnknownExtension)?.to_string_lossy();
    let (format, shape) = choose(&name).ok_or(Error::UnknownExtension)?;
    match shape {
        Shape::Single { gzip } => {
            let mut beside = Beside::create(path).map_err(Error::io)?;
            write_single(format, file, &mut beside, gzip, options)?;
            beside.finish().map_err(Error::io)?;
            Ok(vec![path.to_owned()])
        }
        Shape::Pair { data } => {
            let data_path = path.with_extension(data);
            let data_name = data_path.file_name().ok_or(Error::UnknownExtension)?.to_string_lossy().into_owned();
            let create = |path: &Path| Beside::create(path).map_err(Error::io);
            let (mut header, mut data) = (create(path)?, create(&data_path)?);
            let mut target = Target::Pair { header: &mut header, data: &mut data, data_name: &data_name };
            format.write(file, &mut target, options)?;
            data.finish().and_then(|()| header.finish()).map_err(Error::io)?;
            Ok(vec![path.to_owned(), data_path])
        }
        Shape::Several => {
            let stem = name.rsplit_once('.').map_or(name.as_ref(), |(stem, _)| stem);
            // packed, in memory, before one of them is there: what fails or is stopped leaves nothing
            let mut files = BTreeMap::new();
            format.write(file, &mut Target::Several { stem, sink: &mut files }, options)?;
            let mut written = Vec::new();
            for (name, bytes) in files {
                let place = path.with_file_name(name);
                let is_new = !place.exists();
                if let Err(e) = isocenter_files::write(&place, &bytes) {
                    // half a stack is none
                    written
                        .iter()
                        .filter(|(_, is_new)| *is_new)
                        .for_each(|(p, _): &(PathBuf, bool)| drop(std::fs::remove_file(p)));
                    return Err(Error::io(e));
                }
                written.push((place, is_new));
            }
            Ok(written.into_iter().map(|(place, _)| place).collect())
        }
        Shape::Folder => {
            let stem = name.rsplit_once('.').map_or(name.as_ref(), |(stem, _)| stem);
            let mut writing = folder::Writing::begin(path)?;
            format.write(file, &mut Target::Several { stem, sink: &mut writing }, options)?;
            writing.finish()
        }
    }
}

fn write_single(
    format: &dyn Format,
    file: &File,
    out: &mut dyn Write,
    gzip: bool,
    options: &WriteOptions<'_>,
) -> Result<(), Error> {
    if !gzip {
        return format.write(file, &mut Target::Single(out), options);
    }
    let mut encoder = gzip::Encoder::new(out, options.level, &options.ctx).map_err(Error::io)?;
    format.write(file, &mut Target::Single(&mut encoder), options)?;
    encoder.finish().map_err(Error::io)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_choose_and_dots_in_names_do_not_matter() {
        let of = |name| choose(name).map(|(f, s)| (f.name(), matches!(s, Shape::Single { gzip: true })));
        assert_eq!(of("1.2.840.nii"), Some(("NIfTI", false)));
        assert_eq!(of("A.NII.GZ"), Some(("NIfTI", true)));
        assert_eq!(of("x.seg.nrrd"), Some(("NRRD", false)));
        assert_eq!(of("x.mha"), Some(("MetaImage", false)));
        assert_eq!(of("x.MHD"), Some(("MetaImage", false)));
        assert_eq!(of("orig.mgz"), Some(("MGH", true)));
        assert_eq!(of("orig.mgh"), Some(("MGH", false)));
        assert_eq!(of("orig.mgh.gz"), Some(("MGH", true)));
        assert!(of("nii").is_none());
        assert!(of("x.mhz").is_none());
    }
}
