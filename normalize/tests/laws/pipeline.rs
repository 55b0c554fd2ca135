//! A pipeline gives what its steps give one by one, whatever was fused, and goes back.

use std::num::NonZero;

use isocenter_normalize::{
    CtWindow, Error, FillNonFinite, FittedPipeline, N4, PercentileRescale, Pipeline, Region, Spatial, Step, Transform,
    ZScore,
    filter::Median,
    spatial::{Crop, CropForeground, CropOrPad, Fill, Flip, MultipleOf, Pad, Reorient, Resampling, Target},
};
use isocenter_volume::{
    Affine, Ctx, Frame, Geometry, GridPolicy, Interpolation, LabelMap, Mask, Volume, rayon::ThreadPoolBuilder,
};
use proptest::prelude::*;

/// A head-like lump off the middle of an oblique grid with steps of three sizes.
fn lump() -> Volume<f32> {
    let shape = [14, 11, 9];
    let turn = Affine::from_columns([[0.9, 0.1, 0.0], [-0.15, 1.2, 0.1], [0.0, -0.2, 2.0]], [-20.0, 5.0, 30.0]);
    let grid = Geometry::new(shape, turn, Frame::Patient(None)).unwrap();
    let voxels: Vec<f32> = (0..grid.len())
        .map(|n| {
            let at = [n % 14, n / 14 % 11, n / 154].map(|v| v as f32);
            let away = (at[0] - 6.0).powi(2) / 25.0 + (at[1] - 5.0).powi(2) / 16.0 + (at[2] - 4.0).powi(2) / 9.0;
            if away < 1.0 { 100.0 + 7.0 * at[0] - 3.0 * at[1] + at[2] * at[2] } else { -40.0 }
        })
        .collect();
    Volume::new(voxels, grid).unwrap()
}

/// Steps of the grid that move voxels and interpolate none.
fn exact_step() -> impl Strategy<Value = Spatial> {
    let three = |range: std::ops::Range<usize>| [range.clone(), range.clone(), range];
    prop_oneof![
        prop_oneof![Just("RAS"), Just("LPS"), Just("PIR"), Just("SAL")]
            .prop_map(|to| Spatial::Reorient(Reorient { to: to.parse().unwrap() })),
        any::<[bool; 3]>().prop_map(|axes| Spatial::Flip(Flip { axes })),
        three(2..20).prop_map(|size| Spatial::CropOrPad(CropOrPad::new(size, Fill::Value(-7.0)).unwrap())),
        (three(0..3), three(0..3))
            .prop_map(|(before, after)| Spatial::Pad(Pad::new(before, after, Fill::Value(11.0)).unwrap())),
        (three(1..6), any::<bool>())
            .prop_map(|(of, crop)| Spatial::MultipleOf(MultipleOf::new(of, crop, Fill::Value(-7.0)).unwrap())),
    ]
}

fn values_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::ZScore(ZScore::new(Region::Above(-30.0)))),
        Just(Step::PercentileRescale(PercentileRescale::new(2.0, 98.0))),
        Just(Step::CtWindow(CtWindow::range(-30.0, 150.0).unwrap())),
        Just(Step::FillNonFinite(FillNonFinite::new(3.0).unwrap())),
        Just(Step::Median(Median::new(1).unwrap())),
    ]
}

/// Each step by a pipeline of its own; the mask goes along.
fn one_by_one(steps: &[Transform], mut image: Volume<f32>) -> Result<Volume<f32>, Error> {
    for step in steps {
        image = Pipeline::new(vec![step.clone()])?.run(image, None, &Ctx::default())?.0;
    }
    Ok(image)
}

fn same_bits(a: &Volume<f32>, b: &Volume<f32>) -> bool {
    a.shape() == b.shape() && a.voxels().iter().zip(b.voxels()).all(|(a, b)| a.to_bits() == b.to_bits())
}

/// But for the rounding of the order in which moves were composed.
fn same_grid(a: &Geometry, b: &Geometry) -> bool {
    let near = |(a, b): (&[f64; 3], &[f64; 3])| (0..3).all(|x| (a[x] - b[x]).abs() < 1e-9);
    a.shape() == b.shape() && a.corners_mm().iter().zip(&b.corners_mm()).all(near)
}

fn resample(spacing: [f64; 3]) -> Spatial {
    Spatial::Resample(Box::new(Resampling::new(Target::Spacing(spacing, GridPolicy::Extent)).unwrap()))
}

proptest! {
    #[test]
    fn fused_is_unfused_to_the_bit_where_nothing_is_interpolated(
        steps in proptest::collection::vec(prop_oneof![
            exact_step().prop_map(Transform::Spatial),
            values_step().prop_map(Transform::Intensity),
        ], 1..6),
        hole in proptest::option::of(0..1386usize),
    ) {
        let mut image = lump();
        if let Some(n) = hole {
            image.voxels_mut()[n] = f32::NAN;
        }
        let whole = Pipeline::new(steps.clone()).unwrap().run(image.clone(), None, &Ctx::default());
        match (whole, one_by_one(&steps, image)) {
            (Ok((fused, fitted)), Ok(single)) => {
                prop_assert!(same_bits(&fused, &single));
                prop_assert!(same_grid(fused.geometry(), single.geometry()));
                prop_assert_eq!(fused.scaling(), single.scaling());
                prop_assert!(same_grid(fused.geometry(), fitted.to()));
            }
            (Err(Error::InStep { source: a, .. }), Err(Error::InStep { source: b, .. })) => prop_assert_eq!(a, b),
            (whole, single) => prop_assert!(false, "{whole:?} {single:?}"),
        }
    }

    #[test]
    fn one_interpolation_among_exact_steps_changes_nothing_but_rounding(
        before in proptest::collection::vec(exact_step(), 0..3),
        spacing in [0.7..2.5f64, 0.7..2.5f64, 0.7..2.5f64],
        after in proptest::collection::vec(exact_step(), 0..3),
    ) {
        let steps = before.into_iter().chain([resample(spacing)]).chain(after);
        let steps: Vec<Transform> = steps.map(Transform::Spatial).collect();
        let (fused, _) = Pipeline::new(steps.clone()).unwrap().run(lump(), None, &Ctx::default()).unwrap();
        let single = one_by_one(&steps, lump()).unwrap();
        prop_assert_eq!(fused.shape(), single.shape());
        // places differ by the rounding of two compositions, values by that times the steepest edge
        for (a, b) in fused.voxels().iter().zip(single.voxels()) {
            prop_assert!((a - b).abs() < 1e-3, "{a} {b}");
        }
    }

    #[test]
    fn exact_moves_and_plain_maps_go_back(flip in any::<[bool; 3]>(), pad in [0..3usize, 0..3, 0..3]) {
        let steps = vec![
            Spatial::Flip(Flip { axes: flip }).into(),
            Step::ZScore(ZScore::new(Region::All)).into(),
            Spatial::Pad(Pad::new(pad, pad, Fill::Lowest).unwrap()).into(),
            Spatial::Reorient(Reorient { to: "RAS".parse().unwrap() }).into(),
        ];
        let (out, fitted) = Pipeline::new(steps).unwrap().run(lump(), None, &Ctx::default()).unwrap();
        prop_assert!(fitted.keeps_voxels().unwrap());
        let back = fitted.invert(out, &Ctx::default()).unwrap();
        let image = lump();
        prop_assert!(same_grid(back.geometry(), image.geometry()));
        prop_assert_eq!(back.scaling(), image.scaling());
        prop_assert!(back.voxels().iter().zip(image.voxels()).all(|(a, b)| (a - b).abs() < 1e-4));
    }
}

#[test]
fn threads_and_who_else_holds_the_image_change_nothing() {
    let steps: Vec<Transform> = vec![
        Spatial::Reorient(Reorient { to: "RAS".parse().unwrap() }).into(),
        resample([1.1; 3]).into(),
        Step::PercentileRescale(PercentileRescale::default()).into(),
        Step::ZScore(ZScore::default()).into(),
    ];
    let pipeline = Pipeline::new(steps).unwrap();
    let (alone, record) = pipeline.run(lump(), None, &Ctx::default()).unwrap();
    let held = lump();
    let before = held.voxels().to_vec();
    for threads in [1, 3] {
        let pool = ThreadPoolBuilder::new().num_threads(NonZero::<usize>::new(threads).unwrap().get()).build().unwrap();
        let (out, again) = pipeline.run(held.clone(), None, &Ctx::default().with_pool(&pool)).unwrap();
        assert!(same_bits(&out, &alone));
        assert_eq!(again, record);
    }
    assert_eq!(held.voxels(), before); // the input is as it was
}

#[test]
fn a_record_comes_back_and_does_the_same_to_another_image() {
    let steps: Vec<Transform> = vec![
        Spatial::CropForeground(CropForeground::new(0.0, [1; 3]).unwrap()).into(),
        resample([1.3, 1.3, 1.3]).into(),
        Step::CtWindow(CtWindow::range(0.0, 200.0).unwrap()).into(),
        Step::ZScore(ZScore::default()).into(),
    ];
    let (out, record) = Pipeline::new(steps).unwrap().run(lump(), None, &Ctx::default()).unwrap();
    let text = serde_json::to_string(&record).unwrap();
    let read: FittedPipeline = serde_json::from_str(&text).unwrap();
    assert_eq!(read, record);
    assert!(same_bits(&read.apply(lump(), &Ctx::default()).unwrap(), &out));
    let newer = text.replacen("\"version\":1", "\"version\":99", 1);
    assert!(serde_json::from_str::<FittedPipeline>(&newer).unwrap_err().to_string().contains("version 99"));
    let older = text.replacen("\"version\":1,", "", 1); // before versions were written
    assert_eq!(serde_json::from_str::<FittedPipeline>(&older).unwrap(), record);
    assert!(serde_json::from_str::<FittedPipeline>(&text.replacen("\"from\"", "\"form\"", 1)).is_err());
    let elsewhere =
        Volume::new(vec![0.0f32; 8], Geometry::new([2; 3], Affine::IDENTITY, Frame::Patient(None)).unwrap());
    let refused = read.apply(elsewhere.unwrap(), &Ctx::default()).unwrap_err();
    assert!(matches!(&refused, Error::InStep { number: 1, name: "crop_foreground", .. }), "{refused}");
}

#[test]
fn labels_and_masks_move_as_the_image_does_and_come_back() {
    let image = lump();
    let marked: Vec<u8> = image.voxels().iter().map(|v| if *v > 0.0 { 3 } else { 0 }).collect();
    let labels = LabelMap::new(vec![marked], image.geometry().clone(), vec![]).unwrap();
    let steps: Vec<Transform> = vec![
        Spatial::Reorient(Reorient { to: "PIR".parse().unwrap() }).into(),
        resample([0.6; 3]).into(),
        Step::ZScore(ZScore::new(Region::Mask)).into(),
        Spatial::CropOrPad(CropOrPad::new([40; 3], Fill::Lowest).unwrap()).into(),
    ];
    let mask = Mask::of_labels(&labels).unwrap();
    let (out, fitted) = Pipeline::new(steps).unwrap().run(image, Some(&mask), &Ctx::default()).unwrap();
    let moved = fitted.apply_labels(&labels, &Ctx::default()).unwrap();
    assert_eq!(moved.geometry(), out.geometry());
    assert_eq!(moved.values(0), labels.values(0)); // MONAI 1.6.1 has 25 values where three went into a lazy chain
    let centre = |labels: &LabelMap| {
        let mask = Mask::of_labels(labels).unwrap();
        let sum = mask.indices().fold([0.0; 3], |sum, at| {
            let world = labels.geometry().world_of(at.map(|v| v as f64));
            [0, 1, 2].map(|a| sum[a] + world[a])
        });
        sum.map(|s| s / mask.count() as f64)
    };
    let (there, here) = (centre(&moved), centre(&labels));
    assert!((0..3).all(|a| (there[a] - here[a]).abs() < 0.2), "{there:?} {here:?}");
    assert_eq!(fitted.apply_mask(&mask, &Ctx::default()).unwrap().geometry(), out.geometry());
    let back = fitted.invert_labels(&moved, &Ctx::default()).unwrap();
    let same = back.layers()[0].to_u32().iter().zip(labels.layers()[0].to_u32()).filter(|(a, b)| **a == *b).count();
    assert!(same as f64 > 0.99 * labels.geometry().len() as f64, "{same}");
    assert!(!fitted.keeps_voxels().unwrap());
}

#[test]
fn a_voxel_is_interpolated_once() {
    let cubic = |spacing| {
        let Spatial::Resample(step) = resample(spacing) else { panic!() };
        Transform::from(Spatial::Resample(Box::new(step.interpolation(Interpolation::BSpline3))))
    };
    let zscore = || Transform::from(Step::ZScore(ZScore::default()));
    // two of one kind are one
    let twice = Pipeline::new(vec![resample([2.0; 3]).into(), resample([0.8; 3]).into()]).unwrap();
    assert_eq!(twice.plan(lump().geometry()).unwrap().interpolations(), 1);
    let (twice, _) = twice.run(lump(), None, &Ctx::default()).unwrap();
    let grid = twice.geometry().clone();
    let once = Spatial::Resample(Box::new(Resampling::new(Target::Grid(Box::new(grid))).unwrap()));
    let (once, _) = Pipeline::new(vec![once.into()]).unwrap().run(lump(), None, &Ctx::default()).unwrap();
    assert!(same_bits(&once, &twice));
    // two of different kinds are refused, and so is one after the values have changed
    let mixed = Pipeline::new(vec![resample([2.0; 3]).into(), cubic([1.0; 3])]).unwrap();
    let refused = mixed.run(lump(), None, &Ctx::default()).unwrap_err();
    assert_eq!(refused, Error::InStep { number: 2, name: "resample", source: Box::new(Error::TwoInterpolations) });
    let late = Pipeline::new(vec![resample([2.0; 3]).into(), zscore(), resample([1.0; 3]).into()]).unwrap_err();
    assert_eq!(
        late.to_string(),
        "step 3, `resample`: it would interpolate the image a second time, after its values were changed: move it next to the `resample` of step 1"
    );
    assert!(Pipeline::new(vec![zscore(), resample([2.0; 3]).into()]).is_ok());
    assert_eq!(Pipeline::new(vec![]), Err(Error::NoSteps));
}

#[test]
fn what_lies_outside_is_the_lowest_of_the_image_and_not_0() {
    let pad = Spatial::CropOrPad(CropOrPad::new([20; 3], Fill::default()).unwrap());
    let (out, _) = Pipeline::new(vec![pad.into()]).unwrap().run(lump(), None, &Ctx::default()).unwrap();
    assert_eq!(out.voxels()[0], -40.0);
    // a crop that is padded again is not brought back
    let steps = vec![
        Spatial::Crop(Crop { start: [0; 3], size: [7, 11, 9] }).into(),
        Spatial::CropOrPad(CropOrPad::new([14, 11, 9], Fill::Value(5.0)).unwrap()).into(),
    ];
    let (out, _) = Pipeline::new(steps).unwrap().run(lump(), None, &Ctx::default()).unwrap();
    let row = 5 * 14 + 4 * 154;
    assert_eq!([out.voxels()[row], out.voxels()[row + 13]], [5.0, 5.0]);
}

#[test]
fn an_error_names_the_step_and_what_it_wanted() {
    let run = |text: &str| -> String {
        let pipeline = match toml::from_str::<Pipeline>(text) {
            Ok(pipeline) => pipeline,
            Err(error) => return error.to_string(),
        };
        pipeline.run(lump(), None, &Ctx::default()).unwrap_err().to_string()
    };
    for (text, wanted) in [
        ("steps = []", "at least one step is wanted"),
        ("steps = [{ name = 'zcore' }]", "no step is called `zcore`; there are reorient, flip, crop"),
        ("steps = [{ name = 'zscore', ddof = -1 }]", "step `zscore`: "),
        (
            "steps = [{ name = 'zscore', region = 'mask' }]",
            "step 1, `zscore`: the region is `mask`, but no mask was given",
        ),
        (
            "steps = [{ name = 'resample', spacing = 0 }]",
            "step `resample`: spacing must be finite and above 0, found 0",
        ),
        ("steps = [{ name = 'resample' }]", "step `resample`: either `spacing` or `grid` is wanted"),
        (
            "steps = [{ name = 'resample', spacing = 1, interpolation = 'cubik' }]",
            "no interpolation is called \"cubik\"",
        ),
        ("steps = [{ name = 'crop', start = 5, size = 20 }]", "step 1, `crop`: "),
        ("steps = [{ name = 'pad', before = 1, fill = 'clamp' }]", "`pad` writes one value: `clamp` is for `resample`"),
        (
            "steps = [{ name = 'crop_foreground', above = 1e9 }]",
            "step 1, `crop_foreground`: the region `foreground` holds no finite sample",
        ),
        ("steps = [{ name = 'reorient', to = 'RRS' }]", "step `reorient`: "),
        ("stepps = []", "stepps"),
    ] {
        let found = run(text);
        assert!(found.contains(wanted), "{text}\n{found}");
    }
    let elsewhere = Mask::full(Geometry::new([14, 11, 9], Affine::IDENTITY, Frame::Patient(None)).unwrap());
    let pipeline = Pipeline::new(vec![Step::ZScore(ZScore::new(Region::Mask)).into()]).unwrap();
    let refused = pipeline.run(lump(), Some(&elsewhere), &Ctx::default()).unwrap_err();
    assert!(refused.to_string().starts_with("step 1, `zscore`: the grids differ"), "{refused}");
    let constant = lump().with_voxels(vec![4.0f32; 1386], lump().scaling().clone()).unwrap();
    let n4 = Pipeline::new(vec![Step::N4(N4::default()).into()]).unwrap();
    assert!(n4.run(constant, None, &Ctx::default()).unwrap_err().to_string().starts_with("step 1, `n4`: "));
}

#[test]
fn a_plan_says_what_is_one_pass_and_what_it_takes() {
    let text = "steps = [
        { name = 'reorient', to = 'RAS' },
        { name = 'resample', spacing = 1.5 },
        { name = 'crop_or_pad', size = 8 },
        { name = 'percentile_rescale' },
        { name = 'fill_non_finite', with = 0 },
        { name = 'median' },
    ]";
    let pipeline: Pipeline = toml::from_str(text).unwrap();
    let plan = pipeline.plan(lump().geometry()).unwrap();
    let told = plan.to_string();
    assert_eq!(
        told,
        "steps 1 to 3 (reorient, resample, crop_or_pad): one interpolation (linear, labels linear); 8 x 8 x 8\n\
         steps 4 to 5 (percentile_rescale, fill_non_finite): every voxel by itself, after measuring it; 8 x 8 x 8\n\
         step 6 (median): a filter, into a volume of its own; 8 x 8 x 8\n\
         every voxel is interpolated once; 0.0 MB beside the image"
    );
    assert_eq!(toml::from_str::<Pipeline>(&toml::to_string(&pipeline).unwrap()).unwrap(), pipeline);
}
