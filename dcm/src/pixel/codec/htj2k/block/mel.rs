//! Runs of zero events: the adaptive run-length code that says which quads without neighbours hold anything.
//!
//! Source: ITU-T T.814, 7.1.3 (bits), 7.3.3 (the decoder and its table of exponents).

/// The exponents of run lengths, by state.
const EXPONENTS: [u8; 13] = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5];

/// The decoder of MEL events.
pub(super) struct Mel<'a> {
    bytes: &'a [u8],
    cache: u32,
    held: u32,
    after_ff: bool,
    state: u8,
    zeros: u32,
    one: bool,
}

impl<'a> Mel<'a> {
    /// Reads `bytes`, the MEL and VLC bits without the last byte of them. The two may overlap in the very last byte, whose
    /// low nibble belongs to a length.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, cache: 0, held: 0, after_ff: false, state: 0, zeros: 0, one: false }
    }

    /// The next event.
    #[inline]
    pub(super) fn event(&mut self) -> bool {
        if self.zeros == 0 && !self.one {
            self.run();
        }
        if self.zeros > 0 {
            self.zeros -= 1;
            return false;
        }
        std::mem::take(&mut self.one)
    }

    /// Decodes one code word: a full run of zeros, or a shorter one that a one ends.
    fn run(&mut self) {
        let exponent = u32::from(EXPONENTS.get(usize::from(self.state)).copied().unwrap_or(5));
        if self.bits(1) == 1 {
            self.zeros = 1 << exponent;
            self.state = (self.state + 1).min(12);
        } else {
            self.zeros = self.bits(exponent);
            self.one = true;
            self.state = self.state.saturating_sub(1);
        }
    }

    fn bits(&mut self, count: u32) -> u32 {
        while self.held < count {
            let byte = match self.bytes {
                [] => 0xFF,
                &[last] => last | 0x0F,
                &[byte, ..] => byte,
            };
            self.bytes = self.bytes.get(1..).unwrap_or_default();
            let width = if self.after_ff { 7 } else { 8 };
            self.cache = self.cache << width | u32::from(byte) & ((1 << width) - 1);
            self.held += width;
            self.after_ff = byte == 0xFF;
        }
        self.held -= count;
        self.cache >> self.held & ((1 << count) - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reverse of [`Mel`]: code words of events, packed with stuffing.
    fn encode(events: &[bool]) -> Vec<u8> {
        let (mut bits, mut state, mut run) = (Vec::new(), 0usize, 0u32);
        for &event in events {
            let exponent = u32::from(EXPONENTS[state]);
            if event {
                bits.push(false);
                bits.extend((0..exponent).rev().map(|at| run >> at & 1 == 1));
                (run, state) = (0, state.saturating_sub(1));
            } else {
                run += 1;
                if run == 1 << exponent {
                    bits.push(true);
                    (run, state) = (0, (state + 1).min(12));
                }
            }
        }
        if run > 0 {
            bits.push(true);
        }
        let (mut bytes, mut rest) = (Vec::new(), bits.as_slice());
        while !rest.is_empty() {
            let width = if bytes.last() == Some(&0xFF) { 7 } else { 8 };
            let (now, later) = rest.split_at(width.min(rest.len()));
            let byte = now.iter().fold(0u32, |byte, &bit| byte << 1 | u32::from(bit));
            bytes.push((byte << (width - now.len())) as u8);
            rest = later;
        }
        bytes
    }

    #[test]
    fn events_come_back() {
        let mut seed = 1u32;
        for rare in [2, 5, 40, 1000] {
            let mut event = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 8).is_multiple_of(rare)
            };
            let events: Vec<bool> = (0..3000).map(|_| event()).collect();
            let mut bytes = encode(&events);
            // The byte that would be shared with the VLC bits.
            bytes.push(0);
            let mut mel = Mel::new(&bytes);
            let back: Vec<bool> = events.iter().map(|_| mel.event()).collect();
            assert_eq!(back, events);
        }
    }

    #[test]
    fn nothing_left_is_zeros() {
        let mut mel = Mel::new(&[]);
        assert!((0..1000).all(|_| !mel.event()));
    }
}
