//! Grids as scanners lay them, and rigid poses.
//!
//! A [`Grid`] is a convenience over [`Geometry`]: an acquisition plane, matrix, spacing and middle, turned by small angles and,
//! for CT, sheared by a gantry tilt. World is LPS millimetres; angles are degrees.

use isocenter_volume::{Affine, Frame, Geometry, affine::cross};

use crate::Error;

/// The plane that a scanner's images lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Plane {
    /// Columns run to the left, rows to the back, slices upwards.
    Axial,
    /// Columns run to the back, rows downwards, slices to the right.
    Sagittal,
    /// Columns run to the left, rows downwards, slices to the back.
    Coronal,
}

/// A grid in the making.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    plane: Plane,
    shape: [usize; 3],
    spacing_mm: [f64; 3],
    centre_mm: [f64; 3],
    turn_deg: [f64; 3],
    tilt_deg: f64,
    frame: Option<String>,
}

impl Grid {
    /// A grid of `shape` (columns, rows, slices) and `spacing_mm` (along a row, down a column, between slices) about the origin.
    pub const fn new(plane: Plane, shape: [usize; 3], spacing_mm: [f64; 3]) -> Self {
        Self { plane, shape, spacing_mm, centre_mm: [0.0; 3], turn_deg: [0.0; 3], tilt_deg: 0.0, frame: None }
    }

    /// World position of the middle of the grid, mm.
    #[must_use]
    pub const fn centre_mm(mut self, centre: [f64; 3]) -> Self {
        self.centre_mm = centre;
        self
    }

    /// Turns the grid about its middle: about x, then y, then z of the world, degrees.
    #[must_use]
    pub const fn turned_deg(mut self, angles: [f64; 3]) -> Self {
        self.turn_deg = angles;
        self
    }

    /// Tilts the images as a gantry does: they turn about the world's x, while the slices still advance as before. Positive
    /// leans the top of the gantry to the side where the table enters, the feet of a patient who lies head first ((0018,1120)). The grid is sheared then.
    #[must_use]
    pub const fn tilt_deg(mut self, angle: f64) -> Self {
        self.tilt_deg = angle;
        self
    }

    /// The Frame of Reference UID.
    #[must_use]
    pub fn frame(mut self, uid: impl Into<String>) -> Self {
        self.frame = Some(uid.into());
        self
    }

    /// The grid.
    ///
    /// # Errors
    /// [`Error::Volume`] for an empty axis or a spacing that is not positive.
    pub fn geometry(&self) -> Result<Geometry, Error> {
        let [column, row]: [[f64; 3]; 2] = match self.plane {
            Plane::Axial => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
            Plane::Sagittal => [[0.0, 1.0, 0.0], [0.0, 0.0, -1.0]],
            Plane::Coronal => [[1.0, 0.0, 0.0], [0.0, 0.0, -1.0]],
        };
        let turn = rotation_deg(self.turn_deg);
        let tilt = rotation_deg([self.tilt_deg, 0.0, 0.0]);
        let advance = turn.apply_vector(cross(column, row));
        let columns =
            [tilt.apply_vector(turn.apply_vector(column)), tilt.apply_vector(turn.apply_vector(row)), advance];
        let scaled = [0, 1, 2].map(|a| columns[a].map(|v| v * self.spacing_mm[a]));
        let half = self.shape.map(|n| (n as f64 - 1.0) / 2.0);
        let middle = Affine::from_columns(scaled, [0.0; 3]).apply(half);
        let origin = [0, 1, 2].map(|a| self.centre_mm[a] - middle[a]);
        Ok(Geometry::new(self.shape, Affine::from_columns(scaled, origin), Frame::Patient(self.frame.clone()))?)
    }
}

/// A rotation about the origin: about x, then y, then z, degrees, right-handed.
pub fn rotation_deg(angles: [f64; 3]) -> Affine {
    let [(sx, cx), (sy, cy), (sz, cz)] = angles.map(|a| libm::sincos(a * (std::f64::consts::PI / 180.0)));
    let x = Affine::from_columns([[1.0, 0.0, 0.0], [0.0, cx, sx], [0.0, -sx, cx]], [0.0; 3]);
    let y = Affine::from_columns([[cy, 0.0, -sy], [0.0, 1.0, 0.0], [sy, 0.0, cy]], [0.0; 3]);
    let z = Affine::from_columns([[cz, sz, 0.0], [-sz, cz, 0.0], [0.0, 0.0, 1.0]], [0.0; 3]);
    z.compose(&y).compose(&x)
}

/// A rigid pose: the canonical origin goes to `shift_mm` after a turn about x, then y, then z by `angles` degrees.
pub fn pose(angles_deg: [f64; 3], shift_mm: [f64; 3]) -> Affine {
    Affine::translation_by(shift_mm).compose(&rotation_deg(angles_deg))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_run_the_way_scanners_run_them() {
        let codes = [(Plane::Axial, "LPS"), (Plane::Sagittal, "PIR"), (Plane::Coronal, "LIP")];
        for (plane, code) in codes {
            let g = Grid::new(plane, [4, 5, 6], [1.0, 1.0, 2.0]).geometry().unwrap();
            let found = g.orientation().unwrap().to_string();
            assert!(g.is_right_handed());
            assert_eq!(found, code, "{plane:?}");
        }
    }

    #[test]
    fn a_tilt_shears_and_keeps_the_advance() {
        let g = Grid::new(Plane::Axial, [4, 5, 6], [1.0, 1.0, 2.0]).tilt_deg(15.0).geometry().unwrap();
        assert!((g.shear() - libm::sin(15f64.to_radians())).abs() < 1e-12);
        assert_eq!(g.affine().column(2), [0.0, 0.0, 2.0]);
    }

    #[test]
    fn a_pose_is_rigid_and_turns_right_handed() {
        let p = pose([0.0, 0.0, 90.0], [1.0, 2.0, 3.0]);
        let q = p.apply([1.0, 0.0, 0.0]);
        assert!((q[0] - 1.0).abs() < 1e-12 && (q[1] - 3.0).abs() < 1e-12 && (q[2] - 3.0).abs() < 1e-12);
        assert!((pose([5.0, -3.0, 8.0], [0.0; 3]).determinant() - 1.0).abs() < 1e-12);
    }
}
