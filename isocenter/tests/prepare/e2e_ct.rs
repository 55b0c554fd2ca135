//! Twenty real CT slices with planted identifiers, and a label map whose rows run the other way.

use std::fs;

use isocenter::{Export, KeySource, Prepare, Recipe, formats, manifest, volume::Ctx};

use crate::support::{corpus, files, occurs, unpacked};

#[test]
fn real_ct_and_labels_become_a_data_set_without_a_planted_value() {
    let Some(e2e) = corpus("seedtools/e2e-ct") else { return };
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let recipe = Recipe::load("ct-segmentation").unwrap();
    let outcome = Prepare::new(
        vec![e2e.join("dicom"), e2e.join("seg.nii.gz")],
        out.clone(),
        recipe,
        KeySource::File(dir.path().join("key")),
    )
    .exports(vec![Export::NnUnet, Export::Dicom])
    .run(&Ctx::default())
    .unwrap();
    assert_eq!(outcome.exit_code(), 0, "{:?}", outcome.quarantine);
    assert_eq!((outcome.funnel.files, outcome.funnel.in_items), (21, 21));

    let items = manifest::read(&out).unwrap();
    assert_eq!(items.len(), 1);
    let item = &items[0];
    // the slices are 2 mm apart although Slice Thickness says 3
    assert!((item.spacing_mm[2] - 2.0).abs() < 1e-6, "{:?}", item.spacing_mm);
    assert_eq!(item.labels.len(), 31);
    assert!(item.labels_remapped.is_empty());
    assert_eq!(item.part, "train");

    // labels: every voxel is where it was, and the grid is the image's
    let set = out.join("nnunet/Dataset001_ct-segmentation");
    let image = formats::read(set.join(format!("imagesTr/{}_0000.nii.gz", item.item_id))).unwrap().volume;
    let label = formats::read(set.join(format!("labelsTr/{}.nii.gz", item.item_id))).unwrap().volume;
    assert_eq!(image.geometry().affine(), label.geometry().affine());
    let original = formats::read(e2e.join("seg.nii.gz")).unwrap().volume.to_real(&Ctx::default()).unwrap();
    let exported = label.to_real(&Ctx::default()).unwrap();
    let mut compared = 0;
    for (n, value) in original.voxels().iter().enumerate().filter(|(_, v)| **v != 0.0) {
        let [nx, ny, _] = original.shape();
        let world = original.geometry().world_of([n % nx, n / nx % ny, n / nx / ny].map(|v| v as f64));
        let at = exported.geometry().index_of(world).map(|v| v.round() as usize);
        assert_eq!(exported.view_ijk(0).unwrap()[at], *value);
        compared += 1;
    }
    assert_eq!(compared, exported.voxels().iter().filter(|v| **v != 0.0).count());

    let planted: serde_json::Value = serde_json::from_slice(&fs::read(e2e.join("planted.json")).unwrap()).unwrap();
    let values: Vec<&str> =
        planted["values"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).filter(|v| v.len() >= 5).collect();
    assert!(values.len() > 50);
    for file in files(&out) {
        let name = file.strip_prefix(&out).unwrap().to_string_lossy().into_owned();
        for bytes in unpacked(&file).iter().chain([&name.clone().into_bytes()]) {
            for value in &values {
                assert!(!occurs(bytes, value), "a planted value of {} bytes is in {name}", value.len());
            }
        }
    }
    // the weight is too short to be searched for in bytes: no field holds it
    let row = serde_json::to_value(item).unwrap();
    assert!(!fields(&row).iter().any(|f| f == "71"));
}

fn fields(value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::Object(map) => map.values().flat_map(fields).collect(),
        serde_json::Value::Array(list) => list.iter().flat_map(fields).collect(),
        serde_json::Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}
