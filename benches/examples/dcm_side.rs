//! Our side of `peers/dcm.py`: reads `VERB COUNT FILE` from standard input, runs the case COUNT times, prints seconds for one.
//!
//! Without arguments on standard input it runs every case once on a slice that it makes: `dcm_side --once`.
#![allow(clippy::print_stdout)]

use std::io::BufRead;
use std::time::Instant;

use isocenter_benches::dcm::{VERBS, prepare, write_slice};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    if std::env::args().nth(1).as_deref() != Some("--serve") {
        let path = std::env::temp_dir().join(format!("isocenter-side-{}.dcm", std::process::id()));
        write_slice(&path)?;
        for verb in VERBS {
            let mut run = prepare(verb, &path)?;
            let start = Instant::now();
            run()?;
            println!("{verb} {:.6} s", start.elapsed().as_secs_f64());
        }
        return Ok(std::fs::remove_file(path)?);
    }
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let mut words = line.splitn(3, ' ');
        let (Some(verb), Some(count), Some(file)) = (words.next(), words.next(), words.next()) else { continue };
        let count: u32 = count.parse()?;
        let timed = prepare(verb, file.as_ref()).and_then(|mut run| {
            run()?;
            let start = Instant::now();
            (0..count).try_for_each(|_| run())?;
            Ok(start.elapsed().as_secs_f64() / f64::from(count))
        });
        match timed {
            Ok(seconds) => println!("{seconds}"),
            Err(_) => println!("nan"),
        }
    }
    Ok(())
}
