//! What the tests of the main job share.

use std::{
    collections::BTreeMap,
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

pub(crate) use isocenter_testing::corpus::part as corpus;

/// Every file of a tree, sorted.
pub(crate) fn files(root: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = walkdir::WalkDir::new(root)
        .into_iter()
        .map(|e| e.unwrap())
        .filter(|e| e.file_type().is_file())
        .map(|e| e.into_path())
        .collect();
    all.sort();
    all
}

/// Digest of every file but `run.jsonl`, by its path in the tree.
pub(crate) fn digests(root: &Path) -> BTreeMap<PathBuf, String> {
    files(root)
        .into_iter()
        .map(|p| {
            let digest = Sha256::digest(fs::read(&p).unwrap());
            (p.strip_prefix(root).unwrap().to_path_buf(), data_encoding::HEXLOWER.encode(&digest))
        })
        .filter(|(p, _)| p != Path::new("run.jsonl"))
        .collect()
}

/// The bytes of a file, and what they unpack to where they are gzip.
pub(crate) fn unpacked(path: &Path) -> Vec<Vec<u8>> {
    let bytes = fs::read(path).unwrap();
    let mut all = vec![];
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut inside = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut inside).unwrap();
        all.push(inside);
    }
    all.push(bytes);
    all
}

/// Whether `value` occurs in `bytes` as UTF-8 or UTF-16 of either order. A value of digits alone does not where it stands in thirty of
/// them or more: each new UID holds any five digits by chance once in 3,000.
pub(crate) fn occurs(bytes: &[u8], value: &str) -> bool {
    let utf16: Vec<u16> = value.encode_utf16().collect();
    let encodings = [
        value.as_bytes().to_vec(),
        utf16.iter().flat_map(|u| u.to_le_bytes()).collect(),
        utf16.iter().flat_map(|u| u.to_be_bytes()).collect(),
    ];
    let number = value.bytes().all(|b| b.is_ascii_digit());
    encodings.iter().any(|e| {
        let mut found = (0..bytes.len()).filter(|&at| bytes[at..].starts_with(e));
        found.any(|at| !number || digits_around(bytes, at) < 30)
    })
}

/// The length of the run of ASCII digits that a byte stands in.
fn digits_around(bytes: &[u8], at: usize) -> usize {
    let digit = |b: &&u8| b.is_ascii_digit();
    bytes[..at].iter().rev().take_while(digit).count() + bytes[at..].iter().take_while(digit).count()
}

#[test]
fn a_number_occurs_unless_a_new_uid_holds_it() {
    assert!(occurs(b"MRN 0099917.", "99917"));
    assert!(occurs(&"x99917".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>(), "99917"));
    assert!(!occurs(b"2.25.123456789012345678999170123456789", "99917"));
    assert!(occurs(b"2.25.123456789012345678999170123456789 99917", "99917"));
}
