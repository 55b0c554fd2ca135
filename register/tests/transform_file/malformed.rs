use std::fs;

use isocenter_register::transform_file::{self, Error, Format};

const HEAD: &str = "#Insight Transform File V1.0\n#Transform 0\n";

#[test]
fn broken_texts_are_errors() {
    let texts = [
        String::new(),
        "\n\n".to_owned(),
        "1 0 0 0\n0 1 0 0\n0 0 1 0\n".to_owned(),
        "1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n0 0 0 1\n".to_owned(),
        "1 0 0\n0 1 0\n0 0 1\n".to_owned(),
        "1 0 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n".to_owned(),
        "1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0.5 1\n".to_owned(),
        "1 0 0 0\n0 1 0 0\n0 0 0 0\n0 0 0 1\n".to_owned(),
        "1 0 0 nan\n0 1 0 0\n0 0 1 0\n0 0 0 1\n".to_owned(),
        "1 0 0 inf\n0 1 0 0\n0 0 1 0\n0 0 0 1\n".to_owned(),
        "a b c d\n0 1 0 0\n0 0 1 0\n0 0 0 1\n".to_owned(),
        HEAD.to_owned(),
        format!("{HEAD}Transform: AffineTransform_double_3_3\n"),
        format!("{HEAD}Parameters: 1 0 0 0 1 0 0 0 1 0 0 0\nFixedParameters: 0 0 0\n"),
        format!(
            "{HEAD}Transform: AffineTransform_double_3_3\nParameters: 1 0 0 0 1 0 0 0 1 0 0\nFixedParameters: 0 0 0\n"
        ),
        format!(
            "{HEAD}Transform: AffineTransform_double_3_3\nParameters: 1 0 0 0 1 0 0 0 0 0 0 0\nFixedParameters: 0 0 0\n"
        ),
        format!(
            "{HEAD}Transform: AffineTransform_double_3_3\nParameters: 1 0 0 0 1 0 0 0 1 0 0 x\nFixedParameters: 0 0 0\n"
        ),
        format!(
            "{HEAD}Transform: AffineTransform_double_3_3\nParameters: 1 0 0 0 1 0 0 0 1 0 0 0\nFixedParameters: 0 0\n"
        ),
        format!(
            "{HEAD}Transform: VersorRigid3DTransform_double_3_3\nParameters: 1 1 0 0 0 0\nFixedParameters: 0 0 0\n"
        ),
        format!("{HEAD}Transform: Euler3DTransform_double_3_3\nParameters: 0 0 0 0 0 0\nFixedParameters: 0 0 0 7\n"),
        format!("{HEAD}no colon here\n"),
    ];
    for text in texts {
        let result = transform_file::parse(&text, None);
        assert!(matches!(result, Err(Error::Malformed { .. })), "{text:?} gave {result:?}");
    }
    assert!(matches!(transform_file::parse("1 0 0 0\n", Some(Format::Itk)), Err(Error::Malformed { line: 1, .. })));
}

#[test]
fn what_is_not_read_is_named() {
    for kind in [
        "BSplineTransform_double_3_3",
        "DisplacementFieldTransform_double_3_3",
        "GaussianExponentialDiffeomorphicTransform_double_3_3",
    ] {
        let text = format!("{HEAD}Transform: {kind}\nParameters: 0\nFixedParameters: 0\n");
        match transform_file::parse(&text, None) {
            Err(Error::Unsupported { found }) => assert_eq!(found, kind),
            other => panic!("{other:?}"),
        }
    }
    let one = "Transform: IdentityTransform_double_3_3\nParameters: \nFixedParameters: \n";
    assert!(transform_file::parse(&format!("{HEAD}{one}"), None).is_ok());
    let two = transform_file::parse(&format!("{HEAD}{one}#Transform 1\n{one}"), None);
    assert!(matches!(two, Err(Error::NotOne { found: 2 })));
    let flat = format!("{HEAD}Transform: AffineTransform_double_2_2\nParameters: 1 0 0 1 0 0\nFixedParameters: 0 0\n");
    let refused = transform_file::parse(&flat, None).unwrap_err();
    assert!(refused.to_string().contains("two dimensions"), "{refused}");
}

#[test]
fn broken_files_are_errors() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        transform_file::read(&path, None)
    };
    assert!(matches!(file("a.txt", &[0xff, 0xfe, 0, 1]), Err(Error::Malformed { .. })));
    assert!(matches!(file("b.txt", &vec![b' '; (16 << 20) + 1]), Err(Error::Limit { .. })));
    assert!(matches!(file("c.tfm", b"1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n"), Err(Error::Malformed { line: 1, .. })));
    assert!(matches!(transform_file::read(dir.path().join("none.txt"), None), Err(Error::Io { .. })));
}

#[test]
fn a_transform_that_cannot_be_undone_is_not_written() {
    let dir = tempfile::tempdir().unwrap();
    let flat = isocenter_volume::Affine::from_spacing_origin([1.0, 1.0, 0.0], [0.0; 3]);
    assert!(transform_file::write(dir.path().join("x.txt"), &flat, Format::RasMatrix).is_err());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}
