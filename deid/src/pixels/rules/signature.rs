//! What a header has to say for a rule to apply.

use dicom_core::Tag;
use dicom_core::dictionary::DataDictionary;
use isocenter_dcm::{Dataset, value};

/// What a header has to say.
#[derive(Clone, Debug)]
pub(crate) enum Signature {
    Always(bool),
    Test(Test),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

/// One attribute held against one text.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub(crate) tag: Tag,
    pub(crate) comparison: Comparison,
}

/// How.
#[derive(Clone, Debug)]
pub(crate) enum Comparison {
    Text {
        how: How,
        text: String,
        ignore_case: bool,
    },
    Matches(Box<fancy_regex::Regex>),
    /// Less than a number, or more, by the digits and points of the text; what has none is neither.
    Number {
        number: f64,
        less: bool,
    },
    /// Whether the element is there.
    Present,
    /// Whether it is there without a value.
    Empty,
}

/// How a text is held against another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    Equals,
    Contains,
    StartsWith,
    EndsWith,
}

impl Signature {
    pub(crate) fn applies(&self, dataset: &Dataset) -> bool {
        match self {
            Self::Always(answer) => *answer,
            Self::Test(test) => match test.comparison {
                Comparison::Present => dataset.get(test.tag).is_some(),
                Comparison::Empty => dataset.get(test.tag).is_some_and(|element| element.value().multiplicity() == 0),
                _ => test.comparison.holds(&value::strings(dataset, test.tag).join("\\")),
            },
            Self::Not(inner) => !inner.applies(dataset),
            Self::All(parts) => parts.iter().all(|part| part.applies(dataset)),
            Self::Any(parts) => parts.iter().any(|part| part.applies(dataset)),
        }
    }
}

impl Comparison {
    pub(crate) fn text(how: How, text: &str, ignore_case: bool) -> Self {
        let text = if ignore_case { text.to_lowercase() } else { text.to_owned() };
        Self::Text { how, text, ignore_case }
    }

    /// A regular expression for any part of a text, in any case of letters; what is wrong with it otherwise.
    pub(crate) fn search(pattern: &str) -> Result<Self, String> {
        match fancy_regex::Regex::new(&format!("(?i){pattern}")) {
            Ok(regex) => Ok(Self::Matches(Box::new(regex))),
            Err(_) => Err("not a regular expression".to_owned()),
        }
    }

    /// Less than a number, or more.
    pub(crate) fn number(text: &str, less: bool) -> Result<Self, String> {
        let number = digits(text).ok_or_else(|| "wanted a number".to_owned())?;
        Ok(Self::Number { number, less })
    }

    /// A regular expression for a whole text; what is wrong with it otherwise.
    pub(crate) fn matches(pattern: &str) -> Result<Self, String> {
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
            Self::Number { number, less } => {
                return digits(found).is_some_and(|found| if *less { found < *number } else { found > *number });
            }
            Self::Present | Self::Empty => return false,
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

/// The number that the digits and points of a text make.
fn digits(text: &str) -> Option<f64> {
    text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect::<String>().parse().ok()
}

/// The attribute that `gggg,eeee` in any brackets, eight digits, or a keyword of the standard names.
pub(crate) fn tag_of(name: &str) -> Option<Tag> {
    let inner = name.trim().trim_start_matches(['[', '(']).trim_end_matches([']', ')']);
    let digits: String = inner.chars().filter(|c| *c != ',' && !c.is_whitespace()).collect();
    if digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let number = u32::from_str_radix(&digits, 16).ok()?;
        return Some(Tag((number >> 16) as u16, number as u16));
    }
    dicom_dictionary_std::StandardDataDictionary.by_name(inner).map(|entry| entry.tag.inner())
}
