//! What the text says: the general information, and a row for each image.

use std::collections::BTreeMap;

use super::row::Row;
use crate::{Error, lines::Lines, source::Source};

/// How every file begins.
pub(super) const MAGIC: &[u8] = b"# === DATA DESCRIPTION FILE";

/// What the text says.
#[derive(Debug)]
pub(super) struct Header {
    /// The general information by name.
    pub(super) texts: BTreeMap<String, String>,
    /// One for each image, in the order of the text.
    pub(super) rows: Vec<Row>,
}

impl Header {
    pub(super) fn read(source: &mut Source<'_>, limit: u64) -> Result<Self, Error> {
        let mut lines = Lines::new(source, limit);
        let (mut texts, mut rows) = (BTreeMap::new(), Vec::new());
        while let Some(line) = lines.next()? {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match line.strip_prefix('.') {
                Some(general) => {
                    let (key, value) = general.split_once(':').unwrap_or((general, ""));
                    if !value.trim().is_empty() {
                        texts.insert(
                            key.split_ascii_whitespace().collect::<Vec<_>>().join(" "),
                            value.trim().to_owned(),
                        );
                    }
                }
                None => rows.push(Row::parse(line)?),
            }
        }
        if rows.is_empty() {
            return Err(Error::malformed("image information", "no row", "a row for each image"));
        }
        Ok(Self { texts, rows })
    }

    /// Three numbers of the general information, whose name begins so.
    pub(super) fn three(&self, name: &'static str) -> Result<[f64; 3], Error> {
        let found = self.texts.iter().find(|(key, _)| key.starts_with(name));
        let (_, value) = found.ok_or_else(|| Error::malformed(name, "missing", "the line"))?;
        let numbers: Option<Vec<f64>> =
            value.split_ascii_whitespace().map(|t| t.parse().ok().filter(|v: &f64| v.is_finite())).collect();
        match numbers.as_deref() {
            Some([ap, fh, rl]) => Ok([*ap, *fh, *rl]),
            _ => Err(Error::malformed(name, "another value", "three numbers")),
        }
    }

    /// The first number of the general information, whose name begins so.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        let (_, value) = self.texts.iter().find(|(key, _)| key.starts_with(name))?;
        value.split_ascii_whitespace().next()?.parse().ok().filter(|v: &f64| v.is_finite())
    }
}
