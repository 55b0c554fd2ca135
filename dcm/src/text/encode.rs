//! Unicode to bytes with code extensions.
//!
//! Only sets that Specific Character Set names are used, the first one that has a character before the others. The state of
//! the first value is restored before a delimiter, a control character and the end. Korean is brought in at the head of a
//! line, a value or a part of a name, other sets where they are needed, as the standard's examples have it.
//!
//! Source: DICOM PS3.5 section 6.1.2.5, annexes H, I and K.

use dicom_core::VR;

use super::iso2022::delimits;
use super::pairs::Pairs;
use super::single_byte::Part;

/// A set that Specific Character Set names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    Single(Part),
    Pairs(Pairs),
}

impl Set {
    /// The set of an ISO IR number; `None` for the default repertoire, and for what is not a set of ISO 2022.
    pub(super) fn of(number: &str) -> Option<Self> {
        Part::of(number).map(Self::Single).or_else(|| Pairs::of(number).map(Self::Pairs))
    }

    fn has(self, character: char) -> bool {
        match self {
            Self::Single(part) => part.byte(character).is_some(),
            Self::Pairs(pairs) => pairs.encode(character).is_some(),
        }
    }
}

/// The bytes of `text`; `start` is the set of the first value. `None` where a character is in none of the sets.
pub(super) fn encode(text: &str, start: Option<Part>, sets: &[Set], vr: VR) -> Option<Vec<u8>> {
    let mut writer = Writer { start, sets, low: None, high: start.map(Set::Single), out: Vec::new() };
    let ends = |c: char| c.is_ascii() && (c.is_control() || delimits(c as u8, vr));
    for piece in text.split_inclusive(ends) {
        let body = piece.strip_suffix(ends).unwrap_or(piece);
        writer.head(body);
        body.chars().try_for_each(|character| writer.put(character))?;
        writer.reset();
        match piece.get(body.len()..)? {
            "\x1B" => return None,
            end => writer.out.extend(end.bytes()),
        }
    }
    Some(writer.out)
}

struct Writer<'a> {
    start: Option<Part>,
    sets: &'a [Set],
    /// What stands in the place of ASCII.
    low: Option<Pairs>,
    high: Option<Set>,
    out: Vec<u8>,
}

impl Writer<'_> {
    /// Brings Korean in where it is all that a line needs.
    fn head(&mut self, body: &str) {
        const KOREAN: Set = Set::Pairs(Pairs::Ksx1001);
        let mut foreign = body.chars().filter(|c| !c.is_ascii()).peekable();
        if foreign.peek().is_some() && self.start.is_none() && foreign.all(|c| self.first_with(c) == Some(KOREAN)) {
            self.bring(KOREAN);
        }
    }

    fn put(&mut self, character: char) -> Option<()> {
        if character.is_ascii() {
            self.restore_low();
            self.out.push(character as u8);
            return Some(());
        }
        let at_hand = [self.low.map(Set::Pairs), self.high].into_iter().flatten().find(|set| set.has(character));
        let set = match at_hand {
            Some(set) => set,
            None => {
                let set = self.first_with(character)?;
                self.bring(set);
                set
            }
        };
        // The right half could be used beside any left one, but other readers take a text as one or the other.
        match set {
            Set::Single(part) => {
                self.restore_low();
                self.out.push(part.byte(character)?);
            }
            Set::Pairs(pairs) => {
                if !pairs.is_low() {
                    self.restore_low();
                }
                let mask = if pairs.is_low() { 0x7F } else { 0xFF };
                self.out.extend(pairs.encode(character)?.map(|byte| byte & mask));
            }
        }
        Some(())
    }

    fn first_with(&self, character: char) -> Option<Set> {
        self.start.map(Set::Single).into_iter().chain(self.sets.iter().copied()).find(|set| set.has(character))
    }

    fn bring(&mut self, set: Set) {
        match set {
            Set::Single(part) => {
                self.out.extend(part.escape());
                self.high = Some(set);
            }
            Set::Pairs(pairs) => {
                self.out.extend(pairs.escape());
                if pairs.is_low() { self.low = Some(pairs) } else { self.high = Some(set) }
            }
        }
    }

    fn restore_low(&mut self) {
        if self.low.take().is_some() {
            let roman: &[u8] = if self.start == Some(Part::Katakana) { b"\x1B(J" } else { b"\x1B(B" };
            self.out.extend(roman);
        }
    }

    /// Back to the state of the first value.
    fn reset(&mut self) {
        self.restore_low();
        let start = self.start.map(Set::Single);
        match start {
            Some(set) if self.high != start => self.bring(set),
            _ => self.high = start,
        }
    }
}
