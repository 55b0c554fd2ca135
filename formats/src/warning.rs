//! What was odd about a file that could be read all the same.

use std::fmt;

/// What was odd about a file, and what was done about it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// Bytes follow the last voxel; they were ignored.
    TrailingBytes {
        /// How many; counted up to 16 MiB.
        count: u64,
    },
    /// Bytes that are no gzip member follow a gzip stream; they were ignored.
    TrailingGarbage,
    /// NIfTI: qform and sform place the volume differently; the sform was taken.
    FormsDisagree {
        /// Largest distance between corners placed by the one and the other, mm.
        distance_mm: f64,
    },
    /// NIfTI: the sform is singular although its code is above 0; the qform was taken.
    SingularSform,
    /// The distance of neighbours along an axis is 0, not finite, or not given; 1 mm was taken.
    SpacingAssumed {
        /// Number of the axis, from 0.
        axis: usize,
    },
    /// NIfTI: `vox_offset` is 0 in a single file; the data was taken to follow the header.
    VoxOffsetZero,
    /// NIfTI: `bitpix` contradicts `datatype`; the latter was taken.
    BitpixDisagrees {
        /// What the file says.
        found: i16,
    },
    /// NIfTI: an extension does not fit its place; it and what follows it was ignored.
    BadExtension {
        /// Number of the extension, from 0.
        index: usize,
    },
    /// NIfTI: an extension is not text; it is not carried.
    BinaryExtension {
        /// Its code.
        code: i32,
        /// Its length.
        bytes: usize,
    },
    /// The unit of length is not one that the format knows; millimetres were taken.
    UnknownUnit,
    /// NRRD: the space is not tied to the patient's left and right; the frame is unknown.
    SpaceWithoutPatient,
    /// NRRD, MetaImage: directions without a `space origin`; the first voxel was put at 0.
    OriginAssumed,
    /// MetaImage: `ElementSpacing` is missing; `ElementSize`, the extent of a voxel, was taken.
    SpacingFromSize,
    /// MetaImage: nothing says in which order the bytes of a number lie; little endian was taken.
    ByteOrderAssumed,
    /// MetaImage: `CenterOfRotation` is not 0; it does not place an image and was ignored.
    CentreIgnored,
    /// MetaImage: `AnatomicalOrientation` contradicts `TransformMatrix`; the latter was taken.
    OrientationDisagrees,
    /// NumPy, pictures: the format has no place; spacing is 1 mm, the frame unknown.
    NoPlace,
    /// FITS: a value stands for none (`BLANK`); it is left as it is.
    Blank,
    /// TIFF: a resolution for prints was taken as the spacing.
    SpacingFromResolution,
    /// PNG, TIFF: how opaque pixels are is not carried.
    AlphaIgnored,
    /// TIFF: values are numbers of colours in a palette, which is not carried.
    PaletteIgnored,
    /// TIFF: smaller copies of other pages were left out.
    ReducedPagesIgnored {
        /// How many.
        count: usize,
    },
    /// A stack of slices: the numbers in the names leave some out.
    SlicesMissing {
        /// How many.
        count: usize,
    },
    /// JNIfTI: `DataType` contradicts `_ArrayType_`; the sign of whole numbers was taken from the first, else the latter.
    TypeDisagrees,
    /// Zarr: chunks that are not there; they are of the fill value.
    ChunksMissing {
        /// How many.
        count: usize,
    },
    /// Zarr: the place that is kept in the attribute `isocenter` contradicts scale and translation; these were taken.
    PlaceDisagrees,
    /// Analyze: the field that SPM has for a scale was taken as the slope.
    SpmScale,
    /// GIPL: offset and calibration of the values are not carried, as no tool reads them.
    IgnoredCalibration,
    /// PAR/REC: angulation or centre of the stack contradict those of its images, which were taken.
    StackDisagrees,
    /// PAR/REC: volumes that lack some of their slices were left out.
    IncompleteSteps {
        /// How many.
        count: usize,
    },
    /// MGH: `goodRASFlag` is not set; the frame is unknown. FreeSurfer would assume coronal slices of 1 mm.
    NoRasFlag,
    /// MGH: tags that are neither text nor a colour table are not carried.
    IgnoredTags {
        /// How many.
        count: usize,
    },
    /// NRRD, MetaImage: lines that are no field of the format were ignored.
    IgnoredFields {
        /// How many.
        count: usize,
    },
}

impl Warning {
    /// A stable code in kebab case.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TrailingBytes { .. } => "trailing-bytes",
            Self::TrailingGarbage => "trailing-garbage",
            Self::FormsDisagree { .. } => "forms-disagree",
            Self::SingularSform => "singular-sform",
            Self::SpacingAssumed { .. } => "spacing-assumed",
            Self::VoxOffsetZero => "vox-offset-zero",
            Self::BitpixDisagrees { .. } => "bitpix-disagrees",
            Self::BadExtension { .. } => "bad-extension",
            Self::BinaryExtension { .. } => "binary-extension",
            Self::UnknownUnit => "unknown-unit",
            Self::SpaceWithoutPatient => "space-without-patient",
            Self::OriginAssumed => "origin-assumed",
            Self::SpacingFromSize => "spacing-from-size",
            Self::ByteOrderAssumed => "byte-order-assumed",
            Self::CentreIgnored => "centre-ignored",
            Self::OrientationDisagrees => "orientation-disagrees",
            Self::StackDisagrees => "stack-disagrees",
            Self::IncompleteSteps { .. } => "incomplete-steps",
            Self::NoPlace => "no-place",
            Self::Blank => "blank",
            Self::SpacingFromResolution => "spacing-from-resolution",
            Self::AlphaIgnored => "alpha-ignored",
            Self::PaletteIgnored => "palette-ignored",
            Self::ReducedPagesIgnored { .. } => "reduced-pages-ignored",
            Self::SlicesMissing { .. } => "slices-missing",
            Self::TypeDisagrees => "type-disagrees",
            Self::ChunksMissing { .. } => "chunks-missing",
            Self::PlaceDisagrees => "place-disagrees",
            Self::SpmScale => "spm-scale",
            Self::IgnoredCalibration => "ignored-calibration",
            Self::NoRasFlag => "no-ras-flag",
            Self::IgnoredTags { .. } => "ignored-tags",
            Self::IgnoredFields { .. } => "ignored-fields",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TrailingBytes { count } => write!(f, "{count} bytes follow the last voxel, ignored"),
            Self::TrailingGarbage => write!(f, "bytes that are no gzip member follow the gzip stream, ignored"),
            Self::FormsDisagree { distance_mm } => {
                write!(f, "qform and sform differ by {distance_mm:.3} mm at a corner, sform taken")
            }
            Self::SingularSform => write!(f, "the sform is singular, qform taken"),
            Self::SpacingAssumed { axis } => write!(f, "axis {axis} has no usable spacing, 1 mm taken"),
            Self::VoxOffsetZero => write!(f, "vox_offset is 0, data taken to follow the header"),
            Self::BitpixDisagrees { found } => write!(f, "bitpix {found} contradicts datatype, datatype taken"),
            Self::BadExtension { index } => write!(f, "header extension {index} does not fit its place, ignored"),
            Self::BinaryExtension { code, bytes } => {
                write!(f, "header extension of code {code} is {bytes} bytes that are no text, not carried")
            }
            Self::UnknownUnit => write!(f, "unknown unit of length, mm taken"),
            Self::SpaceWithoutPatient => write!(f, "the space says nothing of the patient, frame unknown"),
            Self::OriginAssumed => write!(f, "no space origin, 0 taken"),
            Self::SpacingFromSize => write!(f, "no ElementSpacing, ElementSize taken"),
            Self::ByteOrderAssumed => write!(f, "the order of bytes is not stated, little endian taken"),
            Self::CentreIgnored => write!(f, "CenterOfRotation is not 0, ignored"),
            Self::OrientationDisagrees => {
                write!(f, "AnatomicalOrientation contradicts TransformMatrix, the matrix taken")
            }
            Self::StackDisagrees => write!(f, "the stack's place contradicts that of its images, the images' taken"),
            Self::IncompleteSteps { count } => write!(f, "{count} volumes lack some of their slices, left out"),
            Self::NoPlace => write!(f, "the format says nothing of the place, 1 mm taken, frame unknown"),
            Self::Blank => write!(f, "a value stands for none, left as it is"),
            Self::SpacingFromResolution => write!(f, "the resolution for prints taken as the spacing"),
            Self::AlphaIgnored => write!(f, "how opaque pixels are is not carried"),
            Self::PaletteIgnored => write!(f, "the palette is not carried, the numbers of its colours are"),
            Self::ReducedPagesIgnored { count } => write!(f, "{count} smaller copies of pages left out"),
            Self::SlicesMissing { count } => write!(f, "the numbers of the names leave {count} slices out"),
            Self::TypeDisagrees => write!(f, "DataType contradicts _ArrayType_"),
            Self::ChunksMissing { count } => write!(f, "{count} chunks are not there, the fill value taken"),
            Self::PlaceDisagrees => {
                write!(f, "the place that was kept contradicts scale and translation, these taken")
            }
            Self::SpmScale => write!(f, "the scale of SPM taken as the slope"),
            Self::IgnoredCalibration => write!(f, "offset and calibration of the values ignored"),
            Self::NoRasFlag => {
                write!(f, "goodRASFlag is not set, frame unknown (FreeSurfer would assume coronal slices of 1 mm)")
            }
            Self::IgnoredTags { count } => write!(f, "{count} tags are no text, not carried"),
            Self::IgnoredFields { count } => write!(f, "{count} lines of the header are no known field, ignored"),
        }
    }
}
