//! A run that ends early: marked, without what was not searched, and refused wherever a finished one is wanted.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use isocenter::{
    Error, Export, KeySource, Prepare, Recipe, formats, verify,
    volume::{Affine, Ctx, Frame, Geometry, Observer, Volume, context::Progress},
};

use crate::support::{digests, files};

/// Two patients with an image and a label map each.
fn cohort(input: &Path) {
    for (n, patient) in ["P1", "P2"].into_iter().enumerate() {
        let affine = Affine::from_spacing_origin([2.0; 3], [50.0 * n as f64, 0.0, 0.0]);
        let grid = Geometry::new([20, 18, 16], affine, Frame::Patient(None)).unwrap();
        let write = |name: &str, value: &dyn Fn(usize) -> i16| {
            let path = input.join(patient).join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let volume = Volume::new((0..grid.len()).map(value).collect::<Vec<i16>>(), grid.clone()).unwrap();
            formats::write(&path, &formats::File::from_volume(volume.into())).unwrap();
        };
        write("ct.nii.gz", &|v| (v % 251) as i16);
        write("ct_seg.nii.gz", &|v| i16::from(v % 20 < 9 && v / 20 % 18 < 7));
    }
}

fn job(input: &Path, out: &Path) -> Prepare {
    Prepare::new(vec![input.to_path_buf()], out.to_path_buf(), Recipe::load("generic").unwrap(), KeySource::Demo)
        .exports(vec![Export::NnUnet])
}

/// Stops, or does something else, once `when` holds; asked at every step of the work.
struct At<F, A> {
    when: F,
    act: A,
    done: AtomicBool,
    stops: bool,
}

impl<F: Fn(&str) -> bool + Sync, A: Fn() + Sync> Observer for At<F, A> {
    fn progress(&self, at: &Progress<'_>) {
        if (self.when)(at.stage()) && !self.done.swap(true, Ordering::SeqCst) {
            (self.act)();
        }
    }

    fn is_cancelled(&self) -> bool {
        if (self.when)("") && !self.done.swap(true, Ordering::SeqCst) {
            (self.act)();
        }
        self.stops && self.done.load(Ordering::SeqCst)
    }
}

fn marked(out: &Path) {
    let text = fs::read_to_string(out.join("UNFINISHED")).unwrap();
    assert!(text.contains("must not be used") && text.contains("delete this folder"), "{text}");
    assert!(!out.join(".staging").exists() && !out.join("report.html").exists() && !out.join("report.json").exists());
    let error = verify::check(out).unwrap_err();
    assert_eq!(error.exit_code(), 3);
    assert!(error.to_string().contains("not finished"), "{error}");
}

/// Whether the moment has come, told the stage that is going on.
type IsNow<'a> = dyn Fn(&str) -> bool + Sync + 'a;

#[test]
fn a_run_that_is_stopped_is_marked_and_goes_through_when_it_is_run_again() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    cohort(&input);
    let whole = dir.path().join("whole");
    assert_eq!(job(&input, &whole).run(&Ctx::default()).unwrap().exit_code(), 0);
    assert!(!whole.join("UNFINISHED").exists());
    verify::check(&whole).unwrap();
    let out = dir.path().join("out");
    let image_is_there =
        |_: &str| files_of(&out.join("images")).iter().any(|p| p.extension().is_some_and(|e| e == "gz"));
    let manifest_is_there = |_: &str| out.join("manifest.jsonl").exists();
    let report_is_there = |_: &str| out.join("report.html").exists();
    let moments: [(&str, &IsNow<'_>); 4] = [
        ("an image written, its gate to come", &image_is_there),
        ("writing exports", &|stage| stage == "writing exports"),
        ("searched as a whole", &manifest_is_there),
        ("the report written, its search to come", &report_is_there),
    ];
    for (what, when) in moments {
        let stop = At { when, act: || (), done: AtomicBool::new(false), stops: true };
        let error = job(&input, &out).run(&Ctx::default().with_observer(&stop)).unwrap_err();
        assert_eq!((error.exit_code(), error.reason()), (130, "cancelled"), "{what}");
        assert!(matches!(&error, Error::Unfinished { out: o, .. } if *o == out), "{error:?}");
        assert!(error.to_string().contains("must not be used"), "{error}");
        marked(&out);
        let again = job(&input, &out).run(&Ctx::default()).unwrap_err();
        assert!(matches!(&again, Error::Usage { message } if message.contains("not finished")), "{again:?}");
        fs::remove_dir_all(&out).unwrap();
        job(&input, &out).run(&Ctx::default()).unwrap();
        assert_eq!(digests(&out), digests(&whole), "{what}");
        fs::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn an_item_that_was_not_searched_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    cohort(&input);
    let has = |kind: &str| !files_of(&out.join(kind)).is_empty();
    // on one thread the first image is written, and nothing was searched
    let when = |_: &str| has("images") && !has("labels");
    let stop = At { when, act: || (), done: AtomicBool::new(false), stops: true };
    let pool = rayon_pool();
    let ctx = Ctx::default().with_observer(&stop).with_pool(&pool);
    assert_eq!(job(&input, &out).run(&ctx).unwrap_err().exit_code(), 130);
    marked(&out);
    assert!(!has("images") && !has("labels") && !has("nnunet"), "{:?}", files(&out));
}

#[test]
fn a_run_that_the_system_ends_is_marked() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out) = (dir.path().join("in"), dir.path().join("out"));
    cohort(&input);
    // a file where the next image of the export would have to be written
    let break_it = || {
        fs::remove_dir_all(out.join(".staging")).unwrap();
        fs::write(out.join(".staging"), b"").unwrap();
    };
    let fault =
        At { when: |_: &str| out.join("images").exists(), act: break_it, done: AtomicBool::new(false), stops: false };
    let error = job(&input, &out).run(&Ctx::default().with_observer(&fault)).unwrap_err();
    assert_eq!(error.exit_code(), 5, "{error}");
    assert!(out.join("UNFINISHED").is_file() && verify::check(&out).unwrap_err().exit_code() == 3);
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    if folder.is_dir() { walk(folder) } else { Vec::new() }
}

// as `files`, of a tree that others change meanwhile
fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let is_file = |e: &walkdir::DirEntry| e.file_type().is_file() && e.path().extension().is_some_and(|e| e != "part");
    entries.filter(is_file).map(walkdir::DirEntry::into_path).collect()
}

fn rayon_pool() -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap()
}
