//! The search of an output tree for values of the input.

use std::{
    fs,
    path::{Path, PathBuf},
};

use isocenter_volume::Ctx;
use rayon::prelude::*;
use serde::Serialize;

use crate::{Error, unfinished};

/// A place in the output that holds a value of the input: which attribute, never the value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Leak {
    pub(crate) file: String,
    pub(crate) attribute: String,
}

/// Searches every file of the tree, compressed ones unpacked too, for values of the input; gives the number of files and what
/// was found.
pub(crate) fn privacy(out: &Path, scan: &isocenter_deid::LeakScan, ctx: &Ctx<'_>) -> Result<(usize, Vec<Leak>), Error> {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(out)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|e| e.file_type().is_file() && !unfinished::is_mark(e.path(), out))
        .map(walkdir::DirEntry::into_path)
        .collect();
    files.sort();
    let leaks = search(&files, out, scan, ctx)?;
    Ok((files.len(), leaks))
}

/// As [`privacy`], for named files.
pub(crate) fn privacy_of(
    files: &[PathBuf],
    out: &Path,
    scan: &isocenter_deid::LeakScan,
    ctx: &Ctx<'_>,
) -> Result<Vec<Leak>, Error> {
    search(files, out, scan, ctx)
}

fn search(files: &[PathBuf], out: &Path, scan: &isocenter_deid::LeakScan, ctx: &Ctx<'_>) -> Result<Vec<Leak>, Error> {
    let stage = ctx.stage("verifying", files.len() as u64);
    let found: Vec<Vec<Leak>> = files
        .par_iter()
        .map(|path| {
            let leaks = leaks_in(path, out, scan, &stage.ctx())?;
            stage.advance(1)?;
            Ok(leaks)
        })
        .collect::<Result<_, Error>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// What is found in one file of the tree, its name among it.
pub(crate) fn leaks_in(
    path: &Path,
    out: &Path,
    scan: &isocenter_deid::LeakScan,
    ctx: &Ctx<'_>,
) -> Result<Vec<Leak>, Error> {
    let name = path.strip_prefix(out).unwrap_or(path).to_string_lossy().into_owned();
    let mut hits = scan.scan(name.as_bytes());
    if name.ends_with(".html") {
        let text = fs::read_to_string(path).map_err(Error::io("read a file", path))?;
        let (words, pictures) = apart(&text);
        hits.extend(scan.scan(words.as_bytes()));
        for picture in pictures {
            hits.extend(content(scan, &picture, &name, ctx)?);
        }
    } else {
        let bytes = fs::read(path).map_err(Error::io("read a file", path))?;
        hits.extend(content(scan, &bytes, &name, ctx)?);
    }
    let mut leaks: Vec<Leak> = hits.into_iter().map(|h| Leak { file: name.clone(), attribute: h.source }).collect();
    leaks.sort();
    leaks.dedup();
    Ok(leaks)
}

fn content(
    scan: &isocenter_deid::LeakScan,
    bytes: &[u8],
    name: &str,
    ctx: &Ctx<'_>,
) -> Result<Vec<isocenter_deid::Hit>, Error> {
    scan.scan_content(bytes, ctx).map_err(|error| match error {
        isocenter_deid::Error::Cancelled => Error::Cancelled,
        _ => Error::Verification { message: format!("{name} could not be searched for identifying values") },
    })
}

// A page's words and its embedded pictures: base64 is searched as the file that it stands for, since a short word is bound to
// turn up somewhere in megabytes of letters.
fn apart(html: &str) -> (String, Vec<Vec<u8>>) {
    const MARK: &str = "data:image/png;base64,";
    let mut words = String::new();
    let mut pictures = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find(MARK) {
        words.push_str(&rest[..at]);
        let body = &rest[at + MARK.len()..];
        let end = body.find('"').unwrap_or(body.len());
        if let Ok(bytes) = data_encoding::BASE64.decode(&body.as_bytes()[..end]) {
            pictures.push(bytes);
        } else {
            words.push_str(&body[..end]);
        }
        rest = &body[end..];
    }
    words.push_str(rest);
    (words, pictures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_taken_apart_without_losing_words() {
        let page =
            format!("<p>one<img src=\"data:image/png;base64,{}\">two</p>", data_encoding::BASE64.encode(b"pixels"));
        let (words, pictures) = apart(&page);
        assert_eq!(words, "<p>one<img src=\"\">two</p>");
        assert_eq!(pictures, [b"pixels".to_vec()]);
    }
}
