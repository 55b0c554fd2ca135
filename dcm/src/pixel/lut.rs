//! Tables of gray levels: from a whole number to an unsigned one of up to 16 bits.
//!
//! A table is a LUT Descriptor (how many entries, the first input that is mapped, bits of an entry) and LUT Data, in an
//! item of Modality LUT Sequence or VOI LUT Sequence. Inputs below the first take the first entry, those above the last
//! one the last.
//!
//! Source: DICOM PS3.3 C.11.1 (modality), C.11.2 (VOI).

use dicom_dictionary_std::tags;
use isocenter_volume::DynSamples;

use super::{PixelInfo, to_f64};
use crate::{Dataset, Error, scaling, value};

/// A table from whole numbers to gray levels.
///
/// ```
/// use isocenter_dcm::pixel::Lut;
/// let lut = Lut::new(-1, 8, vec![10, 20, 255])?;
/// assert_eq!([-5.0, -1.0, 0.4, 1.0, 99.0].map(|x| lut.at(x)), [10, 10, 20, 255, 255]);
/// # Ok::<_, isocenter_dcm::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lut {
    first: i64,
    bits: u16,
    entries: Vec<u16>,
}

impl Lut {
    /// A table of entries of so many bits for inputs from `first` on; [`Error::Malformed`] where there is no entry, or
    /// the bits are none of 1 to 16.
    pub fn new(first: i64, bits: u16, entries: Vec<u16>) -> Result<Self, Error> {
        if !(1..=16).contains(&bits) {
            return Err(Error::Malformed { tag: Some(tags::LUT_DESCRIPTOR), what: "entries of none of 1 to 16 bits" });
        }
        if entries.is_empty() {
            return Err(Error::Malformed { tag: Some(tags::LUT_DATA), what: "a table without entries" });
        }
        Ok(Self { first, bits, entries })
    }

    /// The table of an item whose inputs lie within `inputs`.
    ///
    /// The range decides what the first input mapped is where its VR (US or SS) and the inputs' sign disagree: 64512 is
    /// -1024 where no input reaches 64512 and some are negative.
    ///
    /// # Errors
    /// [`Error::Missing`] or [`Error::Malformed`] where the descriptor or the data are absent, short or out of bounds.
    pub fn of(item: &Dataset, inputs: [f64; 2]) -> Result<Self, Error> {
        let tag = tags::LUT_DESCRIPTOR;
        let descriptor = value::f64s(item, tag);
        let &[count, first, bits] = descriptor.as_slice() else {
            return Err(match item.get(tag) {
                Some(element) if element.value().primitive().is_some_and(|v| v.multiplicity() > 0) => {
                    Error::Malformed { tag: Some(tag), what: "a descriptor without its three numbers" }
                }
                _ => Error::Missing { tag },
            });
        };
        // In 16 bits, 65536 entries are written as 0; a signed descriptor shows large counts as negative.
        let count = match count as i64 {
            n @ -32768..=0 => n + 65536,
            n => n,
        };
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let bits = if (1.0..=16.0).contains(&bits) { bits as u16 } else { 0 };
        let element = item.get(tags::LUT_DATA).ok_or(Error::Missing { tag: tags::LUT_DATA })?;
        let bytes = value::bytes(element);
        // Entries of 8 bits stand two in a word, or one in each.
        let mut entries: Vec<u16> = if bits <= 8 && bytes.len() < count.saturating_mul(2) {
            bytes.iter().map(|&byte| u16::from(byte)).collect()
        } else {
            bytes.chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect()
        };
        if entries.len() < count {
            return Err(Error::Malformed {
                tag: Some(tags::LUT_DATA),
                what: "a table shorter than its descriptor says",
            });
        }
        entries.truncate(count);
        Self::new(first_mapped(first, inputs), bits, entries)
    }

    /// Whether an item has neither a descriptor nor data: some writers leave the elements of a table that is not there
    /// empty.
    pub(crate) fn is_hollow(item: &Dataset) -> bool {
        let is_empty = |tag| item.get(tag).is_none_or(|element| value::bytes(element).is_empty());
        is_empty(tags::LUT_DESCRIPTOR) && is_empty(tags::LUT_DATA)
    }

    /// The entry of an input, which is rounded to a whole number; the first entry for NaN.
    pub fn at(&self, input: f64) -> u16 {
        // A float beyond i64 becomes its nearest end.
        let at = if input.is_nan() { 0 } else { (input.round() as i64).saturating_sub(self.first) };
        let last = self.entries.len().saturating_sub(1) as i64;
        self.entries.get(at.clamp(0, last) as usize).copied().unwrap_or(0)
    }

    /// The greatest value that an entry may have: 2 to the power of its bits, less 1.
    pub const fn top(&self) -> u16 {
        u16::MAX >> (16 - self.bits)
    }

    /// The first input that is mapped.
    pub const fn first(&self) -> i64 {
        self.first
    }

    /// The entries.
    pub fn entries(&self) -> &[u16] {
        &self.entries
    }
}

fn first_mapped(first: f64, [low, high]: [f64; 2]) -> i64 {
    let turn = 65536.0;
    let meant = if first > 32767.0 && first > high && low < 0.0 {
        first - turn
    } else if first < 0.0 && first < low && first + turn <= high {
        first + turn
    } else {
        first
    };
    meant as i64
}

/// Real values by the Modality LUT Sequence of the first frame or of the whole image; `None` where it has none.
///
/// [`scaling::real_values`] does that for any frame, rescale included.
///
/// # Errors
/// [`Error::Missing`] or [`Error::Malformed`] for a table that cannot be used.
pub fn modality_lut(dataset: &Dataset, info: &PixelInfo, samples: &DynSamples) -> Result<Option<Vec<f64>>, Error> {
    let Some(lut) = scaling::table_of(dataset, 0, info)? else { return Ok(None) };
    Ok(Some(to_f64(samples).into_iter().map(|stored| f64::from(lut.at(stored))).collect()))
}

#[cfg(test)]
mod tests {
    use dicom_core::value::PrimitiveValue;
    use dicom_core::{DataElement, VR};

    use super::*;

    fn item(descriptor: PrimitiveValue, data: PrimitiveValue) -> Dataset {
        let vr = if matches!(descriptor, PrimitiveValue::I16(_)) { VR::SS } else { VR::US };
        Dataset::from_element_iter([
            DataElement::new(tags::LUT_DESCRIPTOR, vr, descriptor),
            DataElement::new(tags::LUT_DATA, VR::OW, data),
        ])
    }

    fn words(v: &[u16]) -> PrimitiveValue {
        PrimitiveValue::U16(v.into())
    }

    #[test]
    fn the_first_input_has_the_sign_of_the_inputs() {
        let entries = words(&[1, 2]);
        let first = |descriptor, inputs| Lut::of(&item(descriptor, entries.clone()), inputs).unwrap().first();
        assert_eq!(first(words(&[2, 64512, 16]), [-2048.0, 2047.0]), -1024);
        assert_eq!(first(words(&[2, 64512, 16]), [0.0, 65535.0]), 64512);
        assert_eq!(first(words(&[2, 64512, 16]), [-1024.0, 64511.0]), -1024);
        assert_eq!(first(words(&[2, 32768, 16]), [-2048.0, 2047.0]), -32768);
        let signed = |first: i16| PrimitiveValue::I16([2, first, 16].as_slice().into());
        assert_eq!(first(signed(-1024), [-2048.0, 2047.0]), -1024);
        assert_eq!(first(signed(-1024), [0.0, 65535.0]), 64512);
        assert_eq!(first(signed(-1024), [0.0, 4095.0]), -1024);
    }

    #[test]
    fn entries_of_eight_bits_stand_alone_or_in_pairs() {
        let packed = Lut::of(&item(words(&[4, 0, 8]), words(&[0x2010, 0x4030])), [0.0, 255.0]).unwrap();
        assert_eq!(packed.entries(), [0x10, 0x20, 0x30, 0x40]);
        let wide = Lut::of(&item(words(&[2, 0, 8]), words(&[0x10, 0x20])), [0.0, 255.0]).unwrap();
        assert_eq!(wide.entries(), [0x10, 0x20]);
        assert_eq!((packed.top(), Lut::new(0, 16, vec![0]).unwrap().top()), (255, 65535));
    }

    #[test]
    fn no_entries_stand_for_65536() {
        let full = Lut::of(&item(words(&[0, 0, 16]), words(&[7; 65536])), [0.0, 65535.0]).unwrap();
        assert_eq!(full.entries().len(), 65536);
        let most = PrimitiveValue::I16([-1, 0, 16].as_slice().into());
        assert_eq!(Lut::of(&item(most, words(&[7; 65536])), [0.0, 65535.0]).unwrap().entries().len(), 65535);
    }

    #[test]
    fn broken_tables_are_refused() {
        let reason = |descriptor, data| Lut::of(&item(descriptor, data), [0.0, 255.0]).unwrap_err().reason();
        assert_eq!(reason(words(&[2, 0]), words(&[1, 2])), "malformed");
        assert_eq!(reason(PrimitiveValue::Empty, words(&[1, 2])), "missing-element");
        assert_eq!(reason(words(&[2, 0, 0]), words(&[1, 2])), "malformed");
        assert_eq!(reason(words(&[2, 0, 17]), words(&[1, 2])), "malformed");
        assert_eq!(reason(words(&[3, 0, 16]), words(&[1, 2])), "malformed");
        assert_eq!(reason(words(&[0, 0, 16]), words(&[])), "malformed");
        let bare = Dataset::from_element_iter([DataElement::new(tags::LUT_DESCRIPTOR, VR::US, words(&[1, 0, 8]))]);
        assert_eq!(Lut::of(&bare, [0.0, 1.0]).unwrap_err().reason(), "missing-element");
    }
}
