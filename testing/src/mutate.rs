//! Seeded changes to a file, for tests that whatever bytes come in, no reader panics or takes more memory than they justify.

/// SplitMix64: the same numbers everywhere.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, or 0.
    #[must_use]
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.next() % end as u64) as usize }
    }

    fn byte(&mut self) -> u8 {
        self.next() as u8
    }
}

/// Header bytes that most changes fall into.
const HEAD: usize = 4096;
/// The longest span that is put in, taken out or doubled.
const SPAN: usize = 512;

/// A kind of file, as far as its weak places go.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Bytes that most changes fall into.
    pub head: usize,
    /// Bytes at the beginning that say nothing.
    pub preamble: usize,
    /// What stands before the voxels; empty where nothing does.
    pub marker: &'static [u8],
    /// Whether the header is text, so that numbers are changed as numbers too.
    pub is_text: bool,
}

impl Kind {
    /// A small header that begins at once, of which no more is known.
    pub const PLAIN: Self = Self { head: HEAD, preamble: 0, marker: &[], is_text: false };

    /// DICOM files: the preamble, the tag of Pixel Data in little endian.
    pub const DICOM: Self = Self { head: HEAD, preamble: 128, marker: &[0xE0, 0x7F, 0x10, 0x00], is_text: false };

    /// The file with one to four changes; one half of the mutants has one.
    #[must_use]
    pub fn mutant(self, file: &[u8], seed: u64) -> Vec<u8> {
        let mut random = Random::new(seed);
        let mut bytes = file.to_vec();
        for _ in 0..[1, 1, 1, 2, 3, 4][random.below(6)] {
            if self.is_text && random.below(2) == 0 {
                renumber(&mut bytes, &mut random);
                continue;
            }
            let at = self.place(&bytes, &mut random);
            change(&mut bytes, at, &mut random);
        }
        bytes
    }

    /// A third of the places each lie in the header, around the start of the voxels, and anywhere.
    fn place(self, bytes: &[u8], random: &mut Random) -> usize {
        let start = if bytes.len() > self.preamble + 72 { self.preamble } else { 0 };
        match random.below(3) {
            0 => start + random.below(bytes.len().min(self.head) - start.min(bytes.len())),
            1 => {
                let len = self.marker.len().max(1);
                let voxels = bytes.windows(len).rposition(|window| window == self.marker).unwrap_or(start);
                voxels + random.below((bytes.len() - voxels.min(bytes.len())).min(256))
            }
            _ => random.below(bytes.len()),
        }
    }
}

/// Puts another number in the place of one in the header.
fn renumber(bytes: &mut Vec<u8>, random: &mut Random) {
    let from = random.below(bytes.len().min(HEAD));
    let is_digit = |n: &usize| bytes.get(*n).is_some_and(u8::is_ascii_digit);
    let Some(at) = (from..bytes.len().min(HEAD)).find(is_digit) else { return };
    let end = (at..bytes.len()).find(|n| !is_digit(n)).unwrap_or(bytes.len());
    let others: [&[u8]; 10] =
        [b"0", b"1", b"-1", b"7", b"65537", b"4294967296", b"18446744073709551615", b"1e308", b"nan", b""];
    let other = others[random.below(others.len())].to_vec();
    bytes.splice(at..end, other);
}

fn change(bytes: &mut Vec<u8>, at: usize, random: &mut Random) {
    let end = bytes.len().min(at + 1 + random.below(SPAN));
    match random.below(14) {
        0..=4 => {
            let bit = random.below(8);
            bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << bit);
        }
        5..=8 => {
            let value = [0, 0xFF, 0x7F, random.byte()][random.below(4)];
            bytes.get_mut(at).into_iter().for_each(|byte| *byte = value);
        }
        9 => bytes.truncate(at),
        10 => drop(bytes.drain(at.min(end)..end)),
        11 => {
            let span: Vec<u8> = (at..end).map(|_| random.byte()).collect();
            insert(bytes, at, &span);
        }
        12 => {
            let span = bytes.get(at..end).unwrap_or_default().to_vec();
            insert(bytes, end, &span);
        }
        _ => lengthen(bytes, at, random),
    }
}

/// Makes the first length field from `at` on huge: two bytes or four, after the letters of an explicit VR, else right here.
fn lengthen(bytes: &mut [u8], at: usize, random: &mut Random) {
    let rest = bytes.get(at..).unwrap_or_default();
    let vr = rest.windows(2).take(64).position(|window| window.iter().all(u8::is_ascii_uppercase));
    let at = vr.map_or(at, |vr| at + vr + [2, 4][random.below(2)]);
    let huge: &[u8] = match random.below(5) {
        0 => &[0xFF, 0xFF],
        1 => &[0xFF; 4],
        2 => &[0xFE, 0xFF, 0xFF, 0xFF],
        3 => &[0xFF, 0xFF, 0xFF, 0x7F],
        _ => &[0, 0, 0, 0x10],
    };
    bytes.iter_mut().skip(at).zip(huge).for_each(|(byte, &value)| *byte = value);
}

fn insert(bytes: &mut Vec<u8>, at: usize, span: &[u8]) {
    let at = at.min(bytes.len());
    bytes.splice(at..at, span.iter().copied());
}
