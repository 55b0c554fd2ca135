//! How much a file may ask for.

/// Bounds on what an untrusted file may ask for, checked before memory is reserved. (How large a volume may become is
/// [`isocenter_volume::Limits`], a part of the context.)
///
/// ```
/// use isocenter_dcm::ReadLimits;
/// let small = ReadLimits::default().file_bytes(1 << 20);
/// assert!(small.file_bytes < ReadLimits::default().file_bytes);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadLimits {
    /// Bytes of one file, and of one inflated data set: 8 GiB.
    pub file_bytes: u64,
    /// Bytes of one element's value: 4 GiB, the most that DICOM can say.
    pub element_bytes: u64,
    /// Elements of one file, nested ones and items included: 4 million.
    pub elements: u64,
    /// Frames of one image: 1 million.
    pub frames: u64,
    /// Bytes of one decoded frame: 1 GiB.
    pub frame_bytes: u64,
    /// Bytes of all decoded frames together: 16 GiB.
    pub image_bytes: u64,
    /// Sequences within sequences: 48.
    pub depth: usize,
    /// Members of one archive: 262,144.
    pub members: u64,
    /// Bytes of all members of one archive together, as they are when inflated: 1 TiB.
    pub archive_bytes: u64,
    /// How many times a member of an archive may be as long as what it is packed into: 1,100. Deflate cannot pass 1,032.
    pub ratio: u64,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self {
            file_bytes: 8 << 30,
            element_bytes: 4 << 30,
            elements: 4_000_000,
            frames: 1_000_000,
            frame_bytes: 1 << 30,
            image_bytes: 16 << 30,
            depth: 48,
            members: 1 << 18,
            archive_bytes: 1 << 40,
            ratio: 1100,
        }
    }
}

macro_rules! setters {
    ($($field:ident: $type:ty),*) => {
        impl ReadLimits {
            $(
                #[doc = concat!("Sets `", stringify!($field), "`.")]
                #[must_use]
                pub const fn $field(mut self, $field: $type) -> Self {
                    self.$field = $field;
                    self
                }
            )*
        }
    };
}
setters! { file_bytes: u64, element_bytes: u64, elements: u64, frames: u64, frame_bytes: u64, image_bytes: u64, depth: usize, members: u64, archive_bytes: u64, ratio: u64 }
