//! The same seed gives the same bytes, for any number of threads.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use isocenter_phantom::{Cohort, Error, Truth};
use isocenter_volume::{Ctx, Observer, context::Progress};

fn contents(folder: &Path, root: &Path, out: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            contents(&path, root, out);
        } else {
            out.insert(path.strip_prefix(root).unwrap().to_owned(), std::fs::read(&path).unwrap());
        }
    }
}

fn write(seed: u64, threads: usize) -> (Truth, BTreeMap<PathBuf, Vec<u8>>) {
    let folder = tempfile::tempdir().unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let truth = pool.install(|| Cohort::demo(seed).first(1).write(folder.path(), &Ctx::default())).unwrap();
    let mut files = BTreeMap::new();
    contents(folder.path(), folder.path(), &mut files);
    (truth, files)
}

#[test]
fn thread_count_changes_nothing_and_the_seed_everything() {
    let (truth, files) = write(5, 1);
    let (again, same) = write(5, 3);
    assert_eq!(truth, again);
    assert!(files == same);
    let (other, different) = write(6, 2);
    assert_ne!(truth.patients, other.patients);
    assert!(files != different);
}

#[test]
fn the_truth_survives_json() {
    let folder = tempfile::tempdir().unwrap();
    let truth = Cohort::demo(5).first(0).write(folder.path(), &Ctx::default()).unwrap();
    let path = folder.path().join("truth.json");
    truth.write_json(&path).unwrap();
    assert_eq!(Truth::read_json(&path).unwrap(), truth);
    let whole = &crate::fixture::cohort().truth;
    whole.write_json(&path).unwrap();
    assert_eq!(&Truth::read_json(&path).unwrap(), whole);
}

#[test]
fn stops_when_told_to() {
    struct Impatient(AtomicU64);
    impl Observer for Impatient {
        fn progress(&self, at: &Progress<'_>) {
            self.0.store(at.done(), Ordering::Relaxed);
        }
        fn is_cancelled(&self) -> bool {
            self.0.load(Ordering::Relaxed) >= 1
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let end = Cohort::demo(5).write(folder.path(), &Ctx::default().with_observer(&Impatient(AtomicU64::new(0))));
    assert!(matches!(end, Err(Error::Cancelled)));
}
