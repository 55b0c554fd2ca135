//! What is written, and how it comes back.

use isocenter_formats::{
    Error, File, ReadOptions, WriteOptions, data_files, open, read as read_path, read_head, write_bytes, write_files,
};
use isocenter_volume::{Affine, AxisKind, Complex, Frame, Geometry, Quantity, Rescale, Scaling, SlowAxis, Unit};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    common::{file, small, text, upright},
    store::{read, written},
    support::codes,
};

/// The kinds of samples but RGB.
const KINDS: usize = 13;

fn slow(which: usize) -> Vec<SlowAxis> {
    let times = SlowAxis::numbered(AxisKind::Time, Quantity::Time, vec![0.5, 3.0, 5.5]).unwrap();
    let of = |kind| SlowAxis::new(kind, 2).unwrap();
    match which {
        0 => vec![],
        1 => vec![times],
        2 => vec![of(AxisKind::Channel)],
        3 => vec![of(AxisKind::Echo), times],
        4 => vec![of(AxisKind::Other("dim4".to_owned())), of(AxisKind::Time)],
        _ => vec![of(AxisKind::Diffusion)],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_type_comes_back_with_its_place(
        grid in upright(), axes in 0usize..6, kind in 0..KINDS, seed in any::<u64>(), lean in -1.0f64..1.0,
        turn in 0usize..3, is_v2 in any::<bool>(), level in 0u32..10,
    ) {
        let columns = [grid.affine().column(0), grid.affine().column(1), [lean, lean / 3.0, -1.5]];
        let columns = [columns[turn], columns[(turn + 1) % 3], columns[(turn + 2) % 3]];
        let grid = Geometry::new(grid.shape(), Affine::from_columns(columns, grid.origin_mm()), grid.frame().clone()).unwrap();
        let given = file(grid, slow(axes), kind, seed);
        let options = WriteOptions::default().with_zarr2(is_v2).with_level(level);
        let store = written(&given, &options).unwrap();
        prop_assert_eq!(&store, &written(&given, &options).unwrap());
        let back = read(&store).unwrap();
        prop_assert_eq!(text(back.volume.samples()), text(given.volume.samples()));
        prop_assert_eq!(back.volume.head(), given.volume.head());
        prop_assert!(codes(&back).is_empty());
    }
}

#[test]
fn a_long_volume_is_cut_into_chunks() {
    let grid = Geometry::new([300, 2, 129], Affine::IDENTITY, Frame::Unknown).unwrap();
    let given = file(grid, Vec::new(), 2, 3);
    let store = written(&given, &WriteOptions::default()).unwrap();
    assert_eq!(store.keys().filter(|name| name.starts_with("0/c/")).count(), 3 * 2);
    assert_eq!(text(read(&store).unwrap().volume.samples()), text(given.volume.samples()));
}

#[test]
fn a_store_says_what_the_specification_asks_for() {
    let affine = Affine::from_columns([[-2.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 3.0]], [10.0, 20.0, 30.0]);
    let grid = Geometry::new([2, 3, 4], affine, Frame::Patient(None)).unwrap();
    let given = file(grid, slow(3), 3, 1);
    let store = written(&given, &WriteOptions::default()).unwrap();
    let json = |name: &str| -> Value { serde_json::from_slice(&store[name]).unwrap() };
    let image = json("zarr.json")["attributes"]["ome"]["multiscales"][0].clone();
    let names: Vec<&str> = image["axes"].as_array().unwrap().iter().map(|a| a["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["t", "echo", "z", "y", "x"]);
    // the patient's right is at the end of i: along it, the first voxel is at -10 mm
    assert_eq!(image["axes"][4]["orientation"]["value"], "left-to-right");
    let steps = &image["datasets"][0]["coordinateTransformations"];
    assert_eq!(steps[0]["scale"], json!([2.5, 1.0, 3.0, 1.0, 2.0]));
    assert_eq!(steps[1]["translation"], json!([0.5, 0.0, 30.0, 20.0, -10.0]));
    assert_eq!(json("0/zarr.json")["shape"], json!([3, 2, 4, 3, 2]));
    assert_eq!(json("0/zarr.json")["dimension_names"], json!(["t", "echo", "z", "y", "x"]));
    // without the attribute of ours the directions of the axes still say it
    let mut other = json("zarr.json");
    other["attributes"].as_object_mut().unwrap().remove("isocenter");
    let mut stripped = store.clone();
    stripped.insert("zarr.json".to_owned(), other.to_string().into_bytes());
    assert_eq!(read(&stripped).unwrap().volume.geometry(), given.volume.geometry());
    // and where it contradicts them, they hold
    let mut other = json("zarr.json");
    other["attributes"]["ome"]["multiscales"][0]["datasets"][0]["coordinateTransformations"][0]["scale"][4] =
        json!(4.0);
    stripped.insert("zarr.json".to_owned(), other.to_string().into_bytes());
    let changed = read(&stripped).unwrap();
    assert_eq!((changed.volume.geometry().spacing_mm()[0], codes(&changed)), (4.0, vec!["place-disagrees"]));
    assert!(!changed.volume.geometry().frame().is_patient());
}

#[test]
fn labels_keep_names_and_colours() {
    let table = vec![(1, "liver".to_owned()), (7, "spleen".to_owned())];
    let texts = [
        ("Segment0_Name", "liver"),
        ("Segment0_LabelValue", "1"),
        ("Segment0_Layer", "0"),
        ("Segment0_Color", "1 0 0.2"),
    ];
    let texts = texts.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let given = small(0).with_texts(texts).with_label_table(table.clone());
    for is_v2 in [false, true] {
        let back = read(&written(&given, &WriteOptions::default().with_zarr2(is_v2)).unwrap()).unwrap();
        assert!(back.is_label);
        assert_eq!(back.label_table.as_ref(), Some(&table));
        assert!(back.texts.values().any(|text| text == "1 0 0.2"), "{:?}", back.texts);
    }
}

#[test]
fn what_an_image_cannot_hold_is_refused() {
    let refused = |given: &File| written(given, &WriteOptions::default()).unwrap_err();
    assert_eq!(refused(&small(13)).reason(), "unsupported");
    let grid = Geometry::new([2, 2, 2], Affine::IDENTITY, Frame::Unknown).unwrap();
    let two = |kinds: [AxisKind; 2]| kinds.map(|kind| SlowAxis::new(kind, 2).unwrap()).to_vec();
    for axes in [two([AxisKind::Time, AxisKind::Echo]), two([AxisKind::Part, AxisKind::Echo])] {
        assert_eq!(refused(&file(grid.clone(), axes, 0, 1)).reason(), "unsupported");
    }
    let mut scaled = small(3);
    let scaling = Scaling::uniform(Rescale::new(1.0, -1024.0).unwrap(), Unit::Hu);
    scaled.volume = scaled.volume.with_scaling(scaling).unwrap();
    assert!(matches!(refused(&scaled), Error::Scaling { .. }));
    let one = write_bytes(&small(3), "zarr", &WriteOptions::default());
    assert_eq!(one.unwrap_err().reason(), "unsupported");
}

#[test]
fn a_folder_is_written_whole_and_replaces_a_store_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.b.ome.zarr");
    let given = small(3);
    let files = write_files(&path, &given, &WriteOptions::default().with_zarr2(true)).unwrap();
    assert!(files.iter().all(|file| file.is_file() && file.starts_with(&path)));
    assert_eq!(files.len(), 4);
    let of = |path: &std::path::Path| text(read_path(path).unwrap().volume.samples());
    assert_eq!(of(&path), text(given.volume.samples()));
    assert_eq!(of(&path.join(".zattrs")), of(&path));
    assert_eq!(of(&path.join(".zgroup")), of(&path));
    assert_eq!(of(&path.join("0/.zarray")), of(&path));
    // another store takes its place, and none of its files stays
    let files = write_files(&path, &small(9), &WriteOptions::default()).unwrap();
    assert_eq!((files.len(), path.join(".zattrs").exists()), (3, false));
    assert_eq!(of(&path.join("zarr.json")), text(small(9).volume.samples()));
    assert_eq!(read_head(&path, &ReadOptions::default()).unwrap().head, *small(9).volume.head());
    assert_eq!(open(&path, &ReadOptions::default()).unwrap().head().format, "OME-NGFF");
    assert!(data_files(path.join("zarr.json"), &ReadOptions::default()).unwrap().is_empty());
    // what is no store is not touched
    let other = folder.path().join("scans.zarr");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("notes.txt"), "mine").unwrap();
    let refused = write_files(&other, &given, &WriteOptions::default()).unwrap_err();
    assert!(matches!(refused, Error::Io { source, .. } if source.kind() == std::io::ErrorKind::AlreadyExists));
    assert!(other.join("notes.txt").is_file());
    // and what fails leaves nothing
    let _ = write_files(folder.path().join("c.zarr"), &small(13), &WriteOptions::default()).unwrap_err();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn not_a_number_is_a_value_like_others() {
    let grid = Geometry::new([2, 1, 1], Affine::IDENTITY, Frame::Pixel).unwrap();
    let samples = vec![Complex { re: f32::NAN, im: 1.0 }, Complex { re: f32::INFINITY, im: -0.0 }];
    let given = File::from_volume(isocenter_volume::Volume::new(samples, grid).unwrap().into());
    let back = read(&written(&given, &WriteOptions::default()).unwrap()).unwrap();
    assert_eq!(text(back.volume.samples()), text(given.volume.samples()));
    assert_eq!(back.volume.geometry(), given.volume.geometry());
}
