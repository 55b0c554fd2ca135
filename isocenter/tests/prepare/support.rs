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

/// Whether `value` occurs in `bytes` as UTF-8 or UTF-16 of either order.
pub(crate) fn occurs(bytes: &[u8], value: &str) -> bool {
    let utf16: Vec<u16> = value.encode_utf16().collect();
    let encodings = [
        value.as_bytes().to_vec(),
        utf16.iter().flat_map(|u| u.to_le_bytes()).collect(),
        utf16.iter().flat_map(|u| u.to_be_bytes()).collect(),
    ];
    encodings.iter().any(|e| bytes.windows(e.len()).any(|w| w == e.as_slice()))
}
