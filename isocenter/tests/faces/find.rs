//! Volumes in memory.

use isocenter::{
    faces::{Error, Template},
    register::Verdict,
    volume::{Affine, Ctx, DynVolume, Rescale, Scaling, Unit, Volume},
};
use isocenter_phantom::{Contrast, Head};

use crate::scene::{brain, changed, grids, head, left_of_landmarks, nameless, other_pose, template};

#[test]
fn the_face_of_another_size_and_pose_goes_and_the_brain_stays() {
    let ctx = Ctx::default();
    for (grid, contrast) in [(&grids()[0], Contrast::T1), (&grids()[1], Contrast::T2), (&grids()[0], Contrast::Ct)] {
        let pose = other_pose();
        let image = head().render(grid, &pose, contrast, 3).unwrap();
        let found = template().find(&image, &ctx).unwrap();
        assert_eq!(found.verdict(), Verdict::Good);
        let unit = if contrast == Contrast::Ct { Unit::Hu } else { Unit::Arbitrary };
        let mut after = DynVolume::from(image.clone()).with_scaling(Scaling::uniform(Rescale::IDENTITY, unit)).unwrap();
        found.faces().apply_to(&mut after, &ctx).unwrap();
        let after = after.to_real(&ctx).unwrap();
        let least = image.voxels().iter().copied().fold(f32::INFINITY, f32::min);
        let background = if contrast == Contrast::Ct { -1000.0 } else { least };
        let left = left_of_landmarks(&after, &pose, background);
        assert!(left.iter().all(|(_, voxels)| *voxels == 0), "{contrast:?}: {left:?}");
        assert_eq!(changed(&brain(grid, &pose), &image, &after), 0, "{contrast:?}");
    }
}

#[test]
fn what_is_no_head_is_refused_and_gives_no_region() {
    let ctx = Ctx::default();
    let grid = nameless(&grids()[0]);
    let noise: Vec<f32> = (0..grid.len()).map(|n| ((n * 7919 + n / 31 * 104_729) % 997) as f32).collect();
    let error = template().find(&Volume::new(noise, grid.clone()).unwrap(), &ctx).unwrap_err();
    assert!(matches!(error, Error::NotTrusted { .. }), "{error}");
    assert!(error.reason().starts_with("face-alignment-"));
    let even = Volume::new(vec![1f32; grid.len()], grid).unwrap();
    assert_eq!(template().find(&even, &ctx).unwrap_err().reason(), "face-not-aligned");
}

#[test]
fn a_template_whose_files_mean_different_worlds_is_refused() {
    let grid = &grids()[1];
    let image = || head().render(grid, &Affine::IDENTITY, Contrast::T1, 1).unwrap();
    let far = isocenter::volume::Mask::full(
        isocenter::volume::Geometry::new([4; 3], Affine::translation_by([900.0; 3]), grid.frame().clone()).unwrap(),
    );
    let error = Template::new(image()).unwrap().with_mask(far).unwrap_err();
    assert_eq!(error.reason(), "face-template");
    assert_eq!(Template::new(image()).unwrap().find(&image(), &Ctx::default()).unwrap_err().reason(), "face-template");
    assert!(Template::new(image()).unwrap().margin_mm(f64::NAN).is_err());
}

#[test]
fn one_thread_and_two_find_the_same_bits() {
    let image = Head::new(3).render(&grids()[1], &other_pose(), Contrast::T1, 3).unwrap();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| template().find(&image, &Ctx::default()).map(|found| found.registration().transform))
    };
    assert_eq!(on(1).unwrap(), on(2).unwrap());
}
