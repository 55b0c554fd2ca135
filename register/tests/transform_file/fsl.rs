use isocenter_register::transform_file::{Error, Format, Options};

use crate::{between_grids, grids, is_close, matrix_text};

/// nitransforms 25.1.0, `FSLLinearTransform.from_ras`; one grid is stored the radiological way round, the other not.
const BY_NITRANSFORMS: [[f64; 4]; 4] = [
    [0.797722439063047, -0.48735232056375866, 0.17951360109595568, 22.61554802134859],
    [0.5130075294861421, 0.858937722201145, -0.11374269337419995, -41.0950964287212],
    [-0.10835197772084104, 0.14858898052765337, 0.9716010438107037, 34.134039105403524],
    [0.0, 0.0, 0.0, 1.0],
];

#[test]
fn reads_and_writes_what_nitransforms_writes() {
    let (fixed, moving) = grids();
    let options = Options::default().format(Format::Fsl).images(&fixed, &moving);
    let read = options.parse(matrix_text(&BY_NITRANSFORMS).as_bytes()).unwrap();
    assert!(is_close(&read[0], &between_grids(), 1e-10), "{read:?}");
    let written = String::from_utf8(options.to_bytes(&[between_grids()]).unwrap()).unwrap();
    let numbers: Vec<f64> = written.split_whitespace().map(|w| w.parse().unwrap()).collect();
    assert!(numbers.iter().zip(BY_NITRANSFORMS.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-10), "{written}");
}

#[test]
fn is_refused_without_both_grids() {
    let options = Options::default().format(Format::Fsl);
    let refused = options.parse(matrix_text(&BY_NITRANSFORMS).as_bytes());
    assert!(matches!(refused, Err(Error::NeedsImages { format: "FSL" })));
    assert!(matches!(options.to_bytes(&[between_grids()]), Err(Error::NeedsImages { .. })));
}

#[test]
fn a_file_named_mat_is_flirts_once_it_is_named() {
    let (fixed, moving) = grids();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("flirt.mat");
    let options = Options::default().images(&fixed, &moving);
    assert!(matches!(options.write(&path, &[between_grids()]), Err(Error::Unnamed)));
    options.format(Format::Fsl).write(&path, &[between_grids()]).unwrap();
    assert!(matches!(options.read(&path), Err(Error::Unnamed)));
    assert!(is_close(&options.format(Format::Fsl).read(&path).unwrap(), &between_grids(), 1e-10));
}
