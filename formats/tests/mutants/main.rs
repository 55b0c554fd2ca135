//! Broken files of every format: whatever bytes come in, no panic, and no more memory than the file can justify.
//!
//! Each mutant is a file with one to four seeded changes. Its head is read, it is read whole and in part, and what was read is
//! written and read again, while a counting allocator notes the most bytes that were live at once.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

mod check;
#[cfg(feature = "hdf5")]
#[path = "../hdf5/files.rs"]
mod files;
mod seeds;

use std::collections::BTreeMap;

#[global_allocator]
static MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

/// Mutants of all formats together.
const COUNT: u64 = 10_000;

/// One test alone in its binary: the allocator counts for the whole process.
#[test]
fn ten_thousand_mutants_of_every_format() {
    let seeds = seeds::all();
    for seed in &seeds {
        let mut seen = check::Seen::default();
        check::check(seed, &seed.bytes, &seed.name, &mut seen);
        assert_eq!((seen.whole, seen.written), (1, 1), "{} is not sound", seed.name);
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let mut by_name: BTreeMap<&str, check::Seen> = BTreeMap::new();
    for n in 0..COUNT {
        let seed = &seeds[(n % seeds.len() as u64) as usize];
        let mutant = seed.kind.mutant(&seed.bytes, n);
        let seen = by_name.entry(&seed.name).or_default();
        pool.install(|| check::check(seed, &mutant, &format!("{}, seed {n}", seed.name), seen));
    }
    for (name, seen) in &by_name {
        println!("{name}: {seen}");
        // mutants that are all refused, or all fine, would test nothing
        assert!(seen.whole > 0 && seen.refused > 0, "{name}: {seen}");
    }
}
