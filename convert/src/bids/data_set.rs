//! What a data set of BIDS has beside its volumes: what it is, and who is in it.

use std::{fs, io, path::Path};

use serde_json::json;

use super::Subject;

/// Enters a subject into the data set of a folder: `dataset_description.json` where there is none, and a line of `participants.tsv`
/// where there is none of this subject. Gives the names of the files that were written.
///
/// # Errors
/// What the system says; [`io::ErrorKind::InvalidData`] for a `participants.tsv` that does not begin with `participant_id`.
///
/// Source: BIDS specification 1.10, modality agnostic files.
pub(crate) fn enter(folder: &Path, subject: &Subject) -> io::Result<Vec<&'static str>> {
    let mut written = Vec::new();
    let path = folder.join(DESCRIPTION);
    if !path.exists() {
        // what a folder is called may identify
        let text = json!({
            "Name": "a data set without a name",
            "BIDSVersion": "1.10.0",
            "DatasetType": "raw",
            "GeneratedBy": [{ "Name": "isocenter", "Version": env!("CARGO_PKG_VERSION") }],
        });
        isocenter_files::beside::write(&path, format!("{text:#}\n").as_bytes())?;
        written.push(DESCRIPTION);
    }
    let path = folder.join(PARTICIPANTS);
    let old = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => format!("{ID}\n"),
        Err(error) => return Err(error),
    };
    if let Some(text) = with_row(&old, &subject.name())? {
        isocenter_files::beside::write(&path, text.as_bytes())?;
        written.push(PARTICIPANTS);
    }
    Ok(written)
}

const DESCRIPTION: &str = "dataset_description.json";
const PARTICIPANTS: &str = "participants.tsv";
const ID: &str = "participant_id";

/// The table with a row for a subject, of which nothing else is known; `None` where it has one.
fn with_row(table: &str, subject: &str) -> io::Result<Option<String>> {
    let mut lines = table.lines();
    let columns = lines.next().map(|line| line.trim_start_matches('\u{FEFF}').split('\t').collect::<Vec<_>>());
    let columns = columns.unwrap_or_default();
    let Some(at) = columns.iter().position(|column| *column == ID) else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "participants.tsv has no column participant_id"));
    };
    if lines.any(|line| line.split('\t').nth(at) == Some(subject)) {
        return Ok(None);
    }
    let row: Vec<&str> = (0..columns.len()).map(|column| if column == at { subject } else { "n/a" }).collect();
    let end = if table.ends_with('\n') { "" } else { "\n" };
    Ok(Some(format!("{table}{end}{}\n", row.join("\t"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_gets_one_row_and_the_others_stay() {
        let dir = tempfile::tempdir().unwrap();
        let read = || fs::read_to_string(dir.path().join(PARTICIPANTS)).unwrap();
        let one = Subject::new("01", None).unwrap();
        assert_eq!(enter(dir.path(), &one).unwrap(), [DESCRIPTION, PARTICIPANTS]);
        assert_eq!(read(), "participant_id\nsub-01\n");
        assert_eq!(enter(dir.path(), &one).unwrap(), Vec::<&str>::new());
        fs::write(dir.path().join(PARTICIPANTS), "age\tparticipant_id\tsex\n34\tsub-01\tF").unwrap();
        assert_eq!(enter(dir.path(), &Subject::new("02", None).unwrap()).unwrap(), [PARTICIPANTS]);
        assert_eq!(read(), "age\tparticipant_id\tsex\n34\tsub-01\tF\nn/a\tsub-02\tn/a\n");
        fs::write(dir.path().join(PARTICIPANTS), "id\n").unwrap();
        assert_eq!(enter(dir.path(), &one).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
