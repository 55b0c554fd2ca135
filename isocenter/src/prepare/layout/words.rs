//! The words of file and folder names: which of them say a role, a modality, a visit, and which are left as a name.

pub(crate) use crate::volume_file::stem;

/// What a word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A label map.
    Label,
    /// An image, a part of a data set, or nothing at all.
    Neutral,
    /// A modality, and the kind of image where it says more.
    Modality(&'static str, Option<&'static str>),
    /// A visit.
    Visit,
}

/// A name in parts, as they are written.
pub(super) fn tokens(name: &str) -> Vec<&str> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|t| !t.is_empty()).collect()
}

/// The words of a file's name, in lower case, but for those that say that it holds labels.
pub(crate) fn without_role(name: &str) -> Vec<String> {
    let words = tokens(stem(name)).into_iter().map(str::to_lowercase);
    words.filter(|w| !LABEL.contains(&w.as_str())).collect()
}

/// What a word of a file's name says; `None` for a word that is part of a name or a number.
pub(super) fn of_token(token: &str) -> Option<Word> {
    let lower = token.to_lowercase();
    let word = lower.as_str();
    if LABEL.contains(&word) {
        return Some(Word::Label);
    }
    if let Some((_, modality, channel)) = MODALITIES.iter().find(|(w, ..)| *w == word) {
        return Some(Word::Modality(modality, *channel));
    }
    if NEUTRAL.contains(&word) {
        return Some(Word::Neutral);
    }
    is_visit(word).then_some(Word::Visit)
}

/// What a folder's name says; `None` for a name. A folder is judged by all its words: `CT_scans` is one of modality,
/// `manual_labels` one of labels, `CT_Miller` a name.
pub(super) fn of_folder(name: &str) -> Option<Word> {
    let lower = name.to_lowercase();
    if let Some((_, word)) = FOLDERS.iter().find(|(w, _)| *w == lower) {
        return Some(*word);
    }
    if is_visit(&lower) || is_folder_of_visit(&lower) || date_in(&lower).is_some_and(|d| d.len() == lower.len()) {
        return Some(Word::Visit);
    }
    let tokens = tokens(name);
    let words: Vec<Option<Word>> = tokens.iter().map(|t| of_token(t)).collect();
    let all: Option<Vec<Word>> = words.into_iter().collect();
    let all = all.filter(|a| !a.is_empty())?;
    let first = |wanted: fn(&Word) -> bool| all.iter().copied().find(wanted);
    first(|w| *w == Word::Label)
        .or_else(|| first(|w| matches!(w, Word::Modality(..))))
        .or_else(|| first(|w| *w == Word::Visit))
        .or(Some(Word::Neutral))
}

/// What is left of a folder's name that has a plain word for labels among others: `P01` of `P01_masks`.
pub(super) fn label_folder(name: &str) -> Option<String> {
    const PLAIN: &[&str] = &[
        "seg",
        "segs",
        "segmentation",
        "segmentations",
        "mask",
        "masks",
        "label",
        "labels",
        "labelmaps",
        "annotations",
    ];
    let is_plain = |t: &&str| PLAIN.contains(&t.to_lowercase().as_str());
    let tokens = tokens(name);
    let left: Vec<&str> = tokens.iter().copied().filter(|t| !is_plain(t)).collect();
    (left.len() < tokens.len()).then(|| left.join("_"))
}

/// Whether a visit's name could as well be a patient's: a date, the number of a scan or a study.
pub(super) fn is_weak_visit(name: &str) -> bool {
    let lower = name.to_lowercase();
    let weak = ["scan", "study", "exam", "v", "m", "d", "t", "frame"];
    is_compact_date(&lower) || date_in(&lower).is_some() || numbered(&lower, &weak)
}

fn is_visit(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "baseline",
        "bl",
        "followup",
        "visit",
        "session",
        "timepoint",
        "tp",
        "preop",
        "postop",
        "screening",
        "discharge",
    ];
    const NUMBERED: &[&str] = &[
        "ses",
        "session",
        "visit",
        "vis",
        "tp",
        "timepoint",
        "time",
        "baseline",
        "followup",
        "fu",
        "day",
        "week",
        "month",
        "year",
        "frame",
    ];
    let short = word.len() <= 4 && numbered(word, &["v", "wk"]);
    let month = word.len() == 3 && numbered(word, &["m"]);
    WORDS.contains(&word) || short || month || numbered(word, NUMBERED) || is_compact_date(word)
}

// words that in a file's name are rather a number of an image or a phase of contrast medium
fn is_folder_of_visit(word: &str) -> bool {
    let whole = word.starts_with("ses-") || word.starts_with("ses_") || word == "follow-up" || word == "follow_up";
    let joined: String = word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect();
    whole
        || ["pre", "post", "first", "second"].contains(&word)
        || numbered(
            &joined,
            &["scan", "study", "exam", "m", "d", "fu", "visit", "session", "timepoint", "day", "week", "month", "year"],
        )
}

/// One of the words and then digits only, at least one.
fn numbered(word: &str, words: &[&str]) -> bool {
    words
        .iter()
        .any(|w| word.strip_prefix(w).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit())))
}

fn is_compact_date(word: &str) -> bool {
    let number = |range: std::ops::Range<usize>| word.get(range).and_then(|d| d.parse::<u32>().ok());
    word.len() == 8
        && word.bytes().all(|b| b.is_ascii_digit())
        && number(0..4).is_some_and(|y| (1950..2100).contains(&y))
        && number(4..6).is_some_and(|m| (1..=12).contains(&m))
        && number(6..8).is_some_and(|d| (1..=31).contains(&d))
}

/// A date `2019-03-04` or `2019_03_04` or `2019.03.04` in a name.
pub(super) fn date_in(name: &str) -> Option<&str> {
    let bytes = name.as_bytes();
    (0..bytes.len()).find_map(|at| {
        let text = name.get(at..at + 10)?;
        let edge = |n: Option<usize>| n.and_then(|n| bytes.get(n)).is_none_or(|b| !b.is_ascii_digit());
        let separated = [4, 7].iter().all(|n| matches!(text.as_bytes()[*n], b'-' | b'_' | b'.'));
        let compact: String = text.chars().filter(char::is_ascii_digit).collect();
        (separated && is_compact_date(&compact) && edge(at.checked_sub(1)) && edge(Some(at + 10))).then_some(text)
    })
}

/// Role words, with the number that some write to them (`mask001`, `img12`): the word and the number.
pub(super) fn split_number(token: &str) -> Option<(Word, &str)> {
    let at = token.find(|c: char| c.is_ascii_digit())?;
    let (word, number) = token.split_at(at);
    let known = |w: &str| {
        LABEL.contains(&w) || ["img", "image", "vol", "volume", "scan", "ct", "mr", "mri", "pet"].contains(&w)
    };
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    (digits && known(&word.to_lowercase())).then(|| Some((of_token(word)?, number))).flatten()
}

const LABEL: &[&str] = &[
    "seg",
    "segm",
    "dseg",
    "segs",
    "lbls",
    "labelmaps",
    "segmentation",
    "segmentations",
    "segmented",
    "label",
    "labels",
    "lbl",
    "lab",
    "labelmap",
    "mask",
    "masks",
    "msk",
    "roi",
    "rois",
    "lesion",
    "lesions",
    "annotation",
    "annotations",
    "annot",
    "contours",
    "contour",
    "gt",
    "groundtruth",
    "aseg",
    "truth",
];

const NEUTRAL: &[&str] = &[
    "image",
    "images",
    "img",
    "imgs",
    "vol",
    "volume",
    "volumes",
    "scan",
    "scans",
    "nifti",
    "nii",
    "nrrd",
    "mha",
    "mgz",
    "data",
    "brain",
    "bet",
    "stripped",
    "skullstripped",
    "reg",
    "registered",
    "coreg",
    "n4",
    "norm",
    "normalized",
    "resampled",
    "iso",
    "preproc",
    "preprocessed",
    "processed",
    "raw",
    "orig",
    "original",
    "native",
    "space",
    "mni",
    "axial",
    "ax",
    "sagittal",
    "sag",
    "coronal",
    "cor",
    "tra",
    "thin",
    "thick",
    "contrast",
    "pre",
    "post",
    "arterial",
    "venous",
    "portal",
    "delayed",
    "tse",
    "fse",
    "space3d",
    "mprage",
    "spgr",
    "vibe",
    "2d",
    "3d",
    "final",
    "manual",
    "auto",
    "reader",
    "expert",
    "head",
    "chest",
    "abdomen",
];

/// Words for a modality, and the kind of image that some of them are.
const MODALITIES: &[(&str, &str, Option<&str>)] = &[
    ("ct", "CT", None),
    ("cta", "CT", None),
    ("cbct", "CT", None),
    ("ldct", "CT", None),
    ("pet", "PT", None),
    ("pt", "PT", None),
    ("suv", "PT", None),
    ("fdg", "PT", None),
    ("mr", "MR", None),
    ("mri", "MR", None),
    ("t1", "MR", Some("T1")),
    ("t1w", "MR", Some("T1")),
    ("t1n", "MR", Some("T1")),
    ("t1ce", "MR", Some("T1CE")),
    ("t1c", "MR", Some("T1CE")),
    ("t1gd", "MR", Some("T1CE")),
    ("t1wce", "MR", Some("T1CE")),
    ("t1post", "MR", Some("T1CE")),
    ("t2", "MR", Some("T2")),
    ("t2w", "MR", Some("T2")),
    ("t2f", "MR", Some("FLAIR")),
    ("flair", "MR", Some("FLAIR")),
    ("fla", "MR", Some("FLAIR")),
    ("pd", "MR", Some("PD")),
    ("pdw", "MR", Some("PD")),
    ("t2star", "MR", Some("T2STAR")),
    ("t2starw", "MR", Some("T2STAR")),
    ("bold", "MR", Some("BOLD")),
    ("dwi", "MR", Some("DWI")),
    ("dti", "MR", Some("DWI")),
    ("adc", "MR", Some("ADC")),
    ("swi", "MR", Some("SWI")),
    ("asl", "MR", Some("ASL")),
    ("dce", "MR", Some("DCE")),
    ("cine", "MR", Some("CINE")),
    ("phase", "MR", Some("PHASE")),
    ("phase1", "MR", Some("PHASE")),
    ("phase2", "MR", Some("PHASE")),
    ("phasediff", "MR", Some("PHASE")),
    ("fieldmap", "MR", Some("FIELDMAP")),
    ("b0map", "MR", Some("FIELDMAP")),
    ("magnitude", "MR", None),
    ("magnitude1", "MR", None),
    ("magnitude2", "MR", None),
    ("t1map", "MR", Some("T1MAP")),
    ("t2map", "MR", Some("T2MAP")),
    ("t2starmap", "MR", Some("T2STARMAP")),
];

/// Folders by their whole name, in lower case.
const FOLDERS: &[(&str, Word)] = &[
    ("imagestr", Word::Neutral),
    ("imagests", Word::Neutral),
    ("imagesval", Word::Neutral),
    ("labelstr", Word::Label),
    ("labelsts", Word::Label),
    ("labelsval", Word::Label),
    ("train", Word::Neutral),
    ("training", Word::Neutral),
    ("trainset", Word::Neutral),
    ("test", Word::Neutral),
    ("testing", Word::Neutral),
    ("val", Word::Neutral),
    ("valid", Word::Neutral),
    ("validation", Word::Neutral),
    ("dataset", Word::Neutral),
    ("sourcedata", Word::Neutral),
    ("rawdata", Word::Neutral),
    ("derivatives", Word::Neutral),
    ("anat", Word::Neutral),
    ("func", Word::Neutral),
    ("perf", Word::Neutral),
    ("fmap", Word::Neutral),
    ("input", Word::Neutral),
    ("output", Word::Neutral),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_words() {
        assert_eq!(of_token("Seg"), Some(Word::Label));
        assert_eq!(of_token("segal"), None);
        assert_eq!(of_token("T1"), Some(Word::Modality("MR", Some("T1"))));
        assert_eq!(of_token("0042"), None);
        assert_eq!(split_number("mask012"), Some((Word::Label, "012")));
        assert_eq!(split_number("case012"), None);
    }

    #[test]
    fn folders_of_visits_modalities_and_people_are_told_apart() {
        for name in ["ses-01", "visit1", "Visit_2", "baseline", "2019-03-04", "20190304", "M12", "scan1", "tp2", "pre"]
        {
            assert_eq!(of_folder(name), Some(Word::Visit), "{name}");
        }
        for name in ["P001", "case01", "20991399", "Miller", "0007", "CT_Miller", "site-A"] {
            assert_eq!(of_folder(name), None, "{name}");
        }
        assert_eq!(of_folder("CT"), Some(Word::Modality("CT", None)));
        assert_eq!(of_folder("manual_labels"), Some(Word::Label));
        assert_eq!(of_folder("imagesTr"), Some(Word::Neutral));
    }
}
