//! Broken files of a series: whatever one of its files holds, no panic, no file unaccounted for, a valid sidecar or none, and no more
//! memory than the files can justify.
//!
//! Each mutant is a series one of whose files has one to four seeded changes, most of them in its header, where the makers' own
//! texts lie. It is scanned, planned, and all its volumes are written with gradients, sidecars and overlays.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "../series/support.rs"]
#[allow(dead_code, reason = "shared with the tests of series")]
mod support;

use std::{fs, path::Path, sync::Arc, sync::Mutex};

use isocenter_convert::{
    Facts, Options,
    output::{Identity, Outputs},
    plan::plan,
};
use isocenter_dcm::{
    Bytes, FileMeta, Instance,
    scan::{self, NamedSource},
};
use isocenter_testing::{corpus, mutate::Kind};
use isocenter_volume::Ctx;

#[global_allocator]
static MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

/// Tests of this binary run one at a time: the allocator counts for the whole process.
static ALONE: Mutex<()> = Mutex::new(());

/// Files of the corpus up to this size are taken, and so many of a series.
const LARGEST: u64 = 320 << 10;
const FILES: usize = 4;
/// Bytes that any series may take, whatever its size, and for each byte of its files.
const FLOOR: u64 = 96 << 20;
const FACTOR: u64 = 24;

/// Most changes fall into the first bytes, where the headers of the makers are.
const KIND: Kind = Kind { head: 24 << 10, ..Kind::DICOM };

/// A name and its files.
type Series = (String, Vec<Vec<u8>>);

fn generated() -> Option<Vec<Series>> {
    let bytes = |ds| Instance::new(FileMeta::default(), ds).to_bytes().unwrap();
    let mut mr: Vec<_> = (0..3).map(|k| support::slice(support::MR, k, [0.0, 0.0, 4.0 * k as f64], 50)).collect();
    support::numbers(&mut mr[1], isocenter_dcm::tags::DIFFUSION_GRADIENT_ORIENTATION, &[1.0, 0.0, 0.0]);
    let pet = (0..3).map(|k| support::slice(support::PET, k, [0.0, 0.0, 4.0 * k as f64], 50));
    Some(vec![
        ("ct".to_owned(), support::ct(3).into_iter().map(bytes).collect()),
        ("mr".to_owned(), mr.into_iter().map(bytes).collect()),
        ("pet".to_owned(), pet.map(bytes).collect()),
    ])
}

fn found() -> Option<Vec<Series>> {
    let mut sets: Vec<_> = fs::read_dir(corpus::part("convert")?).unwrap().map(|entry| entry.unwrap().path()).collect();
    sets.sort();
    let mut series = Vec::new();
    for set in sets {
        let mut paths = Vec::new();
        walk(&set.join("In"), &mut paths);
        paths.sort();
        paths.truncate(FILES);
        if !paths.is_empty() {
            let name = set.file_name().unwrap().to_string_lossy().into_owned();
            series.push((name, paths.iter().map(|path| fs::read(path).unwrap()).collect()));
        }
    }
    assert!(series.len() >= 20, "{}", series.len());
    Some(series)
}

fn walk(folder: &Path, out: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, out);
        } else if path.metadata().unwrap().len() <= LARGEST {
            out.push(path);
        }
    }
}

fn run(series: fn() -> Option<Vec<Series>>, count: u64) {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let Some(series) = series() else { return };
    let (mut written, mut refused) = (0, 0);
    for n in 0..count {
        let (name, files) = &series[(n % series.len() as u64) as usize];
        let (volumes, rejected) = convert(files, n, &format!("{name}, seed {n}"));
        written += u64::from(volumes > 0);
        refused += u64::from(rejected > 0);
    }
    println!("{count} mutants of {} series: {written} gave a volume, in {refused} a file was refused", series.len());
    assert!(written > count / 10 && refused > count / 20, "mutants that are all fine, or all refused, test nothing");
}

/// How many volumes were written of a series with a changed file, and how many files were refused.
fn convert(files: &[Vec<u8>], seed: u64, name: &str) -> (usize, usize) {
    let changed = (seed / 7) as usize % files.len();
    let given: u64 = files.iter().map(|file| file.len() as u64).sum();
    let source = |(n, file): (usize, &Vec<u8>)| {
        let bytes = if n == changed { KIND.mutant(file, seed) } else { file.clone() };
        NamedSource::new(format!("{n}.dcm"), Arc::new(Bytes(bytes)))
    };
    let sources: Vec<_> = files.iter().enumerate().map(source).collect();
    let folder = tempfile::tempdir().unwrap();
    let before = MEMORY.current_usage() as u64;
    MEMORY.reset_peak_usage();
    let facts = Facts::of_all(&scan::scan_sources(&sources, &Facts::scan_options(), &Ctx::default()).unwrap());
    let mut plan = plan(&facts, &Options::default()).unwrap();
    assert!(plan.funnel(&facts).adds_up(), "{name}: {:?}", plan.funnel(&facts));
    let outputs = Outputs::to(folder.path()).identity(Identity::Keep).overlays(true).extension("nii");
    let records = outputs.write(&mut plan, &facts, &Options::default()).unwrap_or_else(|e| panic!("{name}: {e:?}"));
    let used = (MEMORY.peak_usage() as u64).saturating_sub(before);
    assert!(used <= FLOOR + FACTOR * given, "{name}: {used} bytes of memory, {given} bytes of files");
    for path in
        records.iter().flat_map(|record| &record.outputs).filter(|path| path.extension().is_some_and(|e| e == "json"))
    {
        let text = fs::read(folder.path().join(path)).unwrap();
        assert!(serde_json::from_slice::<serde_json::Value>(&text).is_ok(), "{name}: a broken sidecar");
    }
    (records.iter().filter(|record| !record.outputs.is_empty()).count(), plan.rejected.len())
}

/// The text of a plan, with the digest that belongs to it.
#[cfg(feature = "serde")]
fn sealed(text: &str) -> String {
    use sha2::{Digest, Sha256};
    let body = text.rsplit_once(",\n\"sha256\":\"").map_or(text, |(body, _)| body);
    let digest: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{body},\n\"sha256\":\"{digest}\"}}\n")
}

/// Whatever stands in a plan, it is refused, or what it says is written below the output and nowhere else.
#[cfg(feature = "serde")]
#[test]
fn mutants_of_plans() {
    use isocenter_convert::StoredPlan;
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    const TEXT: Kind = Kind { is_text: true, head: 16 << 10, ..Kind::PLAIN };
    let plans: Vec<_> = generated()
        .unwrap()
        .into_iter()
        .map(|(name, files)| {
            let folder = tempfile::tempdir().unwrap();
            for (n, file) in files.iter().enumerate() {
                fs::write(folder.path().join(format!("{n}.dcm")), file).unwrap();
            }
            let found = scan::scan(&[folder.path()], &Facts::scan_options(), &Ctx::default()).unwrap();
            let (facts, options) = (Facts::of_all(&found), Options::default());
            let outputs = Outputs::to("").identity(Identity::Keep).overlays(true).extension("nii");
            let stored = StoredPlan::new(&plan(&facts, &options).unwrap(), &facts, &outputs, &options).unwrap();
            (name, folder, stored.to_string())
        })
        .collect();
    let (mut read, mut written) = (0, 0);
    for seed in 0..6000 {
        let (name, _folder, text) = &plans[seed as usize % plans.len()];
        let mutant = String::from_utf8_lossy(&TEXT.mutant(text.as_bytes(), seed)).into_owned();
        let before = MEMORY.current_usage() as u64;
        MEMORY.reset_peak_usage();
        // as it is, and as one who edits it would leave it
        for mutant in [&mutant, &sealed(&mutant)] {
            let Ok(stored) = StoredPlan::parse(mutant) else { continue };
            read += 1;
            assert_eq!(StoredPlan::parse(&stored.to_string()).unwrap(), stored, "{name}, seed {seed}");
            let options = stored.options(Ctx::default());
            let target = tempfile::tempdir().unwrap();
            let (mut plan, files) = stored.plan(None, &options).unwrap();
            let outputs = stored.outputs(target.path().join("out"));
            let records = outputs.write(&mut plan, &files, &options);
            written +=
                usize::from(records.is_ok_and(|records| records.iter().any(|record| !record.outputs.is_empty())));
            let beside: Vec<_> = fs::read_dir(target.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert!(beside.iter().all(|name| name == "out"), "{name}, seed {seed}: {beside:?}");
        }
        let used = (MEMORY.peak_usage() as u64).saturating_sub(before);
        assert!(used <= FLOOR, "{name}, seed {seed}: {used} bytes of memory");
    }
    println!("6000 mutants of plans: {read} were read, {written} gave a volume");
    assert!(read > 100 && written > 10, "{read} {written}");
}

#[test]
fn mutants_of_generated_series() {
    run(generated, 1000);
}

#[test]
fn mutants_of_real_series() {
    run(found, 1500);
}
