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

    /// What to do about a file that is not as it should be.
    pub fn tolerance(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }
}
