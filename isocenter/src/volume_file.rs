//! Which files beside DICOM are looked into, which of them belong together, and their names.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use isocenter_dcm::scan::{FileKind, Kind, Scanned};
use isocenter_formats::ReadOptions;
use isocenter_volume::Ctx;

/// Whether a file that is not DICOM is worth a try by `formats`: what its first bytes say, and a gzip stream whose content they do not.
pub(crate) fn may_hold_volume(scanned: &Scanned) -> bool {
    use FileKind as K;
    matches!(scanned.kind, Kind::NotDicom(K::Nifti | K::Nrrd | K::MetaImage | K::Mgh | K::Gzip))
}

/// By the number of each header whose voxels lie apart: the numbers of the files that hold them, by what the header says.
pub(crate) fn data_files(scanned: &[Scanned], ctx: &Ctx<'_>) -> BTreeMap<usize, Vec<usize>> {
    let by_path: BTreeMap<PathBuf, usize> = scanned.iter().enumerate().map(|(n, s)| (s.path.clone(), n)).collect();
    let options = ReadOptions::default().ctx(*ctx);
    let headers = scanned.iter().enumerate().filter(|(_, s)| may_have_data_apart(s));
    headers
        // whoever was stopped says so when it is asked next
        .take_while(|_| !ctx.is_cancelled())
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

/// A file's name without the ending of a format, in whatever case that is written.
pub(crate) fn stem(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    let ending = ENDINGS.iter().find(|e| lower.ends_with(*e) && lower.len() > e.len());
    ending.map_or_else(
        || name.rsplit_once('.').map_or(name, |(s, _)| if s.is_empty() { name } else { s }),
        |e| &name[..name.len() - e.len()],
    )
}

/// Longest first.
const ENDINGS: &[&str] = &[
    ".nhdr.gz", ".nrrd.gz", ".nii.gz", ".hdr.gz", ".img.gz", ".mgh.gz", ".nii", ".nrrd", ".nhdr", ".mha", ".mhd",
    ".hdr", ".img", ".mgz", ".mgh",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_go_in_any_case_and_dots_of_a_name_stay() {
        for (name, wanted) in [
            ("a.nii.gz", "a"),
            ("A.NII.GZ", "A"),
            ("case.01.t1.nrrd", "case.01.t1"),
            ("x.seg.nrrd", "x.seg"),
            ("1.2.840.3.mhd", "1.2.840.3"),
            ("orig.001.mgh.gz", "orig.001"),
            ("noending", "noending"),
        ] {
            assert_eq!(stem(name), wanted);
        }
    }
}
