//! Images of OME-NGFF as others write them.

use isocenter_formats::{ReadOptions, Region};
use isocenter_volume::{AxisKind, Quantity};
use serde_json::{Value, json};

use crate::{
    arrays::v3,
    store::{Store, of, open, read, read_with, shorts},
    support::codes,
    voxels,
};

fn axis(name: &str, kind: &str, unit: Option<&str>) -> Value {
    let mut axis = json!({ "name": name, "type": kind });
    if let Some(unit) = unit {
        axis["unit"] = unit.into();
    }
    axis
}

/// An image of two levels, 2 x 1 x 1 x 3 and 1 x 1 x 1 x 1, of axes t, z, y, x.
fn image(change: impl FnOnce(&mut Value)) -> Store {
    let space = |name| axis(name, "space", Some("micrometer"));
    let mut image = json!({
        "name": "cells",
        "axes": [axis("t", "time", Some("millisecond")), space("z"), space("y"), space("x")],
        "datasets": [
            { "path": "s0", "coordinateTransformations": [
                { "type": "scale", "scale": [5.0, 3.0, 2.0, 4.0] },
                { "type": "translation", "translation": [10.0, 0.0, -8.0, 16.0] },
            ] },
            { "path": "s1", "coordinateTransformations": [{ "type": "scale", "scale": [10.0, 3.0, 2.0, 12.0] }] },
        ],
    });
    change(&mut image);
    let group = json!({ "zarr_format": 3, "node_type": "group", "attributes": {
        "ome": { "version": "0.5", "multiscales": [image] },
    } });
    let chunks = json!({ "name": "regular", "configuration": { "chunk_shape": [1, 1, 1, 2] } });
    let level = |shape: Value| json!({ "shape": shape, "chunk_grid": chunks });
    let mut store = of(
        "s0/zarr.json",
        &v3(),
        level(json!([2, 1, 1, 3])),
        &[
            ("s0/c/0/0/0/0", shorts([1, 2])),
            ("s0/c/0/0/0/1", shorts([3, 0])),
            ("s0/c/1/0/0/0", shorts([4, 5])),
            ("s0/c/1/0/0/1", shorts([6, 0])),
        ],
    );
    store.extend(of("s1/zarr.json", &v3(), level(json!([1, 1, 1, 1])), &[("s1/c/0/0/0/0", shorts([7, 0]))]));
    store.insert("zarr.json".to_owned(), group.to_string().into_bytes());
    store
}

#[test]
fn axes_have_units_steps_and_starts() {
    let file = read(&image(|_| ())).unwrap();
    let volume = &file.volume;
    assert_eq!((file.format, volume.shape(), voxels!(file, I16)), ("OME-NGFF", [3, 1, 1], vec![1, 2, 3, 4, 5, 6]));
    assert_eq!(volume.geometry().spacing_mm(), [0.004, 0.002, 0.003]);
    assert_eq!(volume.geometry().origin_mm(), [0.016, -0.008, 0.0]);
    assert!(!volume.geometry().frame().is_patient() && codes(&file).is_empty());
    assert_eq!(volume.slow_axes()[0].kind(), &AxisKind::Time);
    assert_eq!(volume.slow_axes()[0].numbers(&Quantity::Time), Some(&[0.01, 0.015][..]));
    assert_eq!(file.texts["name"], "cells");
    let store = image(|_| ());
    let opened = open(&store, "zarr.json", &ReadOptions::default()).unwrap();
    let part = opened.read_region(&Region::block([1, 0, 0], [2, 1, 1]).of_step(1)).unwrap();
    assert_eq!((voxels!(part, I16), part.volume.geometry().origin_mm()), (vec![5, 6], [0.02, -0.008, 0.0]));
}

#[test]
fn a_level_or_an_array_is_chosen_by_its_name() {
    let store = image(|_| ());
    let of = |name| read_with(&store, &ReadOptions::default().with_name(name));
    assert_eq!(voxels!(of("s1").unwrap(), I16), [7]);
    assert_eq!(of("s1").unwrap().volume.geometry().spacing_mm()[0], 0.012);
    assert_eq!(of("s2").unwrap_err().reason(), "unsupported");
    assert_eq!(of("../s1").unwrap_err().reason(), "unsupported");
    // a group without an image
    let mut plain = store.clone();
    plain.insert("zarr.json".to_owned(), br#"{"zarr_format":3,"node_type":"group"}"#.to_vec());
    assert!(read(&plain).unwrap_err().to_string().contains("with_name"));
    assert_eq!(voxels!(read_with(&plain, &ReadOptions::default().with_name("s1")).unwrap(), I16), [7]);
    // an image in a group below
    let nested: Store = store
        .iter()
        .map(|(name, bytes)| (format!("0/{name}"), bytes.clone()))
        .chain([("zarr.json".to_owned(), plain["zarr.json"].clone())])
        .collect();
    assert_eq!(voxels!(read_with(&nested, &ReadOptions::default().with_name("0")).unwrap(), I16).len(), 6);
}

#[test]
fn transformations_of_the_whole_image_come_after_those_of_a_level() {
    let file = read(&image(|image| {
        image["coordinateTransformations"] = json!([
            { "type": "scale", "scale": [1.0, 1.0, 1.0, 1000.0] },
            { "type": "translation", "translation": [0.0, 0.0, 0.0, 500.0] },
        ]);
    }));
    let grid = file.unwrap().volume.geometry().clone();
    assert_eq!((grid.spacing_mm()[0], grid.origin_mm()[0]), (4.0, 16.5));
}

#[test]
fn directions_in_the_body_make_a_patients_frame() {
    let directed = |directions: [&str; 3]| {
        read(&image(|image| {
            for (n, direction) in directions.into_iter().enumerate() {
                image["axes"][n + 1]["orientation"] = json!({ "type": "anatomical", "value": direction });
            }
        }))
        .unwrap()
        .volume
    };
    let grid = directed(["superior-to-inferior", "anterior-to-posterior", "left-to-right"]);
    let grid = grid.geometry();
    assert!(grid.frame().is_patient());
    assert_eq!(grid.affine().column(0), [-0.004, 0.0, 0.0]);
    assert_eq!(grid.affine().column(2), [0.0, 0.0, -0.003]);
    assert_eq!(grid.origin_mm(), [-0.016, -0.008, 0.0]);
    // the same axis twice, or another word: nobody knows
    for other in ["right-to-left", "dorsal-to-ventral"] {
        assert!(!directed([other, "anterior-to-posterior", "left-to-right"]).geometry().frame().is_patient());
    }
}

#[test]
fn older_images_name_their_axes_or_have_five() {
    let file = read(&image(|image| {
        image["axes"] = json!(["t", "z", "y", "x"]);
        image["datasets"] = json!([{ "path": "s0" }]);
    }))
    .unwrap();
    assert_eq!((file.volume.slow_axes()[0].kind(), codes(&file)), (&AxisKind::Time, vec!["no-place"]));
    let refused = read(&image(|image| drop(image.as_object_mut().unwrap().remove("axes")))).unwrap_err();
    assert_eq!(refused.reason(), "malformed", "four axes, and five that go without saying");
}

#[test]
fn axes_are_known_by_their_names() {
    let file = read(&image(|image| {
        image["axes"] = json!([
            axis("x", "space", None),
            axis("y", "space", None),
            axis("c", "channel", None),
            axis("z", "space", None)
        ]);
    }))
    .unwrap();
    // x comes first in the array, z last
    assert_eq!((file.volume.shape(), file.volume.slow_axes()[0].kind()), ([2, 1, 3], &AxisKind::Channel));
    assert_eq!(voxels!(file, I16), [1, 4, 2, 5, 3, 6]);
    assert_eq!(codes(&file), ["unknown-unit"]);
}

#[test]
fn what_an_image_says_wrong_is_refused() {
    type Change = fn(&mut Value);
    let cases: [(&str, Change); 12] = [
        ("malformed", |i| i["axes"] = json!([1])),
        ("malformed", |i| i["axes"][1]["name"] = "x".into()),
        ("malformed", |i| i["axes"] = json!([])),
        ("unsupported", |i| {
            i["axes"] =
                json!([axis("a", "channel", None), axis("b", "time", None), axis("c", "", None), axis("d", "", None)])
        }),
        ("unsupported", |i| i["axes"][0]["type"] = "space".into()),
        ("malformed", |i| i["datasets"] = json!([])),
        ("malformed", |i| i["datasets"][0]["path"] = json!(0)),
        ("unsupported", |i| i["datasets"][0]["path"] = "../s0".into()),
        ("malformed", |i| i["datasets"][0]["coordinateTransformations"][0]["scale"] = json!([1.0])),
        ("unsupported", |i| i["datasets"][0]["coordinateTransformations"][0]["type"] = "rotation".into()),
        ("unsupported", |i| i["datasets"][0]["coordinateTransformations"][0] = json!({ "type": "scale", "path": "a" })),
        ("geometry", |i| i["datasets"][0]["coordinateTransformations"][0]["scale"] = json!([1.0, 1.0, 0.0, 1.0])),
    ];
    for (n, (reason, change)) in cases.into_iter().enumerate() {
        assert_eq!(read(&image(change)).unwrap_err().reason(), reason, "case {n}");
    }
}
