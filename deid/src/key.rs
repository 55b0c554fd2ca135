//! The secret that pseudonyms are made with.
//!
//! A key is 32 random bytes in a file of mode 0600. Who has it can link a pseudonym to an original by trying originals; who
//! has not cannot. It is wiped from memory when dropped, and is neither printed nor compared.
//!
//! # Examples
//! ```
//! use isocenter_deid::Key;
//! let key = Key::from_bytes([7; 32]);
//! assert_eq!(key.id().len(), 16); // public: says which key was used, tells nothing about it
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::Error;

/// Bytes of a key.
const LENGTH: usize = 32;
/// Published on purpose: with it, everybody can compute every pseudonym.
const DEMO: [u8; LENGTH] = *b"isocenter demo key, not a secret";

/// 32 secret bytes.
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

    /// The published key of demonstrations and tests. It protects nothing.
    pub fn demo() -> Self {
        Self::from_bytes(DEMO)
    }

    /// Reads the key in a file, or makes the file with a random key of mode 0600 if there is none.
    ///
    /// The file is written beside and linked to its name, so that an existing key is never overwritten and a half-written one
    /// is never seen, also where two processes start at once: both then use the key of the first.
    ///
    /// # Errors
    /// [`Error::KeyLength`] unless the file holds exactly 32 bytes, [`Error::Random`], [`Error::Io`].
    pub fn read_or_create(path: &Path) -> Result<(Self, KeyOrigin), Error> {
        if let Some(read) = Self::read(path)? {
            return Ok(read);
        }
        let mut bytes = Zeroizing::new([0; LENGTH]);
        getrandom::fill(&mut *bytes).map_err(|source| Error::Random { source })?;
        let beside = beside(path)?;
        let written = write_private(&beside, &*bytes).and_then(|()| fs::hard_link(&beside, path));
        let _ = fs::remove_file(&beside);
        match written {
            Ok(()) => Ok((Self { bytes }, KeyOrigin::Created)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let gone = || Error::Io { path: path.to_owned(), action: "read", source: ErrorKind::NotFound.into() };
                Self::read(path)?.ok_or_else(gone)
            }
            Err(source) => Err(Error::Io { path: path.to_owned(), action: "create", source }),
        }
    }

    /// A public name of the key, 16 hexadecimal digits, for provenance: equal for equal keys.
    pub fn id(&self) -> String {
        let digest = self.mac("key id", &[]);
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// A second copy, for what outlives the borrow.
    pub(crate) fn duplicate(&self) -> Self {
        Self { bytes: self.bytes.clone() }
    }

    /// HMAC-SHA-256 over a domain and parts, each preceded by its length, so that no two lists of parts collide.
    pub(crate) fn mac(&self, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.bytes.as_slice()) else {
            // HMAC takes keys of any length.
            unreachable!("a key of 32 bytes");
        };
        for part in [&b"isocenter-deid 1"[..], domain.as_bytes()].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    fn read(path: &Path) -> Result<Option<(Self, KeyOrigin)>, Error> {
        let io = |source| Error::Io { path: path.to_owned(), action: "read", source };
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io(error)),
        };
        let meta = file.metadata().map_err(io)?;
        if meta.len() != LENGTH as u64 {
            return Err(Error::KeyLength { path: path.to_owned(), found: meta.len() });
        }
        let mut bytes = Zeroizing::new([0; LENGTH]);
        file.read_exact(&mut *bytes).map_err(io)?;
        Ok(Some((Self { bytes }, KeyOrigin::Read { others_can_read: others_can_read(&meta) })))
    }
}

/// A name beside `path` that no other process takes.
fn beside(path: &Path) -> Result<PathBuf, Error> {
    let mut salt = [0; 8];
    getrandom::fill(&mut salt).map_err(|source| Error::Random { source })?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{:016x}.new", u64::from_le_bytes(salt)));
    Ok(path.with_file_name(name))
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
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
    fn makes_a_private_file_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let (first, origin) = Key::read_or_create(&path).unwrap();
        assert_eq!(origin, KeyOrigin::Created);
        let (second, origin) = Key::read_or_create(&path).unwrap();
        assert_eq!(origin, KeyOrigin::Read { others_can_read: false });
        assert_eq!(first.id(), second.id());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn tells_of_a_file_that_others_can_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, [1; 32]).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(Key::read_or_create(&path).unwrap().1, KeyOrigin::Read { others_can_read: true });
    }

    #[test]
    fn refuses_a_key_of_another_length() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, [1; 31]).unwrap();
        assert!(matches!(Key::read_or_create(&path), Err(Error::KeyLength { found: 31, .. })));
        assert_eq!(fs::read(&path).unwrap(), [1; 31]);
    }

    #[test]
    fn a_missing_folder_is_an_io_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Key::read_or_create(&folder.path().join("no/key")), Err(Error::Io { .. })));
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let key = Key::demo();
        assert_ne!(key.mac("a", &[b"bc", b"d"]), key.mac("a", &[b"b", b"cd"]));
        assert_ne!(key.mac("a", &[b"b"]), key.mac("ab", &[]));
    }
}
