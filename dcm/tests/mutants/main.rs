//! Broken files: whatever bytes come in, no panic, and no more memory than the file can justify.
//!
//! Each mutant is a file with one to four seeded changes. It is opened whole and header only, all its frames are decoded, and
//! it is written and opened again, while a counting allocator notes the most bytes that were live at once.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod check;
#[path = "../make/mod.rs"]
mod make;
mod seeds;
mod streams;

use std::sync::Mutex;

use isocenter_testing::mutate::Kind;

/// Files by their names.
type Files = Vec<(String, Vec<u8>)>;

#[global_allocator]
static MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

/// Tests of this binary run one at a time: the allocator counts for the whole process.
static ALONE: Mutex<()> = Mutex::new(());

/// Makes `count` mutants of the files in turn, from seed number `from` on.
fn run(files: fn() -> Option<Files>, from: u64, count: u64) {
    let alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let Some(files) = files() else { return };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let mut seen = check::Seen::default();
    for seed in from..from + count {
        let (name, file) = &files[(seed % files.len() as u64) as usize];
        let mutant = Kind::DICOM.mutant(file, seed);
        pool.install(|| check::check(&format!("{name}, seed {seed}"), &mutant, &mut seen));
    }
    drop(alone);
    println!("{count} mutants of {} files: {seen}", files.len());
    // Mutants that are all refused, or all fine, would test nothing.
    assert!(seen.opened > count / 10 && seen.refused > count / 50, "{seen}");
    assert!(seen.decoded > count / 20 && seen.damaged > count / 50, "{seen}");
}

#[test]
fn every_seed_file_is_sound() {
    let _alone = ALONE.lock();
    for (name, file) in seeds::generated() {
        let instance = isocenter_dcm::OpenOptions::new().parse(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
        if instance.has_pixels() {
            make::decode_all(&instance).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
}

#[test]
fn a_thousand_mutants_of_generated_files() {
    run(|| Some(seeds::generated()), 0, 1000);
}

#[test]
fn a_thousand_mutants_of_corpus_files() {
    run(seeds::corpus, 0, 1000);
}

#[test]
#[ignore = "minutes"]
fn ten_thousand_mutants_of_generated_files() {
    run(|| Some(seeds::generated()), 1_000, 10_000);
}

#[test]
#[ignore = "minutes"]
fn ten_thousand_mutants_of_corpus_files() {
    run(seeds::corpus, 1_000, 10_000);
}
