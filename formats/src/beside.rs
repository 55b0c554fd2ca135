//! Which files beside a header hold its voxels: one rule for all who list files.

use std::path::{Path, PathBuf};

use crate::{Error, ReadOptions, Source, registry, source::inside};

/// The files that hold the voxels of a header, by what the header itself says; none for a file that holds its own.
///
/// NRRD's `data file` and MetaImage's `ElementDataFile` name one file of any name, a list, or a pattern with a range of numbers;
/// the header of a NIfTI or Analyze pair has its name in common with the data (both `.img` and `.img.gz` are given). The files need
/// not exist; a name that leads out of the header's folder is left out, and the file is not read as its voxels either.
///
/// Whoever walks a folder asks this, so that no file is taken for an input of its own that is part of another.
///
/// # Errors
/// Those of reading a header, as far as the names.
pub fn data_files(path: impl AsRef<Path>, options: &ReadOptions<'_>) -> Result<Vec<PathBuf>, Error> {
    let path = path.as_ref();
    let names = Source::open(path).and_then(|source| data_names(source, options)).map_err(|e| e.at(path))?;
    let folder = path.with_file_name("");
    Ok(names.iter().map(|name| folder.join(name)).collect())
}

/// As [`data_files`], for any source: the names of the files, below the folder of the source's own ([`Source::beside`]).
///
/// # Errors
/// As [`data_files`].
pub fn data_names(source: Source<'_>, options: &ReadOptions<'_>) -> Result<Vec<String>, Error> {
    let mut source = source.ctx(options.ctx);
    let own = source.name().map(str::to_owned);
    let names = match registry().iter().find(|f| f.sniff(source.head())) {
        Some(format) => format.data_files(&mut source, options)?,
        None => Vec::new(),
    };
    Ok(names.iter().filter_map(|name| inside(name)).filter(|name| Some(name) != own.as_ref()).collect())
}
