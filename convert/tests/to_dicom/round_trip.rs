//! What was written comes back: places within a ten-thousandth of a millimetre, values exact or as near as was said.

use isocenter_convert::to_dicom::{Kind, Warning};
use isocenter_volume::{
    AxisKind, Column, DynSamples, DynVolume, Frame, Geometry, Head, Meta, Quantity, Rescale, Rgb, Scaling, SlowAxis,
    Unit, meta::Pet,
};
use proptest::prelude::*;

use super::support::{differences, grid, objects, ramp, read_back, template, volume};

/// What is asked of a place, mm.
const PLACE_MM: f64 = 1e-4;

/// Digits that a decimal string of 16 characters keeps of a slope.
const SCALING: f64 = 1e-9;

const STACKS: [Kind; 6] = [Kind::Ct, Kind::Mr, Kind::Pet, Kind::EnhancedCt, Kind::EnhancedMr, Kind::EnhancedPet];

#[test]
fn every_kind_keeps_places_and_values_of_either_hand() {
    for kind in STACKS.into_iter().chain([Kind::SecondaryCapture, Kind::ParametricMap]) {
        for left in [false, true] {
            let volume = volume(grid([7, 5, 4], left, 0.0), ramp(140));
            let (instances, warnings) = objects(kind, &volume, &template());
            assert_eq!(warnings.contains(&Warning::SlicesReversed), left, "{kind}");
            let back = read_back(&instances);
            assert_eq!(back.len(), 1, "{kind}");
            let (place, value) = differences(&volume, &back[0].volume);
            assert!(place < PLACE_MM && value == 0.0, "{kind}: {place} mm, {value}");
        }
    }
}

#[test]
fn a_tilted_stack_comes_back_tilted() {
    for kind in [Kind::Ct, Kind::Mr, Kind::Pet, Kind::SecondaryCapture] {
        let volume = volume(grid([7, 5, 4], false, 0.5), ramp(140));
        let back = read_back(&objects(kind, &volume, &template()).0);
        let (place, value) = differences(&volume, &back[0].volume);
        assert!(place < PLACE_MM && value == 0.0, "{kind}: {place} mm, {value}");
        assert!(back[0].warnings.iter().any(|w| w.code() == "sheared"), "{kind}");
    }
}

#[test]
fn floats_are_as_near_as_was_said_and_exact_in_a_map() {
    let samples: Vec<f32> = (0..140).map(|i| libm::sinf(i as f32) * 300.0 + 40.0).collect();
    let volume = volume(grid([7, 5, 4], false, 0.0), samples);
    for kind in STACKS {
        let (instances, warnings) = objects(kind, &volume, &template());
        let said = warnings.iter().find_map(|w| match w {
            Warning::Quantized { largest_error } => Some(*largest_error),
            _ => None,
        });
        let (_, value) = differences(&volume, &read_back(&instances)[0].volume);
        let said = said.unwrap();
        // half of a step of 65536 over the span, or of 32768 where 0 must be one of them
        assert!(value <= said * 1.000_001 && said < 0.5 * 700.0 / 32000.0, "{kind}: {value}, {said}");
    }
    let back = read_back(&objects(Kind::ParametricMap, &volume, &template()).0);
    assert_eq!(back[0].volume.samples(), volume.samples());
}

#[test]
fn wide_integers_are_moved_and_not_rounded() {
    let samples: Vec<i32> = (0..140).map(|i| 1_000_000 + i * 400).collect();
    let volume = volume(grid([7, 5, 4], false, 0.0), samples);
    for kind in [Kind::Ct, Kind::EnhancedMr] {
        let (instances, warnings) = objects(kind, &volume, &template());
        assert!(!warnings.iter().any(|w| w.code() == "quantized"));
        assert_eq!(differences(&volume, &read_back(&instances)[0].volume).1, 0.0, "{kind}");
    }
}

#[test]
fn a_slope_of_each_plane_stays() {
    let pairs: Vec<Rescale> = (1..=4).map(|k| Rescale::new(f64::from(k) * 0.25, 0.0).unwrap()).collect();
    let head = Head::new(grid([7, 5, 4], true, 0.0)).with_scaling(Scaling::per_plane(pairs, Unit::BqPerMl)).unwrap();
    let volume = DynVolume::from_parts(head, ramp(140)).unwrap();
    for kind in [Kind::Pet, Kind::EnhancedPet, Kind::Mr, Kind::ParametricMap] {
        let back = read_back(&objects(kind, &volume, &template()).0);
        assert_eq!(differences(&volume, &back[0].volume).1, 0.0, "{kind}");
        assert_eq!(back[0].volume.scaling().as_per_plane().map(<[_]>::len), Some(4), "{kind}");
    }
    let unit = |kind| read_back(&objects(kind, &volume, &template()).0)[0].volume.scaling().unit().clone();
    assert_eq!((unit(Kind::Pet), unit(Kind::ParametricMap)), (Unit::BqPerMl, Unit::BqPerMl));
}

#[test]
fn uptake_by_lean_mass_does_not_come_back_as_uptake_by_weight() {
    for (units, kind, code) in [("GML", "LBMJANMA", "g/ml{SUVlbm(Janma)}"), ("CM2ML", "BSA", "cm2/ml{SUVbsa}")] {
        let unit = Unit::Other(code.to_owned());
        let scaling = Scaling::uniform(Rescale::new(0.01, 0.0).unwrap(), unit.clone());
        let mut pet = Pet::default();
        (pet.units, pet.suv_type) = (Some(units.to_owned()), Some(kind.to_owned()));
        let mut meta = Meta::default();
        meta.pet = Some(pet);
        let head = Head::new(grid([7, 5, 4], true, 0.0)).with_scaling(scaling).unwrap().with_meta(meta);
        let volume = DynVolume::from_parts(head, ramp(140)).unwrap();
        let back = read_back(&objects(Kind::Pet, &volume, &template()).0);
        assert_eq!(*back[0].volume.scaling().unit(), unit, "{kind}");
    }
}

#[test]
fn time_and_weightings_come_back_as_axes() {
    let times = SlowAxis::numbered(AxisKind::Time, Quantity::Time, vec![0.0, 2.5, 5.0]).unwrap();
    let weights = SlowAxis::numbered(AxisKind::Diffusion, Quantity::BValue, vec![0.0, 1000.0, 1000.0]).unwrap();
    let directions = vec![[0.0; 3], [1.0, 0.0, 0.0], [0.0, 0.6, 0.8]];
    let weights =
        weights.with_column(Column::vectors(Quantity::GradientDirection, directions.clone()).unwrap()).unwrap();
    for (axis, kinds) in [
        (times, &[Kind::Ct, Kind::Mr, Kind::Pet, Kind::EnhancedCt, Kind::EnhancedMr, Kind::EnhancedPet][..]),
        (weights, &[Kind::Mr, Kind::EnhancedMr]),
    ] {
        let head = Head::new(grid([7, 5, 4], false, 0.0)).with_slow_axes(vec![axis.clone()]).unwrap();
        let volume = DynVolume::from_parts(head, ramp(420)).unwrap();
        for &kind in kinds {
            let back = read_back(&objects(kind, &volume, &template()).0);
            assert_eq!(differences(&volume, &back[0].volume).1, 0.0, "{kind}");
            let [found] = back[0].volume.slow_axes() else { panic!("{kind}: not one axis") };
            assert_eq!(found.kind(), axis.kind(), "{kind}");
            if *axis.kind() == AxisKind::Diffusion {
                assert_eq!(found.numbers(&Quantity::BValue), axis.numbers(&Quantity::BValue), "{kind}");
                assert_eq!(found.vectors(&Quantity::GradientDirection), Some(&directions[..]), "{kind}");
            }
        }
    }
}

#[test]
fn echoes_come_back_as_volumes_of_their_echo_times() {
    let echoes = SlowAxis::numbered(AxisKind::Echo, Quantity::EchoTime, vec![0.004, 0.009]).unwrap();
    let head = Head::new(grid([7, 5, 4], false, 0.0)).with_slow_axes(vec![echoes]).unwrap();
    let volume = DynVolume::from_parts(head, ramp(280)).unwrap();
    for kind in [Kind::Mr, Kind::EnhancedMr] {
        let back = read_back(&objects(kind, &volume, &template()).0);
        let times: Vec<_> = back.iter().filter_map(|b| b.volume.meta().mr.as_ref()?.echo_time_s).collect();
        assert_eq!(times, [0.004, 0.009], "{kind}");
        for (step, back) in back.iter().enumerate() {
            assert_eq!(differences(&volume.extract_step(step).unwrap(), &back.volume).1, 0.0, "{kind}");
        }
    }
}

#[test]
fn pictures_without_a_place_are_captures() {
    let affine = isocenter_volume::Affine::from_spacing_origin([0.5, 0.25, 1.0], [0.0; 3]);
    let geometry = Geometry::new([5, 3, 2], affine, Frame::Pixel).unwrap();
    let colours: Vec<Rgb> = (0..30).map(|i| Rgb([i, 2 * i, 255 - i])).collect();
    for samples in
        [DynSamples::from((0..30).collect::<Vec<u8>>()), (0..30).collect::<Vec<u16>>().into(), colours.into()]
    {
        let volume = volume(geometry.clone(), samples);
        let back = read_back(&objects(Kind::MultiFrameCapture, &volume, &template()).0);
        assert_eq!(back[0].volume.samples(), volume.samples());
        assert_eq!(back[0].volume.geometry().spacing_mm()[..2], [0.5, 0.25]);
        let back = read_back(&objects(Kind::SecondaryCapture, &volume, &template()).0);
        assert_eq!(back.len(), 2);
    }
}

/// A volume that any stack may hold.
fn any_volume() -> impl Strategy<Value = DynVolume> {
    let shape = [1..7usize, 1..7, 1..6];
    let turn = (0.0..1.0f64, 0.0..std::f64::consts::TAU, 0.0..std::f64::consts::TAU);
    let place = ([0.2..7.0f64, 0.2..7.0, 0.2..7.0], [-900.0..900.0f64, -900.0..900.0, -900.0..900.0], any::<bool>());
    let scaling = (prop_oneof![Just(1.0), 1e-4..50.0f64], prop_oneof![Just(0.0), -2000.0..2000.0f64]);
    (shape, turn, place, scaling, 0..6u8, any::<u64>()).prop_filter_map(
        "a singular affine",
        |(shape, (u, a, b), (mm, origin, left), (slope, intercept), kind, seed)| {
            // Shoemake's uniform unit quaternion
            let (p, q) = ((1.0 - u).sqrt(), u.sqrt());
            let [w, x, y, z] = [p * libm::sin(a), p * libm::cos(a), q * libm::sin(b), q * libm::cos(b)];
            let turn = [
                [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + w * z), 2.0 * (x * z - w * y)],
                [2.0 * (x * y - w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z + w * x)],
                [2.0 * (x * z + w * y), 2.0 * (y * z - w * x), 1.0 - 2.0 * (x * x + y * y)],
            ];
            let sign = [1.0, 1.0, if left { -1.0 } else { 1.0 }];
            let columns = [0, 1, 2].map(|axis| turn[axis].map(|v| v * mm[axis] * sign[axis]));
            let affine = isocenter_volume::Affine::from_columns(columns, origin);
            let geometry = Geometry::new(shape, affine, Frame::Patient(None)).ok()?;
            let n = geometry.len();
            let number = |i: usize| (seed ^ (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)).rotate_left(17);
            let samples: DynSamples = match kind {
                0 => (0..n).map(|i| number(i) as u8).collect::<Vec<_>>().into(),
                1 => (0..n).map(|i| number(i) as i8).collect::<Vec<_>>().into(),
                2 => (0..n).map(|i| number(i) as u16).collect::<Vec<_>>().into(),
                3 => (0..n).map(|i| number(i) as i16).collect::<Vec<_>>().into(),
                4 => (0..n).map(|i| i32::from(number(i) as u16) - 100_000).collect::<Vec<_>>().into(),
                _ => (0..n).map(|i| f32::from(number(i) as i16) * 0.37).collect::<Vec<_>>().into(),
            };
            let scaling = Scaling::uniform(Rescale::new(slope, intercept).ok()?, Unit::BqPerMl);
            DynVolume::from_parts(Head::new(geometry).with_scaling(scaling).ok()?, samples).ok()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_volume_round_trips(volume in any_volume(), kind in 0..STACKS.len()) {
        let kind = STACKS[kind];
        let (instances, warnings) = objects(kind, &volume, &template());
        let back = read_back(&instances);
        prop_assert_eq!(back.len(), 1);
        let (place, value) = differences(&volume, &back[0].volume);
        prop_assert!(place < PLACE_MM, "{}: {} mm", kind, place);
        let said = warnings.iter().fold(0.0f64, |most, w| match w {
            Warning::Quantized { largest_error } | Warning::ScalingRounded { largest_error } => most.max(*largest_error),
            _ => most,
        });
        // sums in f64 round in the last digits of the largest number
        let [slope, intercept] = volume.scaling().as_uniform().map(|r| [r.slope(), r.intercept()]).unwrap();
        let most = slope * 100_000.0 + intercept.abs();
        prop_assert!(value <= said * (1.0 + SCALING) + most * 1e-12, "{}: {} of {}", kind, value, said);
    }
}
