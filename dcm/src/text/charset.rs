//! The terms of Specific Character Set.

use dicom_core::VR;
use encoding_rs::Encoding;

use super::encode::{self, Set};
use super::iso2022;
use super::single_byte::{self, Part};

/// What the values of Specific Character Set (0008,0005) name together.
///
/// ```
/// use isocenter_dcm::{VR, text::Charset};
/// let russian = Charset::of(&["ISO_IR 144".to_owned()]);
/// assert_eq!(russian.decode(b"\xbb\xee\xda", VR::PN).text, "Люк");
/// assert_eq!(russian.encode("Люк", VR::PN).as_deref(), Some(&b"\xbb\xee\xda"[..]));
/// assert_eq!(russian.encode("小東", VR::PN), None); // no place for it there
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Charset {
    base: Base,
    /// The sets that escapes may bring in, in the order of the values.
    sets: Vec<Set>,
    unknown: bool,
}

/// How text without escape sequences is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Base {
    /// Nothing is named.
    #[default]
    Undeclared,
    /// ISO IR 6: ASCII.
    Ascii,
    /// ISO 8859 parts, TIS 620 and JIS X 0201, with escapes.
    Single(Part),
    /// UTF-8, GB 18030 or GBK: no escapes.
    Whole(&'static Encoding),
}

/// Text, and how well it could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decoded {
    /// The text; what could not be read is U+FFFD.
    pub text: String,
    /// Whether some bytes are not defined by the character set.
    pub damaged: bool,
    /// Whether bytes above 127 occur although no character set is named; they were read as UTF-8 where they are valid, else
    /// as ISO 8859-1.
    pub undeclared: bool,
}

impl Charset {
    /// The character set that the values name; unknown ones read as the default, see [`Charset::has_unknown`].
    pub fn of(names: &[String]) -> Self {
        let mut charset = Self::default();
        for (index, name) in names.iter().enumerate() {
            let term = normalize(name);
            let found = match term.as_str() {
                // An empty first value is the default repertoire, and says that escapes follow.
                "" | "6" => Some(Base::Ascii),
                "192" => Some(Base::Whole(encoding_rs::UTF_8)),
                "GB18030" => Some(Base::Whole(encoding_rs::GB18030)),
                "GBK" => Some(Base::Whole(encoding_rs::GBK)),
                // Sets that come by escapes only; the first value is then the default repertoire.
                "87" | "159" | "149" | "58" => Some(Base::Ascii),
                number => Part::of(number).map(Base::Single),
            };
            charset.unknown |= found.is_none();
            charset.sets.extend(Set::of(&term));
            if index == 0 {
                charset.base =
                    if names.len() == 1 && term.is_empty() { Base::Undeclared } else { found.unwrap_or_default() };
            }
        }
        charset
    }

    /// Whether a value names no character set of the standard.
    pub fn has_unknown(&self) -> bool {
        self.unknown
    }

    /// The bytes of `text`, which [`decode`](Self::decode) reads as the same text; `None` where a character has no place in the
    /// sets that are named, or none is named and the text is not ASCII.
    pub fn encode(&self, text: &str, vr: VR) -> Option<Vec<u8>> {
        if text.bytes().all(|b| b < 0x80 && b != 0x1B) {
            return Some(text.as_bytes().to_vec());
        }
        match self.base {
            Base::Whole(encoding) => {
                let (bytes, _, failed) = encoding.encode(text);
                // The euro sign as one byte is not of GBK but of Microsoft's version.
                let foreign = encoding == encoding_rs::GBK && text.contains('€');
                let same = || encoding.decode_without_bom_handling(&bytes) == (text.into(), false);
                (!failed && !foreign && same()).then(|| bytes.into_owned())
            }
            Base::Single(part) => encode::encode(text, Some(part), &self.sets, vr),
            Base::Ascii | Base::Undeclared => encode::encode(text, None, &self.sets, vr),
        }
    }

    /// The text of `bytes`; `vr` says what resets escapes (PN: `^` and `=` too).
    pub fn decode(&self, bytes: &[u8], vr: VR) -> Decoded {
        if bytes.iter().all(|&b| b < 0x80 && b != 0x1B) {
            return Decoded::plain(bytes);
        }
        match self.base {
            Base::Whole(encoding) => {
                let (text, damaged) = encoding.decode_without_bom_handling(bytes);
                Decoded { text: text.into_owned(), damaged, undeclared: false }
            }
            _ if bytes.contains(&0x1B) => {
                let start = if let Base::Single(part) = self.base { Some(part) } else { None };
                iso2022::decode(bytes, start, vr)
            }
            Base::Single(part) => single_byte::decode(bytes, part),
            Base::Ascii | Base::Undeclared => Decoded { undeclared: true, ..Decoded::default_repertoire(bytes) },
        }
    }
}

impl Decoded {
    /// Text of a VR that no character set applies to: ASCII, with UTF-8 or ISO 8859-1 for what should not be there.
    pub(crate) fn default_repertoire(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self { text: text.to_owned(), damaged: false, undeclared: !text.is_ascii() },
            Err(_) => Self { text: bytes.iter().map(|&b| char::from(b)).collect(), damaged: false, undeclared: true },
        }
    }

    /// Text that was read without a doubt.
    pub(crate) fn sound(text: &str) -> Self {
        Self { text: text.to_owned(), damaged: false, undeclared: false }
    }

    fn plain(bytes: &[u8]) -> Self {
        Self { text: String::from_utf8_lossy(bytes).into_owned(), damaged: false, undeclared: false }
    }
}

/// The number of `ISO_IR n`, `ISO 2022 IR n` and their misspellings; other terms as they are, in upper case.
fn normalize(name: &str) -> String {
    let upper: String =
        name.trim().to_ascii_uppercase().chars().map(|c| if matches!(c, '_' | '-') { ' ' } else { c }).collect();
    let tail = upper.strip_prefix("ISO").map(str::trim_start).unwrap_or(&upper);
    let tail = tail.strip_prefix("2022").map(str::trim_start).unwrap_or(tail);
    tail.strip_prefix("IR").map(str::trim_start).unwrap_or(tail).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(names: &[&str], bytes: &[u8]) -> String {
        let names: Vec<String> = names.iter().map(|&n| n.to_owned()).collect();
        let decoded = Charset::of(&names).decode(bytes, VR::PN);
        assert!(!decoded.damaged && !decoded.undeclared, "{names:?}");
        decoded.text
    }

    #[test]
    fn reads_single_byte_sets() {
        assert_eq!(decode(&["ISO_IR 100"], b"Buc^J\xe9r\xf4me"), "Buc^Jérôme");
        assert_eq!(decode(&["ISO_IR 101"], b"Wa\xb3\xeasa"), "Wałęsa");
        assert_eq!(decode(&["ISO_IR 144"], b"\xbb\xee\xda"), "Люк");
        assert_eq!(decode(&["ISO_IR 126"], b"\xc4\xe9\xef\xed"), "Διον");
        assert_eq!(decode(&["ISO_IR 192"], "Wang^小東".as_bytes()), "Wang^小東");
        assert_eq!(decode(&["GB18030"], b"\xcd\xf5"), "王");
    }

    #[test]
    fn undeclared_bytes_are_told() {
        let decoded = Charset::default().decode(b"J\xe9r\xf4me", VR::PN);
        assert_eq!(decoded.text, "Jérôme");
        assert!(decoded.undeclared);
        assert_eq!(Charset::default().decode("é".as_bytes(), VR::PN).text, "é");
    }

    #[test]
    fn misspelled_terms_are_understood() {
        assert_eq!(decode(&["ISO-IR 100"], b"\xe9"), "é");
        assert_eq!(decode(&["ISO 2022 IR 100"], b"\xe9"), "é");
        assert!(Charset::of(&["KLINGON".to_owned()]).has_unknown());
    }
}
