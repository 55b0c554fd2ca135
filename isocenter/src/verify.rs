//! What must hold of a finished output tree: every file whole and as the manifest says, counts that add up, nothing identifying.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use isocenter_volume::Ctx;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Error, Funnel, manifest};

/// What a check of an output tree found.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Checked {
    /// Items of the manifest.
    pub items: usize,
    /// Files whose digest was compared.
    pub files: usize,
    /// nnU-Net data sets that were found whole.
    pub nnunet: usize,
}

/// Checks an output tree by itself: digests, funnel, exports. The originals are not needed.
///
/// # Errors
/// [`Error::Verification`] for the first thing that does not hold, [`Error::Usage`] where the folder holds no finished run.
pub fn check(out: &Path) -> Result<Checked, Error> {
    if !out.join("manifest.jsonl").is_file() || !out.join("report.json").is_file() {
        return Err(Error::usage("the folder holds no finished run: manifest.jsonl or report.json is missing"));
    }
    let items = manifest::read(out)?;
    let mut checked = Checked { items: items.len(), ..Checked::default() };
    for item in &items {
        let labels = item.label.iter().zip(&item.label_sha256);
        for (file, digest) in labels.chain([(&item.image, &item.image_sha256)]) {
            let path = inside(out, file)?;
            let found = sha256_file(&path)?;
            if found != *digest {
                return Err(Error::Verification { message: format!("{file} is not as the manifest says") });
            }
            checked.files += 1;
        }
    }
    funnel_of(out)?.check()?;
    checked.nnunet = nnunet(out)?;
    Ok(checked)
}

fn inside(out: &Path, relative: &str) -> Result<PathBuf, Error> {
    let path = Path::new(relative);
    if path.components().all(|c| matches!(c, std::path::Component::Normal(_))) {
        return Ok(out.join(path));
    }
    Err(Error::Verification { message: "the manifest names a file outside its folder".to_owned() })
}

fn funnel_of(out: &Path) -> Result<Funnel, Error> {
    let path = out.join("report.json");
    let text = fs::read_to_string(&path).map_err(Error::io("read the report", &path))?;
    let value: serde_json::Value = serde_json::from_str(&text)
        .map_err(|e| Error::Verification { message: format!("report.json does not parse: {e}") })?;
    serde_json::from_value(value["funnel"].clone())
        .map_err(|e| Error::Verification { message: format!("report.json has no funnel: {e}") })
}

// every data set: as many training cases as it says, each with all channels and a label map
fn nnunet(out: &Path) -> Result<usize, Error> {
    let root = out.join("nnunet");
    let Ok(entries) = fs::read_dir(&root) else { return Ok(0) };
    let mut sets = 0;
    for entry in entries {
        let folder = entry.map_err(Error::io("list a folder", &root))?.path();
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let wrong = |what: &str| Error::Verification { message: format!("nnunet/{name}: {what}") };
        let text = fs::read_to_string(folder.join("dataset.json")).map_err(|_| wrong("dataset.json is missing"))?;
        let json: serde_json::Value = serde_json::from_str(&text).map_err(|_| wrong("dataset.json does not parse"))?;
        let channels = json["channel_names"].as_object().map_or(0, serde_json::Map::len);
        let mut cases: BTreeMap<String, usize> = BTreeMap::new();
        for file in list(&folder.join("imagesTr"))? {
            let stem = file.strip_suffix(".nii.gz").and_then(|s| s.rsplit_once('_'));
            let (case, _) = stem.ok_or_else(|| wrong("an image has no channel number"))?;
            *cases.entry(case.to_owned()).or_default() += 1;
        }
        if cases.len() as u64 != json["numTraining"].as_u64().unwrap_or(u64::MAX) {
            return Err(wrong("the number of training cases is not numTraining"));
        }
        for (case, count) in &cases {
            if *count != channels {
                return Err(wrong("a case lacks a channel"));
            }
            if !folder.join("labelsTr").join(format!("{case}.nii.gz")).is_file() {
                return Err(wrong("a case lacks its labels"));
            }
        }
        sets += 1;
    }
    Ok(sets)
}

fn list(folder: &Path) -> Result<Vec<String>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::io("list a folder", folder))?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.map_err(Error::io("list a folder", folder))?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// SHA-256 of a file as lower-case hexadecimal.
pub(crate) fn sha256_file(path: &Path) -> Result<String, Error> {
    let mut file = isocenter_files::open_regular(path).map_err(Error::io("read a file", path))?;
    let mut hash = Sha256::new();
    std::io::copy(&mut file, &mut Sink(&mut hash)).map_err(Error::io("read a file", path))?;
    Ok(data_encoding::HEXLOWER.encode(&hash.finalize()))
}

struct Sink<'a>(&'a mut Sha256);

impl std::io::Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

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
        .filter(|e| e.file_type().is_file())
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

    #[test]
    fn a_folder_without_a_run_is_said_to_be_so() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(check(dir.path()), Err(Error::Usage { .. })));
    }
}
