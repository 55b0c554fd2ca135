//! A file whose header is read and whose samples are not yet.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::{
    Error, File, FileHead,
    region::{Region, Window},
    samples::Layout,
};

/// A file that is open: what its header says is known, none of its samples is read.
///
/// Of a file that seeks and is not compressed, [`Opened::read_region`] reads the bytes of the region and passes over the others; of any
/// other it takes no more memory than the region needs, but goes through the whole.
///
/// # Examples
/// ```
/// use isocenter_formats::{self as formats, File, Region};
/// use isocenter_volume::{Affine, Frame, Geometry, Volume};
///
/// let geometry = Geometry::new([2, 1, 3], Affine::IDENTITY, Frame::Patient(None))?;
/// let file = File::from_volume(Volume::new(vec![0u8, 1, 2, 3, 4, 5], geometry)?.into());
/// let bytes = formats::write_bytes(&file, "nii", &formats::WriteOptions::default())?;
///
/// let opened = formats::open_from(formats::Source::from_bytes(&bytes)?, &formats::ReadOptions::default())?;
/// let shape = opened.head().head.shape();
/// assert_eq!(shape, [2, 1, 3]);
/// let last = opened.read_region(&Region::planes(shape, 2, 1))?;
/// assert_eq!(last.volume.samples().get::<u8>().map(|s| s.to_vec()), Some(vec![4, 5]));
/// assert_eq!(last.volume.geometry().origin_mm(), [0.0, 0.0, 2.0]);
/// # Ok::<_, formats::Error>(())
/// ```
pub struct Opened<'a> {
    head: FileHead,
    layout: Layout,
    samples: Box<Reading<'a>>,
    /// Where it was opened; empty for no file.
    path: PathBuf,
}

/// Reads the samples of a layout to the head of the file, or of its region.
type Reading<'a> = dyn FnOnce(FileHead, Layout) -> Result<File, Error> + 'a;

impl<'a> Opened<'a> {
    pub(crate) fn new(
        head: FileHead,
        layout: Layout,
        samples: impl FnOnce(FileHead, Layout) -> Result<File, Error> + 'a,
    ) -> Self {
        Self { head, layout, samples: Box::new(samples), path: PathBuf::new() }
    }

    /// The same file, whose errors say where it is.
    pub(crate) fn at(mut self, path: &Path) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    /// What the header says.
    pub const fn head(&self) -> &FileHead {
        &self.head
    }

    /// What the header says, and no more.
    pub fn into_head(self) -> FileHead {
        self.head
    }

    /// Reads all samples.
    ///
    /// # Errors
    /// As [`crate::read_with`].
    pub fn read(self) -> Result<File, Error> {
        (self.samples)(self.head, self.layout).map_err(|e| e.at(&self.path))
    }

    /// Reads the samples of a region. Its head is the one of the volume cut out, and says so in its provenance.
    ///
    /// # Errors
    /// [`Error::Volume`] for a region outside the volume; else as [`crate::read_with`].
    pub fn read_region(mut self, region: &Region) -> Result<File, Error> {
        let part = region.head_of(&self.head.head)?;
        self.layout.window = Some(Window::new(&self.head.head, region));
        self.head.head = part;
        (self.samples)(self.head, self.layout).map_err(|e| e.at(&self.path))
    }
}

impl fmt::Debug for Opened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("head", &self.head).finish_non_exhaustive()
    }
}
