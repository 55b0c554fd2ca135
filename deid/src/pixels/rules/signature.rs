//! What a header has to say for a rule to apply.

use dicom_core::Tag;
use dicom_core::dictionary::DataDictionary;
use isocenter_dcm::{Dataset, value};

/// What a header has to say.
#[derive(Clone, Debug)]
pub(super) enum Signature {
    Always(bool),
    Test(Test),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

/// One attribute held against one text.
#[derive(Clone, Debug)]
pub(super) struct Test {
    pub(super) tag: Tag,
    pub(super) comparison: Comparison,
}

/// How.
#[derive(Clone, Debug)]
pub(super) enum Comparison {
    Text { how: How, text: String, ignore_case: bool },
    Matches(Box<fancy_regex::Regex>),
}

/// How a text is held against another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Equals,
    Contains,
    StartsWith,
    EndsWith,
}

impl Signature {
    pub(super) fn applies(&self, dataset: &Dataset) -> bool {
        match self {
            Self::Always(answer) => *answer,
            Self::Test(test) => test.comparison.holds(&value::strings(dataset, test.tag).join("\\")),
            Self::Not(inner) => !inner.applies(dataset),
            Self::All(parts) => parts.iter().all(|part| part.applies(dataset)),
            Self::Any(parts) => parts.iter().any(|part| part.applies(dataset)),
        }
    }
}

impl Comparison {
    pub(super) fn text(how: How, text: &str, ignore_case: bool) -> Self {
        let text = if ignore_case { text.to_lowercase() } else { text.to_owned() };
        Self::Text { how, text, ignore_case }
    }

    /// A regular expression for a whole text; what is wrong with it otherwise.
    pub(super) fn matches(pattern: &str) -> Result<Self, String> {
        match fancy_regex::Regex::new(&format!(r"\A(?:{pattern})\z")) {
            Ok(regex) => Ok(Self::Matches(Box::new(regex))),
            Err(error) => Err(format!("not a regular expression: {error}")),
        }
    }

    fn holds(&self, found: &str) -> bool {
        let (how, wanted, ignore_case) = match self {
            Self::Text { how, text, ignore_case } => (how, text, *ignore_case),
            // One that backtracks without end applies: then too much is hidden rather than too little.
            Self::Matches(regex) => return regex.is_match(found).unwrap_or(true),
        };
        let lower;
        let found = if ignore_case {
            lower = found.to_lowercase();
            &lower
        } else {
            found
        };
        match how {
            How::Equals => found == wanted,
            How::Contains => found.contains(wanted),
            How::StartsWith => found.starts_with(wanted),
            How::EndsWith => found.ends_with(wanted),
        }
    }
}

/// The attribute that `gggg,eeee` in any brackets, eight digits, or a keyword of the standard names.
pub(super) fn tag_of(name: &str) -> Option<Tag> {
    let inner = name.trim().trim_start_matches(['[', '(']).trim_end_matches([']', ')']);
    let digits: String = inner.chars().filter(|c| *c != ',' && !c.is_whitespace()).collect();
    if digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let number = u32::from_str_radix(&digits, 16).ok()?;
        return Some(Tag((number >> 16) as u16, number as u16));
    }
    dicom_dictionary_std::StandardDataDictionary.by_name(inner).map(|entry| entry.tag.inner())
}
