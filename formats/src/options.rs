//! How to read and how to write.

use isocenter_volume::Ctx;

/// How to read.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ReadOptions<'a> {
    /// What a file may ask for (checked before memory is reserved), who is told how far it is, and who may stop it.
    pub ctx: Ctx<'a>,
    /// Most bytes of header text and extensions; 16 MiB by default.
    pub header_bytes: u64,
    /// The array to read where a file holds several by name (`.npz`, safetensors, HDF5, Zarr).
    pub name: Option<&'a str>,
}

impl Default for ReadOptions<'_> {
    fn default() -> Self {
        Self { ctx: Ctx::default(), header_bytes: 16 << 20, name: None }
    }
}

impl<'a> ReadOptions<'a> {
    /// Sets limits and observer.
    #[must_use]
    pub const fn ctx(mut self, ctx: Ctx<'a>) -> Self {
        self.ctx = ctx;
        self
    }

    /// Chooses the array of a file that holds several.
    #[must_use]
    pub const fn with_name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// Sets the most bytes of header text and extensions.
    #[must_use]
    pub const fn with_header_bytes(mut self, bytes: u64) -> Self {
        self.header_bytes = bytes;
        self
    }
}

/// How to write.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct WriteOptions<'a> {
    /// Who is told how far it is, and who may stop it.
    pub ctx: Ctx<'a>,
    /// Level of gzip and zlib, 0 to 9; 6 by default.
    pub level: u32,
    /// Whether NRRD data is gzip (the default) or raw. NIfTI is compressed where the name ends in `.gz`.
    pub nrrd_gzip: bool,
    /// Whether NIfTI is written as NIfTI-2: 64-bit axes, the affine in f64. NIfTI-1 by default, since more tools read it.
    pub nifti2: bool,
    /// Whether a `.hdr` is written as Analyze 7.5, without NIfTI's fields: of the place only the spacing is kept. Not by default.
    pub analyze: bool,
    /// Whether MetaImage data is packed by zlib; not by default, as ITK has it. The packed voxels are then held in memory, since the
    /// header, which stands before them, says how long they are.
    pub metaimage_zlib: bool,
    /// Whether Zarr is written as version 2 with OME-NGFF 0.4, which older tools read; version 3 with OME-NGFF 0.5 by default.
    pub zarr2: bool,
    /// The window of real values that PNG and TIFF show as 8 bits of gray; `None`, the default, writes values as they are and refuses
    /// those that the picture does not hold.
    pub gray: Option<Gray>,
}

/// A window of real values, shown from black to white.
///
/// The lower end and what is below becomes 0, the upper end and what is above 255, with equal steps between (DICOM's `LINEAR_EXACT`,
/// PS3.3 C.11.2.1.3.2); NaN is 0.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Gray {
    /// From the smallest to the largest finite value of the volume.
    Range,
    /// A centre and a width, in the unit of the real values (HU for CT).
    Window {
        /// The middle.
        centre: f64,
        /// From the lower to the upper end; above 0.
        width: f64,
    },
}

impl Gray {
    /// A window of a centre and a width, in the unit of the real values.
    pub const fn window(centre: f64, width: f64) -> Self {
        Self::Window { centre, width }
    }
}

impl Default for WriteOptions<'_> {
    fn default() -> Self {
        Self {
            ctx: Ctx::default(),
            level: 6,
            nrrd_gzip: true,
            nifti2: false,
            analyze: false,
            metaimage_zlib: false,
            zarr2: false,
            gray: None,
        }
    }
}

impl<'a> WriteOptions<'a> {
    /// Sets the observer.
    #[must_use]
    pub const fn ctx(mut self, ctx: Ctx<'a>) -> Self {
        self.ctx = ctx;
        self
    }

    /// Sets the level of gzip; above 9 is 9.
    #[must_use]
    pub fn with_level(mut self, level: u32) -> Self {
        self.level = level.min(9);
        self
    }

    /// Chooses between gzip and raw for the data of NRRD.
    #[must_use]
    pub const fn with_nrrd_gzip(mut self, gzip: bool) -> Self {
        self.nrrd_gzip = gzip;
        self
    }

    /// Chooses between NIfTI-2 and NIfTI-1.
    #[must_use]
    pub const fn with_nifti2(mut self, nifti2: bool) -> Self {
        self.nifti2 = nifti2;
        self
    }

    /// Chooses between Analyze 7.5 and NIfTI for `.hdr` with `.img`.
    #[must_use]
    pub const fn with_analyze(mut self, analyze: bool) -> Self {
        self.analyze = analyze;
        self
    }

    /// Chooses between Zarr 2 with OME-NGFF 0.4 and Zarr 3 with OME-NGFF 0.5.
    #[must_use]
    pub const fn with_zarr2(mut self, zarr2: bool) -> Self {
        self.zarr2 = zarr2;
        self
    }

    /// Chooses the window that pictures show.
    #[must_use]
    pub const fn with_gray(mut self, gray: Gray) -> Self {
        self.gray = Some(gray);
        self
    }

    /// Chooses between zlib and raw for the data of MetaImage.
    #[must_use]
    pub const fn with_metaimage_zlib(mut self, zlib: bool) -> Self {
        self.metaimage_zlib = zlib;
        self
    }
}
