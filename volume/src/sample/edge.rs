//! What a place outside the grid is worth.

/// The value of a place outside `[-0.5, n - 0.5)` on any axis.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Edge {
    /// This stored value; 0 by default.
    Value(f64),
    /// The value at the nearest place between the outer voxel centres, on the grid and outside alike.
    Clamp,
}

impl Default for Edge {
    fn default() -> Self {
        Self::Value(0.0)
    }
}

impl std::fmt::Display for Edge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Value(value) => write!(f, "value {value}"),
            Self::Clamp => write!(f, "clamp"),
        }
    }
}
