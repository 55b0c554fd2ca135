//! Laws, over grids and masks as scanners and tools make them.

use isocenter_deid::Ctx;
use isocenter_deid::faces::Faces;
use isocenter_volume::{Affine, Frame, Geometry, Mask, Volume, strategy};
use proptest::prelude::*;

/// A mask of some blocks in a box of 12 x 14 x 10 cm about the origin.
fn mask() -> impl Strategy<Value = Mask> {
    // each of 1 cm^3 and more: smaller pieces have nothing outward of them
    let block = ([0..16usize, 0..21, 0..11], [3..14usize, 3..14, 3..14]);
    proptest::collection::vec(block, 1..4).prop_map(|blocks| {
        let affine = Affine::from_spacing_origin([4.0; 3], [-60.0, -70.0, -50.0]);
        let grid = Geometry::new([30, 35, 25], affine, Frame::Patient(None)).unwrap();
        let inside = |p: [usize; 3]| {
            blocks.iter().any(|(from, size)| (0..3).all(|a| from[a] <= p[a] && p[a] < from[a] + size[a]))
        };
        Mask::from_fn(grid, |n| inside([n % 30, n / 30 % 35, n / (30 * 35)]))
    })
}

/// A grid that looks at the same box.
fn grid() -> impl Strategy<Value = Geometry> {
    (strategy::rotation(), [1.0..7.0f64, 1.0..7.0, 1.0..7.0], [-40.0..40.0f64, -40.0..40.0, -40.0..40.0]).prop_map(
        |(turn, step, middle)| {
            let columns = [0, 1, 2].map(|a| turn[a].map(|v| v * step[a]));
            let corner = Affine::from_columns(columns, [0.0; 3]).apply([9.5; 3]);
            let affine = Affine::from_columns(columns, [0, 1, 2].map(|a| middle[a] - corner[a]));
            Geometry::new([20, 20, 20], affine, Frame::Patient(None)).unwrap()
        },
    )
}

/// As many places as one voxel is looked at closely.
fn places() -> impl Iterator<Item = [f64; 3]> {
    let along = |n: usize| (n as f64 + 0.5) / 15.0 - 0.5;
    (0..15usize.pow(3)).map(move |n| [along(n % 15), along(n / 15 % 15), along(n / 225)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_grid_loses_the_same_part_of_the_world(mask in mask(), grid in grid()) {
        let faces = Faces::new(mask, &Ctx::default()).unwrap().allow_untouched();
        let Ok(gone) = faces.on(&grid, &Ctx::default()) else { return Ok(()) }; // most of it
        if gone.is_empty() {
            return Ok(()); // the mask itself does not meet it
        }
        for n in (0..grid.len()).step_by(7) {
            let index = [n % 20, n / 20 % 20, n / 400].map(|i| i as f64);
            let held = |o: [f64; 3]| faces.holds(grid.world_of([0, 1, 2].map(|a| index[a] + o[a])));
            if held([0.0; 3]) {
                prop_assert!(gone.get(n), "its middle is in the region");
            } else if gone.get(n) {
                // looked at in other places than the crate does, less than a voxel of the mask apart
                prop_assert!(places().any(held), "no part of it is in the region");
            }
        }
    }

    #[test]
    fn what_lies_outward_of_the_mask_goes_too_however_far(mask in mask(), times in 1.0..20.0f64) {
        let faces = Faces::new(mask.clone(), &Ctx::default()).unwrap();
        let middles: Vec<[f64; 3]> = mask.indices().map(|index| mask.geometry().world_of(index.map(|n| n as f64))).collect();
        let least = |a: usize| middles.iter().map(|p| p[a]).fold(f64::INFINITY, f64::min);
        let most = |a: usize| middles.iter().map(|p| p[a]).fold(f64::NEG_INFINITY, f64::max);
        // the rear end of the mask, half a voxel behind the last
        let axis = [(least(0) + most(0)) / 2.0, most(1) + 2.0];
        for p in middles {
            let [x, y] = [0, 1].map(|a| axis[a] + times * (p[a] - axis[a]));
            prop_assert!(faces.holds([x, y, p[2]]), "{p:?} {times}");
            prop_assert!(!faces.holds([x, axis[1] + times, p[2]]), "behind the mask");
        }
    }

    #[test]
    fn twice_is_once(mask in mask(), grid in grid(), seed in 0..900usize) {
        let faces = Faces::new(mask, &Ctx::default()).unwrap().allow_untouched();
        let samples: Vec<i16> = (0..grid.len()).map(|n| ((n * 37 + seed) % 901) as i16 - 40).collect();
        let mut once = Volume::new(samples, grid).unwrap();
        if faces.apply_to_volume(&mut once, &Ctx::default()).is_err() {
            return Ok(());
        }
        let mut twice = once.clone();
        faces.apply_to_volume(&mut twice, &Ctx::default()).unwrap();
        prop_assert_eq!(once.voxels(), twice.voxels());
    }

    #[test]
    fn the_number_of_threads_changes_nothing(mask in mask(), grid in grid()) {
        let of = |threads: usize| {
            let pool = isocenter_volume::rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let ctx = Ctx::default().with_pool(&pool);
            let faces = Faces::new(mask.clone(), &ctx).unwrap().allow_untouched();
            faces.on(&grid, &ctx).map_err(|error| error.reason())
        };
        prop_assert_eq!(of(1), of(3));
    }
}
