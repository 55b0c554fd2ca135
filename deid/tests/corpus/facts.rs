//! The compiled-in facts are those of the corpus.

use std::collections::{BTreeMap, BTreeSet};

use crate::corpus;

fn ours(name: &str) -> Vec<String> {
    let path = format!("{}/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// Rows of a CSV as fields.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(true).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn the_table_is_the_standards() {
    let Some(folder) = corpus("deid") else { return };
    let theirs = rows(&std::fs::read_to_string(folder.join("ps3.15_table_e1-1.csv")).unwrap());
    let mine = ours("attributes.csv");
    assert_eq!(mine.len() - 1, theirs.len());
    for (mine, theirs) in mine[1..].iter().zip(&theirs) {
        let tag = theirs[0].replace(['(', ')', ','], "");
        let tag = if tag.contains("gggg") { "private".to_owned() } else { tag };
        let codes: Vec<&str> = theirs[4..].iter().map(String::as_str).collect();
        assert_eq!(*mine, format!("{tag},{},{}", codes.join(","), theirs[1].replace(',', " ")));
    }
}

#[test]
fn types_by_iod_are_the_corpus_s() {
    let Some(folder) = corpus("deid") else { return };
    let theirs = rows(&std::fs::read_to_string(folder.join("e1-1_iod_types.csv")).unwrap());
    let conflicts = ["00080201", "00700082", "00700083"];
    let wanted: BTreeMap<(String, String), String> = theirs
        .into_iter()
        .filter(|row| row[6].contains('/') || (conflicts.contains(&row[1].as_str()) && row[3] != "3"))
        .map(|row| ((row[0].clone(), row[1].clone()), row[3].clone()))
        .collect();
    let mine = ours("iod_types.csv");
    let names: Vec<&str> = mine[0].split(' ').collect();
    let mut found = BTreeMap::new();
    for line in &mine[1..] {
        let mut columns = line.split(',');
        let path = columns.next().unwrap();
        for (kind, set) in columns.map(|column| column.split_once(':').unwrap()) {
            for range in set.split(' ') {
                let (from, to) = range.split_once('-').unwrap_or((range, range));
                for name in &names[from.parse().unwrap()..=to.parse().unwrap()] {
                    found.insert(((*name).to_owned(), path.to_owned()), kind.to_owned());
                }
            }
        }
    }
    assert_eq!(found, wanted);
}

#[test]
fn classes_concepts_and_codes_are_the_corpus_s() {
    let Some(folder) = corpus("deid") else { return };
    for (mine, theirs, columns) in [
        ("sop_classes.csv", "sop_class_iod.csv", 2),
        ("sr_concepts.csv", "ps3.15_table_e3.4-1_sr_concepts.csv", 2),
        ("method_codes.csv", "cid7050.csv", 3),
    ] {
        let first = |row: &[String]| row[..columns].join(",");
        let theirs: BTreeSet<String> =
            rows(&std::fs::read_to_string(folder.join(theirs)).unwrap()).iter().map(|row| first(row)).collect();
        let mine: BTreeSet<String> = rows(&ours(mine).join("\n")).iter().map(|row| first(row)).collect();
        assert_eq!(mine, theirs);
    }
}
