//! The table that scripts look values up in.

use std::collections::BTreeMap;
use std::fmt;

use super::Error;

/// A table of keys `TYPE/VALUE` and what takes their place, as CTP's stages have it.
#[derive(Clone, Default)]
pub struct Lookup(BTreeMap<String, String>);

/// How often an entry may point to another one.
const MOST_INDIRECTIONS: usize = 10;

impl Lookup {
    /// Reads Java properties: `ptid/MRN1 = SUBJECT-1`, one a line; lines that start with `#` or `!` are comments.
    ///
    /// # Errors
    /// [`Error::Malformed`] for a line without a separator or without a type.
    ///
    /// ```
    /// use isocenter_deid::scripts::Lookup;
    /// assert_eq!(Lookup::parse("# subjects\nptid/MRN1=S1\nptid/OLD = @ptid/MRN1")?.len(), 2);
    /// assert!(Lookup::parse("MRN1").is_err());
    /// # Ok::<_, isocenter_deid::scripts::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut table = BTreeMap::new();
        for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with(['#', '!']) {
                continue;
            }
            let wrong = || Error::malformed(format!("line {}", number + 1), "wanted TYPE/VALUE = REPLACEMENT");
            let (key, value) = separated(line).ok_or_else(wrong)?;
            if !key.contains('/') {
                return Err(wrong());
            }
            table.insert(key, value);
        }
        Ok(Self(table))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What stands for a value; entries `@TYPE/VALUE` point to others.
    pub(super) fn get(&self, kind: &str, value: &str) -> Option<&str> {
        let mut found = self.0.get(&format!("{}/{}", kind.trim(), value.trim()))?.trim();
        for _ in 0..MOST_INDIRECTIONS {
            match found.strip_prefix('@').filter(|_| found.contains('/')) {
                Some(other) => found = self.0.get(other.trim())?.trim(),
                None => return Some(found),
            }
        }
        None
    }
}

/// How many there are: each names a patient.
impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookup").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// Key and value of a line of properties: the first `=`, `:` or space that is not escaped parts them.
fn separated(line: &str) -> Option<(String, String)> {
    let mut key = String::new();
    let mut rest = line.char_indices();
    while let Some((at, c)) = rest.next() {
        match c {
            '\\' => key.extend(rest.next().map(|(_, c)| c)),
            '=' | ':' | ' ' | '\t' => {
                let value = line[at..].trim_start();
                let value = value.strip_prefix(['=', ':']).unwrap_or(value);
                return Some((key, unescape(value.trim())));
            }
            _ => key.push(c),
        }
    }
    None
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '\\' { out.extend(rest.next()) } else { out.push(c) }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_by_type_and_value_and_may_point_to_others() {
        let table = Lookup::parse("ptid/A\\ 1=S1\nptid/B : @ptid/A 1\nptid/C=@ptid/C\ndate/A 5").unwrap();
        assert_eq!(table.get("ptid", " A 1 "), Some("S1"));
        assert_eq!(table.get("ptid", "B"), Some("S1"));
        assert_eq!(table.get("ptid", "C"), None); // points to itself
        assert_eq!(table.get("date", "A"), Some("5"));
        assert_eq!(table.get("id", "A"), None);
    }
}
