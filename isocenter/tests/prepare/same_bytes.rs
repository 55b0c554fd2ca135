//! Neither threads nor the order of input decide a byte.

use std::path::{Path, PathBuf};

use isocenter::{Export, KeySource, Prepare, Recipe, volume::Ctx};
use isocenter_phantom::Cohort;

use crate::support::{digests, files};

fn run(paths: Vec<PathBuf>, out: &Path, threads: usize) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        Prepare::new(paths, out.to_path_buf(), Recipe::load("multimodal").unwrap(), KeySource::Demo)
            .exports(vec![Export::NnUnet, Export::Dicom])
            .run(&Ctx::default())
            .unwrap();
    });
}

#[test]
fn one_thread_two_threads_and_shuffled_names_give_the_same_tree() {
    let dir = tempfile::tempdir().unwrap();
    let cohort = dir.path().join("cohort");
    Cohort::demo(2).write(&cohort, &Ctx::default()).unwrap();
    // two patients are enough, and the faulty files
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&cohort).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    folders.truncate(2);
    run(folders.clone(), &dir.path().join("one"), 1);
    folders.reverse();
    run(folders.clone(), &dir.path().join("two"), 2);

    // the same files under other names, in another order
    let shuffled = dir.path().join("shuffled");
    std::fs::create_dir(&shuffled).unwrap();
    for folder in &folders {
        for file in files(folder) {
            let name = file.strip_prefix(&cohort).unwrap().to_string_lossy().replace('/', "_");
            let digest: String = name.bytes().rev().map(char::from).collect();
            let ending = if name.ends_with(".nii") { ".seg.nii" } else { "" };
            std::fs::copy(&file, shuffled.join(format!("{}{ending}", digest.replace('.', "-")))).unwrap();
        }
    }
    run(vec![shuffled], &dir.path().join("three"), 2);

    let first = digests(&dir.path().join("one"));
    assert!(first.len() > 10);
    for other in ["two", "three"] {
        let second = digests(&dir.path().join(other));
        let differ: Vec<_> = first.iter().filter(|(p, d)| second.get(*p) != Some(*d)).map(|(p, _)| p).collect();
        assert!(differ.is_empty(), "{other}: {differ:?}");
        assert_eq!(first.len(), second.len());
    }
}
