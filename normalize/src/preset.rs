//! CT windows by name.

use serde::{Deserialize, Serialize};

/// A window of radiological practice by the name of what it shows.
///
/// Centres and widths are the usual ones that A. Murphy, Y. Baba and others list in "Windowing (CT)", Radiopaedia.org, rID 52108; where they
/// give a range, a value within it: hospitals and makers differ by some tens of HU. In a recipe: `preset = "lung"`.
///
/// # Examples
/// ```
/// use isocenter_normalize::{CtWindow, preset::CtPreset};
/// let lung = CtWindow::preset(CtPreset::Lung);
/// assert_eq!((lung.lower(), lung.upper()), (-1350.0, 150.0)); // HU
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CtPreset {
    /// Soft tissue of any part: centre 40, width 400 HU.
    SoftTissue,
    /// Lung: -600, 1500.
    Lung,
    /// Mediastinum: 50, 350.
    Mediastinum,
    /// Bone: 400, 1800.
    Bone,
    /// Brain: 40, 80.
    Brain,
    /// Brain, for early signs of stroke: 40, 40.
    Stroke,
    /// Temporal bone: 600, 2800.
    TemporalBone,
    /// Abdomen: 50, 400.
    Abdomen,
    /// Liver: 30, 150.
    Liver,
    /// Soft tissue of the spine: 50, 250.
    Spine,
}

impl CtPreset {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::SoftTissue,
        Self::Lung,
        Self::Mediastinum,
        Self::Bone,
        Self::Brain,
        Self::Stroke,
        Self::TemporalBone,
        Self::Abdomen,
        Self::Liver,
        Self::Spine,
    ];

    /// Its centre and width, HU.
    pub const fn centre_width(self) -> [f64; 2] {
        match self {
            Self::SoftTissue => [40.0, 400.0],
            Self::Lung => [-600.0, 1500.0],
            Self::Mediastinum => [50.0, 350.0],
            Self::Bone => [400.0, 1800.0],
            Self::Brain => [40.0, 80.0],
            Self::Stroke => [40.0, 40.0],
            Self::TemporalBone => [600.0, 2800.0],
            Self::Abdomen => [50.0, 400.0],
            Self::Liver => [30.0, 150.0],
            Self::Spine => [50.0, 250.0],
        }
    }
}
