//! Why a file cannot be used, in plain words, with what to do where something can be done.

use isocenter_convert::Reason;
use isocenter_dcm::{
    Error as DcmError,
    scan::{FileKind, Kind, Scanned},
};

/// One sentence for a person, without a value or a name of the file: what was found, and what the system said.
pub(crate) fn sentence(reason: &Reason, scanned: &Scanned) -> String {
    match (reason, &scanned.kind) {
        (_, Kind::Failed(DcmError::Io { source, .. })) => format!("the system refused to read it: {source}"),
        (_, Kind::Failed(error)) if scanned.is_archive() => format!("a zip archive that is not sound: {error}"),
        (_, Kind::Failed(error)) if scanned.archive().is_some() && is_of_archive(error) => {
            format!("in a zip archive, and not unpacked: {error}")
        }
        (Reason::Unreadable(_), Kind::Failed(error)) => format!("DICOM that cannot be read: {error}"),
        (Reason::Archive(_), Kind::NotDicom(_)) if scanned.is_archive() => {
            "a zip archive that holds no image that is read".to_owned()
        }
        (Reason::NotDicom, Kind::NotDicom(kind)) => of_kind(*kind).to_owned(),
        (Reason::NotAnImage(_), Kind::Directory(_)) => "a DICOMDIR without the images that it lists".to_owned(),
        _ => reason.to_string(),
    }
}

/// Whether an error is of how a member lies in its archive, and not of what it holds.
fn is_of_archive(error: &DcmError) -> bool {
    match error {
        DcmError::UnsupportedCodec { codec, .. } => *codec == "zip",
        DcmError::Malformed { what, .. } => what.contains("archive"),
        DcmError::Limit { .. } => true,
        _ => false,
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
        _ => "neither DICOM nor a volume file that is known",
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn an_archive_is_to_be_unpacked_and_the_system_says_why() {
        let of = |kind| Scanned::new(PathBuf::new(), 0, kind);
        let archive = of(Kind::NotDicom(FileKind::SevenZip));
        assert!(sentence(&Reason::Archive(FileKind::SevenZip), &archive).contains("unpack"));
        let source = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let refused = of(Kind::Failed(DcmError::Io { path: None, action: "open", source }));
        assert!(sentence(&Reason::Unreadable("io"), &refused).contains("permission denied"));
    }
}
