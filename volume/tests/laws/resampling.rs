use isocenter_volume::{
    Affine, Ctx, Edge, GridPolicy, IndexMap, Interpolation, LabelInterpolation, LabelMap, Real, Resample, Sampler,
    Volume, strategy,
};
use proptest::prelude::*;

use super::on_threads;

const KINDS: [Interpolation; 4] =
    [Interpolation::Nearest, Interpolation::Linear, Interpolation::BSpline3, Interpolation::Lanczos { radius: 3 }];

/// f32 kernels against f64 ones, relative to samples of up to 1000; the sinc and the spline may overshoot threefold.
const F32_AGREEMENT: f64 = 4e-3;

fn bits(v: &Volume<f32>) -> Vec<u32> {
    v.voxels().iter().map(|s| s.to_bits()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn resampling_to_the_own_grid_is_identity(v in strategy::volume(), l in strategy::labels()) {
        for kind in KINDS {
            for edge in [Edge::Value(0.0), Edge::Clamp] {
                let to_own = Resample::to_geometry(v.geometry().clone()).interpolation(kind).edge(edge);
                let out = to_own.apply(&v).unwrap();
                prop_assert_eq!(out.voxels(), v.voxels());
            }
        }
        let own = Resample::to_spacing(l.geometry().spacing_mm()).label_interpolation(LabelInterpolation::Linear);
        let out = own.apply_labels(&l).unwrap();
        prop_assert_eq!(&out.layers()[0], &l.layers()[0]);
    }

    #[test]
    fn any_lattice_map_is_exact(v in strategy::volume(), o in strategy::orientation(), size in strategy::shape()) {
        let turned = v.geometry().map_to_orientation(o).unwrap();
        let map = turned.then(&IndexMap::crop_or_pad(turned.shape(), size).unwrap()).unwrap();
        let moved = v.remap(&map, -3.0, &Ctx::default()).unwrap();
        for kind in KINDS {
            let to = Resample::to_geometry(moved.geometry().clone()).interpolation(kind).outside(-3.0);
            let out = to.apply(&v).unwrap();
            prop_assert_eq!(out.voxels(), moved.voxels());
        }
    }

    #[test]
    fn every_way_gives_what_the_sampler_gives(v in strategy::volume(), g in strategy::geometry(), step in 0.3..9.0f64) {
        // near the image, so that many voxels are inside; general and parallel grids
        let shift = {
            let (a, b) = (v.geometry().centre_mm(), g.centre_mm());
            Affine::translation_by([0, 1, 2].map(|x| a[x] - b[x]))
        };
        for kind in KINDS {
            let sampler = Sampler::of_volume(&v, kind).unwrap().edge(Edge::Value(-7.0));
            let turned = Resample::to_geometry(g.clone()).transform(shift);
            let parallel = Resample::to_spacing([step, step * 0.7, step * 1.3]);
            for (how, transform) in [(turned, shift), (parallel, Affine::IDENTITY)] {
                let out = how.interpolation(kind).outside(-7.0).apply(&v).unwrap();
                let [nx, ny, _] = out.shape();
                for (n, value) in out.voxels().iter().enumerate() {
                    let index = [n % nx, n / nx % ny, n / nx / ny].map(|i| i as f64);
                    let place = v.geometry().index_of(transform.apply(out.geometry().world_of(index)));
                    // a place on the border, or a tie, may fall either way
                    let on_edge = place.iter().any(|p| ((p + 0.5) - (p + 0.5).round()).abs() < 1e-6);
                    let wanted = sampler.value(place).unwrap();
                    prop_assert!(on_edge || (f64::from(*value) - wanted).abs() < F32_AGREEMENT, "{kind} {place:?} {value} {wanted}");
                }
            }
        }
    }

    #[test]
    fn thread_count_changes_nothing(v in strategy::volume(), l in strategy::labels(), g in strategy::geometry()) {
        let shift = [0, 1, 2].map(|x| v.geometry().centre_mm()[x] - g.centre_mm()[x]);
        for kind in KINDS {
            let run = || {
                let there = Resample::to_geometry(g.clone()).transform(Affine::translation_by(shift)).interpolation(kind);
                let fine = Resample::to_spacing([0.9; 3]).interpolation(kind).antialias(true);
                let labels = [LabelInterpolation::Nearest, LabelInterpolation::Linear]
                    .map(|how| there.clone().label_interpolation(how).apply_labels(&l).unwrap().layers().to_vec());
                (bits(&there.apply(&v).unwrap()), bits(&fine.apply(&v).unwrap()), labels)
            };
            let one = on_threads(1, run);
            prop_assert_eq!(&one, &on_threads(2, run));
            prop_assert_eq!(&one, &on_threads(7, run));
        }
    }

    #[test]
    fn labels_are_never_invented(l in strategy::labels(), g in strategy::geometry(), step in 0.3..9.0f64) {
        let known = l.values(0);
        let shift = [0, 1, 2].map(|x| l.geometry().centre_mm()[x] - g.centre_mm()[x]);
        for kind in [LabelInterpolation::Nearest, LabelInterpolation::Linear] {
            let turned = Resample::to_geometry(g.clone()).transform(Affine::translation_by(shift));
            for how in [turned, Resample::to_spacing([step; 3]).policy(GridPolicy::Itk)] {
                let out: LabelMap = how.label_interpolation(kind).apply_labels(&l).unwrap();
                prop_assert!(out.values(0).iter().all(|v| known.contains(v)));
            }
        }
    }

    #[test]
    fn a_constant_stays_constant(g in strategy::geometry(), step in 0.3..9.0f64) {
        let flat = Volume::new(vec![100i16; g.len()], g).unwrap();
        for kind in [Interpolation::Nearest, Interpolation::Linear, Interpolation::BSpline3] {
            let out = Resample::to_spacing([step; 3]).interpolation(kind).antialias(true).apply(&flat).unwrap();
            prop_assert!(out.voxels().iter().all(|v| *v == 100));
        }
    }

    #[test]
    fn a_stored_type_holds_what_the_kernels_give_rounded(v in strategy::volume(), g in strategy::geometry(), step in 0.3..3.0f64) {
        let shift = [0, 1, 2].map(|x| v.geometry().centre_mm()[x] - g.centre_mm()[x]);
        let whole: Vec<i16> = v.voxels().iter().map(|s| i16::from_f32(*s)).collect();
        let reals: Vec<f32> = whole.iter().map(|s| f32::from(*s)).collect();
        let (whole, reals) = (Volume::new(whole, v.geometry().clone()).unwrap(), Volume::new(reals, v.geometry().clone()).unwrap());
        for kind in KINDS {
            let turned = Resample::to_geometry(g.clone()).transform(Affine::translation_by(shift));
            for how in [turned, Resample::to_spacing([step; 3]).antialias(true)] {
                // 0.49999999 is 0.5 as f32, and must not become 1 where it is a stored value of outside
                let how = how.interpolation(kind).outside(0.499_999_999);
                let (stored, real) = (how.apply(&whole).unwrap(), how.outside(0.0).apply(&reals).unwrap());
                let rounded: Vec<i16> = real.voxels().iter().map(|s| i16::from_f32(*s)).collect();
                prop_assert_eq!(stored.voxels(), &rounded[..]);
            }
        }
    }

    #[test]
    fn wide_integers_are_not_rounded_to_f32(g in strategy::geometry()) {
        let wide = Volume::new(vec![2_147_483_629i32; g.len()], g).unwrap();
        let out = Resample::to_spacing([1.1; 3]).apply(&wide).unwrap();
        prop_assert!(out.voxels().iter().all(|v| *v == 2_147_483_629));
    }
}
