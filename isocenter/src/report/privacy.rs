//! What the search of the output for values of the input did.

use std::collections::BTreeMap;

use serde::Serialize;

/// Counts of the search.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Privacy {
    /// The rules by which DICOM attributes are judged.
    pub(crate) profile: &'static str,
    /// Identifying values of the input that were searched for.
    pub(crate) values_searched_for: usize,
    /// Values that are words of the report itself, and cannot be searched for.
    pub(crate) words_not_searched_for: usize,
    /// Files of the output that were searched, unpacked too.
    pub(crate) files_searched: usize,
    /// Places in the output that hold a value of the input.
    pub(crate) places_found: usize,
    /// Elements of exported DICOM instances, by what was done to them.
    pub(crate) dicom_elements: BTreeMap<String, usize>,
}

impl Privacy {
    /// Of a search that found nothing: `values` known values of which `words` are words of our own, in `files` files.
    pub(crate) fn clean(values: usize, files: usize, words: usize, actions: &BTreeMap<String, usize>) -> Self {
        Self {
            profile: "DICOM PS3.15 Annex E, Basic Application Level Confidentiality Profile",
            values_searched_for: values - words.min(values),
            words_not_searched_for: words,
            files_searched: files,
            places_found: 0,
            dicom_elements: actions.clone(),
        }
    }

    /// The same as rows of a table.
    pub(crate) fn rows(&self) -> Vec<(String, String)> {
        let fixed = [
            ("Profile", self.profile.to_owned()),
            ("Identifying values of the input that were searched for", self.values_searched_for.to_string()),
            (
                "Values that are words of this report itself, and cannot be searched for",
                self.words_not_searched_for.to_string(),
            ),
            ("Output files searched, unpacked too", self.files_searched.to_string()),
            ("Places found", self.places_found.to_string()),
        ]
        .map(|(check, result)| (check.to_owned(), result));
        let elements =
            self.dicom_elements.iter().map(|(action, n)| (format!("DICOM elements: {action}"), n.to_string()));
        fixed.into_iter().chain(elements).collect()
    }
}
