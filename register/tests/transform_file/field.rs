use std::fs;

use isocenter_register::transform_file::{Error, Options, read};
use isocenter_volume::{Affine, Edge, Frame, Geometry, Resample, Volume, WorldMap};

/// A composite of an affine map and a field that SimpleITK 2.5.7 wrote.
const TEXT: &str = "#Insight Transform File V1.0\n#Transform 0\nTransform: CompositeTransform_double_3_3\n#Transform 1\n\
    Transform: AffineTransform_double_3_3\nParameters: 1.1 0.1 0 0 0.9 0.2 0.05 0 1 0.4 -0.5 0.6\nFixedParameters: 0 0 0\n#Transform 2\n\
    Transform: DisplacementFieldTransform_double_3_3\nParameters: -2.41 -3.97 -0.75 1.26 3.41 0.33 -1.66 -2.35 2.25 4.9 0.82 -3.7 -2.87 4.8 0.61 -5.2 -0.25 -3.49 -1.89 -1.46 -2.14 1.66 -0.19 -1.77 1.23 2.49 -4.93 -0.77 -2.94 -0.52 -3.87 0.06 -0.11 -0.91 -3.14 -1.19 -3.27 -4.07 0.67 -3.33 3.51 2.15 -5.99 0.82 -3.31 0.1 0.13 -5.97 -0.7 -0.77 2.89 -3.54 2.21 -3.3 -0.99 -2.52 4.35 1.7 7.3 1.93 2.53 2.52 -1.82 -0.21 4.05 -1.19 0.57 -0.06 1.83 -1.09 -0.46 0.73\n\
    FixedParameters: 4 3 2 1 -2 3 2 3 4 0.8 -0.6 0 0.6 0.8 0 0 0 1\n";

/// Points, and where its `TransformPoint` puts them: inside, near the border, and outside the field.
const BY_ITK: [([f64; 3], [f64; 3]); 6] = [
    ([1.0, -2.0, 3.0], [-1.7480000000000007, -5.423000000000001, 2.7795]),
    ([2.1, 0.7000000000000002, 6.0], [-0.43090624999999994, 2.69015625, 6.032906249999999]),
    ([3.6599999999999997, 4.120000000000001, 4.2], [6.173633000000001, 5.094033, 4.435309]),
    ([2.120000000000001, 7.84, 8.6], [2.2710000000000012, 8.008000000000001, 9.9815]),
    ([0.3599999999999999, -2.48, 3.0], [-2.5000000000000004, -5.855, 2.7475]),
    ([0.0, 16.0, 23.0], [2.0, 18.5, 23.6]),
];

/// Displacements are kept in single precision.
const SINGLE_MM: f64 = 1e-5;

fn is_itks(map: &impl WorldMap) -> bool {
    BY_ITK.iter().all(|(from, to)| {
        let found = map.map(*from);
        (0..3).all(|a| (found[a] - to[a]).abs() < SINGLE_MM)
    })
}

fn on_disk(bytes: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    file
}

#[test]
fn a_composite_with_a_field_puts_points_where_itk_puts_them() {
    let file = on_disk(TEXT.as_bytes());
    assert!(is_itks(&Options::default().read_map(file.path()).unwrap()));
    // what asks for an affine map is told why there is none
    match read(file.path(), None) {
        Err(Error::Unsupported { found }) => assert_eq!(found, "DisplacementFieldTransform_double_3_3"),
        other => panic!("{other:?}"),
    }
}

#[test]
#[cfg(feature = "hdf5")]
fn so_does_one_in_hdf5() {
    let mut file = isocenter_formats::hdf5::container::Builder::default();
    let mut n = 0;
    for line in TEXT.lines() {
        let numbers = |text: &str| text.split(' ').map(|w| w.parse().unwrap()).collect::<Vec<f64>>();
        match line.split_once(": ") {
            Some(("Transform", kind)) => {
                file.texts(&format!("TransformGroup/{n}/TransformType"), &[kind]);
                n += 1;
            }
            Some((key, values)) => {
                let values = numbers(values);
                file.numbers(&format!("TransformGroup/{}/Transform{key}", n - 1), &[values.len() as u64], values);
            }
            None => {}
        }
    }
    let file = on_disk(&file.to_bytes().unwrap());
    assert!(is_itks(&Options::default().read_map(file.path()).unwrap()));
}

#[test]
fn a_field_moves_a_volume() {
    // 2 mm along x inside a grid of 3 voxels
    let text = "#Insight Transform File V1.0\nTransform: DisplacementFieldTransform_float_3_3\nParameters: 2 0 0 2 0 0 2 0 0\n\
                FixedParameters: 3 1 1 0 0 0 2 2 2 1 0 0 0 1 0 0 0 1\n";
    let file = on_disk(text.as_bytes());
    let map = Options::default().read_map(file.path()).unwrap();
    let grid = Geometry::new([3, 1, 1], Affine::from_spacing_origin([2.0; 3], [0.0; 3]), Frame::Patient(None)).unwrap();
    let volume = Volume::new(vec![1.0f32, 2.0, 4.0], grid.clone()).unwrap();
    let moved = Resample::to_geometry(grid).transform(map).edge(Edge::Value(0.0)).apply(&volume).unwrap();
    assert_eq!(moved.voxels(), [2.0, 4.0, 0.0]);
}

#[test]
fn other_files_are_maps_as_well_and_broken_fields_are_errors() {
    let file = on_disk(b"1 0 0 -4\n0 1 0 0\n0 0 1 0\n0 0 0 1\n");
    let path = file.path().with_extension("txt");
    fs::copy(file.path(), &path).unwrap();
    let map = Options::default().read_map(&path).unwrap();
    fs::remove_file(&path).unwrap();
    assert_eq!(map.as_affine(), Some(Affine::translation_by([4.0, 0.0, 0.0])));
    for (from, to) in [
        ("FixedParameters: 4 3 2 ", "FixedParameters: 4 3 3 "),
        ("FixedParameters: 4 3 2 ", "FixedParameters: 65535 65535 65535 "),
        ("FixedParameters: 4 3 2 ", "FixedParameters: 4 3 -2 "),
        ("2 3 4 0.8", "2 3 0 0.8"),
        ("Parameters: -2.41 ", "Parameters: 1e300 "),
        ("Parameters: -2.41 ", "Parameters: "),
        ("0 0 1\n", "0 0\n"),
        ("1.1 0.1 0 0 0.9 0.2 0.05 0 1", "0 0 0 0 0 0 0 0 0"),
    ] {
        let text = TEXT.replacen(from, to, 1);
        let file = on_disk(text.as_bytes());
        let read = Options::default().read_map(file.path());
        assert!(text != TEXT && matches!(read, Err(Error::Malformed { .. })), "{to} {read:?}");
    }
}
