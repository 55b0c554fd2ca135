//! Which files are label maps, whose they are, and what they say.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use isocenter_deid::{KnownValues, LeakScan};
use isocenter_formats::File;
use isocenter_labels::matching::{self, Fit, Match, NoMatch};
use isocenter_volume::{Ctx, Geometry, LabelMap};

use super::{refusal::Refusal, scheme::LabelFacts, text};
use crate::Error;

/// A label map that waits for its image.
pub(crate) struct LabelFile {
    pub(crate) file: usize,
    pub(crate) files: Vec<usize>,
    geometry: Geometry,
    table: Option<BTreeMap<u32, String>>,
    values: BTreeSet<u32>,
}

impl LabelFile {
    /// Reads what the label map says; its voxels are read again when its image is prepared.
    pub(crate) fn new(file: usize, files: Vec<usize>, content: &File, ctx: &Ctx<'_>) -> Result<Self, Refusal> {
        let map = read(content, ctx)?;
        let table: BTreeMap<u32, String> =
            map.segments().iter().filter(|s| s.value != 0).map(|s| (s.value, s.name.clone())).collect();
        Ok(Self {
            file,
            files,
            geometry: map.geometry().clone(),
            values: map.values(0).into_iter().collect(),
            table: (!table.is_empty()).then_some(table),
        })
    }

    /// Table and values, every name made safe.
    pub(crate) fn facts(&self, scan: &LeakScan) -> LabelFacts {
        let safe = |value: &u32, name: &String| {
            (*value, text::label_name(name, scan).unwrap_or_else(|| format!("label_{value}")))
        };
        LabelFacts {
            table: self.table.as_ref().map(|t| t.iter().map(|(v, n)| safe(v, n)).collect()),
            values: self.values.clone(),
        }
    }
}

/// The search that names of structures have to pass: everything that the output is searched for.
///
/// Names that are nobody's (no name, id, place or date of an input) make descriptions of the same words harmless.
pub(crate) fn search_of_names(labels: &[LabelFile], known: &mut KnownValues) -> Result<LeakScan, Error> {
    let identities = LeakScan::identities(known).map_err(Error::Scan)?;
    let names: BTreeSet<&String> = labels.iter().filter_map(|l| l.table.as_ref()).flat_map(BTreeMap::values).collect();
    if names.is_empty() {
        return Ok(identities);
    }
    for name in names.into_iter().filter(|name| text::label_name(name, &identities).is_some()) {
        known.allow_structure(name);
    }
    LeakScan::new(known).map_err(Error::Scan)
}

/// The label map in a file; overlapping layers are refused, since a training label has one value a voxel.
pub(crate) fn read(content: &File, ctx: &Ctx<'_>) -> Result<LabelMap, Refusal> {
    let map = isocenter_formats::labels::read_label_map(content)?;
    map.require_one_step("a training label")?;
    if map.layers().len() == 1 {
        return Ok(map);
    }
    isocenter_labels::remap::merge_layers(&map, ctx)
        .map_err(|e| Refusal { family: e.family(), ..Refusal::new("overlapping-labels", e.to_string()) })
}

/// Whether a file holds labels: it says so itself (a label table, NIfTI's label intent), or its name has a word for it.
pub(crate) fn is_label_file(path: &Path, says_so: bool) -> bool {
    says_so || has_word(path, &LABEL_WORDS)
}

const LABEL_WORDS: [&str; 13] = [
    "seg",
    "dseg",
    "segmentation",
    "label",
    "labels",
    "labelmap",
    "mask",
    "roi",
    "rois",
    "lesion",
    "lesions",
    "annotation",
    "contours",
];

/// The modality that a file name states in the words of BIDS and of everyday use.
pub(crate) fn modality_of(path: &Path) -> Option<&'static str> {
    let has = |words: &[&str]| has_word(path, words);
    if has(&["ct"]) {
        Some("CT")
    } else if has(&["pet", "pt", "suv"]) {
        Some("PT")
    } else if has(&["t1", "t1w", "t2", "t2w", "flair", "pd", "pdw", "bold", "dwi", "mr", "mri"]) {
        Some("MR")
    } else {
        None
    }
}

fn has_word(path: &Path, words: &[&str]) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    name.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| words.contains(&w))
}

/// A free text without a label table and its markup (the Caret XML that names labels): names of structures go on, each checked
/// by itself, and identify nobody. What else the XML says is kept, to be searched for.
pub(crate) fn without_table(text: &str) -> String {
    if !text.contains("<LabelTable") {
        return text.to_owned();
    }
    let mut out = String::new();
    for line in text.split(['\n', '\r']).filter(|line| !line.contains("<Label ")) {
        let mut rest = line;
        while let Some((before, tag)) = rest.split_once('<') {
            out.push_str(before);
            rest = match tag.strip_prefix("![CDATA[") {
                Some(data) => {
                    let (content, after) = data.split_once("]]>").unwrap_or((data, ""));
                    out.push_str(content);
                    after
                }
                None => tag.split_once('>').map_or("", |(_, after)| after),
            };
        }
        out.push_str(rest);
        out.push('\n');
    }
    out
}

/// Whose volume a file is: its BIDS `sub-` name, else the folder it lies in.
pub(crate) fn subject_of(path: &Path) -> String {
    let parts: Vec<String> = path.components().rev().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
    let subject = parts.iter().flat_map(|p| p.split('_')).find(|p| p.starts_with("sub-"));
    subject.map_or_else(|| parts.get(1).cloned().unwrap_or_default(), str::to_owned)
}

/// The one image that a label map lies on.
pub(crate) fn find<'a>(
    label: &LabelFile,
    images: impl Iterator<Item = (usize, &'a Geometry, &'a str)>,
) -> Result<(usize, Match), Refusal> {
    let images: Vec<_> = images.collect();
    match matching::find_image(&label.geometry, images.iter().map(|i| i.1)) {
        Ok((n, found)) => Ok((images[n].0, found)),
        Err(NoMatch::Ambiguous { candidates }) => {
            let ids: Vec<&str> = candidates.iter().map(|c| images[c.image].2).collect();
            Err(Refusal::new(
                "label-ambiguous",
                format!("the label map lies on the grid of several images: {}; --pairs can decide", ids.join(", ")),
            ))
        }
        Err(other) => Err(Refusal::new("label-without-image", other.to_string())),
    }
}

/// Codes of what was done to a label map that does not cover its image: it was padded, and what lay outside was cut off.
pub(crate) fn fit_warnings(fit: Fit, file: &LabelMap, moved: &LabelMap) -> impl Iterator<Item = &'static str> + use<> {
    let labelled = |map: &LabelMap| map.layers().iter().flat_map(|l| l.iter()).filter(|v| *v != 0).count();
    let padded = fit != Fit::Whole;
    let cut = fit == Fit::SticksOut && labelled(moved) < labelled(file);
    [(padded, "labels-padded"), (cut, "labels-cut")].into_iter().filter_map(|(is, code)| is.then_some(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_come_from_bids_names_or_folders() {
        assert_eq!(subject_of(Path::new("/d/sub-01/anat/sub-01_T1w.nii.gz")), "sub-01");
        assert_eq!(subject_of(Path::new("/d/case7/ct.nii")), "case7");
    }

    #[test]
    fn a_table_is_dropped_and_other_words_of_its_xml_are_kept() {
        let xml = "<?xml version=\"1.0\"?>\n<CaretExtension><Date><![CDATA[2013-07-14]]></Date>\n<LabelTable>\n\
                   <Label Key=\"1\"><![CDATA[liver]]></Label>\n</LabelTable>\n</CaretExtension>";
        assert_eq!(without_table(xml).trim(), "2013-07-14");
        assert_eq!(without_table("a < b"), "a < b");
    }

    #[test]
    fn words_are_whole_words() {
        assert!(has_word(Path::new("/x/case_seg.nii.gz"), &LABEL_WORDS));
        assert!(!has_word(Path::new("/x/segal.nii.gz"), &LABEL_WORDS));
    }
}
