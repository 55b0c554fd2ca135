//! Images of one value, and images with voxels that are no number.

use std::{fs, path::Path};

use isocenter::{
    KeySource, Prepare, Recipe, formats, manifest,
    volume::{Affine, Ctx, DynVolume, Frame, Geometry, Volume},
};

fn grid(spacing_mm: f64) -> Geometry {
    let affine = Affine::from_spacing_origin([spacing_mm; 3], [-20.0; 3]);
    Geometry::new([16, 15, 14], affine, Frame::Patient(None)).unwrap()
}

/// A T1 of the head of a subject of its own.
fn write(input: &Path, subject: &str, volume: impl Into<DynVolume>) {
    let anat = input.join(subject).join("anat");
    fs::create_dir_all(&anat).unwrap();
    let file = formats::File::from_volume(volume.into());
    formats::write(anat.join(format!("{subject}_T1w.nii.gz")), &file).unwrap();
    let sidecar = r#"{"Modality":"MR","BodyPartExamined":"HEAD","EchoTime":0.003,"RepetitionTime":0.5}"#;
    fs::write(anat.join(format!("{subject}_T1w.json")), sidecar).unwrap();
}

fn run(input: &Path, out: &Path, recipe: &str) -> (Vec<manifest::Item>, String) {
    let recipe = Recipe::load(recipe).unwrap();
    Prepare::new(vec![input.to_path_buf()], out.to_path_buf(), recipe, KeySource::Demo).run(&Ctx::default()).unwrap();
    (manifest::read(out).unwrap(), fs::read_to_string(out.join("quarantine.jsonl")).unwrap_or_default())
}

#[test]
fn an_image_of_one_value_is_judged_as_acquired() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    let len = grid(1.0).len();
    write(&input, "sub-01", Volume::new(vec![37i16; len], grid(2.0)).unwrap());
    write(&input, "sub-02", Volume::new(vec![37u16; len], grid(1.0)).unwrap());
    write(&input, "sub-03", Volume::new(vec![0.1f32; len], grid(1.3)).unwrap());
    let rounded = (0..len).map(|n| f32::from_bits(1e6f32.to_bits() + (n % 3) as u32)).collect::<Vec<_>>();
    write(&input, "sub-04", Volume::new(rounded, grid(2.5)).unwrap());
    let behind = (0..len).map(|n| if n % 4 == 0 { f64::NAN } else { -7.25 }).collect::<Vec<_>>();
    write(&input, "sub-05", Volume::new(behind, grid(1.7)).unwrap());
    let (items, quarantine) = run(&input, &dir.path().join("heads"), "multimodal");
    assert!(items.is_empty(), "{items:?}");
    assert_eq!(quarantine.matches("\"constant-image\"").count(), 5, "{quarantine}");
    // nothing is divided by where nothing is asked for: kept, and said
    let (items, quarantine) = run(&input, &dir.path().join("as-they-are"), "generic");
    assert_eq!((items.len(), quarantine.as_str()), (5, ""));
    assert!(items.iter().all(|i| i.warnings.contains(&"constant-image".to_owned())));
}

#[test]
fn what_is_not_finite_survives_and_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    let len = grid(2.0).len();
    let value = |n: usize| {
        let p = [n % 16, n / 16 % 15, n / 240].map(|v| v as f32);
        100.0 + 11.0 * p[0] - 7.0 * p[1] + 5.0 * p[2]
    };
    let outside = |n: usize| n % 16 < 3 || n / 240 > 11;
    let background = (0..len).map(|n| if outside(n) { f32::NAN } else { value(n) }).collect::<Vec<_>>();
    write(&input, "sub-01", Volume::new(background, grid(2.0)).unwrap());
    let speck = (0..len).map(|n| if n == 1000 { f32::INFINITY } else { value(n) }).collect::<Vec<_>>();
    write(&input, "sub-02", Volume::new(speck, grid(2.0)).unwrap());
    write(&input, "sub-03", Volume::new(vec![f32::NAN; len], grid(2.0)).unwrap());
    let holes = (0..len).filter(|n| outside(*n)).count() as u64;
    let (mut items, quarantine) = run(&input, &dir.path().join("as-they-are"), "generic");
    items.sort_by_key(|i| i.statistics.unwrap().not_finite);
    assert_eq!(items.iter().map(|i| i.statistics.unwrap().not_finite).collect::<Vec<_>>(), [1, holes]);
    assert!(items.iter().all(|i| i.statistics.unwrap().max.is_finite() && i.statistics.unwrap().mean.is_finite()));
    assert_eq!(quarantine.matches("\"no-finite-voxel\"").count(), 1, "{quarantine}");
    // 1 mm: a voxel becomes eight, and no more than that is lost
    let (mut items, quarantine) = run(&input, &dir.path().join("heads"), "multimodal");
    items.sort_by_key(|i| i.statistics.unwrap().not_finite);
    assert_eq!(items.iter().map(|i| i.statistics.unwrap().not_finite).collect::<Vec<_>>(), [8, 8 * holes]);
    assert_eq!(quarantine.matches("\"no-finite-voxel\"").count(), 1, "{quarantine}");
}
