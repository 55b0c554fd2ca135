//! Files of the corpus: NIfTI of many tools, NRRD of 3D Slicer and MITK.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use isocenter_formats::{labels, read};
use isocenter_testing::corpus::part as corpus;

fn files(folder: &Path, wanted: &dyn Fn(&str) -> bool, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, wanted, found);
        } else if path.file_name().and_then(OsStr::to_str).is_some_and(wanted) {
            found.push(path);
        }
    }
}

#[test]
fn every_nrrd_of_the_labels_area_is_a_label_map_or_an_image() {
    let Some(corpus) = corpus("") else { return };
    let mut found = Vec::new();
    files(&corpus.join("labels"), &|n| n.ends_with(".nrrd"), &mut found);
    assert!(found.len() >= 13, "{} files", found.len());
    for path in found {
        let file = read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(file.volume.geometry().frame().is_patient());
        assert!(file.warnings.is_empty(), "{}: {:?}", path.display(), file.warnings);
    }
}

#[test]
fn a_segmentation_of_3d_slicer_has_its_layers_and_names() {
    let Some(corpus) = corpus("") else { return };
    let file = read(corpus.join("labels/slicer-seg/SegmentationOverlapping.seg.nrrd")).unwrap();
    assert_eq!((file.volume.shape(), file.volume.steps()), ([128, 128, 34], 2));
    let map = labels::read_label_map(&file).unwrap();
    assert_eq!(map.segments()[0].name, "ribs");
    for segment in map.segments() {
        assert!(map.values(segment.layer).contains(&segment.value), "{} has no voxel", segment.name);
    }
    for layer in 0..map.layers().len() {
        let named: Vec<u32> = map.segments().iter().filter(|s| s.layer == layer).map(|s| s.value).collect();
        assert_eq!(map.values(layer), named);
    }
}

#[test]
fn the_label_file_of_the_ct_has_its_names() {
    let Some(corpus) = corpus("") else { return };
    let file = read(corpus.join("seedtools/e2e-ct/seg.nii.gz")).unwrap();
    let table = file.label_table.as_ref().unwrap();
    assert_eq!((table.len(), &table[0]), (117, &(1, "spleen".to_owned())));
    assert!(file.is_label && file.volume.geometry().frame().is_patient());
    let map = labels::read_label_map(&file).unwrap();
    assert_eq!(map.values(0).len(), 31);
    assert!(map.values(0).iter().all(|v| map.segments().iter().any(|s| s.value == *v)));
}

#[test]
fn every_nifti_of_register_and_normalize_is_read() {
    let Some(corpus) = corpus("") else { return };
    let mut found = Vec::new();
    for area in ["register", "normalize/inputs"] {
        files(&corpus.join(area), &|n| n.ends_with(".nii.gz"), &mut found);
    }
    assert!(found.len() >= 20, "{} files", found.len());
    for path in found {
        let file = read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(file.volume.geometry().frame().is_patient(), "{}", path.display());
    }
}
