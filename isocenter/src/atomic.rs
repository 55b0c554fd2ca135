//! Files that are either whole under their final name or not there at all.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

use crate::Error;

/// Writes `bytes` beside `path` and renames; the folder is made where it is missing.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        create_dir(folder)?;
    }
    let part = part_name(path);
    let result = File::create(&part).and_then(|mut f| f.write_all(bytes)).and_then(|()| fs::rename(&part, path));
    if result.is_err() {
        // best effort: what matters is that nothing partial stands under the final name
        let _ = fs::remove_file(&part);
    }
    result.map_err(Error::io("write a file", path))
}

/// Makes a folder and its parents.
pub(crate) fn create_dir(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(Error::io("make a folder", path))
}

/// Moves a file within one tree; the target's folder is made where it is missing.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    if let Some(folder) = to.parent() {
        create_dir(folder)?;
    }
    fs::rename(from, to).map_err(Error::io("move a file", to))
}

fn part_name(path: &Path) -> std::path::PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_nothing_partial_where_the_target_is_a_folder() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("x")).unwrap();
        assert!(matches!(write(&dir.path().join("x"), b"1"), Err(Error::Io { .. })));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
