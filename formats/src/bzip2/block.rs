//! One block: read as a whole, given back byte by byte.

use std::io::{self, Read};

use super::{bad, bits::Bits, huffman::Table};

/// A block, its bytes in the order of the transform's chain.
pub(super) struct Block {
    /// For each place of the chain: the byte in the low eight bits, the next place above them.
    chain: Vec<u32>,
    place: u32,
    left: usize,
    /// The last byte given, and how often it came in a row (at most four, then a count follows).
    last: u8,
    run: u8,
    repeat: u8,
    wanted: u32,
    sum: u32,
}

/// Symbols that one table decodes before the next selector counts.
const GROUP: usize = 50;

impl Block {
    /// Reads a block of at most so many bytes.
    pub(super) fn read<R: Read>(bits: &mut Bits<R>, most: usize) -> io::Result<Self> {
        let wanted = bits.take(32)?;
        if bits.bit()? {
            return Err(bad("a randomized block, which bzip2 has not written since 1997"));
        }
        let origin = bits.take(24)?;
        let used = alphabet(bits)?;
        let bytes = symbols(bits, used, most)?;
        let chain = chain(&bytes);
        let place = match chain.get(origin as usize) {
            Some(first) => first >> 8,
            None => return Err(bad("a block that begins outside itself")),
        };
        Ok(Self { left: chain.len(), chain, place, last: 0, run: 0, repeat: 0, wanted, sum: u32::MAX })
    }

    /// Gives bytes; 0 at the end.
    pub(super) fn give(&mut self, out: &mut [u8]) -> usize {
        let mut got = 0;
        while got < out.len() {
            if self.repeat > 0 {
                self.repeat -= 1;
                self.put(self.last, out, &mut got);
                continue;
            }
            if self.left == 0 {
                break;
            }
            self.left -= 1;
            let at = self.chain.get(self.place as usize).copied().unwrap_or_default();
            self.place = at >> 8;
            let byte = at as u8;
            if self.run == 4 {
                (self.run, self.repeat) = (0, byte);
                continue;
            }
            self.run = if byte == self.last { self.run + 1 } else { 1 };
            self.last = byte;
            self.put(byte, out, &mut got);
        }
        got
    }

    fn put(&mut self, byte: u8, out: &mut [u8], got: &mut usize) {
        out[*got] = byte;
        *got += 1;
        self.sum = self.sum << 8 ^ SUMS[(self.sum >> 24) as usize ^ usize::from(byte)];
    }

    /// The checksum, where it is the right one.
    pub(super) fn checked(&self) -> Option<u32> {
        (!self.sum == self.wanted).then_some(self.wanted)
    }
}

/// The bytes that occur, ascending.
fn alphabet<R: Read>(bits: &mut Bits<R>) -> io::Result<Vec<u8>> {
    let rows = bits.take(16)?;
    let mut used = Vec::new();
    for row in (0..16).filter(|row| rows >> (15 - row) & 1 == 1) {
        let columns = bits.take(16)?;
        used.extend((0..16).filter(|c| columns >> (15 - c) & 1 == 1).map(|c| (16 * row + c) as u8));
    }
    if used.is_empty() { Err(bad("a block without a byte")) } else { Ok(used) }
}

/// The last column of the transform: Huffman codes, then runs and move-to-front undone.
fn symbols<R: Read>(bits: &mut Bits<R>, mut recent: Vec<u8>, most: usize) -> io::Result<Vec<u8>> {
    let tables = bits.take(3)? as usize;
    let selectors = bits.take(15)? as usize;
    if !(2..=6).contains(&tables) || selectors == 0 {
        return Err(bad("no table to decode with"));
    }
    let mut order: Vec<u8> = (0..tables as u8).collect();
    let mut chosen = Vec::with_capacity(selectors);
    for _ in 0..selectors {
        let mut at = 0;
        while bits.bit()? {
            at += 1;
            if at >= tables {
                return Err(bad("a selector of no table"));
            }
        }
        chosen.push(to_front(&mut order, at));
    }
    let end = recent.len() as u16 + 1;
    let tables = (0..tables).map(|_| Table::read(bits, usize::from(end) + 1)).collect::<io::Result<Vec<_>>>()?;
    let mut out = Vec::new();
    let (mut run, mut weight) = (0usize, 1usize);
    for selector in chosen {
        for _ in 0..GROUP {
            let symbol =
                tables.get(usize::from(selector)).ok_or_else(|| bad("a selector of no table"))?.symbol(bits)?;
            // RUNA and RUNB spell the length of a run in digits 1 and 2, lowest first
            if symbol < 2 {
                run = run.saturating_add(weight << symbol);
                weight = (weight << 1).min(1 << 30);
                if run > most {
                    return Err(bad("a block larger than its member's"));
                }
                continue;
            }
            let front = recent.first().copied().unwrap_or_default();
            out.extend(std::iter::repeat_n(front, run));
            (run, weight) = (0, 1);
            if out.len() + usize::from(symbol != end) > most {
                return Err(bad("a block larger than its member's"));
            }
            if symbol == end {
                return Ok(out);
            }
            out.push(to_front(&mut recent, usize::from(symbol) - 1));
        }
    }
    Err(bad("a block without an end"))
}

/// Moves an entry to the front and gives it.
fn to_front(list: &mut [u8], at: usize) -> u8 {
    let Some(part) = list.get_mut(..=at) else { return 0 };
    part.rotate_right(1);
    part.first().copied().unwrap_or_default()
}

/// Undoes the transform: the byte at each place and the place that follows it.
fn chain(last_column: &[u8]) -> Vec<u32> {
    let mut starts = [0u32; 256];
    for byte in last_column {
        starts[usize::from(*byte)] += 1;
    }
    let mut sum = 0;
    for start in &mut starts {
        (*start, sum) = (sum, sum + *start);
    }
    let mut chain: Vec<u32> = last_column.iter().map(|b| u32::from(*b)).collect();
    for (n, byte) in last_column.iter().enumerate() {
        let start = &mut starts[usize::from(*byte)];
        if let Some(place) = chain.get_mut(*start as usize) {
            *place |= (n as u32) << 8;
        }
        *start += 1;
    }
    chain
}

/// CRC-32 with the highest bit first, polynomial 0x04C11DB7.
static SUMS: [u32; 256] = sums();

const fn sums() -> [u32; 256] {
    let mut table = [0u32; 256];
    let mut n = 0;
    while n < 256 {
        let mut sum = (n as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum >> 31 == 1 { sum << 1 ^ 0x04c1_1db7 } else { sum << 1 };
            bit += 1;
        }
        table[n] = sum;
        n += 1;
    }
    table
}
