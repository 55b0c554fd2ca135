//! Why a file does not end in a volume.

use std::borrow::Cow;

use isocenter_dcm::scan::FileKind;
use isocenter_volume::Family;

/// Why a file does not end in a volume. Neither code nor sentence holds a value of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The scan could not open the file; its own code.
    Unreadable(&'static str),
    /// No regular file, and not opened: a link, a pipe, a socket, a device.
    NotAFile(FileKind),
    /// An archive or a packed file, which is not looked into.
    Archive(FileKind),
    /// Not a DICOM file.
    NotDicom,
    /// A DICOM object that is no image, with the name of its class where it is known.
    NotAnImage(Option<&'static str>),
    /// An image whose samples are not intensities (a segmentation, a dose).
    UnsupportedClass(Option<&'static str>),
    /// An image object without pixels.
    NoPixelData,
    /// The pixel module cannot be understood; the reader's own code.
    BadPixels(&'static str),
    /// A transfer syntax that is not known.
    UnsupportedTransferSyntax,
    /// A codec that is not read.
    UnsupportedCodec,
    /// A frame could not be decoded.
    DamagedPixelData,
    /// No SOP Instance UID.
    NoInstanceUid,
    /// The same SOP Instance UID as another file, and other pixels or another place.
    ContradictoryDuplicate,
    /// Slices laid out as tiles of one picture, and the header does not say how many they are or where they lie.
    Mosaic,
    /// A Modality LUT instead of slope and intercept.
    ModalityLut,
    /// A slope or intercept that is no number, or a slope of 0.
    BadRescale,
    /// Some slices have lost slope or intercept, or a PET states none: their values cannot be told.
    MissingRescale,
    /// Position, orientation and spacing are there and do not make a plane: commas for points or for backslashes, zeros.
    BadPosition,
    /// A cross-sectional image without position, orientation or spacing.
    NoPosition,
    /// Every slice has an orientation of its own.
    NonParallel,
    /// Slices move sideways more than they advance.
    Misaligned,
    /// Distances between slices differ.
    UnevenSpacing,
    /// Distances between slices are whole multiples of a step: one or more slices are missing.
    MissingSlice,
    /// Some positions occur more often than others.
    IncompleteVolume,
    /// Positions repeat, and nothing in the headers says in which order.
    AmbiguousOrder,
    /// Frames decode to another size or sample type than the headers say.
    InconsistentPixels,
    /// More than the limits allow.
    Limit,
    /// The grid or its scaling was refused by the volume.
    BadGrid,
    /// The file could not be read any more.
    Io,
    /// The file is not what it was when the plan was made.
    Changed,
}

impl Reason {
    /// A stable code in kebab case, such as `missing-slice`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(code) | Self::BadPixels(code) => code,
            Self::NotAFile(kind) => kind.code(),
            Self::Archive(_) => "archive",
            Self::NotDicom => "not-dicom",
            Self::NotAnImage(_) => "not-an-image",
            Self::UnsupportedClass(_) => "unsupported-class",
            Self::NoPixelData => "no-pixel-data",
            Self::UnsupportedTransferSyntax => "unsupported-transfer-syntax",
            Self::UnsupportedCodec => "unsupported-codec",
            Self::DamagedPixelData => "damaged-pixel-data",
            Self::NoInstanceUid => "no-instance-uid",
            Self::ContradictoryDuplicate => "contradictory-duplicate",
            Self::Mosaic => "mosaic",
            Self::ModalityLut => "modality-lut",
            Self::BadRescale => "bad-rescale",
            Self::MissingRescale => "missing-rescale",
            Self::BadPosition => "bad-position",
            Self::NoPosition => "no-position",
            Self::NonParallel => "non-parallel",
            Self::Misaligned => "misaligned",
            Self::UnevenSpacing => "uneven-spacing",
            Self::MissingSlice => "missing-slice",
            Self::IncompleteVolume => "incomplete-volume",
            Self::AmbiguousOrder => "ambiguous-order",
            Self::InconsistentPixels => "inconsistent-pixels",
            Self::Limit => "limit",
            Self::BadGrid => "bad-grid",
            Self::Io => "io",
            Self::Changed => "changed-file",
        }
    }

    /// Every code of its own; those of the reader ([`isocenter_dcm::Error::reason`]) and of files that are not opened come beside them.
    pub const CODES: [&'static str; 27] = [
        "archive",
        "not-dicom",
        "not-an-image",
        "unsupported-class",
        "no-pixel-data",
        "unsupported-transfer-syntax",
        "unsupported-codec",
        "damaged-pixel-data",
        "no-instance-uid",
        "contradictory-duplicate",
        "mosaic",
        "modality-lut",
        "bad-rescale",
        "missing-rescale",
        "bad-position",
        "no-position",
        "non-parallel",
        "misaligned",
        "uneven-spacing",
        "missing-slice",
        "incomplete-volume",
        "ambiguous-order",
        "inconsistent-pixels",
        "limit",
        "bad-grid",
        "io",
        "changed-file",
    ];

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::Unreadable(_)
            | Self::NoPixelData
            | Self::BadPixels(_)
            | Self::DamagedPixelData
            | Self::NoInstanceUid
            | Self::ContradictoryDuplicate
            | Self::BadRescale
            | Self::MissingRescale
            | Self::BadPosition
            | Self::NoPosition
            | Self::InconsistentPixels
            | Self::BadGrid => Family::Malformed,
            Self::Archive(_)
            | Self::UnsupportedClass(_)
            | Self::UnsupportedTransferSyntax
            | Self::UnsupportedCodec
            | Self::Mosaic
            | Self::ModalityLut => Family::Unsupported,
            Self::NotAFile(_)
            | Self::NotDicom
            | Self::NotAnImage(_)
            | Self::NonParallel
            | Self::Misaligned
            | Self::UnevenSpacing
            | Self::MissingSlice
            | Self::IncompleteVolume
            | Self::AmbiguousOrder
            | Self::Changed => Family::Unsuited,
            Self::Limit => Family::Limit,
            Self::Io => Family::Io,
        }
    }

    fn sentence(&self) -> Cow<'static, str> {
        match self {
            Self::Unreadable(code) => return format!("the file cannot be read ({code})").into(),
            Self::BadPixels(code) => return format!("the pixel description cannot be used ({code})").into(),
            Self::NotAnImage(Some(class)) => return format!("a {class} object holds no image").into(),
            Self::UnsupportedClass(Some(class)) => {
                return format!("a {class} object is not converted to an image").into();
            }
            Self::Archive(kind) => {
                return format!("a packed file ({kind}), which is not looked into: unpack it").into();
            }
            Self::NotAnImage(None) => "the object holds no image",
            Self::UnsupportedClass(None) => "objects of this class are not converted to an image",
            Self::NotAFile(FileKind::Link) => "a link to what is listed by another name, or to a folder around it",
            Self::NotAFile(FileKind::BrokenLink) => "a link that leads nowhere",
            Self::NotAFile(FileKind::Pipe) => "a named pipe, which is not opened",
            Self::NotAFile(FileKind::Socket) => "a socket, which is not opened",
            Self::NotAFile(_) => "a device, which is not opened",
            Self::NotDicom => "not a DICOM file",
            Self::NoPixelData => "the image object has no pixel data",
            Self::UnsupportedTransferSyntax => "the transfer syntax is not supported",
            Self::UnsupportedCodec => "the codec of the pixel data is not supported",
            Self::DamagedPixelData => "the pixel data cannot be decoded",
            Self::NoInstanceUid => "the SOP Instance UID is missing",
            Self::ContradictoryDuplicate => "files of one SOP Instance UID differ in pixels or place",
            Self::Mosaic => {
                "slices are tiles of one picture (a mosaic), and the header does not say how many or where they lie"
            }
            Self::ModalityLut => "real values are given by a table (modality LUT), which is not applied yet",
            Self::BadRescale => "rescale slope or intercept is not usable",
            Self::MissingRescale => "slope or intercept is missing where other slices, or the kind of image, need it",
            Self::BadPosition => "position, orientation and spacing are stated, and cannot be read as such",
            Self::NoPosition => "the slice does not state its place in the patient",
            Self::NonParallel => "every slice has an orientation of its own",
            Self::Misaligned => "slices are shifted sideways by more than they advance",
            Self::UnevenSpacing => "the distances between slices differ",
            Self::MissingSlice => "one or more slices are missing between others",
            Self::IncompleteVolume => "some slice positions occur more often than others",
            Self::AmbiguousOrder => "slice positions repeat and no attribute states the order",
            Self::InconsistentPixels => "frames decode to another size or type than the headers say",
            Self::Limit => "more is asked for than the limits allow",
            Self::BadGrid => "the headers do not describe a usable grid",
            Self::Io => "the file could not be read",
            Self::Changed => "the file is not what it was when the plan was made",
        }
        .into()
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence())
    }
}

impl From<isocenter_dcm::Error> for Reason {
    fn from(error: isocenter_dcm::Error) -> Self {
        (&error).into()
    }
}

impl From<&isocenter_dcm::Error> for Reason {
    fn from(error: &isocenter_dcm::Error) -> Self {
        use isocenter_dcm::Error as E;
        match error {
            E::NotDicom => Self::NotDicom,
            E::NoPixelData => Self::NoPixelData,
            E::UnsupportedTransferSyntax { .. } => Self::UnsupportedTransferSyntax,
            // a member of an archive that has to be unpacked by other means
            E::UnsupportedCodec { codec: "zip", .. } => Self::Archive(FileKind::Zip),
            E::UnsupportedCodec { .. } => Self::UnsupportedCodec,
            E::Codec { .. } => Self::DamagedPixelData,
            E::UnsupportedPixels { .. } => Self::BadPixels(error.reason()),
            E::Limit { .. } => Self::Limit,
            E::Io { .. } => Self::Io,
            _ => Self::Unreadable(error.reason()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_named_and_a_value_is_not() {
        let reason = Reason::NotAnImage(Some("RT Structure Set"));
        assert_eq!(reason.code(), "not-an-image");
        assert_eq!(reason.to_string(), "a RT Structure Set object holds no image");
    }
}
