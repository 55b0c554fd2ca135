//! New keys, of random bytes.

use std::{
    io::{ErrorKind, Write},
    path::Path,
};

use zeroize::Zeroizing;

use super::{Key, KeyOrigin, LENGTH};
use crate::{Beside, Error};

impl Key {
    /// A new key, which nobody has.
    ///
    /// # Errors
    /// [`Error::Random`].
    pub fn random() -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        getrandom::fill(&mut *bytes).map_err(|error| Error::Random { what: error.to_string() })?;
        Ok(Self { bytes })
    }

    /// Reads the key in a file, or makes the file with a random key of mode 0600 if there is none.
    ///
    /// An existing key is never overwritten and a half-written one is never seen, also where two processes start at once: both
    /// then use the key of the first.
    ///
    /// # Errors
    /// [`Error::KeyFileLength`] unless the file holds exactly 32 bytes, [`Error::Random`], [`Error::Io`].
    pub fn read_or_create(path: impl AsRef<Path>) -> Result<(Self, KeyOrigin), Error> {
        let path = path.as_ref();
        match Self::read(path) {
            Err(Error::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {}
            read => return read,
        }
        let key = Self::random()?;
        let written = Beside::create_private(path).and_then(|file| {
            let mut file = file.durable();
            file.write_all(&*key.bytes)?;
            file.finish_new()
        });
        match written {
            Ok(()) => Ok((key, KeyOrigin::Created)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Self::read(path),
            Err(source) => Err(Error::Io { path: path.to_owned(), action: "create", source }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

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
        assert_ne!(Key::random().unwrap().id(), first.id());
    }

    #[test]
    fn starting_at_once_ends_with_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let ids: Vec<String> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(|| Key::read_or_create(&path).unwrap().0.id())).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(ids.iter().all(|id| *id == ids[0]));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn refuses_a_key_of_another_length_and_leaves_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, [1; 31]).unwrap();
        assert!(matches!(Key::read_or_create(&path), Err(Error::KeyFileLength { found: 31, .. })));
        assert_eq!(fs::read(&path).unwrap(), [1; 31]);
    }

    #[test]
    fn a_missing_folder_is_an_io_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Key::read_or_create(folder.path().join("no/key")), Err(Error::Io { .. })));
    }
}
