//! What every crate that meets a file must agree on.
//!
//! - **Whole or not there.** A file is written as a [`Beside`], under a passing name in the folder of its target, and takes the
//!   target's name when it is finished; what fails, is cancelled or dropped leaves nothing. [`write()`] does it in one call.
//! - **Regular files only.** [`open_regular`] opens no pipe, socket or device: each may wait for ever.
//! - **What the first bytes say.** [`Signature::of`] is the one table of leading bytes.
//! - **What is a word of a standard.** [`term`] tells a defined term from what could be a person's text.
//! - **Ids under a key.** A [`Key`] makes identifiers that agree wherever the key is the same and tell nothing without it.
//!
//! It knows no image and no DICOM element; of its sister crates only the word for what a caller can do about an error,
//! [`error::Family`].
//!
//! # Examples
//! ```
//! use std::io::Write;
//! use isocenter_files::{Beside, Key, Signature};
//!
//! let folder = tempfile::tempdir()?;
//! let target = folder.path().join("a.nrrd");
//! let mut file = Beside::create(&target)?;
//! file.write_all(b"NRRD0004\n")?;
//! assert!(!target.exists());
//! file.finish()?;
//!
//! assert_eq!(Signature::of(&std::fs::read(&target)?), Some(Signature::Nrrd));
//! assert!(Key::from_bytes([7; 32]).uid("1.2.3").starts_with("2.25."));
//! # Ok::<_, std::io::Error>(())
//! ```

pub mod beside;
pub mod error;
pub mod key;
mod regular;
pub mod signature;
pub mod term;
pub mod uid;

pub use beside::{Beside, make_folders, move_to, write, write_making_folders};
pub use error::Error;
pub use key::{Key, KeyOrigin};
pub use regular::open_regular;
pub use signature::Signature;

/// The examples of the read-me run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
