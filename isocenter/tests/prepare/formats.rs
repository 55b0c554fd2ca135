//! Volumes of every format become items, the files of one volume are one, and what states no place stays out.

use std::{fs, path::Path};

use isocenter::{
    Funnel, KeySource, Outcome, Prepare, Recipe, formats,
    formats::{File, WriteOptions},
    info::{Info, Options, info},
    manifest,
    volume::{Affine, Ctx, Frame, Geometry, Volume},
};

#[path = "../../../formats/tests/support/ecat.rs"]
#[allow(dead_code, unreachable_pub)]
mod ecat;
#[path = "../../../formats/tests/hdf5/files.rs"]
#[allow(dead_code, unreachable_pub)]
mod hdf5;
#[path = "../../../formats/tests/support/par.rs"]
#[allow(dead_code, unreachable_pub)]
mod par;

fn image(seed: usize) -> File {
    let affine = Affine::from_spacing_origin([2.0, 2.0, 3.0], [seed as f64, -20.0, 5.0]);
    let grid = Geometry::new([6, 5, 4], affine, Frame::Patient(None)).unwrap();
    let voxels: Vec<i16> = (0..120).map(|n| (n * 7 % 101 + seed) as i16).collect();
    File::from_volume(Volume::new(voxels, grid).unwrap().into())
}

fn put(path: &Path, file: &File, options: &WriteOptions<'_>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    formats::write_with(path, file, options).unwrap();
}

fn bytes(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn run(input: &Path, out: &Path) -> Outcome {
    let recipe = Recipe::load("generic").unwrap();
    Prepare::new(vec![input.to_path_buf()], out.to_path_buf(), recipe, KeySource::Demo).run(&Ctx::default()).unwrap()
}

fn listed(input: &Path) -> Info {
    info(&[input.to_path_buf()], Options::default(), &Ctx::default()).unwrap()
}

fn reasons(funnel: &Funnel) -> Vec<(&str, usize)> {
    funnel.reasons.iter().map(|(reason, count)| (reason.as_str(), *count)).collect()
}

/// One patient's folder, and how many files it holds.
fn same(input: &Path, out: &Path, what: &str) {
    let outcome = run(input, out);
    let found = &outcome.funnel;
    assert_eq!(
        (found.items, found.in_items, outcome.exit_code()),
        (1, found.files, 0),
        "{what}: {:#?}",
        outcome.quarantine
    );
    let listed = listed(input);
    assert_eq!((listed.series.len(), listed.funnel.in_items), (1, found.files), "{what}: {:#?}", listed.rejected);
    assert_eq!(listed.series[0].files, found.files, "{what}");
}

#[test]
fn a_volume_of_each_format_is_an_item() {
    let plain = WriteOptions::default();
    for ending in [
        "nii", "nii.gz", "hdr", "nrrd", "nhdr", "mha", "mhd", "mgz", "mgh", "gipl", "gipl.gz", "vtk", "h5", "jnii",
        "bnii", "npz", "zarr", "ome.zarr",
    ] {
        let dir = tempfile::tempdir().unwrap();
        put(&dir.path().join(format!("in/P1/t1.{ending}")), &image(1), &plain);
        same(&dir.path().join("in"), &dir.path().join("out"), ending);
        let item = &manifest::read(&dir.path().join("out")).unwrap()[0];
        let made = formats::read(dir.path().join("out").join(&item.image)).unwrap();
        let wanted = image(1).volume.to_real(&Ctx::default()).unwrap();
        assert_eq!(made.volume.to_real(&Ctx::default()).unwrap().voxels(), wanted.voxels(), "{ending}");
    }
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    put(&at("analyze/P1/t1.hdr"), &image(1), &WriteOptions::default().with_analyze(true));
    bytes(&at("minc/P1/t1.mnc"), &hdf5::plain(hdf5::MINC));
    bytes(&at("ecat/P1/pet.v"), &ecat::file(&[ecat::ONE], 1));
    let rows = [par::Row { index: 0, ..par::slice(1) }, par::Row { index: 1, ..par::slice(2) }];
    bytes(&at("par/P1/t1.PAR"), par::text(par::GENERAL, &rows).as_bytes());
    bytes(&at("par/P1/t1.REC"), &[1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0]);
    for name in ["analyze", "minc", "ecat", "par"] {
        same(&at(name), &at(&format!("{name}.out")), name);
    }
}

#[test]
fn stores_of_one_header_are_volumes_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    let mut twin = image(1);
    let other: Vec<i16> = (0..120).map(|n| (n * 11 % 97) as i16).collect();
    twin.volume = Volume::new(other, twin.volume.geometry().clone()).unwrap().into();
    put(&input.join("P1/scan.ome.zarr"), &image(1), &WriteOptions::default());
    put(&input.join("P2/scan.ome.zarr"), &twin, &WriteOptions::default());
    fs::write(input.join("P1/scan.json"), r#"{"Modality": "MR", "EchoTime": 0.003}"#).unwrap();
    // JSON that has words of a store is none
    fs::write(input.join("list.json"), r#"{"chunks": [1], "attributes": {}}"#).unwrap();
    let outcome = run(&input, &dir.path().join("out"));
    assert_eq!((outcome.funnel.items, outcome.funnel.patients), (2, 2), "{:#?}", outcome.quarantine);
    assert_eq!(reasons(&outcome.funnel), [("not-dicom", 1)]);
    let items = manifest::read(&dir.path().join("out")).unwrap();
    assert_ne!(items[0].item_id, items[1].item_id);
    assert_eq!(items.iter().filter(|item| item.modality.as_deref() == Some("MR")).count(), 1);
    // a table names a store by its folder
    let table = dir.path().join("pairs.csv");
    fs::write(&table, "file,patient,modality\nin/P2/scan.ome.zarr,7,CT\n").unwrap();
    let recipe = Recipe::load("generic").unwrap();
    let mut job = Prepare::new(vec![input], dir.path().join("two"), recipe, KeySource::Demo);
    job.pairs = Some(table);
    job.run(&Ctx::default()).unwrap();
    let items = manifest::read(&dir.path().join("two")).unwrap();
    assert_eq!(items.iter().filter(|item| item.modality.as_deref() == Some("CT")).count(), 1);
}

#[test]
fn a_store_that_cannot_be_read_is_one_record() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("in/P1/t1.zarr");
    put(&store, &image(1), &WriteOptions::default());
    fs::write(store.join("zarr.json"), br#"{"zarr_format": 3, "node_type": "group", "attributes": {"a": 1}}"#).unwrap();
    let outcome = run(&dir.path().join("in"), &dir.path().join("out"));
    assert_eq!((outcome.quarantine.len(), outcome.quarantine[0].reason.as_str()), (1, "unsupported"));
    let listed = listed(&dir.path().join("in"));
    assert_eq!((listed.funnel.files, &listed.funnel.reasons), (outcome.funnel.files, &outcome.funnel.reasons));
}

#[test]
fn arrays_without_a_place_and_pictures_stay_out_and_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    let voxels: Vec<i16> = (0..120).collect();
    let grid = Geometry::new([6, 5, 4], Affine::IDENTITY, Frame::Unknown).unwrap();
    let bare = File::from_volume(Volume::new(voxels, grid).unwrap().into());
    for name in ["a.npy", "b.npz"] {
        put(&input.join(name), &bare, &WriteOptions::default());
    }
    bytes(&input.join("c.png"), b"\x89PNG\r\n\x1a\n and more");
    bytes(&input.join("d.h5"), &hdf5::plain(hdf5::TREE1));
    let outcome = run(&input, &dir.path().join("out"));
    assert_eq!(reasons(&outcome.funnel), [("no-place", 3), ("not-dicom", 1)], "{:#?}", outcome.quarantine);
    assert!(isocenter::quarantine::advice("no-place").next.contains("NIfTI"));
    assert_eq!(listed(&input).funnel.reasons, outcome.funnel.reasons);
}
