//! The list of what came out: one row per item, as JSON Lines and as Parquet.
//!
//! Rows hold keyed ids, allow-listed facts, numbers and paths inside the output; never a value of a patient. The same rows stand
//! in both files, in the order of item ids.

mod table;

use std::{collections::BTreeMap, path::Path};

use isocenter_files::write_making_folders;
use isocenter_volume::{Frame, LabelMap};
use serde::{Deserialize, Serialize};

use crate::Error;

/// One prepared item: an image, with its labels where it has some.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Item {
    /// Keyed id of the item.
    pub item_id: String,
    /// Pseudonym of the patient.
    pub patient: String,
    /// Keyed id of the study.
    pub study: String,
    /// Keyed id of the series.
    pub series: String,
    /// Modality, a defined term.
    pub modality: Option<String>,
    /// Contrast of an MR series.
    pub contrast: Option<String>,
    /// Body Part Examined, a defined term.
    pub body_part: Option<String>,
    /// `train` or `test`.
    pub part: String,
    /// The fold whose validation part this item is in.
    pub fold: Option<usize>,
    /// The image, relative to the output folder.
    pub image: String,
    /// SHA-256 of the image file.
    pub image_sha256: String,
    /// The label map, relative to the output folder.
    pub label: Option<String>,
    /// SHA-256 of the label file.
    pub label_sha256: Option<String>,
    /// Names of the labels that occur in the label map, by value.
    pub labels: BTreeMap<u32, String>,
    /// Volume of each of these labels, ml; over all steps of the slow axes.
    #[serde(default)]
    pub label_volumes_ml: BTreeMap<u32, f64>,
    /// How label values were renumbered, old to new; empty where they were kept.
    pub labels_remapped: BTreeMap<u32, u32>,
    /// Voxels along i, j, k, then steps of the slow axes.
    pub shape: Vec<usize>,
    /// Voxel size, mm.
    pub spacing_mm: [f64; 3],
    /// Axis code of the image, where the frame is the patient's.
    pub orientation: Option<String>,
    /// What real values are counted in.
    pub unit: String,
    /// Smallest and largest real value, mean and standard deviation.
    pub statistics: Option<Statistics>,
    /// The item it was registered to, and how well.
    pub registration: Option<Registration>,
    /// Operations in order, from `volume`'s provenance.
    pub provenance: serde_json::Value,
    /// Codes of what was repaired or assumed on the way.
    pub warnings: Vec<String>,
    /// Keyed ids of the input files.
    pub sources: Vec<String>,
    /// Exports that hold the item.
    pub exports: Vec<String>,
}

/// Numbers of an image, over its voxels that are neither NaN nor infinite nor padding.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Statistics {
    /// Smallest real value.
    pub min: f64,
    /// Largest real value.
    pub max: f64,
    /// Mean.
    pub mean: f64,
    /// Standard deviation (n in the denominator).
    pub sd: f64,
    /// Voxels that are NaN or infinite, which the others leave out.
    #[serde(default)]
    pub not_finite: u64,
    /// Voxels of a CT that are padding around the field of view, and no tissue: the others leave them out too.
    #[serde(default)]
    pub padding: u64,
}

/// How an item was brought to another.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Registration {
    /// Item id of the fixed image.
    pub fixed: String,
    /// Fixed world point to moving world point, LPS mm, the three upper rows.
    pub fixed_to_moving_lps: [[f64; 4]; 3],
    /// Angle of the rotation, degrees.
    pub rotation_deg: f64,
    /// Shift of the fixed image's centre, mm.
    pub shift_mm: f64,
    /// Similarity before: normalized mutual information, 1 (nothing shared) to 2.
    pub metric_before: f64,
    /// Similarity after.
    pub metric_after: f64,
    /// `good` or `doubtful`; what is neither is kept out.
    #[serde(default)]
    pub verdict: String,
    /// Codes of what speaks against it; empty where it is good.
    #[serde(default)]
    pub doubts: Vec<String>,
}

/// Writes `manifest.jsonl` and `manifest.parquet` into `out`.
///
/// # Errors
/// [`Error::Io`]; [`Error::Internal`] where a row cannot be written as JSON or Parquet.
pub fn write(out: &Path, items: &[Item]) -> Result<(), Error> {
    let mut jsonl = Vec::new();
    for item in items {
        serde_json::to_writer(&mut jsonl, item).map_err(|e| Error::Internal { message: e.to_string() })?;
        jsonl.push(b'\n');
    }
    let write = |name: &str, bytes: &[u8]| {
        let path = out.join(name);
        write_making_folders(&path, bytes).map_err(Error::io("write a file", path))
    };
    write("manifest.jsonl", &jsonl)?;
    let parquet = table::to_parquet(items).map_err(|e| Error::Internal { message: e.to_string() })?;
    write("manifest.parquet", &parquet)
}

/// Reads `manifest.jsonl` back.
///
/// # Errors
/// [`Error::Io`], [`Error::Verification`] for a row that does not parse.
pub fn read(out: &Path) -> Result<Vec<Item>, Error> {
    let path = out.join("manifest.jsonl");
    let text = std::fs::read_to_string(&path).map_err(Error::io("read the manifest", &path))?;
    text.lines()
        .enumerate()
        .map(|(n, line)| {
            serde_json::from_str(line)
                .map_err(|e| Error::Verification { message: format!("manifest line {}: {e}", n + 1) })
        })
        .collect()
}

/// The volume of each label, ml: its voxels, counted. Empty where the grid is that of a picture, whose pixels have no size in a patient.
pub(crate) fn label_volumes_ml(labels: &LabelMap) -> BTreeMap<u32, f64> {
    if *labels.geometry().frame() == Frame::Pixel {
        return BTreeMap::new();
    }
    let mut voxels: BTreeMap<u32, u64> = BTreeMap::new();
    for label in labels.layers().iter().flat_map(|l| l.iter()).filter(|l| *l != 0) {
        *voxels.entry(label).or_default() += 1;
    }
    let one_ml = labels.geometry().voxel_volume_mm3() / 1000.0;
    voxels.into_iter().map(|(label, n)| (label, n as f64 * one_ml)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_are_of_all_voxels_and_a_picture_has_none() {
        use isocenter_volume::{Affine, Geometry};
        let grid = |frame| Geometry::new([3, 1, 1], Affine::from_spacing_origin([2.0; 3], [0.0; 3]), frame).unwrap();
        let map = |frame| LabelMap::new(vec![vec![0u8, 2, 2]], grid(frame), vec![]).unwrap();
        assert_eq!(label_volumes_ml(&map(Frame::Patient(None))), [(2, 0.016)].into());
        assert!(label_volumes_ml(&map(Frame::Pixel)).is_empty());
    }

    #[test]
    fn rows_round_trip_and_the_table_opens() {
        use parquet::file::reader::{FileReader, SerializedFileReader};
        let dir = tempfile::tempdir().unwrap();
        let item = Item { item_id: "a".into(), fold: Some(2), spacing_mm: [1.0, 2.0, 3.0], ..Item::default() };
        write(dir.path(), &[item, Item::default()]).unwrap();
        assert_eq!(read(dir.path()).unwrap()[0].fold, Some(2));
        let file = std::fs::File::open(dir.path().join("manifest.parquet")).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        assert_eq!(reader.metadata().file_metadata().num_rows(), 2);
    }
}
