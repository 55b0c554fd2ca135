//! Which files are label maps, whose they are, and what they say.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use isocenter_deid::{KnownValues, LeakScan};
use isocenter_formats::File;
use isocenter_labels::matching::{self, Fit, Match, NoMatch};
use isocenter_volume::{Ctx, Geometry, LabelMap};

use super::{
    holdings::Holdings,
    inputs::Inputs,
    layout,
    layout::{By, Place},
    refusal::{EMPTY_LABELS, Refusal},
    scheme::LabelFacts,
    text,
    work::Refused,
};
use crate::{Error, recipe::EmptyMaps};

/// A label map that waits for its image.
pub(crate) struct LabelFile {
    pub(crate) file: usize,
    pub(crate) files: Vec<usize>,
    geometry: Geometry,
    table: Option<BTreeMap<u32, String>>,
    values: BTreeSet<u32>,
    /// Whose it is, by its name.
    pub(crate) place: Place,
}

impl LabelFile {
    /// Reads what the label map says; its voxels are read again when its image is prepared.
    pub(crate) fn new(
        file: usize,
        files: Vec<usize>,
        content: &File,
        place: Place,
        empty: EmptyMaps,
        ctx: &Ctx<'_>,
    ) -> Result<Self, Refusal> {
        let map = read(content, ctx)?;
        if empty == EmptyMaps::Refuse && is_unlabelled(&map) {
            return Err(unlabelled("no voxel of the label map is labelled"));
        }
        let table: BTreeMap<u32, String> =
            map.segments().iter().filter(|s| s.value != 0).map(|s| (s.value, s.name.clone())).collect();
        // the file's own names count before those of the data set
        let listed = place.names.as_ref().filter(|_| table.is_empty()).map(|names| (**names).clone());
        let table = listed.unwrap_or(table);
        Ok(Self {
            file,
            files,
            geometry: map.geometry().clone(),
            values: map.values(0).into_iter().collect(),
            table: (!table.is_empty()).then_some(table),
            place,
        })
    }

    /// What of the input it is made of.
    pub(crate) fn holds(&self, inputs: &Inputs) -> Holdings {
        Holdings::of_volume_file(inputs, self.file, self.files.clone())
    }

    /// Its refusal.
    pub(crate) fn refused(&self, inputs: &Inputs, why: Refusal) -> Refused {
        Refused { holds: self.holds(inputs), why, patient: None, series: None }
    }

    /// What said whose it is.
    pub(crate) fn by(&self) -> By {
        self.place.by
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

/// Whether no voxel of a label map is labelled.
pub(crate) fn is_unlabelled(map: &LabelMap) -> bool {
    (0..map.layers().len()).all(|layer| map.values(layer).is_empty())
}

/// Why a label map without a label is kept out, where the recipe does not keep it.
pub(crate) fn unlabelled(what: &str) -> Refusal {
    Refusal::new(
        EMPTY_LABELS,
        format!("{what}; empty = \"keep\" under [labels] of the recipe keeps it as a case with nothing to find"),
    )
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

/// The images that a label map lies on: the one, or all of one study.
///
/// `study_of` gives patient and study of an image; two images of different studies on the labels' grid are in doubt.
pub(crate) fn find_all<'a, 's>(
    label: &LabelFile,
    images: impl Iterator<Item = (usize, &'a Geometry, &'a str)>,
    study_of: impl Fn(usize) -> (&'s str, &'s str),
) -> Result<Vec<(usize, Match)>, Refusal> {
    let images: Vec<_> = images.collect();
    match matching::find_image(&label.geometry, images.iter().map(|i| i.1)) {
        Ok((n, found)) => Ok(vec![(images[n].0, found)]),
        Err(NoMatch::Ambiguous { candidates }) => {
            let studies: BTreeSet<_> = candidates.iter().map(|c| study_of(images[c.image].0)).collect();
            if studies.len() == 1 {
                let on = |c: &matching::Candidate| {
                    let (number, geometry, _) = images[c.image];
                    Some((number, matching::match_grid(&label.geometry, geometry).ok()?))
                };
                return Ok(candidates.iter().filter_map(on).collect());
            }
            let ids: Vec<&str> = candidates.iter().map(|c| images[c.image].2).collect();
            Err(Refusal::new(
                "label-ambiguous",
                format!("the label map lies on the grid of several images: {}; --pairs can decide", ids.join(", ")),
            ))
        }
        Err(other) => Err(Refusal::new("label-without-image", other.to_string())),
    }
}

/// Whether a label map has the name of an image, but for the words that say what it is.
pub(crate) fn same_name(label: &Path, image: &Path) -> bool {
    let words = |path: &Path| layout::words::without_role(&path.file_name().unwrap_or_default().to_string_lossy());
    let found = words(label);
    !found.is_empty() && found == words(image)
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
    fn a_table_is_dropped_and_other_words_of_its_xml_are_kept() {
        let xml = "<?xml version=\"1.0\"?>\n<CaretExtension><Date><![CDATA[2013-07-14]]></Date>\n<LabelTable>\n\
                   <Label Key=\"1\"><![CDATA[liver]]></Label>\n</LabelTable>\n</CaretExtension>";
        assert_eq!(without_table(xml).trim(), "2013-07-14");
        assert_eq!(without_table("a < b"), "a < b");
    }

    #[test]
    fn a_label_map_has_the_name_of_its_image() {
        let same = |label: &str, image: &str| same_name(Path::new(label), Path::new(image));
        assert!(same("/l/scan1_seg.nii.gz", "/i/scan1.nii") && same("/l/liver_0.nii", "/i/liver_0.nii"));
        assert!(!same("/l/a_seg.nii", "/i/a_t1.nii") && !same("/l/seg.nii", "/i/ct.nii"));
    }
}
