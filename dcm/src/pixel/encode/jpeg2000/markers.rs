//! The marker segments around the packets.
//!
//! Source: ITU-T T.800 annex A: A.4.1 (SOC), A.5.1 (SIZ), A.6.1 (COD), A.6.4 (QCD), A.4.2 (SOT), A.4.3 (SOD), A.4.4 (EOC).

use super::contexts::Orientation;

/// What a decoder must know.
pub(super) struct Header {
    pub(super) columns: u16,
    pub(super) rows: u16,
    pub(super) components: u8,
    pub(super) bits: u8,
    pub(super) signed: bool,
    pub(super) levels: u8,
    /// Whether the components went through the reversible component transform.
    pub(super) transform: bool,
    /// Bits by which values may grow beyond their sub-band's nominal range.
    pub(super) guard_bits: u8,
}

impl Header {
    /// Bits of the nominal range of a sub-band.
    pub(super) fn exponent(&self, orientation: Orientation) -> u8 {
        self.bits + orientation.gain_bits() as u8
    }

    /// The whole code stream, in one tile.
    pub(super) fn wrap(&self, packets: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(packets.len() + 128);
        out.extend(SOC);
        segment(&mut out, SIZ, &self.size());
        segment(&mut out, COD, &self.style());
        segment(&mut out, QCD, &self.quantisation());
        // Tile 0, its length from this marker on (0 where it does not fit: up to the end), part 0 of 1.
        let length = u32::try_from(packets.len() + 14).unwrap_or(0).to_be_bytes();
        let [a, b, c, d] = length;
        segment(&mut out, SOT, &[0, 0, a, b, c, d, 0, 1]);
        out.extend(SOD);
        out.extend(packets);
        out.extend(EOC);
        out
    }

    fn size(&self) -> Vec<u8> {
        let (columns, rows) = (u32::from(self.columns), u32::from(self.rows));
        let mut out = vec![0, 0];
        // Extent and origin of the image, then of its tiles.
        for number in [columns, rows, 0, 0, columns, rows, 0, 0] {
            out.extend(number.to_be_bytes());
        }
        out.extend(u16::from(self.components).to_be_bytes());
        for _ in 0..self.components {
            out.extend([u8::from(self.signed) << 7 | (self.bits - 1), 1, 1]);
        }
        out
    }

    fn style(&self) -> [u8; 10] {
        const LAYER_RESOLUTION_COMPONENT_POSITION: u8 = 0;
        const LOG2_SIDE_LESS_2: u8 = 4;
        const REVERSIBLE_5_3: u8 = 1;
        [
            0, // Largest precincts, no markers between packets.
            LAYER_RESOLUTION_COMPONENT_POSITION,
            0,
            1, // One layer.
            u8::from(self.transform),
            self.levels,
            LOG2_SIDE_LESS_2,
            LOG2_SIDE_LESS_2,
            0, // One segment a block, no options.
            REVERSIBLE_5_3,
        ]
    }

    fn quantisation(&self) -> Vec<u8> {
        let mut out = vec![self.guard_bits << 5, self.exponent(Orientation::Ll) << 3];
        for _ in 0..self.levels {
            out.extend([Orientation::Hl, Orientation::Lh, Orientation::Hh].map(|band| self.exponent(band) << 3));
        }
        out
    }
}

/// A marker with its segment; the length counts itself.
fn segment(out: &mut Vec<u8>, marker: [u8; 2], body: &[u8]) {
    out.extend(marker);
    out.extend((body.len() as u16 + 2).to_be_bytes());
    out.extend(body);
}

const SOC: [u8; 2] = [0xFF, 0x4F];
const SIZ: [u8; 2] = [0xFF, 0x51];
const COD: [u8; 2] = [0xFF, 0x52];
const QCD: [u8; 2] = [0xFF, 0x5C];
const SOT: [u8; 2] = [0xFF, 0x90];
const SOD: [u8; 2] = [0xFF, 0x93];
const EOC: [u8; 2] = [0xFF, 0xD9];
