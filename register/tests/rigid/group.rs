//! Images brought to their middle.

use isocenter_register::{Dof, Error, RegistrationOptions, Rigid, Verdict, maps};
use isocenter_volume::{Affine, Volume};

use crate::head::{Contrast, grid, head, head_at};

/// What the mean of the maps may be from the identity.
const MEAN_MM: f64 = 0.01;
/// A sixth of a voxel of 3 mm.
const LIMIT_MM: f64 = 0.5;

fn far(one: &Affine, other: &Affine) -> f64 {
    let places = (0..27).map(|n| [n % 3, n / 3 % 3, n / 9].map(|v| 60.0 * (f64::from(v) - 1.0)));
    places
        .map(|p| {
            let (a, b) = (one.apply(p), other.apply(p));
            (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt()
        })
        .fold(0.0, f64::max)
}

fn heads() -> (Vec<Affine>, Vec<Volume<f32>>) {
    let poses = [
        ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
        ([0.2, -0.1, 0.1], [12.0, 3.0, -6.0]),
        ([-0.1, 0.15, 0.3], [-5.0, 9.0, 4.0]),
        ([0.05, 0.1, -0.2], [2.0, -8.0, 10.0]),
    ];
    let contrasts = [Contrast::T1, Contrast::T2, Contrast::T1, Contrast::Ct];
    let truths: Vec<Affine> = poses.iter().map(|(r, t)| Rigid::new(*r, *t, [0.0; 3]).unwrap().to_affine()).collect();
    let images = truths.iter().zip(contrasts).enumerate().map(|(n, (truth, contrast))| {
        let middle = truth.apply([0.0; 3]);
        head_at(&grid([64, 76, 70], [3.0; 3], [0.02 * n as f64; 3], middle), truth, contrast, n as u64 + 1)
    });
    (truths.clone(), images.collect())
}

#[test]
fn the_middle_is_the_mean_and_nobodys_own() {
    let (truths, images) = heads();
    let group = RegistrationOptions::default().rotations(200).group(&images.iter().collect::<Vec<_>>()).unwrap();
    assert_eq!(group.verdicts, [Verdict::Good; 4], "{:?} {:?}", group.residual_mm, group.verdicts);
    for a in 0..4 {
        for b in 0..4 {
            let found = group.transforms[b].compose(&group.transforms[a].inverse().unwrap());
            let truth = truths[b].compose(&truths[a].inverse().unwrap());
            assert!(far(&found, &truth) < LIMIT_MM, "{a} {b} {}", far(&found, &truth));
        }
    }
    let middle = maps::mean(&group.transforms).unwrap();
    assert!(far(&middle, &Affine::IDENTITY) < MEAN_MM, "{}", far(&middle, &Affine::IDENTITY));
    assert!(group.transforms.iter().all(|map| Rigid::from_affine(map, [0.0; 3]).is_some()), "rigid to the last digits");
    assert!(group.residual_mm.iter().all(|mm| *mm < LIMIT_MM));
}

#[test]
fn the_order_of_the_images_changes_nothing() {
    let (_, images) = heads();
    let options = RegistrationOptions::default().rotations(0);
    let group = options.group(&images.iter().collect::<Vec<_>>()).unwrap();
    for order in [[3, 1, 0, 2], [1, 0, 3, 2]] {
        let other = options.group(&order.map(|n| &images[n])).unwrap();
        for (at, n) in order.into_iter().enumerate() {
            assert_eq!(other.transforms[at], group.transforms[n], "to the bit");
            assert_eq!(other.residual_mm[at], group.residual_mm[n]);
        }
        assert_eq!(other.grid, group.grid);
    }
}

#[test]
fn one_that_belongs_elsewhere_is_told_and_moves_nobody_far() {
    let (truths, mut images) = heads();
    let noise: Vec<f32> = (0..40_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 8) as f32).collect();
    images.push(Volume::new(noise, grid([50, 40, 20], [4.0; 3], [0.0; 3], [0.0; 3])).unwrap());
    let group = RegistrationOptions::default().rotations(0).group(&images.iter().collect::<Vec<_>>()).unwrap();
    assert_ne!(group.verdicts[4], Verdict::Good);
    let found = group.transforms[1].compose(&group.transforms[0].inverse().unwrap());
    assert!(far(&found, &truths[1]) < LIMIT_MM);
}

#[test]
fn two_bodies_meet_half_way_in_size() {
    let small = head(
        &grid([64, 76, 70], [3.0; 3], [0.0; 3], [0.0; 3]),
        &Rigid::new([0.0; 3], [0.0; 3], [0.0; 3]).unwrap(),
        Contrast::T1,
        1,
    );
    let larger = Affine::from_spacing_origin([1.15, 1.1, 1.2], [4.0, 0.0, -3.0]);
    let large = head_at(&grid([80, 90, 88], [3.0; 3], [0.0; 3], [0.0; 3]), &larger, Contrast::T1, 2);
    let group = RegistrationOptions::default().dof(Dof::Affine).rotations(0).group(&[&small, &large]).unwrap();
    let middle = maps::mean(&group.transforms).unwrap();
    assert!(far(&middle, &Affine::IDENTITY) < MEAN_MM, "{}", far(&middle, &Affine::IDENTITY));
    let across = group.transforms[1].compose(&group.transforms[0].inverse().unwrap());
    assert!(far(&across, &larger) < 2.0 * LIMIT_MM, "{}", far(&across, &larger));
}

#[test]
fn one_image_is_no_group() {
    let (_, images) = heads();
    assert!(matches!(RegistrationOptions::default().group(&[&images[0]]), Err(Error::BadOption { .. })));
}
