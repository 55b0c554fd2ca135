//! Slow axes: time, diffusion weighting, echo, part, channel, each with the value of every step.

/// What the steps of a slow axis are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum AxisKind {
    /// Time points; values in seconds.
    Time,
    /// Diffusion weightings; values are b in s/mm^2.
    Diffusion,
    /// Echoes; values are the echo time in milliseconds.
    Echo,
    /// Magnitude, phase, real, imaginary; values are names.
    Part,
    /// Channels or modalities; values are names.
    Channel,
    /// Any other axis, by its file's name for it.
    Other(String),
}

/// The value of each step.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum AxisValues {
    /// One number a step, in the unit of the axis kind.
    Numbers(Vec<f64>),
    /// One name a step.
    Names(Vec<String>),
    /// The file says only how many steps there are.
    Count(usize),
}

/// A slow axis of a volume.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SlowAxis {
    kind: AxisKind,
    values: AxisValues,
}

impl SlowAxis {
    /// Joins a kind and the values of the steps.
    pub const fn new(kind: AxisKind, values: AxisValues) -> Self {
        Self { kind, values }
    }

    /// What the steps are.
    pub const fn kind(&self) -> &AxisKind {
        &self.kind
    }

    /// The value of each step.
    pub const fn values(&self) -> &AxisValues {
        &self.values
    }

    /// Number of steps.
    pub fn len(&self) -> usize {
        match &self.values {
            AxisValues::Numbers(v) => v.len(),
            AxisValues::Names(v) => v.len(),
            AxisValues::Count(n) => *n,
        }
    }

    /// Whether it has no step; such an axis is refused by a volume.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
