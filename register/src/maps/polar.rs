//! The nearest rotation, and a stretch.

use isocenter_volume::Affine;

use super::Error;
use crate::{
    Rigid,
    matrix3::{self, Matrix},
    rotation::Rotation,
};

/// A map as `y = R P (x - c) + c + t`, LPS millimetres: a symmetric stretch, then a turn about the centre, then a shift.
///
/// `R` is the rotation nearest to the map (the least squared difference of the matrices), whatever the axes are called: what to keep of an
/// affine map when a rigid one is wanted. Of a map that mirrors, one eigenvalue of `P` is negative.
///
/// Source: N. Higham, "Functions of Matrices", SIAM 2008, chapter 8 (the polar decomposition); W. Kabsch, Acta Crystallographica A34
/// (1978), for the side.
///
/// # Examples
/// ```
/// use isocenter_register::maps::Polar;
/// use isocenter_volume::Affine;
/// let polar = Polar::of(&Affine::from_spacing_origin([1.1, 0.9, 1.0], [4.0, -5.0, 6.0]), [0.0; 3])?;
/// assert_eq!(polar.rigid().angle_deg(), 0.0);
/// assert!((polar.stretch()[0][0] - 1.1).abs() < 1e-15);
/// # Ok::<_, isocenter_register::maps::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Polar {
    rigid: Rigid,
    stretch: Matrix,
}

impl Polar {
    /// The parts of a map about a centre, LPS mm.
    ///
    /// # Errors
    /// [`Error::Singular`].
    pub fn of(map: &Affine, centre_mm: [f64; 3]) -> Result<Self, Error> {
        map.inverse().ok_or(Error::Singular)?;
        let m = matrix3::of(map);
        let rotation = matrix3::nearest_rotation(&m);
        let p = matrix3::product(&matrix3::transpose(&rotation), &m);
        let moved = map.apply(centre_mm);
        let turn = Rotation::from_matrix(rotation).to_vector();
        let rigid = Rigid::new(turn, [0, 1, 2].map(|a| moved[a] - centre_mm[a]), centre_mm);
        // symmetric but for rounding
        let stretch = matrix3::map(|r, c| 0.5 * (p[r][c] + p[c][r]));
        Ok(Self { rigid: rigid.map_err(|_| Error::Singular)?, stretch })
    }

    /// The map of points, LPS mm.
    pub fn to_affine(&self) -> Affine {
        let m = matrix3::product(&matrix3::of(&self.rigid.to_affine()), &self.stretch);
        matrix3::about(&m, self.rigid.translation_mm(), self.rigid.centre_mm())
    }

    /// Rotation, translation and centre: the rigid map that comes closest about that centre.
    pub const fn rigid(&self) -> &Rigid {
        &self.rigid
    }

    /// Rows of the symmetric stretch.
    pub const fn stretch(&self) -> [[f64; 3]; 3] {
        self.stretch
    }
}
