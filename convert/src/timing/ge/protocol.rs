//! GE's protocol, (0025,xx1B) of `GEMS_SERS_01`: four bytes of length, then a gzip member of text, one `KEY "value"` a line.

use std::io::Read;

use flate2::read::GzDecoder;

use super::{super::scan::Scan, elements::own};

/// The text of a protocol.
#[derive(Debug)]
pub(super) struct Block(String);

impl Block {
    pub(super) fn of(scan: &Scan<'_>) -> Option<Self> {
        Self::read(&scan.own_bytes(own(0x0025, &["GEMS_SERS_01"], 0x1B))?)
    }

    /// Unpacks it. What is cut off, damaged or larger than any protocol is none: an order that was read in half is worse than no order.
    fn read(bytes: &[u8]) -> Option<Self> {
        let member = bytes
            .get(4..)
            .filter(|rest| rest.starts_with(MAGIC))
            .or_else(|| bytes.starts_with(MAGIC).then_some(bytes))?;
        let mut text = Vec::new();
        GzDecoder::new(member).take(MOST_BYTES + 1).read_to_end(&mut text).ok()?;
        let is_text = text.len() as u64 <= MOST_BYTES && !text.starts_with(b"<?");
        is_text.then(|| Self(String::from_utf8_lossy(&text).into_owned()))
    }

    /// The value of a key.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        let value = |line: &'_ str| line.strip_prefix(key).is_some_and(|rest| rest.starts_with([' ', '\t']));
        let line = self.0.lines().find(|line| value(line))?;
        Some(line.get(key.len()..)?.trim().trim_matches('"'))
    }

    /// The value of a key, where it is a number.
    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.text(key)?.trim().parse().ok().filter(|n: &f64| n.is_finite())
    }
}

const MAGIC: &[u8] = &[0x1F, 0x8B, 8];

/// Real ones unpack to some kilobytes.
const MOST_BYTES: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};
    use proptest::prelude::*;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        let member = encoder.finish().unwrap();
        [(member.len() as u32).to_le_bytes().as_slice(), &member].concat()
    }

    const TEXT: &[u8] = b"POSITION \"Supine\"\nSEDESC \"SLICEORDER \"\nSLICEORDER \"1\"\nIOPT \"EDR, EPI, FMRI, HB\"\nNOSLC \"48\"\nDELACQ \"Minimum\"\n";

    #[test]
    fn keys_are_whole_words_at_the_start_of_a_line() {
        let block = Block::read(&packed(TEXT)).unwrap();
        assert_eq!((block.number("SLICEORDER"), block.number("NOSLC")), (Some(1.0), Some(48.0)));
        assert_eq!(block.text("IOPT"), Some("EDR, EPI, FMRI, HB"));
        assert_eq!((block.text("DELACQNOAV"), block.number("DELACQ"), block.text("SLICE")), (None, None, None));
        // with no length before it, it is read as well
        assert!(Block::read(&packed(TEXT)[4..]).is_some());
    }

    #[test]
    fn what_is_cut_or_swells_is_none() {
        let whole = packed(TEXT);
        for cut in [0, 3, 5, 20, whole.len() / 2, whole.len() - 1] {
            assert!(Block::read(&whole[..cut]).is_none(), "{cut}");
        }
        assert!(Block::read(&packed(&vec![b'A'; 200 << 20])).is_none());
        assert!(Block::read(&packed(b"<?xml version=\"1.0\"?>")).is_none());
    }

    proptest! {
        #[test]
        fn no_bytes_bring_it_down(
            changes in prop::collection::vec((0..200usize, any::<u8>()), 0..8),
            length in 0..200usize,
        ) {
            let mut bytes = packed(TEXT);
            for (at, byte) in changes {
                if let Some(place) = bytes.get_mut(at) {
                    *place = byte;
                }
            }
            bytes.truncate(length);
            if let Some(block) = Block::read(&bytes) {
                prop_assert!(block.number("NOSLC").is_none_or(f64::is_finite));
            }
        }
    }
}
