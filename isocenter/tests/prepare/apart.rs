//! Headers whose voxels lie in other files, and label maps that cover a part of their image.

use std::{fs, path::Path};

use isocenter::{KeySource, Outcome, Prepare, Recipe, formats, info, manifest, volume::Ctx};

fn run(input: &Path, out: &Path) -> Outcome {
    let recipe = Recipe::load("generic").unwrap();
    Prepare::new(vec![input.to_path_buf()], out.to_path_buf(), recipe, KeySource::Demo).run(&Ctx::default()).unwrap()
}

fn header(fields: &str) -> Vec<u8> {
    format!(
        "NRRD0005\ntype: uchar\ndimension: 3\nsizes: 4 3 2\nspace: left-posterior-superior\n\
         space directions: (2,0,0) (0,2,0) (0,0,3)\nspace origin: (0,0,0)\nencoding: raw\n{fields}\n"
    )
    .into_bytes()
}

fn write(folder: &Path, files: &[(&str, Vec<u8>)]) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn what_a_header_names_is_no_input_of_its_own() {
    let voxels: Vec<u8> = (1..25).collect();
    let (low, high) = voxels.split_at(12);
    // voxels that begin like a gzip stream, like another header, like text
    let gzip = [&[0x1f, 0x8b, 8, 0], &voxels[4..]].concat();
    let cases: Vec<Vec<(&str, Vec<u8>)>> = vec![
        vec![("ct.nhdr", header("data file: voxels.dat")), ("voxels.dat", gzip)],
        vec![
            ("ct.nhdr", header("byte skip: -1\ndata file: sub/a b")),
            ("sub/a b", [b"NRRD0005\nx: y\n\n".as_slice(), &voxels].concat()),
        ],
        vec![
            ("ct.nhdr", header("data file: s%02d.nrrd 7 8 1")),
            ("s07.nrrd", low.to_vec()),
            ("s08.nrrd", high.to_vec()),
        ],
        vec![
            ("ct.nhdr", header("line skip: 1\ndata file: LIST\nq.raw\nr.txt")),
            ("q.raw", [b"{}\n", low].concat()),
            ("r.txt", [b"x\n", high].concat()),
        ],
    ];
    for files in cases {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("in");
        write(&input.join("p"), &files);
        let outcome = run(&input, &dir.path().join("out"));
        let count = files.len();
        assert_eq!(
            (outcome.exit_code(), outcome.funnel.items, outcome.funnel.in_items),
            (0, 1, count),
            "{:?}",
            files[0]
        );
        let listed = info::info(std::slice::from_ref(&input), info::Options::default(), &Ctx::default()).unwrap();
        assert_eq!((listed.funnel.in_items, listed.funnel.quarantined, listed.series.len()), (count, 0, 1));
    }
}

#[test]
fn a_header_that_is_refused_takes_its_voxels_along() {
    let mut analyze = vec![0u8; 348];
    analyze[..4].copy_from_slice(&348i32.to_le_bytes());
    for (files, reason) in [
        (vec![("a.nhdr", header("data file: a.dat")), ("a.dat", vec![1; 5])], "truncated"),
        (
            vec![
                ("a.mhd", b"ObjectType = Image\nNDims = 3\nElementDataFile = v.zraw\n".to_vec()),
                ("v.zraw", vec![1; 24]),
            ],
            "malformed",
        ),
        (vec![("a.nhdr", header("data file: gone.raw"))], "data-file-missing"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        write(&dir.path().join("in"), &files);
        let outcome = run(&dir.path().join("in"), &dir.path().join("out"));
        assert_eq!(outcome.funnel.reasons, [(reason.to_owned(), files.len())].into());
        assert_eq!(outcome.quarantine.len(), 1, "{reason}");
    }
    // a pair without magic bytes is one record too, whatever it is called
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("in"), &[("a.hdr", analyze), ("a.img", vec![7; 24])]);
    let outcome = run(&dir.path().join("in"), &dir.path().join("out"));
    assert_eq!((outcome.funnel.quarantined, outcome.quarantine.len()), (2, 1), "{:?}", outcome.quarantine);
}

/// A segmentation of 3D Slicer with three bytes along i, two along j, one along k, whose first voxel lies at `origin`.
fn segmentation(directions: &str, origin: &str, sizes: &str, voxels: &[u8]) -> Vec<u8> {
    let text = format!(
        "NRRD0005\ntype: uchar\ndimension: 3\nsizes: {sizes}\nspace: left-posterior-superior\nspace directions: {directions}\n\
         space origin: {origin}\nencoding: raw\nSegment0_ID:=Segment_1\nSegment0_Name:=liver\nSegment0_LabelValue:=1\nSegment0_Layer:=0\n\
         Segmentation_ReferenceImageExtentOffset:=9 9 9\n\n"
    );
    [text.as_bytes(), voxels].concat()
}

#[test]
fn a_segmentation_of_a_part_is_padded_onto_its_image() {
    // the image has voxels of 2 x 2 x 3 mm, 4 x 3 x 2 of them
    let image = (1..25u8).collect::<Vec<_>>();
    let plain = "(2,0,0) (0,2,0) (0,0,3)";
    for (file, wanted, warnings) in [
        // cropped
        (segmentation(plain, "(2,2,3)", "3 1 1", &[1, 0, 1]), vec![(1, 1, 1), (3, 1, 1)], vec!["labels-padded"]),
        // cropped, axes in another order, one of them running back
        (
            segmentation("(0,0,3) (-2,0,0) (0,2,0)", "(6,2,0)", "2 2 1", &[1, 0, 0, 1]),
            vec![(3, 1, 0), (2, 1, 1)],
            vec!["labels-padded"],
        ),
        // sticking out, with background there
        (segmentation(plain, "(-2,0,0)", "3 1 1", &[0, 1, 0]), vec![(0, 0, 0)], vec!["labels-padded"]),
        // sticking out, with a label there
        (segmentation(plain, "(6,0,0)", "2 1 1", &[1, 1]), vec![(3, 0, 0)], vec!["labels-cut", "labels-padded"]),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("in");
        write(&input.join("p"), &[("ct.nrrd", [header(""), image.clone()].concat()), ("liver.seg.nrrd", file)]);
        let out = dir.path().join("out");
        let outcome = run(&input, &out);
        assert_eq!((outcome.exit_code(), outcome.funnel.labelled), (0, 1), "{:?}", outcome.quarantine);
        let item = &manifest::read(&out).unwrap()[0];
        let mut found = item.warnings.clone();
        found.sort();
        assert_eq!(found, warnings);
        let label =
            formats::read(out.join(item.label.as_ref().unwrap())).unwrap().volume.to_real(&Ctx::default()).unwrap();
        let mut voxels = vec![0f32; 24];
        wanted.iter().for_each(|(i, j, k)| voxels[i + 4 * j + 12 * k] = 1.0);
        assert_eq!(label.voxels(), voxels);
    }
}

#[test]
fn a_segmentation_of_another_lattice_is_refused_by_that() {
    for (file, words) in [
        (segmentation("(2,0,0) (0,2,0) (0,0,3)", "(1,2,3)", "3 1 1", &[1, 0, 1]), "none has their lattice"),
        (segmentation("(1,0,0) (0,1,0) (0,0,1)", "(0,0,0)", "3 2 1", &[1; 6]), "none has their lattice"),
        (segmentation("(2,0,0) (0,2,0) (0,0,3)", "(20,0,0)", "3 1 1", &[1, 0, 1]), "beside the image"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("in");
        let image = [header(""), (1..25u8).collect()].concat();
        write(&input.join("p"), &[("ct.nrrd", image), ("liver.seg.nrrd", file)]);
        let outcome = run(&input, &dir.path().join("out"));
        assert_eq!((outcome.exit_code(), outcome.funnel.labelled, outcome.funnel.items), (1, 0, 1));
        assert_eq!(outcome.quarantine[0].reason, "label-without-image");
        assert!(outcome.quarantine[0].detail.contains(words), "{}", outcome.quarantine[0].detail);
    }
}
