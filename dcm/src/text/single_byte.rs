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

/// ISO IR numbers, and the last bytes of their escape sequences (PS3.3 table C.12-3); katakana has another one.
const ESCAPES: [(&str, u8); 11] = [
    ("100", b'A'),
    ("101", b'B'),
    ("109", b'C'),
    ("110", b'D'),
    ("144", b'L'),
    ("127", b'G'),
    ("126", b'F'),
    ("138", b'H'),
    ("148", b'M'),
    ("203", b'b'),
    ("166", b'T'),
];

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
        ESCAPES.iter().find(|(_, byte)| *byte == last).and_then(|(number, _)| Self::of(number))
    }

    /// The escape sequence that puts the set into G1.
    pub(super) fn escape(self) -> [u8; 3] {
        let last = ESCAPES.iter().find(|(number, _)| Self::of(number) == Some(self)).map(|&(_, byte)| byte);
        last.map_or(*b"\x1B)I", |last| [0x1B, b'-', last])
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

impl Part {
    /// The byte, from 80 up, of a character that the set has.
    pub(super) fn byte(self, character: char) -> Option<u8> {
        let code = u32::from(character);
        match self {
            Self::Katakana => (0xFF61..=0xFF9F).contains(&code).then(|| (code - 0xFF61) as u8 + 0xA1),
            Self::Latin1 => u8::try_from(code).ok().filter(|&byte| byte >= 0x80),
            Self::Table(_) if (0x80..0xA0).contains(&code) => Some(code as u8),
            Self::Table(encoding) => {
                let mut utf8 = [0; 4];
                let (bytes, _, failed) = encoding.encode(character.encode_utf8(&mut utf8));
                let &[byte] = bytes.as_ref() else { return None };
                // TIS 620 has no space that does not break, its superset has.
                let foreign = failed || byte < 0xA0 || (byte == 0xA0 && encoding == encoding_rs::WINDOWS_874);
                (!foreign && self.high(byte) == Some(character)).then_some(byte)
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
