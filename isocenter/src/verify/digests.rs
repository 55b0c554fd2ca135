//! `SHA256SUMS`: every file of a finished output with its digest, in the form that `sha256sum -c` reads.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use isocenter_volume::Ctx;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::Error;

/// The name of the list.
pub(super) const LIST: &str = "SHA256SUMS";
/// Files that are in no list: the list itself, and what has clock times in it.
const NOT_LISTED: [&str; 2] = [LIST, "run.jsonl"];

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
            let digest = sha256_file(&path).map_err(|error| match error {
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
pub(crate) fn sha256_file(path: &Path) -> Result<String, Error> {
    let mut file = isocenter_files::open_regular(path).map_err(Error::io("read a file", path))?;
    let mut hash = Sha256::new();
    std::io::copy(&mut file, &mut Sink(&mut hash)).map_err(Error::io("read a file", path))?;
    Ok(data_encoding::HEXLOWER.encode(&hash.finalize()))
}

struct Sink<'a>(&'a mut Sha256);

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
