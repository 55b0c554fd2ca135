//! Why a file cannot be used, in plain words, with what to do where something can be done.

use isocenter_convert::Reason;
use isocenter_dcm::{
    Error as DcmError,
    scan::{FileKind, Kind},
};

/// One sentence for a person, without a value or a name of the file: what was found, and what the system said.
pub(crate) fn sentence(reason: &Reason, kind: &Kind) -> String {
    match (reason, kind) {
        (_, Kind::Failed(DcmError::Io { source, .. })) => format!("the system refused to read it: {source}"),
        (Reason::Unreadable(_), Kind::Failed(error)) => format!("DICOM that cannot be read: {error}"),
        (Reason::NotDicom, Kind::NotDicom(kind)) => of_kind(*kind).to_owned(),
        _ => reason.to_string(),
    }
}

/// What a file is that is neither DICOM nor a volume that is read.
fn of_kind(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Nifti | FileKind::Nrrd | FileKind::MetaImage | FileKind::Mgh => {
            "a volume file that belongs to no volume"
        }
        FileKind::Json => "JSON: a sidecar or a list, no image",
        FileKind::Csv => "a table, no image",
        FileKind::Xml | FileKind::Text => "text, no image",
        FileKind::Picture => "a picture (PNG, JPEG, TIFF, GIF), which has no place in a patient",
        FileKind::Pdf => "a PDF document, no image",
        FileKind::Empty => "an empty file",
        _ => "neither DICOM nor a volume file that is known (NIfTI, NRRD, MetaImage, MGH)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_to_be_unpacked_and_the_system_says_why() {
        assert!(sentence(&Reason::Archive(FileKind::Zip), &Kind::NotDicom(FileKind::Zip)).contains("unpack"));
        let source = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let refused = Kind::Failed(DcmError::Io { path: None, action: "open", source });
        assert!(sentence(&Reason::Unreadable("io"), &refused).contains("permission denied"));
    }
}
