//! What the name of one file says, and whose the cases of a list of names are.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{self, Word};

/// What is left of a file's name, and what its words said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Name {
    /// The words that say nothing of these, joined by `_`: a name, a number.
    pub(super) id: String,
    pub(super) visit: Option<String>,
    pub(super) modality: Option<&'static str>,
    /// The kind of image, where a word says more than its modality.
    pub(super) kind: Option<&'static str>,
    pub(super) is_label: bool,
}

/// Takes the words of a file's stem apart.
pub(super) fn parse(stem: &str) -> Name {
    let mut name = Name::default();
    let mut left = Vec::new();
    let (rest, date) = without_date(stem);
    name.visit = date;
    let tokens = words::tokens(&rest);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        if let Some(number) = tokens.get(at).filter(|n| counts_visits(token) && is_number(n)) {
            name.visit = Some(format!("{token}{number}"));
            at += 1;
            continue;
        }
        match words::of_token(token).map(|w| (w, "")).or_else(|| words::split_number(token)) {
            Some((word, number)) => {
                match word {
                    Word::Label => name.is_label = true,
                    Word::Modality(modality, kind) => {
                        name.modality = name.modality.or(Some(modality));
                        name.kind = name.kind.or(kind);
                    }
                    Word::Visit => name.visit = Some((*token).to_owned()),
                    Word::Neutral => {}
                }
                left.extend((!number.is_empty()).then_some(number));
            }
            None => left.push(token),
        }
    }
    name.id = left.join("_");
    name
}

/// A case's name without what says a visit, and the visit; other words stay part of the name.
pub(super) fn case(stem: &str) -> (String, Option<String>) {
    let (rest, mut visit) = without_date(stem);
    let tokens = words::tokens(&rest);
    let mut left = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        if let Some(number) = tokens.get(at).filter(|n| counts_visits(token) && is_number(n)) {
            visit = Some(format!("{token}{number}"));
            at += 1;
        } else if words::of_token(token) == Some(Word::Visit) {
            visit = Some((*token).to_owned());
        } else {
            left.push(*token);
        }
    }
    if left.is_empty() { (stem.to_owned(), None) } else { (left.join("_"), visit) }
}

/// The patient of each case and the visit; visits are read only where they bring cases together.
pub(super) fn cases(names: &BTreeSet<String>) -> BTreeMap<String, (String, Option<String>)> {
    let read: BTreeMap<&String, (String, Option<String>)> = names.iter().map(|c| (c, case(c))).collect();
    let patients: BTreeSet<&str> = read.values().map(|(p, _)| p.as_str()).collect();
    let joins = patients.len() < names.len();
    names.iter().map(|c| (c.clone(), if joins { read[c].clone() } else { (c.clone(), None) })).collect()
}

fn without_date(stem: &str) -> (String, Option<String>) {
    match words::date_in(stem) {
        Some(date) => (stem.replacen(date, "_", 1), Some(date.to_owned())),
        None => (stem.to_owned(), None),
    }
}

fn counts_visits(word: &str) -> bool {
    let words =
        ["ses", "session", "visit", "tp", "timepoint", "day", "week", "month", "year", "followup", "fu", "frame"];
    words.contains(&word.to_lowercase().as_str())
}

fn is_number(token: &str) -> bool {
    token.len() <= 4 && token.bytes().all(|b| b.is_ascii_digit())
}

/// Why a list of case names can be read in two ways: as one patient a name, or as several of one patient. `None` where both give the
/// same patients.
///
/// The second reading takes the last word, or a letter behind a number, as a visit or a series: it differs only where some names
/// share what is before it while others do not (`P01_1`, `P01_2`, `P02_1`; not `liver_1`, `liver_2`).
pub(super) fn two_readings(ids: &BTreeSet<&str>) -> Option<String> {
    readings(ids, &[last_word, last_letter])
}

/// The same of the names of folders, where only a number at the end is in doubt: people have names of several words.
pub(super) fn two_readings_of_folders(ids: &BTreeSet<&str>) -> Option<String> {
    readings(ids, &[last_number])
}

fn readings(ids: &BTreeSet<&str>, ways: &[fn(&str) -> Option<&str>]) -> Option<String> {
    let groups = |shorten: fn(&str) -> Option<&str>| {
        let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for id in ids {
            groups.entry(shorten(id).unwrap_or(id)).or_default().push(id);
        }
        groups
    };
    for shorten in ways {
        let found = groups(*shorten);
        if let Some((prefix, members)) = found.iter().find(|(_, m)| m.len() > 1).filter(|_| found.len() > 1) {
            return Some(format!(
                "{} may be {} patients, or one patient {prefix}",
                members.iter().take(3).copied().collect::<Vec<_>>().join(", "),
                members.len()
            ));
        }
    }
    None
}

fn last_word(id: &str) -> Option<&str> {
    id.rsplit_once('_').map(|(prefix, _)| prefix)
}

fn last_number(id: &str) -> Option<&str> {
    let (prefix, last) = id.rsplit_once(|c: char| !c.is_alphanumeric())?;
    last.bytes().all(|b| b.is_ascii_digit()).then_some(prefix)
}

fn last_letter(id: &str) -> Option<&str> {
    let short = id.strip_suffix(|c: char| c.is_ascii_alphabetic())?;
    short.ends_with(|c: char| c.is_ascii_digit()).then_some(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (stem, id, visit, kind, label) in [
            ("BraTS-001_t1ce", "BraTS_001", None, Some("T1CE"), false),
            ("case01_seg", "case01", None, None, true),
            ("segmentation-12", "12", None, None, true),
            ("mask012", "012", None, None, true),
            ("P7_ses-02_T2w", "P7", Some("ses02"), Some("T2"), false),
            ("P7_2019-03-04_flair", "P7", Some("2019-03-04"), Some("FLAIR"), false),
            ("case.01.t1", "case_01", None, Some("T1"), false),
            ("ct_scan", "", None, None, false),
        ] {
            let found = parse(stem);
            assert_eq!(
                (found.id.as_str(), found.visit.as_deref(), found.kind, found.is_label),
                (id, visit, kind, label)
            );
        }
        assert_eq!(case("patient001_frame12"), ("patient001".to_owned(), Some("frame12".to_owned())));
        assert_eq!(case("ct_train_1001").0, "ct_train_1001");
    }

    #[test]
    fn only_names_whose_readings_differ_are_in_doubt() {
        let doubt = |ids: &[&str]| two_readings(&ids.iter().copied().collect()).is_some();
        assert!(!doubt(&["liver_0", "liver_1", "liver_2"]));
        assert!(!doubt(&["BraTS19_CBICA_AAB_1", "BraTS19_TCIA_131_1"]));
        assert!(!doubt(&["anna", "bert"]));
        assert!(doubt(&["P01_1", "P01_2", "P02_1"]));
        assert!(doubt(&["P01a", "P01b", "P02a"]));
        assert!(!doubt(&["P01", "P02"]));
        assert!(doubt(&["P01", "P01_x", "P02"]));
        let folders = |ids: &[&str]| two_readings_of_folders(&ids.iter().copied().collect()).is_some();
        assert!(folders(&["BraTS-GLI-00005-000", "BraTS-GLI-00005-100", "BraTS-GLI-00006-000"]));
        assert!(
            !folders(&["Smith_Anna", "Smith_John", "Miller_Eve"]) && !folders(&["LIDC-IDRI-0001", "LIDC-IDRI-0002"])
        );
    }
}
