use isocenter_register::{Error, RegistrationOptions, Side};
use isocenter_volume::{Affine, AxisKind, Ctx, Frame, Geometry, Head, Mask, Observer, SlowAxis, Volume};

fn ball(frame: Frame) -> Volume<f32> {
    let geometry = Geometry::new([24; 3], Affine::from_spacing_origin([4.0; 3], [-46.0; 3]), frame).unwrap();
    let voxels: Vec<f32> = (0..24 * 24 * 24)
        .map(|n| {
            let p = geometry.world_of([(n % 24) as f64, (n / 24 % 24) as f64, (n / 576) as f64]);
            let r = (p[0] * p[0] + p[1] * p[1] * 1.5 + p[2] * p[2] * 2.0).sqrt();
            if r < 30.0 { 100.0 + p[0] as f32 } else { 0.0 }
        })
        .collect();
    Volume::new(voxels, geometry).unwrap()
}

#[test]
fn images_without_a_patient_frame() {
    let (known, unknown) = (ball(Frame::Patient(None)), ball(Frame::Unknown));
    let options = RegistrationOptions::default();
    assert_eq!(options.register(&unknown, &known).unwrap_err(), Error::NoPatientFrame { side: Side::Fixed });
    assert_eq!(options.register(&known, &unknown).unwrap_err(), Error::NoPatientFrame { side: Side::Moving });
    assert!(options.register(&known, &unknown.assume_patient_frame()).is_ok());
}

#[test]
fn even_images_and_series() {
    let good = ball(Frame::Patient(None));
    let geometry = good.geometry().clone();
    for value in [0.0, 0.1, -1024.0, 1e30, f32::NAN, f32::INFINITY] {
        let even = Volume::new(vec![value; geometry.len()], geometry.clone()).unwrap();
        let refused = RegistrationOptions::default().register(&good, &even).unwrap_err();
        let side = Side::Moving;
        assert_eq!(refused, if value.is_finite() { Error::NoContrast { side } } else { Error::NothingFinite { side } });
    }
    // one value but for its rounding, and beside a background of NaN
    let rounded = (0..geometry.len()).map(|n| if n % 3 == 0 { 37.0 } else { 37.000_004 }).collect::<Vec<f32>>();
    let behind = (0..geometry.len()).map(|n| if n % 3 == 0 { f32::NAN } else { 37.0 }).collect::<Vec<f32>>();
    for voxels in [rounded, behind] {
        let even = Volume::new(voxels, geometry.clone()).unwrap();
        let refused = RegistrationOptions::default().register(&even, &good).unwrap_err();
        assert_eq!(refused, Error::NoContrast { side: Side::Fixed });
    }
    let axis = SlowAxis::new(AxisKind::Channel, 2).unwrap();
    let two = Volume::from_parts(
        Head::new(geometry).with_slow_axes(vec![axis]).unwrap(),
        vec![1f32; 2 * good.geometry().len()],
    )
    .unwrap();
    let refused = RegistrationOptions::default().register(&two, &good).unwrap_err();
    assert_eq!(refused, Error::SlowSteps { side: Side::Fixed, found: 2 });
}

#[test]
fn masks_and_numbers_that_do_not_fit() {
    let good = ball(Frame::Patient(None));
    let elsewhere = good.geometry().clone();
    let other = Geometry::new([24; 3], Affine::from_spacing_origin([4.0; 3], [0.0; 3]), Frame::Patient(None)).unwrap();
    let mask = Mask::full(other);
    assert!(matches!(RegistrationOptions::default().mask(&mask).register(&good, &good), Err(Error::MaskGrid { .. })));
    let empty = Mask::none(elsewhere);
    let refused = RegistrationOptions::default().mask(&empty).register(&good, &good);
    assert!(matches!(refused, Err(Error::MaskTooSmall { found: 0, .. })));
    assert!(matches!(RegistrationOptions::default().samples(3).register(&good, &good), Err(Error::BadOption { .. })));
    assert!(matches!(
        RegistrationOptions::default().rotations(200_000).register(&good, &good),
        Err(Error::BadOption { .. })
    ));
}

#[test]
fn stops_when_told() {
    struct Stop;
    impl Observer for Stop {
        fn is_cancelled(&self) -> bool {
            true
        }
    }
    let good = ball(Frame::Patient(None));
    assert_eq!(
        RegistrationOptions::default().ctx(Ctx::default().with_observer(&Stop)).register(&good, &good).unwrap_err(),
        Error::Cancelled
    );
}
