//! Enhanced images: the functional group, and Philips' private sequence where that is missing.

use isocenter_dcm::{Dataset, Tag, VR, tags};

use super::made::{GRADIENTS, Plane, Vector, converted, creator, doubles, float, normal, planes, states};
use crate::support::{item, number, numbers, object, pixel_module, sequence, text, words};

/// An image of two slices for each of the gradients; `state` fills the group of a frame.
fn enhanced(plane: Plane, steps: usize, maker: &str, state: impl Fn(&mut Dataset, usize)) -> Dataset {
    let mut ds = object("1.2.840.10008.5.1.4.1.1.4.1", "MR", 0);
    text(&mut ds, tags::MANUFACTURER, VR::LO, maker);
    text(&mut ds, tags::NUMBER_OF_FRAMES, VR::IS, &(2 * steps).to_string());
    pixel_module(&mut ds);
    let shared = item(|group| {
        let measures = item(|ds| {
            numbers(ds, tags::PIXEL_SPACING, &[0.5, 0.75]);
            number(ds, tags::SLICE_THICKNESS, 3.0);
        });
        sequence(group, tags::PIXEL_MEASURES_SEQUENCE, vec![measures]);
        let orientation = item(|ds| numbers(ds, tags::IMAGE_ORIENTATION_PATIENT, &plane.concat()));
        sequence(group, tags::PLANE_ORIENTATION_SEQUENCE, vec![orientation]);
    });
    sequence(&mut ds, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared]);
    let frames = (0..steps).flat_map(|step| [(step, 0.0), (step, 3.0)]);
    let groups = frames.map(|(step, mm)| {
        item(|group| {
            let content = item(|ds| number(ds, tags::TEMPORAL_POSITION_INDEX, step as f64 + 1.0));
            sequence(group, tags::FRAME_CONTENT_SEQUENCE, vec![content]);
            let place = normal(plane).map(|n| mm * n);
            let position = item(|ds| numbers(ds, tags::IMAGE_POSITION_PATIENT, &place));
            sequence(group, tags::PLANE_POSITION_SEQUENCE, vec![position]);
            state(group, step);
        })
    });
    sequence(&mut ds, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, groups.collect());
    words(&mut ds, &(0..24 * steps as u16).collect::<Vec<_>>());
    ds
}

fn diffusion(group: &mut Dataset, directionality: &str, b: Option<f64>, direction: Option<Vector>) {
    let found = item(|ds| {
        text(ds, tags::DIFFUSION_DIRECTIONALITY, VR::CS, directionality);
        if let Some(b) = b {
            doubles(ds, tags::DIFFUSION_B_VALUE, &[b]);
        }
        if let Some(direction) = direction {
            let direction = item(|ds| doubles(ds, tags::DIFFUSION_GRADIENT_ORIENTATION, &direction));
            sequence(ds, tags::DIFFUSION_GRADIENT_DIRECTION_SEQUENCE, vec![direction]);
        }
    });
    sequence(group, tags::MR_DIFFUSION_SEQUENCE, vec![found]);
}

const B: [f64; 4] = [0.0, 1000.0, 1000.0, 1000.0];

#[test]
fn directional_frames_beside_one_of_none() {
    for plane in planes() {
        let ds = enhanced(plane, 4, "Canon Medical Systems", |group, step| match step {
            // the standard asks for a b-value only where there is a weighting
            0 => diffusion(group, "NONE", None, None),
            _ => diffusion(group, "DIRECTIONAL", Some(1000.0), Some(GRADIENTS[step])),
        });
        for is_implicit in [false, true] {
            assert!(states(&converted(std::slice::from_ref(&ds), is_implicit)[0], &B, &GRADIENTS), "{plane:?}");
        }
    }
}

#[test]
fn an_isotropic_frame_is_set_apart() {
    let ds = enhanced(planes()[2], 5, "Philips Medical Systems", |group, step| match step {
        0 => diffusion(group, "NONE", Some(0.0), None),
        4 => diffusion(group, "ISOTROPIC", Some(1000.0), Some([0.0, 0.0, 1.0])),
        _ => diffusion(group, "DIRECTIONAL", Some(1000.0), Some(GRADIENTS[step])),
    });
    let found = converted(&[ds], false);
    assert_eq!(found.iter().map(|c| c.volume.steps()).collect::<Vec<_>>(), [4, 1]);
    assert!(states(&found[0], &B, &GRADIENTS));
}

/// Writes a B-matrix into the slots of the standard.
fn matrix(group: &mut Dataset, slots: [f64; 6]) {
    let b = item(|ds| {
        let tags = [
            tags::DIFFUSION_B_VALUE_XX,
            tags::DIFFUSION_B_VALUE_XY,
            tags::DIFFUSION_B_VALUE_XZ,
            tags::DIFFUSION_B_VALUE_YY,
            tags::DIFFUSION_B_VALUE_YZ,
            tags::DIFFUSION_B_VALUE_ZZ,
        ];
        tags.into_iter().zip(slots).for_each(|(tag, value)| doubles(ds, tag, &[value]));
    });
    let found = item(|ds| {
        text(ds, tags::DIFFUSION_DIRECTIONALITY, VR::CS, "BMATRIX");
        doubles(ds, tags::DIFFUSION_B_VALUE, &[1000.0]);
        sequence(ds, tags::DIFFUSION_B_MATRIX_SEQUENCE, vec![b]);
    });
    sequence(group, tags::MR_DIFFUSION_SEQUENCE, vec![found]);
}

#[test]
fn a_b_matrix_alone_tells_the_direction_also_with_its_slots_mixed_up() {
    for is_mixed in [false, true] {
        let ds = enhanced(planes()[0], 4, "Bruker BioSpin MRI GmbH", |group, step| {
            let [x, y, z] = GRADIENTS[step];
            let [xx, xy, xz, yy, yz, zz] = [x * x, x * y, x * z, y * y, y * z, z * z].map(|v| 1000.0 * v);
            match step {
                0 => diffusion(group, "NONE", Some(0.0), None),
                _ if is_mixed => matrix(group, [xx, xy, xz, xy, yy, yz]),
                _ => matrix(group, [xx, xy, xz, yy, yz, zz]),
            }
        });
        let found = converted(&[ds], false);
        assert!(states(&found[0], &B, &GRADIENTS), "{is_mixed}");
        let axis = &found[0].volume.slow_axes()[0];
        let matrices = axis.matrices(&isocenter_volume::Quantity::BMatrix).unwrap();
        assert!((matrices[3][2][2] - 360.0).abs() < 1e-9 && (matrices[3][1][2] - 480.0).abs() < 1e-9);
    }
}

#[test]
fn the_private_sequence_of_philips_speaks_where_the_group_is_missing() {
    let ds = enhanced(planes()[0], 4, "Philips Medical Systems", |group, step| {
        let own = item(|ds| {
            creator(ds, Tag(0x2001, 0x10), "Philips Imaging DD 001");
            creator(ds, Tag(0x2005, 0x10), "Philips MR Imaging DD 001");
            float(ds, Tag(0x2001, 0x1003), B[step]);
            for (element, value) in [0x10B0, 0x10B1, 0x10B2].into_iter().zip(GRADIENTS[step]) {
                float(ds, Tag(0x2005, element), value);
            }
        });
        creator(group, Tag(0x2005, 0x14), "Philips MR Imaging DD 005");
        sequence(group, Tag(0x2005, 0x140F), vec![own]);
    });
    assert!(states(&converted(&[ds], false)[0], &B, &GRADIENTS));
}

#[test]
fn the_older_elements_of_siemens_speak_where_the_group_is_missing() {
    let ds = enhanced(planes()[0], 4, "Siemens Healthineers", |group, step| {
        let own = item(|ds| {
            creator(ds, Tag(0x0019, 0x10), "SIEMENS MR HEADER");
            text(ds, Tag(0x0019, 0x100C), VR::IS, &format!("{}", B[step]));
            if step > 0 {
                doubles(ds, Tag(0x0019, 0x100E), &GRADIENTS[step]);
            }
        });
        creator(group, Tag(0x0021, 0x11), "SIEMENS MR SDI 02");
        sequence(group, Tag(0x0021, 0x11FE), vec![own]);
    });
    assert!(states(&converted(&[ds], false)[0], &B, &GRADIENTS));
}
