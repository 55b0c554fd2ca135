//! What was drawn.

use isocenter_volume::provenance::Operation;
use serde::{Deserialize, Serialize};

use super::{
    DrawnAffine, DrawnBiasField, DrawnBlur, DrawnElastic, DrawnGamma, DrawnGhosting, DrawnLowResolution, DrawnMotion,
    DrawnNoise, DrawnSpike, LabelSampling, Sampling,
};
use crate::{Error, version::Version};

/// A change whose numbers are fixed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Change {
    /// `affine`
    Affine(DrawnAffine),
    /// `elastic`
    Elastic(DrawnElastic),
    /// `bias_field`
    BiasField(DrawnBiasField),
    /// `noise`
    Noise(DrawnNoise),
    /// `blur`
    Blur(DrawnBlur),
    /// `gamma`
    Gamma(DrawnGamma),
    /// `motion`
    Motion(DrawnMotion),
    /// `ghosting`
    Ghosting(DrawnGhosting),
    /// `spike`
    Spike(DrawnSpike),
    /// `low_resolution`
    LowResolution(DrawnLowResolution),
}

/// Changes whose numbers are fixed: what was drawn for one item. Serializes, is checked when it loads, and changes an image in the same way again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Drawn {
    changes: Vec<Change>,
    pub(super) interpolation: Sampling,
    pub(super) labels: LabelSampling,
    pub(super) outside: Option<f64>,
}

impl Change {
    fn check(&self) -> Result<(), Error> {
        match self {
            Self::Affine(change) => change.check(),
            Self::Elastic(change) => change.check(),
            Self::BiasField(change) => change.check(),
            Self::Noise(change) => change.check(),
            Self::Blur(change) => change.check(),
            Self::Gamma(change) => change.check(),
            Self::Motion(change) => change.check(),
            Self::Ghosting(change) => change.check(),
            Self::Spike(change) => change.check(),
            Self::LowResolution(change) => change.check(),
        }
    }

    /// Whether an image stays as it is, to the bit.
    pub fn is_identity(&self) -> bool {
        match self {
            Self::Affine(change) => change.is_identity(),
            Self::Elastic(change) => change.is_identity(),
            Self::BiasField(change) => change.is_identity(),
            Self::Noise(change) => change.is_identity(),
            Self::Blur(change) => change.is_identity(),
            Self::Gamma(change) => change.is_identity(),
            Self::Motion(change) => change.is_identity(),
            Self::Ghosting(change) => change.is_identity(),
            Self::Spike(change) => change.is_identity(),
            Self::LowResolution(change) => change.is_identity(),
        }
    }

    /// Whether places change, and label maps with them.
    pub const fn is_spatial(&self) -> bool {
        matches!(self, Self::Affine(_) | Self::Elastic(_))
    }

    /// The change for the provenance of a volume.
    pub(super) fn operation(&self) -> Operation {
        match self {
            Self::Affine(change) => Operation::new("augment_affine", change.parameters()),
            Self::Elastic(change) => Operation::new("augment_elastic", change.parameters()),
            Self::BiasField(change) => Operation::new("augment_bias_field", change.parameters()),
            Self::Noise(change) => Operation::new("augment_noise", change.parameters()),
            Self::Blur(change) => Operation::new("augment_blur", change.parameters()),
            Self::Gamma(change) => Operation::new("augment_gamma", change.parameters()),
            Self::Motion(change) => Operation::new("augment_motion", change.parameters()),
            Self::Ghosting(change) => Operation::new("augment_ghosting", change.parameters()),
            Self::Spike(change) => Operation::new("augment_spike", change.parameters()),
            Self::LowResolution(change) => Operation::new("augment_low_resolution", change.parameters()),
        }
    }
}

impl Drawn {
    pub(super) const fn new(
        changes: Vec<Change>,
        interpolation: Sampling,
        labels: LabelSampling,
        outside: Option<f64>,
    ) -> Self {
        Self { changes, interpolation, labels, outside }
    }

    /// The changes that were drawn, in their order.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default)]
    version: Version,
    changes: Vec<Change>,
    interpolation: Sampling,
    labels: LabelSampling,
    #[serde(with = "isocenter_volume::exact::optional", default)]
    outside: Option<f64>,
}

impl TryFrom<Repr> for Drawn {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        let Repr { changes, interpolation, labels, outside, version: _ } = r;
        changes.iter().try_for_each(Change::check)?;
        outside.map(|v| crate::error::number("the value outside", v)).transpose()?;
        Ok(Self { changes, interpolation, labels, outside })
    }
}

impl From<Drawn> for Repr {
    fn from(drawn: Drawn) -> Self {
        let Drawn { changes, interpolation, labels, outside } = drawn;
        Self { version: Version::CURRENT, changes, interpolation, labels, outside }
    }
}
