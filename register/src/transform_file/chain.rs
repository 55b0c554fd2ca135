//! A file that continues another by name.

use std::path::{Path, PathBuf};

use isocenter_volume::Affine;

use super::{Error, MOST_BYTES, elastix, load};

/// Most files behind each other; elastix writes one for each stage.
const DEEPEST: usize = 16;

/// The map of an elastix file and of those it continues.
pub(super) fn follow(path: &Path, text: &str, anywhere: bool) -> Result<Affine, Error> {
    let part = elastix::parse(text)?;
    let home = folder(path)?;
    let mut parts = vec![part];
    let mut here = home.clone();
    while let Some(name) = parts.last().and_then(|part| part.initial.clone()) {
        if parts.len() == DEEPEST {
            return Err(Error::Chain { why: "after sixteen others: they may lead in a circle" });
        }
        let found = place(&here, &name)?;
        if !anywhere && !found.starts_with(&home) {
            return Err(Error::Chain { why: "outside the folder of this one" });
        }
        let bytes = load(&found, MOST_BYTES)?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Error::Malformed { line: 1, what: "the file that comes first is not text" })?;
        parts.push(elastix::parse(text)?);
        here = folder(&found)?;
    }
    Ok(parts.iter().rev().fold(Affine::IDENTITY, |first, part| part.after(&first)))
}

/// Where the file of a name lies: from this folder, or, as elastix has it, in this folder under its last name. elastix writes the name as
/// seen from where it ran, and results are moved.
fn place(here: &Path, name: &str) -> Result<PathBuf, Error> {
    let named = here.join(name);
    let missing = match named.canonicalize() {
        Ok(found) => return Ok(found),
        Err(source) => Error::Io { path: named, source },
    };
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    here.join(last).canonicalize().map_err(|_| missing)
}

/// The folder of a file, without links.
fn folder(path: &Path) -> Result<PathBuf, Error> {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    parent.canonicalize().map_err(|source| Error::Io { path: parent.to_owned(), source })
}
