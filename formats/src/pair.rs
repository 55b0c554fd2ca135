//! The data file of a pair whose files share their name: `.hdr` and `.img`.

use crate::{
    Error,
    source::{Compression, Source},
};

/// The names that the `.img` beside a `.hdr` may have: plain, compressed.
pub(crate) fn data_names(source: &Source<'_>) -> Result<[String; 2], Error> {
    let name = source.name().ok_or_else(|| Error::unsupported("the header of a pair without a name", ""))?;
    let lower = name.to_ascii_lowercase();
    let stem = lower.strip_suffix(".gz").unwrap_or(&lower).strip_suffix(".hdr").map_or(name.len(), str::len);
    let (stem, upper) = (name.get(..stem).unwrap_or(name), name.ends_with("HDR"));
    Ok([format!("{stem}.{}", if upper { "IMG" } else { "img" }), format!("{stem}.img.gz")])
}

/// The `.img` beside a `.hdr`, compressed or not.
pub(crate) fn open_data<'s>(source: &'s Source<'_>) -> Result<Source<'s>, Error> {
    let [plain, packed] = data_names(source)?;
    match source.open_beside(&plain, Compression::None) {
        Err(Error::Io { source: e, .. }) if e.kind() == std::io::ErrorKind::NotFound => {
            source.open_beside(&packed, Compression::Gzip)
        }
        other => other,
    }
}
