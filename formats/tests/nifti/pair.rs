//! Header and voxels in two files.

use isocenter_formats::{Error, File, ReadOptions, read, read_bytes, write};
use isocenter_volume::{Affine, Frame, Geometry, Volume};

use crate::{support::gzip, voxels};

fn file() -> File {
    let affine = Affine::from_spacing_origin([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]);
    let geometry = Geometry::new([3, 1, 1], affine, Frame::Patient(None)).unwrap();
    // the voxels begin like a gzip stream, and are none
    File::from_volume(Volume::new(vec![0x1fu8, 0x8b, 8], geometry).unwrap().into())
}

#[test]
fn both_files_are_written_and_either_is_read() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path().join("a.b.hdr"), &file()).unwrap();
    let names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    for name in ["a.b.hdr", "a.b.img"] {
        let back = read(folder.path().join(name)).unwrap();
        assert_eq!(voxels!(back, U8), [0x1f, 0x8b, 8]);
        assert_eq!(back.volume.geometry(), file().volume.geometry());
        assert!(back.warnings.is_empty());
    }
}

#[test]
fn compressed_voxels_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write(at("a.hdr"), &file()).unwrap();
    let voxels = std::fs::read(at("a.img")).unwrap();
    std::fs::write(at("a.img.gz"), gzip(&[&voxels])).unwrap();
    std::fs::remove_file(at("a.img")).unwrap();
    assert_eq!(voxels!(read(at("a.hdr")).unwrap(), U8), [0x1f, 0x8b, 8]);
}

#[test]
fn a_lone_half_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write(at("a.hdr"), &file()).unwrap();
    let header = std::fs::read(at("a.hdr")).unwrap();
    assert!(matches!(read_bytes(&header, &ReadOptions::default()), Err(Error::Unsupported { .. })));
    std::fs::rename(at("a.img"), at("b.img")).unwrap();
    assert!(matches!(read(at("a.hdr")), Err(Error::Io { .. })));
    assert!(read(at("b.img")).is_err());
}
