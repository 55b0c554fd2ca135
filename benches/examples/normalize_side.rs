//! Our side of `peers/normalize.py`: reads case names from standard input, runs each once, prints its seconds.
//!
//! usage: normalize_side RAW TABLE (256 x 256 x 180 f32, i fastest, 1 mm; 20,000 x 200 f64, feature by feature). Without arguments it runs every case once on
//! generated samples.
#![allow(clippy::print_stdout)]

use std::{error::Error, io::BufRead, time::Instant};

use isocenter_benches::{
    normalize::{CASES, Prepared, combat},
    volume::{prepare, samples},
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(raw), Some(table)) = (args.next(), args.next()) else {
        // heavy cases would make an example of minutes
        let mut prepared = Prepared::new(prepare(samples())?)?;
        for case in CASES.into_iter().filter(|case| !["n4_full", "non_local_means", "lanczos", "cubic"].contains(case))
        {
            let start = Instant::now();
            prepared.run(case)?;
            println!("{case} {:.4} s", start.elapsed().as_secs_f64());
        }
        return Ok(());
    };
    let bytes = std::fs::read(raw)?;
    let image = prepare(bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect())?;
    let bytes = std::fs::read(table)?;
    let table: Vec<f64> = bytes.as_chunks::<8>().0.iter().map(|b| f64::from_le_bytes(*b)).collect();
    let mut prepared = Prepared::new(image)?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let start = Instant::now();
        match line.trim() {
            "combat" => combat(&table).map(drop)?,
            case => prepared.run(case)?,
        }
        println!("{}", start.elapsed().as_secs_f64());
    }
    Ok(())
}
