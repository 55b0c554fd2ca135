//! A header and its data apart.

use isocenter_formats::{Error, File, ReadOptions, WriteOptions, data_files, read, write, write_with};
use isocenter_volume::{Affine, Frame, Geometry, Volume};

use crate::{support::gzip, voxels};

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
fn foreign_folders_and_missing_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.nhdr");
    write(&path, &file()).unwrap();
    let header = std::fs::read_to_string(&path).unwrap();
    for name in ["/etc/passwd", "../a.raw", "../s%d.raw 1 3 1"] {
        std::fs::write(&path, header.replace("data file: a.raw", &format!("data file: {name}"))).unwrap();
        assert!(matches!(read(&path), Err(Error::Unsupported { .. })), "{name}");
        assert!(data_files(&path, &ReadOptions::default()).unwrap().is_empty(), "{name}");
    }
    for name in ["b.raw", "a%03d.raw 1 3 1"] {
        std::fs::write(&path, header.replace("data file: a.raw", &format!("data file: {name}"))).unwrap();
        assert!(matches!(read(&path), Err(Error::Io { .. })), "{name}");
    }
}

/// Files by name, and the header that ends in `fields`: 2 x 3 x 4 voxels of two bytes, counting from 0 in the order of the file.
fn parts(fields: &str, files: &[(&str, Vec<u8>)]) -> (Result<File, Error>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.nhdr");
    let header = format!("NRRD0005\ntype: short\ndimension: 3\nsizes: 2 3 4\nspacings: 1 1 1\nendian: big\n{fields}");
    std::fs::write(&path, header).unwrap();
    for (name, bytes) in files {
        std::fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let named = data_files(&path, &ReadOptions::default()).unwrap_or_default();
    let named = named.iter().map(|p| p.strip_prefix(folder.path()).unwrap().to_string_lossy().into_owned());
    (read(&path), named.collect())
}

fn count(range: std::ops::Range<i16>) -> Vec<u8> {
    range.flat_map(i16::to_be_bytes).collect()
}

#[test]
fn slices_in_files_are_read_in_their_order() {
    let wanted: Vec<i16> = (0..24).collect();
    let slices = |names: [&'static str; 4], of: &dyn Fn(Vec<u8>) -> Vec<u8>| -> Vec<(&'static str, Vec<u8>)> {
        names.iter().zip(0..).map(|(name, k)| (*name, of(count(6 * k..6 * k + 6)))).collect()
    };
    let plain = |bytes: Vec<u8>| bytes;
    let behind = |bytes: Vec<u8>| [b"a header\n".as_slice(), &bytes].concat();
    let packed = |bytes: Vec<u8>| gzip(&[&bytes]);
    let spelled = |bytes: Vec<u8>| {
        let numbers = bytes.chunks(2).map(|b| i16::from_be_bytes([b[0], b[1]]).to_string());
        numbers.collect::<Vec<_>>().join(" ").into_bytes()
    };
    let up = ["s08.raw", "s09.raw", "s10.raw", "s11.raw"];
    let down = ["d/x3", "d/x1", "d/x-1", "d/x-3"];
    let listed = ["z.bin", "b c.bin", "sub/q", "a.bin"];
    for (fields, files) in [
        ("encoding: raw\ndata file: s%02d.raw 8 11 1\n", slices(up, &plain)),
        ("encoding: raw\ndata file: s%02d.raw 8 11 1 2\n\n", slices(up, &plain)),
        ("encoding: raw\ndatafile: d/x%d 3 -3 -2\n", slices(down, &plain)),
        ("encoding: raw\nbyte skip: -1\ndata file: ./d/x%d 3 -3 -2\n", slices(down, &behind)),
        ("encoding: raw\nline skip: 1\ndata file: LIST\nz.bin\nb c.bin\nsub/q\na.bin\n", slices(listed, &behind)),
        (
            "encoding: raw\nbyte skip: 9\ndata file: LIST 2\r\nz.bin\r\nb c.bin\r\nsub/q\r\na.bin",
            slices(listed, &behind),
        ),
        ("encoding: gzip\ndata file: LIST\nz.bin\nb c.bin\nsub/q\na.bin\n\n", slices(listed, &packed)),
        ("encoding: ascii\ndata file: s%02u.raw 8 11 1\n", slices(up, &spelled)),
    ] {
        let (found, named) = parts(fields, &files);
        assert_eq!(voxels!(found.unwrap(), I16), wanted, "{fields}");
        let mut names: Vec<&str> = files.iter().map(|f| f.0).collect();
        let mut named: Vec<&str> = named.iter().map(String::as_str).collect();
        names.sort_unstable();
        named.sort_unstable();
        assert_eq!(named, names, "{fields}");
    }
}

#[test]
fn parts_that_are_no_slices_are_read_where_the_header_says_so() {
    let wanted: Vec<i16> = (0..24).collect();
    let slabs = [("p0", count(0..12)), ("p1", count(12..24))];
    let (found, _) = parts("encoding: raw\ndata file: p%d 0 1 1 3\n", &slabs);
    assert_eq!(voxels!(found.unwrap(), I16), wanted);
    let rows: Vec<(String, Vec<u8>)> = (0..12).map(|n| (format!("r{n}"), count(2 * n..2 * n + 2))).collect();
    let rows: Vec<(&str, Vec<u8>)> = rows.iter().map(|(n, b)| (n.as_str(), b.clone())).collect();
    let (found, _) = parts("encoding: raw\ndata file: r%d 0 11 1 1\n", &rows);
    assert_eq!(voxels!(found.unwrap(), I16), wanted);
}

#[test]
fn parts_that_do_not_fit_are_errors() {
    let halves = [("p0", count(0..12)), ("p1", count(12..23))];
    for (fields, reason) in [
        ("encoding: raw\ndata file: p%d 0 1 1\n", "truncated"),
        ("encoding: raw\ndata file: p%d 0 1 1 2\n", "malformed"),
        ("encoding: raw\ndata file: p%d 0 4 1\n", "malformed"),
        ("encoding: raw\ndata file: p%d 0 1 0\n", "malformed"),
        ("encoding: raw\ndata file: LIST\n\n", "malformed"),
        ("encoding: raw\ndata file: LIST\np0\nq\n", "io"),
        ("encoding: raw\ndata file: LIST two\np0\np1\n", "malformed"),
    ] {
        assert_eq!(parts(fields, &halves).0.unwrap_err().reason(), reason, "{fields}");
    }
}

#[test]
fn one_file_of_any_name_is_found_and_named() {
    for (name, fields, bytes) in [
        (
            "voxels.dat",
            "encoding: raw\nbyte skip: -1\ndata file: voxels.dat\n",
            [b"junk".to_vec(), count(0..24)].concat(),
        ),
        ("v.RAW.gz", "encoding: gzip\ndata file: v.RAW.gz\n", gzip(&[&count(0..24)])),
        ("50% dose", "encoding: raw\ndata file: 50% dose\n", count(0..24)),
        (
            "x.nrrd",
            "encoding: hex\ndata file: x.nrrd\n",
            count(0..24).iter().flat_map(|b| format!("{b:02X}").into_bytes()).collect(),
        ),
    ] {
        let (found, named) = parts(fields, &[(name, bytes)]);
        assert_eq!(voxels!(found.unwrap(), I16), (0..24).collect::<Vec<i16>>(), "{name}");
        assert_eq!(named, [name]);
    }
}

#[test]
#[cfg(unix)]
fn a_pipe_in_place_of_the_data_or_a_sidecar_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.nhdr");
    write(&path, &file()).unwrap();
    for name in ["a.raw", "a.json"] {
        let _ = std::fs::remove_file(folder.path().join(name));
        assert!(std::process::Command::new("mkfifo").arg(folder.path().join(name)).status().unwrap().success());
    }
    assert!(matches!(read(&path), Err(Error::Io { .. })));
    let sidecar = isocenter_formats::sidecar::Sidecar::read(folder.path().join("a.json"));
    assert!(matches!(sidecar, Err(Error::Io { .. })));
}
