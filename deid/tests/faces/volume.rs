//! Volumes: what goes, what stays, what takes its place.

use isocenter_deid::Ctx;
use isocenter_deid::faces::{Alignment, Background, Faces};
use isocenter_phantom::Contrast;
use isocenter_phantom::grid::pose;
use isocenter_volume::{AxisKind, Complex, DynVolume, Geometry, Head, Mask, Rescale, Scaling, SlowAxis, Unit, Volume};

use crate::scene::{Truth, faces, grids, head, mask, render, stored, turned, where_canonical};

/// The real value at a place, by the nearest voxel; none outside of the grid.
fn value_at(volume: &Volume<i16>, world: [f64; 3]) -> Option<i16> {
    let index = volume.geometry().index_of(world).map(|v| v.round());
    let shape = volume.shape();
    let inside = (0..3).all(|a| index[a] >= 0.0 && index[a] < shape[a] as f64);
    let [i, j, k] = index.map(|v| v as usize);
    inside.then(|| volume.voxels()[i + shape[0] * (j + shape[1] * k)])
}

fn unit(contrast: Contrast) -> Scaling {
    let unit = if contrast == Contrast::Ct { Unit::Hu } else { Unit::Arbitrary };
    Scaling::uniform(Rescale::IDENTITY, unit)
}

#[test]
fn every_landmark_goes_no_brain_changes_and_all_else_stays_bit_for_bit_in_every_series_of_the_world() {
    for grid in grids() {
        let truth = Truth::of(&grid);
        assert!(truth.brain.count() > 1000 && truth.face.count() > 500);
        for contrast in [Contrast::T1, Contrast::Ct] {
            let mut image = stored(&render(&grid, contrast)).with_scaling(unit(contrast)).unwrap();
            let before = image.clone();
            let background = if contrast == Contrast::Ct { -1000 } else { *before.voxels().iter().min().unwrap() };
            faces().apply_to_volume(&mut image, &Ctx::default()).unwrap();

            for place in head().landmarks() {
                let world = turned().apply(place.at_mm);
                assert!(
                    value_at(&before, world).unwrap() > background + 20,
                    "{contrast:?} {} was not there",
                    place.name
                );
                assert_eq!(value_at(&image, world), Some(background), "{contrast:?} {}", place.name);
            }
            assert!(truth.check(0, before.voxels(), image.voxels(), background) > 1000, "{contrast:?}");
        }
    }
}

#[test]
fn what_goes_reaches_the_border_of_the_image() {
    let grid = &grids()[0];
    let gone = faces().on(grid, &Ctx::default()).unwrap();
    let shape = grid.shape();
    let nose = turned().apply(head().landmarks()[0].at_mm);
    let [i, _, k] = grid.index_of(nose).map(|v| v.round() as usize);
    assert!((0..9).all(|j| gone.contains([i, j, k])), "before the nose, to the border");
    let ear = turned().apply(head().landmarks()[4].at_mm);
    let [_, j, k] = grid.index_of(ear).map(|v| v.round() as usize);
    assert!(gone.contains([shape[0] - 1, j, k]), "beside the left ear, to the border");
}

#[test]
fn a_brain_mask_always_wins() {
    let grid = &grids()[0];
    let whole = faces().on(grid, &Ctx::default()).unwrap();
    // a brain that reaches a little into the face
    let reaching = where_canonical(grid, |[x, y, z]| y > -80.0 && y < 60.0 && x.abs() < 55.0 && z > -34.0 && z < 60.0);
    let guarded = faces().with_brain(reaching.clone()).unwrap().on(grid, &Ctx::default()).unwrap();
    let both = whole.and(&reaching).unwrap();
    assert!(both.count() > 100);
    assert!(guarded.and(&reaching).unwrap().is_empty());
    assert_eq!(guarded.or(&both).unwrap(), whole);
    // and so it does in thick slices: no voxel of which any part is brain
    let thick = &grids()[1];
    let guarded = faces().with_brain(reaching).unwrap().on(thick, &Ctx::default()).unwrap();
    let inside = where_canonical(thick, |[x, y, z]| y > -79.0 && y < 59.0 && x.abs() < 54.0 && z > -33.0 && z < 59.0);
    assert!(guarded.and(&inside).unwrap().is_empty());
}

#[test]
fn several_masks_of_one_world_are_joined() {
    let ctx = Ctx::default();
    let part = |holds: fn([f64; 3]) -> bool| {
        let canonical = turned().inverse().unwrap();
        let (mask, grid) = (mask(), mask().geometry().clone());
        let place = |index: [usize; 3]| canonical.apply(grid.world_of(index.map(|n| n as f64)));
        let mut bools = vec![false; grid.len()];
        mask.iter().zip(mask.indices()).for_each(|(n, index)| bools[n] = holds(place(index)));
        Mask::from_bools(&bools, grid).unwrap()
    };
    let (face, ears) = (part(|p| p[1] < -40.0), part(|p| p[1] >= -40.0));
    let grid = &grids()[1];
    let on = |mask: Mask| Faces::new(mask, &ctx).unwrap().on(grid, &ctx).unwrap();
    let both = Faces::new(face.clone(), &ctx).unwrap().and(ears.clone(), &ctx).unwrap().on(grid, &ctx).unwrap();
    let (face, ears) = (on(face), on(ears));
    assert!(face.and(&ears).unwrap().count() < face.count().min(ears.count()) / 2);
    // a thick voxel may meet both in part
    assert_eq!(both, face.or(&ears).unwrap());
}

#[test]
fn a_template_is_placed_by_either_map() {
    let ctx = Ctx::default();
    // the template lies as the canonical head does: the pose takes it to the image
    let back = Alignment::template_from_image(turned()).unwrap();
    let template = back.place(&mask()).unwrap(); // from image to template: the other way round
    let placed = |alignment: &Alignment| {
        let faces = Faces::of_template(&template, alignment, &ctx).unwrap();
        faces.on(&grids()[1], &ctx).unwrap()
    };
    let there = Alignment::image_from_template(turned()).unwrap();
    let again = Alignment::template_from_image(turned().inverse().unwrap()).unwrap();
    let wanted = faces().on(&grids()[1], &ctx).unwrap();
    let differs = |found: &Mask| {
        found.iter().filter(|&n| !wanted.get(n)).count() as u64 + wanted.count() - found.and(&wanted).unwrap().count()
    };
    // places on the edge of a voxel round to either side
    assert!(differs(&placed(&there)) * 1000 < wanted.count());
    assert!(differs(&placed(&again)) * 1000 < wanted.count());
    let elsewhere = Alignment::image_from_template(pose([0.0; 3], [0.0, 600.0, 0.0])).unwrap();
    let faces = Faces::of_template(&template, &elsewhere, &ctx).unwrap();
    assert_eq!(faces.on(&grids()[1], &ctx).unwrap_err().reason(), "face-not-in-view");
}

#[test]
fn a_time_series_loses_the_same_in_every_step_and_keeps_its_scaling() {
    let grid = grids()[1].clone();
    let one = stored(&render(&grid, Contrast::T2));
    let steps: Vec<i16> = (0..3).flat_map(|step| one.voxels().iter().map(move |v| v + 10 * step)).collect();
    let axes = vec![SlowAxis::new(AxisKind::Time, 3).unwrap()];
    let head = Head::new(grid.clone()).with_slow_axes(axes).unwrap();
    let head = head.with_scaling(Scaling::uniform(Rescale::new(0.5, -20.0).unwrap(), Unit::Arbitrary)).unwrap();
    let mut series = Volume::from_parts(head, steps).unwrap();
    let before = series.clone();
    let defaced = faces().background(Background::Value(7.0)).apply_to_volume(&mut series, &Ctx::default()).unwrap();
    let gone = faces().on(&grid, &Ctx::default()).unwrap();
    assert_eq!(defaced.voxels, gone.count());
    assert_eq!(series.scaling(), before.scaling());
    for step in 0..3 {
        for (n, (old, new)) in before.step(step).unwrap().iter().zip(series.step(step).unwrap()).enumerate() {
            assert_eq!(*new, if gone.get(n) { 54 } else { *old }); // 0.5 * 54 - 20 = 7
        }
    }
    assert_eq!(series.provenance().operations().last().map(|operation| operation.name()), Some("deface"));
}

#[test]
fn the_background_is_the_images_own() {
    let grid = grids()[1].clone();
    let gone = faces().on(&grid, &Ctx::default()).unwrap();
    let (inside, outside) = (gone.iter().next().unwrap(), (0..grid.len()).find(|&n| !gone.get(n)).unwrap());
    let ramp = |from: f64| (0..grid.len()).map(move |n| from + (n % 900) as f64);
    let check = |mut volume: DynVolume, wanted: f64| {
        let before = volume.to_real_f64(&Ctx::default()).unwrap();
        faces().apply_to(&mut volume, &Ctx::default()).unwrap();
        let after = volume.to_real_f64(&Ctx::default()).unwrap();
        assert_eq!(after.voxels()[inside], wanted);
        assert_eq!(after.voxels()[outside], before.voxels()[outside]);
    };
    let scaled =
        |slope: f64, intercept: f64, unit: Unit| Scaling::uniform(Rescale::new(slope, intercept).unwrap(), unit);
    let volume = |samples: Vec<u16>| Volume::new(samples, grid.clone()).unwrap();
    let words = || volume(ramp(30.0).map(|v| v as u16).collect());
    check(words().with_scaling(scaled(1.0, -1024.0, Unit::Hu)).unwrap().into(), -1000.0);
    check(words().with_scaling(scaled(1.0, -900.0, Unit::Hu)).unwrap().into(), -900.0); // the least that it can hold
    check(words().into(), 30.0);
    check(words().with_scaling(scaled(-2.0, 0.0, Unit::Arbitrary)).unwrap().into(), -2.0 * 929.0);
    let normal = Volume::new(ramp(-450.0).map(|v| (v / 200.0) as f32).collect::<Vec<_>>(), grid.clone()).unwrap();
    check(normal.into(), -2.25);
    let mut odd: Vec<f64> = ramp(5.0).collect();
    (odd[inside], odd[outside + 1]) = (f64::NAN, f64::NEG_INFINITY);
    check(Volume::new(odd, grid.clone()).unwrap().into(), 5.0);
}

#[test]
fn colour_and_complex_samples_become_zero() {
    let grid: Geometry = grids()[1].clone();
    let gone = faces().on(&grid, &Ctx::default()).unwrap();
    let full = vec![Complex { re: 1.0f32, im: 2.0 }; grid.len()];
    let mut volume = DynVolume::from(Volume::new(full, grid).unwrap());
    faces().apply_to(&mut volume, &Ctx::default()).unwrap();
    let samples = volume.samples().get::<Complex<f32>>().unwrap();
    let zero = samples.iter().filter(|sample| **sample == Complex::default()).count();
    assert_eq!(zero as u64, gone.count());
}
