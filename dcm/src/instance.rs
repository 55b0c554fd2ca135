//! One opened file.

use std::path::Path;

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;
use isocenter_volume::Ctx;

use crate::read::sniff::Layout;
use crate::{Dataset, Error, FileMeta, ReadLimits, TransferSyntax, Warning, file_meta, value, write};

/// Where the pixels stand in the file, also where only the header was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PixelElement {
    /// (7FE0,0010), (7FE0,0008) or (7FE0,0009).
    pub tag: Tag,
    /// Its value representation, as the file has it or by the dictionary.
    pub vr: VR,
    /// Where its value started in the file that was read (or in the inflated data set); 0 of what was made in memory.
    pub offset: u64,
    /// Its length in bytes; `None` where it is in fragments.
    pub length: Option<u64>,
}

/// One opened file: meta group, data set, and what was repaired.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Instance {
    /// The file meta group.
    pub meta: FileMeta,
    /// The data set; text is Unicode whatever the Specific Character Set says, numbers are in memory order.
    pub dataset: Dataset,
    /// What was repaired on the way in, in the order of the file.
    pub warnings: Vec<Warning>,
    /// Where the pixels stood in the file that was read.
    pub(crate) pixels: Option<PixelElement>,
    /// How the data set was written; what this crate made itself is explicit and little endian.
    pub(crate) layout: Layout,
    /// Whether all elements were read.
    pub(crate) whole: bool,
    pub(crate) limits: ReadLimits,
    /// Whether nothing is to be repaired.
    pub(crate) strict: bool,
    pub(crate) digest: Option<u64>,
}

impl Instance {
    /// Joins a meta group and a data set made in memory.
    pub fn new(meta: FileMeta, dataset: Dataset) -> Self {
        let (layout, limits) = (Layout { explicit: true, big: false }, ReadLimits::default());
        Self {
            meta,
            dataset,
            warnings: Vec::new(),
            pixels: None,
            layout,
            whole: true,
            limits,
            strict: false,
            digest: None,
        }
    }

    /// The element that holds the pixels: that of the data set as it is now, or, where they were not read, that of the file.
    /// `None` where there is none.
    pub fn pixel_element(&self) -> Option<PixelElement> {
        let unread = self.pixels.filter(|_| !self.whole);
        let in_file = |tag| self.pixels.filter(|pixels| pixels.tag == tag).map_or(0, |pixels| pixels.offset);
        PIXELS
            .into_iter()
            .find_map(|tag| {
                let element = self.dataset.get(tag)?;
                let length = element.value().primitive().map(|v| v.calculate_byte_len() as u64);
                Some(PixelElement { tag, vr: element.vr(), offset: in_file(tag), length })
            })
            .or(unread)
    }

    /// Whether there are pixels (known also of a header); an element of no byte holds none.
    pub fn has_pixels(&self) -> bool {
        let holds = |element: &PixelElement| element.length != Some(0);
        self.pixel_element().as_ref().is_some_and(holds)
    }

    /// The digest of the groups of [`Selection::digest`](crate::Selection::digest), as the file has them; `None` where none was asked
    /// for. It is that of [`digest::of`](crate::digest::of), text of other character sets apart.
    pub fn digest(&self) -> Option<u64> {
        self.digest
    }

    /// Whether reading stopped before the pixel data or before another tag, or left elements out.
    pub fn is_header_only(&self) -> bool {
        !self.whole
    }

    /// The limits it was opened under.
    pub fn limits(&self) -> &ReadLimits {
        &self.limits
    }

    /// The transfer syntax; [`Error::UnsupportedTransferSyntax`] where the UID is none of the standard's.
    pub fn transfer_syntax(&self) -> Result<TransferSyntax, Error> {
        let uid = match self.meta.transfer_syntax_uid.as_str() {
            "" => TransferSyntax::EXPLICIT_VR_LITTLE_ENDIAN,
            uid => uid,
        };
        TransferSyntax::of(uid).ok_or_else(|| Error::UnsupportedTransferSyntax { uid: file_meta::safe_uid(uid) })
    }

    /// SOP Class UID, that of the meta group where the data set's is empty.
    pub fn sop_class_uid(&self) -> Option<String> {
        value::string(&self.dataset, tags::SOP_CLASS_UID).or_else(|| some(&self.meta.media_storage_sop_class_uid))
    }

    /// SOP Instance UID, that of the meta group where the data set's is empty.
    pub fn sop_instance_uid(&self) -> Option<String> {
        value::string(&self.dataset, tags::SOP_INSTANCE_UID).or_else(|| some(&self.meta.media_storage_sop_instance_uid))
    }

    /// Study Instance UID.
    pub fn study_instance_uid(&self) -> Option<String> {
        value::string(&self.dataset, tags::STUDY_INSTANCE_UID)
    }

    /// Series Instance UID.
    pub fn series_instance_uid(&self) -> Option<String> {
        value::string(&self.dataset, tags::SERIES_INSTANCE_UID)
    }

    /// Modality, such as `CT`.
    pub fn modality(&self) -> Option<String> {
        value::string(&self.dataset, tags::MODALITY)
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// [`Error::PartlyRead`] where only the header was read: the rest would be lost. [`Error::Malformed`] where encapsulated
    /// pixel data has no encapsulated transfer syntax to go with it, [`Error::BadValue`] where a value does not fit its VR.
    ///
    /// ```
    /// use isocenter_dcm::{Dataset, FileMeta, Instance, OpenOptions, VR, dicom_core::DataElement, tags};
    /// use isocenter_dcm::dicom_core::PrimitiveValue;
    /// let pixels = PrimitiveValue::from(vec![1u8, 2]);
    /// let ds = Dataset::from_element_iter([DataElement::new(tags::PIXEL_DATA, VR::OB, pixels)]);
    /// let bytes = Instance::new(FileMeta::default(), ds).to_bytes()?;
    /// let header = OpenOptions::new().header_only(true).parse(&bytes)?;
    /// assert_eq!(header.to_bytes().unwrap_err().reason(), "partly-read");
    /// # Ok::<_, isocenter_dcm::Error>(())
    /// ```
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        if !self.whole {
            return Err(Error::PartlyRead);
        }
        write::to_bytes(&self.meta, &self.dataset)
    }

    /// Writes the file under its final name only when it is whole: beside, under a name that says nothing of it, then
    /// renamed. An existing file is replaced. [`Lazy::write`](crate::Lazy::write) copies pixel data from file to file.
    ///
    /// # Errors
    /// As [`Instance::to_bytes`], and [`Error::Io`].
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.write_with(path, &Ctx::default())
    }

    /// As [`Instance::write`]; the stage `write` counts bytes.
    ///
    /// # Errors
    /// As [`Instance::write`], and [`Error::Cancelled`].
    pub fn write_with(&self, path: impl AsRef<Path>, ctx: &Ctx<'_>) -> Result<(), Error> {
        let bytes = self.to_bytes()?;
        let stage = ctx.stage("write", bytes.len() as u64);
        write::whole(path.as_ref(), |out| write::blocks(&bytes, out, &stage))
    }
}

/// The elements that may hold pixels.
const PIXELS: [Tag; 3] = [tags::PIXEL_DATA, tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA];

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
