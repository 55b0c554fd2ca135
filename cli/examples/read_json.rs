//! Calls the program from another program: runs `isocenter info --json` and prints the counts of its funnel.
//!
//! `read_json PATH...`; without arguments it lists this crate's own sources, none of which is a scan.
use std::{error::Error, process::Command};

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths: Vec<String> = std::env::args().skip(1).collect();
    if paths.is_empty() {
        paths.push(concat!(env!("CARGO_MANIFEST_DIR"), "/src").to_owned());
    }
    // an example lies in a folder beside the program
    let here = std::env::current_exe()?;
    let program = here.parent().and_then(|p| p.parent()).ok_or("no folder")?.join("isocenter");
    let output = Command::new(program).arg("info").args(&paths).arg("--json").output()?;
    let found: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    #[allow(clippy::print_stdout)]
    if let Some(funnel) = found["funnel"].as_object() {
        funnel.iter().for_each(|(name, count)| println!("{name}: {count}"));
    }
    Ok(())
}
