//! Names of images: relative, without ending, no two alike.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    path::{Path, PathBuf},
};

use crate::volume_file::stem;

/// The file's name without the ending of its format.
pub(super) fn stem_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    stem(&name).to_owned()
}

/// Where a volume file lies below the path that it was found under.
pub(super) fn of_file(path: &Path, roots: &[PathBuf]) -> PathBuf {
    below(path, roots).with_file_name(stem_of(path))
}

/// A series by its folder and number; one of a single file by that file.
pub(super) fn of_series(first: &Path, files: usize, number: Option<i64>, roots: &[PathBuf]) -> PathBuf {
    if files == 1 {
        return below(first, roots).with_file_name(stem_of(first).trim_end_matches(".dcm"));
    }
    let name = number.map_or_else(|| "series".to_owned(), |number| format!("series-{number}"));
    below(first, roots).with_file_name(name)
}

fn below(path: &Path, roots: &[PathBuf]) -> PathBuf {
    let root = roots.iter().filter(|root| path.starts_with(root)).max_by_key(|root| root.components().count());
    let rest = root.and_then(|root| path.strip_prefix(root).ok()).filter(|rest| !rest.as_os_str().is_empty());
    rest.map_or_else(|| PathBuf::from(path.file_name().unwrap_or_default()), Path::to_path_buf)
}

/// The same names, with a number after those that were there before; file systems may tell no case.
pub(super) fn apart(names: Vec<PathBuf>) -> Vec<PathBuf> {
    let lower = |path: &Path| path.to_string_lossy().to_lowercase();
    let mut taken = BTreeSet::new();
    let mut all = Vec::with_capacity(names.len());
    for name in names {
        let numbered = (2..).map(|n| {
            let mut with: OsString = name.as_os_str().to_owned();
            with.push(format!("-{n}"));
            PathBuf::from(with)
        });
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| taken.insert(lower(name)));
        all.extend(free);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_relative_and_apart() {
        let roots = [PathBuf::from("/in"), PathBuf::from("/else/a.nii.gz")];
        assert_eq!(of_file(Path::new("/in/p1/T1.nii.gz"), &roots), Path::new("p1/T1"));
        assert_eq!(of_file(Path::new("/else/a.nii.gz"), &roots), Path::new("a"));
        assert_eq!(of_series(Path::new("/in/p1/x/0001.dcm"), 20, Some(4), &roots), Path::new("p1/x/series-4"));
        assert_eq!(of_series(Path::new("/in/enhanced.dcm"), 1, Some(4), &roots), Path::new("enhanced"));
        let found = apart(["a", "A", "b", "a"].map(PathBuf::from).to_vec());
        assert_eq!(found, ["a", "A-2", "b", "a-3"].map(PathBuf::from));
    }
}
