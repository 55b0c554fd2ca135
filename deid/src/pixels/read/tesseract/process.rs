//! A program that is given bytes and gives bytes, within a time and a size.

use std::ffi::OsStr;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::super::Error;

/// What a program gave.
pub(super) struct Said {
    pub(super) output: Vec<u8>,
    pub(super) success: bool,
    /// How it ended, in words.
    pub(super) status: String,
}

/// Bytes of output that are taken: a thousand times what forty lines are.
const MOST: u64 = 16 << 20;
/// How often it is asked for its end.
const PAUSE: Duration = Duration::from_millis(2);

/// Runs a program, without a shell.
///
/// # Errors
/// [`Error::Absent`], [`Error::Late`], [`Error::Limit`], [`Error::Io`].
pub(super) fn run(program: &Path, arguments: &[&OsStr], input: Vec<u8>, limit: Duration) -> Result<Said, Error> {
    let started = Instant::now();
    let spawned = Command::new(program)
        .args(arguments)
        // its threads would wait for ours
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = Ended(spawned.map_err(|source| Error::Absent { source })?);
    let (Some(mut stdin), Some(stdout)) = (child.0.stdin.take(), child.0.stdout.take()) else {
        return Err(Error::Io { source: ErrorKind::BrokenPipe.into() });
    };
    // Neither thread is waited for longer than the limit: a process that the program left behind may hold the pipes.
    std::thread::spawn(move || stdin.write_all(&input));
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut output = Vec::new();
        let read = stdout.take(MOST + 1).read_to_end(&mut output);
        // nobody waits for it any more where the time is up
        sender.send(read.map(|_| output)).ok();
    });
    let late = || Error::Late { seconds: limit.as_secs() };
    let left = || limit.saturating_sub(started.elapsed());
    let output = receiver.recv_timeout(left()).map_err(|_| late())?.map_err(|source| Error::Io { source })?;
    if output.len() as u64 > MOST {
        return Err(Error::Limit { what: "bytes", limit: MOST as usize });
    }
    loop {
        if let Some(status) = child.0.try_wait().map_err(|source| Error::Io { source })? {
            return Ok(Said { output, success: status.success(), status: status.to_string() });
        }
        if left().is_zero() {
            return Err(late());
        }
        std::thread::sleep(PAUSE);
    }
}

/// A program that does not outlive its use.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // one that has ended already cannot be ended, and need not be
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
