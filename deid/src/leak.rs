//! Looks for known values in bytes, files and fields.
//!
//! One pass finds all values of five or more bytes, in any case of ASCII letters, as UTF-8, UTF-16 of either order, ISO 8859-1, and
//! with JSON escapes. Two rules keep chance out:
//! - **Borders.** A value of digits (dates, numeric ids; also with dots or dashes) counts only where it is not part of a longer
//!   number: no digit on either side, nor a dot with a digit behind it. Other values below eight bytes count as whole words only.
//!   Long values and long UIDs count anywhere.
//! - **Samples.** Voxels and compressed streams take any value: five HU of 48 to 57 in a row *are* five digits in UTF-16. In a
//!   file whose format says where its samples are ([`LeakScan::scan_file`]), only values of eight or more bytes (fourteen, if they
//!   are digits), that take eight or more there, are looked for.
//!
//! # Examples
//! ```
//! use isocenter_deid::{KnownValues, LeakScan};
//! let mut known = KnownValues::new();
//! known.gather_text("PatientID", "20010203");
//! let scan = LeakScan::new(&known)?;
//! assert_eq!(scan.scan(b"born 20010203.").len(), 1);
//! assert_eq!(scan.scan(b"0.1200102034").len(), 0); // a piece of a number
//! # Ok::<_, isocenter_deid::Error>(())
//! ```

mod borders;
mod file;
mod passing;
mod png;
mod sieve;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, Input, MatchKind};
use serde::Serialize;

use isocenter_volume::{Cancelled, Stage};

use crate::error::Error;
use crate::known::{self, Kind, Known, KnownValues, Spellings};
use crate::profile::{Profile, ProfileOption};
use crate::scripts::Script;
use crate::shift;
use borders::Border;
pub(crate) use passing::Passing;
use sieve::Sieve;

/// How a value was written where it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8, or ASCII.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// ISO 8859-1.
    Latin1,
    /// ASCII with `\uXXXX` for the rest.
    JsonEscape,
    /// The value of the field of the same name.
    Field,
}

/// A known value that was found. It tells where the value is from, not what it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Hit {
    /// Where the bytes start (in the inflated stream, where there is one; in the field's text).
    pub offset: usize,
    /// Keyword of the element the value was gathered from, or the name of the text.
    pub source: String,
    /// What sort of value it is.
    pub kind: Kind,
    /// Bytes of the value in UTF-8.
    pub length: usize,
    /// How it is written here.
    pub encoding: Encoding,
}

#[derive(Clone)]
struct Pattern {
    source: String,
    kind: Kind,
    length: usize,
    encoding: Encoding,
    border: Border,
}

/// A search for known values.
#[derive(Clone)]
pub struct LeakScan {
    automaton: AhoCorasick,
    /// Those that are looked for among samples.
    among_samples: Sieve,
    patterns: Vec<Pattern>,
    fields: BTreeMap<String, BTreeSet<String>>,
    /// Bytes of the longest pattern.
    longest: usize,
    /// Names and their parts of two to four letters that are no ordinary words, in lower case: too short to be looked for in bytes, they are told in text.
    short_names: BTreeSet<String>,
    /// As they may have been misread, for text in pixels: of searches in text alone.
    spellings: Arc<Spellings>,
}

/// How many patterns there are: each of them is a patient's.
impl fmt::Debug for LeakScan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeakScan").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// Bytes that are searched between two questions whether to go on: some milliseconds of work.
const BLOCK: usize = 1 << 20;

impl LeakScan {
    /// Compiles the search. [`Error::Patterns`] where there are too many values for one.
    pub fn new(known: &KnownValues) -> Result<Self, Error> {
        Self::build(known, |_| true, true)
    }

    /// The search of the de-identifier in text that stays: names, ids, places, dates and UIDs, in Unicode. Descriptions are not
    /// looked for, they may share a word with a technical element.
    pub fn identities(known: &KnownValues) -> Result<Self, Error> {
        Self::build(known, identifies, false)
    }

    /// The search in what a profile lets be written: all that is known of one patient, in every encoding, but for what the profile retains, and for dates that
    /// another of the patient's dates became, moved by `days`. Descriptions and private texts that are cleaned and not removed are not looked for as a whole.
    ///
    /// # Errors
    /// [`Error::Patterns`].
    pub fn of_output(known: &KnownValues, profile: &Profile, days: i64) -> Result<Self, Error> {
        use ProfileOption as O;
        let day = |date: &str| -> String { date.chars().filter(char::is_ascii_digit).take(8).collect() };
        let became: BTreeSet<String> = match profile.has(O::RetainLongitudinalModifiedDates) {
            true => known
                .searched()
                .filter(|known| known.kind == Kind::Date)
                .filter_map(|known| shift::date(&day(&known.value), days))
                .collect(),
            false => BTreeSet::new(),
        };
        let wanted = |known: &Known| {
            let by_kind = match known.kind {
                Kind::Date => !profile.has(O::RetainLongitudinalFullDates) && !became.contains(&day(&known.value)),
                Kind::Time => {
                    !(profile.has(O::RetainLongitudinalFullDates) || profile.has(O::RetainLongitudinalModifiedDates))
                }
                Kind::Uid => !profile.has(O::RetainUids),
                Kind::Description => {
                    !profile.has(O::CleanDescriptors)
                        && !profile.has(O::CleanStructuredContent)
                        && !profile.has(O::CleanGraphics)
                }
                Kind::Private => !profile.has(O::RetainSafePrivate),
                _ => true,
            };
            by_kind && !profile.retains_keyword(&known.source)
        };
        Self::build(known, wanted, true)
    }

    /// The search of [`identities`](Self::identities) for what a script does not let out.
    ///
    /// # Errors
    /// [`Error::Patterns`].
    pub fn identities_of_script(known: &KnownValues, script: &Script) -> Result<Self, Error> {
        let asked = LetOut::of(script);
        Self::build(known, |known| identifies(known) && !asked.gets_out(known), false)
    }

    /// The search in what a script lets be written: all that is known of one patient, in every encoding, but for what the script keeps, or computes openly from.
    /// A value that several elements hold gets out where one of them does.
    ///
    /// # Errors
    /// [`Error::Patterns`].
    pub fn of_script(known: &KnownValues, script: &Script) -> Result<Self, Error> {
        let asked = LetOut::of(script);
        Self::build(known, |known| !asked.gets_out(known), true)
    }

    /// All hits in some bytes, by offset. None of the bytes is a sample; see [`scan_file`](Self::scan_file) for files.
    pub fn scan(&self, bytes: &[u8]) -> Vec<Hit> {
        let mut hits: Vec<Hit> = self.matches(bytes, 0..bytes.len(), 0, false).collect();
        hits.sort();
        hits
    }

    /// All hits in named texts: as [`scan`](Self::scan) in each, and values of any length in the field they came from
    /// (`PatientWeight` = `71`; names are compared by letters and digits, numbers by value).
    pub fn scan_fields(&self, fields: &BTreeMap<String, String>) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (name, text) in fields {
            hits.extend(self.scan(text.as_bytes()));
            let key: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            let text = text.trim().to_lowercase();
            let same = |value: &String| {
                *value == text || matches!((value.parse::<f64>(), text.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
            };
            if let Some(value) = self.fields.get(&key).and_then(|values| values.iter().find(|value| same(value))) {
                let (source, length) = (name.clone(), value.len());
                hits.push(Hit { offset: 0, source, kind: Kind::Number, length, encoding: Encoding::Field });
            }
        }
        hits
    }

    /// How many patterns are looked for, encodings counted apart.
    pub fn len(&self) -> usize {
        self.patterns.len()
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// As [`scan`](Self::scan), block by block; the stage counts bytes.
    fn scan_part(&self, bytes: &[u8], base: usize, samples: bool, stage: &Stage<'_>) -> Result<Vec<Hit>, Cancelled> {
        let mut hits = Vec::new();
        let mut from = 0;
        while from < bytes.len() {
            let to = (from + BLOCK).min(bytes.len());
            // what starts in the block may end behind it
            let end = to.saturating_add(self.longest).min(bytes.len());
            hits.extend(self.matches(bytes, from..end, base, samples).filter(|hit| hit.offset < base + to));
            stage.advance((to - from) as u64)?;
            from = to;
        }
        hits.sort();
        Ok(hits)
    }

    /// What is found in a range and counts there; what stands beside a match is looked at beyond the range too.
    fn matches<'b>(
        &'b self,
        bytes: &'b [u8],
        range: Range<usize>,
        base: usize,
        samples: bool,
    ) -> impl Iterator<Item = Hit> + 'b {
        self.counted(bytes, range, samples).filter_map(move |(number, at)| self.hit(number, base + at.start))
    }

    /// The same, by the number of the pattern.
    fn counted<'b>(
        &'b self,
        bytes: &'b [u8],
        range: Range<usize>,
        samples: bool,
    ) -> impl Iterator<Item = (usize, Range<usize>)> + 'b {
        let (within, anywhere) = match samples {
            true => (Some(self.among_samples.find(bytes, range)), None),
            false => {
                let found = self.automaton.find_overlapping_iter(Input::new(bytes).range(range));
                (None, Some(found.map(|found| (found.pattern().as_usize(), found.range()))))
            }
        };
        within.into_iter().flatten().chain(anywhere.into_iter().flatten()).filter(move |(number, at)| {
            self.patterns.get(*number).is_some_and(|pattern| {
                let wide = matches!(pattern.encoding, Encoding::Utf16Le | Encoding::Utf16Be);
                pattern.border.holds(bytes, at.clone(), wide, pattern.encoding == Encoding::Utf16Be)
            })
        })
    }

    fn hit(&self, number: usize, offset: usize) -> Option<Hit> {
        let pattern = self.patterns.get(number)?;
        let (source, kind, length, encoding) = (pattern.source.clone(), pattern.kind, pattern.length, pattern.encoding);
        Some(Hit { offset, source, kind, length, encoding })
    }

    fn build(known: &KnownValues, wanted: impl Fn(&Known) -> bool, all_encodings: bool) -> Result<Self, Error> {
        let (mut patterns, mut needles) = (Vec::new(), Vec::new());
        for known in known.searched().filter(|known| wanted(known)) {
            for (encoding, bytes) in written(&known.value, all_encodings) {
                let (source, length) = (known.source.clone(), known.value.len());
                patterns.push(Pattern {
                    source,
                    kind: known.kind,
                    length,
                    encoding,
                    border: Border::of(&known.value, known.kind),
                });
                needles.push(bytes);
            }
        }
        let automaton = AhoCorasickBuilder::new()
            .match_kind(MatchKind::Standard)
            // For the short texts of one header, building is what takes the time.
            .kind((!all_encodings).then_some(AhoCorasickKind::NoncontiguousNFA))
            .ascii_case_insensitive(true)
            .build(&needles)
            .map_err(|source| Error::Patterns { source: Box::new(source) })?;
        let longest = needles.iter().map(Vec::len).max().unwrap_or(0);
        let is_long = |pattern: &Pattern| all_encodings && pattern.length >= pattern.border.least_in_samples();
        let long = patterns.iter().zip(&needles).enumerate().filter(|(_, (pattern, _))| is_long(pattern));
        let among_samples = Sieve::new(long.map(|(number, (_, needle))| (number, needle.as_slice())));
        let spellings = match all_encodings {
            true => Spellings::default(),
            false => Spellings::of(known.all().filter(|known| wanted(known))),
        };
        Ok(Self {
            automaton,
            among_samples,
            patterns,
            fields: known.fields(),
            longest,
            short_names: known.short_names(),
            spellings: Arc::new(spellings),
        })
    }

    /// What is known, as it may have been misread.
    pub(crate) fn spellings(&self) -> &Spellings {
        &self.spellings
    }

    /// What is known in a text, by range: words also within longer ones that are not ordinary, short names as whole words that begin with a capital.
    pub(crate) fn found(&self, text: &str) -> impl Iterator<Item = (Range<usize>, Kind)> {
        let bytes = text.as_bytes();
        let mut found: Vec<(Range<usize>, Kind)> = Vec::new();
        for hit in self.automaton.find_overlapping_iter(bytes) {
            let Some(pattern) = self.patterns.get(hit.pattern().as_usize()).filter(|p| p.encoding == Encoding::Utf8)
            else {
                continue;
            };
            let counts = match (pattern.kind, pattern.border) {
                (_, Border::Word) => !known::is_ordinary(&word_around(text, hit.range()).to_lowercase()),
                (_, border) => border.holds(bytes, hit.range(), false, false),
            };
            if counts && text.is_char_boundary(hit.start()) && text.is_char_boundary(hit.end()) {
                found.push((hit.range(), pattern.kind));
            }
        }
        let capital = |word: &str| word.chars().next().is_some_and(|c| !c.is_lowercase());
        for (start, word) in words(text).filter(|(_, word)| capital(word)) {
            if self.short_names.contains(&word.to_lowercase()) {
                found.push((start..start + word.len(), Kind::Name));
            }
        }
        found.into_iter()
    }
}

/// Whether a value is looked for in text that stays.
fn identifies(known: &Known) -> bool {
    match known.kind {
        Kind::Name | Kind::Identifier | Kind::Place | Kind::Date | Kind::Uid => true,
        // A station's name may be a model's; a serial number has digits.
        Kind::Device => known.value.len() >= 6 && known.value.bytes().any(|b| b.is_ascii_digit()),
        _ => false,
    }
}

/// What a script lets out, asked for once a source: many values have the same.
struct LetOut<'a> {
    script: &'a Script,
    asked: RefCell<BTreeMap<(String, bool), bool>>,
}

impl<'a> LetOut<'a> {
    fn of(script: &'a Script) -> Self {
        Self { script, asked: RefCell::default() }
    }

    /// Whether a value gets out by any of the elements that hold it.
    fn gets_out(&self, known: &Known) -> bool {
        let mut asked = self.asked.borrow_mut();
        std::iter::once(&known.source).chain(&known.also).any(|source| {
            let answer = asked.entry((source.clone(), known.kind == Kind::Name));
            *answer.or_insert_with(|| self.script.lets_out(source, known.kind))
        })
    }
}

/// The words of a text, by letters and digits, and where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    text.split(|c: char| !c.is_alphanumeric()).map(move |word| {
        let start = from;
        // what parts two words is one character
        from += word.len() + text[start + word.len()..].chars().next().map_or(0, char::len_utf8);
        (start, word)
    })
}

/// The word that a range of a text is within.
fn word_around(text: &str, range: Range<usize>) -> &str {
    words(text)
        .find(|(start, word)| *start <= range.start && range.end <= start + word.len())
        .map_or("", |(_, word)| word)
}

/// The bytes of a value in each encoding. Letters beyond ASCII are looked for in both cases.
fn written(value: &str, all: bool) -> Vec<(Encoding, Vec<u8>)> {
    let mut spellings = vec![value.to_owned()];
    if !value.is_ascii() {
        spellings.extend([value.to_lowercase(), value.to_uppercase()]);
        spellings.sort();
        spellings.dedup();
    }
    let mut forms = Vec::new();
    for text in spellings {
        forms.push((Encoding::Utf8, text.as_bytes().to_vec()));
        if !all {
            continue;
        }
        forms.push((Encoding::Utf16Le, text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
        forms.push((Encoding::Utf16Be, text.encode_utf16().flat_map(u16::to_be_bytes).collect()));
        if !text.is_ascii() {
            if let Some(bytes) = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect() {
                forms.push((Encoding::Latin1, bytes));
            }
            let escaped =
                text.chars().map(|c| if c.is_ascii() { c.to_string() } else { escape(c) }).collect::<String>();
            forms.push((Encoding::JsonEscape, escaped.into_bytes()));
        }
    }
    forms
}

fn escape(c: char) -> String {
    c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(values: &[(&str, Kind)]) -> LeakScan {
        let mut known = KnownValues::new();
        for &(value, kind) in values {
            known.add("Source", kind, value);
        }
        LeakScan::new(&known).unwrap()
    }

    #[test]
    fn finds_every_encoding_and_case() {
        let scan = scan(&[("Jérôme^Lefèvre", Kind::Name)]);
        for text in ["LEFÈVRE", "lefèvre", "Lefèvre"] {
            let wide: Vec<u16> = text.encode_utf16().collect();
            assert!(!scan.scan(text.as_bytes()).is_empty());
            assert!(!scan.scan(&wide.iter().flat_map(|u| u.to_le_bytes()).collect::<Vec<_>>()).is_empty());
            assert!(!scan.scan(&wide.iter().flat_map(|u| u.to_be_bytes()).collect::<Vec<_>>()).is_empty());
            assert!(!scan.scan(&text.chars().map(|c| c as u8).collect::<Vec<_>>()).is_empty());
        }
        assert!(!scan.scan(br#"{"a":"Lef\u00e8vre"}"#).is_empty());
        assert!(scan.scan(b"Lefevre").is_empty());
    }

    #[test]
    fn digits_within_numbers_do_not_count() {
        let scan = scan(&[("20010203", Kind::Date), ("99917", Kind::Identifier)]);
        for text in ["120010203", "200102031", "1.20010203", "20010203.5", "0.99917", "99917.25"] {
            assert!(scan.scan(text.as_bytes()).is_empty(), "{text}");
        }
        for text in ["20010203", "on 20010203.", "scan_20010203.dcm", "sub-99917", "\"99917\""] {
            assert_eq!(scan.scan(text.as_bytes()).len(), 1, "{text}");
        }
    }

    #[test]
    fn short_words_count_whole() {
        let scan = scan(&[("Weber", Kind::Name)]);
        assert!(scan.scan(b"weberian").is_empty());
        assert_eq!(scan.scan(b"PROTO_WEBER 2").len(), 1);
    }

    #[test]
    fn short_values_are_found_by_field() {
        let mut known = KnownValues::new();
        known.add("PatientWeight", Kind::Number, "71");
        let scan = LeakScan::new(&known).unwrap();
        let fields = |name: &str, text: &str| BTreeMap::from([(name.to_owned(), text.to_owned())]);
        assert_eq!(scan.scan_fields(&fields("patient_weight", "71.0")).len(), 1);
        assert!(scan.scan_fields(&fields("KVP", "71")).is_empty());
        assert!(scan.scan(b"71").is_empty());
    }
}
