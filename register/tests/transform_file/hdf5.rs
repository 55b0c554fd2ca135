use isocenter_formats::hdf5::container::{Builder, Tree};
use isocenter_register::transform_file::{Error, Format, Options, format};
use isocenter_volume::Affine;

use crate::{between_grids, is_malformed, some_motion};

#[test]
fn itks_file_is_read_with_the_right_and_the_old_spelling() {
    // as SimpleITK 2.5.7 lays it out, and as ITK 4 did; numbers as in the tests of the text file
    for letter in ["s", ""] {
        let mut file = Builder::default();
        let name = |what: &str| format!("TransformGroup/0/Tran{letter}form{what}");
        file.texts("TransformGroup/0/TransformType", &["AffineTransform_double_3_3"]);
        file.numbers(&name("Parameters"), &[12], vec![1.1, 0.1, 0.0, 0.0, 0.9, 0.2, 0.05, 0.0, 1.0, 4.0, -5.0, 6.0]);
        file.numbers(&name("FixedParameters"), &[3], vec![1.0, 2.0, 3.0]);
        let point = Options::default().parse(&file.to_bytes().unwrap()).unwrap()[0].apply([7.0, -11.0, 13.0]);
        let wanted = [10.3, -12.700000000000001, 19.299999999999997];
        assert!((0..3).all(|a| (point[a] - wanted[a]).abs() < 1e-12), "{point:?}");
    }
}

#[test]
fn composites_and_their_parts_without_a_centre_are_read() {
    let mut file = Builder::default();
    file.texts("TransformGroup/0/TransformType", &["CompositeTransform_double_3_3"]);
    for (n, shift) in [(1, 4.0), (2, 5.0)] {
        file.texts(&format!("TransformGroup/{n}/TransformType"), &["TranslationTransform_double_3_3"]);
        file.numbers(&format!("TransformGroup/{n}/TransformParameters"), &[3], vec![shift, 0.0, 0.0]);
        file.numbers(&format!("TransformGroup/{n}/TransformFixedParameters"), &[0], Vec::new());
    }
    let maps = Options::default().parse(&file.to_bytes().unwrap()).unwrap();
    assert_eq!(maps, [Affine::translation_by([9.0, 0.0, 0.0])]);
}

#[test]
fn lists_come_back_to_the_bit() {
    let maps = [some_motion(), between_grids(), Affine::IDENTITY];
    for form in [Format::ItkHdf5, Format::X5] {
        let options = Options::default().format(form);
        let bytes = options.to_bytes(&maps).unwrap();
        assert_eq!(Options::default().parse(&bytes).unwrap(), maps, "{form:?}");
        assert!(matches!(format(&maps[0], form), Err(Error::NotHeld { .. })));
    }
}

#[test]
fn x5_holds_ras_matrices() {
    // what nitransforms 25.1.0 reads as moving 4 mm to the right
    let bytes = Options::default().format(Format::X5).to_bytes(&[Affine::translation_by([-4.0, 0.0, 0.0])]).unwrap();
    let matrix = Tree::parse(bytes).unwrap().numbers("TransformGroup/0/Transform").unwrap().unwrap();
    assert_eq!((matrix.shape, matrix.values[3]), (vec![4, 4], 4.0));
}

#[test]
fn fields_and_splines_are_refused_by_name() {
    let mut file = Builder::default();
    file.texts("TransformGroup/0/TransformType", &["DisplacementFieldTransform_double_3_3"]);
    match Options::default().parse(&file.to_bytes().unwrap()) {
        Err(Error::Unsupported { found }) => assert_eq!(found, "DisplacementFieldTransform_double_3_3"),
        other => panic!("{other:?}"),
    }
    let mut file = Builder::default();
    file.attribute_text("", "Format", "X5");
    file.attribute_text("TransformGroup/0", "Type", "nonlinear");
    assert!(matches!(Options::default().parse(&file.to_bytes().unwrap()), Err(Error::Unsupported { .. })));
}

#[test]
fn broken_files_are_errors() {
    for form in [Format::ItkHdf5, Format::X5] {
        let whole = Options::default().format(form).to_bytes(&[some_motion()]).unwrap();
        // zeros fill the last 64 bytes
        for length in (0..whole.len() - 64).step_by(7) {
            assert!(Options::default().format(form).parse(&whole[..length]).is_err(), "{length}");
        }
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x55;
            let _ = Options::default().parse(&bytes); // no panic
        }
    }
    let mut file = Builder::default();
    file.numbers("Other", &[1], vec![1.0]);
    assert!(is_malformed(&Options::default().parse(&file.to_bytes().unwrap())));
}
