//! Where plain samples lie in their file, kept when the header may go.

use super::{NativeFrames, Order};
use crate::pixel::source::{Header, RawFrames};
use crate::pixel::{PixelInfo, Target};
use crate::source::ReadAt;
use crate::syntax::Coding;
use crate::{Error, Instance, PixelElement};

/// Where the frames of an image of plain samples lie: all that is needed to read one, beside the bytes of the file.
///
/// Plain are gray samples, one a pixel, that are not coded and not deflated: those of most files. Who holds this of a file opens no
/// header a second time ([`Lazy`](crate::Lazy) does) to read its frames.
///
/// # Examples
/// ```
/// use isocenter_dcm::{Bytes, Dataset, FileMeta, Instance, OpenOptions, PlainPixels, tags};
/// use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
///
/// let mut ds = Dataset::new_empty();
/// ds.put(DataElement::new(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.7"));
/// ds.put(DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"));
/// for (tag, v) in [(tags::ROWS, 1u16), (tags::COLUMNS, 2), (tags::BITS_ALLOCATED, 8), (tags::BITS_STORED, 8)] {
///     ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(v)));
/// }
/// ds.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"));
/// ds.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, "2"));
/// ds.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(vec![1u8, 2, 3, 4])));
/// let bytes = Instance::new(FileMeta::default(), ds).to_bytes()?;
///
/// let header = OpenOptions::new().header_only(true).parse(&bytes)?;
/// let pixels = PlainPixels::of(&header).expect("plain samples");
/// let mut second = [0u8; 2];
/// assert!(pixels.read_into(&Bytes(bytes), 1, &mut second)?.is_some());
/// assert_eq!(second, [3, 4]);
/// # Ok::<_, isocenter_dcm::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PlainPixels {
    info: PixelInfo,
    element: PixelElement,
    order: Order,
}

/// Bytes before a value of 32-bit length: tag and length, and a representation where it is explicit.
const HEADER: u64 = 12;

impl PlainPixels {
    /// Those of a file whose header alone was read; `None` where its samples are not plain, or the header contradicts itself.
    pub fn of(header: &Instance) -> Option<Self> {
        let found = Header::new(header).ok()?;
        let element = header.pixels.filter(|element| element.length.is_some_and(|bytes| bytes > 0))?;
        let is_deflated = header.transfer_syntax().is_ok_and(|syntax| syntax.deflated);
        let is_gray = found.info.samples_per_pixel == 1 && found.info.photometric.is_monochrome();
        let is_plain = is_gray && !is_deflated && matches!(found.coding, Coding::Native) && element.offset > 0;
        is_plain.then(|| Self { info: found.info, element, order: Order::of(header, &element, &found.info) })
    }

    /// Whether a file still has the pixel data where it was: their tag and length stand before them, and all of them are there.
    pub fn is_in(&self, source: &dyn ReadAt) -> bool {
        let PixelElement { tag, offset, length, .. } = self.element;
        let (Some(length), Some(start)) = (length, offset.checked_sub(HEADER)) else { return false };
        let mut header = [0; HEADER as usize];
        let is_whole = source.size().is_ok_and(|size| offset.saturating_add(length) <= size);
        if !is_whole || source.read_exact_at(&mut header, start).is_err() {
            return false;
        }
        let numbers = |big: bool| {
            let word = |bytes: &[u8]| if big { [bytes[1], bytes[0]] } else { [bytes[0], bytes[1]] };
            let tag = |at: usize| [word(&header[at..at + 2]), word(&header[at + 2..at + 4])].concat();
            // explicit representations have four bytes more between tag and length
            (tag(0), tag(4), header[8..].to_vec())
        };
        let wanted = [tag.group().to_le_bytes(), tag.element().to_le_bytes()].concat();
        [false, true].into_iter().any(|big| {
            let (explicit, implicit, stated) = numbers(big);
            let length = length as u32;
            let stated_length = if big { length.to_be_bytes() } else { length.to_le_bytes() };
            (explicit == wanted || implicit == wanted) && stated == stated_length
        })
    }

    /// Reads a frame of the file into its place, as [`InstanceFrame::decode_into`](crate::InstanceFrame::decode_into); `None`, and
    /// nothing done, where the samples are not of this type.
    ///
    /// # Errors
    /// [`Error::NoSuchFrame`], [`Error::BufferSize`], [`Error::Truncated`], [`Error::Io`].
    pub fn read_into<T: Target>(
        &self,
        source: &dyn ReadAt,
        index: usize,
        out: &mut [T],
    ) -> Result<Option<PixelInfo>, Error> {
        let (frames, wanted, found) = (self.info.frames, self.info.samples(), out.len());
        if index >= frames {
            return Err(Error::NoSuchFrame { index, frames });
        }
        if wanted != found {
            return Err(Error::BufferSize { wanted, found });
        }
        let frames = NativeFrames { source: &source, element: &self.element, order: self.order };
        let raw = frames.raw(&self.info, index)?;
        let info = PixelInfo { high_bit: self.info.bits_stored.saturating_sub(1), ..self.info };
        Ok(T::copy(&raw, &self.info, out).then_some(info))
    }
}
