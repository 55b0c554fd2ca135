//! The rows as a Parquet table: numbers are numbers and lists are lists, so that a reader of tables can sum and filter.
//!
//! Columns are those of the JSON Lines file, in its order; `registration` is spread over columns of its own, `labels` is a list of
//! value, name and volume, `labels_remapped` one of pairs, and `provenance`, whose shape differs from operation to operation, is JSON
//! text. Source: Parquet format, LogicalTypes.md (lists of three levels).

use std::sync::Arc;

use parquet::{
    basic::Compression,
    data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type},
    errors::ParquetError,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};

use super::Item;

/// The bytes of `manifest.parquet`.
///
/// # Errors
/// Where the table cannot be written.
pub(super) fn to_parquet(items: &[Item]) -> Result<Vec<u8>, ParquetError> {
    let mut table = Table::default();
    facts(&mut table, items);
    labels(&mut table, items);
    numbers(&mut table, items);
    registration(&mut table, items);
    let of = |field: fn(&Item) -> &Vec<String>| items.iter().map(move |i| Some(texts(field(i))));
    table.required("provenance", "binary", "(STRING)", items.iter().map(|i| Value::Text(i.provenance.to_string())));
    table.list("warnings", "binary", "(STRING)", of(|i| &i.warnings));
    table.list("sources", "binary", "(STRING)", of(|i| &i.sources));
    table.list("exports", "binary", "(STRING)", of(|i| &i.exports));
    table.to_bytes()
}

/// The name of a column and what of a row it holds.
type Column<Row, T> = (&'static str, fn(&Row) -> T);

fn facts(table: &mut Table, items: &[Item]) {
    let required: [Column<Item, String>; 4] = [
        ("item_id", |i| i.item_id.clone()),
        ("patient", |i| i.patient.clone()),
        ("study", |i| i.study.clone()),
        ("series", |i| i.series.clone()),
    ];
    for (name, of) in required {
        table.required(name, "binary", "(STRING)", items.iter().map(|i| Value::Text(of(i))));
    }
    let text = |field: fn(&Item) -> &Option<String>| items.iter().map(move |i| field(i).clone().map(Value::Text));
    table.optional("modality", "binary", "(STRING)", text(|i| &i.modality));
    table.optional("contrast", "binary", "(STRING)", text(|i| &i.contrast));
    table.optional("body_part", "binary", "(STRING)", text(|i| &i.body_part));
    table.required("part", "binary", "(STRING)", items.iter().map(|i| Value::Text(i.part.clone())));
    table.optional("fold", "int64", "", items.iter().map(|i| i.fold.map(whole)));
    table.required("image", "binary", "(STRING)", items.iter().map(|i| Value::Text(i.image.clone())));
    table.required("image_sha256", "binary", "(STRING)", items.iter().map(|i| Value::Text(i.image_sha256.clone())));
    table.optional("label", "binary", "(STRING)", text(|i| &i.label));
    table.optional("label_sha256", "binary", "(STRING)", text(|i| &i.label_sha256));
}

fn labels(table: &mut Table, items: &[Item]) {
    let rows = items.iter().map(|i| {
        let row = |(value, name): (&u32, &String)| {
            let volume = i.label_volumes_ml.get(value).copied().map(Value::Real);
            vec![Some(Value::Whole(i64::from(*value))), Some(Value::Text(name.clone())), volume]
        };
        i.labels.iter().map(row).collect()
    });
    let fields = ["required int64 value", "required binary name (STRING)", "optional double volume_ml"];
    table.list_of_groups("labels", &fields, rows);
    let rows = items.iter().map(|i| {
        let row = |(from, to): (&u32, &u32)| [from, to].map(|v| Some(Value::Whole(i64::from(*v)))).to_vec();
        i.labels_remapped.iter().map(row).collect()
    });
    table.list_of_groups("labels_remapped", &["required int64 from", "required int64 to"], rows);
}

fn numbers(table: &mut Table, items: &[Item]) {
    table.list("shape", "int64", "", items.iter().map(|i| Some(i.shape.iter().copied().map(whole).collect())));
    table.list("spacing_mm", "double", "", items.iter().map(|i| Some(i.spacing_mm.map(Value::Real).to_vec())));
    table.optional("orientation", "binary", "(STRING)", items.iter().map(|i| i.orientation.clone().map(Value::Text)));
    table.required("unit", "binary", "(STRING)", items.iter().map(|i| Value::Text(i.unit.clone())));
    let numbers: [Column<super::Statistics, f64>; 4] =
        [("min", |s| s.min), ("max", |s| s.max), ("mean", |s| s.mean), ("sd", |s| s.sd)];
    for (name, of) in numbers {
        let values = items.iter().map(|i| i.statistics.as_ref().map(|s| Value::Real(of(s))));
        table.optional(name, "double", "", values);
    }
    let counts: [Column<super::Statistics, u64>; 2] = [("not_finite", |s| s.not_finite), ("padding", |s| s.padding)];
    for (name, of) in counts {
        let values = items.iter().map(|i| i.statistics.as_ref().map(|s| Value::Whole(whole_u64(of(s)))));
        table.optional(name, "int64", "", values);
    }
}

fn registration(table: &mut Table, items: &[Item]) {
    let of = |field: fn(&super::Registration) -> Value| items.iter().map(move |i| i.registration.as_ref().map(field));
    table.optional("registration_fixed", "binary", "(STRING)", of(|r| Value::Text(r.fixed.clone())));
    table.optional("registration_verdict", "binary", "(STRING)", of(|r| Value::Text(r.verdict.clone())));
    let lists =
        |field: fn(&super::Registration) -> Vec<Value>| items.iter().map(move |i| i.registration.as_ref().map(field));
    table.list("registration_doubts", "binary", "(STRING)", lists(|r| texts(&r.doubts)));
    table.optional("registration_rotation_deg", "double", "", of(|r| Value::Real(r.rotation_deg)));
    table.optional("registration_shift_mm", "double", "", of(|r| Value::Real(r.shift_mm)));
    table.optional("registration_metric_before", "double", "", of(|r| Value::Real(r.metric_before)));
    table.optional("registration_metric_after", "double", "", of(|r| Value::Real(r.metric_after)));
    let matrix = lists(|r| r.fixed_to_moving_lps.iter().flatten().copied().map(Value::Real).collect());
    table.list("registration_fixed_to_moving_lps", "double", "", matrix);
}

fn texts(words: &[String]) -> Vec<Value> {
    words.iter().cloned().map(Value::Text).collect()
}

fn whole_u64(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn whole(n: usize) -> Value {
    Value::Whole(i64::try_from(n).unwrap_or(i64::MAX))
}

#[derive(Clone)]
enum Value {
    Text(String),
    Whole(i64),
    Real(f64),
}

/// The values of one column that are there, with the levels that say where: Parquet's form of lists and gaps.
#[derive(Default)]
struct Leaf {
    values: Vec<Value>,
    definition: Vec<i16>,
    repetition: Vec<i16>,
}

impl Leaf {
    fn push(&mut self, value: Option<Value>, definition: i16, repetition: i16) {
        self.values.extend(value);
        self.definition.push(definition);
        self.repetition.push(repetition);
    }
}

#[derive(Default)]
struct Table {
    schema: String,
    leaves: Vec<Leaf>,
}

impl Table {
    fn required(&mut self, name: &str, kind: &str, logical: &str, values: impl Iterator<Item = Value>) {
        self.schema += &format!("  required {kind} {name} {logical};\n");
        let mut leaf = Leaf::default();
        values.for_each(|v| leaf.push(Some(v), 0, 0));
        self.leaves.push(leaf);
    }

    fn optional(&mut self, name: &str, kind: &str, logical: &str, values: impl Iterator<Item = Option<Value>>) {
        self.schema += &format!("  optional {kind} {name} {logical};\n");
        let mut leaf = Leaf::default();
        values.for_each(|v| {
            let level = i16::from(v.is_some());
            leaf.push(v, level, 0);
        });
        self.leaves.push(leaf);
    }

    /// A list of values; `None` is no list, which is not an empty one.
    fn list(&mut self, name: &str, kind: &str, logical: &str, rows: impl Iterator<Item = Option<Vec<Value>>>) {
        self.schema += &format!(
            "  optional group {name} (LIST) {{ repeated group list {{ required {kind} element {logical}; }} }}\n"
        );
        let mut leaf = Leaf::default();
        for row in rows {
            match row {
                None => leaf.push(None, 0, 0),
                Some(row) if row.is_empty() => leaf.push(None, 1, 0),
                Some(row) => {
                    row.into_iter().enumerate().for_each(|(n, v)| leaf.push(Some(v), 2, i16::from(n > 0)));
                }
            }
        }
        self.leaves.push(leaf);
    }

    /// A list of groups; a field that is `optional` may be missing in one.
    fn list_of_groups(&mut self, name: &str, fields: &[&str], rows: impl Iterator<Item = Vec<Vec<Option<Value>>>>) {
        self.schema += &format!(
            "  required group {name} (LIST) {{ repeated group list {{ required group element {{ {}; }} }} }}\n",
            fields.join("; ")
        );
        let mut leaves: Vec<Leaf> = fields.iter().map(|_| Leaf::default()).collect();
        for row in rows {
            if row.is_empty() {
                leaves.iter_mut().for_each(|l| l.push(None, 0, 0));
            }
            for (n, group) in row.into_iter().enumerate() {
                for ((leaf, field), value) in leaves.iter_mut().zip(fields).zip(group) {
                    let level = 1 + i16::from(field.starts_with("optional") && value.is_some());
                    leaf.push(value, level, i16::from(n > 0));
                }
            }
        }
        self.leaves.extend(leaves);
    }

    fn to_bytes(&self) -> Result<Vec<u8>, ParquetError> {
        // uncompressed: the bytes depend on the rows alone, and the privacy scan reads them as they are
        let properties = WriterProperties::builder()
            .set_compression(Compression::UNCOMPRESSED)
            .set_created_by("isocenter".to_owned())
            .build();
        let schema = parse_message_type(&format!("message manifest {{\n{}}}\n", self.schema))?;
        let mut bytes = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::new(properties))?;
        let mut group = writer.next_row_group()?;
        for leaf in &self.leaves {
            let Some(mut column) = group.next_column()? else { break };
            let levels = (Some(leaf.definition.as_slice()), Some(leaf.repetition.as_slice()));
            let texts = || leaf.values.iter().filter_map(Value::as_text).collect::<Vec<ByteArray>>();
            let wholes = || leaf.values.iter().filter_map(Value::as_whole).collect::<Vec<i64>>();
            let reals = || leaf.values.iter().filter_map(Value::as_real).collect::<Vec<f64>>();
            match column.untyped() {
                parquet::column::writer::ColumnWriter::Int64ColumnWriter(_) => {
                    column.typed::<Int64Type>().write_batch(&wholes(), levels.0, levels.1)?;
                }
                parquet::column::writer::ColumnWriter::DoubleColumnWriter(_) => {
                    column.typed::<DoubleType>().write_batch(&reals(), levels.0, levels.1)?;
                }
                _ => {
                    column.typed::<ByteArrayType>().write_batch(&texts(), levels.0, levels.1)?;
                }
            }
            column.close()?;
        }
        group.close()?;
        writer.close()?;
        Ok(bytes)
    }
}

impl Value {
    fn as_text(&self) -> Option<ByteArray> {
        if let Self::Text(text) = self { Some(ByteArray::from(text.as_str())) } else { None }
    }

    const fn as_whole(&self) -> Option<i64> {
        if let Self::Whole(n) = self { Some(*n) } else { None }
    }

    const fn as_real(&self) -> Option<f64> {
        if let Self::Real(v) = self { Some(*v) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use parquet::{
        file::reader::{FileReader, SerializedFileReader},
        record::{Field, Row},
    };

    use super::*;
    use crate::manifest::{Registration, Statistics};

    fn rows(items: &[Item]) -> Vec<Row> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&to_parquet(items).unwrap()).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        reader.get_row_iter(None).unwrap().map(Result::unwrap).collect()
    }

    fn field(row: &Row, name: &str) -> Field {
        row.get_column_iter().find(|(n, _)| *n == name).map(|(_, f)| f.clone()).unwrap_or(Field::Null)
    }

    #[test]
    fn numbers_are_numbers_and_lists_are_lists() {
        let item = Item {
            item_id: "a".into(),
            fold: Some(2),
            shape: vec![4, 5, 6, 2],
            spacing_mm: [1.0, 2.0, 3.0],
            statistics: Some(Statistics { min: -1.5, not_finite: 3, ..Statistics::default() }),
            labels: [(1, "liver".into()), (7, "cyst".into())].into(),
            label_volumes_ml: [(1, 0.25)].into(),
            labels_remapped: [(9, 7)].into(),
            warnings: vec!["w".into(), "x".into()],
            registration: Some(Registration {
                verdict: "doubtful".into(),
                doubts: vec!["rival".into()],
                ..Registration::default()
            }),
            ..Item::default()
        };
        let rows = rows(&[item, Item::default()]);
        assert_eq!(rows.len(), 2);
        let text = |row: usize, name: &str| field(&rows[row], name).to_string();
        assert_eq!(field(&rows[0], "fold"), Field::Long(2));
        assert_eq!(field(&rows[0], "min"), Field::Double(-1.5));
        assert_eq!(field(&rows[0], "not_finite"), Field::Long(3));
        assert_eq!(text(0, "shape"), "[4, 5, 6, 2]");
        assert_eq!(text(0, "spacing_mm"), "[1.0, 2.0, 3.0]");
        assert_eq!(text(0, "warnings"), "[\"w\", \"x\"]");
        assert_eq!(text(0, "registration_doubts"), "[\"rival\"]");
        assert_eq!(text(0, "registration_fixed_to_moving_lps").matches(", ").count(), 11);
        let labels = text(0, "labels");
        assert!(labels.contains("volume_ml: 0.25") && labels.contains("name: \"cyst\", volume_ml: null"), "{labels}");
        assert_eq!(text(0, "labels_remapped"), "[{from: 9, to: 7}]");
        for empty in ["warnings", "labels", "labels_remapped", "shape"] {
            assert_eq!(text(1, empty), "[]", "{empty}");
        }
        for missing in ["fold", "min", "registration_verdict", "registration_doubts", "modality"] {
            assert_eq!(field(&rows[1], missing), Field::Null, "{missing}");
        }
    }

    #[test]
    fn every_field_of_a_row_has_a_column() {
        let row = serde_json::to_value(Item::default()).unwrap();
        let rows = rows(&[Item::default()]);
        let columns: Vec<&String> = rows[0].get_column_iter().map(|(name, _)| name).collect();
        let spread = ["statistics", "registration", "label_volumes_ml"];
        for name in row.as_object().unwrap().keys().filter(|k| !spread.contains(&k.as_str())) {
            assert!(columns.contains(&name), "{name}");
        }
        for name in
            ["min", "max", "mean", "sd", "not_finite", "padding", "registration_fixed", "registration_metric_after"]
        {
            assert!(columns.iter().any(|c| *c == name), "{name}");
        }
    }
}
