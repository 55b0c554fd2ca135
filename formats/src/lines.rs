//! The lines of a header of text.

use std::io::{BufRead, Read};

use crate::{
    Error,
    source::{Source, stream_error},
};

/// Reads line by line, no more bytes than a header may have.
pub(crate) struct Lines<'s, 'a> {
    source: &'s mut Source<'a>,
    left: u64,
    limit: u64,
}

impl<'s, 'a> Lines<'s, 'a> {
    pub(crate) const fn new(source: &'s mut Source<'a>, limit: u64) -> Self {
        Self { source, left: limit, limit }
    }

    /// One line without its end; `None` at the end of the file. What is no UTF-8 is taken as Latin-1.
    pub(crate) fn next(&mut self) -> Result<Option<String>, Error> {
        let mut bytes = Vec::new();
        let got = self.source.by_ref().take(self.left + 1).read_until(b'\n', &mut bytes);
        let got = got.map_err(|e| stream_error(e, "header", 0, 0))? as u64;
        if got == 0 {
            return Ok(None);
        }
        if got > self.left {
            return Err(Error::Limit { what: "bytes of header", asked: self.limit + 1, limit: self.limit });
        }
        self.left -= got;
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        Ok(Some(match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(e) => e.as_bytes().iter().map(|b| char::from(*b)).collect(),
        }))
    }

    /// The names in the lines that follow a list, up to a blank line or the end.
    pub(crate) fn names(&mut self) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        while let Some(name) = self.next()?.filter(|n| !n.trim().is_empty()) {
            names.push(name.trim().to_owned());
        }
        Ok(names)
    }
}
