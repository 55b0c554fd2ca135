//! Which side is which, on volumes whose left is known.

use isocenter_volume::{Affine, Ctx, Frame, Geometry, Orientation, Volume};

use crate::report::{
    Range,
    picture::{Cuts, Plane, Turned, mosaic},
};

/// A volume of an orientation whose only bright voxels lie at the patient's left, front and head.
fn marked(orientation: Orientation) -> Volume<f32> {
    let mut columns = [[0.0; 3]; 3];
    for (axis, direction) in orientation.axes().iter().enumerate() {
        let (world, sign) = direction.lps();
        columns[axis][world] = 3.0 * sign;
    }
    let rows = [0, 1, 2].map(|r| [columns[0][r], columns[1][r], columns[2][r], 0.0]);
    volume(Affine::from_rows(rows))
}

/// The same for any affine, with the middle of the grid in the middle of the patient.
fn volume(affine: Affine) -> Volume<f32> {
    let shape = [20; 3];
    let grid = Geometry::new(shape, affine, Frame::Patient(None)).unwrap();
    let middle = grid.centre_mm();
    let voxels = (0..8000)
        .map(|n| {
            let p = grid.world_of([n % 20, n / 20 % 20, n / 400].map(|v| v as f64));
            let [x, y, z] = [0, 1, 2].map(|a| p[a] - middle[a]);
            f32::from(u8::from(x > 9.0 && y < -9.0 && z > 9.0))
        })
        .collect::<Vec<_>>();
    Volume::new(voxels, grid).unwrap()
}

/// Where the bright pixels of a picture lie: to the right of its middle, below its middle.
fn place(volume: &Volume<f32>, plane: Plane) -> [bool; 2] {
    let turned = Turned::of(volume, &Ctx::default()).unwrap();
    let cuts = Cuts::through_body(&turned, 0.5).whole(&turned);
    let mut range = Range::of_percentiles(volume, None);
    (range.low, range.high) = (0.0, 4.0); // letters alone are white
    let picture = mosaic(&turned, plane, &cuts, range.window(), None);
    // one tile of the four
    let [width, height] = picture.size();
    let (mut x, mut y, mut n) = (0, 0, 0);
    for v in 0..height / 2 {
        for u in 0..width / 2 {
            if (20..200).contains(&picture.colour(u, v)[0]) {
                (x, y, n) = (x + u, y + v, n + 1);
            }
        }
    }
    assert!(n > 0);
    let margin = 16;
    [x / n > margin + (width / 2 - margin) / 2, y / n > margin + (height / 2 - margin) / 2]
}

#[test]
fn left_front_and_head_are_where_the_letters_say_whatever_way_the_grid_runs() {
    for orientation in Orientation::all() {
        let volume = marked(orientation);
        let turned = Turned::of(&volume, &Ctx::default()).unwrap();
        let edges = |plane| turned.edges(plane).unwrap();
        assert_eq!(edges(Plane::Axial), ["R", "L", "A", "P"].map(str::to_owned), "{orientation}");
        assert_eq!(edges(Plane::Coronal), ["R", "L", "S", "I"].map(str::to_owned), "{orientation}");
        assert_eq!(edges(Plane::Sagittal), ["A", "P", "S", "I"].map(str::to_owned), "{orientation}");
        assert_eq!(place(&volume, Plane::Axial), [true, false], "left is right, front is up: {orientation}");
        assert_eq!(place(&volume, Plane::Coronal), [true, false], "left is right, the head is up: {orientation}");
        assert_eq!(place(&volume, Plane::Sagittal), [false, false], "front is left, the head is up: {orientation}");
    }
}

/// Turned about the patient's long axis by an angle, degrees; the left turns to the back.
fn turned_about_z(degrees: f64) -> Affine {
    let (sin, cos) = (libm::sin(degrees.to_radians()), libm::cos(degrees.to_radians()));
    Affine::from_rows([[3.0 * cos, -3.0 * sin, 0.0, 0.0], [3.0 * sin, 3.0 * cos, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0]])
}

#[test]
fn an_oblique_plane_has_the_letters_of_both_directions() {
    let oblique = Turned::of(&volume(turned_about_z(30.0)), &Ctx::default()).unwrap();
    assert_eq!(oblique.edges(Plane::Axial).unwrap(), ["RA", "LP", "AL", "PR"].map(str::to_owned));
    assert!(oblique.tilt_deg(Plane::Axial) < 1e-4);
    assert!((oblique.tilt_deg(Plane::Coronal) - 30.0).abs() < 1e-4);
    let slightly = Turned::of(&volume(turned_about_z(10.0)), &Ctx::default()).unwrap();
    assert_eq!(slightly.edges(Plane::Axial).unwrap(), ["R", "L", "A", "P"].map(str::to_owned));
}

#[test]
fn letters_stand_in_the_picture_and_a_frame_that_nobody_states_has_none() {
    let known = marked(Orientation::RAS);
    let range = Range::of_percentiles(&known, None);
    let of = |volume: &Volume<f32>| {
        let turned = Turned::of(volume, &Ctx::default()).unwrap();
        let cuts = Cuts::through_body(&turned, 0.5).whole(&turned);
        mosaic(&turned, Plane::Axial, &cuts, range.window(), None)
    };
    let picture = of(&known);
    let [width, height] = picture.size();
    // the upright of the L at the right edge: ten pixels wide with its left stroke, 14 high, about the middle
    let white = |x: usize, y: usize| picture.colour(x, y) == [255; 3];
    let (left, top) = (width - 13, (height - 14) / 2);
    assert!((0..14).all(|y| white(left, top + y) && white(left + 1, top + y)));
    assert!((0..10).all(|x| white(left + x, top + 13)));
    assert!(!white(left + 5, top + 5));
    // and the R at the left edge has a stroke there
    assert!((0..14).all(|y| white(3, top + y)) && white(9, top));

    let grid = Geometry::new([20; 3], *known.geometry().affine(), Frame::Unknown).unwrap();
    let unknown = Volume::new(known.voxels().to_vec(), grid).unwrap();
    assert!(Turned::of(&unknown, &Ctx::default()).unwrap().edges(Plane::Axial).is_none());
    let plain = of(&unknown);
    assert!(plain.size()[0] < width, "no margin for letters");
}
