//! MetaImage, as far as it names other files.
//!
//! Source: MetaIO documentation, "Spatial objects" (`ElementDataFile`, always the last field of a header).

use std::io::{BufRead, Read};

use crate::{
    Error, ReadOptions,
    numbered::numbered,
    source::{Source, stream_error},
};

/// The files that `ElementDataFile` names: one, a list that follows it, or a pattern; none where it says `LOCAL`.
pub(crate) fn data_files(source: &mut Source<'_>, options: &ReadOptions<'_>) -> Result<Vec<String>, Error> {
    let mut left = options.header_bytes;
    while let Some(text) = line(source, &mut left)? {
        let Some((key, value)) = text.split_once('=') else { continue };
        if key.trim() != "ElementDataFile" {
            continue;
        }
        let value = value.trim();
        if value.eq_ignore_ascii_case("LOCAL") {
            return Ok(Vec::new());
        }
        if value.split_ascii_whitespace().next() == Some("LIST") {
            let mut names = Vec::new();
            while let Some(name) = line(source, &mut left)?.filter(|n| !n.trim().is_empty()) {
                names.push(name.trim().to_owned());
            }
            return Ok(names);
        }
        let several = numbered("ElementDataFile", value)?;
        return Ok(several.map_or_else(|| vec![value.to_owned()], |found| found.names));
    }
    Ok(Vec::new())
}

/// One line; `None` at the end of the file, or where a header has more bytes than it may.
fn line(source: &mut Source<'_>, left: &mut u64) -> Result<Option<String>, Error> {
    let mut bytes = Vec::new();
    let got = source.by_ref().take(*left).read_until(b'\n', &mut bytes);
    *left -= got.map_err(|e| stream_error(e, "header", 0, 0))? as u64;
    Ok((!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).trim_end().to_owned()))
}
