//! Prints what is known of the timing of each MR volume of a folder, one JSON object a line: series number, description, and the keys
//! of its sidecar.
//!
//! `timing IN`; without an argument, a small CT series is made, which has none. `dcm2niix -b o -o OUT IN` writes the like.
#![allow(clippy::print_stdout, reason = "an example prints")]
#[path = "support/series.rs"]
mod series;

use isocenter_convert::{Facts, Options, plan::plan, timing, volume::Ctx};
use isocenter_dcm::scan;
use serde_json::{Map, Value};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scratch = tempfile::tempdir()?;
    let source = std::env::args_os().nth(1).map_or_else(|| scratch.path().to_owned(), Into::into);
    if source.starts_with(&scratch) {
        for (number, bytes) in series::bytes()?.iter().enumerate() {
            std::fs::write(source.join(format!("{number}.dcm")), bytes)?;
        }
    }
    let files = scan::scan_with(&[source], &Facts::scan_options(), &Ctx::default(), &|file| Facts::of(&file))?;
    for series in &plan(&files, &Options::default())?.series {
        let mut sidecar = Map::new();
        sidecar.insert("SeriesNumber".to_owned(), series.series_number.into());
        sidecar.insert("SeriesDescription".to_owned(), series.description.clone().into());
        let affine = series.head.geometry().affine();
        let affine: Vec<Value> = (0..3).map(|axis| affine.column(axis).to_vec().into()).collect();
        sidecar.insert("affine".to_owned(), affine.into());
        sidecar.insert("shape".to_owned(), series.head.shape().to_vec().into());
        for (key, value) in timing::entries(series, &files, &Options::default())? {
            sidecar.insert(key.to_owned(), value);
        }
        println!("{}", Value::from(sidecar));
    }
    Ok(())
}
