//! The cards of a header.

use std::collections::BTreeMap;

use crate::{Error, source::Source};

/// Bytes of a card.
const CARD: usize = 80;

/// Bytes that a part of a file is a multiple of.
pub(super) const BLOCK: u64 = 2880;

/// The values of a header by keyword, texts apart.
#[derive(Debug, Default)]
pub(super) struct Header {
    values: BTreeMap<String, String>,
    pub(super) texts: BTreeMap<String, String>,
}

impl Header {
    /// Reads all cards and the blanks behind them.
    pub(super) fn read(source: &mut Source<'_>, limit: u64) -> Result<Self, Error> {
        let mut header = Self::default();
        let mut card = [0; CARD];
        loop {
            if source.used() >= limit {
                return Err(Error::Limit { what: "bytes of header", asked: source.used() + 1, limit });
            }
            source.fill("header", &mut card)?;
            if !card.iter().all(|b| (b' '..=b'~').contains(b)) {
                return Err(Error::malformed("card", "bytes that are no text", "80 characters of ASCII"));
            }
            let text = String::from_utf8_lossy(&card).into_owned();
            let (keyword, rest) = text.split_at(8);
            let keyword = keyword.trim_end();
            if keyword == "END" {
                let behind = source.used().next_multiple_of(BLOCK) - source.used();
                source.skip("header", behind)?;
                return Ok(header);
            }
            if let Some(value) = rest.strip_prefix("= ") {
                header.put(keyword, value);
            }
        }
    }

    fn put(&mut self, keyword: &str, value: &str) {
        let value = value.trim_start();
        let (map, value) = match value.strip_prefix('\'') {
            Some(text) => (&mut self.texts, quoted(text)),
            None => (&mut self.values, value.split('/').next().unwrap_or_default().trim().to_owned()),
        };
        // the first of a keyword counts
        if !value.is_empty() {
            map.entry(keyword.to_owned()).or_insert(value);
        }
    }

    /// A number; `None` where the keyword is not there.
    pub(super) fn number(&self, keyword: &'static str, axis: Option<usize>) -> Result<Option<f64>, Error> {
        let Some(value) = self.values.get(&name(keyword, axis)) else { return Ok(None) };
        let number = value.replace(['D', 'd'], "E").parse().ok().filter(|n: &f64| n.is_finite());
        number.map(Some).ok_or_else(|| Error::malformed(keyword, value, "a number"))
    }

    /// A whole number that must be there.
    pub(super) fn whole(&self, keyword: &'static str, axis: Option<usize>) -> Result<i64, Error> {
        let value =
            self.values.get(&name(keyword, axis)).ok_or_else(|| Error::malformed(keyword, "missing", "a card"))?;
        value.parse().map_err(|_| Error::malformed(keyword, value, "a whole number"))
    }

    /// A text, which is not carried on.
    pub(super) fn text(&self, keyword: &str, axis: Option<usize>) -> Option<&str> {
        self.texts.get(&name(keyword, axis)).map(String::as_str)
    }

    /// Whether a keyword begins so.
    pub(super) fn has_any(&self, begins: &[&str]) -> bool {
        let numbered = |key: &String| {
            begins
                .iter()
                .any(|b| key.strip_prefix(b).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
        };
        self.values.keys().any(numbered)
    }
}

fn name(keyword: &str, axis: Option<usize>) -> String {
    axis.map_or_else(|| keyword.to_owned(), |n| format!("{keyword}{n}"))
}

/// A text up to its closing quote, two of which are one of its own.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        if sign == '\'' && signs.next_if_eq(&'\'').is_none() {
            break;
        }
        out.push(sign);
    }
    out.trim_end().to_owned()
}
