//! Character sets of one byte each: parts of ISO 8859, TIS 620, JIS X 0201.

use encoding_rs::Encoding;

use super::Decoded;

/// A set in which bytes above 127 are characters by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// ISO 8859-1, ISO IR 100.
    Latin1,
    /// Another part of ISO 8859, or TIS 620: the same as the named encoding from A0 up.
    Table(&'static Encoding),
    /// JIS X 0201: half-width katakana, ISO IR 13.
    Katakana,
}

impl Part {
    /// The set of an ISO IR number.
    pub(super) fn of(number: &str) -> Option<Self> {
        Some(match number {
            "100" => Self::Latin1,
            "101" => Self::Table(encoding_rs::ISO_8859_2),
            "109" => Self::Table(encoding_rs::ISO_8859_3),
            "110" => Self::Table(encoding_rs::ISO_8859_4),
            "144" => Self::Table(encoding_rs::ISO_8859_5),
            "127" => Self::Table(encoding_rs::ISO_8859_6),
            "126" => Self::Table(encoding_rs::ISO_8859_7),
            "138" => Self::Table(encoding_rs::ISO_8859_8),
            // encoding_rs has ISO 8859-9 and TIS 620 as their supersets by Microsoft; from A0 up they are the same.
            "148" => Self::Table(encoding_rs::WINDOWS_1254),
            "203" => Self::Table(encoding_rs::ISO_8859_15),
            "166" => Self::Table(encoding_rs::WINDOWS_874),
            "13" => Self::Katakana,
            _ => return None,
        })
    }

    /// The set of the last byte of the escape sequence that puts it into G1 (`ESC - x`).
    pub(super) fn of_escape(last: u8) -> Option<Self> {
        Self::of(match last {
            b'A' => "100",
            b'B' => "101",
            b'C' => "109",
            b'D' => "110",
            b'L' => "144",
            b'G' => "127",
            b'F' => "126",
            b'H' => "138",
            b'M' => "148",
            b'b' => "203",
            b'T' => "166",
            _ => return None,
        })
    }

    /// The character of one byte from 80 up; `None` where the set has none.
    pub(super) fn high(self, byte: u8) -> Option<char> {
        match self {
            Self::Latin1 => Some(char::from(byte)),
            _ if byte < 0xA0 => Some(char::from(byte)),
            Self::Table(encoding) => {
                let (text, _) = encoding.decode_without_bom_handling(std::slice::from_ref(&byte));
                text.chars().next().filter(|&c| c != '\u{FFFD}')
            }
            Self::Katakana => {
                (0xA1..=0xDF).contains(&byte).then(|| char::from_u32(0xFF61 + u32::from(byte - 0xA1))).flatten()
            }
        }
    }
}

/// Text without escapes.
pub(super) fn decode(bytes: &[u8], part: Part) -> Decoded {
    if part == Part::Katakana && bytes.iter().any(|&b| matches!(b, 0x81..=0x9F | 0xE0..=0xFC)) {
        // Not JIS X 0201 but Shift JIS, its superset, under the wrong name.
        let (text, damaged) = encoding_rs::SHIFT_JIS.decode_without_bom_handling(bytes);
        return Decoded { text: text.into_owned(), damaged, undeclared: false };
    }
    let mut decoded = Decoded::default();
    for &byte in bytes {
        let character = if byte < 0x80 { Some(char::from(byte)) } else { part.high(byte) };
        decoded.damaged |= character.is_none();
        decoded.text.push(character.unwrap_or('\u{FFFD}'));
    }
    decoded
}
