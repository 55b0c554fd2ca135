use std::fs;

use isocenter_register::transform_file::{self, Error, Format};
use isocenter_volume::Affine;

use crate::some_motion;

#[test]
fn writes_a_fixed_text() {
    // a quarter turn about z and a shift, LPS: x to y, y to -x
    let affine = Affine::from_rows([[0.0, -1.0, 0.0, 1.5], [1.0, 0.0, 0.0, -2.0], [0.0, 0.0, 1.0, 0.25]]);
    let text = transform_file::format(&affine, Format::RasMatrix).unwrap();
    assert_eq!(text, "0 -1 0 -1.5\n1 0 0 2\n0 0 1 0.25\n0 0 0 1\n");
}

#[test]
fn every_bit_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    for (name, format) in [("x.txt", Format::RasMatrix), ("x.tfm", Format::Itk)] {
        let path = dir.path().join(name);
        transform_file::write(&path, &some_motion(), format).unwrap();
        assert_eq!(transform_file::read(&path, None).unwrap(), some_motion());
        assert_eq!(transform_file::read(&path, Some(format)).unwrap(), some_motion());
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2); // nothing partial is left
}

#[test]
fn reads_what_greedy_writes() {
    let text = "0.999 0.0447101778122163 0 12.5 \n-0.0447101778122163 0.999 0 -3 \n0 0 1 7 \n0 0 0 1 \n";
    let affine = transform_file::parse(text, None).unwrap();
    assert_eq!(affine.translation(), [-12.5, 3.0, 7.0]);
    assert_eq!(affine.rows()[0][1], 0.0447101778122163); // x and y both turn round
}

#[test]
fn a_mat_is_refused_until_its_convention_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.mat");
    fs::write(&path, "1 0 0 5\n0 1 0 0\n0 0 1 0\n0 0 0 1\n").unwrap();
    let refused = transform_file::read(&path, None).unwrap_err();
    assert!(matches!(refused, Error::Unnamed));
    assert!(refused.to_string().contains("--transform-format"));
    assert_eq!(transform_file::read(&path, Some(Format::RasMatrix)).unwrap(), Affine::translation_by([-5.0, 0.0, 0.0]));
}

#[test]
fn an_unwritable_place_is_an_error_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("x.txt")).unwrap();
    let result = transform_file::write(dir.path().join("x.txt"), &some_motion(), Format::RasMatrix);
    assert!(matches!(result, Err(Error::Io { .. })));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}
