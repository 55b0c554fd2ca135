use isocenter_register::transform_file::{Format, Options};
use isocenter_volume::{Affine, strategy};
use proptest::prelude::*;

use crate::{grids, is_close};

/// Formats that keep direction, and flip at most signs.
fn exact() -> Vec<Format> {
    let mut all = vec![Format::Itk, Format::Ants, Format::RasMatrix, Format::Elastix];
    #[cfg(feature = "hdf5")]
    all.extend([Format::ItkHdf5, Format::X5]);
    all
}

/// Maps of any size that can be undone; zero is not negative, which text does not keep.
fn map() -> impl Strategy<Value = Affine> {
    let number = || prop_oneof![8 => -2.0..2.0f64, 1 => -1e-12..1e-12f64, 1 => Just(0.0)];
    let shift = || prop_oneof![-1e4..1e4f64, -1e-9..1e-9f64];
    let row = || (number(), number(), number(), shift());
    let rows =
        (row(), row(), row()).prop_map(|(a, b, c)| [a, b, c].map(|(x, y, z, t)| [x + 0.0, y + 0.0, z + 0.0, t + 0.0]));
    rows.prop_map(Affine::from_rows).prop_filter("can be undone", |m| {
        m.inverse().is_some_and(|back| back.rows().iter().flatten().all(|v| v.abs() < 1e6))
    })
}

proptest! {
    #[test]
    fn every_bit_comes_back_where_the_direction_is_kept(map in map()) {
        let (fixed, moving) = grids();
        for form in exact() {
            let options = Options::default().images(&fixed, &moving).format(form);
            let back = options.parse(&options.to_bytes(&[map]).unwrap()).unwrap();
            prop_assert_eq!(&back, &[map], "{:?}", form);
        }
        let options = Options::default().format(Format::Afni);
        prop_assert_eq!(options.parse(&options.to_bytes(&[map, map]).unwrap()).unwrap(), [map, map]);
    }

    #[test]
    fn other_directions_and_frames_come_back_but_for_rounding(fixed in strategy::geometry(), moving in strategy::geometry()) {
        let map = crate::between_grids();
        for form in [Format::Fsl, Format::Lta, Format::RegisterDat, Format::Minc, Format::Sform] {
            let options = Options::default().images(&fixed, &moving).format(form);
            let back = options.parse(&options.to_bytes(&[map]).unwrap());
            // a grid read from a file is one only to 0.1 mm, a map between far grids is one only to their digits
            if let Ok(back) = back {
                prop_assert!(is_close(&back[0], &map, 1e-6), "{:?} {:?}", form, back);
            } else {
                prop_assert!(form == Format::Lta, "{:?} {:?}", form, back);
            }
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let (fixed, moving) = grids();
        for form in exact().into_iter().chain([Format::Fsl, Format::Lta, Format::RegisterDat, Format::Afni, Format::Minc, Format::Sform]) {
            let _ = Options::default().images(&fixed, &moving).format(form).parse(&bytes);
        }
        let _ = Options::default().parse(&bytes);
    }

    #[test]
    fn no_words_make_a_reader_panic(words in prop::collection::vec(word(), 0..60)) {
        let (fixed, moving) = grids();
        let text = words.concat();
        for form in exact().into_iter().chain([Format::Fsl, Format::Lta, Format::RegisterDat, Format::Afni, Format::Minc, Format::Sform]) {
            let _ = Options::default().images(&fixed, &moving).format(form).parse(text.as_bytes());
        }
        let _ = Options::default().parse(text.as_bytes());
    }
}

/// What the formats are made of.
fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "#Insight Transform File V1.0\n",
        "Transform: ",
        "AffineTransform_double_3_3\n",
        "CompositeTransform_double_3_3\n",
        "Parameters: ",
        "FixedParameters: ",
        "\n",
        " ",
        "1",
        "0 0 0 1\n",
        "1 0 0 0\n",
        "0 1 0 0\n",
        "0 0 1 0\n",
        "1e308 ",
        "-1e-320 ",
        "nan ",
        "MNI Transform File\n",
        "Transform_Type = Linear;\n",
        "Linear_Transform =\n",
        ";",
        "%",
        "type = 1\n",
        "type = 0\n",
        "nxforms = 1\n",
        "mean = 0 0 0\n",
        "sigma = 1\n",
        "1 4 4\n",
        "src volume info\n",
        "valid = 1\n",
        "filename = a\n",
        "volume = 1 1 1\n",
        "(Transform \"EulerTransform\")\n",
        "(TransformParameters 0 0 0 0 0 0)\n",
        "(CenterOfRotationPoint 0 0 0)\n",
        "(",
        ")",
        "\"",
        "é",
        "# 3dvolreg matrices (DICOM-to-DICOM, row-by-row):\n",
        "1 0 0 0 0 1 0 0 0 0 1 0\n",
    ])
    .prop_map(ToOwned::to_owned)
}
