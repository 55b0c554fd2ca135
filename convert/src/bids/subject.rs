//! Whose volumes they are, and of which visit.

use super::Error;

/// A subject, and a session of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    subject: String,
    session: Option<String>,
}

impl Subject {
    /// By labels, with or without `sub-` and `ses-` before them. An empty session is none.
    ///
    /// # Errors
    /// [`Error::Label`] where a label has other characters than ASCII letters and digits.
    pub fn new(subject: &str, session: Option<&str>) -> Result<Self, Error> {
        let session = session.map(str::trim).filter(|text| !text.is_empty());
        Ok(Self {
            subject: label(subject.trim(), "sub-")?,
            session: session.map(|text| label(text, "ses-")).transpose()?,
        })
    }

    /// The labels of the subject and of the session.
    #[cfg(feature = "serde")]
    pub(crate) fn labels(&self) -> (&str, Option<&str>) {
        (&self.subject, self.session.as_deref())
    }

    /// `sub-01`.
    pub(super) fn name(&self) -> String {
        format!("sub-{}", self.subject)
    }

    /// `sub-01/ses-1`, the folder.
    pub(super) fn folder(&self) -> String {
        self.joined("/")
    }

    /// `sub-01_ses-1`, how names begin.
    pub(super) fn prefix(&self) -> String {
        self.joined("_")
    }

    fn joined(&self, mark: &str) -> String {
        let session = self.session.as_ref().map_or_else(String::new, |session| format!("{mark}ses-{session}"));
        format!("sub-{}{session}", self.subject)
    }
}

fn label(text: &str, before: &str) -> Result<String, Error> {
    let label = text.strip_prefix(before).unwrap_or(text);
    let is_label = !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric());
    is_label.then(|| label.to_owned()).ok_or_else(|| Error::Label(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_come_with_and_without_what_stands_before_them() {
        for (subject, session) in [("01", Some("pre")), ("sub-01", Some("ses-pre"))] {
            let found = Subject::new(subject, session).unwrap();
            assert_eq!((found.folder(), found.prefix()), ("sub-01/ses-pre".to_owned(), "sub-01_ses-pre".to_owned()));
        }
        assert_eq!(Subject::new("A1", Some(" ")).unwrap().folder(), "sub-A1");
        for wrong in ["", "sub-", "a/b", "..", "a-b", "a_b", "é"] {
            assert!(matches!(Subject::new(wrong, None), Err(Error::Label(_))), "{wrong}");
        }
    }
}
