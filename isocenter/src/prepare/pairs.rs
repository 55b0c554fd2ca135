//! `--pairs`: which label file belongs to which series, where geometry cannot say.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::Error;

/// Label file (canonical path) to series: a Series Instance UID, or the canonical path of a file of it.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    rows: BTreeMap<PathBuf, String>,
}

impl Pairs {
    /// Reads a CSV with the columns `label` and `series`; paths are relative to the CSV's folder.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let bad = |what: String| Error::usage(format!("--pairs: {what}"));
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_path(path)
            .map_err(|e| bad(format!("cannot be read: {e}")))?;
        let header = reader.headers().map_err(|e| bad(e.to_string()))?.clone();
        let column = |name: &str| {
            header.iter().position(|h| h == name).ok_or_else(|| bad(format!("the column `{name}` is missing")))
        };
        let (label, series) = (column("label")?, column("series")?);
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut rows = BTreeMap::new();
        for (n, row) in reader.records().enumerate() {
            let row = row.map_err(|e| bad(e.to_string()))?;
            let (Some(label), Some(series)) = (row.get(label), row.get(series)) else {
                return Err(bad(format!("line {} is short", n + 2)));
            };
            let label = folder
                .join(label)
                .canonicalize()
                .map_err(|e| bad(format!("the label file of line {} cannot be read: {e}", n + 2)))?;
            let series =
                folder.join(series).canonicalize().map_or(series.to_owned(), |p| p.to_string_lossy().into_owned());
            rows.insert(label, series);
        }
        Ok(Self { rows })
    }

    /// The series that a label file was paired with.
    pub(crate) fn series_of(&self, label: &Path) -> Option<&str> {
        self.rows.get(&label.canonicalize().ok()?).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_missing_column() {
        let dir = tempfile::tempdir().unwrap();
        let csv = dir.path().join("p.csv");
        std::fs::write(&csv, "label,image\n").unwrap();
        assert!(Pairs::read(&csv).unwrap_err().to_string().contains("`series`"));
        std::fs::write(dir.path().join("l.nii"), b"").unwrap();
        std::fs::write(&csv, "label, series\nl.nii, 1.2.3\n").unwrap();
        assert_eq!(Pairs::read(&csv).unwrap().series_of(&dir.path().join("l.nii")), Some("1.2.3"));
    }
}
