use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
use isocenter_dcm::display::{Transform, Window, WindowFunction};
use isocenter_dcm::{Dataset, tags};

use super::make;
use super::{around, decimals, gray, sequence, table, text, words};

fn windows(ds: &mut Dataset, centers: &str, widths: &str) {
    text(ds, VR::DS, tags::WINDOW_CENTER, centers);
    text(ds, VR::DS, tags::WINDOW_WIDTH, widths);
}

fn reasons(ds: &Dataset) -> Vec<Result<(), &'static str>> {
    make::alone(ds)
        .frame(0)
        .unwrap()
        .views()
        .unwrap()
        .into_iter()
        .map(|view| view.map(drop).map_err(|error| error.reason()))
        .collect()
}

#[test]
fn tables_come_before_windows_with_their_explanations() {
    let mut ds = gray(&[0]);
    windows(&mut ds, "40\\ -600", "400\\1500");
    text(&mut ds, VR::LO, tags::WINDOW_CENTER_WIDTH_EXPLANATION, "SOFT\\LUNG");
    let mut lut = table([2, 0, 8], &[0, 255]);
    text(&mut lut, VR::LO, tags::LUT_EXPLANATION, "HARD");
    sequence(&mut ds, tags::VOILUT_SEQUENCE, vec![lut]);
    let found: Vec<_> = make::alone(&ds).frame(0).unwrap().views().unwrap().into_iter().map(Result::unwrap).collect();
    let explanations: Vec<_> = found.iter().map(|view| view.explanation.as_deref()).collect();
    assert_eq!(explanations, [Some("HARD"), Some("SOFT"), Some("LUNG")]);
    assert!(matches!(found[0].transform, Transform::Table(_)));
    let lung = Window::new(-600.0, 1500.0, WindowFunction::Linear).unwrap();
    assert_eq!(found[2].transform, Transform::Window(lung));
}

#[test]
fn a_frame_has_its_own_window_else_the_shared_one_else_the_top_level_one() {
    let frame = |center: &str| {
        let item = decimals(&[(tags::WINDOW_CENTER, center), (tags::WINDOW_WIDTH, "10")]);
        around(tags::FRAME_VOILUT_SEQUENCE, vec![item])
    };
    let center =
        |ds: &Dataset, at| match &make::alone(ds).frame(at).unwrap().views().unwrap()[0].as_ref().unwrap().transform {
            Transform::Window(window) => window.center(),
            other => unreachable!("{other:?}"),
        };
    let mut ds = gray(&[0]);
    text(&mut ds, VR::IS, tags::NUMBER_OF_FRAMES, "2");
    windows(&mut ds, "1", "10");
    assert_eq!(center(&ds, 1), 1.0);
    sequence(&mut ds, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![frame("2")]);
    assert_eq!(center(&ds, 1), 2.0);
    sequence(&mut ds, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, vec![Dataset::new_empty(), frame("3")]);
    assert_eq!((center(&ds, 0), center(&ds, 1)), (2.0, 3.0));
}

#[test]
fn a_table_of_a_rescaled_image_may_begin_below_zero() {
    let mut ds = words(&[0], 12, 0);
    text(&mut ds, VR::DS, tags::RESCALE_INTERCEPT, "-1024");
    sequence(&mut ds, tags::VOILUT_SEQUENCE, vec![table([2, 64512, 8], &[0, 255])]);
    let Transform::Table(lut) =
        &make::alone(&ds).frame(0).unwrap().views().unwrap()[0].as_ref().unwrap().transform.clone()
    else {
        unreachable!()
    };
    assert_eq!((lut.first(), lut.at(-1024.0), lut.at(-1023.0)), (-1024, 0, 255));
}

#[test]
fn each_function_is_read() {
    for (term, function) in [("LINEAR_EXACT", WindowFunction::LinearExact), ("SIGMOID", WindowFunction::Sigmoid)] {
        let mut ds = gray(&[0]);
        windows(&mut ds, "0.5", "0.5");
        text(&mut ds, VR::CS, tags::VOILUT_FUNCTION, term);
        let window = Window::new(0.5, 0.5, function).unwrap();
        assert_eq!(
            make::alone(&ds).frame(0).unwrap().views().unwrap()[0].as_ref().unwrap().transform,
            Transform::Window(window)
        );
    }
    let mut ds = gray(&[0]);
    windows(&mut ds, "1", "2");
    text(&mut ds, VR::CS, tags::VOILUT_FUNCTION, "CUBIC");
    assert_eq!(reasons(&ds), [Err("unsupported-pixels")]);
}

#[test]
fn what_cannot_be_used_keeps_its_place() {
    let mut ds = gray(&[0]);
    windows(&mut ds, "1\\wide\\3\\4", "0\\5\\0.5\\5");
    assert_eq!(reasons(&ds), [Err("malformed"), Err("malformed"), Err("malformed"), Ok(())]);
    windows(&mut ds, "1\\2", "5");
    assert_eq!(reasons(&ds), [Ok(()), Err("missing-element")]);
    windows(&mut ds, "1", "");
    assert_eq!(reasons(&ds), [Err("missing-element")]);
    windows(&mut ds, "", "");
    assert_eq!(reasons(&ds), []);
    sequence(&mut ds, tags::VOILUT_SEQUENCE, vec![table([9, 0, 16], &[1]), table([9, 0, 16], &[])]);
    assert_eq!(reasons(&ds), [Err("malformed"), Err("malformed")]);
}

#[test]
fn empty_elements_are_no_view_and_no_table() {
    let hollow = |tag| DataElement::new(tag, VR::US, PrimitiveValue::Empty);
    let item = Dataset::from_element_iter([hollow(tags::LUT_DESCRIPTOR), hollow(tags::LUT_DATA)]);
    let mut ds = gray(&[0]);
    sequence(&mut ds, tags::MODALITY_LUT_SEQUENCE, vec![item.clone()]);
    sequence(&mut ds, tags::VOILUT_SEQUENCE, vec![item]);
    assert_eq!(reasons(&ds), []);
    assert!(!make::alone(&ds).frame(0).unwrap().scaling().unwrap().modality_lut);
}
