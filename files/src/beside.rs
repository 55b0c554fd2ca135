//! Files that are either whole under their final name or not there at all.
//!
//! A [`Beside`] is a new file in the folder of its target. Its name, `.isocenter-<process>-<number>.part`, says nothing of the
//! target's, which may name a patient. [`Beside::finish`] gives it the target's name in one step of the file system: a reader
//! sees the old file or the new one. Dropped without that (an error, a cancelled call), it is removed; a process that is killed, or
//! built to abort where it panics, leaves the passing file behind and the target as it was.
//!
//! **How long it lasts.** By default a finished file outlasts the program, not a loss of power: the system writes it to the disk
//! when it likes. [`Beside::durable`] asks for both to be on the disk, the bytes before the name. An output tree can be made again
//! and does not ask; a key cannot, and does.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, ErrorKind, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// Bytes that are collected before they are handed to the system.
const BUFFER: usize = 1 << 17;

/// A file that is being written beside its target; removed unless finished.
///
/// # Examples
/// ```
/// use std::io::Write;
/// let folder = tempfile::tempdir()?;
/// let mut file = isocenter_files::Beside::create(&folder.path().join("a"))?;
/// file.write_all(b"half of it")?;
/// drop(file); // as an error or a cancelled call does
/// assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
/// # Ok::<_, std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Beside {
    writer: BufWriter<File>,
    passing: Passing,
    target: PathBuf,
    durable: bool,
}

impl Beside {
    /// Starts a file in the folder of `target`, which must be there. A file that stands under the target's name stays until
    /// the new one is finished.
    ///
    /// # Errors
    /// What the system says; [`ErrorKind::InvalidInput`] for a target without a file name.
    pub fn create(target: &Path) -> io::Result<Self> {
        Self::open(target, OpenOptions::new().write(true))
    }

    /// The same, for what only its owner may read and write (mode 0600; where the system has no such modes, as [`Beside::create`]).
    ///
    /// # Errors
    /// As [`Beside::create`].
    pub fn create_private(target: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Self::open(target, &options)
    }

    fn open(target: &Path, options: &OpenOptions) -> io::Result<Self> {
        if target.file_name().is_none() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "the path has no file name"));
        }
        let mut options = options.clone();
        options.create_new(true);
        loop {
            let path = passing_name(target);
            match options.open(&path) {
                Ok(file) => {
                    let writer = BufWriter::with_capacity(BUFFER, file);
                    return Ok(Self { writer, passing: Passing(path), target: target.to_owned(), durable: false });
                }
                // left by a process of the same number that was killed, or by one in another container: take the next name
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Asks for bytes and name to be on the disk when [`Beside::finish`] returns.
    #[must_use]
    pub fn durable(mut self) -> Self {
        self.durable = true;
        self
    }

    /// The name that the file will have.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Gives the file its name; a file that has it is replaced.
    ///
    /// # Errors
    /// What the system says; the passing file is then gone and the target as it was.
    pub fn finish(self) -> io::Result<()> {
        self.publish(|passing, target| fs::rename(passing, target))
    }

    /// Gives the file its name unless a file has it already, also one that another process finished meanwhile.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`]; else as [`Beside::finish`].
    pub fn finish_new(self) -> io::Result<()> {
        // the passing name goes when the guard is dropped, the file stays under the other
        self.publish(|passing, target| fs::hard_link(passing, target))
    }

    fn publish(self, name: impl FnOnce(&Path, &Path) -> io::Result<()>) -> io::Result<()> {
        let Self { writer, passing, target, durable } = self;
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        if durable {
            file.sync_all()?;
        }
        // some systems do not rename what is open
        drop(file);
        name(&passing.0, &target)?;
        // on a failure from here on the file is there and whole
        drop(passing);
        if durable { sync_folder(&target) } else { Ok(()) }
    }
}

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Seek for Beside {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.writer.seek(to)
    }
}

/// Writes a whole file in a folder that is there.
///
/// # Errors
/// As [`Beside::create`].
pub fn write(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = Beside::create(target)?;
    file.write_all(bytes)?;
    file.finish()
}

/// The same; the folder and its parents are made where they are missing.
///
/// # Errors
/// As [`Beside::create`].
pub fn write_making_folders(target: &Path, bytes: &[u8]) -> io::Result<()> {
    make_folders(target)?;
    write(target, bytes)
}

/// Moves a file or a whole folder to another name on the same file system, in one step; the target's folder is made where it is
/// missing. A file replaces a file; a folder replaces nothing but an empty folder.
///
/// # Errors
/// What the system says; source and target are then as they were.
pub fn move_to(from: &Path, to: &Path) -> io::Result<()> {
    make_folders(to)?;
    fs::rename(from, to)
}

/// Makes the folder that `target` stands in, and its parents, where they are missing.
///
/// # Errors
/// What the system says.
pub fn make_folders(target: &Path) -> io::Result<()> {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::create_dir_all(folder),
        _ => Ok(()),
    }
}

/// Whether a path is called as a passing file is: one that a process left that was killed, unless that process is still at work.
pub fn is_passing(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let number = name.and_then(|name| name.strip_prefix(".isocenter-")?.strip_suffix(".part"));
    number.and_then(|number| number.split_once('-')).is_some_and(|(process, number)| {
        [process, number].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// A name that is taken away when this is dropped.
#[derive(Debug)]
struct Passing(PathBuf);

impl Drop for Passing {
    fn drop(&mut self) {
        // Best effort: the error that led here is the one to report. Renamed, there is nothing under the name any more.
        let _ = fs::remove_file(&self.0);
    }
}

/// A name beside the target that no other call of this process gets.
fn passing_name(target: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    // a system without processes has no number for one, and its standard library panics where it is asked
    let process = if cfg!(target_family = "wasm") { 0 } else { std::process::id() };
    target.with_file_name(format!(".isocenter-{process}-{}.part", NEXT.fetch_add(1, Ordering::Relaxed)))
}

#[cfg(unix)]
fn sync_folder(target: &Path) -> io::Result<()> {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    // folders cannot be opened; the system keeps names in a journal
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_a_killed_process_left_is_known_by_its_name() {
        assert!(is_passing(&passing_name(Path::new("/a/b.dcm"))));
        for name in
            ["b.dcm", ".isocenter-1.part", ".isocenter-a-1.part", ".isocenter-1-1.part.dcm", "isocenter-1-1.part"]
        {
            assert!(!is_passing(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn the_old_file_stays_until_the_new_one_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("x");
        write(&target, b"old").unwrap();
        let mut file = Beside::create(&target).unwrap().durable();
        file.write_all(b"new").unwrap();
        file.flush().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"old");
        file.finish().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["x"]);
    }

    #[test]
    fn what_is_dropped_or_fails_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        drop(Beside::create(&folder.path().join("x")).unwrap());
        assert!(names(folder.path()).is_empty());
        // a folder is no file that could be replaced
        fs::create_dir(folder.path().join("x")).unwrap();
        assert!(write(&folder.path().join("x"), b"1").is_err());
        assert_eq!(names(folder.path()), ["x"]);
        assert_eq!(Beside::create(Path::new("/")).unwrap_err().kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn a_passing_name_that_is_taken_is_passed_over_and_tells_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("Doe^Jane");
        let first = Beside::create(&target).unwrap();
        let second = Beside::create(&target).unwrap();
        assert!(names(folder.path()).iter().all(|name| !name.contains("Doe") && name.ends_with(".part")));
        assert_eq!(names(folder.path()).len(), 2);
        first.finish().unwrap();
        assert_eq!(second.finish_new().unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(names(folder.path()), ["Doe^Jane"]);
    }

    #[test]
    fn folders_move_with_what_is_in_them() {
        let folder = tempfile::tempdir().unwrap();
        write_making_folders(&folder.path().join("a/b/x"), b"1").unwrap();
        move_to(&folder.path().join("a/b"), &folder.path().join("c/d")).unwrap();
        assert_eq!(fs::read(folder.path().join("c/d/x")).unwrap(), b"1");
        assert!(names(&folder.path().join("a")).is_empty());
        write_making_folders(&folder.path().join("a/b/x"), b"2").unwrap();
        assert!(move_to(&folder.path().join("a/b"), &folder.path().join("c/d")).is_err());
        assert_eq!(fs::read(folder.path().join("c/d/x")).unwrap(), b"1");
    }

    #[cfg(unix)]
    #[test]
    fn a_private_file_is_its_owners() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("key");
        Beside::create_private(&target).unwrap().finish_new().unwrap();
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
