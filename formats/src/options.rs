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
}

impl Default for ReadOptions<'_> {
    fn default() -> Self {
        Self { ctx: Ctx::default(), header_bytes: 16 << 20 }
    }
}

impl<'a> ReadOptions<'a> {
    /// Sets limits and observer.
    #[must_use]
    pub const fn ctx(mut self, ctx: Ctx<'a>) -> Self {
        self.ctx = ctx;
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
}

impl Default for WriteOptions<'_> {
    fn default() -> Self {
        Self { ctx: Ctx::default(), level: 6, nrrd_gzip: true, nifti2: false, analyze: false, metaimage_zlib: false }
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

    /// Chooses between zlib and raw for the data of MetaImage.
    #[must_use]
    pub const fn with_metaimage_zlib(mut self, zlib: bool) -> Self {
        self.metaimage_zlib = zlib;
        self
    }
}
