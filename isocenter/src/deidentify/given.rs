//! Files that the caller hands to a run: scripts, tables, keys, rules. One that cannot be read is the caller's to mend.

use std::path::Path;

use crate::Error;

/// Reads a file that is `what`.
///
/// # Errors
/// [`Error::Usage`].
pub(super) fn bytes(path: &Path, what: &str) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| Error::usage(format!("{what} {} cannot be read: {error}", path.display())))
}

/// Reads a text that is `what`; what is no UTF-8 is taken for Latin-1, in which older files are.
///
/// # Errors
/// [`Error::Usage`].
pub(super) fn text(path: &Path, what: &str) -> Result<String, Error> {
    Ok(String::from_utf8(bytes(path, what)?)
        .unwrap_or_else(|error| error.into_bytes().iter().map(|&byte| char::from(byte)).collect()))
}
