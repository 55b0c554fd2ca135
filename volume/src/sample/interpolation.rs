//! How a value between voxels is made from its neighbours.

use std::fmt;

use crate::Error;

/// The interpolation of an image.
///
/// Windowed sincs carry ITK's names and are not normalised to sum 1, as ITK's are not; `radius` is the half width in voxels (1 to
/// [`Interpolation::MAX_RADIUS`]), 5 in SimpleITK. A larger radius costs more and rings longer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Interpolation {
    /// The nearest voxel; a tie goes to the larger index, as in ITK.
    Nearest,
    /// Trilinear.
    #[default]
    Linear,
    /// Cubic B-spline that passes through the voxels (prefiltered, mirror boundary).
    BSpline3,
    /// Sinc under a Lanczos window.
    #[allow(missing_docs)]
    Lanczos { radius: usize },
    /// Sinc under a Hamming window.
    #[allow(missing_docs)]
    Hamming { radius: usize },
    /// Sinc under a Blackman window.
    #[allow(missing_docs)]
    Blackman { radius: usize },
    /// Sinc under a cosine window.
    #[allow(missing_docs)]
    Cosine { radius: usize },
    /// Sinc under a Welch (parabola) window.
    #[allow(missing_docs)]
    Welch { radius: usize },
}

impl Interpolation {
    /// The largest radius of a windowed sinc, voxels.
    pub const MAX_RADIUS: usize = 16;

    /// The radius of a windowed sinc, or `None` for the other kinds.
    pub const fn radius(self) -> Option<usize> {
        match self {
            Self::Nearest | Self::Linear | Self::BSpline3 => None,
            Self::Lanczos { radius }
            | Self::Hamming { radius }
            | Self::Blackman { radius }
            | Self::Cosine { radius }
            | Self::Welch { radius } => Some(radius),
        }
    }

    /// Number of voxels along each axis that take part.
    pub const fn taps(self) -> usize {
        match self {
            Self::Nearest => 1,
            Self::Linear => 2,
            Self::BSpline3 => 4,
            _ => match self.radius() {
                Some(radius) => 2 * radius,
                None => 1,
            },
        }
    }

    /// Refuses a radius out of range.
    pub(crate) fn check(self) -> Result<Self, Error> {
        match self.radius() {
            Some(radius) if radius == 0 || radius > Self::MAX_RADIUS => {
                Err(Error::BadNumber { what: "sinc radius", wanted: "from 1 to 16", found: radius as f64 })
            }
            _ => Ok(self),
        }
    }
}

impl fmt::Display for Interpolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nearest => write!(f, "nearest"),
            Self::Linear => write!(f, "linear"),
            Self::BSpline3 => write!(f, "bspline3"),
            Self::Lanczos { radius } => write!(f, "lanczos{radius}"),
            Self::Hamming { radius } => write!(f, "hamming{radius}"),
            Self::Blackman { radius } => write!(f, "blackman{radius}"),
            Self::Cosine { radius } => write!(f, "cosine{radius}"),
            Self::Welch { radius } => write!(f, "welch{radius}"),
        }
    }
}

/// The interpolation of a label map; neither kind makes a label that was not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum LabelInterpolation {
    /// The nearest voxel's label.
    #[default]
    Nearest,
    /// The label with the largest share of the trilinear weights, background included; a tie goes to the smallest label.
    ///
    /// The result of one-hot coding, linear interpolation and argmax, at a cost that does not grow with the number of labels.
    Linear,
}

impl fmt::Display for LabelInterpolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nearest => "nearest",
            Self::Linear => "linear",
        })
    }
}
