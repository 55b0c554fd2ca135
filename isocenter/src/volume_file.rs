//! Which files beside DICOM are looked into, and which of them belong together.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use isocenter_dcm::scan::{FileKind, Kind, Scanned};
use isocenter_formats::ReadOptions;
use isocenter_volume::Ctx;

/// Whether a file that is not DICOM is worth a try by `formats`: what its first bytes say, and a gzip stream whose content they do not.
pub(crate) fn may_hold_volume(scanned: &Scanned) -> bool {
    matches!(scanned.kind, Kind::NotDicom(FileKind::Nifti | FileKind::Nrrd | FileKind::Gzip))
}

/// By the number of each header whose voxels lie apart: the numbers of the files that hold them, by what the header says.
pub(crate) fn data_files(scanned: &[Scanned], ctx: &Ctx<'_>) -> BTreeMap<usize, Vec<usize>> {
    let by_path: BTreeMap<PathBuf, usize> = scanned.iter().enumerate().map(|(n, s)| (s.path.clone(), n)).collect();
    let options = ReadOptions::default().ctx(*ctx);
    let headers = scanned.iter().enumerate().filter(|(_, s)| may_have_data_apart(s));
    headers
        .filter_map(|(n, header)| {
            // a header that cannot be read is refused where it is read
            let named = isocenter_formats::data_files(&header.path, &options).ok()?;
            let found: Vec<usize> = named.iter().filter_map(|p| by_path.get(p)).copied().collect();
            (!found.is_empty()).then_some((n, found))
        })
        .collect()
}

fn may_have_data_apart(scanned: &Scanned) -> bool {
    let ends = |endings: &[&str]| has_ending(&scanned.path, endings);
    match &scanned.kind {
        Kind::NotDicom(FileKind::Nrrd | FileKind::MetaImage) => true,
        Kind::NotDicom(FileKind::Nifti) => !ends(&[".nii", ".nii.gz"]),
        // Analyze has no magic bytes
        Kind::NotDicom(_) | Kind::Failed(_) => ends(&[".hdr", ".hdr.gz"]),
        _ => false,
    }
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    endings.iter().any(|ending| name.ends_with(ending))
}
