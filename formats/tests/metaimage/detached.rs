//! A header and its data apart.

use isocenter_formats::{Error, File, ReadOptions, WriteOptions, data_files, read, write_with};
use isocenter_volume::{Affine, Frame, Geometry, Volume};

use crate::voxels;

#[test]
fn metaimage_names_its_data() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mhd");
    let named = |end: &str| {
        std::fs::write(&path, format!("ObjectType = Image\nNDims = 3\nDimSize = 2 3 4\nElementDataFile = {end}"))
            .unwrap();
        let found = data_files(&path, &ReadOptions::default()).unwrap();
        found.iter().map(|p| p.file_name().unwrap().to_string_lossy().into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(named("vox.zraw\n"), ["vox.zraw"]);
    assert_eq!(named("s%03d.raw 1 2 1\n"), ["s001.raw", "s002.raw"]);
    assert_eq!(named("LIST 2\nq\nr s\n"), ["q", "r s"]);
    assert!(named("LOCAL\n").is_empty());
    assert!(named("../a.raw\n").is_empty());
}

#[test]
fn written_and_read_packed_and_raw() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mhd");
    let geometry = Geometry::new([3, 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    // what begins like a gzip stream is no gzip stream
    let file = File::from_volume(Volume::new(vec![0x1fu8, 0x8b, 8], geometry).unwrap().into());
    for zlib in [true, false] {
        write_with(&path, &file, &WriteOptions::default().with_metaimage_zlib(zlib)).unwrap();
        assert_eq!(voxels!(read(&path).unwrap(), U8), [0x1f, 0x8b, 8]);
    }
    assert_eq!(std::fs::read(folder.path().join("a.raw")).unwrap(), [0x1f, 0x8b, 8]);
}

#[test]
fn a_packed_stream_begins_behind_the_bytes_of_the_file_that_are_passed_over() {
    let mut packed = flate2::write::ZlibEncoder::new(vec![b'x'; 100], flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &count(0..24)).unwrap();
    let file = [("a.zraw", packed.finish().unwrap())];
    let found = parts("CompressedData = True\nHeaderSize = 100\nElementDataFile = a.zraw\n", &file).unwrap();
    assert_eq!(voxels!(found, I16), (0..24).collect::<Vec<i16>>());
}

/// 2 x 3 x 4 voxels of two bytes, counting from 0, in the files that `fields` name.
fn parts(fields: &str, files: &[(&str, Vec<u8>)]) -> Result<File, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mhd");
    let header = format!(
        "NDims = 3\nDimSize = 2 3 4\nElementSpacing = 1 1 1\nElementType = MET_SHORT\nBinaryDataByteOrderMSB = True\n{fields}"
    );
    std::fs::write(&path, header).unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    read(&path)
}

fn count(range: std::ops::Range<i16>) -> Vec<u8> {
    range.flat_map(i16::to_be_bytes).collect()
}

#[test]
fn slices_in_files_are_read_in_their_order() {
    let wanted: Vec<i16> = (0..24).collect();
    let slices = |names: [&'static str; 4], before: &[u8]| -> Vec<(&'static str, Vec<u8>)> {
        let of = |k: i16| [before, &count(6 * k..6 * k + 6)].concat();
        names.iter().zip(0..).map(|(name, k)| (*name, of(k))).collect()
    };
    let listed = ["z.bin", "b c.bin", "q", "a.bin"];
    for (fields, files) in [
        ("ElementDataFile = s%02d.raw 8 11 1\n", slices(["s08.raw", "s09.raw", "s10.raw", "s11.raw"], b"")),
        ("HeaderSize = 4\nElementDataFile = LIST\nz.bin\nb c.bin\nq\na.bin\n", slices(listed, b"head")),
        ("HeaderSize = -1\nElementDataFile = LIST 2\r\nz.bin\r\nb c.bin\r\nq\r\na.bin", slices(listed, b"some head")),
        ("ElementDataFile = LIST 2D\nz.bin\nb c.bin\nq\na.bin", slices(listed, b"")),
        ("ElementDataFile = s%d.raw\n", slices(["s1.raw", "s2.raw", "s3.raw", "s4.raw"], b"")),
        ("ElementDataFile = s%d.raw 7\n", slices(["s7.raw", "s8.raw", "s9.raw", "s10.raw"], b"")),
        // no more than the last axis has steps
        ("ElementDataFile = s%d.raw 2 99 2\n", slices(["s2.raw", "s4.raw", "s6.raw", "s8.raw"], b"")),
        ("ElementDataFile = LIST 3\np0\np1\n", vec![]),
    ] {
        let found = parts(fields, &files);
        if files.is_empty() {
            // two files that each hold three axes would be too many
            assert_eq!(found.unwrap_err().reason(), "io", "{fields}");
        } else {
            assert_eq!(voxels!(found.unwrap(), I16), wanted, "{fields}");
        }
    }
    let halves = [("p0", count(0..12)), ("p1", count(12..23))];
    for (fields, reason) in [
        ("ElementDataFile = p%d 0 1 1\n", "truncated"),
        ("ElementDataFile = LIST 2\np0\np1\n", "malformed"),
        ("ElementDataFile = LIST\n\n", "malformed"),
        ("ElementDataFile = /etc/hostname\n", "unsupported"),
        // below the folder, where there is none
        ("ElementDataFile = .//etc/hostname\n", "io"),
        ("ElementDataFile = missing.raw\n", "io"),
    ] {
        assert_eq!(parts(fields, &halves).unwrap_err().reason(), reason, "{fields}");
    }
}
