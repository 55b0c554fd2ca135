//! Links in the input: a folder is followed once, loops end, and what is not followed is said.
#![cfg(unix)]

use std::{fs, os::unix::fs::symlink, path::Path};

use isocenter::{
    Funnel, KeySource, Prepare, Recipe, formats,
    info::info,
    volume::{Affine, Ctx, Frame, Geometry, Volume},
};

fn image(path: &Path, seed: usize) {
    let grid = Geometry::new([6, 5, 4], Affine::from_spacing_origin([2.0; 3], [0.0; 3]), Frame::Patient(None)).unwrap();
    let voxels: Vec<i16> = (0..120).map(|n| (n * 7 % 101 + seed) as i16).collect();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    formats::write(path, &formats::File::from_volume(Volume::new(voxels, grid).unwrap().into())).unwrap();
}

#[test]
fn what_links_lead_to_is_taken_once_and_what_is_not_followed_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let (input, aside) = (dir.path().join("in"), dir.path().join("aside"));
    image(&input.join("P1/a.nii.gz"), 0);
    image(&aside.join("P2/b.nii.gz"), 11);
    image(&aside.join("P3/c.nii.gz"), 22);
    image(&dir.path().join("single/d.nii.gz"), 33);
    // a folder by two links, one of them through another; a file by two; a loop; a way up; a folder that is there without a link
    symlink("../aside/P2", input.join("P2")).unwrap();
    symlink("../aside/P3", input.join("P3")).unwrap();
    symlink("P3", input.join("P3_again")).unwrap();
    fs::create_dir(input.join("P4")).unwrap();
    symlink("../../single/d.nii.gz", input.join("P4/d.nii.gz")).unwrap();
    symlink("../../single/d.nii.gz", input.join("P4/e.nii.gz")).unwrap();
    symlink(".", aside.join("P2/here")).unwrap();
    symlink("../..", aside.join("P3/up")).unwrap();
    symlink("P1", input.join("P1_again")).unwrap();
    let counts = |funnel: &Funnel| (funnel.files, funnel.reasons.clone());
    let said = (9, [("link".to_owned(), 5)].into());
    let recipe = Recipe::load("generic").unwrap();
    let job = Prepare::new(vec![input.clone()], dir.path().join("out"), recipe, KeySource::Demo);
    let outcome = job.run(&Ctx::default()).unwrap();
    assert_eq!(counts(&outcome.funnel), said, "{:#?}", outcome.quarantine);
    assert_eq!((outcome.funnel.items, outcome.funnel.patients, outcome.exit_code()), (4, 4, 1));
    let record = outcome.quarantine.iter().find(|r| r.reason == "link").unwrap();
    assert!(record.detail.contains("link"), "{}", record.detail);
    assert_eq!(counts(&info(&[input], isocenter::info::Options::default(), &Ctx::default()).unwrap().funnel), said);
    // a link that is given by name is followed too
    let by_name = Prepare::new(
        vec![dir.path().join("in/P2")],
        dir.path().join("o2"),
        Recipe::load("generic").unwrap(),
        KeySource::Demo,
    );
    assert_eq!(by_name.run(&Ctx::default()).unwrap().funnel.items, 1);
}
