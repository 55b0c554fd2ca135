//! `SHA256SUMS`: every file of a finished output with its digest, in the form that `sha256sum -c` reads.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use isocenter_volume::Ctx;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::{Error, unfinished};

/// The name of the list.
pub(super) const LIST: &str = "SHA256SUMS";
/// Files that are in no list: the list itself, what has clock times in it, and the mark that goes as the last.
const NOT_LISTED: [&str; 3] = [LIST, "run.jsonl", unfinished::NAME];

/// Digests by path below the output folder, with `/` between folders; of a file that cannot be read, why.
pub(super) type Digests = BTreeMap<String, Result<String, String>>;

/// Hashes every file of the tree but those that are in no list.
pub(super) fn of_tree(out: &Path, ctx: &Ctx<'_>) -> Result<Digests, Error> {
    let mut files: Vec<(String, PathBuf)> = Vec::new();
    for entry in walkdir::WalkDir::new(out) {
        let entry = entry.map_err(|e| {
            let path = e.path().unwrap_or(out).to_owned();
            Error::io("list a folder", path)(e.into())
        })?;
        let name = relative(out, entry.path());
        if !entry.file_type().is_dir() && !NOT_LISTED.contains(&name.as_str()) {
            files.push((name, entry.into_path()));
        }
    }
    let stage = ctx.stage("comparing digests", files.len() as u64);
    files
        .into_par_iter()
        .map(|(name, path)| {
            let digest = sha256_file(&path, ctx).map_err(|error| match error {
                Error::Io { source, .. } => source.to_string(),
                other => other.to_string(),
            });
            stage.advance(1)?;
            Ok((name, digest))
        })
        .collect()
}

fn relative(out: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(out).unwrap_or(path).components();
    parts.map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Writes the list.
pub(super) fn write(out: &Path, digests: &Digests) -> Result<(), Error> {
    let mut text = String::new();
    for (name, digest) in digests {
        if let Ok(digest) = digest {
            text.push_str(&format!("{digest}  {name}\n"));
        }
    }
    let path = out.join(LIST);
    isocenter_files::write(&path, text.as_bytes()).map_err(Error::io("write a file", &path))
}

/// Reads the list; a line that is none is an error.
pub(super) fn read(out: &Path) -> Result<BTreeMap<String, String>, Error> {
    let path = out.join(LIST);
    let text = fs::read_to_string(&path).map_err(Error::io("read a file", &path))?;
    let mut listed = BTreeMap::new();
    for (n, line) in text.lines().enumerate() {
        let (digest, name) = line.split_once("  ").ok_or_else(|| Error::Verification {
            message: format!("line {} of {LIST} is not a digest and a file", n + 1),
        })?;
        listed.insert(name.to_owned(), digest.to_owned());
    }
    Ok(listed)
}

/// SHA-256 of a file as lower-case hexadecimal.
///
/// # Errors
/// [`Error::Io`], [`Error::Cancelled`].
pub(crate) fn sha256_file(path: &Path, ctx: &Ctx<'_>) -> Result<String, Error> {
    let mut file = isocenter_files::open_regular(path).map_err(Error::io("read a file", path))?;
    sha256_of(&mut file, ctx).map_err(|stop| match stop {
        Stop::Cancelled => Error::Cancelled,
        Stop::Io(source) => Error::io("read a file", path)(source),
    })
}

/// Why a digest was not made.
pub(crate) enum Stop {
    Cancelled,
    Io(io::Error),
}

/// SHA-256 of all that a reader gives, as lower-case hexadecimal.
///
/// # Errors
/// Those of the reader, and a caller who asks to stop.
pub(crate) fn sha256_of(reader: &mut dyn Read, ctx: &Ctx<'_>) -> Result<String, Stop> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE];
    loop {
        ctx.check().map_err(|_| Stop::Cancelled)?;
        match reader.read(&mut piece) {
            Ok(count) => match piece.get(..count) {
                Some(read) if !read.is_empty() => hash.update(read),
                _ => return Ok(data_encoding::HEXLOWER.encode(&hash.finalize())),
            },
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Stop::Io(error)),
        }
    }
}

/// SHA-256 of bytes, as lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Bytes that are hashed at once, some milliseconds.
const PIECE: usize = 1 << 18;
