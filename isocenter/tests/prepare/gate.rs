//! The privacy gate: harmless words take nothing back, names are found, and one item's text costs that item alone.

use std::{fs, path::Path};

use isocenter::{
    Export, KeySource, Outcome, Prepare, Recipe, formats, manifest,
    volume::{Affine, Ctx, Frame, Geometry, Volume},
};

use crate::support::{files, occurs, unpacked};

const SHAPE: [usize; 3] = [12, 10, 8];

fn grid(origin_mm: f64) -> Geometry {
    let affine = Affine::from_spacing_origin([2.0, 2.0, 3.0], [origin_mm, -20.0, 5.0]);
    Geometry::new(SHAPE, affine, Frame::Patient(None)).unwrap()
}

/// An NRRD of bytes on [`grid`], with more lines in its header; voxels begin with `start`.
fn nrrd(path: &Path, origin_mm: f64, lines: &str, start: &[u8]) {
    let header = format!(
        "NRRD0005\ntype: uchar\ndimension: 3\nsizes: 12 10 8\nspace: left-posterior-superior\n\
         space directions: (2,0,0) (0,2,0) (0,0,3)\nspace origin: ({origin_mm},-20,5)\nencoding: raw\n{lines}\n\n"
    );
    let mut voxels: Vec<u8> = (0..960u32).map(|n| (n % 251) as u8).collect();
    voxels[..start.len()].copy_from_slice(start);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, [header.as_bytes(), &voxels].concat()).unwrap();
}

/// A NIfTI label map of values 0 and 1 whose table gives 1 a name.
fn labels(path: &Path, origin_mm: f64, name: &str, descrip: &str) {
    let voxels: Vec<u8> = (0..960u32).map(|n| u8::from(n % 97 == 7)).collect();
    let volume = Volume::new(voxels, grid(origin_mm)).unwrap().into();
    let file = formats::File::from_volume(volume)
        .with_label_table(vec![(1, name.to_owned())])
        .with_texts([("descrip".to_owned(), descrip.to_owned())].into());
    formats::write(path, &file).unwrap();
}

fn run(input: &Path, out: &Path, exports: Vec<Export>) -> Outcome {
    let recipe = Recipe::load("generic").unwrap();
    let job = Prepare::new(vec![input.to_path_buf()], out.to_path_buf(), recipe, KeySource::Demo).exports(exports);
    job.run(&Ctx::default()).unwrap()
}

fn nothing_holds(out: &Path, values: &[&str]) {
    for file in files(out) {
        for value in values {
            assert!(!unpacked(&file).iter().any(|bytes| occurs(bytes, value)), "{} holds {value}", file.display());
            assert!(!file.to_string_lossy().contains(value));
        }
    }
}

#[test]
fn harmless_words_take_nothing_back() {
    for (n, lines) in [
        "modality:=CT",
        "Modality:=DWMRI\nunit:=HU\norientation:=LPS",
        "0008|0060:=MR\n0018|0015:=CHEST",
        "BodyPartExamined:=HEADNECK\ncontent: arbitrary",
        "note:=images of the manifest\n# gallbladder",
        "warning:=spacing-assumed\nkind:=trailing-bytes",
    ]
    .into_iter()
    .enumerate()
    {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("in");
        nrrd(&input.join("p/ct.nrrd"), 0.0, lines, &[]);
        fs::write(input.join("p/ct.json"), r#"{"Modality":"CT","BodyPartExamined":"CHEST"}"#).unwrap();
        let outcome = run(&input, &dir.path().join("out"), vec![]);
        assert_eq!((outcome.exit_code(), outcome.funnel.items), (0, 1), "{n}: {lines}");
    }
}

#[test]
fn a_description_may_say_what_a_label_is_called() {
    for (name, said) in
        [("gallbladder", "gallbladder"), ("blobulus_7a", "blobulus 7a"), ("Left Quux", "quux left liver")]
    {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("in");
        nrrd(&input.join("p/ct.nrrd"), 0.0, &format!("content: {said}"), &[]);
        labels(&input.join("p/seg.nii.gz"), 0.0, name, said);
        let out = dir.path().join("out");
        let outcome = run(&input, &out, vec![Export::NnUnet]);
        assert_eq!((outcome.exit_code(), outcome.funnel.labelled), (0, 1), "{name}");
        let items = manifest::read(&out).unwrap();
        assert_eq!(items[0].labels[&1], name.replace(' ', "_"));
    }
    // the names of a segmentation of 3D Slicer are its label table too
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    nrrd(&input.join("p/ct.nrrd"), 0.0, "", &[]);
    let segments =
        "Segment0_ID:=Segment_1\nSegment0_Name:=blobulus\nSegment0_LabelValue:=1\nSegment0_Layer:=0\nnote:=blobulus";
    nrrd(&input.join("p/a.seg.nrrd"), 0.0, segments, &[]);
    let out = dir.path().join("out");
    assert_eq!(run(&input, &out, vec![]).funnel.labelled, 1);
    assert_eq!(manifest::read(&out).unwrap()[0].labels[&1], "blobulus");
}

#[test]
fn a_label_that_is_called_as_the_patient_loses_its_name() {
    for lines in
        ["patient_name:=Quuxler^Hannelore", "0010|0010:=Quuxler^Hannelore", "Hospital:=Quuxler", "PatientID:=Quuxler"]
    {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("in");
        nrrd(&input.join("p/ct.nrrd"), 0.0, lines, &[]);
        labels(&input.join("p/seg.nii.gz"), 0.0, "quuxler", "tumor of Quuxler");
        let out = dir.path().join("out");
        let outcome = run(&input, &out, vec![Export::NnUnet]);
        assert_eq!((outcome.exit_code(), outcome.funnel.labelled), (0, 1), "{lines}");
        assert_eq!(manifest::read(&out).unwrap()[0].labels[&1], "label_1");
        nothing_holds(&out, &["quuxler", "Quuxler", "QUUXLER"]);
    }
}

#[test]
fn one_items_text_costs_that_item_alone() {
    // voxels that spell a name; a term of a sidecar that free text says; the same in another key
    for (lines, sidecar, start, field) in [
        ("patient_name:=Quuxler^Hannelore", r#"{"Modality":"CT"}"#, "Hannelore Quuxler", "patient_name"),
        ("content: QUUXHAUSEN", r#"{"Modality":"CT","BodyPartExamined":"QUUXHAUSEN"}"#, "", "content"),
        ("Quuxhausen:=QUUXHAUSEN", r#"{"Modality":"QUUXHAUSEN"}"#, "", "a key-value"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("in");
        nrrd(&input.join("p/ct.nrrd"), 0.0, lines, start.as_bytes());
        fs::write(input.join("p/ct.json"), sidecar).unwrap();
        labels(&input.join("p/seg.nii.gz"), 0.0, "liver", "");
        nrrd(&input.join("q/ct.nrrd"), 50.0, "", &[]);
        labels(&input.join("q/seg.nii.gz"), 50.0, "liver", "");
        let out = dir.path().join("out");
        let outcome = run(&input, &out, vec![Export::NnUnet]);
        assert_eq!((outcome.exit_code(), outcome.funnel.items, outcome.funnel.patients), (1, 1, 1), "{lines}");
        assert_eq!(outcome.funnel.reasons, [("identifying-text".to_owned(), 3)].into());
        let record = &outcome.quarantine[0];
        assert_eq!(record.files.len(), 3);
        assert!(record.detail.contains(field), "{}", record.detail);
        // nothing is left of it
        let item = &manifest::read(&out).unwrap()[0];
        let left: Vec<String> =
            files(&out).iter().map(|p| p.strip_prefix(&out).unwrap().to_string_lossy().into_owned()).collect();
        let volumes: Vec<&String> = left.iter().filter(|p| p.ends_with(".nii.gz")).collect();
        assert_eq!(volumes.len(), 4, "{volumes:?}");
        assert!(volumes.iter().all(|p| p.contains(&item.item_id)), "{volumes:?}");
        nothing_holds(&out, &["Quuxler", "QUUXHAUSEN", "Quuxhausen"]);
    }
}

#[test]
fn a_file_for_an_export_is_searched_too() {
    // the prepared image is rescaled, the export keeps the voxels that spell the name
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    nrrd(&input.join("p/ct.nrrd"), 0.0, "patient_name:=Quuxler^Hannelore", b"Hannelore Quuxler");
    fs::write(input.join("p/ct.json"), r#"{"Modality":"CT"}"#).unwrap();
    let text = "name = 'x'\n[normalize]\nCT = [{ name = 'ct_window', lower = 0.0, upper = 300.0 }]\n";
    let job = |out: &Path, exports| {
        let recipe = Recipe::parse(text).unwrap();
        Prepare::new(vec![input.clone()], out.to_path_buf(), recipe, KeySource::Demo)
            .exports(exports)
            .run(&Ctx::default())
    };
    assert_eq!(job(&dir.path().join("plain"), vec![]).unwrap().funnel.items, 1);
    let out = dir.path().join("out");
    let outcome = job(&out, vec![Export::NnUnet]).unwrap();
    assert_eq!((outcome.exit_code(), outcome.funnel.items), (1, 0));
    nothing_holds(&out, &["Hannelore", "Quuxler"]);
}
