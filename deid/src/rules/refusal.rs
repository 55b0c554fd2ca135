//! Why rules do not take an instance.

/// Why rules do not take an instance. No message holds a value of an element.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A script says to pass over it.
    #[error("the script passes over it ({place})")]
    Skipped {
        /// The element whose line says so.
        place: String,
    },
    /// A script says to put it aside.
    #[error("the script puts it aside ({place})")]
    Quarantined {
        /// The element whose line says so.
        place: String,
    },
    /// A filter does not let it pass.
    #[error("the filter does not let it pass ({place})")]
    Filtered {
        /// The filter, by name or line.
        place: String,
    },
    /// What a script asks for cannot be computed for this instance.
    #[error("{function} at {place}: {what}")]
    Failed {
        /// The element whose line asks for it.
        place: String,
        /// The function.
        function: &'static str,
        /// What is the matter.
        what: &'static str,
    },
}

impl Refusal {
    /// A short, stable code of the reason.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Skipped { .. } | Self::Quarantined { .. } | Self::Filtered { .. } => "refused-by-script",
            Self::Failed { .. } => "script-failed",
        }
    }
}
