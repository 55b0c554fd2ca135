//! Character sets of two bytes each, 94 by 94, that escapes bring in.
//!
//! Codes here have both high bits set, as in the right half (G1); in the left half (G0) the bits are clear.
//!
//! Source: DICOM PS3.3 table C.12-4; JIS X 0208 and 0212, KS X 1001, GB 2312, by the tables of the WHATWG Encoding Standard.

use std::sync::OnceLock;

use encoding_rs::{EUC_JP, EUC_KR, Encoding, GBK};

/// A set of two bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pairs {
    /// ISO IR 87: kanji, kana, and more.
    Jis0208,
    /// ISO IR 159: supplementary kanji.
    Jis0212,
    /// ISO IR 149: hangul and hanja.
    Ksx1001,
    /// ISO IR 58: simplified hanzi.
    Gb2312,
}

/// Characters in ascending order, each with its code.
type Table = Vec<(char, [u8; 2])>;

const FIRST: u8 = 0xA1;
const LAST: u8 = 0xFE;

impl Pairs {
    /// The set of an ISO IR number.
    pub(super) fn of(number: &str) -> Option<Self> {
        Some(match number {
            "87" => Self::Jis0208,
            "159" => Self::Jis0212,
            "149" => Self::Ksx1001,
            "58" => Self::Gb2312,
            _ => return None,
        })
    }

    /// The escape sequence that DICOM has for the set.
    pub(super) const fn escape(self) -> &'static [u8] {
        match self {
            Self::Jis0208 => b"\x1B$B",
            Self::Jis0212 => b"\x1B$(D",
            Self::Ksx1001 => b"\x1B$)C",
            Self::Gb2312 => b"\x1B$)A",
        }
    }

    /// Whether that sequence puts the set into the left half, in the place of ASCII.
    pub(super) const fn is_low(self) -> bool {
        matches!(self, Self::Jis0208 | Self::Jis0212)
    }

    /// The character of a code. The tables hold more than the set: what others write by mistake is read.
    pub(super) fn decode(self, [first, second]: [u8; 2]) -> Option<char> {
        let (encoding, prefix): (&'static Encoding, &[u8]) = match self {
            Self::Jis0208 => (EUC_JP, &[]),
            Self::Jis0212 => (EUC_JP, &[0x8F]),
            // The table goes on below A1 with more hangul, none of whose second bytes is a delimiter.
            Self::Ksx1001 => (EUC_KR, &[]),
            // That of GBK does too, but there a backslash may be a second byte.
            Self::Gb2312 if first < FIRST || second < FIRST => return None,
            Self::Gb2312 => (GBK, &[]),
        };
        let code = [prefix, &[first, second]].concat();
        let text = encoding.decode_without_bom_handling_and_without_replacement(&code)?;
        let mut characters = text.chars();
        let character = characters.next().filter(|_| characters.next().is_none())?;
        Some(if self == Self::Jis0208 { of_jis(character) } else { character })
    }

    /// The code of a character that the set itself has.
    pub(super) fn encode(self, character: char) -> Option<[u8; 2]> {
        let table = self.table();
        let at = table.binary_search_by_key(&character, |&(c, _)| c).ok()?;
        table.get(at).map(|&(_, code)| code)
    }

    /// All characters of the set, each with its lowest code.
    fn table(self) -> &'static Table {
        static TABLES: [OnceLock<Table>; 4] = [const { OnceLock::new() }; 4];
        TABLES[self as usize].get_or_init(|| {
            let codes = (FIRST..=LAST).flat_map(|first| (FIRST..=LAST).map(move |second| [first, second]));
            let mut table: Table =
                codes.filter(|&code| self.has(code)).filter_map(|code| Some((self.decode(code)?, code))).collect();
            table.sort_unstable();
            table.dedup_by_key(|&mut (character, _)| character);
            table
        })
    }

    /// Whether the standard of the set has a character there; the tables fill some of the gaps with vendors' characters.
    fn has(self, [first, second]: [u8; 2]) -> bool {
        let (row, cell) = (first - 0xA0, second - 0xA0);
        match self {
            Self::Jis0208 => match row {
                2 => matches!(cell, 1..=14 | 26..=33 | 42..=48 | 60..=74 | 82..=89 | 94),
                84 => cell <= 6,
                _ => matches!(row, 1..=8 | 16..=83),
            },
            Self::Jis0212 | Self::Ksx1001 => true,
            Self::Gb2312 => match row {
                2 => matches!(cell, 17..=66 | 69..=78 | 81..=92),
                4 => cell <= 83,
                5 => cell <= 86,
                6 => matches!(cell, 1..=24 | 33..=56),
                7 => matches!(cell, 1..=33 | 49..=81),
                8 => matches!(cell, 1..=26 | 37..=73),
                9 => matches!(cell, 4..=79),
                55 => cell <= 89,
                _ => matches!(row, 1 | 3 | 16..=87),
            },
        }
    }
}

/// The table has six characters of JIS X 0208 as Microsoft reads them; others read them by the standard's names.
fn of_jis(character: char) -> char {
    match character {
        '～' => '〜',
        '∥' => '‖',
        '－' => '−',
        '￠' => '¢',
        '￡' => '£',
        '￢' => '¬',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_have_as_many_characters_as_their_standards_say() {
        assert_eq!(Pairs::Jis0208.table().len(), 6879);
        assert_eq!(Pairs::Jis0212.table().len(), 6067);
        assert_eq!(Pairs::Gb2312.table().len(), 7445);
        // 8224 of 1987, the euro sign and the registered mark of 1998; the postal code mark of 2002 is not in the table.
        assert_eq!(Pairs::Ksx1001.table().len(), 8226);
    }

    #[test]
    fn codes_and_characters_go_together() {
        for set in [Pairs::Jis0208, Pairs::Jis0212, Pairs::Ksx1001, Pairs::Gb2312] {
            for &(character, code) in set.table() {
                assert_eq!((set.decode(code), set.encode(character)), (Some(character), Some(code)));
            }
        }
    }

    #[test]
    fn a_wave_dash_is_a_wave_dash() {
        assert_eq!(Pairs::Jis0208.decode([0xA1, 0xC1]), Some('\u{301C}'));
        assert_eq!(Pairs::Jis0208.encode('\u{301C}'), Some([0xA1, 0xC1]));
    }

    #[test]
    fn what_vendors_added_is_read_but_not_written() {
        assert_eq!(Pairs::Jis0208.decode([0xAD, 0xA1]), Some('①'));
        assert_eq!(Pairs::Jis0208.encode('①'), None);
    }

    #[test]
    fn a_delimiter_is_no_second_byte() {
        assert_eq!(Pairs::Gb2312.decode([0xB0, b'\\']), None);
        assert_eq!(Pairs::Ksx1001.decode([0xB0, b'\\']), None);
    }
}
