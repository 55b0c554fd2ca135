//! A header and its data apart.

use isocenter_formats::{Error, File, WriteOptions, read, write, write_with};
use isocenter_volume::{Affine, Frame, Geometry, Volume};

use crate::voxels;

fn file() -> File {
    let geometry = Geometry::new([3, 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    File::from_volume(Volume::new(vec![0x1fu8, 0x8b, 8], geometry).unwrap().into())
}

#[test]
fn written_and_read_in_both_encodings() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.nhdr");
    for gzip in [true, false] {
        write_with(&path, &file(), &WriteOptions::default().with_nrrd_gzip(gzip)).unwrap();
        assert_eq!(voxels!(read(&path).unwrap(), U8), [0x1f, 0x8b, 8]);
    }
    assert_eq!(std::fs::read(folder.path().join("a.raw")).unwrap(), [0x1f, 0x8b, 8]);
}

#[test]
fn many_files_and_foreign_folders_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.nhdr");
    write(&path, &file()).unwrap();
    let header = std::fs::read_to_string(&path).unwrap();
    for name in ["LIST\na.raw", "a%03d.raw 1 3 1", "/etc/passwd", "../a.raw"] {
        std::fs::write(&path, header.replace("data file: a.raw", &format!("data file: {name}"))).unwrap();
        assert!(matches!(read(&path), Err(Error::Unsupported { .. })), "{name}");
    }
    std::fs::write(&path, header.replace("data file: a.raw", "data file: b.raw")).unwrap();
    assert!(matches!(read(&path), Err(Error::Io { .. })));
}
