//! Code extensions: escape sequences that change the character set within a value.
//!
//! G0 holds what bytes below 80 mean, G1 what bytes above mean. Both go back to their start at the end of a line, of a value
//! (`\`, where several can be), and in names at `^` and `=`. Escapes are obeyed whether or not Specific Character Set names them.
//!
//! Source: DICOM PS3.3 tables C.12-3 and C.12-4, PS3.5 section 6.1.2.5.

use dicom_core::VR;

use super::Decoded;
use super::pairs::Pairs;
use super::single_byte::Part;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Low {
    Ascii,
    /// JIS X 0201 katakana, in seven bits.
    Katakana,
    Pairs(Pairs),
}

#[derive(Clone, Copy)]
enum High {
    Nothing,
    Single(Part),
    Pairs(Pairs),
}

/// Text with escapes; `start` is the set that bytes above 127 are in before the first.
pub(super) fn decode(bytes: &[u8], start: Option<Part>, vr: VR) -> Decoded {
    let initial = start.map_or(High::Nothing, High::Single);
    let (mut low, mut high) = (Low::Ascii, initial);
    let mut out = Decoded::default();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte == 0x1B {
            match escape(&bytes[at + 1..]) {
                Some((length, change)) => {
                    match change {
                        Change::Low(set) => low = set,
                        Change::High(set) => high = set,
                    }
                    at += 1 + length;
                }
                None => {
                    out.lose();
                    at += 1;
                }
            }
            continue;
        }
        if byte >= 0x80 {
            at += match high {
                High::Single(part) => {
                    out.push(part.high(byte));
                    1
                }
                High::Pairs(set) => pair(&mut out, set, bytes.get(at..at + 2), 0x00),
                High::Nothing => {
                    out.lose();
                    1
                }
            };
            continue;
        }
        // Control characters are never part of a pair; other delimiters are where G0 is not ASCII.
        if matches!(byte, b'\n' | b'\r' | 0x0C | b'\t') || (low == Low::Ascii && delimits(byte, vr)) {
            (low, high) = (Low::Ascii, initial);
            out.text.push(char::from(byte));
            at += 1;
            continue;
        }
        at += match low {
            Low::Pairs(set) if byte > 0x20 && byte < 0x7F => pair(&mut out, set, bytes.get(at..at + 2), 0x80),
            Low::Katakana if (0x21..=0x5F).contains(&byte) => {
                out.push(Part::Katakana.high(byte | 0x80));
                1
            }
            _ => {
                out.text.push(char::from(byte));
                1
            }
        };
    }
    out
}

/// Whether a byte of ASCII ends what escapes brought in, besides control characters.
pub(super) fn delimits(byte: u8, vr: VR) -> bool {
    match byte {
        b'\\' => !matches!(vr, VR::ST | VR::LT | VR::UT),
        b'^' | b'=' => vr == VR::PN,
        _ => false,
    }
}

impl Decoded {
    fn push(&mut self, character: Option<char>) {
        self.damaged |= character.is_none();
        self.text.push(character.unwrap_or('\u{FFFD}'));
    }

    fn lose(&mut self) {
        self.push(None);
    }
}

enum Change {
    Low(Low),
    High(High),
}

/// What follows an escape byte: how many bytes, and what it changes.
fn escape(rest: &[u8]) -> Option<(usize, Change)> {
    let first = *rest.first()?;
    let second = *rest.get(1)?;
    let third = rest.get(2).copied();
    Some(match (first, second, third) {
        (b'(', b'B' | b'J', _) => (2, Change::Low(Low::Ascii)),
        (b'(', b'I', _) => (2, Change::Low(Low::Katakana)),
        (b')', b'I', _) => (2, Change::High(High::Single(Part::Katakana))),
        (b'-', last, _) => (2, Change::High(High::Single(Part::of_escape(last)?))),
        (b'$', b'B' | b'@', _) => (2, Change::Low(Low::Pairs(Pairs::Jis0208))),
        (b'$', b'A', _) => (2, Change::Low(Low::Pairs(Pairs::Gb2312))),
        (b'$', b'(', Some(b'D')) => (3, Change::Low(Low::Pairs(Pairs::Jis0212))),
        (b'$', b'(', Some(b'B')) => (3, Change::Low(Low::Pairs(Pairs::Jis0208))),
        (b'$', b'(', Some(b'C')) => (3, Change::Low(Low::Pairs(Pairs::Ksx1001))),
        (b'$', b')', Some(b'C')) => (3, Change::High(High::Pairs(Pairs::Ksx1001))),
        (b'$', b')', Some(b'A')) => (3, Change::High(High::Pairs(Pairs::Gb2312))),
        _ => return None,
    })
}

/// Decodes one pair of bytes (after setting the bits of `bits`); returns how many bytes that took.
fn pair(out: &mut Decoded, set: Pairs, bytes: Option<&[u8]>, bits: u8) -> usize {
    let Some(&[a, b]) = bytes else {
        out.lose();
        return 1;
    };
    let found = set.decode([a | bits, b | bits]);
    out.push(found);
    // The second byte of a broken pair may be a delimiter or an escape: look at it by itself.
    if found.is_some() || b | bits >= 0xA1 { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::super::Charset;
    use super::*;

    fn decode(names: &[&str], bytes: &[u8]) -> String {
        let names: Vec<String> = names.iter().map(|&n| n.to_owned()).collect();
        let decoded = Charset::of(&names).decode(bytes, VR::PN);
        assert!(!decoded.damaged);
        decoded.text
    }

    // The names of DICOM PS3.5 annexes H, I and K.
    #[test]
    fn reads_japanese_names() {
        let name = b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B";
        assert_eq!(decode(&["", "ISO 2022 IR 87"], name), "Yamada^Tarou=山田^太郎=やまだ^たろう");
        let name =
            b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J";
        assert_eq!(decode(&["ISO 2022 IR 13", "ISO 2022 IR 87"], name), "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう");
    }

    #[test]
    fn reads_korean_names() {
        let name = b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf";
        assert_eq!(decode(&["", "ISO 2022 IR 149"], name), "Hong^Gildong=洪^吉洞=홍^길동");
    }

    #[test]
    fn reads_chinese_names() {
        let name = b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=";
        assert_eq!(decode(&["", "ISO 2022 IR 58"], name), "Zhang^XiaoDong=张^小东=");
    }

    #[test]
    fn switches_between_single_byte_sets() {
        assert_eq!(decode(&["ISO 2022 IR 100", "ISO 2022 IR 144"], b"\xe9\x1b-L\xbb\xee\xda"), "éЛюк");
    }

    #[test]
    fn escapes_that_nobody_knows_are_told() {
        assert!(Charset::default().decode(b"a\x1bZb", VR::PN).damaged);
    }
}
