use isocenter_register::transform_file::{self, Format};

use crate::{is_close, some_motion};

/// Files written by SimpleITK 2.5.7, and where its `TransformPoint` puts (7, -11, 13).
const WRITTEN_BY_ITK: [(&str, &str, &str, [f64; 3]); 11] = [
    (
        "Euler3DTransform_double_3_3",
        "0.1 -0.2 0.3 4 -5 6",
        "10 20 -30 0",
        [13.370996433948495, -21.82344101681976, 14.244457718664162],
    ),
    (
        "Euler3DTransform_double_3_3",
        "0.1 -0.2 0.3 4 -5 6",
        "10 20 -30 1",
        [14.042028098353859, -21.76772141224373, 14.303170832067973],
    ),
    (
        "VersorRigid3DTransform_double_3_3",
        "0.0916432938695913 0.1832865877391826 0.2749298816087739 4 -5 6",
        "10 20 -30",
        [43.5997016103929, -15.513163314095406, 7.80887500593264],
    ),
    (
        "AffineTransform_double_3_3",
        "1.1 0.1 0 0 0.9 0.2 0.05 0 1 4 -5 6",
        "1 2 3",
        [10.3, -12.700000000000001, 19.299999999999997],
    ),
    (
        "VersorTransform_double_3_3",
        "0.0916432938695913 0.1832865877391826 0.2749298816087739",
        "10 20 -30",
        [39.5997016103929, -10.513163314095408, 1.8088750059326362],
    ),
    ("TranslationTransform_double_3_3", "4 -5 6", "", [11.0, -16.0, 19.0]),
    (
        "Similarity3DTransform_double_3_3",
        "0.0916432938695913 0.1832865877391826 0.2749298816087739 4 -5 6 1.2",
        "10 20 -30",
        [49.51964193247147, -21.615795976914487, 14.170650007119164],
    ),
    (
        "ScaleVersor3DTransform_double_3_3",
        "0.0916432938695913 0.1832865877391826 0.2749298816087739 4 -5 6 1.2 0.8 1.05",
        "10 20 -30",
        [42.99970161039289, -9.313163314095409, 9.95887500593264],
    ),
    (
        "ScaleSkewVersor3DTransform_double_3_3",
        "0.0916432938695913 0.1832865877391826 0.2749298816087739 4 -5 6 1.2 0.8 1.05 0.01 0.02 0.03 0.04 0.05 0.06",
        "10 20 -30",
        [43.549701610392894, -7.683163314095406, 7.94887500593264],
    ),
    (
        "ComposeScaleSkewVersor3DTransform_double_3_3",
        "0.0916432938695913 0.1832865877391826 0.2749298816087739 4 -5 6 1.2 0.8 1.05 0.01 0.02 0.03",
        "10 20 -30",
        [41.00274594346381, -9.616408226543422, 11.734690169874348],
    ),
    ("ScaleTransform_double_3_3", "1.2 0.8 1.05", "10 20 -30", [6.4, -4.800000000000001, 15.149999999999999]),
];

#[test]
fn puts_points_where_itk_puts_them() {
    for (kind, parameters, fixed, wanted) in WRITTEN_BY_ITK {
        let text = format!(
            "#Insight Transform File V1.0\n#Transform 0\nTransform: {kind}\nParameters: {parameters}\nFixedParameters: {fixed}\n\n"
        );
        let point = transform_file::parse(&text, None).unwrap().apply([7.0, -11.0, 13.0]);
        assert!((0..3).all(|a| (point[a] - wanted[a]).abs() < 1e-9), "{kind}: {point:?}");
    }
}

#[test]
fn writes_a_fixed_text() {
    let shift = isocenter_volume::Affine::translation_by([1.5, -2.0, 0.25]);
    assert_eq!(
        transform_file::format(&shift, Format::Itk).unwrap(),
        "#Insight Transform File V1.0\n#Transform 0\nTransform: AffineTransform_double_3_3\n\
         Parameters: 1 0 0 0 1 0 0 0 1 1.5 -2 0.25\nFixedParameters: 0 0 0\n"
    );
}

#[test]
fn both_formats_say_the_same() {
    let motion = some_motion();
    let itk = transform_file::parse(&transform_file::format(&motion, Format::Itk).unwrap(), None).unwrap();
    let ras = transform_file::parse(&transform_file::format(&motion, Format::RasMatrix).unwrap(), None).unwrap();
    assert!(is_close(&itk, &motion, 1e-15) && is_close(&ras, &motion, 1e-15));
}

#[test]
fn lines_may_end_the_windows_way() {
    let text = transform_file::format(&some_motion(), Format::Itk).unwrap().replace('\n', "\r\n");
    assert_eq!(transform_file::parse(&text, None).unwrap(), some_motion());
}

#[test]
fn the_last_part_of_a_composite_is_applied_first() {
    // SimpleITK 2.5.7 wrote this and puts (7, -11, 13) where the numbers below say
    let text = "#Insight Transform File V1.0\n#Transform 0\nTransform: CompositeTransform_double_3_3\n#Transform 1\n\
                Transform: AffineTransform_double_3_3\nParameters: 1.1 0.1 0 0 0.9 0.2 0.05 0 1 4 -5 6\nFixedParameters: 1 2 3\n\
                #Transform 2\nTransform: Euler3DTransform_double_3_3\nParameters: 0.1 -0.2 0.3 4 -5 6\n\
                FixedParameters: 10 20 -30 0\n#Transform 3\nTransform: TranslationTransform_double_3_3\n\
                Parameters: 4 -5 6\nFixedParameters: \n";
    let point = transform_file::parse(text, None).unwrap().apply([7.0, -11.0, 13.0]);
    let wanted = [20.46833681785022, -25.08857112721138, 27.219247150595205];
    assert!((0..3).all(|a| (point[a] - wanted[a]).abs() < 1e-9), "{point:?}");
}

#[test]
fn several_transforms_without_a_composite_are_a_list() {
    let maps = [some_motion(), isocenter_volume::Affine::translation_by([1.0, 2.0, 3.0])];
    let options = transform_file::Options::default();
    let bytes = options.to_bytes(&maps).unwrap();
    assert_eq!(options.parse(&bytes).unwrap(), maps);
}
