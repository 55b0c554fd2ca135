//! The recipe's rules for label maps.

use serde::{Deserialize, Serialize};

/// What is done with label maps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Labels {
    /// What becomes of a label map in which no voxel is labelled.
    pub empty: EmptyMaps,
}

/// What becomes of a label map in which no voxel is labelled.
///
/// It may be a scan on which somebody looked and found nothing, which is worth training with, or a file that nobody filled in, which is
/// not. The files look the same, so the recipe says which they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EmptyMaps {
    /// The label map is kept out (`empty-label-map`), and its image has no labels.
    #[default]
    Refuse,
    /// It is a labelled case with nothing to find; its item has the warning `empty-label-map`.
    Keep,
}
