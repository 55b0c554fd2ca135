//! What a column of a slow axis holds.

/// A quantity of a step, with its one unit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Quantity {
    /// Time of the step from the first, s.
    Time,
    /// Echo time, s.
    EchoTime,
    /// Repetition time, s.
    RepetitionTime,
    /// Inversion time, s.
    InversionTime,
    /// Delay after the trigger, s.
    TriggerTime,
    /// Post-labelling delay of arterial spin labelling, s.
    PostLabelingDelay,
    /// Flip angle, degrees.
    FlipAngle,
    /// Place in the cardiac cycle, a fraction of the R-R interval from 0 to 1.
    CardiacPhase,
    /// Diffusion weighting b, s/mm^2.
    BValue,
    /// Diffusion gradient direction, a unit vector in world (LPS+); zero where there is none.
    GradientDirection,
    /// Diffusion B-matrix, s/mm^2, in world (LPS+).
    BMatrix,
    /// Names of the steps: `magnitude` and `phase`, `label` and `control`, channels.
    Name,
    /// Any other number.
    Other {
        /// Its file's name for it.
        name: String,
        /// Its unit as a UCUM code; empty where nobody says.
        unit: String,
    },
}

/// The shape of a quantity's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Number,
    Vector,
    Matrix,
    Name,
}

impl Quantity {
    /// A short name: `time`, `b_value`, ...
    pub fn name(&self) -> &str {
        match self {
            Self::Time => "time",
            Self::EchoTime => "echo_time",
            Self::RepetitionTime => "repetition_time",
            Self::InversionTime => "inversion_time",
            Self::TriggerTime => "trigger_time",
            Self::PostLabelingDelay => "post_labeling_delay",
            Self::FlipAngle => "flip_angle",
            Self::CardiacPhase => "cardiac_phase",
            Self::BValue => "b_value",
            Self::GradientDirection => "gradient_direction",
            Self::BMatrix => "b_matrix",
            Self::Name => "name",
            Self::Other { name, .. } => name,
        }
    }

    /// Its unit as a UCUM code; `1` for a pure number, empty for a name.
    pub fn unit(&self) -> &str {
        match self {
            Self::Time
            | Self::EchoTime
            | Self::RepetitionTime
            | Self::InversionTime
            | Self::TriggerTime
            | Self::PostLabelingDelay => "s",
            Self::FlipAngle => "deg",
            Self::BValue | Self::BMatrix => "s/mm2",
            Self::CardiacPhase | Self::GradientDirection => "1",
            Self::Name => "",
            Self::Other { unit, .. } => unit,
        }
    }

    pub(super) const fn shape(&self) -> Shape {
        match self {
            Self::GradientDirection => Shape::Vector,
            Self::BMatrix => Shape::Matrix,
            Self::Name => Shape::Name,
            _ => Shape::Number,
        }
    }
}
