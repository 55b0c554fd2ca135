//! The headers that Siemens software writes into private elements: named values in a binary table.
//!
//! (0029,xx10) of the creator `SIEMENS CSA HEADER` tells of the image, (0029,xx20) of the series. Numbers are little endian, whatever
//! the file's byte order. A header is a count of elements and a mark of four bytes; an element is a name of 64 bytes that ends with a
//! NUL, the number of its values, a value representation of 4 bytes, a type, the number of its items and a mark; an item is four
//! numbers and text, padded to whole words. Values are text, numbers too; items beyond the number of values are empty.
//!
//! Two forms are about. The newer one begins with `SV10` and four bytes, and its items state their length as the second of the four
//! numbers. The older one begins with the count; there the first number is the length and the number of items of the header's first
//! element together.
//!
//! Nothing here is in a standard: the layout is as the documentation of nibabel (*Siemens format DICOM with CSA header*) describes it,
//! and real files agree with it. What is cut off or does not add up ends the header: what came before it counts.

use std::borrow::Cow;

use isocenter_dcm::{Dataset, Tag, value};

/// The bytes of the header that tells of the image.
pub(crate) fn image(dataset: &Dataset) -> Option<Vec<u8>> {
    bytes(dataset, 0x10)
}

/// The bytes of the header that tells of the series, with the protocol in it.
pub(crate) fn series(dataset: &Dataset) -> Option<Vec<u8>> {
    bytes(dataset, 0x20)
}

fn bytes(dataset: &Dataset, element: u8) -> Option<Vec<u8>> {
    let usual = Tag(0x0029, 0x1000 | u16::from(element));
    let tag = value::private_tag(dataset, 0x0029, "SIEMENS CSA HEADER", element).unwrap_or(usual);
    dataset.get(tag).map(value::bytes)
}

/// A header that was read.
#[derive(Debug)]
pub(crate) struct Csa<'a> {
    /// Names, and values that are not empty.
    elements: Vec<(&'a [u8], Vec<&'a [u8]>)>,
}

impl<'a> Csa<'a> {
    /// Reads a header; `None` for bytes that begin as none.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let is_new = bytes.starts_with(b"SV10");
        let mut rest = Rest(bytes);
        if is_new {
            rest.take(8)?;
        }
        let count = rest.number().filter(|count| (1..=MOST_ELEMENTS).contains(count))?;
        rest.take(4)?;
        let mut header = Self { elements: Vec::new() };
        let mut excess = (!is_new).then_some(None);
        for _ in 0..count {
            if header.read(&mut rest, &mut excess).is_none() {
                break;
            }
        }
        (!header.elements.is_empty()).then_some(header)
    }

    /// Reads one element. `excess` is, in the older form, what its lengths have too much, once that is known.
    fn read(&mut self, rest: &mut Rest<'a>, excess: &mut Option<Option<i32>>) -> Option<()> {
        let name = until_nul(rest.take(64)?);
        let wanted = rest.number()?;
        rest.take(8)?;
        let items = rest.number()?;
        rest.take(4)?;
        let excess = excess.as_mut().map(|known| *known.get_or_insert(items));
        self.elements.push((name, Vec::new()));
        let values = &mut self.elements.last_mut()?.1;
        for item in 0..items {
            let [first, second] = [rest.number()?, rest.number()?];
            rest.take(8)?;
            let length = excess.map_or(Some(second), |excess| first.checked_sub(excess))?;
            let length = usize::try_from(length).ok()?;
            let text = until_nul(rest.take(length)?).trim_ascii();
            // the last item of a header may come without its padding
            rest.skip(length.next_multiple_of(4) - length);
            if !text.is_empty() && (wanted <= 0 || item < wanted) {
                values.push(text);
            }
        }
        Some(())
    }

    /// The first value of an element, as it is.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a [u8]> {
        self.values(name).first().copied()
    }

    /// The first value as text.
    pub(crate) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.raw(name).map(String::from_utf8_lossy)
    }

    /// The first value as a number.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        finite(&self.text(name)?)
    }

    /// All values as numbers; empty where one of them is none.
    pub(crate) fn numbers(&self, name: &str) -> Vec<f64> {
        let number = |text: &&[u8]| finite(&String::from_utf8_lossy(text));
        self.values(name).iter().map(number).collect::<Option<_>>().unwrap_or_default()
    }

    fn values(&self, name: &str) -> &[&'a [u8]] {
        self.elements.iter().find(|(n, _)| *n == name.as_bytes()).map_or(&[], |(_, values)| values)
    }
}

fn finite(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// Bytes that are still to be read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn skip(&mut self, count: usize) {
        self.0 = self.0.get(count..).unwrap_or_default();
    }

    fn number(&mut self) -> Option<i32> {
        self.take(4)?.try_into().ok().map(i32::from_le_bytes)
    }
}

/// Real headers have about a hundred elements.
const MOST_ELEMENTS: i32 = 1024;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A header of elements with their values, each of six items as scanners write them.
    fn built(is_new: bool, elements: &[(&str, &[&str])]) -> Vec<u8> {
        let mut out = if is_new { b"SV10\x04\x03\x02\x01".to_vec() } else { Vec::new() };
        let put = |out: &mut Vec<u8>, number: usize| out.extend((number as i32).to_le_bytes());
        put(&mut out, elements.len());
        put(&mut out, 77);
        for (name, values) in elements {
            // what follows the NUL is whatever was in memory
            let mut field = [0xA5; 64];
            field[..name.len()].copy_from_slice(name.as_bytes());
            field[name.len()] = 0;
            out.extend(field);
            put(&mut out, values.len());
            out.extend(b"FD\0\0");
            put(&mut out, 4);
            put(&mut out, 6);
            put(&mut out, 77);
            for item in 0..6 {
                let text = values.get(item).map_or(String::new(), |v| format!("{v}\0"));
                let stated = if is_new { text.len() } else { text.len() + 6 };
                [stated, text.len(), 77, text.len()].into_iter().for_each(|n| put(&mut out, n));
                out.extend(text.as_bytes());
                out.resize(out.len().next_multiple_of(4), 0);
            }
        }
        out
    }

    const ELEMENTS: [(&str, &[&str]); 4] = [
        ("NumberOfImagesInMosaic", &["36      "]),
        ("SliceNormalVector", &["0.00000000", "-0.15988136", "-0.98713624"]),
        ("Empty", &[]),
        ("Word", &["35x"]),
    ];

    #[test]
    fn both_forms_are_read() {
        for is_new in [true, false] {
            let bytes = built(is_new, &ELEMENTS);
            let header = Csa::parse(&bytes).unwrap();
            assert_eq!(header.number("NumberOfImagesInMosaic"), Some(36.0), "{is_new}");
            assert_eq!(header.numbers("SliceNormalVector"), [0.0, -0.159_881_36, -0.987_136_24], "{is_new}");
            assert_eq!((header.text("Empty"), header.number("Word")), (None, None), "{is_new}");
            assert_eq!(header.text("Word").as_deref(), Some("35x"), "{is_new}");
            assert!(header.numbers("Absent").is_empty());
        }
    }

    #[test]
    fn what_comes_before_a_cut_counts() {
        let bytes = built(true, &ELEMENTS);
        let whole = 16 + 84 + 6 * 16 + 12;
        let header = Csa::parse(&bytes[..whole]).unwrap();
        assert_eq!(header.number("NumberOfImagesInMosaic"), Some(36.0));
        assert!(header.numbers("SliceNormalVector").is_empty());
        assert!(Csa::parse(&bytes[..40]).is_none());
        assert!(Csa::parse(b"").is_none());
        assert!(Csa::parse(&[0xFF; 200]).is_none());
    }

    #[test]
    fn lengths_that_lie_end_the_header() {
        for is_new in [true, false] {
            for lie in [i32::MAX, i32::MIN, -1] {
                let mut bytes = built(is_new, &ELEMENTS);
                let at = if is_new { 16 } else { 8 } + 84;
                bytes[at..at + 4].copy_from_slice(&lie.to_le_bytes());
                bytes[at + 4..at + 8].copy_from_slice(&lie.to_le_bytes());
                assert_eq!(Csa::parse(&bytes).unwrap().number("NumberOfImagesInMosaic"), None);
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_bring_it_down(
            is_new: bool,
            changes in prop::collection::vec((0..1024usize, any::<u8>()), 0..12),
            length in 0..1024usize,
        ) {
            let mut bytes = built(is_new, &ELEMENTS);
            for (at, byte) in changes {
                if let Some(place) = bytes.get_mut(at) {
                    *place = byte;
                }
            }
            bytes.truncate(length);
            if let Some(header) = Csa::parse(&bytes) {
                for (name, _) in ELEMENTS {
                    prop_assert!(header.numbers(name).iter().all(|n| n.is_finite()));
                    let _ = header.text(name);
                }
            }
        }
    }
}
