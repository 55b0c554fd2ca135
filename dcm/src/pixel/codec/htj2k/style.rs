//! How components are coded: what the markers COD, COC, QCD and QCC say.
//!
//! Source: ITU-T T.800, A.6.1 to A.6.5, E.1; T.814, A.4 (the style bits of the high-throughput block coder).

use super::block::MOST_PLANES;
use super::{NAME, damaged};
use crate::Error;

/// Most components.
pub(super) const COMPONENTS: usize = 3;

/// The order of packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progression {
    Lrcp,
    Rlcp,
    Rpcl,
    Pcrl,
    Cprl,
}

/// What COD says of all components together.
#[derive(Clone, Copy)]
pub(super) struct Order {
    pub(super) progression: Progression,
    pub(super) layers: u16,
    /// Whether three components went through the component transform.
    pub(super) transform: bool,
}

/// How a component is cut up and transformed.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// Decomposition levels, up to 32.
    pub(super) levels: u8,
    /// Binary logarithms of a block's width and height.
    pub(super) block: (u8, u8),
    /// Whether stripes are refined without a look at the next.
    pub(super) causal: bool,
    /// The 5/3 filter on integers; else the 9/7.
    pub(super) reversible: bool,
    /// Binary logarithms of precinct width (low nibble) and height, by resolution.
    precincts: [u8; 33],
}

impl Style {
    /// Binary logarithms of a precinct's width and height at a resolution.
    pub(super) fn precinct(&self, resolution: u8) -> (u8, u8) {
        let both = self.precincts.get(usize::from(resolution)).copied().unwrap_or(0xFF);
        (both & 15, both >> 4)
    }

    /// Reads what COD and COC share.
    fn read(body: &[u8], with_precincts: bool) -> Result<Self, Error> {
        let wrong = || damaged(NAME, "a coding style contradicts itself");
        let &[levels, x, y, flags, transform, ref sizes @ ..] = body else { return Err(wrong()) };
        let block = ((x & 15) + 2, (y & 15) + 2);
        if levels > 32 || block.0 > 10 || block.1 > 10 || block.0 + block.1 > 12 || transform > 1 {
            return Err(wrong());
        }
        match flags {
            0x40 | 0x48 => {}
            _ if flags & 0xC0 == 0xC0 => {
                return Err(Error::UnsupportedCodec { codec: NAME, what: "a mix of both block coders" });
            }
            _ if flags & 0x40 == 0 => {
                return Err(Error::UnsupportedCodec { codec: NAME, what: "a component of the other block coder" });
            }
            _ => return Err(Error::UnsupportedCodec { codec: NAME, what: "this style of code blocks" }),
        }
        let mut precincts = [0xFF; 33];
        if with_precincts {
            let sizes = sizes.get(..=usize::from(levels)).ok_or_else(wrong)?;
            precincts.iter_mut().zip(sizes).for_each(|(place, &size)| *place = size);
            // A precinct of one sample has no half for the three subbands of a level.
            if sizes.iter().skip(1).any(|size| size & 15 == 0 || size >> 4 == 0) {
                return Err(wrong());
            }
        }
        Ok(Self { levels, block, causal: flags & 8 != 0, reversible: transform == 1, precincts })
    }
}

/// Bit planes and step sizes of subbands.
#[derive(Clone)]
pub(super) struct Steps {
    /// 0: none, 1: derived from the first, 2: one for each subband.
    kind: u8,
    guard: u8,
    /// Exponent (upper 5 bits) and mantissa of each subband.
    steps: Vec<u16>,
}

impl Steps {
    fn read(body: &[u8]) -> Result<Self, Error> {
        let (&first, body) = body.split_first().ok_or_else(|| damaged(NAME, "step sizes are missing"))?;
        let steps = match first & 0x1F {
            0 => body.iter().map(|&step| u16::from(step >> 3) << 11).collect(),
            1 | 2 => body.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect(),
            _ => return Err(damaged(NAME, "an unknown quantization style")),
        };
        Ok(Self { kind: first & 0x1F, guard: first >> 5, steps })
    }

    /// Bit planes of a subband and its step, in units of `2^precision` times the filter's gain.
    ///
    /// `index` counts subbands from the coarsest, `resolution` is the one it belongs to.
    pub(super) fn of(&self, index: usize, resolution: u8, reversible: bool) -> Result<(u8, f32), Error> {
        if reversible != (self.kind == 0) {
            return Err(Error::UnsupportedCodec { codec: NAME, what: "this pair of filter and step sizes" });
        }
        let entry = self.steps.get(if self.kind == 1 { 0 } else { index });
        let entry = *entry.ok_or_else(|| damaged(NAME, "a step size is missing"))?;
        let coarser = if self.kind == 1 { resolution.saturating_sub(1) } else { 0 };
        let exponent = (entry >> 11) as u8;
        let exponent = exponent.checked_sub(coarser).ok_or_else(|| damaged(NAME, "a step size is out of range"))?;
        let planes = (self.guard + exponent).saturating_sub(1);
        if planes > MOST_PLANES {
            return Err(Error::UnsupportedCodec { codec: NAME, what: "more than 30 bit planes" });
        }
        let step = if reversible { 1.0 } else { (1.0 + f32::from(entry & 0x7FF) / 2048.0) / (1u64 << exponent) as f32 };
        Ok((planes, step))
    }
}

/// Markers of the main header, or of one tile's.
#[derive(Default)]
pub(super) struct Markers {
    pub(super) order: Option<Order>,
    style: Option<Style>,
    styles: [Option<Style>; COMPONENTS],
    steps: Option<Steps>,
    own_steps: [Option<Steps>; COMPONENTS],
}

impl Markers {
    /// Takes in a marker segment; those that change nothing are skipped.
    pub(super) fn read(&mut self, marker: u8, body: &[u8]) -> Result<(), Error> {
        let short = || damaged(NAME, "a header is cut off");
        let refused = |what| Err(Error::UnsupportedCodec { codec: NAME, what });
        match marker {
            0x52 => {
                let &[flags, progression, l1, l0, transform, ref style @ ..] = body else { return Err(short()) };
                let progression = match progression {
                    0 => Progression::Lrcp,
                    1 => Progression::Rlcp,
                    2 => Progression::Rpcl,
                    3 => Progression::Pcrl,
                    4 => Progression::Cprl,
                    _ => return Err(damaged(NAME, "an unknown progression order")),
                };
                let layers = u16::from_be_bytes([l1, l0]);
                if layers == 0 || transform > 1 {
                    return Err(damaged(NAME, "a coding style contradicts itself"));
                }
                self.order = Some(Order { progression, layers, transform: transform == 1 });
                self.style = Some(Style::read(style, flags & 1 == 1)?);
            }
            0x53 => {
                let &[component, flags, ref style @ ..] = body else { return Err(short()) };
                let place = self.styles.get_mut(usize::from(component));
                *place.ok_or_else(|| damaged(NAME, "no such component"))? = Some(Style::read(style, flags & 1 == 1)?);
            }
            0x5C => self.steps = Some(Steps::read(body)?),
            0x5D => {
                let (&component, steps) = body.split_first().ok_or_else(short)?;
                let place = self.own_steps.get_mut(usize::from(component));
                *place.ok_or_else(|| damaged(NAME, "no such component"))? = Some(Steps::read(steps)?);
            }
            0x5E => return refused("a region of interest"),
            0x5F => return refused("a change of the progression order"),
            0x60 | 0x61 => return refused("packed packet headers"),
            0x72..=0x79 => return refused("an extension of part 2"),
            _ => {}
        }
        Ok(())
    }

    /// What holds for a component: a tile's word before the main header's, a component's before that for all.
    pub(super) fn style<'a>(&'a self, main: &'a Self, component: usize) -> Option<&'a Style> {
        let own = |set: &'a Self| set.styles.get(component)?.as_ref();
        own(self).or(self.style.as_ref()).or(own(main)).or(main.style.as_ref())
    }

    /// Likewise.
    pub(super) fn steps<'a>(&'a self, main: &'a Self, component: usize) -> Option<&'a Steps> {
        let own = |set: &'a Self| set.own_steps.get(component)?.as_ref();
        own(self).or(self.steps.as_ref()).or(own(main)).or(main.steps.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COD: [u8; 10] = [0, 2, 0, 1, 1, 5, 4, 4, 0x40, 1];

    #[test]
    fn a_tiles_word_goes_before_the_main_headers() {
        let (mut main, mut tile) = (Markers::default(), Markers::default());
        main.read(0x52, &COD).unwrap();
        main.read(0x53, &[1, 0, 3, 4, 4, 0x40, 1]).unwrap();
        let levels = |tile: &Markers| [0, 1].map(|at| tile.style(&main, at).unwrap().levels);
        assert_eq!(levels(&tile), [5, 3]);
        tile.read(0x52, &[0, 2, 0, 1, 1, 2, 4, 4, 0x40, 1]).unwrap();
        assert_eq!(levels(&tile), [2, 2]);
        tile.read(0x53, &[0, 0, 1, 4, 4, 0x40, 1]).unwrap();
        assert_eq!(levels(&tile), [1, 2]);
    }

    #[test]
    fn step_sizes_follow_their_style() {
        let derived = Steps::read(&[0x21, 0x50 | 4, 0]).unwrap();
        // Exponent 10, mantissa 1024 of 2048: 1.5 / 1024, and twice that one level finer.
        assert_eq!(derived.of(0, 0, false).unwrap(), (10, 1.5 / 1024.0));
        assert_eq!(derived.of(4, 2, false).unwrap(), (9, 1.5 / 512.0));
        let none = Steps::read(&[0x40, 9 << 3]).unwrap();
        assert_eq!(none.of(0, 0, true).unwrap(), (10, 1.0));
        assert_eq!(none.of(1, 1, true).unwrap_err().reason(), "damaged-pixel-data");
        assert_eq!(none.of(0, 0, false).unwrap_err().reason(), "unsupported-codec");
    }

    #[test]
    fn other_coders_and_wrong_sizes_are_refused() {
        let with = |at: usize, value: u8| {
            let mut body = COD;
            body[at] = value;
            Markers::default().read(0x52, &body).map_err(|error| error.reason())
        };
        assert_eq!(with(0, 0), Ok(()));
        for (at, value) in [(8, 0), (8, 0xC0), (8, 0x44)] {
            assert_eq!(with(at, value), Err("unsupported-codec"), "{at} {value}");
        }
        for (at, value) in [(1, 5), (3, 0), (4, 2), (5, 33), (6, 9), (9, 2), (0, 1)] {
            assert_eq!(with(at, value), Err("damaged-pixel-data"), "{at} {value}");
        }
        for marker in [0x5E, 0x5F, 0x60, 0x61] {
            assert_eq!(Markers::default().read(marker, &[0; 9]).unwrap_err().reason(), "unsupported-codec");
        }
    }
}
