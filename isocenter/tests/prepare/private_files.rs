//! The key and the table of `--map`: apart from inputs and output, their owner's alone, and the way from an id to a file and back.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use isocenter::{
    Error, KeySource, Prepare, Recipe, formats, manifest,
    volume::{Affine, Ctx, Frame, Geometry, Volume},
};

fn job(input: &Path, out: &Path, key: &Path, map: Option<&Path>) -> Prepare {
    let mut job = Prepare::new(
        vec![input.to_path_buf()],
        out.to_path_buf(),
        Recipe::load("generic").unwrap(),
        KeySource::File(key.to_path_buf()),
    );
    job.map = map.map(Path::to_path_buf);
    job
}

fn image(path: &Path, seed: usize) {
    let grid =
        Geometry::new([6, 5, 4], Affine::from_spacing_origin([2.0; 3], [seed as f64, 0.0, 0.0]), Frame::Patient(None));
    let voxels: Vec<i16> = (0..120).map(|n| (n * 7 % 101 + seed) as i16).collect();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let volume = Volume::new(voxels, grid.unwrap()).unwrap();
    formats::write(path, &formats::File::from_volume(volume.into())).unwrap();
}

fn refused(job: &Prepare, word: &str) {
    match job.run(&Ctx::default()) {
        Err(error @ Error::Usage { .. }) => assert!(error.to_string().contains(word), "{error}"),
        other => panic!("{other:?}"),
    }
    assert!(!job.out.exists());
}

#[test]
fn neither_lies_inside_an_input_or_in_a_folder_that_is_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out, aside) = (dir.path().join("in"), dir.path().join("out"), dir.path().join("aside"));
    image(&input.join("p/a.nii.gz"), 0);
    fs::create_dir(&aside).unwrap();
    let (key, map) = (aside.join("key"), aside.join("map.csv"));
    refused(&job(&input, &out, &input.join("key"), None), "key file must not lie inside an input");
    refused(&job(&input, &out, &input.join("p/../p/key"), None), "key file must not lie inside an input");
    refused(&job(&input, &out, &key, Some(&input.join("p/map.csv"))), "--map must not lie inside an input");
    refused(&job(&input, &out, &key, Some(&aside.join("none/map.csv"))), "none");
    refused(&job(&input, &out, &key, Some(&aside)), "is a folder");
    refused(&job(&input, &out, &aside.join("none/key"), None), "none");
    assert!(!key.exists() && !map.exists() && !input.join("key").exists());
    // one that is there already
    fs::write(input.join("key"), [7; 32]).unwrap();
    refused(&job(&input, &out, &input.join("key"), None), "inside an input");
    fs::remove_file(input.join("key")).unwrap();
    // a file by itself leaves its folder free
    assert_eq!(
        job(&input.join("p/a.nii.gz"), &out, &input.join("key"), None).run(&Ctx::default()).unwrap().exit_code(),
        0
    );
    fs::remove_dir_all(&out).unwrap();
    fs::copy(input.join("key"), input.join("b.nii")).unwrap();
    refused(&job(&input.join("key"), &out, &input.join("key"), None), "among the inputs");
}

#[test]
#[cfg(unix)]
fn links_do_not_hide_where_they_lie() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().unwrap();
    let (input, out, aside) = (dir.path().join("in"), dir.path().join("out"), dir.path().join("aside"));
    image(&input.join("p/a.nii.gz"), 0);
    fs::create_dir(&aside).unwrap();
    // the key's own path leads in: by its folder, by itself, and by itself where nothing is yet
    symlink(&input, aside.join("folder")).unwrap();
    refused(&job(&input, &out, &aside.join("folder/key"), None), "inside an input");
    symlink("../in/p/key", aside.join("link")).unwrap();
    refused(&job(&input, &out, &aside.join("link"), None), "inside an input");
    fs::write(input.join("p/key"), [7; 32]).unwrap();
    refused(&job(&input, &out, &aside.join("link"), None), "inside an input");
    fs::remove_file(input.join("p/key")).unwrap();
    // an input leads to the key: by a folder, by a file, and by a link to what is to be made
    let secrets = dir.path().join("secrets");
    image(&secrets.join("b.nii.gz"), 3);
    symlink(&secrets, input.join("more")).unwrap();
    refused(&job(&input, &out, &secrets.join("key"), None), "inside an input");
    refused(&job(&input, &out, &aside.join("key"), Some(&secrets.join("map.csv"))), "inside an input");
    fs::remove_file(input.join("more")).unwrap();
    symlink(secrets.join("key"), input.join("k")).unwrap();
    refused(&job(&input, &out, &secrets.join("key"), None), "inside an input");
    fs::write(secrets.join("key"), [7; 32]).unwrap();
    refused(&job(&input, &out, &secrets.join("key"), None), "inside an input");
    fs::remove_file(input.join("k")).unwrap();
    assert_eq!(job(&input, &out, &secrets.join("key"), None).run(&Ctx::default()).unwrap().exit_code(), 0);
}

/// Rows of a table by the name of their file.
fn rows(map: &Path) -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(map).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("id,path,patient,item,outcome,reason"));
    let row = |line: &str| {
        let cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        (PathBuf::from(&cells[1]).file_name().unwrap().to_str().unwrap().to_owned(), cells)
    };
    lines.map(row).collect()
}

#[test]
fn the_table_leads_from_an_item_or_a_record_to_the_file_and_back() {
    let dir = tempfile::tempdir().unwrap();
    let (input, out, map) = (dir.path().join("in"), dir.path().join("out"), dir.path().join("map.csv"));
    image(&input.join("P1/t1.nii.gz"), 0);
    image(&input.join("P2/t1x.nii.gz"), 9);
    fs::write(input.join("note.txt"), "no image").unwrap();
    fs::write(input.join("P1/short.nii"), [0u8; 100]).unwrap();
    let outcome = job(&input, &out, &dir.path().join("key"), Some(&map)).run(&Ctx::default()).unwrap();
    let rows = rows(&map);
    assert_eq!(rows.len(), outcome.funnel.files);
    let items = manifest::read(&out).unwrap();
    assert_eq!(items.len(), 2);
    for item in &items {
        let of_item: Vec<_> = rows.values().filter(|r| r[3] == item.item_id).collect();
        assert_eq!(of_item.len(), 1);
        assert_eq!((&of_item[0][0], &of_item[0][2]), (&item.sources[0], &item.patient));
        assert_eq!((of_item[0][4].as_str(), of_item[0][5].as_str()), ("item", ""));
    }
    assert_ne!(rows["t1.nii.gz"][2], rows["t1x.nii.gz"][2]);
    for record in &outcome.quarantine {
        let row = rows.values().find(|r| r[0] == record.files[0]).unwrap();
        assert_eq!((row[4].as_str(), row[5].as_str(), row[3].as_str()), ("quarantined", record.reason.as_str(), ""));
    }
    assert_eq!(rows["note.txt"][4], "quarantined");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&map).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // a dry run writes none
    fs::remove_file(&map).unwrap();
    fs::remove_dir_all(&out).unwrap();
    job(&input, &out, &dir.path().join("key"), Some(&map)).dry_run(true).run(&Ctx::default()).unwrap();
    assert!(!map.exists());
}
