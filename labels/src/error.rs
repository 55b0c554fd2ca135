//! Why work on a label map was refused.

/// Why work on a label map was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The label map could not be built.
    #[error(transparent)]
    Volume(#[from] isocenter_volume::Error),
    /// Two maps, or a map and an image, do not lie on one grid.
    #[error("the grids differ: shapes {a:?} and {b:?}, corners up to {distance_mm:.3} mm apart")]
    GridMismatch {
        /// Shape of the first.
        a: [usize; 3],
        /// Shape of the second.
        b: [usize; 3],
        /// Largest distance between corresponding corners, mm.
        distance_mm: f64,
    },
    /// There is no such layer, plane or step.
    #[error("{what} {found} does not exist, there are {count}")]
    OutOfRange {
        /// What was asked for.
        what: &'static str,
        /// Its number.
        found: usize,
        /// How many there are.
        count: usize,
    },
    /// Layers overlap, so they cannot become one.
    #[error("layers overlap in {voxels} voxels, first at {first:?} (labels {labels:?})")]
    LayersOverlap {
        /// Voxels with a label in more than one layer.
        voxels: u64,
        /// Index of the first of them.
        first: [usize; 3],
        /// The two labels there.
        labels: [u32; 2],
    },
    /// Two layers use one value for two things.
    #[error("value {value} stands in more than one layer: remap to consecutive values first")]
    SharedValue {
        /// The value.
        value: u32,
    },
    /// A table of labels is malformed.
    #[error("label table: {what}")]
    Table {
        /// What is wrong with it.
        what: String,
    },
    /// A table of labels is of a kind that is not supported.
    #[error("label table: {what} is not supported")]
    Unsupported {
        /// What is not supported.
        what: &'static str,
    },
    /// A table is longer than it may be.
    #[error("label table has {asked} {what}, the limit is {limit}")]
    Limit {
        /// What is limited.
        what: &'static str,
        /// What was found.
        asked: usize,
        /// The limit.
        limit: usize,
    },
}
