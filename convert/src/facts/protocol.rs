//! The measurement protocol that Siemens software writes as text, one `key = value` a line.
//!
//! It stands between two marks, `### ASCCONV BEGIN` (with or without words after it) and `### ASCCONV END`, in the element
//! MrPhoenixProtocol of the series header (MrProtocol in old software) or, since the XA software, in (0021,xx19) of the creator
//! `SIEMENS MR SDS 01`. A number that is 0 is left out. Slices are in `sSliceArray`: `lSize` of them, each with the patient's
//! coordinates of its centre in millimetres: `dSag` to the left, `dCor` to the back, `dTra` to the head.

use super::csa::Csa;

/// A protocol in the bytes that hold it.
pub(crate) struct Protocol<'a>(&'a [u8]);

impl<'a> Protocol<'a> {
    /// The protocol in the bytes of the CSA series header, or in those of (0021,xx19): where the header's own table leads to it, else
    /// wherever in the bytes it stands, for software that anonymises may break the table.
    pub(crate) fn of(series: Option<&'a [u8]>, modern: Option<&'a [u8]>) -> Option<Self> {
        let named = || {
            let header = Csa::parse(series?)?;
            header.raw("MrPhoenixProtocol").or_else(|| header.raw("MrProtocol")).and_then(Self::find)
        };
        named().or_else(|| Self::find(series?)).or_else(|| Self::find(modern?))
    }

    /// Finds it between its marks.
    pub(crate) fn find(bytes: &'a [u8]) -> Option<Self> {
        let begin = position(bytes, b"### ASCCONV BEGIN")?;
        let bytes = bytes.get(begin..)?;
        let bytes = bytes.get(bytes.iter().position(|byte| *byte == b'\n')? + 1..)?;
        Some(Self(bytes.get(..position(bytes, b"### ASCCONV END")?)?))
    }

    /// The value of a key, without the quotes of text.
    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.lines().find(|(found, _)| *found == key).map(|(_, value)| value)
    }

    /// The value of a key as a number, in decimals or as `0x..`.
    pub(crate) fn number(&self, key: &str) -> Option<f64> {
        number(self.text(key)?)
    }

    /// The value of the first key that ends so, without the quotes of text: some keys lie at other places in other software.
    pub(crate) fn ending(&self, end: &str) -> Option<&'a str> {
        self.lines().find(|(found, _)| found.ends_with(end)).map(|(_, value)| value)
    }

    /// The centres of the slices, LPS mm, in the order of the protocol; empty where their number is not stated.
    pub(crate) fn slices(&self) -> Vec<[f64; 3]> {
        let count = self.number("sSliceArray.lSize").filter(|count| (1.0..=MOST_SLICES).contains(count));
        let mut slices = vec![[0.0; 3]; count.unwrap_or_default() as usize];
        for (key, value) in self.lines() {
            let place = || {
                let (slice, part) = key.strip_prefix("sSliceArray.asSlice[")?.split_once("].sPosition.")?;
                let axis = ["dSag", "dCor", "dTra"].iter().position(|axis| *axis == part)?;
                Some((slice.parse::<usize>().ok()?, axis, number(value)?))
            };
            if let Some((slice, axis, mm)) = place()
                && let Some(coordinate) = slices.get_mut(slice).and_then(|slice| slice.get_mut(axis))
            {
                *coordinate = mm;
            }
        }
        slices
    }

    fn lines(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.split(|byte| *byte == b'\n').filter_map(|line| {
            let (key, value) = std::str::from_utf8(line).ok()?.split_once('=')?;
            Some((key.trim(), value.trim().trim_matches('"')))
        })
    }
}

fn number(text: &str) -> Option<f64> {
    let number = match text.strip_prefix("0x") {
        Some(digits) => f64::from(u32::from_str_radix(digits, 16).ok()?),
        None => text.parse().ok()?,
    };
    number.is_finite().then_some(number)
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// More slices than any protocol has.
const MOST_SLICES: f64 = 4096.0;

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] =
        b"<XProtocol> { }\n### ASCCONV BEGIN object=MrProtDataImpl@MrProtocolData version=41310008 ###\n\
        sSliceArray.lSize\t = \t2\nsSliceArray.ucMode = 0x4\ntProtocolName = \"ep2d\"\nbad = \xFF\n\
        sSliceArray.asSlice[0].sPosition.dCor = -52.5\nsSliceArray.asSlice[1].sPosition.dTra = 3.6\n\
        sSliceArray.asSlice[7].sPosition.dTra = 1\n### ASCCONV END ###\nsSliceArray.ucMode = 9";

    #[test]
    fn keys_and_slices_are_found_between_the_marks() {
        let protocol = Protocol::find(TEXT).unwrap();
        assert_eq!(protocol.number("sSliceArray.ucMode"), Some(4.0));
        assert_eq!((protocol.text("tProtocolName"), protocol.number("tProtocolName")), (Some("ep2d"), None));
        assert_eq!(protocol.ending(".ucMode"), Some("0x4"));
        assert_eq!(protocol.slices(), [[0.0, -52.5, 0.0], [0.0, 0.0, 3.6]]);
    }

    #[test]
    fn a_broken_header_still_holds_it() {
        let mode = |series, modern| Protocol::of(series, modern).and_then(|p| p.number("sSliceArray.ucMode"));
        let broken = [b"overwritten".as_slice(), TEXT].concat();
        let other: &[u8] = b"### ASCCONV BEGIN ###\nsSliceArray.ucMode = 1\n### ASCCONV END ###";
        assert_eq!((mode(Some(&broken), None), mode(Some(&broken), Some(other))), (Some(4.0), Some(4.0)));
        assert_eq!(
            (mode(Some(b"nothing"), Some(other)), mode(None, Some(other)), mode(None, None)),
            (Some(1.0), Some(1.0), None)
        );
    }

    #[test]
    fn without_its_marks_it_is_none() {
        assert!(Protocol::find(b"sSliceArray.lSize = 2").is_none());
        assert!(Protocol::find(b"### ASCCONV BEGIN ###").is_none());
        assert!(Protocol::find(b"### ASCCONV BEGIN ###\nsSliceArray.lSize = 2").is_none());
        let huge = b"### ASCCONV BEGIN ###\nsSliceArray.lSize = 4e18\n### ASCCONV END ###";
        assert!(Protocol::find(huge).unwrap().slices().is_empty());
    }
}
