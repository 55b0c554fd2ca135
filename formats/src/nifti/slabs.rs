//! A NIfTI file whose voxels come a few planes at a time.

use std::{fmt, io::Write, path::Path};

use isocenter_files::Beside;
use isocenter_volume::{Ctx, Head, SampleType};

use super::{header::Version, writer};
use crate::{Error, gzip};

/// Writes a volume of f32 a part at a time, for volumes larger than memory.
///
/// The file appears under its name when it is finished, and is NIfTI-2 where an axis is too long for NIfTI-1; `.nii.gz` is packed as it is written.
///
/// # Examples
/// ```
/// use isocenter_formats::SlabWriter;
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Head};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("a.nii");
/// let head = Head::new(Geometry::new([2, 1, 3], Affine::IDENTITY, Frame::Patient(None))?);
/// let mut file = SlabWriter::create(&path, &head, 6, Ctx::default())?;
/// file.put(&[0.0, 1.0, 2.0, 3.0])?;
/// file.put(&[4.0, 5.0])?;
/// file.finish()?;
/// assert_eq!(isocenter_formats::read(&path)?.volume.shape(), [2, 1, 3]);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub struct SlabWriter<'a> {
    out: Out<'a>,
    /// Samples that are still to come.
    left: usize,
    bytes: Vec<u8>,
    ctx: Ctx<'a>,
}

enum Out<'a> {
    Plain(Beside),
    Packed(Box<gzip::Encoder<'a, Beside>>),
}

impl fmt::Debug for SlabWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlabWriter").field("left", &self.left).finish_non_exhaustive()
    }
}

impl Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match self {
            Self::Plain(file) => file.write_all(bytes),
            Self::Packed(encoder) => encoder.write_all(bytes),
        }
        .map_err(Error::io)
    }
}

impl<'a> SlabWriter<'a> {
    /// Begins a file, `.nii` or `.nii.gz` by its name; `level` is that of gzip, 0 to 9.
    ///
    /// # Errors
    /// [`Error::UnknownExtension`], [`Error::PerPlaneScaling`], [`Error::Unsupported`] for what NIfTI cannot hold, [`Error::Io`].
    pub fn create(path: &Path, head: &Head, level: u32, ctx: Ctx<'a>) -> Result<Self, Error> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let is_packed = name.ends_with(".nii.gz");
        if !is_packed && !name.ends_with(".nii") {
            return Err(Error::UnknownExtension);
        }
        let of = |version: Version| {
            let mut header = writer::header_of_head(head, SampleType::F32, version)?;
            header.vox_offset = (version.bytes() + 4) as f64;
            Ok::<_, Error>([header.to_bytes(), vec![0; 4]].concat())
        };
        let is_long = head.shape().into_iter().any(|n| n > i16::MAX as usize);
        let header = of(if is_long { Version::Two } else { Version::One })?;
        let beside = Beside::create(path).map_err(Error::io)?;
        let mut out = if is_packed {
            Out::Packed(Box::new(gzip::Encoder::new(beside, level, &ctx).map_err(Error::io)?))
        } else {
            Out::Plain(beside)
        };
        out.write(&header)?;
        Ok(Self { out, left: head.len(), bytes: Vec::new(), ctx })
    }

    /// The next samples, i fastest, step after step.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Volume`] for more than the volume has; [`Error::Cancelled`].
    pub fn put(&mut self, samples: &[f32]) -> Result<(), Error> {
        self.ctx.check()?;
        let counts = |found: usize| Error::Volume(isocenter_volume::Error::ShapeMismatch { wanted: self.left, found });
        self.left = self.left.checked_sub(samples.len()).ok_or_else(|| counts(samples.len()))?;
        for part in samples.chunks(1 << 16) {
            self.bytes.clear();
            part.iter().for_each(|v| self.bytes.extend(v.to_le_bytes()));
            self.out.write(&self.bytes)?;
        }
        Ok(())
    }

    /// Ends the file and gives it its name.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Volume`] where samples are missing: the file is not kept.
    pub fn finish(self) -> Result<(), Error> {
        if self.left > 0 {
            return Err(Error::Volume(isocenter_volume::Error::ShapeMismatch { wanted: self.left, found: 0 }));
        }
        match self.out {
            Out::Plain(beside) => beside.finish().map_err(Error::io),
            Out::Packed(encoder) => encoder.into_inner().and_then(Beside::finish).map_err(Error::io),
        }
    }
}
