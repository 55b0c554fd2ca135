//! Folders of DICOM, as `isocenter deid` takes them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use isocenter::{
    Deidentify, KeySource,
    convert::{Facts, Options, plan::plan, read::read},
    dcm::scan::scan_with,
    deid::{Profile, ProfileOption},
    deidentify::Instances,
    volume::{Ctx, Mask, Volume},
};
use isocenter_phantom::{
    Contrast, Vendor,
    grid::{Grid, Plane},
    series::{Modality, SeriesBuilder},
};

use crate::scene::{WORLD, brain, changed, grids, head, left_of_landmarks, other_pose, template};

struct Folders {
    dir: tempfile::TempDir,
}

impl Folders {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("key"), [7; 32]).unwrap();
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn add(&self, builder: &SeriesBuilder, name: &str) {
        builder.write(&self.path("in").join(name)).unwrap();
    }

    fn job(&self, out: &str) -> Deidentify {
        let profile = Profile::basic().with(ProfileOption::CleanRecognizableVisualFeatures);
        let key = KeySource::File(self.path("key"));
        let mut job = Deidentify::new(vec![self.path("in")], self.path(out), profile, key);
        job.faces = Some(template());
        job.report = Some(self.path(&format!("{out}.jsonl")));
        job
    }

    fn run(&self, out: &str) -> Instances {
        self.job(out).run(&Ctx::default()).unwrap()
    }

    /// Every file of an output, by its path in it.
    fn tree(&self, out: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let files = walkdir::WalkDir::new(self.path(out)).into_iter().map(Result::unwrap);
        let files = files.filter(|entry| entry.file_type().is_file());
        files
            .map(|f| (f.path().strip_prefix(self.path(out)).unwrap().to_owned(), fs::read(f.path()).unwrap()))
            .collect()
    }
}

/// The volumes of a folder, real values, the one with the most planes first.
fn volumes(folder: &Path) -> Vec<Volume<f32>> {
    let ctx = Ctx::default();
    let files = scan_with(&[folder], &Facts::scan_options(), &ctx, &|file| Facts::of(&file)).unwrap();
    let plan = plan(&files, &Options::default()).unwrap();
    let read = |series| read(series, &files, &Options::default()).unwrap().volume.to_real(&ctx).unwrap();
    let mut all: Vec<Volume<f32>> = plan.series.iter().map(read).collect();
    all.sort_by_key(|volume| std::cmp::Reverse(volume.shape()[2]));
    all
}

fn series(modality: Modality, contrast: Contrast, grid: &isocenter::volume::Geometry) -> SeriesBuilder {
    let image = head().render(grid, &other_pose(), contrast, 3).unwrap();
    SeriesBuilder::new(modality, image).contrast(contrast).vendor(Vendor::Siemens).frame_uid(WORLD)
}

/// Holds an image of the head to the truth.
fn check(before: &Volume<f32>, after: &Volume<f32>, background: f32) {
    let left = left_of_landmarks(after, &other_pose(), background);
    assert!(left.iter().all(|(_, voxels)| *voxels == 0), "{left:?}");
    assert_eq!(changed(&brain(before.geometry(), &other_pose()), before, after), 0);
    let gone = changed(&Mask::full(before.geometry().clone()), before, after);
    assert!(gone > 1000, "{gone}");
}

#[test]
fn mr_and_ct_lose_every_landmark_and_no_brain() {
    let grids = grids();
    for (modality, contrast, grid, background) in
        [(Modality::Mr, Contrast::T1, &grids[0], 0.0), (Modality::Ct, Contrast::Ct, &grids[1], -1000.0)]
    {
        let folders = Folders::new();
        folders.add(&series(modality, contrast, grid), "a");
        let found = folders.run("out");
        assert_eq!(found.quarantined, 0, "{:?}", found.quarantine);
        let faces = found.faces.unwrap();
        assert_eq!((faces.worlds, faces.found, faces.not_found, faces.not_looked_for), (1, 1, 0, 0));
        assert!(faces.images > 10 && faces.voxels > 1000);
        check(&volumes(&folders.path("in"))[0], &volumes(&folders.path("out"))[0], background);
        let report = fs::read_to_string(folders.path("out.jsonl")).unwrap();
        let lines: Vec<serde_json::Value> = report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(lines.iter().all(|line| line["face"]["verdict"] == "good" && line["face"]["residual_mm"].is_f64()));
        let gone = |line: &serde_json::Value| {
            let elements = line["elements"].as_array().unwrap();
            elements
                .iter()
                .filter(|e| e["action"] == "face-removed")
                .map(|e| e["length"].as_u64().unwrap())
                .sum::<u64>()
        };
        assert_eq!(lines.iter().map(gone).sum::<u64>(), faces.voxels);
    }
}

#[test]
fn series_that_are_not_suited_take_the_mask_of_their_frame_of_reference_and_others_are_kept_out() {
    let folders = Folders::new();
    folders.add(&series(Modality::Mr, Contrast::T1, &grids()[0]).number(1), "a");
    // a scout of three slices, and a slab of four thick ones through the eyes, of the same frame of reference
    let scout = Grid::new(Plane::Sagittal, [120, 120, 3], [2.0, 2.0, 12.0]).centre_mm([0.0, -12.0, -25.0]);
    let slab = Grid::new(Plane::Axial, [110, 124, 4], [2.0, 2.0, 12.0]).centre_mm([0.0, -12.0, -45.0]);
    let [scout, slab] = [scout, slab].map(|grid| grid.frame(WORLD).geometry().unwrap());
    folders.add(&series(Modality::Mr, Contrast::T1, &scout).number(2).localizer(true), "b");
    folders.add(&series(Modality::Mr, Contrast::T2, &slab).number(3), "c");
    // the same slab where the patient lay down again
    folders.add(&series(Modality::Mr, Contrast::T2, &slab).number(4).frame_uid("1.2.826.0.1.78"), "d");
    let found = folders.run("out");
    let reasons: Vec<(&str, usize)> = found.quarantine.iter().map(|q| (q.reason, q.paths.len())).collect();
    assert_eq!(reasons, [("no-face-mask", 4)]);
    assert!(found.quarantine[0].paths.iter().all(|path| path.starts_with(folders.path("in/d"))));
    let faces = found.faces.unwrap();
    assert_eq!((faces.worlds, faces.found, faces.not_found, faces.not_looked_for), (2, 1, 0, 1));
    let out = volumes(&folders.path("out"));
    assert_eq!(out.len(), 3);
    for after in &out {
        let left = left_of_landmarks(after, &other_pose(), 0.0);
        assert!(left.iter().all(|(_, voxels)| *voxels == 0), "{:?}: {left:?}", after.shape());
    }
}

#[test]
fn a_head_that_the_template_does_not_fit_is_kept_out_whole() {
    let folders = Folders::new();
    let grid = grids()[1].clone();
    let [nx, ny, nz] = grid.shape();
    let noise = (0..grid.len()).map(|n| ((n * 7919 + n / 31 * 104_729) % 997) as f32).collect::<Vec<f32>>();
    folders.add(&SeriesBuilder::new(Modality::Mr, Volume::new(noise, grid).unwrap()).frame_uid(WORLD), "a");
    let found = folders.run("out");
    assert_eq!((found.written, found.quarantined, nx * ny * nz > 0), (0, nz, true));
    assert!(found.quarantine[0].reason.starts_with("face-alignment-"), "{:?}", found.quarantine);
    assert_eq!(found.faces.unwrap().not_found, 1);
}

#[test]
fn threads_order_and_resumption_change_no_byte() {
    let folders = Folders::new();
    folders.add(&series(Modality::Ct, Contrast::Ct, &grids()[1]).reverse(), "a");
    let on = |threads: usize, out: &str| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        folders.job(out).run(&Ctx::default().with_pool(&pool)).unwrap();
        folders.tree(out)
    };
    let (one, two) = (on(1, "one"), on(2, "two"));
    assert!(one == two);
    // half of it goes, and comes again
    for path in two.keys().filter(|path| path.extension().is_some_and(|e| e == "dcm")).step_by(2) {
        fs::remove_file(folders.path("two").join(path)).unwrap();
    }
    let mut job = folders.job("two");
    (job.resume, job.report) = (true, None);
    let found = job.run(&Ctx::default()).unwrap();
    assert_eq!(found.faces.unwrap().found, 1);
    assert!(folders.tree("two") == one);
    // whole, no face is looked for
    assert_eq!(job.run(&Ctx::default()).unwrap().faces.unwrap().worlds, 0);
    // by another template it is another output
    job.faces = Some(template().margin_mm(3.0).unwrap());
    assert!(job.run(&Ctx::default()).is_err());
}

#[test]
fn a_template_without_its_option_is_refused() {
    let folders = Folders::new();
    folders.add(&series(Modality::Ct, Contrast::Ct, &grids()[1]), "a");
    let mut job = folders.job("out");
    job.profile = Profile::basic();
    assert_eq!(job.run(&Ctx::default()).unwrap_err().exit_code(), 2);
    assert!(!folders.path("out").exists());
}
