//! Which maps a registration may find.

use crate::pose::Step;

/// The maps among which a registration looks, by their degrees of freedom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Dof {
    /// 3: shifts.
    Translation,
    /// 6: turns and shifts. For images of one patient.
    #[default]
    Rigid,
    /// 7: turns, shifts and one scale.
    Similarity,
    /// 9: turns, shifts and a scale along each LPS axis of the fixed image.
    RigidScale,
    /// 12: every linear map that keeps the hand. For images of different people, and for a template.
    Affine,
}

impl Dof {
    /// All of them, the fewest degrees first.
    pub const ALL: [Self; 5] = [Self::Translation, Self::Rigid, Self::Similarity, Self::RigidScale, Self::Affine];

    /// Degrees of freedom.
    pub const fn number(self) -> usize {
        match self {
            Self::Translation => 3,
            Self::Rigid => 6,
            Self::Similarity => 7,
            Self::RigidScale => 9,
            Self::Affine => 12,
        }
    }

    /// The one with so many degrees of freedom.
    pub fn of(number: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|dof| dof.number() == number)
    }

    /// How many of them stretch.
    pub(crate) const fn stretches(self) -> usize {
        match self {
            Self::Translation | Self::Rigid => 0,
            Self::Similarity => 1,
            Self::RigidScale => 3,
            Self::Affine => 6,
        }
    }

    /// What these maps have of a step: the nearest one of theirs.
    pub(crate) fn kept(self, mut step: Step) -> Step {
        match self {
            Self::Translation => step[..3].fill(0.0),
            Self::Similarity => {
                let mean = (step[6] + step[7] + step[8]) / 3.0;
                step[6..9].fill(mean);
            }
            _ => {}
        }
        match self {
            Self::Translation | Self::Rigid => step[6..].fill(0.0),
            Self::Similarity | Self::RigidScale => step[9..].fill(0.0),
            Self::Affine => {}
        }
        step
    }

    /// As many degrees as a search begins with, where others are added later: what turns and shifts leave is mostly size.
    pub(crate) fn at_first(self) -> Self {
        if self.stretches() > 0 { Self::Similarity } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_degrees_names_its_maps() {
        for dof in Dof::ALL {
            assert_eq!(Dof::of(dof.number()), Some(dof));
        }
        assert_eq!(Dof::of(8), None);
    }
}
