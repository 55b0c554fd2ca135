use isocenter_register::transform_file::{Format, Options, read};
use isocenter_volume::Affine;

use crate::{is_malformed, some_motion};

/// The bytes that SimpleITK 2.5.7 writes for matrix 1.1 0.1 0, 0 0.9 0.2, 0.05 0 1, translation 4 -5 6, centre 1 2 3.
fn by_itk() -> Vec<u8> {
    column("AffineTransform_double_3_3", &[1.1, 0.1, 0.0, 0.0, 0.9, 0.2, 0.05, 0.0, 1.0, 4.0, -5.0, 6.0], false)
        .into_iter()
        .chain(column("fixed", &[1.0, 2.0, 3.0], false))
        .collect()
}

/// A column of doubles as MATLAB's version 4 has it.
fn column(name: &str, values: &[f64], is_big: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    for word in [u32::from(is_big) * 1000, values.len() as u32, 1, 0, name.len() as u32 + 1] {
        bytes.extend(if is_big { word.to_be_bytes() } else { word.to_le_bytes() });
    }
    bytes.extend(name.as_bytes());
    bytes.push(0);
    bytes.extend(values.iter().flat_map(|v| if is_big { v.to_be_bytes() } else { v.to_le_bytes() }));
    bytes
}

#[test]
fn puts_points_where_itk_puts_them() {
    let map = Options::default().parse(&by_itk()).unwrap();
    let (point, wanted) = (map[0].apply([7.0, -11.0, 13.0]), [10.3, -12.700000000000001, 19.299999999999997]);
    assert!((0..3).all(|a| (point[a] - wanted[a]).abs() < 1e-12), "{point:?}");
}

#[test]
fn writes_the_bytes_that_itk_writes() {
    let map = Affine::from_rows([[1.1, 0.1, 0.0, 4.0], [0.0, 0.9, 0.2, -5.0], [0.05, 0.0, 1.0, 6.0]]);
    let written = Options::default().format(Format::Ants).to_bytes(&[map]).unwrap();
    let mut wanted = by_itk();
    let centre = wanted.len() - 24;
    wanted[centre..].fill(0); // ours stands about the origin
    assert_eq!(written, wanted);
}

#[test]
fn other_classes_and_the_other_byte_order_are_read() {
    let bytes: Vec<u8> = column("Euler3DTransform_double_3_3", &[0.1, -0.2, 0.3, 4.0, -5.0, 6.0], true)
        .into_iter()
        .chain(column("fixed", &[10.0, 20.0, -30.0, 0.0], true))
        .collect();
    let point = Options::default().parse(&bytes).unwrap()[0].apply([7.0, -11.0, 13.0]);
    let wanted = [13.370996433948495, -21.82344101681976, 14.244457718664162]; // SimpleITK 2.5.7
    assert!((0..3).all(|a| (point[a] - wanted[a]).abs() < 1e-9), "{point:?}");
}

#[test]
fn a_binary_mat_needs_no_name_of_its_convention() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("0GenericAffine.mat");
    Options::default().format(Format::Ants).write(&path, &[some_motion()]).unwrap();
    assert_eq!(read(&path, None).unwrap(), some_motion());
}

#[test]
fn every_cut_and_every_changed_byte_is_an_error_or_a_map() {
    let (whole, options) = (by_itk(), Options::default().format(Format::Ants));
    for length in (0..whole.len()).filter(|n| *n != 143) {
        assert!(is_malformed(&options.parse(&whole[..length])), "{length}");
    }
    for at in 0..whole.len() {
        for value in [0, 1, 0x7f, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] = value;
            let _ = options.parse(&bytes); // no panic, no huge allocation
        }
    }
}
