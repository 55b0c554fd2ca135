//! Prepares a folder of scans by a preset and prints where every file went; `isocenter prepare` does the same.
//!
//! Without arguments it works on a small synthetic series in a temporary folder.
#![allow(clippy::print_stdout)]
use isocenter::{KeySource, Prepare, Recipe, volume::Ctx};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let work = tempfile::tempdir()?;
    let (input, out) = match (args.next(), args.next()) {
        (Some(input), Some(out)) => (input.into(), out.into()),
        _ => {
            let cohort = work.path().join("cohort");
            isocenter_phantom::Cohort::demo(1).write(&cohort, &Ctx::default())?;
            (cohort, work.path().join("dataset"))
        }
    };
    let outcome = Prepare::new(vec![input], out, Recipe::load("generic")?, KeySource::Demo).run(&Ctx::default())?;
    println!("{:#?}", outcome.funnel);
    Ok(())
}
