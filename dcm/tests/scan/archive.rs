use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::sync::Arc;

use isocenter_dcm::isocenter_volume::{Ctx, Observer, context::Progress};
use isocenter_dcm::scan::{Kind, NamedSource, ScanOptions, open, scan, scan_sources};
use isocenter_dcm::{Bytes, OpenOptions, ReadLimits};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::make;
use super::support::{bytes, found, image, is, put, told};

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)
}

fn zip(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, options()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn ct(number: u8) -> Vec<u8> {
    bytes(&image(["P", "1.2", "1.2.3", &format!("1.2.3.{number}")]))
}

/// Writes `archive` as `a.zip` in a folder of its own.
fn on_disk(archive: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    put(&path, archive);
    (folder, path)
}

#[test]
fn members_are_files_of_the_scan() {
    let inner = zip(&[("x.dcm", ct(9))]);
    let members = [("s/1.dcm", ct(1)), ("s/2.dcm", ct(2)), ("notes.txt", b"hello".to_vec()), ("in.zip", inner)];
    let (folder, path) = on_disk(&zip(&members));
    let expected = [
        ("a.zip", "zip"),
        ("a.zip!/in.zip", "zip"),
        ("a.zip!/notes.txt", "text"),
        ("a.zip!/s/1.dcm", "dicom"),
        ("a.zip!/s/2.dcm", "dicom"),
    ];
    is(&told(folder.path(), &found(folder.path().to_owned())), &expected);
    let files = found(path.clone());
    is(&told(folder.path(), &files), &expected);
    assert_eq!(files[3].bytes, ct(1).len() as u64);
    assert!(matches!(&files[3].kind, Kind::Dicom(header) if header.is_header_only()));
    let whole = files[4].open(&OpenOptions::new()).unwrap();
    assert_eq!(whole.sop_instance_uid().as_deref(), Some("1.2.3.2"));
    assert!(make::decode_frame(&whole, 0).is_ok());
    assert_eq!(open(path.join("x"), &OpenOptions::new()).unwrap_err().reason(), "io");
    assert_eq!(open(folder.path().join("a.zip!/x"), &OpenOptions::new()).unwrap_err().reason(), "io");
}

#[test]
fn an_archive_that_is_skipped_is_one_file() {
    for archive in [zip(&[("s/1.dcm", ct(1))]), b"PK\x03\x04 cut".to_vec()] {
        let (folder, _) = on_disk(&archive);
        let options = ScanOptions::default().skip_archives(true);
        let files = scan(&[folder.path()], &options, &Ctx::default()).unwrap();
        is(&told(folder.path(), &files), &[("a.zip", "zip")]);
    }
}

/// What an observer was told.
#[derive(Default)]
struct Seen(std::sync::Mutex<Vec<String>>);

impl Observer for Seen {
    fn progress(&self, at: &Progress<'_>) {
        self.0.lock().unwrap().push(format!("{at:?}"));
    }
}

#[test]
fn progress_counts_members() {
    let (folder, _) = on_disk(&zip(&[("1", ct(1)), ("2", ct(2))]));
    let seen = Seen::default();
    scan(&[folder.path()], &ScanOptions::default(), &Ctx::default().with_observer(&seen)).unwrap();
    let mut seen = seen.0.into_inner().unwrap();
    seen.sort();
    seen.retain(|told| !told.contains(" 0/"));
    assert_eq!(seen, ["headers 1/1", "headers/members 1/2", "headers/members 2/2"]);
}

#[test]
fn bombs_are_limits() {
    let (folder, path) = on_disk(&zip(&[("1", ct(1)), ("2", ct(2)), ("zeros", vec![0; 1 << 20])]));
    let told_with = |limits: ReadLimits| {
        let options = ScanOptions::default().limits(limits);
        let files = scan(std::slice::from_ref(&path), &options, &Ctx::default()).unwrap();
        told(folder.path(), &files).into_iter().map(|(_, word)| word).collect::<Vec<_>>()
    };
    let limits = ReadLimits::default;
    assert_eq!(told_with(limits()), ["zip", "dicom", "dicom", "other"]);
    assert_eq!(told_with(limits().members(2)), ["limit"]);
    assert_eq!(told_with(limits().ratio(100)), ["zip", "dicom", "dicom", "limit"]);
    assert_eq!(told_with(limits().file_bytes(1 << 19)), ["zip", "dicom", "dicom", "limit"]);
    assert_eq!(told_with(limits().archive_bytes(ct(1).len() as u64)), ["zip", "dicom", "limit", "limit"]);
    let small = OpenOptions::new().limits(limits().ratio(1));
    assert_eq!(open(folder.path().join("a.zip!/1"), &small).unwrap_err().reason(), "limit");
}

/// Where the central directory's entry of the first member starts.
fn entry(archive: &[u8]) -> usize {
    archive.windows(4).position(|w| w == b"PK\x01\x02").unwrap()
}

#[test]
fn lies_about_a_size_are_found() {
    let mut archive = zip(&[("1", ct(1))]);
    let size = entry(&archive) + 24;
    let declared = u32::from_le_bytes(archive[size..size + 4].try_into().unwrap());
    for (lie, reason) in [(declared - 8, "truncated"), (declared + 8, "malformed")] {
        archive[size..size + 4].copy_from_slice(&lie.to_le_bytes());
        let (folder, path) = on_disk(&archive);
        let member = folder.path().join("a.zip!/1");
        assert_eq!(open(&member, &OpenOptions::new()).unwrap_err().reason(), reason, "{lie}");
        assert_eq!(found(path).len(), 2);
    }
}

#[test]
fn damage_is_found_when_a_member_is_read_whole() {
    let mut archive = zip(&[("1", ct(1))]);
    let checksum = entry(&archive) + 16;
    archive[checksum] ^= 1;
    let (folder, _) = on_disk(&archive);
    let error = open(folder.path().join("a.zip!/1"), &OpenOptions::new()).unwrap_err();
    assert_eq!(error.reason(), "malformed");
}

#[test]
fn encrypted_members_are_told() {
    let mut archive = zip(&[("1", ct(1))]);
    let at = entry(&archive);
    archive[at + 8] |= 1;
    archive[6] |= 1;
    let (folder, path) = on_disk(&archive);
    is(&told(folder.path(), &found(path)), &[("a.zip", "zip"), ("a.zip!/1", "unsupported-codec")]);
}

#[test]
fn names_that_lead_out_are_told() {
    // Of the same lengths, so that a name can be put in the place of another.
    for name in ["../up.dcm", "/root.dcm", "a/../b.dm", "C:\\up.dcm", "a\\..\\b.dm"] {
        let mut archive = zip(&[("harmless!", ct(1))]);
        let places: Vec<_> = (0..archive.len() - 9).filter(|&at| &archive[at..at + 9] == b"harmless!").collect();
        places.iter().for_each(|&at| archive[at..at + 9].copy_from_slice(&name.as_bytes()[..9]));
        let (folder, path) = on_disk(&archive);
        is(&told(folder.path(), &found(path)), &[("a.zip", "zip"), ("a.zip!/member 0", "malformed")]);
    }
}

#[test]
fn two_members_of_one_name_are_told() {
    let mut archive = zip(&[("one", ct(1)), ("two", ct(2))]);
    let places: Vec<_> = (0..archive.len() - 3).filter(|&at| &archive[at..at + 3] == b"two").collect();
    places.iter().for_each(|&at| archive[at..at + 3].copy_from_slice(b"one"));
    let (folder, path) = on_disk(&archive);
    is(&told(folder.path(), &found(path)), &[("a.zip", "malformed"), ("a.zip!/one", "dicom")]);
}

#[test]
fn a_folder_named_like_the_members_is_told() {
    let (folder, path) = on_disk(&zip(&[("1", ct(1))]));
    put(&folder.path().join("a.zip!/1"), &ct(2));
    is(&told(folder.path(), &found(path)), &[("a.zip", "malformed")]);
    let plain = open(folder.path().join("a.zip!/1"), &OpenOptions::new()).unwrap();
    assert_eq!(plain.sop_instance_uid().as_deref(), Some("1.2.3.2"));
}

#[test]
fn broken_archives_fail_without_harm() {
    let whole = zip(&[("1", ct(1)), ("2", ct(2))]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    for length in (4..whole.len()).step_by(7) {
        put(&path, &whole[..length]);
        let files = found(path.clone());
        assert!(matches!(&files[0].kind, Kind::Failed(_)), "{length}");
    }
    for at in 0..whole.len() {
        let mut broken = whole.clone();
        broken[at] ^= 0x55;
        put(&path, &broken);
        for file in found(path.clone()) {
            let _ = file.open(&OpenOptions::new());
        }
    }
}

#[test]
fn a_count_that_no_archive_can_hold_is_a_limit() {
    let mut archive = zip(&[("1", ct(1))]);
    let end = archive.len() - 22;
    archive[end + 8..end + 12].fill(0xFF);
    let (_folder, path) = on_disk(&archive);
    let options = ScanOptions::default().limits(ReadLimits::default().members(100));
    let files = scan(&[path], &options, &Ctx::default()).unwrap();
    assert!(matches!(&files[0].kind, Kind::Failed(error) if error.reason() == "limit"));
}

#[test]
fn a_64_bit_count_that_no_archive_can_hold_is_a_limit() {
    let archive = zip(&[("1", ct(1))]);
    let (members, end) = archive.split_at(archive.len() - 22);
    let mut record = vec![0; 56];
    record[..4].copy_from_slice(b"PK\x06\x06");
    record[4..12].copy_from_slice(&44u64.to_le_bytes());
    record[24..40].fill(0x7F);
    let mut locator = vec![0; 20];
    locator[..4].copy_from_slice(b"PK\x06\x07");
    locator[8..16].copy_from_slice(&(members.len() as u64).to_le_bytes());
    let mut end = end.to_vec();
    end[8..20].fill(0xFF);
    let (_folder, path) = on_disk(&[members, &record, &locator, &end].concat());
    assert!(matches!(&found(path)[0].kind, Kind::Failed(error) if error.reason() == "limit"));
}

#[test]
fn an_archive_in_memory_has_members_too() {
    let bytes = Arc::new(Bytes(zip(&[("a/1", ct(1)), ("2", ct(2)), ("notes", b"hello".to_vec())])));
    let source = NamedSource::new("request", bytes);
    let found = scan_sources(&[source], &ScanOptions::default(), &Ctx::default()).unwrap();
    let names: Vec<_> = found.iter().map(|file| file.path.to_str().unwrap()).collect();
    assert_eq!(names, ["request", "request!/2", "request!/a/1", "request!/notes"]);
    let whole = found[2].open(&OpenOptions::new()).unwrap();
    assert_eq!(whole.sop_instance_uid().as_deref(), Some("1.2.3.1"));
    assert!(make::decode_frame(&whole, 0).is_ok());
    assert_eq!(found[3].read_bytes(&ReadLimits::default()).unwrap(), b"hello");
}

#[test]
fn members_that_are_no_files_are_named() {
    let mut archive =
        zip(&[("link", b"x".to_vec()), ("pipe", vec![]), ("socket", vec![]), ("disk", vec![]), ("file", ct(1))]);
    let kinds = [0o120_777u32, 0o010_644, 0o140_755, 0o060_600, 0o100_644];
    let entries: Vec<usize> = (0..archive.len() - 4).filter(|&at| &archive[at..at + 4] == b"PK\x01\x02").collect();
    for (at, mode) in entries.into_iter().zip(kinds) {
        archive[at + 5] = 3; // made on a system that has modes
        archive[at + 38..at + 42].copy_from_slice(&(mode << 16).to_le_bytes());
    }
    let (folder, path) = on_disk(&archive);
    let expected = [
        ("a.zip", "zip"),
        ("a.zip!/disk", "device"),
        ("a.zip!/file", "dicom"),
        ("a.zip!/link", "link"),
        ("a.zip!/pipe", "pipe"),
        ("a.zip!/socket", "socket"),
    ];
    is(&told(folder.path(), &found(path)), &expected);
}
