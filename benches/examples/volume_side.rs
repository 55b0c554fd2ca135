//! Our side of `peers/volume.py`: reads case names from standard input, runs each once, prints its seconds.
//!
//! usage: volume_side RAW (256 x 256 x 180 f32, i fastest, spacing 1 mm). `save CASE FILE` writes a result's samples. Without
//! arguments it runs every case once on generated samples.
#![allow(clippy::print_stdout)]

use std::io::BufRead;
use std::time::Instant;

use isocenter_benches::volume::{CASES, Output, prepare, run, samples};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(path) = std::env::args().nth(1) else {
        let volume = prepare(samples())?;
        for case in CASES {
            let start = Instant::now();
            run(case, &volume)?;
            println!("{case} {:.4} s", start.elapsed().as_secs_f64());
        }
        return Ok(());
    };
    let bytes = std::fs::read(path)?;
    let volume = prepare(bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect())?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        if let ["save", case, file] = words[..] {
            if let Output::Image(v) = run(case, &volume)? {
                std::fs::write(file, v.voxels().iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>())?;
            }
            println!("saved");
            continue;
        }
        let start = Instant::now();
        let output = run(line.trim(), &volume)?;
        let seconds = start.elapsed().as_secs_f64();
        drop(output); // freeing is not the peer's time either
        println!("{seconds}");
    }
    Ok(())
}
