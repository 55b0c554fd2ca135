//! A head that is turned, the mask of its face, its brain, grids to look at it with.

use isocenter_dcm::{Instance, OpenOptions};
use isocenter_deid::Ctx;
use isocenter_deid::faces::Faces;
use isocenter_phantom::grid::{Grid, Plane, pose};
use isocenter_phantom::series::{Modality, SeriesBuilder};
use isocenter_phantom::{Contrast, Head, Vendor};
use isocenter_volume::{Affine, Frame, Geometry, Mask, Volume};
use std::fmt::Debug;
use std::sync::LazyLock;

pub(crate) const WORLD: &str = "1.2.826.0.1.77";

pub(crate) fn head() -> Head {
    Head::new(7)
}

/// Canonical to world.
pub(crate) fn turned() -> Affine {
    pose([4.0, -3.0, 6.0], [3.0, 5.0, -2.0])
}

/// The face of the phantom, canonical mm: what lies before and below the eyes' middle, and the ears.
pub(crate) fn is_face([x, y, z]: [f64; 3], margin_mm: f64) -> bool {
    let front = y < -72.0 + margin_mm && z < -28.0 + margin_mm && z > -150.0 - margin_mm && x.abs() < 66.0 + margin_mm;
    let beside = |v: f64, low: f64, high: f64| low - margin_mm < v && v < high + margin_mm;
    let ear = beside(x.abs(), 69.0, 90.0) && beside(y, -10.0, 32.0) && beside(z, -56.0, 4.0);
    front && y > -130.0 - margin_mm || ear
}

/// The mask of the face on a coarse grid of its own, turned against everything else.
pub(crate) fn mask() -> Mask {
    let grid = Grid::new(Plane::Coronal, [70, 66, 68], [3.0, 3.0, 3.0])
        .centre_mm([2.0, -45.0, -60.0])
        .turned_deg([10.0, -7.0, 5.0])
        .frame(WORLD)
        .geometry()
        .unwrap();
    let canonical = turned().inverse().unwrap();
    let [nx, ny, _] = grid.shape();
    let place = |n: usize| grid.world_of([n % nx, n / nx % ny, n / (nx * ny)].map(|i| i as f64));
    Mask::from_fn(grid.clone(), |n| is_face(canonical.apply(place(n)), 0.0))
}

pub(crate) fn faces() -> Faces {
    static FACES: LazyLock<Faces> = LazyLock::new(|| Faces::new(mask(), &Ctx::default()).unwrap());
    FACES.clone()
}

/// What is known of a grid.
pub(crate) struct Truth {
    pub(crate) brain: Mask,
    /// The face, but for its edge.
    pub(crate) face: Mask,
    pub(crate) may_change: Mask,
}

impl Truth {
    pub(crate) fn of(grid: &Geometry) -> Self {
        let face = where_canonical(grid, |p| is_face(p, -3.0));
        Self { brain: brain(grid), face, may_change: may_change(grid) }
    }

    /// Holds the voxels from `first` on, before and after, to the truth; how many changed.
    pub(crate) fn check<T: Copy + PartialEq + Debug>(
        &self,
        first: usize,
        before: &[T],
        after: &[T],
        background: T,
    ) -> usize {
        assert_eq!(before.len(), after.len());
        let mut changed = 0;
        for (n, (old, new)) in before.iter().zip(after).enumerate() {
            let n = first + n;
            assert!(old == new || *new == background, "{n}: {old:?} became {new:?}");
            assert!(old == new || !self.brain.get(n), "{n}: brain changed");
            assert!(old == new || self.may_change.get(n), "{n}: changed far from the face");
            assert!(*new == background || !self.face.get(n), "{n}: a part of the face is left");
            changed += usize::from(old != new);
        }
        changed
    }
}

/// The brain of the phantom on a grid: every label that is brain or lies in it.
pub(crate) fn brain(grid: &Geometry) -> Mask {
    let labels = head().labels(grid, &turned()).unwrap();
    Mask::of_some_labels(&labels, 0, &[1, 2, 4, 5, 6, 7, 8, 9]).unwrap()
}

/// Grids of one world: thin and straight, thick and oblique, sagittal, and sheared by a gantry.
pub(crate) fn grids() -> [Geometry; 4] {
    let framed = |grid: Grid| grid.frame(WORLD).geometry().unwrap();
    [
        framed(Grid::new(Plane::Axial, [88, 106, 88], [2.5, 2.5, 2.5]).centre_mm([0.0, -15.0, -20.0])),
        framed(
            Grid::new(Plane::Axial, [96, 120, 30], [2.2, 2.1, 6.5])
                .centre_mm([0.0, -15.0, -25.0])
                .turned_deg([14.0, 6.0, -8.0]),
        ),
        framed(
            Grid::new(Plane::Sagittal, [120, 110, 40], [2.2, 2.2, 4.8])
                .centre_mm([0.0, -15.0, -25.0])
                .turned_deg([3.0, 12.0, 9.0]),
        ),
        framed(Grid::new(Plane::Axial, [100, 120, 40], [2.2, 2.2, 5.0]).centre_mm([0.0, -15.0, -25.0]).tilt_deg(15.0)),
    ]
}

pub(crate) fn render(grid: &Geometry, contrast: Contrast) -> Volume<f32> {
    head().render(grid, &turned(), contrast, 3).unwrap()
}

/// As whole numbers, as scanners store them.
pub(crate) fn stored(volume: &Volume<f32>) -> Volume<i16> {
    let samples: Vec<i16> = volume.voxels().iter().map(|v| v.round() as i16).collect();
    Volume::new(samples, volume.geometry().clone()).unwrap()
}

/// The voxels of a grid in whose middle something holds, by canonical place.
pub(crate) fn where_canonical(grid: &Geometry, holds: impl Fn([f64; 3]) -> bool + Sync) -> Mask {
    let canonical = turned().inverse().unwrap();
    let [nx, ny, _] = grid.shape();
    Mask::from_fn(grid.clone(), |n| {
        holds(canonical.apply(grid.world_of([n % nx, n / nx % ny, n / (nx * ny)].map(|i| i as f64))))
    })
}

/// What may change at most: the face, what lies before it and beside the ears, and as much around as the coarse mask and a voxel are thick.
fn may_change(grid: &Geometry) -> Mask {
    let margin = 3.0 + grid.spacing_mm().into_iter().fold(0.0, f64::max) / 2.0;
    where_canonical(grid, move |[x, y, z]| {
        let outward = y < -72.0 + margin && z < -28.0 + margin + 8.0;
        is_face([x, y, z], margin) || outward || (x.abs() > 69.0 - margin && z < 14.0 && y < 40.0)
    })
}

/// Series as instances that were written and read back.
pub(crate) fn series(builder: &SeriesBuilder) -> Vec<Instance> {
    let (instances, _) = builder.instances().unwrap();
    instances.iter().map(|instance| OpenOptions::new().parse(&instance.to_bytes().unwrap()).unwrap()).collect()
}

pub(crate) fn builder(modality: Modality, grid: &Geometry, vendor: Vendor) -> SeriesBuilder {
    let contrast = match modality {
        Modality::Ct => Contrast::Ct,
        Modality::Pet => Contrast::Suv,
        _ => Contrast::T1,
    };
    SeriesBuilder::new(modality, render(grid, contrast)).vendor(vendor).frame_uid(WORLD)
}

/// The world of grids that name no frame.
pub(crate) fn nameless(grid: &Geometry) -> Geometry {
    grid.clone().with_frame(Frame::Patient(None))
}
