//! Slab by slab comes to what the whole comes to.

use isocenter_normalize::{
    CtWindow, Error, FillNonFinite, PercentileRescale, Pipeline, Region, Spatial, Step, Transform, ZScore,
    spatial::{CropOrPad, Fill, Flip, Reorient, Resampling, Target},
    stream::{Sink, Source},
};
use isocenter_volume::{
    Affine, AxisKind, Ctx, Frame, Geometry, GridPolicy, Head, Interpolation, Rescale, Scaling, SlowAxis, Unit, Volume,
};
use proptest::prelude::*;

#[derive(Default)]
struct Gathered {
    head: Option<Head>,
    samples: Vec<f32>,
    most: usize,
}

impl Sink for Gathered {
    fn begin(&mut self, head: &Head) -> Result<(), Error> {
        self.head = Some(head.clone());
        Ok(())
    }

    fn put(&mut self, samples: &[f32]) -> Result<(), Error> {
        self.most = self.most.max(samples.len());
        self.samples.extend(samples);
        Ok(())
    }
}

/// Whole numbers under a scaling, with two steps in time.
fn stored() -> Volume<i16> {
    let shape = [12, 10, 17];
    let turn = Affine::from_columns([[1.1, 0.1, 0.0], [-0.1, 1.0, 0.1], [0.0, -0.1, 1.4]], [-20.0, 5.0, 30.0]);
    let grid = Geometry::new(shape, turn, Frame::Patient(None)).unwrap();
    let head = Head::new(grid).with_slow_axes(vec![SlowAxis::new(AxisKind::Time, 2).unwrap()]).unwrap();
    let head = head.with_scaling(Scaling::uniform(Rescale::new(0.5, -1024.0).unwrap(), Unit::Hu)).unwrap();
    let samples: Vec<i16> = (0..head.len()).map(|n| ((n * 7919) % 4001) as i16).collect();
    Volume::from_parts(head, samples).unwrap()
}

fn run(steps: &[Transform], bytes: usize) -> Result<(Gathered, Volume<f32>), Error> {
    let pipeline = Pipeline::new(steps.to_vec())?;
    let ctx = Ctx::default();
    let (whole, record) = pipeline.run(stored().to_real(&ctx)?, None, &ctx)?;
    let mut sink = Gathered::default();
    let streamed = pipeline.stream(&mut stored(), &mut sink, bytes, &ctx)?;
    assert_eq!(streamed.to(), record.to());
    assert_eq!(sink.head.as_ref().unwrap().scaling(), whole.scaling());
    assert_eq!(sink.head.as_ref().unwrap().steps(), 2);
    assert_eq!(sink.samples.len(), whole.voxels().len());
    Ok((sink, whole))
}

fn resample(spacing: [f64; 3], interpolation: Interpolation, antialias: bool) -> Transform {
    let step = Resampling::new(Target::Spacing(spacing, GridPolicy::Extent)).unwrap();
    Spatial::Resample(Box::new(step.interpolation(interpolation).antialias(antialias))).into()
}

fn exact_step() -> impl Strategy<Value = Transform> {
    prop_oneof![
        prop_oneof![Just("RAS"), Just("PIR"), Just("SAL")]
            .prop_map(|to| Spatial::Reorient(Reorient { to: to.parse().unwrap() }).into()),
        any::<[bool; 3]>().prop_map(|axes| Spatial::Flip(Flip { axes }).into()),
        [2..20usize, 2..20, 2..20]
            .prop_map(|size| Spatial::CropOrPad(CropOrPad::new(size, Fill::Lowest).unwrap()).into()),
        Just(Step::CtWindow(CtWindow::range(-900.0, 500.0).unwrap()).into()),
        Just(Step::FillNonFinite(FillNonFinite::new(3.0).unwrap()).into()),
        Just(Step::PercentileRescale(PercentileRescale::new(2.0, 97.0)).into()),
    ]
}

proptest! {
    #[test]
    fn moves_maps_and_percentiles_are_the_same_to_the_bit(
        steps in proptest::collection::vec(exact_step(), 1..5),
        bytes in 16..200_000usize,
    ) {
        match run(&steps, bytes) {
            Ok((sink, whole)) => {
                prop_assert!(sink.samples.iter().zip(whole.voxels()).all(|(a, b)| a.to_bits() == b.to_bits()));
            }
            // the percentiles of what was made constant meet
            Err(Error::InStep { source, .. }) => prop_assert!(matches!(*source, Error::Constant { .. }), "{source}"),
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    /// MOOSE 3.2.2 resamples chunk by chunk and rounds the size of each: the second half of a CT is displaced by 0.7 mm.
    #[test]
    fn interpolated_values_are_the_same_to_rounding(
        spacing in [0.6..3.0f64, 0.6..3.0, 0.6..3.0],
        kind in prop_oneof![
            Just(Interpolation::Nearest), Just(Interpolation::Linear), Just(Interpolation::BSpline3), Just(Interpolation::Lanczos { radius: 3 }),
        ],
        antialias in any::<bool>(),
        to in prop_oneof![Just("RAS"), Just("PIR")],
        bytes in 16..100_000usize,
    ) {
        let steps = [
            Spatial::Reorient(Reorient { to: to.parse().unwrap() }).into(),
            resample(spacing, kind, antialias),
            Step::ZScore(ZScore::new(Region::All)).into(),
        ];
        let (sink, whole) = run(&steps, bytes).unwrap();
        for (a, b) in sink.samples.iter().zip(whole.voxels()) {
            prop_assert!((a - b).abs() < 2e-4, "{a} {b}");
        }
    }
}

#[test]
fn little_memory_makes_thin_slabs_and_what_looks_at_the_whole_is_refused() {
    let (sink, _) = run(&[resample([0.7; 3], Interpolation::Linear, false)], 64).unwrap();
    assert!(sink.most <= 19 * 15, "{}", sink.most);
    let n4 = Pipeline::new(vec![Step::N4(isocenter_normalize::N4::default()).into()]).unwrap();
    let refused = n4.stream(&mut stored(), &mut Gathered::default(), 1 << 20, &Ctx::default()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "step 1, `n4`: it looks at the whole image at once, which cannot be done slab by slab"
    );
    let head = Pipeline::new(vec![Step::ZScore(ZScore::new(Region::Head)).into()]).unwrap();
    assert!(head.stream(&mut stored(), &mut Gathered::default(), 1 << 20, &Ctx::default()).is_err());
}

struct Broken(Volume<i16>);

impl Source for Broken {
    fn head(&self) -> &Head {
        self.0.head()
    }

    fn block(&mut self, _: usize, _: isocenter_normalize::spatial::Block, _: &mut [f32]) -> Result<(), Error> {
        Err(Error::Source { message: "the disk is gone".to_owned() })
    }
}

#[test]
fn what_the_source_says_comes_through() {
    let pipeline = Pipeline::new(vec![Step::ZScore(ZScore::default()).into()]).unwrap();
    let refused =
        pipeline.stream(&mut Broken(stored()), &mut Gathered::default(), 1 << 20, &Ctx::default()).unwrap_err();
    assert_eq!(refused.to_string(), "step 1, `zscore`: the disk is gone");
}
