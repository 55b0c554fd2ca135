//! A template made of a phantom, heads that differ from it, and what is known of both.

use isocenter::{
    faces::Template,
    volume::{Affine, Frame, Geometry, Mask, Volume},
};
use isocenter_phantom::{
    Contrast, Head,
    grid::{Grid, Plane, pose},
};

pub(crate) const WORLD: &str = "1.2.826.0.1.77";

/// The head that the template shows, and most images.
pub(crate) fn head() -> Head {
    Head::new(7)
}

/// Canonical to world: turned, shifted, and of another size along each axis.
pub(crate) fn other_pose() -> Affine {
    pose([5.0, -4.0, 7.0], [4.0, 9.0, -6.0]).compose(&Affine::from_spacing_origin([1.06, 0.95, 1.04], [0.0; 3]))
}

/// A T1 of 3 mm, the mask of its face on a grid of its own, and its brain.
pub(crate) fn template() -> Template {
    let grid = Grid::new(Plane::Axial, [72, 88, 84], [3.0; 3]).centre_mm([0.0, -15.0, -25.0]).geometry().unwrap();
    let image = head().render(&grid, &Affine::IDENTITY, Contrast::T1, 1).unwrap();
    Template::new(image).unwrap().with_mask(face()).unwrap().with_brain(brain(&grid, &Affine::IDENTITY)).unwrap()
}

/// The face of the template: what lies before and below the eyes' middle, and the ears.
fn face() -> Mask {
    let grid = Grid::new(Plane::Coronal, [70, 66, 68], [3.0; 3])
        .centre_mm([2.0, -45.0, -60.0])
        .turned_deg([10.0, -7.0, 5.0])
        .geometry()
        .unwrap();
    let beside = |v: f64, low: f64, high: f64| low < v && v < high;
    where_world(&grid, |[x, y, z]| {
        let front = y < -78.0 && beside(z, -150.0, -32.0) && x.abs() < 66.0;
        front || (beside(x.abs(), 71.0, 90.0) && beside(y, -10.0, 32.0) && beside(z, -56.0, 4.0))
    })
}

/// The brain of the phantom on a grid, where a pose puts it.
pub(crate) fn brain(grid: &Geometry, pose: &Affine) -> Mask {
    let labels = head().labels(grid, pose).unwrap();
    Mask::of_some_labels(&labels, 0, &[1, 2, 4, 5, 6, 7, 8, 9]).unwrap()
}

fn where_world(grid: &Geometry, holds: impl Fn([f64; 3]) -> bool + Sync) -> Mask {
    let [nx, ny, _] = grid.shape();
    Mask::from_fn(grid.clone(), |n| holds(grid.world_of([n % nx, n / nx % ny, n / (nx * ny)].map(|i| i as f64))))
}

/// A whole head, and thick slices of one.
pub(crate) fn grids() -> [Geometry; 2] {
    [
        Grid::new(Plane::Sagittal, [120, 120, 96], [2.0, 2.0, 2.2]).centre_mm([0.0, -12.0, -25.0]),
        Grid::new(Plane::Axial, [110, 124, 46], [2.0, 2.0, 5.0])
            .centre_mm([0.0, -12.0, -25.0])
            .turned_deg([9.0, 0.0, 0.0]),
    ]
    .map(|grid| grid.frame(WORLD).geometry().unwrap())
}

/// What is left of every landmark in the field of view: the voxels within 2 mm that are not background.
pub(crate) fn left_of_landmarks(image: &Volume<f32>, pose: &Affine, background: f32) -> Vec<(&'static str, usize)> {
    let grid = image.geometry();
    let [nx, ny, _] = grid.shape();
    let left = |at: [f64; 3]| {
        let near = |n: &usize| {
            let place = grid.world_of([n % nx, n / nx % ny, n / (nx * ny)].map(|i| i as f64));
            (0..3).map(|a| (place[a] - at[a]).powi(2)).sum::<f64>() < 4.0
        };
        (0..grid.len()).filter(near).filter(|&n| image.voxels()[n] != background).count()
    };
    head().landmarks().iter().map(|mark| (mark.name, left(pose.apply(mark.at_mm)))).collect()
}

/// How many voxels of a mask differ between two images on its grid.
pub(crate) fn changed(mask: &Mask, before: &Volume<f32>, after: &Volume<f32>) -> usize {
    mask.iter().filter(|&n| before.voxels()[n] != after.voxels()[n]).count()
}

/// The world that a grid lies in, without a name.
pub(crate) fn nameless(grid: &Geometry) -> Geometry {
    grid.clone().with_frame(Frame::Patient(None))
}
