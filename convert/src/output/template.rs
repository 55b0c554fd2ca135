//! What a file is called: a template of text and tokens, with the letters of dcm2niix's `-f`.

use std::{fmt, str::FromStr};

use super::Identity;

/// A name to be filled in for each volume, such as `%s_%d` or `%m/%3s_%z`.
///
/// A token is `%` and a letter, with a number of digits between them where a number is to be filled up with zeros. `%%` is a percent
/// sign, and `/` parts folders. A value never adds a folder: what cannot stand in a name becomes `_`.
///
/// | token | value | |
/// |---|---|---|
/// | `%a` | Receive Coil Name | |
/// | `%b` | name of the first file | may identify |
/// | `%c` | Image Comments | may identify |
/// | `%d` | Series Description | may identify |
/// | `%e` | Echo Number | |
/// | `%f` | name of the folder that was converted | may identify |
/// | `%g` | Accession Number | identifies |
/// | `%i` | Patient ID | identifies |
/// | `%j` | Series Instance UID | identifies |
/// | `%k` | Study Instance UID | identifies |
/// | `%m` | manufacturer | |
/// | `%n` | Patient's Name | identifies |
/// | `%o` | SOP Instance UID of the first file | identifies |
/// | `%p` | Protocol Name | may identify |
/// | `%q` | modality | |
/// | `%r` | Instance Number of the first file | |
/// | `%s` | Series Number | |
/// | `%t` | date and time of the study | identifies |
/// | `%u` | Acquisition Number | |
/// | `%v` | manufacturer in two letters | |
/// | `%x` | Study ID | identifies |
/// | `%z` | Sequence Name | |
///
/// ```
/// use isocenter_convert::output::{Identity, Template};
/// let template: Template = "%m/%4s".parse()?;
/// assert_eq!(template.identifying(Identity::Drop), None);
/// assert_eq!("%s_%n".parse::<Template>()?.identifying(Identity::Drop), Some('n'));
/// assert!("%s/../%m".parse::<Template>().is_err() && "%y".parse::<Template>().is_err());
/// # Ok::<_, isocenter_convert::output::TemplateError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pub(super) pieces: Vec<Piece>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Token { letter: char, digits: usize },
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// A `%` that no known letter follows.
    #[error("%{0} is no token of a name; there are {KNOWN_LIST}")]
    Unknown(String),
    /// Nothing is left of it.
    #[error("the template of names is empty")]
    Empty,
    /// It leads out of the output folder.
    #[error("the template of names leads out of the output folder")]
    Climbs,
}

const KNOWN: &str = "abcdefgijkmnopqrstuvxz";
const KNOWN_LIST: &str = "%a %b %c %d %e %f %g %i %j %k %m %n %o %p %q %r %s %t %u %v %x %z and %%";

/// Tokens whose values identify, or are free text in which a name may stand (PS3.15 E.1-1 removes, replaces or cleans them).
const IDENTIFYING: &str = "bcdfgijknoptx";

/// Most digits that a number is filled up to.
const MOST_DIGITS: usize = 20;

impl Template {
    /// The first token whose value may identify a person, and may not stand in a name under `identity`.
    pub fn identifying(&self, identity: Identity) -> Option<char> {
        self.tokens().find(|letter| match identity {
            Identity::Keep => false,
            Identity::Descriptions => IDENTIFYING.contains(*letter) && !"dp".contains(*letter),
            Identity::Drop => IDENTIFYING.contains(*letter),
        })
    }

    /// Whether it has a token that only a header can fill.
    pub(super) fn needs_header(&self) -> bool {
        self.tokens().any(|letter| !"efqs".contains(letter))
    }

    fn tokens(&self) -> impl Iterator<Item = char> + '_ {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Token { letter, .. } => Some(*letter),
            Piece::Text(_) => None,
        })
    }
}

impl Default for Template {
    /// `%s_%q`: nothing that may identify.
    fn default() -> Self {
        let token = |letter| Piece::Token { letter, digits: 0 };
        Self { pieces: vec![token('s'), Piece::Text("_".to_owned()), token('q')] }
    }
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut plain = String::new();
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            if letter != '%' {
                plain.push(letter);
                continue;
            }
            let mut written = String::new();
            let token = loop {
                let next = letters.next().ok_or_else(|| TemplateError::Unknown(written.clone()))?;
                written.push(next);
                if !next.is_ascii_digit() {
                    break next;
                }
            };
            let width = written.trim_end_matches(token);
            match token {
                '%' if width.is_empty() => plain.push('%'),
                _ if KNOWN.contains(token) && width.len() <= 2 => {
                    let digits = width.parse().unwrap_or(0).min(MOST_DIGITS);
                    if !plain.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    }
                    pieces.push(Piece::Token { letter: token, digits });
                }
                _ => return Err(TemplateError::Unknown(written)),
            }
        }
        if text.starts_with(['/', '\\']) || text.split(['/', '\\']).any(|part| matches!(part, "." | "..")) {
            return Err(TemplateError::Climbs);
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        if pieces.is_empty() || text.ends_with(['/', '\\']) {
            return Err(TemplateError::Empty);
        }
        Ok(Self { pieces })
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => f.write_str(&text.replace('%', "%%"))?,
                Piece::Token { letter, digits: 0 } => write!(f, "%{letter}")?,
                Piece::Token { letter, digits } => write!(f, "%{digits}{letter}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_parsed_is_shown_again() {
        for text in ["%s_%q", "%m/%3s", "100%%_%s", "scan"] {
            assert_eq!(text.parse::<Template>().unwrap().to_string(), text);
        }
        assert_eq!(Template::default().to_string(), "%s_%q");
    }

    #[test]
    fn what_is_no_template_is_named() {
        for (text, error) in [
            ("%y", TemplateError::Unknown("y".to_owned())),
            ("%", TemplateError::Unknown(String::new())),
            ("%999s", TemplateError::Unknown("999s".to_owned())),
            ("%3%", TemplateError::Unknown("3%".to_owned())),
            ("", TemplateError::Empty),
            ("%m/", TemplateError::Empty),
            ("/etc/%s", TemplateError::Climbs),
            ("a/../%s", TemplateError::Climbs),
            (r"..\%s", TemplateError::Climbs),
        ] {
            assert_eq!(text.parse::<Template>(), Err(error), "{text}");
        }
    }
}
