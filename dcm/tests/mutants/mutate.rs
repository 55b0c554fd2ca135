//! Seeded changes to a file.

/// SplitMix64: the same numbers everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
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
    pub(crate) fn below(&mut self, end: usize) -> usize {
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

/// The file with one to four changes; one half of the mutants has one.
pub(crate) fn mutant(file: &[u8], seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut bytes = file.to_vec();
    for _ in 0..[1, 1, 1, 2, 3, 4][random.below(6)] {
        let at = place(&bytes, &mut random);
        change(&mut bytes, at, &mut random);
    }
    bytes
}

/// A third of the places each lie in the header, around the start of the pixel data, and anywhere.
fn place(bytes: &[u8], random: &mut Random) -> usize {
    let start = if bytes.len() > 200 { 128 } else { 0 };
    match random.below(3) {
        0 => start + random.below(bytes.len().min(HEAD) - start.min(bytes.len())),
        1 => {
            let pixels = bytes.windows(4).rposition(|window| window == [0xE0, 0x7F, 0x10, 0x00]).unwrap_or(start);
            pixels + random.below((bytes.len() - pixels.min(bytes.len())).min(256))
        }
        _ => random.below(bytes.len()),
    }
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
