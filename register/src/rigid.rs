//! A rigid motion of the world: turn about a centre, then shift.
//!
//! `y = R (x - c) + c + t`, LPS millimetres; `R` is the exponential of a rotation vector (axis times angle, radians,
//! right-handed). The same map has a different `t` for every centre, so a translation means nothing without its centre.
//!
//! # Examples
//! ```
//! use isocenter_register::Rigid;
//! let turn = Rigid::new([0.0, 0.0, std::f64::consts::FRAC_PI_2], [0.0, 0.0, 5.0], [10.0, 0.0, 0.0])?;
//! let moved = turn.to_affine().apply([11.0, 0.0, 0.0]); // one mm left of the centre
//! assert!((moved[0] - 10.0).abs() < 1e-12 && (moved[1] - 1.0).abs() < 1e-12 && (moved[2] - 5.0).abs() < 1e-12);
//! assert!((turn.angle_deg() - 90.0).abs() < 1e-12);
//! # Ok::<_, isocenter_register::Error>(())
//! ```

use isocenter_volume::{
    Affine,
    affine::{dot, norm},
};

use crate::{Error, rotation::Rotation};

/// How far the matrix part of an affine may be from a rotation: ITK text files hold six digits after the point.
const ORTHOGONALITY_TOLERANCE: f64 = 1e-5;

/// A turn about a centre followed by a shift.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "crate::record::RigidRepr", into = "crate::record::RigidRepr"))]
pub struct Rigid {
    rotation: Rotation,
    translation_mm: [f64; 3],
    centre_mm: [f64; 3],
}

impl Rigid {
    /// Builds the motion from rotation vector (radians), translation and centre (LPS mm).
    ///
    /// # Errors
    /// [`Error::BadOption`] for a number that is not finite.
    pub fn new(rotation_rad: [f64; 3], translation_mm: [f64; 3], centre_mm: [f64; 3]) -> Result<Self, Error> {
        let bad = [rotation_rad, translation_mm, centre_mm].into_iter().flatten().find(|v| !v.is_finite());
        match bad {
            Some(found) => Err(Error::BadOption { what: "a rigid parameter", wanted: "finite", found }),
            None => Ok(Self { rotation: Rotation::from_vector(rotation_rad), translation_mm, centre_mm }),
        }
    }

    /// From finite parts.
    pub(crate) const fn of(rotation: Rotation, translation_mm: [f64; 3], centre_mm: [f64; 3]) -> Self {
        Self { rotation, translation_mm, centre_mm }
    }

    /// From parts of another motion.
    #[cfg(feature = "serde")]
    pub(crate) fn from_parts(rotation: Rotation, translation_mm: [f64; 3], centre_mm: [f64; 3]) -> Option<Self> {
        let is_finite = translation_mm.iter().chain(&centre_mm).all(|v| v.is_finite());
        is_finite.then_some(Self { rotation, translation_mm, centre_mm })
    }

    /// The rotation.
    #[cfg(feature = "serde")]
    pub(crate) const fn rotation(&self) -> Rotation {
        self.rotation
    }

    /// The parameters of an affine map about a centre (LPS mm), or `None` where the map is not a rotation and a shift.
    pub fn from_affine(affine: &Affine, centre_mm: [f64; 3]) -> Option<Self> {
        let columns = [0, 1, 2].map(|a| affine.column(a));
        for a in 0..3 {
            for b in 0..=a {
                let wanted = if a == b { 1.0 } else { 0.0 };
                // written so that NaN fails
                let is_close = (dot(columns[a], columns[b]) - wanted).abs() < ORTHOGONALITY_TOLERANCE;
                if !is_close {
                    return None;
                }
            }
        }
        if affine.determinant() < 0.0 || !affine.is_finite() {
            return None;
        }
        let rotation = Rotation::from_matrix([0, 1, 2].map(|r| [columns[0][r], columns[1][r], columns[2][r]]));
        let moved = affine.apply(centre_mm);
        Some(Self { rotation, translation_mm: [0, 1, 2].map(|a| moved[a] - centre_mm[a]), centre_mm })
    }

    /// The same motion with its parameters about another centre (LPS mm).
    #[must_use]
    pub fn about(&self, centre_mm: [f64; 3]) -> Self {
        let moved = self.to_affine().apply(centre_mm);
        Self { rotation: self.rotation, translation_mm: [0, 1, 2].map(|a| moved[a] - centre_mm[a]), centre_mm }
    }

    /// The way back, about the same centre.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let rotation = self.rotation.inverse();
        Self { rotation, translation_mm: rotation.apply(self.translation_mm).map(|v| -v), centre_mm: self.centre_mm }
    }

    /// The motion as a map of points, LPS mm.
    pub fn to_affine(&self) -> Affine {
        let turned = self.rotation.apply(self.centre_mm);
        let m = self.rotation.matrix();
        Affine::from_rows(
            [0, 1, 2].map(|r| [m[r][0], m[r][1], m[r][2], self.centre_mm[r] + self.translation_mm[r] - turned[r]]),
        )
    }

    /// Rotation vector: axis times angle, radians, LPS.
    pub fn rotation_rad(&self) -> [f64; 3] {
        self.rotation.to_vector()
    }

    /// Angle of the rotation, degrees, from 0 to 180.
    pub fn angle_deg(&self) -> f64 {
        self.rotation.angle().to_degrees()
    }

    /// Rotations about the x, y and z axes in degrees, for reports: x first, then y, then z, all about the fixed LPS axes
    /// (`R = Rz Ry Rx`).
    pub fn euler_xyz_deg(&self) -> [f64; 3] {
        let m = self.rotation.matrix();
        let y = libm::asin((-m[2][0]).clamp(-1.0, 1.0));
        // at the pole only the sum of x and z is defined: all of it goes to z
        let is_pole = m[2][0].abs() > 1.0 - 1e-12;
        let (x, z) = if is_pole {
            (0.0, libm::atan2(-m[0][1], m[1][1]))
        } else {
            (libm::atan2(m[2][1], m[2][2]), libm::atan2(m[1][0], m[0][0]))
        };
        [x, y, z].map(f64::to_degrees)
    }

    /// Shift of the centre, LPS mm.
    pub const fn translation_mm(&self) -> [f64; 3] {
        self.translation_mm
    }

    /// Length of the shift of the centre, mm.
    pub fn shift_mm(&self) -> f64 {
        norm(self.translation_mm)
    }

    /// Centre of the rotation, LPS mm.
    pub const fn centre_mm(&self) -> [f64; 3] {
        self.centre_mm
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: &Affine, b: &Affine) -> bool {
        a.rows().iter().flatten().zip(b.rows().iter().flatten()).all(|(x, y)| (x - y).abs() < 1e-9)
    }

    #[test]
    fn affine_round_trips_about_any_centre() {
        let rigid = Rigid::new([0.2, -1.4, 0.7], [3.0, -8.0, 41.0], [-12.0, 30.0, 5.0]).unwrap();
        let affine = rigid.to_affine();
        for centre in [[0.0; 3], [-12.0, 30.0, 5.0], [500.0, -3.0, 77.0]] {
            let back = Rigid::from_affine(&affine, centre).unwrap();
            assert!(close(&back.to_affine(), &affine));
            assert!(close(&rigid.about(centre).to_affine(), &affine));
        }
    }

    #[test]
    fn inverse_undoes_the_motion() {
        let rigid = Rigid::new([0.2, -1.4, 0.7], [3.0, -8.0, 41.0], [-12.0, 30.0, 5.0]).unwrap();
        assert!(close(&rigid.inverse().to_affine().compose(&rigid.to_affine()), &Affine::IDENTITY));
    }

    #[test]
    fn refuses_what_is_not_rigid() {
        let scaled = Affine::from_spacing_origin([1.0, 1.0, 1.1], [0.0; 3]);
        let mirrored = Affine::from_spacing_origin([1.0, 1.0, -1.0], [0.0; 3]);
        assert!(Rigid::from_affine(&scaled, [0.0; 3]).is_none());
        assert!(Rigid::from_affine(&mirrored, [0.0; 3]).is_none());
        assert!(Rigid::new([f64::NAN, 0.0, 0.0], [0.0; 3], [0.0; 3]).is_err());
    }

    #[test]
    fn euler_angles_build_the_rotation() {
        let rigid = Rigid::new([0.3, -0.4, 0.5], [0.0; 3], [0.0; 3]).unwrap();
        let [x, y, z] = rigid.euler_xyz_deg().map(f64::to_radians);
        let built = Rotation::from_vector([0.0, 0.0, z])
            .compose(Rotation::from_vector([0.0, y, 0.0]))
            .compose(Rotation::from_vector([x, 0.0, 0.0]));
        assert!(built.distance(Rotation::from_vector([0.3, -0.4, 0.5])) < 1e-12);
    }
}
