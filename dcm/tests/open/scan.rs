use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use isocenter_dcm::isocenter_volume::{Ctx, Observer, context::Progress};
use isocenter_dcm::scan::{FileKind, Kind, NamedSource, ScanOptions, scan, scan_sources};
use isocenter_dcm::{Bytes, Family, OpenOptions, ReadLimits};

use super::make::{self, EXPLICIT, explicit, file, ids, image};

#[derive(Default)]
struct Calls(AtomicUsize);

impl Observer for Calls {
    fn progress(&self, at: &Progress<'_>) {
        // Once when a stage begins, then for each file.
        self.0.fetch_add(usize::from(at.done() > 0), Ordering::Relaxed);
    }
}

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
    let calls = Calls::default();
    let ctx = Ctx::default().with_observer(&calls);
    let found = scan(&[folder.path().to_owned(), at("sub")], &ScanOptions::default(), &ctx).unwrap();
    assert!(found.is_sorted_by_key(|file| file.path.clone()));
    assert_eq!(calls.0.into_inner(), found.len());
    let kind_of = |name: &str| &found.iter().find(|file| file.path == at(name)).unwrap().kind;
    assert!(matches!(kind_of("a.dcm"), Kind::Failed(error) if error.reason() == "truncated"));
    assert!(matches!(kind_of("sub/b"), Kind::Dicom(header) if header.has_pixels()));
    assert!(matches!(kind_of("empty"), Kind::NotDicom(FileKind::Empty)));
    assert!(matches!(kind_of("notes.txt"), Kind::NotDicom(FileKind::Text)));
    assert!(matches!(kind_of("table.csv"), Kind::NotDicom(FileKind::Csv)));
    #[cfg(unix)]
    assert!(matches!(kind_of("loop"), Kind::NotDicom(FileKind::Link)));
    assert!(scan(&[at("nothing")], &ScanOptions::default(), &Ctx::default()).is_err());
}

#[test]
fn sources_are_scanned_and_opened_without_a_file() {
    let whole = file(
        EXPLICIT,
        &[ids(), image(1, 2, [8, 8], 0), explicit(isocenter_dcm::tags::PIXEL_DATA, "OW", &[1, 2])].concat(),
    );
    let source = |name: &str, bytes: &[u8]| NamedSource::new(name, Arc::new(Bytes(bytes.to_vec())));
    let sources = [source("notes", b"hello"), source("ct", &whole), source("cut", &whole[..whole.len() - 1])];
    let found = scan_sources(&sources, &ScanOptions::default(), &Ctx::default()).unwrap();
    let names: Vec<_> = found.iter().map(|file| file.path.to_str().unwrap()).collect();
    assert_eq!(names, ["ct", "cut", "notes"]);
    assert!(matches!(&found[0].kind, Kind::Dicom(header) if header.is_header_only()));
    assert!(matches!(&found[1].kind, Kind::Failed(error) if error.reason() == "truncated"));
    assert!(matches!(found[2].kind, Kind::NotDicom(FileKind::Text)));
    let opened = found[0].open(&OpenOptions::new()).unwrap();
    assert_eq!(make::decode_frame(&opened, 0).unwrap().samples, make::u8s(vec![1, 2]));
    assert_eq!(found[0].read_bytes(&ReadLimits::default()).unwrap(), whole);
    assert_eq!(found[0].read_bytes(&ReadLimits::default().file_bytes(9)).unwrap_err().reason(), "limit");
}

#[test]
fn a_scan_can_be_stopped() {
    struct Stop;
    impl Observer for Stop {
        fn is_cancelled(&self) -> bool {
            true
        }
    }
    let ctx = Ctx::default().with_observer(&Stop);
    let source = NamedSource::new("a", Arc::new(Bytes(b"hello")));
    assert_eq!(scan_sources(&[source], &ScanOptions::default(), &ctx).unwrap_err().reason(), "cancelled");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a"), b"hello").unwrap();
    let error = scan(&[folder.path()], &ScanOptions::default(), &ctx).unwrap_err();
    assert_eq!(error.family(), Family::Cancelled);
}
