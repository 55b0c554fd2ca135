use isocenter_register::transform_file::{Format, Options};
use isocenter_volume::{Affine, Frame, Geometry};

use crate::{between_grids, grids, is_close, is_malformed, some_motion};

/// nitransforms 25.1.0, `AFNILinearTransform.from_ras` with both grids, which are oblique.
const BY_NITRANSFORMS: &str = "# 3dvolreg matrices (DICOM-to-DICOM, row-by-row):\n\
    0.8995566374929679 -0.5284487630681118 -0.10433857230833858 -11.63476750413469 \
    0.5135822998275716 0.8394128821261401 -0.19315756334632084 6.846777564134644 \
    0.178860873194529 0.06944109027479115 0.9880533064824724 -7.283569678835732\n";

#[test]
fn the_obliquity_that_afni_forgets_is_made_good() {
    let (fixed, moving) = grids();
    let options = Options::default().images(&fixed, &moving);
    let read = options.parse(BY_NITRANSFORMS.as_bytes()).unwrap();
    assert!(is_close(&read[0], &between_grids(), 1e-6), "{read:?}");
    let written = options.format(Format::Afni).to_bytes(&[between_grids()]).unwrap();
    assert!(is_close(&Options::default().parse(&written).unwrap()[0], &numbers(), 1e-6));
}

#[test]
fn grids_along_the_axes_change_nothing() {
    let grid = |flip: f64| {
        let affine = Affine::from_rows([[0.0, 2.0 * flip, 0.0, 4.0], [3.0, 0.0, 0.0, 5.0], [0.0, 0.0, -1.5, 6.0]]);
        Geometry::new([4, 5, 6], affine, Frame::Patient(None)).unwrap()
    };
    let (fixed, moving) = (grid(1.0), grid(-1.0));
    let read = Options::default().images(&fixed, &moving).parse(BY_NITRANSFORMS.as_bytes()).unwrap();
    assert_eq!(read, [numbers()]);
}

#[test]
fn a_series_is_a_line_for_each_volume() {
    let motion = [Affine::IDENTITY, some_motion(), Affine::translation_by([0.1, 0.2, 0.3])];
    let options = Options::default().format(Format::Afni);
    let bytes = options.to_bytes(&motion).unwrap();
    assert_eq!(bytes.iter().filter(|b| **b == b'\n').count(), 4);
    assert_eq!(options.parse(&bytes).unwrap(), motion);
}

#[test]
fn three_lines_of_four_are_one_transform() {
    let read = Options::default().format(Format::Afni).parse(b"1 0 0 4\n0 1 0 5\n0 0 1 6\n").unwrap();
    assert_eq!(read, [Affine::translation_by([4.0, 5.0, 6.0])]);
}

#[test]
fn broken_lines_are_errors() {
    for text in ["", "# only a comment\n", "1 2 3\n", "1 0 0 4\n0 1 0 5\n", "1 0 0 0 0 1 0 0 0 0 0 nan\n", "a b\n"] {
        let read = Options::default().format(Format::Afni).parse(text.as_bytes());
        assert!(is_malformed(&read), "{text:?} {read:?}");
    }
}

fn numbers() -> Affine {
    let all: Vec<f64> =
        BY_NITRANSFORMS.lines().nth(1).unwrap().split_whitespace().map(|w| w.parse().unwrap()).collect();
    Affine::from_rows([0, 1, 2].map(|r| [0, 1, 2, 3].map(|c| all[4 * r + c])))
}
