use std::fs;

use isocenter_register::transform_file::{Error, Format, Options, parse};
use isocenter_volume::{Affine, Frame, Geometry};

use crate::{grids, is_malformed, some_motion};

const CENTRE: &str = "(CenterOfRotationPoint 10 20 -30)\n";
const EULER: &str = "0.1 -0.2 0.3 4 -5 6";
const AFFINE: &str = "1.1 0.1 0 0 0.9 0.2 0.05 0 1 4 -5 6";

/// Class, parameters, further lines, and where two points go.
type Case = (&'static str, &'static str, &'static str, [f64; 3], [f64; 3]);

/// Transformix of itk-elastix 0.25.4 puts (7, -11, 13) and (10, 20, 30) there, and prints six digits.
const BY_ELASTIX: [Case; 7] = [
    ("EulerTransform", EULER, CENTRE, [13.370996, -21.823441, 14.244458], [4.347118, 5.868950, 34.510220]),
    (
        "EulerTransform",
        EULER,
        "(CenterOfRotationPoint 10 20 -30)\n(ComputeZYX \"true\")\n",
        [14.042028, -21.767721, 14.303171],
        [4.439295, 5.772480, 34.510220],
    ),
    (
        "SimilarityTransform",
        "0.1 0.2 -0.3 4 -5 6 1.2",
        CENTRE,
        [5.194032, -28.663273, 21.555829],
        [36.388021, -6.994011, 40.800000],
    ),
    ("AffineTransform", AFFINE, CENTRE, [7.600000, -4.300000, 18.850000], [14.000000, 27.000000, 36.000000]),
    (
        "AffineDTITransform",
        "0.1 -0.2 0.3 0.01 0.02 0.03 1.2 0.8 1.05 4 -5 6",
        CENTRE,
        [12.663560, -3.164023, 23.631412],
        [27.106033, 20.966949, 37.335343],
    ),
    (
        "AffineLogTransform",
        "0.1 0.05 0 0 -0.1 0.2 0.05 0 0.02 4 -5 6",
        CENTRE,
        [9.348235, -4.799682, 19.673915],
        [14.302264, 26.536639, 37.217133],
    ),
    ("TranslationTransform", "4 -5 6", "", [11.0, -16.0, 19.0], [14.0, 15.0, 36.0]),
];

fn file(kind: &str, parameters: &str, rest: &str) -> String {
    format!(
        "(Transform \"{kind}\")\n(NumberOfParameters {})\n(TransformParameters {parameters})\n{rest}\n// a comment\n\
         (HowToCombineTransforms \"Compose\")\n(FixedImageDimension 3)\n(MovingImageDimension 3)\n",
        parameters.split(' ').count()
    )
}

fn is_near(map: &Affine, from: [f64; 3], to: [f64; 3]) -> bool {
    let found = map.apply(from);
    (0..3).all(|a| (found[a] - to[a]).abs() < 1e-6)
}

#[test]
fn puts_points_where_elastix_puts_them() {
    for (kind, parameters, rest, first, second) in BY_ELASTIX {
        let map = parse(&file(kind, parameters, rest), None).unwrap();
        assert!(is_near(&map, [7.0, -11.0, 13.0], first), "{kind} {:?}", map.apply([7.0, -11.0, 13.0]));
        assert!(is_near(&map, [10.0, 20.0, 30.0], second), "{kind}");
    }
}

#[test]
fn a_file_continues_the_one_it_names() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("first")).unwrap();
    fs::write(dir.path().join("first/euler.txt"), file("EulerTransform", EULER, CENTRE)).unwrap();
    let initial = "(CenterOfRotationPoint 10 20 -30)\n(InitialTransformParameterFileName \"first/euler.txt\")\n";
    let text = file("AffineTransform", AFFINE, initial);
    let path = dir.path().join("TransformParameters.1.txt");
    fs::write(&path, &text).unwrap();
    // as transformix has it
    let map = Options::default().read(&path).unwrap();
    assert!(is_near(&map, [7.0, -11.0, 13.0], [13.525752, -13.792205, 20.413008]));
    fs::write(&path, text.replace("Compose", "Add")).unwrap();
    let map = Options::default().read(&path).unwrap();
    assert!(is_near(&map, [7.0, -11.0, 13.0], [13.970996, -15.123441, 20.094458]));
    // elastix names it as seen from where it ran; results are moved together
    fs::write(dir.path().join("TransformParameters.0.txt"), file("EulerTransform", EULER, CENTRE)).unwrap();
    for name in
        ["results/TransformParameters.0.txt", "/gone/TransformParameters.0.txt", "C:\\gone\\TransformParameters.0.txt"]
    {
        fs::write(&path, text.replace("first/euler.txt", name)).unwrap();
        let map = Options::default().read(&path).unwrap();
        assert!(is_near(&map, [7.0, -11.0, 13.0], [13.525752, -13.792205, 20.413008]), "{name}");
    }
    // bytes have no folder
    assert!(matches!(parse(&text, None), Err(Error::Chain { .. })));
}

#[test]
fn a_chain_does_not_leave_its_folder_unasked_and_ends() {
    let dir = tempfile::tempdir().unwrap();
    let inner = dir.path().join("inner");
    fs::create_dir(&inner).unwrap();
    fs::write(dir.path().join("euler.txt"), file("EulerTransform", EULER, CENTRE)).unwrap();
    let named = |name: &str| {
        let initial = format!("{CENTRE}(InitialTransformParametersFileName \"{name}\")\n");
        let path = inner.join("t.txt");
        fs::write(&path, file("AffineTransform", AFFINE, &initial)).unwrap();
        path
    };
    let outside = dir.path().join("euler.txt");
    for name in ["../euler.txt", outside.to_str().unwrap()] {
        let path = named(name);
        assert!(matches!(Options::default().read(&path), Err(Error::Chain { .. })), "{name}");
        assert!(Options::default().chain_anywhere().read(&path).is_ok(), "{name}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&outside, inner.join("link.txt")).unwrap();
        assert!(matches!(Options::default().read(named("link.txt")), Err(Error::Chain { .. })));
    }
    assert!(matches!(Options::default().read(named("t.txt")), Err(Error::Chain { .. }))); // itself
    assert!(matches!(Options::default().read(named("none.txt")), Err(Error::Io { .. })));
}

#[test]
fn what_is_written_has_the_fixed_grid_and_every_bit() {
    let (fixed, moving) = grids();
    let options = Options::default().images(&fixed, &moving).format(Format::Elastix);
    let bytes = options.to_bytes(&[some_motion()]).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("(Size 30 41 22)\n") && text.contains("(Origin 20 -33 12)\n"));
    assert_eq!(parse(&text, None).unwrap(), some_motion());
    let alone = Options::default().format(Format::Elastix).to_bytes(&[some_motion()]);
    assert!(matches!(alone, Err(Error::NeedsImages { .. })));
    let tilted = Affine::from_rows([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.3, 0.0], [0.0, 0.0, 1.0, 0.0]]);
    let tilted = Geometry::new([4, 4, 4], tilted, Frame::Patient(None)).unwrap();
    let refused = Options::default().images(&tilted, &moving).format(Format::Elastix).to_bytes(&[some_motion()]);
    assert!(matches!(refused, Err(Error::NotHeld { .. })));
}

#[test]
fn what_is_not_read_is_named_and_broken_texts_are_errors() {
    match parse(&file("BSplineTransform", "1 2 3", CENTRE), None) {
        Err(Error::Unsupported { found }) => assert_eq!(found, "BSplineTransform"),
        other => panic!("{other:?}"),
    }
    let flat = file("EulerTransform", EULER, CENTRE).replace("(FixedImageDimension 3)", "(FixedImageDimension 2)");
    let no_directions =
        file("EulerTransform", EULER, "(CenterOfRotationPoint 1 2 3)\n(UseDirectionCosines \"false\")\n");
    for text in [flat, no_directions] {
        assert!(matches!(parse(&text, None), Err(Error::Unsupported { .. })), "{text}");
    }
    for text in [
        file("EulerTransform", "1 2 3", CENTRE),
        file("EulerTransform", EULER, ""),
        file("EulerTransform", "1 2 3 4 5 nan", CENTRE),
        file("EulerTransform", EULER, "(CenterOfRotationPoint 1 2)\n"),
        file("EulerTransform", EULER, "(CenterOfRotationPoint 1 2 3)\nnothing\n"),
        file("EulerTransform", EULER, "(CenterOfRotationPoint 1 2 3)\n(CenterOfRotationPoint 1 2 3)\n"),
        file("SimilarityTransform", "1 1 0 4 -5 6 1.2", CENTRE),
        file("AffineTransform", "0 0 0 0 0 0 0 0 0 0 0 0", CENTRE),
        file("EulerTransform", EULER, CENTRE).replace("Compose", "Guess"),
    ] {
        assert!(is_malformed(&parse(&text, None)), "{text}");
    }
}
