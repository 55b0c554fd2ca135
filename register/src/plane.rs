//! Two images of one plane each: radiographs, photographs, a slice of one day and a slice of another.
//!
//! Both are laid into the plane of x and y, where a search that begins there stays: what is even along z pushes nothing along it. Planes that are parallel in one patient
//! keep their headers' relation; others, and images that have no place in a patient, begin each with its own rows and columns.

use isocenter_volume::{
    Affine, Frame, Geometry, Mask, Volume,
    affine::{dot, norm},
};

use crate::Error;

/// Normals whose product is less than this part from each other are not of one plane: two and a half degrees.
const PARALLEL: f64 = 0.999;

/// The axes that an image is laid along: unit vectors of its world.
type Axes = [[f64; 3]; 3];

/// Two images laid into the plane of x and y.
pub(crate) struct Planes {
    pub(crate) fixed: Volume<f32>,
    pub(crate) moving: Volume<f32>,
    /// From the world of the fixed image to the plane.
    from_fixed: Affine,
    /// From the plane to the world of the moving image.
    to_moving: Affine,
}

impl Planes {
    /// Lays out two images; `None` where one of them has depth, or where their planes cross in one patient.
    pub(crate) fn of(fixed: &Volume<f32>, moving: &Volume<f32>) -> Result<Option<Self>, Error> {
        let (Some(a), Some(b)) = (Sheet::of(fixed.geometry()), Sheet::of(moving.geometry())) else { return Ok(None) };
        let are_placed = [fixed, moving].iter().all(|image| image.geometry().frame().is_patient());
        let axes = a.axes();
        let other = match are_placed {
            true if dot(axes[2], b.axes()[2]).abs() < PARALLEL => return Ok(None),
            true => axes,
            false => b.axes(),
        };
        let (first, second) = (a.map(&axes), b.map(&other));
        let Some(to_moving) = second.inverse() else { return Ok(None) };
        Ok(Some(Self { fixed: a.laid(fixed, &first)?, moving: b.laid(moving, &second)?, from_fixed: first, to_moving }))
    }

    /// A mask of the fixed or the moving image, on that image as it is laid out.
    pub(crate) fn mask(on: &Volume<f32>, mask: &Mask) -> Result<Mask, Error> {
        Ok(Mask::from_words(mask.words().to_vec(), on.geometry().clone())?)
    }

    /// Where a place of the plane lies in the world of the fixed image.
    pub(crate) fn fixed_place(&self, place: [f64; 3]) -> [f64; 3] {
        self.from_fixed.inverse().map_or(place, |back| back.apply(place))
    }

    /// A map in the plane, of the fixed world to the moving world.
    pub(crate) fn outward(&self, map: &Affine) -> Affine {
        self.to_moving.compose(map).compose(&self.from_fixed)
    }

    /// The other way round; `None` for a map that cannot be undone.
    pub(crate) fn inward(&self, map: &Affine) -> Option<Affine> {
        Some(self.to_moving.inverse()?.compose(map).compose(&self.from_fixed.inverse()?))
    }
}

/// A map of the plane of x and y that leaves what is out of it where it is: nothing in two planes says how deep a body is.
pub(crate) fn flat(map: &Affine) -> Affine {
    let [x, y, _] = map.rows();
    Affine::from_rows([[x[0], x[1], 0.0, x[3]], [y[0], y[1], 0.0, y[3]], [0.0, 0.0, 1.0, 0.0]])
}

/// A grid of one plane.
struct Sheet {
    shape: [usize; 2],
    columns: [[f64; 3]; 2],
    origin: [f64; 3],
}

impl Sheet {
    fn of(grid: &Geometry) -> Option<Self> {
        let shape = grid.shape();
        let flat = (0..3).rev().find(|a| shape[*a] == 1)?;
        let [p, q] = match flat {
            0 => [1, 2],
            1 => [0, 2],
            _ => [0, 1],
        };
        let is_line = shape[p] == 1 || shape[q] == 1;
        let columns = [grid.affine().column(p), grid.affine().column(q)];
        (!is_line).then_some(Self { shape: [shape[p], shape[q]], columns, origin: grid.origin_mm() })
    }

    /// Along the rows, across them in the plane, and out of it.
    fn axes(&self) -> Axes {
        let unit = |v: [f64; 3]| v.map(|x| x / norm(v));
        let u = unit(self.columns[0]);
        let along = dot(u, self.columns[1]);
        let v = unit([0, 1, 2].map(|a| self.columns[1][a] - along * u[a]));
        [u, v, [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]]
    }

    /// From the world to the plane, which comes to lie at z = 0.
    fn map(&self, axes: &Axes) -> Affine {
        let height = dot(axes[2], self.origin);
        let row = |a: usize| [axes[a][0], axes[a][1], axes[a][2], if a == 2 { -height } else { 0.0 }];
        Affine::from_rows([0, 1, 2].map(row))
    }

    /// The image in the plane; its samples are not copied.
    fn laid(&self, image: &Volume<f32>, map: &Affine) -> Result<Volume<f32>, Error> {
        let turned = |v: [f64; 3]| {
            let (there, origin) = (map.apply(v), map.translation());
            // parallel planes that differ by a degree or two are laid flat
            [there[0] - origin[0], there[1] - origin[1], 0.0]
        };
        let [p, q] = self.columns.map(turned);
        let thickness = 0.5 * (norm(p) + norm(q));
        let origin = map.apply(self.origin);
        let affine = Affine::from_columns([p, q, [0.0, 0.0, thickness]], [origin[0], origin[1], 0.0]);
        let [columns, rows] = self.shape;
        let grid = Geometry::new([columns, rows, 1], affine, Frame::Patient(None))?;
        let (_, voxels) = image.clone().into_parts();
        Ok(Volume::new(voxels, grid)?.noting("lay into the plane", [("planes", 1.0)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(shape: [usize; 3], affine: Affine, frame: Frame) -> Volume<f32> {
        let n = shape.iter().product();
        Volume::new((0..n).map(|v| v as f32).collect::<Vec<f32>>(), Geometry::new(shape, affine, frame).unwrap())
            .unwrap()
    }

    #[test]
    fn a_map_goes_into_the_plane_and_back() {
        let sagittal = Affine::from_columns([[9.0, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 0.7]], [3.0, -20.0, 10.0]);
        let moved = Affine::from_columns([[9.0, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 0.7]], [12.0, -25.0, 11.0]);
        let patient = Frame::Patient(None);
        let planes = Planes::of(&sheet([1, 8, 9], sagittal, patient.clone()), &sheet([1, 8, 9], moved, patient))
            .unwrap()
            .unwrap();
        assert_eq!(planes.fixed.shape(), [8, 9, 1]);
        assert!(planes.fixed.geometry().origin_mm()[2].abs() < 1e-12);
        // what the headers say: nothing moves but from plane to plane
        let there = planes.outward(&Affine::IDENTITY).apply([3.0, 1.0, 2.0]);
        assert!((0..3).all(|a| (there[a] - [12.0, 1.0, 2.0][a]).abs() < 1e-9), "{there:?}");
        let back = planes.inward(&planes.outward(&Affine::IDENTITY)).unwrap();
        assert!(
            back.rows()
                .iter()
                .flatten()
                .zip(Affine::IDENTITY.rows().iter().flatten())
                .all(|(a, b)| (a - b).abs() < 1e-9)
        );
    }

    #[test]
    fn planes_that_cross_and_bodies_are_no_planes() {
        let patient = Frame::Patient(None);
        let axial = sheet([8, 8, 1], Affine::IDENTITY, patient.clone());
        let coronal = sheet([8, 1, 8], Affine::IDENTITY, patient.clone());
        let body = sheet([8, 8, 2], Affine::IDENTITY, patient);
        assert!(Planes::of(&axial, &coronal).unwrap().is_none());
        assert!(Planes::of(&axial, &body).unwrap().is_none());
        let (photograph, other) =
            (sheet([8, 8, 1], Affine::IDENTITY, Frame::Pixel), sheet([8, 1, 8], Affine::IDENTITY, Frame::Pixel));
        assert!(Planes::of(&photograph, &other).unwrap().is_some());
    }
}
