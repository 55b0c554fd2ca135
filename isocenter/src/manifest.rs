//! The list of what came out: one row per item, as JSON Lines and as Parquet.
//!
//! Rows hold keyed ids, allow-listed facts, numbers and paths inside the output; never a value of a patient. The same rows stand
//! in both files, in the order of item ids.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use isocenter_files::write_making_folders;
use parquet::{
    basic::Compression,
    data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};
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
    /// Similarity before.
    pub metric_before: f64,
    /// Similarity after.
    pub metric_after: f64,
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
    let parquet = to_parquet(items).map_err(|e| Error::Internal { message: e.to_string() })?;
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

// Nested facts go into Parquet as JSON text: every reader of tables takes strings, and the JSON Lines file has the structure.
fn to_parquet(items: &[Item]) -> Result<Vec<u8>, parquet::errors::ParquetError> {
    let json = |value: &dyn Fn(&Item) -> serde_json::Value| -> Vec<Option<String>> {
        items.iter().map(|i| Some(value(i).to_string())).collect()
    };
    let some = |value: &dyn Fn(&Item) -> &str| items.iter().map(|i| Some(value(i).to_owned())).collect::<Vec<_>>();
    let texts: Vec<(&str, Vec<Option<String>>)> = vec![
        ("item_id", some(&|i| &i.item_id)),
        ("patient", some(&|i| &i.patient)),
        ("study", some(&|i| &i.study)),
        ("series", some(&|i| &i.series)),
        ("modality", items.iter().map(|i| i.modality.clone()).collect()),
        ("contrast", items.iter().map(|i| i.contrast.clone()).collect()),
        ("body_part", items.iter().map(|i| i.body_part.clone()).collect()),
        ("part", some(&|i| &i.part)),
        ("image", some(&|i| &i.image)),
        ("image_sha256", some(&|i| &i.image_sha256)),
        ("label", items.iter().map(|i| i.label.clone()).collect()),
        ("label_sha256", items.iter().map(|i| i.label_sha256.clone()).collect()),
        ("orientation", items.iter().map(|i| i.orientation.clone()).collect()),
        ("unit", some(&|i| &i.unit)),
        ("shape", json(&|i| serde_json::json!(i.shape))),
        ("labels", json(&|i| serde_json::json!(i.labels))),
        ("registration", json(&|i| serde_json::json!(i.registration))),
        ("warnings", json(&|i| serde_json::json!(i.warnings))),
        ("sources", json(&|i| serde_json::json!(i.sources))),
        ("exports", json(&|i| serde_json::json!(i.exports))),
    ];
    let folds: Vec<Option<i64>> = items.iter().map(|i| i.fold.map(|f| f as i64)).collect();
    let spacing = |axis: usize| items.iter().map(|i| i.spacing_mm[axis]).collect::<Vec<f64>>();
    let numbers = [("spacing_i_mm", spacing(0)), ("spacing_j_mm", spacing(1)), ("spacing_k_mm", spacing(2))];

    let mut schema = String::from("message manifest {\n");
    for (name, _) in &texts {
        schema += &format!("  optional binary {name} (STRING);\n");
    }
    schema += "  optional int64 fold;\n";
    for (name, _) in &numbers {
        schema += &format!("  required double {name};\n");
    }
    schema += "}\n";

    // uncompressed and without statistics: the bytes depend on the rows alone, and the privacy scan reads them as they are
    let properties = WriterProperties::builder()
        .set_compression(Compression::UNCOMPRESSED)
        .set_created_by("isocenter".to_owned())
        .build();
    let mut bytes = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut bytes, Arc::new(parse_message_type(&schema)?), Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    let levels = |present: Vec<bool>| present.into_iter().map(i16::from).collect::<Vec<i16>>();
    for (_, values) in &texts {
        let present: Vec<ByteArray> = values.iter().flatten().map(|v| ByteArray::from(v.as_str())).collect();
        if let Some(mut column) = group.next_column()? {
            let definition = levels(values.iter().map(Option::is_some).collect());
            column.typed::<ByteArrayType>().write_batch(&present, Some(&definition), None)?;
            column.close()?;
        }
    }
    if let Some(mut column) = group.next_column()? {
        let present: Vec<i64> = folds.iter().flatten().copied().collect();
        let definition = levels(folds.iter().map(Option::is_some).collect());
        column.typed::<Int64Type>().write_batch(&present, Some(&definition), None)?;
        column.close()?;
    }
    for (_, values) in &numbers {
        if let Some(mut column) = group.next_column()? {
            column.typed::<DoubleType>().write_batch(values, None, None)?;
            column.close()?;
        }
    }
    group.close()?;
    writer.close()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

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
