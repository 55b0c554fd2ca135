//! What lies beyond the first and the last voxel of a line.

use serde::{Deserialize, Serialize};

/// What a filter reads beyond the image. In a recipe: `"nearest"`, `"reflect"`, `"mirror"`, `"wrap"`, `"zero"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Boundary {
    /// The edge value goes on: ITK's zero flux, scipy's `nearest`, PyTorch's `replicate`.
    #[default]
    Nearest,
    /// Mirrored about the edge of the last voxel, which is repeated: scipy's default `reflect`.
    Reflect,
    /// Mirrored about the centre of the last voxel, which is not repeated: scipy's `mirror`, PyTorch's and NumPy's `reflect`.
    Mirror,
    /// The line begins again: scipy's `wrap`, PyTorch's `circular`.
    Wrap,
    /// Zeros: MONAI's default.
    Zero,
}

impl Boundary {
    /// The voxel of a line of `len` that stands at a place which may lie outside of it; none where a zero stands there.
    pub fn place(self, at: isize, len: usize) -> Option<usize> {
        let count = len as isize;
        if (0..count).contains(&at) {
            return Some(at as usize);
        }
        let inside = match self {
            _ if count == 0 => return None,
            Self::Zero => return None,
            Self::Nearest => at.clamp(0, count - 1),
            Self::Wrap => at.rem_euclid(count),
            Self::Reflect => {
                let at = at.rem_euclid(2 * count);
                at.min(2 * count - 1 - at)
            }
            Self::Mirror if count == 1 => 0,
            Self::Mirror => {
                let period = 2 * (count - 1);
                let at = at.rem_euclid(period);
                at.min(period - at)
            }
        };
        Some(inside as usize)
    }

    /// Its name in a recipe.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nearest => "nearest",
            Self::Reflect => "reflect",
            Self::Mirror => "mirror",
            Self::Wrap => "wrap",
            Self::Zero => "zero",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_numpy_pad() {
        let line = |boundary: Boundary| (-4..7).map(|at| boundary.place(at, 3)).collect::<Vec<_>>();
        let inside = |places: [usize; 11]| places.map(Some).to_vec();
        assert_eq!(line(Boundary::Nearest), inside([0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2]));
        assert_eq!(line(Boundary::Reflect), inside([2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0]));
        assert_eq!(line(Boundary::Mirror), inside([0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2]));
        assert_eq!(line(Boundary::Wrap), inside([2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0]));
        assert_eq!(line(Boundary::Zero)[3..8], [None, Some(0), Some(1), Some(2), None]);
        for boundary in [Boundary::Nearest, Boundary::Reflect, Boundary::Mirror, Boundary::Wrap] {
            assert_eq!(boundary.place(-5, 1), Some(0));
            assert_eq!(boundary.place(-5, 0), None);
        }
    }
}
