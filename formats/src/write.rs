//! Writing by extension, beside and renamed.

use std::{
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use flate2::{Compression, GzBuilder, write::GzEncoder};

use crate::{Error, File, Format, WriteOptions, registry, target::Target};

/// Writes a file in the format of its extension: `.nii`, `.nii.gz`, `.hdr` (with `.img`), `.nrrd`, `.nhdr` (with `.raw`).
///
/// # Errors
/// See [`write_with`].
pub fn write(path: impl AsRef<Path>, file: &File) -> Result<(), Error> {
    write_with(path, file, &WriteOptions::default())
}

/// Writes a file under the given options.
///
/// The bytes go to a new file in the same folder that is renamed at the end, so that no half-written file is ever found under the
/// final name. A gzip stream has no name and no time in it: the same file gives the same bytes.
///
/// # Errors
/// [`Error::UnknownExtension`], [`Error::Unsupported`], [`Error::PerPlaneScaling`], [`Error::Scaling`], [`Error::Io`] (with the path).
pub fn write_with(path: impl AsRef<Path>, file: &File, options: &WriteOptions) -> Result<(), Error> {
    let path = path.as_ref();
    write_path(path, file, options).map_err(|e| e.at(path))
}

/// The bytes of a file in the single-file format of an extension, such as `nii.gz` or `nrrd`.
///
/// # Errors
/// As [`write_with`].
pub fn write_bytes(file: &File, extension: &str, options: &WriteOptions) -> Result<Vec<u8>, Error> {
    let name = format!(".{}", extension.trim_start_matches('.'));
    let Some((format, Shape::Single { gzip })) = choose(&name) else { return Err(Error::UnknownExtension) };
    let mut out = Vec::new();
    write_single(format, file, &mut out, gzip, options)?;
    Ok(out)
}

enum Shape {
    Single { gzip: bool },
    Pair { data: &'static str },
}

fn choose(name: &str) -> Option<(&'static dyn Format, Shape)> {
    let name = name.to_ascii_lowercase();
    for format in registry() {
        for extension in format.extensions() {
            if name.ends_with(&format!(".{extension}")) {
                return Some((*format, Shape::Single { gzip: extension.ends_with(".gz") }));
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

fn write_path(path: &Path, file: &File, options: &WriteOptions) -> Result<(), Error> {
    let name = path.file_name().ok_or(Error::UnknownExtension)?.to_string_lossy();
    let (format, shape) = choose(&name).ok_or(Error::UnknownExtension)?;
    match shape {
        Shape::Single { gzip } => {
            let mut beside = Beside::new(path)?;
            write_single(format, file, &mut beside.writer, gzip, options)?;
            beside.finish()
        }
        Shape::Pair { data } => {
            let data_path = path.with_extension(data);
            let data_name = data_path.file_name().ok_or(Error::UnknownExtension)?.to_string_lossy().into_owned();
            let (mut header, mut data) = (Beside::new(path)?, Beside::new(&data_path)?);
            let mut target = Target::Pair { header: &mut header.writer, data: &mut data.writer, data_name: &data_name };
            format.write(file, &mut target, options)?;
            data.finish()?;
            header.finish()
        }
    }
}

fn write_single(
    format: &dyn Format,
    file: &File,
    out: &mut dyn Write,
    gzip: bool,
    options: &WriteOptions,
) -> Result<(), Error> {
    if !gzip {
        return format.write(file, &mut Target::Single(out), options);
    }
    let mut encoder = gzip_encoder(out, options);
    format.write(file, &mut Target::Single(&mut encoder), options)?;
    encoder.finish().map(|_| ()).map_err(Error::io)
}

/// An encoder whose header names no file, no time and no system (RFC 1952, 2.3.1).
pub(crate) fn gzip_encoder<W: Write>(out: W, options: &WriteOptions) -> GzEncoder<W> {
    GzBuilder::new().mtime(0).operating_system(255).write(out, Compression::new(options.level.min(9)))
}

/// A new file beside the one that is wanted; removed unless finished.
struct Beside {
    writer: BufWriter<fs::File>,
    temporary: PathBuf,
    path: PathBuf,
    finished: bool,
}

impl Beside {
    fn new(path: &Path) -> Result<Self, Error> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        loop {
            // the temporary name says nothing of the final one, which may name a patient
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let temporary = path.with_file_name(format!(".isocenter-{}-{number}.tmp", std::process::id()));
            match fs::File::options().write(true).create_new(true).open(&temporary) {
                Ok(file) => {
                    let writer = BufWriter::with_capacity(1 << 17, file);
                    return Ok(Self { writer, temporary, path: path.to_owned(), finished: false });
                }
                // left by a process of the same number that was killed, or by one in another container: take the next name
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(Error::io(e)),
            }
        }
    }

    fn finish(mut self) -> Result<(), Error> {
        self.writer.flush().map_err(Error::io)?;
        fs::rename(&self.temporary, &self.path).map_err(Error::io)?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.finished {
            // best effort: the error that led here is the one to report
            let _ = fs::remove_file(&self.temporary);
        }
    }
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
        assert!(of("nii").is_none());
        assert!(of("x.mha").is_none());
    }
}
