//! Which files beside DICOM are looked into.

use isocenter_dcm::scan::{FileKind, Kind, Scanned};

/// Whether a file that is not DICOM is worth a try by `formats`: what its first bytes say, and a gzip stream whose content they do not.
pub(crate) fn may_hold_volume(scanned: &Scanned) -> bool {
    matches!(scanned.kind, Kind::NotDicom(FileKind::Nifti | FileKind::Nrrd | FileKind::Gzip))
}
