use isocenter_register::transform_file::{Error, Format, Options, parse};
use isocenter_volume::Affine;

use crate::{between_grids, is_close, is_malformed};

#[test]
fn a_file_maps_the_source_to_the_target_in_ras() {
    // points of the moving image go 4 mm to the right, so those of the fixed image go 4 mm to the left
    let text = "MNI Transform File\n% a comment; with a semicolon\n\nTransform_Type = Linear;\nLinear_Transform =\n 1 0 0 4\n 0 1 0 5\n 0 0 1 6;\n";
    assert_eq!(parse(text, None).unwrap(), Affine::translation_by([4.0, 5.0, -6.0]));
}

#[test]
fn several_are_applied_one_after_the_other() {
    let one = |rows: &str| format!("Transform_Type = Linear;\nLinear_Transform =\n{rows};\n");
    let text =
        format!("MNI Transform File\n\n{}{}", one("1 0 0 10\n0 1 0 0\n0 0 1 0"), one("2 0 0 0\n0 1 0 0\n0 0 1 0"));
    // the source moves by 10, then doubles: x to 2 (x + 10) in RAS
    let source_to_target = parse(&text, None).unwrap().inverse().unwrap();
    assert_eq!(source_to_target.apply([-1.0, 0.0, 0.0]), [-22.0, 0.0, 0.0]);
}

#[test]
fn what_is_written_is_the_way_back_in_ras() {
    // SimpleITK 2.5.7 reads the numbers as they stand
    let text = isocenter_register::transform_file::format(&between_grids(), Format::Minc).unwrap();
    let numbers: Vec<f64> = text
        .split("=")
        .nth(2)
        .unwrap()
        .trim()
        .trim_end_matches(';')
        .split_whitespace()
        .map(|w| w.parse().unwrap())
        .collect();
    let stored = Affine::from_ras_to_ras([0, 1, 2].map(|r| [0, 1, 2, 3].map(|c| numbers[4 * r + c])));
    assert!(is_close(&stored.compose(&between_grids()), &Affine::IDENTITY, 1e-12));
    assert!(is_close(&parse(&text, None).unwrap(), &between_grids(), 1e-12));
}

#[test]
fn grids_and_broken_texts_are_errors() {
    let grid = "MNI Transform File\nTransform_Type = Grid_Transform;\nDisplacement_Volume = x_grid_0.mnc;\n";
    match parse(grid, None) {
        Err(Error::Unsupported { found }) => assert_eq!(found, "Grid_Transform"),
        other => panic!("{other:?}"),
    }
    for text in [
        "MNI Transform File\n",
        "MNI Transform File\nTransform_Type = Linear;\n",
        "MNI Transform File\nTransform_Type = Linear;\nLinear_Transform = 1 2 3;\n",
        "MNI Transform File\nTransform_Type = Linear;\nLinear_Transform = 1 0 0 0 0 1 0 0 0 0 1 0\n",
        "MNI Transform File\nTransform_Type = Linear;\nLinear_Transform = 1 0 0 0 0 1 0 0 0 0 0 0;\n",
        "MNI Transform File\nno key;\n",
    ] {
        assert!(is_malformed(&parse(text, None)), "{text:?}");
    }
    assert!(is_malformed(&Options::default().format(Format::Minc).parse(b"1 0 0 0\n")));
}
