//! How much a file may ask for.

/// Bounds on what untrusted input may ask for, checked before memory is reserved.
///
/// ```
/// use isocenter_dcm::Limits;
/// let small = Limits { file_bytes: 1 << 20, ..Limits::default() };
/// assert!(small.file_bytes < Limits::default().file_bytes);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
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

impl Default for Limits {
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
