//! Each maker's elements, in planes of any orientation, in explicit and implicit files.

use isocenter_dcm::{Dataset, Tag, VR, tags};

use super::made::{
    self, GRADIENTS, Plane, Vector, b_value, converted, creator, dot, doubles, float, normal, planes, series, states,
};
use crate::{mosaic::made::image_header, support::text};

const B: [f64; 4] = [0.0, 1000.0, 1000.0, 1000.0];

/// Every plane, explicit and implicit: the table has the stated gradients.
fn holds(state: impl Fn(&mut Dataset, usize, Plane)) {
    for (plane, is_implicit) in planes().into_iter().flat_map(|plane| [(plane, false), (plane, true)]) {
        let all = series(plane, 4, |ds, step| state(ds, step, plane));
        let found = converted(&all, is_implicit);
        assert_eq!(found.len(), 1, "{plane:?} {is_implicit}");
        assert!(states(&found[0], &B, &GRADIENTS), "{plane:?} {is_implicit} {:?}", found[0].volume.slow_axes());
    }
}

fn maker(ds: &mut Dataset, name: &str) {
    text(ds, tags::MANUFACTURER, VR::LO, name);
}

#[test]
fn the_standard_in_a_classic_image() {
    holds(|ds, step, _| {
        maker(ds, "TOSHIBA_MEC");
        // an image without a weighting has no b-value
        if step > 0 {
            doubles(ds, tags::DIFFUSION_B_VALUE, &[b_value(step)]);
            doubles(ds, tags::DIFFUSION_GRADIENT_ORIENTATION, &GRADIENTS[step]);
        }
    });
}

#[test]
fn siemens_elements() {
    holds(|ds, step, _| {
        maker(ds, "SIEMENS");
        siemens(ds, step, 0x11);
    });
}

/// Elements of Siemens in a private block.
fn siemens(ds: &mut Dataset, step: usize, block: u16) {
    creator(ds, Tag(0x0019, block), "SIEMENS MR HEADER");
    text(ds, Tag(0x0019, block << 8 | 0x0C), VR::IS, &format!("{}", b_value(step)));
    if step > 0 {
        doubles(ds, Tag(0x0019, block << 8 | 0x0E), &GRADIENTS[step]);
    }
}

#[test]
fn siemens_elements_without_the_makers_name() {
    holds(|ds, step, _| siemens(ds, step, 0x10));
}

#[test]
fn the_image_header_of_siemens() {
    holds(|ds, step, _| {
        maker(ds, "SIEMENS");
        let direction = GRADIENTS[step].map(|v| format!("{v:.8}"));
        let direction: Vec<&str> = direction.iter().map(String::as_str).collect();
        let b = format!("{}", b_value(step));
        let direction: &[&str] = if step > 0 { &direction } else { &[] };
        image_header(ds, &[("B_value", &[&b]), ("DiffusionGradientDirection", direction)]);
    });
}

#[test]
fn a_b_matrix_of_siemens_alone_tells_the_direction() {
    holds(|ds, step, _| {
        maker(ds, "SIEMENS");
        creator(ds, Tag(0x0019, 0x10), "SIEMENS MR HEADER");
        text(ds, Tag(0x0019, 0x100C), VR::IS, &format!("{}", b_value(step)));
        if step > 0 {
            let [x, y, z] = GRADIENTS[step];
            let of = |p: f64| 1000.0 * p;
            doubles(ds, Tag(0x0019, 0x1027), &[of(x * x), of(x * y), of(x * z), of(y * y), of(y * z), of(z * z)]);
        }
    });
}

#[test]
fn philips_elements() {
    holds(|ds, step, _| {
        maker(ds, "Philips Medical Systems");
        philips(ds, step);
    });
}

fn philips(ds: &mut Dataset, step: usize) {
    creator(ds, Tag(0x2001, 0x10), "Philips Imaging DD 001");
    creator(ds, Tag(0x2005, 0x10), "Philips MR Imaging DD 001");
    float(ds, Tag(0x2001, 0x1003), b_value(step));
    for (element, value) in [0x10B0, 0x10B1, 0x10B2].into_iter().zip(GRADIENTS[step]) {
        float(ds, Tag(0x2005, element), value);
    }
}

#[test]
fn united_imaging_has_the_frame_of_the_image() {
    holds(|ds, step, plane| {
        maker(ds, "UIH");
        creator(ds, Tag(0x0065, 0x10), "Image Private Header");
        let [row, column] = plane;
        doubles(ds, Tag(0x0065, 0x1009), &[b_value(step)]);
        let along = [row, column, normal(plane)].map(|axis| dot(axis, GRADIENTS[step]));
        doubles(ds, Tag(0x0065, 0x1037), &along);
        // what stands beside it is in another frame
        doubles(ds, tags::DIFFUSION_GRADIENT_ORIENTATION, &[0.0, 0.0, 1.0]);
    });
}

#[test]
fn canon_tells_it_in_a_comment() {
    holds(|ds, step, plane| {
        maker(ds, "CANON_MEC");
        text(ds, tags::IN_PLANE_PHASE_ENCODING_DIRECTION, VR::CS, "COL");
        if step > 0 {
            doubles(ds, tags::DIFFUSION_B_VALUE, &[b_value(step)]);
            let [frequency, phase, slice] = super::ge::logical(GRADIENTS[step], plane, false);
            let comment = format!("b=1000({phase:.6},{frequency:.6},{slice:.6})");
            text(ds, tags::IMAGE_COMMENTS, VR::LT, &comment);
        }
    });
}

#[test]
fn a_block_of_another_owner_is_not_read() {
    let all = series(planes()[2], 4, |ds, step| {
        maker(ds, "Philips Medical Systems");
        creator(ds, Tag(0x2001, 0x10), "Somebody else");
        float(ds, Tag(0x2001, 0x1003), b_value(step));
    });
    let found = converted(&all, false);
    assert_eq!(isocenter_convert::GradientTable::of(found[0].volume.head()), None);
}

#[test]
fn a_vector_that_can_be_none_is_none() {
    let unfilled: Vector = [1e30, 1e30, 1e30];
    let all = series(planes()[2], 3, |ds, step| {
        doubles(ds, tags::DIFFUSION_B_VALUE, &[made::b_value(step)]);
        doubles(ds, tags::DIFFUSION_GRADIENT_ORIENTATION, if step == 1 { &unfilled } else { &GRADIENTS[step] });
    });
    // a weighted image without a direction beside one with one is no step of its axis
    let mut steps: Vec<usize> = converted(&all, false).iter().map(|c| c.volume.steps()).collect();
    steps.sort_unstable();
    assert_eq!(steps, [1, 2]);
}
