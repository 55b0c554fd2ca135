//! The secret that ids are made with.
//!
//! A key is 32 random bytes. Who has it can link an id to an original by trying originals; who has not cannot. It is wiped from
//! memory when dropped, and is neither printed nor compared.
//!
//! It comes from the bytes that the caller has ([`Key::from_bytes`], [`Key::from_slice`]), from a file ([`Key::read`]) or, with the
//! feature `random`, from the system's randomness.
//!
//! # Examples
//! ```
//! use isocenter_files::Key;
//! let key = Key::from_bytes([7; 32]);
//! assert_eq!(key.id().len(), 16); // public: says which key was used, tells nothing about it
//! ```

#[cfg(feature = "random")]
mod create;

use std::{
    fmt,
    fs::{self, File},
    io::Read,
    path::Path,
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::Error;

/// Bytes of a key.
const LENGTH: usize = 32;
/// Bytes of a block of SHA-256: HMAC fills shorter keys up with zeros.
const BLOCK: usize = 64;
/// Published on purpose: with it, everybody can compute every id.
const DEMO: [u8; LENGTH] = *b"isocenter demo key, not a secret";

/// 32 secret bytes. Each copy is wiped on its own.
#[derive(Clone)]
pub struct Key {
    bytes: Zeroizing<[u8; LENGTH]>,
}

/// Where a key came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOrigin {
    /// The file was there.
    Read {
        /// Whether the file's mode lets others than its owner read it (never on systems without such modes).
        others_can_read: bool,
    },
    /// The file was made now.
    Created,
}

impl Key {
    /// A key of given bytes; the caller wipes its own copy.
    pub fn from_bytes(mut bytes: [u8; LENGTH]) -> Self {
        let key = Self { bytes: Zeroizing::new(bytes) };
        bytes.zeroize();
        key
    }

    /// A key of bytes whose number is not known before; the caller wipes its own copy.
    ///
    /// # Errors
    /// [`Error::KeyLength`] unless they are exactly 32.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, Error> {
        let mut key = Self { bytes: Zeroizing::new([0; LENGTH]) };
        if bytes.len() != LENGTH {
            return Err(Error::KeyLength { found: bytes.len() as u64 });
        }
        key.bytes.copy_from_slice(bytes);
        Ok(key)
    }

    /// The published key of demonstrations and tests. It protects nothing.
    pub fn demo() -> Self {
        Self::from_bytes(DEMO)
    }

    /// Reads the key in a file.
    ///
    /// # Errors
    /// [`Error::KeyFileLength`] unless the file holds exactly 32 bytes, [`Error::Io`].
    pub fn read(path: impl AsRef<Path>) -> Result<(Self, KeyOrigin), Error> {
        let path = path.as_ref();
        let io = |source| Error::Io { path: path.to_owned(), action: "read", source };
        let mut file = File::open(path).map_err(io)?;
        let meta = file.metadata().map_err(io)?;
        // a folder opens on some systems, and has a length
        if meta.is_dir() {
            return Err(io(std::io::ErrorKind::IsADirectory.into()));
        }
        if meta.len() != LENGTH as u64 {
            return Err(Error::KeyFileLength { path: path.to_owned(), found: meta.len() });
        }
        let mut bytes = Zeroizing::new([0; LENGTH]);
        file.read_exact(&mut *bytes).map_err(io)?;
        Ok((Self { bytes }, KeyOrigin::Read { others_can_read: others_can_read(&meta) }))
    }

    /// A public name of the key, 16 hexadecimal digits, for provenance: equal for equal keys.
    pub fn id(&self) -> String {
        let digest = self.mac("key id", &[]);
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// HMAC-SHA-256 over a domain and parts, each preceded by its length, so that no two lists of parts collide.
    pub fn mac(&self, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut block = Zeroizing::new([0; BLOCK]);
        block[..LENGTH].copy_from_slice(&*self.bytes);
        let mut mac = <Hmac<Sha256> as KeyInit>::new((&*block).into());
        for part in [NAMESPACE, domain.as_bytes()].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// The first 128 bits of [`Key::mac`], the first byte highest.
    pub fn bits(&self, domain: &str, parts: &[&[u8]]) -> u128 {
        let digest = self.mac(domain, parts);
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        u128::from_be_bytes(half)
    }
}

/// What precedes every domain. Ids in the field were made with it, by the crate that keys lived in first.
const NAMESPACE: &[u8] = b"isocenter-deid 1";

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("id", &self.id()).finish_non_exhaustive()
    }
}

#[cfg(unix)]
fn others_can_read(meta: &fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o077 != 0
}

#[cfg(not(unix))]
fn others_can_read(_: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_32_bytes() {
        assert_eq!(Key::from_slice(&[7; 32]).unwrap().id(), Key::from_bytes([7; 32]).id());
        assert!(matches!(Key::from_slice(&[7; 31]), Err(Error::KeyLength { found: 31 })));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, [7; 33]).unwrap();
        assert!(matches!(Key::read(&path), Err(Error::KeyFileLength { found: 33, .. })));
        assert!(matches!(Key::read(folder.path().join("none")), Err(Error::Io { .. })));
        assert!(matches!(Key::read(folder.path()), Err(Error::Io { .. })));
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let key = Key::demo();
        assert_ne!(key.mac("a", &[b"bc", b"d"]), key.mac("a", &[b"b", b"cd"]));
        assert_ne!(key.mac("a", &[b"b"]), key.mac("ab", &[]));
    }

    #[test]
    fn is_shown_by_its_public_name_only() {
        let shown = format!("{:?}", Key::demo());
        assert_eq!(shown, format!("Key {{ id: {:?}, .. }}", Key::demo().id()));
        assert!(!shown.contains("isocenter") && !shown.contains("105, 115"));
    }

    #[cfg(unix)]
    #[test]
    fn tells_of_a_file_that_others_can_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, [1; 32]).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(Key::read(&path).unwrap().1, KeyOrigin::Read { others_can_read: true });
    }
}
