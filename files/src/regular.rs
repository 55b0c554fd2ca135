//! Opening what is a regular file, and nothing else.
//!
//! Opening a named pipe waits for somebody to write into it, a device may never end: in a folder that came from elsewhere either
//! stops a run for good. What a path leads to is looked at before it is opened; links are followed.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;

/// Opens a regular file for reading.
///
/// # Errors
/// What the system says; [`ErrorKind::IsADirectory`] for a folder, [`ErrorKind::InvalidInput`] for a pipe, a socket or a device,
/// none of which is opened.
///
/// # Examples
/// ```
/// let folder = tempfile::tempdir()?;
/// assert_eq!(isocenter_files::open_regular(folder.path()).unwrap_err().kind(), std::io::ErrorKind::IsADirectory);
/// # Ok::<_, std::io::Error>(())
/// ```
pub fn open_regular(path: &Path) -> io::Result<File> {
    let kind = fs::metadata(path)?.file_type();
    if kind.is_file() {
        return File::open(path);
    }
    Err(if kind.is_dir() {
        ErrorKind::IsADirectory.into()
    } else {
        io::Error::new(ErrorKind::InvalidInput, "not a regular file")
    })
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::{fs::symlink, net::UnixListener};

    use super::*;

    #[test]
    fn what_is_no_regular_file_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let made = std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap();
        assert!(made.success());
        let _socket = UnixListener::bind(at("socket")).unwrap();
        symlink("pipe", at("link to a pipe")).unwrap();
        for name in ["pipe", "socket", "link to a pipe"] {
            assert_eq!(open_regular(&at(name)).unwrap_err().kind(), ErrorKind::InvalidInput, "{name}");
        }
        assert_eq!(open_regular(Path::new("/dev/null")).unwrap_err().kind(), ErrorKind::InvalidInput);
        symlink("nowhere", at("dangling")).unwrap();
        assert_eq!(open_regular(&at("dangling")).unwrap_err().kind(), ErrorKind::NotFound);
        fs::write(at("file"), b"1").unwrap();
        symlink("file", at("link")).unwrap();
        assert!(open_regular(&at("link")).is_ok());
    }
}
