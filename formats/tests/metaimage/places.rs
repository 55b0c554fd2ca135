//! Where headers place their volumes. What ITK makes of each was asked of SimpleITK 2.5.7.

use isocenter_formats::{Error, File, ReadOptions, read_bytes};
use isocenter_volume::Frame;

use crate::support::codes;

fn read(fields: &str) -> Result<File, Error> {
    let text = format!(
        "ObjectType = Image\nNDims = 3\n{fields}\nDimSize = 2 1 1\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n"
    );
    read_bytes(&[text.as_bytes(), &[1, 2]].concat(), &ReadOptions::default())
}

#[test]
fn rows_of_the_matrix_are_the_directions_of_the_axes() {
    // SetDirection((c, -s, 0, s, c, 0, 0, 0, 1)) with c, s of 0.5 rad: its columns are the axes
    let (c, s) = ("0.87758256189037276", "0.47942553860420301");
    let fields = format!(
        "TransformMatrix = {c} {s} 0 -{s} {c} 0 0 0 1\nOffset = 10 20 30\nCenterOfRotation = 0 0 0\n\
        AnatomicalOrientation = RAI\nElementSpacing = 1.5 2 3"
    );
    let file = read(&fields).unwrap();
    let geometry = file.volume.geometry();
    assert_eq!((geometry.frame(), geometry.origin_mm()), (&Frame::Patient(None), [10.0, 20.0, 30.0]));
    assert_eq!(geometry.affine().column(0), [1.5 * 0.8775825618903728, 1.5 * 0.479425538604203, 0.0]);
    assert_eq!(geometry.affine().column(1), [-2.0 * 0.479425538604203, 2.0 * 0.8775825618903728, 0.0]);
    assert!(file.warnings.is_empty(), "{:?}", file.warnings);
}

#[test]
fn letters_are_compared_with_the_matrix() {
    let case = |letters: &str| {
        let matrix = "-1 0 0 0 0 1 0 1 0";
        read(&format!(
            "TransformMatrix = {matrix}\nOffset = 0 0 0\nAnatomicalOrientation = {letters}\nElementSpacing = 1 1 1"
        ))
        .unwrap()
    };
    assert!(case("LIA").warnings.is_empty());
    assert_eq!(case("LIA").volume.geometry().orientation().unwrap().to_string(), "RSP");
    for wrong in ["RSP", "RAI", "LIP"] {
        assert_eq!(codes(&case(wrong)), ["orientation-disagrees"], "{wrong}");
    }
    // nobody knows, and the file says so
    let unknown = case("???");
    assert_eq!(unknown.volume.geometry().frame(), &Frame::Unknown);
    assert_eq!(unknown.volume.geometry().affine().column(0), [-1.0, 0.0, 0.0]);
    assert!(unknown.warnings.is_empty());
}

#[test]
fn without_a_matrix_nobody_knows_left_from_right() {
    for fields in [
        "Offset = 1 2 3\nElementSpacing = 2 3 4",
        "Position = 1 2 3\nElementSpacing = 2 3 4\nAnatomicalOrientation = RAI",
    ] {
        let file = read(fields).unwrap();
        let geometry = file.volume.geometry();
        assert_eq!(geometry.frame(), &Frame::Unknown);
        assert_eq!((geometry.origin_mm(), geometry.spacing_mm()), ([1.0, 2.0, 3.0], [2.0, 3.0, 4.0]));
        assert!(file.warnings.is_empty());
    }
}

#[test]
fn synonyms_sizes_units_and_signs() {
    let matrix = "1 0 0 0 1 0 0 0 1";
    for (place, turn) in [("Origin", "Rotation"), ("Position", "Orientation"), ("Offset", "TransformMatrix")] {
        let file = read(&format!("{place} = 1 2 3\n{turn} = {matrix}\nElementSpacing = 2 2 2")).unwrap();
        assert_eq!(file.volume.geometry().origin_mm(), [1.0, 2.0, 3.0], "{place}");
        assert!(file.volume.geometry().frame().is_patient(), "{turn}");
    }
    let file = read(&format!("TransformMatrix = {matrix}\nOffset = 0 0 0\nElementSize = 2 3 4")).unwrap();
    assert_eq!((file.volume.geometry().spacing_mm(), codes(&file)), ([2.0, 3.0, 4.0], vec!["spacing-from-size"]));
    let file = read(&format!("TransformMatrix = {matrix}\nElementSpacing = 2 0 4")).unwrap();
    assert_eq!(file.volume.geometry().spacing_mm(), [2.0, 1.0, 4.0]);
    assert_eq!(codes(&file), ["spacing-assumed", "origin-assumed"]);
    let file = read(&format!("TransformMatrix = {matrix}\nOffset = 1 0 0\nElementSpacing = 1 1 1\nDistanceUnits = cm"))
        .unwrap();
    assert_eq!(
        (file.volume.geometry().spacing_mm(), file.volume.geometry().origin_mm()),
        ([10.0; 3], [10.0, 0.0, 0.0])
    );
    // ITK turns the axis round as well
    let file = read(&format!("TransformMatrix = {matrix}\nOffset = 0 0 0\nElementSpacing = -1 1 1")).unwrap();
    assert_eq!(file.volume.geometry().affine().column(0), [-1.0, 0.0, 0.0]);
    let centre =
        "TransformMatrix = 0 1 0 1 0 0 0 0 1\nCenterOfRotation = 5 5 5\nOffset = 1 2 3\nElementSpacing = 1 1 1";
    let file = read(centre).unwrap();
    assert_eq!((file.volume.geometry().origin_mm(), codes(&file)), ([1.0, 2.0, 3.0], vec!["centre-ignored"]));
}
