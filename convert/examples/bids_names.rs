//! What a mapping of dcm2bids makes of the sidecars that lie in a folder: `bids_names MAPPING FOLDER LABEL [auto]`.
//!
//! A line for each sidecar: its name, and the name that its volume gets, or why it gets none. Nothing is written.
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::{error::Error, fs, path::PathBuf};

use isocenter_convert::bids::{Fate, Mapping, Subject};
use serde_json::{Map, Value};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (mapping, folder, label, is_automatic) = match arguments.as_slice() {
        [mapping, folder, label] => (mapping, folder, label, false),
        [mapping, folder, label, auto] if auto == "auto" => (mapping, folder, label, true),
        _ => {
            println!("usage: bids_names MAPPING FOLDER LABEL [auto]");
            return Ok(());
        }
    };
    let mapping = Mapping::parse(&fs::read_to_string(mapping)?)?.automatic(is_automatic);
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut sidecars = Vec::new();
    for file in &files {
        let mut said: Map<String, Value> = serde_json::from_slice(&fs::read(file)?)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        said.insert("SidecarFilename".to_owned(), name.into());
        sidecars.push(said);
    }
    for (said, fate) in sidecars.iter().zip(mapping.assign(&sidecars, &Subject::new(label, None)?, "nii.gz")) {
        let name = said.get("SidecarFilename").and_then(Value::as_str).unwrap_or_default();
        match fate {
            Fate::Named(named) => {
                let changes: Map<String, Value> = named.changes.into_iter().collect();
                println!("{name}\t{}\t{}", named.stem, Value::Object(changes));
            }
            Fate::Taken(stem) => println!("{name}\t-\tanother volume is called {stem}"),
            Fate::Several(numbers) => println!("{name}\t-\tdescriptions {numbers:?} fit"),
            _ => println!("{name}\t-\tno description fits"),
        }
    }
    Ok(())
}
