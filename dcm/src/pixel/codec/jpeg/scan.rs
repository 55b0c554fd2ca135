//! One scan: its header, and the walk over units, blocks and restart intervals.
//!
//! Source: ITU-T T.81 B.2.3 (header), A.2 (order), E.2.4 (restart), G.1.1 (bands and bits of progressive scans).

use super::bits::Bits;
use super::block::{Carry, Coder};
use super::frame::{Component, Frame};
use super::huffman::Table;
use super::tables::Tables;
use super::{NAME, damaged};
use crate::Error;

/// Decodes the scan whose header is `body` and whose data start at byte `at`; returns where the stream goes on.
pub(super) fn decode(
    body: &[u8],
    stream: &[u8],
    at: usize,
    frame: &mut Frame,
    tables: &Tables,
) -> Result<usize, Error> {
    let (&count, rest) = body.split_first().ok_or_else(malformed)?;
    let (names, rest) = rest.split_at_checked(usize::from(count) * 2).ok_or_else(malformed)?;
    let &[from, to, bits, ..] = rest else { return Err(malformed()) };
    let process = if frame.progressive { Process::progressive([from, to], bits, count)? } else { Process::Sequential };
    let mut parts: Vec<Part<'_>> = Vec::with_capacity(frame.components.len());
    for name in names.chunks_exact(2) {
        let index = frame.components.iter().position(|c| c.name == name[0]).ok_or_else(malformed)?;
        if parts.iter().any(|part| part.index == index) {
            return Err(malformed());
        }
        let component = &mut frame.components[index];
        component.start(tables)?;
        process.follow(component)?;
        parts.push(Part { index, coder: process.coder(tables, name[1])?, carry: Carry::default() });
    }
    let interval = usize::from(tables.restart);
    let mut walk = Walk { bits: Bits::new(stream, at), left: interval, interval, number: 0 };
    match parts.as_mut_slice() {
        [] => return Err(malformed()),
        [one] => walk.alone(one, &mut frame.components)?,
        several => walk.together(several, frame)?,
    }
    walk.bits.finish()
}

/// What a scan codes.
#[derive(Clone, Copy)]
enum Process {
    Sequential,
    /// A band of coefficients, first and last, from bit `high` (0: from the first one) down to bit `low`.
    Progressive {
        band: [usize; 2],
        high: u8,
        low: u8,
    },
}

impl Process {
    fn progressive([from, to]: [u8; 2], bits: u8, components: u8) -> Result<Self, Error> {
        let (high, low) = (bits >> 4, bits & 15);
        let band = match (from, to) {
            (0, 0) => true,
            // Bands other than the mean come one component at a time.
            (1..=63, _) => from <= to && to <= 63 && components == 1,
            _ => false,
        };
        if !band || low > 13 || high != 0 && high != low + 1 {
            return Err(malformed());
        }
        Ok(Self::Progressive { band: [usize::from(from), usize::from(to)], high, low })
    }

    /// Whether the scan goes on where those before it stopped. Nothing is coded twice, which bounds the work.
    fn follow(self, component: &mut Component) -> Result<(), Error> {
        let (band, before, after) = match self {
            Self::Sequential => ([0, 63], None, 0),
            Self::Progressive { band, high, low } => (band, (high > 0).then_some(high), low),
        };
        for missing in component.missing.iter_mut().take(band[1] + 1).skip(band[0]) {
            if missing.replace(after) != before {
                return Err(damaged(NAME, "scans do not follow one another"));
            }
        }
        Ok(())
    }

    /// The coder, with the tables of these numbers (of the mean, of the others).
    fn coder(self, tables: &Tables, numbers: u8) -> Result<Coder<'_>, Error> {
        let dc = || pick(&tables.dc, numbers >> 4);
        let ac = || pick(&tables.ac, numbers & 15);
        Ok(match self {
            Self::Sequential => Coder::Sequential { dc: dc()?, ac: ac()? },
            Self::Progressive { band: [0, _], high: 0, low } => Coder::DcFirst { dc: dc()?, low },
            Self::Progressive { band: [0, _], low, .. } => Coder::DcRefine { low },
            Self::Progressive { band, high: 0, low } => Coder::AcFirst { ac: ac()?, band, low },
            Self::Progressive { band, low, .. } => Coder::AcRefine { ac: ac()?, band, low },
        })
    }
}

/// A component's part in a scan.
struct Part<'t> {
    index: usize,
    coder: Coder<'t>,
    carry: Carry,
}

struct Walk<'a> {
    bits: Bits<'a>,
    /// Units up to the next restart marker, where there are any.
    left: usize,
    interval: usize,
    /// The number of the next restart marker.
    number: u8,
}

impl Walk<'_> {
    /// A component by itself: its own blocks, row by row.
    fn alone(&mut self, part: &mut Part<'_>, components: &mut [Component]) -> Result<(), Error> {
        let component = &mut components[part.index];
        let [across, down] = component.covering;
        for row in component.blocks.chunks_exact_mut(component.stride).take(down) {
            for block in row.iter_mut().take(across) {
                self.unit(std::slice::from_mut(part))?;
                part.coder.decode(&mut self.bits, &mut part.carry, block)?;
            }
        }
        Ok(())
    }

    /// Several components: a patch of blocks of the first, then of the second, ...
    fn together(&mut self, parts: &mut [Part<'_>], frame: &mut Frame) -> Result<(), Error> {
        let [across, down] = frame.units;
        for (y, x) in (0..down).flat_map(|y| (0..across).map(move |x| (y, x))) {
            self.unit(parts)?;
            for part in parts.iter_mut() {
                let component = &mut frame.components[part.index];
                let [wide, high] = component.sampling;
                for row in y * high..(y + 1) * high {
                    let from = row * component.stride + x * wide;
                    for block in &mut component.blocks[from..from + wide] {
                        part.coder.decode(&mut self.bits, &mut part.carry, block)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Comes before each unit: passes a restart marker where one is due.
    #[inline]
    fn unit(&mut self, parts: &mut [Part<'_>]) -> Result<(), Error> {
        if self.interval == 0 {
            return Ok(());
        }
        if self.left == 0 {
            self.bits.restart(self.number)?;
            self.number = (self.number + 1) % 8;
            self.left = self.interval;
            parts.iter_mut().for_each(|part| part.carry = Carry::default());
        }
        self.left -= 1;
        Ok(())
    }
}

pub(super) fn pick(tables: &[Option<Table>; 4], number: u8) -> Result<&Table, Error> {
    let found = tables.get(usize::from(number)).and_then(Option::as_ref);
    found.ok_or_else(|| damaged(NAME, "a Huffman table is missing"))
}

pub(super) fn malformed() -> Error {
    damaged(NAME, "a scan header is malformed")
}
