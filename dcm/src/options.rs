//! How to open a file.

use dicom_core::Tag;

use crate::{ReadLimits, Tolerance};

/// How to open a file.
///
/// ```no_run
/// use isocenter_dcm::OpenOptions;
/// let header = OpenOptions::new().header_only(true).open("image.dcm")?;
/// println!("{:?}", header.modality());
/// # Ok::<_, isocenter_dcm::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    pub(crate) limits: ReadLimits,
    pub(crate) header_only: bool,
    pub(crate) until: Option<Tag>,
    pub(crate) tolerance: Tolerance,
    pub(crate) selection: Option<Selection>,
}

/// Which elements of a data set a reading holds: of many files a few facts are wanted, and most elements of their headers are a maker's own.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Selection {
    /// Whether an element of the top level is held. The others are walked over and checked, but their values are not made: what is
    /// wrong with those is not told, and the file cannot be written from what was read. Elements that say how others are laid out
    /// (character set, sign and width of pixels) are always held.
    pub keep: fn(Tag) -> bool,
    /// The groups, held or not, that [`Instance::digest`](crate::Instance::digest) is of.
    pub digest: &'static [u16],
}

impl Selection {
    /// Holds what `keep` says, and takes the digest of no group.
    pub const fn new(keep: fn(Tag) -> bool) -> Self {
        Self { keep, digest: &[] }
    }

    /// Sets the groups that [`Instance::digest`](crate::Instance::digest) is of.
    #[must_use]
    pub const fn digest(mut self, groups: &'static [u16]) -> Self {
        self.digest = groups;
        self
    }
}

impl OpenOptions {
    /// Everything, within the default [`ReadLimits`].
    pub fn new() -> Self {
        Self::default()
    }

    /// What the file may ask for.
    pub fn limits(mut self, limits: ReadLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether to stop before the pixel data.
    pub fn header_only(mut self, header_only: bool) -> Self {
        self.header_only = header_only;
        self
    }

    /// The first tag that is not wanted: elements of the top level from it on are not read, and neither are the bytes they
    /// stand in.
    pub fn until(mut self, tag: Tag) -> Self {
        self.until = Some(tag);
        self
    }

    /// Which elements are held.
    ///
    /// ```
    /// use isocenter_dcm::{Dataset, FileMeta, Instance, OpenOptions, Selection, VR, dicom_core::DataElement, tags};
    /// let text = |tag, text: &str| DataElement::new(tag, VR::LO, text);
    /// let ds = Dataset::from_element_iter([text(tags::MANUFACTURER, "ACME"), text(tags::PATIENT_ID, "1")]);
    /// let bytes = Instance::new(FileMeta::default(), ds).to_bytes()?;
    /// let only = Selection::new(|tag| tag.group() == 0x0008).digest(&[0x0010]);
    /// let found = OpenOptions::new().select(only).parse(&bytes)?;
    /// assert!(found.dataset.get(tags::PATIENT_ID).is_none() && found.digest().is_some());
    /// # Ok::<_, isocenter_dcm::Error>(())
    /// ```
    pub fn select(mut self, selection: Selection) -> Self {
        self.selection = Some(selection);
        self
    }

    /// What to do about a file that is not as it should be.
    pub fn tolerance(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }
}
