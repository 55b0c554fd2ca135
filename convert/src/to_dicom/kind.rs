//! The kinds of object that a volume can become.

/// A kind of DICOM object, and with it a storage class.
///
/// ```
/// use isocenter_convert::to_dicom::Kind;
/// assert_eq!("enhanced-mr".parse(), Ok(Kind::EnhancedMr));
/// assert_eq!(isocenter_dcm::iod::name(Kind::EnhancedMr.sop_class_uid()), Some("Enhanced MR Image"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// CT Image: a file for each slice.
    Ct,
    /// MR Image: a file for each slice.
    Mr,
    /// Positron Emission Tomography Image: a file for each slice.
    Pet,
    /// Enhanced CT Image: one file.
    EnhancedCt,
    /// Enhanced MR Image: one file.
    EnhancedMr,
    /// Enhanced PET Image: one file.
    EnhancedPet,
    /// Legacy Converted Enhanced CT Image: one file, each frame the counterpart of an instance of the reference.
    LegacyCt,
    /// Legacy Converted Enhanced MR Image.
    LegacyMr,
    /// Legacy Converted Enhanced PET Image.
    LegacyPet,
    /// Secondary Capture Image: a file for each plane, gray of 8 or 16 bits or colour.
    SecondaryCapture,
    /// Multi-frame Grayscale Byte, Grayscale Word or True Color Secondary Capture Image, as the samples ask for: one file.
    MultiFrameCapture,
    /// Parametric Map: one file of 32-bit or 64-bit floats.
    ParametricMap,
}

/// What the modality's own attributes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Branch {
    Ct,
    Mr,
    Pet,
    Other,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::Ct,
        Self::Mr,
        Self::Pet,
        Self::EnhancedCt,
        Self::EnhancedMr,
        Self::EnhancedPet,
        Self::LegacyCt,
        Self::LegacyMr,
        Self::LegacyPet,
        Self::SecondaryCapture,
        Self::MultiFrameCapture,
        Self::ParametricMap,
    ];

    /// The name by which programs ask for it, such as `enhanced-ct`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ct => "ct",
            Self::Mr => "mr",
            Self::Pet => "pet",
            Self::EnhancedCt => "enhanced-ct",
            Self::EnhancedMr => "enhanced-mr",
            Self::EnhancedPet => "enhanced-pet",
            Self::LegacyCt => "legacy-ct",
            Self::LegacyMr => "legacy-mr",
            Self::LegacyPet => "legacy-pet",
            Self::SecondaryCapture => "secondary-capture",
            Self::MultiFrameCapture => "multi-frame-capture",
            Self::ParametricMap => "parametric-map",
        }
    }

    /// The storage class; of multi-frame captures that of 8-bit gray, since the samples decide.
    pub const fn sop_class_uid(self) -> &'static str {
        match self {
            Self::Ct => "1.2.840.10008.5.1.4.1.1.2",
            Self::Mr => "1.2.840.10008.5.1.4.1.1.4",
            Self::Pet => "1.2.840.10008.5.1.4.1.1.128",
            Self::EnhancedCt => "1.2.840.10008.5.1.4.1.1.2.1",
            Self::EnhancedMr => "1.2.840.10008.5.1.4.1.1.4.1",
            Self::EnhancedPet => "1.2.840.10008.5.1.4.1.1.130",
            Self::LegacyCt => "1.2.840.10008.5.1.4.1.1.2.2",
            Self::LegacyMr => "1.2.840.10008.5.1.4.1.1.4.4",
            Self::LegacyPet => "1.2.840.10008.5.1.4.1.1.128.1",
            Self::SecondaryCapture => "1.2.840.10008.5.1.4.1.1.7",
            Self::MultiFrameCapture => "1.2.840.10008.5.1.4.1.1.7.2",
            Self::ParametricMap => "1.2.840.10008.5.1.4.1.1.30",
        }
    }

    /// Whether all planes lie in one file.
    pub const fn is_multi_frame(self) -> bool {
        !matches!(self, Self::Ct | Self::Mr | Self::Pet | Self::SecondaryCapture)
    }

    /// Whether frames are the counterparts of the reference's instances.
    pub const fn is_legacy(self) -> bool {
        matches!(self, Self::LegacyCt | Self::LegacyMr | Self::LegacyPet)
    }

    /// Whether it is a picture that need not lie in a patient.
    pub const fn is_capture(self) -> bool {
        matches!(self, Self::SecondaryCapture | Self::MultiFrameCapture)
    }

    pub(super) const fn branch(self) -> Branch {
        match self {
            Self::Ct | Self::EnhancedCt | Self::LegacyCt => Branch::Ct,
            Self::Mr | Self::EnhancedMr | Self::LegacyMr => Branch::Mr,
            Self::Pet | Self::EnhancedPet | Self::LegacyPet => Branch::Pet,
            _ => Branch::Other,
        }
    }

    /// Modality, where the class decides it.
    pub(super) const fn modality(self) -> Option<&'static str> {
        match self.branch() {
            Branch::Ct => Some("CT"),
            Branch::Mr => Some("MR"),
            Branch::Pet => Some("PT"),
            Branch::Other => None,
        }
    }
}

impl std::str::FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(UnknownKind)
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is none of [`Kind::ALL`]'s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no kind of DICOM object has this name")]
pub struct UnknownKind;
