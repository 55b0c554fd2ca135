//! The MQ coder: a binary arithmetic coder that learns the odds of each context.
//!
//! A context is one of 19; its state is a row of the probability table and the symbol that is the likelier one.
//! The interval is halved by table values of 16 bits, so that coding needs no multiplication.
//!
//! Source: ITU-T T.800 annex C.2 (encoder), table C.2 (probabilities), table D.7 (states at the start).

#[cfg(test)]
/// How many contexts a code block uses.
const CONTEXTS: usize = 19;
/// Context of "do the next four coefficients stay zero".
pub(super) const RUN: u8 = 17;
/// Context of bits that are as likely 0 as 1.
pub(super) const UNIFORM: u8 = 18;

/// Codes bits into bytes.
pub(super) struct Encoder {
    interval: u32,
    code: u32,
    /// Shifts until the next byte is complete.
    shifts: u32,
    /// The first byte stands for the one before the segment, and is dropped.
    bytes: Vec<u8>,
    /// Twice the table's row, plus the likelier symbol. Longer than needed: a mask replaces the check of the index.
    states: [u8; 32],
}

impl Encoder {
    /// A coder at the start of a code block.
    pub(super) fn new() -> Self {
        let mut states = [0; 32];
        states[0] = 2 * 4;
        states[RUN as usize] = 2 * 3;
        states[UNIFORM as usize] = 2 * 46;
        Self { interval: 0x8000, code: 0, shifts: 12, bytes: vec![0], states }
    }

    /// Codes one bit (0 or 1) in a context.
    #[inline(always)]
    pub(super) fn put(&mut self, context: u8, bit: u32) {
        let state = &mut self.states[usize::from(context & 31)];
        let row = STATES[usize::from(*state & 127)];
        let likelier = u32::from(*state & 1);
        let chance = row.chance;
        self.interval -= chance;
        if bit == likelier {
            if self.interval & 0x8000 != 0 {
                self.code += chance;
                return;
            }
            // The likelier symbol takes the larger part, whichever that has become.
            if self.interval < chance {
                self.interval = chance;
            } else {
                self.code += chance;
            }
            *state = row.after_likelier;
        } else {
            if self.interval < chance {
                self.code += chance;
            } else {
                self.interval = chance;
            }
            *state = row.after_other;
        }
        self.renormalise();
    }

    fn renormalise(&mut self) {
        let mut left = self.interval.leading_zeros().saturating_sub(16);
        self.interval <<= left;
        while left >= self.shifts {
            self.code <<= self.shifts;
            left -= self.shifts;
            self.byte_out();
        }
        self.code <<= left;
        self.shifts -= left;
    }

    /// Moves a byte out. After 0xFF only seven bits follow, so that a carry has room and no marker appears.
    fn byte_out(&mut self) {
        let mut stuffed = false;
        if let Some(last) = self.bytes.last_mut() {
            if *last != 0xFF && self.code & CARRY != 0 {
                *last += 1;
                self.code &= CARRY - 1;
            }
            stuffed = *last == 0xFF;
        }
        let bits = if stuffed { 7 } else { 8 };
        let rest = 27 - bits;
        self.bytes.push((self.code >> rest) as u8);
        self.code &= (1 << rest) - 1;
        self.shifts = bits;
    }

    /// Ends the segment: as many bits are set as the interval leaves free, so that the last bytes are as few as can be.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let top = self.code + self.interval;
        self.code |= 0xFFFF;
        if self.code >= top {
            self.code -= 0x8000;
        }
        for _ in 0..2 {
            self.code <<= self.shifts;
            self.byte_out();
        }
        // A decoder reads 0xFF bytes past the end, so one there says nothing.
        if self.bytes.last() == Some(&0xFF) {
            self.bytes.pop();
        }
        self.bytes.remove(0);
        self.bytes
    }
}

const CARRY: u32 = 1 << 27;

#[derive(Clone, Copy)]
struct State {
    /// The part of the interval that the unlikelier symbol takes.
    chance: u32,
    after_likelier: u8,
    after_other: u8,
}

/// Table C.2 for both likelier symbols; the rows at the end are never reached.
static STATES: [State; 128] = states();

const fn states() -> [State; 128] {
    let mut all = [State { chance: 0x5601, after_likelier: 92, after_other: 92 }; 128];
    let mut row = 0;
    while row < ROWS.len() {
        let (chance, likelier, other, switch) = ROWS[row];
        let mut symbol = 0;
        while symbol < 2 {
            all[2 * row + symbol as usize] = State {
                chance: chance as u32,
                after_likelier: 2 * likelier + symbol,
                after_other: 2 * other + (symbol ^ switch),
            };
            symbol += 1;
        }
        row += 1;
    }
    all
}

/// Chance, next row after the likelier symbol, next row after the other one, whether the likelier symbol changes.
const ROWS: [(u16, u8, u8, u8); 47] = [
    (0x5601, 1, 1, 1),
    (0x3401, 2, 6, 0),
    (0x1801, 3, 9, 0),
    (0x0AC1, 4, 12, 0),
    (0x0521, 5, 29, 0),
    (0x0221, 38, 33, 0),
    (0x5601, 7, 6, 1),
    (0x5401, 8, 14, 0),
    (0x4801, 9, 14, 0),
    (0x3801, 10, 14, 0),
    (0x3001, 11, 17, 0),
    (0x2401, 12, 18, 0),
    (0x1C01, 13, 20, 0),
    (0x1601, 29, 21, 0),
    (0x5601, 15, 14, 1),
    (0x5401, 16, 14, 0),
    (0x5101, 17, 15, 0),
    (0x4801, 18, 16, 0),
    (0x3801, 19, 17, 0),
    (0x3401, 20, 18, 0),
    (0x3001, 21, 19, 0),
    (0x2801, 22, 19, 0),
    (0x2401, 23, 20, 0),
    (0x2201, 24, 21, 0),
    (0x1C01, 25, 22, 0),
    (0x1801, 26, 23, 0),
    (0x1601, 27, 24, 0),
    (0x1401, 28, 25, 0),
    (0x1201, 29, 26, 0),
    (0x1101, 30, 27, 0),
    (0x0AC1, 31, 28, 0),
    (0x09C1, 32, 29, 0),
    (0x08A1, 33, 30, 0),
    (0x0521, 34, 31, 0),
    (0x0441, 35, 32, 0),
    (0x02A1, 36, 33, 0),
    (0x0221, 37, 34, 0),
    (0x0141, 38, 35, 0),
    (0x0111, 39, 36, 0),
    (0x0085, 40, 37, 0),
    (0x0049, 41, 38, 0),
    (0x0025, 42, 39, 0),
    (0x0015, 43, 40, 0),
    (0x0009, 44, 41, 0),
    (0x0005, 45, 42, 0),
    (0x0001, 45, 43, 0),
    (0x5601, 46, 46, 0),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The sequence of ITU-T T.88 annex H.2, without the marker that JBIG2 adds at the end.
    #[test]
    fn codes_the_standards_test_sequence() {
        let input: [u32; 8] =
            [0x0002_0051, 0x0000_00C0, 0x0352_872A, 0xAAAA_AAAA, 0x82C0_2000, 0xFCD7_9EF6, 0xBF7F_ED90, 0x4F46_A3BF];
        let mut encoder = Encoder::new();
        encoder.states[1] = 0;
        for word in input {
            (0..32).rev().for_each(|at| encoder.put(1, word >> at & 1));
        }
        let wanted = [
            0x84, 0xC7, 0x3B, 0xFC, 0xE1, 0xA1, 0x43, 0x04, 0x02, 0x20, 0x00, 0x00, 0x41, 0x0D, 0xBB, 0x86, 0xF4, 0x31,
            0x7F, 0xFF, 0x88, 0xFF, 0x37, 0x47, 0x1A, 0xDB, 0x6A, 0xDF,
        ];
        assert_eq!(encoder.finish(), wanted);
    }

    #[test]
    fn no_byte_above_0x8f_follows_0xff() {
        let mut noise = 1u32;
        for context in 0..CONTEXTS as u8 {
            let mut encoder = Encoder::new();
            for _ in 0..20_000 {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                encoder.put(context, noise >> 31);
            }
            let bytes = encoder.finish();
            assert!(bytes.contains(&0xFF), "the case does not come up");
            assert!(bytes.windows(2).all(|pair| pair[0] != 0xFF || pair[1] <= 0x8F));
            assert_ne!(bytes.last(), Some(&0xFF));
        }
    }
}
