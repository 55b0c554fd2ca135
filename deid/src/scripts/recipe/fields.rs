//! How a recipe names elements.

use dicom_core::{Tag, VR};

use super::Named;
use crate::scripts::Error;
use crate::scripts::names::{by_keyword, tag_of};
use crate::scripts::selector::Selector;

/// Which elements a line is about.
#[derive(Clone, Debug)]
pub(super) enum Fields {
    Of(Field),
    /// Those of a `%fields` list.
    List(String),
    /// Those that hold a value of a `%values` list.
    Values(String),
}

/// One name, or an expression over names.
#[derive(Clone, Debug)]
pub(super) enum Field {
    All,
    /// A keyword, nested keywords, or digits.
    Exact {
        name: String,
        tag: Option<Tag>,
        private: Option<Selector>,
    },
    /// A regular expression for a part of any name; `except` asks for all others.
    Like {
        regex: Box<fancy_regex::Regex>,
        except: bool,
    },
    Vr(VR),
    Group(u16),
}

impl Fields {
    pub(super) fn parse(text: &str, place: &str) -> Result<Self, Error> {
        Ok(match text.split_once(':') {
            Some(("fields", name)) => Self::List(name.trim().to_owned()),
            Some(("values", name)) => Self::Values(name.trim().to_owned()),
            _ => Self::Of(Field::parse(text, place)?),
        })
    }
}

impl Field {
    pub(super) fn parse(text: &str, place: &str) -> Result<Self, Error> {
        if text.eq_ignore_ascii_case("all") {
            return Ok(Self::All);
        }
        let Some((expander, pattern)) = split(text) else { return Ok(Self::exact(text)) };
        let like = |pattern: String, except: bool| {
            let regex = fancy_regex::Regex::new(&format!("(?i){pattern}"))
                .map_err(|_| Error::malformed(place, "no regular expression"))?;
            Ok(Self::Like { regex: Box::new(regex), except })
        };
        match expander.to_ascii_lowercase().as_str() {
            "contains" => like(pattern.to_owned(), false),
            "startswith" => like(format!("^({pattern})"), false),
            "endswith" => like(format!("({pattern})$"), false),
            "except" => like(pattern.to_owned(), true),
            "select" => {
                let wrong = || Error::malformed(place, "wanted select:VR:XX or select:group:gggg");
                let (what, value) = pattern.split_once(':').ok_or_else(wrong)?;
                match what.to_ascii_lowercase().as_str() {
                    "vr" => value.trim().to_ascii_uppercase().parse().map(Self::Vr).map_err(|_| wrong()),
                    "group" => {
                        let digits = value.trim().trim_start_matches("0x");
                        u16::from_str_radix(digits, 16).map(Self::Group).map_err(|_| wrong())
                    }
                    _ => Err(wrong()),
                }
            }
            _ => {
                let shown: String = expander.chars().take(32).collect();
                Err(Error::unsupported(place, format!("`{shown}:`"), "deid has no such expander"))
            }
        }
    }

    fn exact(text: &str) -> Self {
        let private = Selector::parse(text).filter(|selector| matches!(selector, Selector::Private { .. }));
        let tag = by_keyword(text).or_else(|| tag_of(text).filter(|_| text.bytes().any(|b| b.is_ascii_digit())));
        Self::Exact { name: text.to_lowercase(), tag, private }
    }

    /// Whether it names nothing that there is.
    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Exact { name, tag: None, private: None } if !name.contains("__"))
    }

    pub(super) fn matches(&self, element: &Named<'_>) -> bool {
        match self {
            Self::All => true,
            Self::Vr(vr) => *vr == element.vr,
            Self::Group(group) => *group == element.tag.group(),
            Self::Exact { name, tag, private } => {
                *tag == Some(element.tag)
                    || private.as_ref().is_some_and(|one| one.matches(element.tag, element.vr, element.creator))
                    || (name.contains("__") && element.nested.eq_ignore_ascii_case(name))
            }
            // an expression that backtracks without end reaches the element: then too much goes rather than too little
            Self::Like { regex, except } => {
                let found = element.names.iter().any(|name| regex.is_match(name).unwrap_or(!except));
                found != *except
            }
        }
    }
}

/// All that an element is called.
pub(super) fn names(tag: Tag, creator: Option<&str>, nested: &str) -> Vec<String> {
    let keyword = nested.rsplit("__").next().unwrap_or_default();
    let (group, number) = (tag.group(), tag.element());
    let mut names = vec![
        nested.to_owned(),
        keyword.to_owned(),
        spoken(keyword),
        format!("({group:04X},{number:04X})"),
        format!("{group:04X}{number:04X}"),
    ];
    if let Some(creator) = creator {
        names.push(format!("({group:04X},\"{}\",{:02X})", creator.trim(), number & 0xFF));
    }
    names
}

/// `StudyDate` as `Study Date`.
fn spoken(keyword: &str) -> String {
    let mut text = String::new();
    let mut last = ' ';
    for c in keyword.chars() {
        if c.is_uppercase() && last.is_lowercase() {
            text.push(' ');
        }
        text.push(c);
        last = c;
    }
    text
}

/// Expander and expression, at the first colon outside of quotes.
fn split(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ':' if !quoted => return Some((text.get(..at)?, text.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}
