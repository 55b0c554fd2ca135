//! One type for the samples of files that differ in theirs.

use isocenter_volume::SampleType;

use crate::facts::ImageFacts;

/// The smallest type that holds the samples of all images; `None` where none does, or colour meets gray.
pub(super) fn joint<'a>(images: impl Iterator<Item = &'a ImageFacts>) -> Option<SampleType> {
    let mut images = images.peekable();
    let first = images.peek()?.sample_type;
    let (mut same, mut whole, mut signed, mut unsigned) = (true, true, 0, 0);
    for image in images {
        same &= image.sample_type == first;
        match image.sample_type {
            SampleType::I8 | SampleType::I16 | SampleType::I32 => signed = signed.max(image.bits_stored),
            SampleType::U8 | SampleType::U16 | SampleType::U32 => unsigned = unsigned.max(image.bits_stored),
            _ => whole = false,
        }
    }
    if same || !whole {
        return same.then_some(first);
    }
    Some(match (signed > 0, if signed > 0 { signed.max(unsigned + 1) } else { unsigned }) {
        (false, 0..=8) => SampleType::U8,
        (false, 9..=16) => SampleType::U16,
        (false, 17..=32) => SampleType::U32,
        (true, 0..=8) => SampleType::I8,
        (true, 9..=16) => SampleType::I16,
        (true, 17..=32) => SampleType::I32,
        _ => return None,
    })
}
