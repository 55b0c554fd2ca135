//! Anatomical names of the index axes: the 48 codes such as RAS or LPI.
//!
//! A letter names the direction *towards* which the index grows (nibabel's convention): in `RAS`, `i` grows to the patient's
//! Right. An oblique axis takes the letter of the nearest anatomical axis.

use std::{fmt, str::FromStr};

use crate::{Affine, Error, affine};

/// One of the six directions of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Direction {
    Left,
    Right,
    Posterior,
    Anterior,
    Superior,
    Inferior,
}

impl Direction {
    /// The world axis (0 = x, 1 = y, 2 = z) and its sign in LPS+.
    pub const fn lps(self) -> (usize, f64) {
        match self {
            Self::Left => (0, 1.0),
            Self::Right => (0, -1.0),
            Self::Posterior => (1, 1.0),
            Self::Anterior => (1, -1.0),
            Self::Superior => (2, 1.0),
            Self::Inferior => (2, -1.0),
        }
    }

    /// The direction of a world axis (0, 1, 2) towards its positive or negative end, in LPS+.
    pub const fn from_lps(axis: usize, positive: bool) -> Self {
        match (axis, positive) {
            (0, true) => Self::Left,
            (0, false) => Self::Right,
            (1, true) => Self::Posterior,
            (1, false) => Self::Anterior,
            (_, true) => Self::Superior,
            (_, false) => Self::Inferior,
        }
    }

    /// Its letter.
    pub const fn letter(self) -> char {
        match self {
            Self::Left => 'L',
            Self::Right => 'R',
            Self::Posterior => 'P',
            Self::Anterior => 'A',
            Self::Superior => 'S',
            Self::Inferior => 'I',
        }
    }

    fn from_letter(letter: char) -> Option<Self> {
        Some(match letter.to_ascii_uppercase() {
            'L' => Self::Left,
            'R' => Self::Right,
            'P' => Self::Posterior,
            'A' => Self::Anterior,
            'S' => Self::Superior,
            'I' => Self::Inferior,
            _ => return None,
        })
    }
}

/// Where the three index axes point to, as one of the 48 axis codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Orientation {
    axes: [Direction; 3],
}

impl Orientation {
    /// i to the Right, j to the Anterior, k to the Superior: NIfTI's usual order.
    pub const RAS: Self = Self { axes: [Direction::Right, Direction::Anterior, Direction::Superior] };
    /// i to the Left, j to the Posterior, k to the Superior: an axial DICOM series, and the world frame of this workspace.
    pub const LPS: Self = Self { axes: [Direction::Left, Direction::Posterior, Direction::Superior] };

    /// Joins three directions; [`Error::BadOrientation`] unless they lie on three different axes.
    pub fn new(axes: [Direction; 3]) -> Result<Self, Error> {
        let [a, b, c] = axes.map(|d| d.lps().0);
        if a == b || b == c || a == c {
            return Err(Error::BadOrientation { text: axes.iter().map(|d| d.letter()).collect() });
        }
        Ok(Self { axes })
    }

    /// All 48, in a fixed order.
    pub fn all() -> impl Iterator<Item = Self> {
        PERMUTATIONS.into_iter().flat_map(|p| {
            (0..8usize)
                .map(move |signs| Self { axes: [0, 1, 2].map(|a| Direction::from_lps(p[a], signs >> a & 1 == 0)) })
        })
    }

    /// The orientation nearest to an index-to-LPS affine: the assignment of axes with the largest product of cosines.
    pub fn nearest(affine: &Affine) -> Self {
        let unit = [0, 1, 2].map(|a| {
            let column = affine.column(a);
            let length = affine::norm(column);
            column.map(|v| if length > 0.0 { v / length } else { 0.0 })
        });
        let score = |p: &[usize; 3]| unit[0][p[0]].abs() * unit[1][p[1]].abs() * unit[2][p[2]].abs();
        // ties go to the first of a fixed order, so that 45 degrees gives one answer everywhere
        let mut best = PERMUTATIONS[0];
        for p in PERMUTATIONS {
            if score(&p) > score(&best) + 1e-9 {
                best = p;
            }
        }
        Self { axes: [0, 1, 2].map(|a| Direction::from_lps(best[a], unit[a][best[a]] >= 0.0)) }
    }

    /// The directions of i, j, k.
    pub const fn axes(&self) -> [Direction; 3] {
        self.axes
    }
}

const PERMUTATIONS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

impl FromStr for Orientation {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = || Error::BadOrientation { text: text.chars().take(16).collect() };
        let letters: Vec<Direction> =
            text.chars().map(Direction::from_letter).collect::<Option<_>>().ok_or_else(bad)?;
        Self::new(letters.try_into().map_err(|_| bad())?)
    }
}

impl fmt::Display for Orientation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.axes.iter().try_for_each(|d| write!(f, "{}", d.letter()))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Orientation {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Orientation {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_48_and_each_round_trips_through_text() {
        let all: BTreeSet<_> = Orientation::all().collect();
        assert_eq!(all.len(), 48);
        for o in all {
            assert_eq!(o.to_string().parse::<Orientation>().unwrap(), o);
        }
    }

    #[test]
    fn rejects_what_is_no_orientation() {
        for text in ["", "RA", "RRS", "RLS", "RASX", "XYZ", "éAS"] {
            assert!(text.parse::<Orientation>().is_err(), "{text}");
        }
    }

    #[test]
    fn identity_affine_is_lps() {
        assert_eq!(Orientation::nearest(&Affine::IDENTITY), Orientation::LPS);
        assert_eq!(Orientation::nearest(&Affine::from_ras(Affine::IDENTITY.rows())), Orientation::RAS);
    }
}
