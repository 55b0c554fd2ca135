//! Label maps with their names.

use isocenter_formats::{ReadOptions, WriteOptions, labels, read_bytes, write_bytes};
use isocenter_volume::{Affine, Frame, Geometry, LabelMap, SampleType, Segment};

fn map(values: Vec<u32>, layers: usize) -> LabelMap {
    let affine = Affine::from_spacing_origin([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]);
    let geometry = Geometry::new([values.len(), 1, 1], affine, Frame::Patient(None)).unwrap();
    let segment = |value: u32| Segment {
        layer: 0,
        value,
        name: format!("organ <{value}> & more"),
        colour: Some([1, 2, value as u8]),
        code: None,
    };
    let segments = values.iter().filter(|v| **v > 0).map(|v| segment(*v)).collect();
    LabelMap::new(vec![values; layers], geometry, segments).unwrap()
}

#[test]
fn the_smallest_type_that_holds_the_values_is_taken() {
    for (largest, wanted) in [(255, SampleType::U8), (256, SampleType::U16), (65_536, SampleType::U32)] {
        let file = labels::label_map_to_file(&map(vec![0, 1, largest], 1)).unwrap();
        assert_eq!(file.volume.sample_type(), wanted);
    }
}

#[test]
fn names_colours_and_values_survive_both_formats() {
    for values in [vec![0, 7, 3], vec![0, 70_000, 4_294_967_295]] {
        for extension in ["nii", "nii.gz", "nrrd"] {
            let map = map(values.clone(), 1);
            let file = labels::label_map_to_file(&map).unwrap();
            let bytes = write_bytes(&file, extension, &WriteOptions::default()).unwrap();
            let back = read_bytes(&bytes, &ReadOptions::default()).unwrap();
            assert!(back.is_label);
            assert_eq!(back.label_table, file.label_table);
            let again = labels::read_label_map(&back).unwrap();
            assert_eq!(again.layers()[0].to_u32(), map.layers()[0].to_u32());
            assert_eq!(again.segments(), map.segments(), "{extension}");
            assert_eq!(again.geometry(), map.geometry());
        }
    }
}

#[test]
fn layers_are_a_slow_axis() {
    for extension in ["nii", "nrrd"] {
        let file = labels::label_map_to_file(&map(vec![0, 1, 2], 3)).unwrap();
        let bytes = write_bytes(&file, extension, &WriteOptions::default()).unwrap();
        let back = labels::read_label_map(&read_bytes(&bytes, &ReadOptions::default()).unwrap()).unwrap();
        assert_eq!(back.layers().len(), 3);
        assert!(back.layers().iter().all(|l| *l == [0u32, 1, 2]));
    }
}

#[test]
fn a_changed_table_wins_over_the_texts() {
    let mut file = labels::label_map_to_file(&map(vec![0, 1], 1)).unwrap();
    file.label_table = Some(vec![(1, "renamed".to_owned())]);
    for extension in ["nii", "nrrd"] {
        let bytes = write_bytes(&file, extension, &WriteOptions::default()).unwrap();
        let back = read_bytes(&bytes, &ReadOptions::default()).unwrap();
        assert_eq!(labels::read_label_map(&back).unwrap().segments()[0].name, "renamed");
    }
    file.label_table = None;
    assert!(labels::read_label_map(&file).unwrap().segments().is_empty());
}
