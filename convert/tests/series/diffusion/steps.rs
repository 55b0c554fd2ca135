//! Which images are steps of one diffusion axis, and which are none of it.

use isocenter_convert::{GradientTable, Warning};
use isocenter_dcm::{Dataset, Tag, VR, tags};
use isocenter_volume::{AxisKind, Quantity};

use super::made::{GRADIENTS, Vector, converted, creator, doubles, float, planes, series, states};
use crate::support::{planes as values, text};

fn weigh(ds: &mut Dataset, b: f64, gradient: Option<Vector>) {
    doubles(ds, tags::DIFFUSION_B_VALUE, &[b]);
    if let Some(gradient) = gradient {
        doubles(ds, tags::DIFFUSION_GRADIENT_ORIENTATION, &gradient);
    }
}

#[test]
fn a_shell_without_an_unweighted_image_is_an_axis() {
    let all = series(planes()[2], 3, |ds, step| weigh(ds, 1000.0, Some(GRADIENTS[step + 1])));
    let found = converted(&all, false);
    assert!(states(&found[0], &[1000.0; 3], &GRADIENTS[1..]));
    assert_eq!(found[0].volume.slow_axes()[0].kind(), &AxisKind::Diffusion);
}

#[test]
fn unweighted_images_repeat_between_the_others() {
    let steps = [0, 1, 0, 2, 3, 0];
    let all = series(planes()[2], 6, |ds, step| {
        let gradient = steps[step];
        // the images without a weighting state no direction
        weigh(ds, if gradient == 0 { 0.0 } else { 700.0 }, (gradient > 0).then(|| GRADIENTS[gradient]));
    });
    let found = converted(&all, false);
    let b = steps.map(|gradient| if gradient == 0 { 0.0 } else { 700.0 });
    assert!(states(&found[0], &b, &steps.map(|gradient| GRADIENTS[gradient])));
}

#[test]
fn a_slice_that_lost_its_weighting_is_told_of() {
    let mut all = series(planes()[2], 3, |ds, step| weigh(ds, 1000.0, Some(GRADIENTS[step + 1])));
    let told = |all: &[Dataset]| {
        let found = converted(all, false);
        (found[0].volume.slow_axes()[0].column(&Quantity::BValue).is_some(), found[0].warnings.clone())
    };
    assert_eq!(told(&all), (true, Vec::new()));
    all[3].remove_element(tags::DIFFUSION_B_VALUE);
    all[3].remove_element(tags::DIFFUSION_GRADIENT_ORIENTATION);
    assert_eq!(told(&all), (false, vec![Warning::WeightingsDisagree]));
}

#[test]
fn one_gradient_repeated_has_its_direction() {
    let all = series(planes()[0], 3, |ds, _| weigh(ds, 1000.0, Some(GRADIENTS[2])));
    let found = converted(&all, false);
    assert!(states(&found[0], &[1000.0; 3], &[GRADIENTS[2]; 3]));
}

#[test]
fn a_single_weighted_volume_has_a_table() {
    let all = series(planes()[1], 1, |ds, _| weigh(ds, 1000.0, Some(GRADIENTS[1])));
    let found = converted(&all, false);
    assert_eq!(found[0].volume.steps(), 1);
    assert!(states(&found[0], &[1000.0], &GRADIENTS[1..2]));
}

#[test]
fn b_values_without_directions_are_alone() {
    let all = series(planes()[2], 2, |ds, step| weigh(ds, 500.0 * (step + 1) as f64, None));
    let found = converted(&all, false);
    let table = GradientTable::of(found[0].volume.head()).unwrap();
    assert_eq!((table.to_bval().as_str(), table.to_bvec(), table.to_mrtrix()), ("500 1000\n", None, None));
    assert_eq!(found[0].volume.slow_axes()[0].column(&Quantity::GradientDirection), None);
}

#[test]
fn a_trace_image_beside_directions_is_set_apart() {
    let plane = planes()[2];
    for stated in ["direction", "kind", "directionality"] {
        let all = series(plane, 5, |ds, step| {
            text(ds, tags::MANUFACTURER, VR::LO, "Philips Medical Systems");
            creator(ds, Tag(0x2001, 0x10), "Philips Imaging DD 001");
            creator(ds, Tag(0x2005, 0x10), "Philips MR Imaging DD 001");
            float(ds, Tag(0x2001, 0x1003), if step == 0 { 0.0 } else { 1000.0 });
            // old software leaves a vector in the trace image
            let left = if stated == "direction" { [0.0; 3] } else { [0.0, 0.0, 1.0] };
            let gradient = GRADIENTS.get(step).copied().unwrap_or(left);
            for (element, value) in [0x10B0, 0x10B1, 0x10B2].into_iter().zip(gradient) {
                float(ds, Tag(0x2005, element), value);
            }
            match stated {
                "kind" if step == 4 => text(ds, Tag(0x2001, 0x1004), VR::CS, "I"),
                "directionality" if step == 4 => text(ds, tags::DIFFUSION_DIRECTIONALITY, VR::CS, "ISOTROPIC"),
                _ => {}
            }
        });
        let found = converted(&all, false);
        let [table, trace] = &found[..] else { panic!("{stated}: {} volumes", found.len()) };
        assert!(states(table, &[0.0, 1000.0, 1000.0, 1000.0], &GRADIENTS), "{stated}");
        assert_eq!(values(trace), [40.0, 41.0], "{stated}");
        assert!(trace.warnings.contains(&Warning::SetApart { code: "set-apart-by-weighting" }));
        let table = GradientTable::of(trace.volume.head()).unwrap();
        assert_eq!((table.to_bval().as_str(), table.to_bvec()), ("1000\n", None), "{stated}");
    }
}

#[test]
fn a_trace_image_beside_an_unweighted_one_is_a_pair() {
    let all = series(planes()[2], 2, |ds, step| {
        weigh(ds, 1000.0 * step as f64, None);
        if step > 0 {
            text(ds, tags::DIFFUSION_DIRECTIONALITY, VR::CS, "ISOTROPIC");
        }
    });
    let found = converted(&all, false);
    assert_eq!(found.len(), 1);
    let table = GradientTable::of(found[0].volume.head()).unwrap();
    assert_eq!((table.to_bval().as_str(), table.directions()), ("0 1000\n", Some(&[[0.0; 3]; 2][..])));
}

#[test]
fn a_map_has_no_weighting() {
    let all = series(planes()[2], 1, |ds, _| {
        text(ds, tags::IMAGE_TYPE, VR::CS, "DERIVED\\PRIMARY\\DIFFUSION\\ADC");
        weigh(ds, 1000.0, Some(GRADIENTS[1]));
    });
    assert_eq!(GradientTable::of(converted(&all, false)[0].volume.head()), None);
}

#[test]
fn a_diffusion_series_without_a_weighting_is_all_zero() {
    let all = series(planes()[2], 3, |ds, _| {
        text(ds, tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\DIFFUSION\\NONE");
        weigh(ds, 0.0, None);
    });
    let table = GradientTable::of(converted(&all, false)[0].volume.head()).unwrap();
    assert_eq!((table.to_bval().as_str(), table.to_bvec().as_deref()), ("0 0 0\n", Some("0 0 0\n0 0 0\n0 0 0\n")));
}

#[test]
fn philips_numbers_order_where_instance_numbers_do_not() {
    let all = series(planes()[2], 4, |ds, step| {
        text(ds, tags::MANUFACTURER, VR::LO, "Philips Medical Systems");
        let uid = isocenter_dcm::value::string(ds, tags::SOP_INSTANCE_UID).unwrap();
        let number: usize = uid.rsplit('.').next().unwrap().parse().unwrap();
        text(ds, tags::INSTANCE_NUMBER, VR::IS, &((number * 5) % 11).to_string());
        creator(ds, Tag(0x2005, 0x14), "Philips MR Imaging DD 005");
        text(ds, Tag(0x2005, 0x1412), VR::IS, if step == 0 { "1" } else { "2" });
        text(ds, Tag(0x2005, 0x1413), VR::IS, &[9, 3, 2, 1][step].to_string());
        weigh(ds, if step == 0 { 0.0 } else { 1000.0 }, Some(GRADIENTS[step]));
    });
    let found = converted(&all, false);
    let wanted = [0, 3, 2, 1].map(|step| GRADIENTS[step]);
    assert!(states(&found[0], &[0.0, 1000.0, 1000.0, 1000.0], &wanted), "{:?}", found[0].volume.slow_axes());
}

#[test]
fn gradients_order_where_nothing_else_does() {
    let all = series(planes()[2], 3, |ds, step| {
        ds.remove_element(tags::INSTANCE_NUMBER);
        weigh(ds, 1000.0, Some(GRADIENTS[step + 1]));
    });
    let found = converted(&all, false);
    let mut sorted = GRADIENTS[1..].to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap());
    assert!(states(&found[0], &[1000.0; 3], &sorted));
}

#[test]
fn slices_that_disagree_on_a_gradient_make_no_table() {
    let mut all = series(planes()[2], 3, |ds, step| weigh(ds, 1000.0, Some(GRADIENTS[step + 1])));
    doubles(&mut all[1], tags::DIFFUSION_GRADIENT_ORIENTATION, &GRADIENTS[2]);
    let found = converted(&all, false);
    assert!(found.iter().all(|c| GradientTable::of(c.volume.head()).is_none()));
}
