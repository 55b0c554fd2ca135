//! Rotation, scales and shears in turn.

use isocenter_volume::{
    Affine,
    affine::{dot, norm},
};

use super::Error;
use crate::{
    Rigid,
    matrix3::{self, Matrix},
    rotation::Rotation,
};

/// A map as `y = R diag(scales) K (x - c) + c + t`, LPS millimetres: shear, then scale, then turn about the centre, then shift.
///
/// `K` is 1 on its diagonal and holds the shears of x by y, x by z and y by z above it, so that rotation and scales are unique. Of a map
/// that mirrors, the first scale is negative. Seven numbers (one scale) are a similarity, nine (three scales) what FLIRT calls 9 degrees of
/// freedom, twelve any affine map.
///
/// Source: S. W. Thomas, "Decomposing a matrix into simple transformations", Graphics Gems II (1991), in the order of the package
/// transforms3d (`T R Z S`).
///
/// # Examples
/// ```
/// use isocenter_register::{Rigid, maps::Parts};
/// let rigid = Rigid::new([0.1, -0.2, 0.3], [4.0, -5.0, 6.0], [10.0, 20.0, -30.0])?;
/// let parts = Parts::scaled(rigid, [1.1, 0.9, 1.0])?;
/// let again = Parts::of(&parts.to_affine(), [10.0, 20.0, -30.0])?;
/// assert!((again.scales()[0] - 1.1).abs() < 1e-12 && again.shears()[0].abs() < 1e-12);
/// assert!((again.rigid().translation_mm()[2] - 6.0).abs() < 1e-12);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts {
    rigid: Rigid,
    scales: [f64; 3],
    shears: [f64; 3],
}

impl Parts {
    /// Joins a rigid motion, scales along x, y, z, and shears of x by y, x by z, y by z.
    ///
    /// # Errors
    /// [`Error::BadNumber`] for a scale of 0 and for numbers that are not finite.
    pub fn new(rigid: Rigid, scales: [f64; 3], shears: [f64; 3]) -> Result<Self, Error> {
        if let Some(&found) = scales.iter().find(|s| !s.is_finite() || **s == 0.0) {
            return Err(Error::BadNumber { what: "a scale", wanted: "finite and not 0", found });
        }
        if let Some(&found) = shears.iter().find(|s| !s.is_finite()) {
            return Err(Error::BadNumber { what: "a shear", wanted: "finite", found });
        }
        Ok(Self { rigid, scales, shears })
    }

    /// A similarity: the same scale along all axes, 7 degrees of freedom.
    ///
    /// # Errors
    /// [`Error::BadNumber`].
    pub fn similarity(rigid: Rigid, scale: f64) -> Result<Self, Error> {
        Self::new(rigid, [scale; 3], [0.0; 3])
    }

    /// A scale for each axis of the fixed image's world, 9 degrees of freedom.
    ///
    /// # Errors
    /// [`Error::BadNumber`].
    pub fn scaled(rigid: Rigid, scales: [f64; 3]) -> Result<Self, Error> {
        Self::new(rigid, scales, [0.0; 3])
    }

    /// The parts of a map about a centre, LPS mm.
    ///
    /// # Errors
    /// [`Error::Singular`].
    pub fn of(map: &Affine, centre_mm: [f64; 3]) -> Result<Self, Error> {
        map.inverse().filter(|_| centre_mm.iter().all(|c| c.is_finite())).ok_or(Error::Singular)?;
        let mut columns = [0, 1, 2].map(|a| map.column(a));
        let mut upper = [[0.0; 3]; 3];
        // modified Gram-Schmidt: each column loses what it shares with those before it
        for a in 0..3 {
            for b in 0..a {
                upper[b][a] = dot(columns[b], columns[a]);
                columns[a] = [0, 1, 2].map(|n| columns[a][n] - upper[b][a] * columns[b][n]);
            }
            upper[a][a] = norm(columns[a]);
            columns[a] = columns[a].map(|v| v / upper[a][a]);
        }
        let mut rotation = matrix3::transpose(&columns);
        let mut scales = [0, 1, 2].map(|a| upper[a][a]);
        let shears = [upper[0][1] / scales[0], upper[0][2] / scales[0], upper[1][2] / scales[1]];
        if matrix3::determinant(&rotation) < 0.0 {
            rotation = matrix3::map(|r, c| if c == 0 { -rotation[r][c] } else { rotation[r][c] });
            scales[0] = -scales[0];
        }
        let moved = map.apply(centre_mm);
        let turn = Rotation::from_matrix(rotation).to_vector();
        let rigid = Rigid::new(turn, [0, 1, 2].map(|a| moved[a] - centre_mm[a]), centre_mm);
        Self::new(rigid.map_err(|_| Error::Singular)?, scales, shears)
    }

    /// The map of points, LPS mm.
    pub fn to_affine(&self) -> Affine {
        let rotation = matrix3::of(&self.rigid.to_affine());
        let m = matrix3::product(&rotation, &self.stretch());
        matrix3::about(&m, self.rigid.translation_mm(), self.rigid.centre_mm())
    }

    /// Rotation, translation and centre.
    pub const fn rigid(&self) -> &Rigid {
        &self.rigid
    }

    /// Scales along x, y, z; the first is negative where the map mirrors.
    pub const fn scales(&self) -> [f64; 3] {
        self.scales
    }

    /// Shears of x by y, x by z, y by z; millimetres for each millimetre.
    pub const fn shears(&self) -> [f64; 3] {
        self.shears
    }

    /// Whether left and right change places.
    pub fn is_mirrored(&self) -> bool {
        self.scales.iter().filter(|s| **s < 0.0).count() % 2 == 1
    }

    /// Scales after shears.
    fn stretch(&self) -> Matrix {
        let ([a, b, c], [xy, xz, yz]) = (self.scales, self.shears);
        [[a, a * xy, a * xz], [0.0, b, b * yz], [0.0, 0.0, c]]
    }
}
