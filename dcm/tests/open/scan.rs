use std::sync::atomic::{AtomicUsize, Ordering};

use isocenter_dcm::scan::{FileKind, Kind, ScanOptions, scan};

use super::make::{EXPLICIT, explicit, file, ids, image};

#[test]
fn every_file_is_accounted_for_in_order_of_paths() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let whole = file(
        EXPLICIT,
        &[ids(), image(1, 2, [8, 8], 0), explicit(isocenter_dcm::tags::PIXEL_DATA, "OW", &[1, 2])].concat(),
    );
    std::fs::create_dir(at("sub")).unwrap();
    std::fs::write(at("sub/b"), &whole).unwrap();
    std::fs::write(at("a.dcm"), &whole[..whole.len() - 1]).unwrap();
    std::fs::write(at("empty"), b"").unwrap();
    std::fs::write(at("notes.txt"), b"hello").unwrap();
    std::fs::write(at("table.csv"), b"a,b\n1,2\n").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path(), at("loop")).unwrap();
    let calls = AtomicUsize::new(0);
    let progress = |_, _| {
        calls.fetch_add(1, Ordering::Relaxed);
    };
    let found = scan(&[folder.path().to_owned(), at("sub")], &ScanOptions::default(), &progress).unwrap();
    assert!(found.is_sorted_by_key(|file| file.path.clone()));
    assert_eq!(calls.into_inner(), found.len());
    let kind_of = |name: &str| &found.iter().find(|file| file.path == at(name)).unwrap().kind;
    assert!(matches!(kind_of("a.dcm"), Kind::Failed(error) if error.reason() == "truncated"));
    assert!(matches!(kind_of("sub/b"), Kind::Dicom(header) if header.has_pixels()));
    assert!(matches!(kind_of("empty"), Kind::NotDicom(FileKind::Empty)));
    assert!(matches!(kind_of("notes.txt"), Kind::NotDicom(FileKind::Text)));
    assert!(matches!(kind_of("table.csv"), Kind::NotDicom(FileKind::Csv)));
    #[cfg(unix)]
    assert!(matches!(kind_of("loop"), Kind::NotDicom(FileKind::Link)));
    assert!(scan(&[at("nothing")], &ScanOptions::default(), &|_, _| {}).is_err());
}
