//! The list of changes, with what their numbers come from.

use serde::{Deserialize, Serialize};

use super::{
    Affine, BiasField, Blur, Change, Drawn, Elastic, Gamma, Ghosting, LabelSampling, LowResolution, Motion, Noise,
    Sampling, Spike, draws::Draws, range::within,
};
use crate::{Error, version::Version};

/// A random change, by its name in a recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Random {
    /// `affine`: see [`Affine`].
    Affine(Affine),
    /// `elastic`: see [`Elastic`].
    Elastic(Elastic),
    /// `bias_field`: see [`BiasField`].
    BiasField(BiasField),
    /// `noise`: see [`Noise`].
    Noise(Noise),
    /// `blur`: see [`Blur`].
    Blur(Blur),
    /// `gamma`: see [`Gamma`].
    Gamma(Gamma),
    /// `motion`: see [`Motion`].
    Motion(Motion),
    /// `ghosting`: see [`Ghosting`].
    Ghosting(Ghosting),
    /// `spike`: see [`Spike`].
    Spike(Spike),
    /// `low_resolution`: see [`LowResolution`].
    LowResolution(LowResolution),
}

/// A random change, and how often it is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Chance {
    /// How likely the change is, from 0 to 1 (1).
    #[serde(with = "isocenter_volume::exact", default = "one")]
    pub probability: f64,
    /// The change.
    #[serde(flatten)]
    pub change: Random,
}

impl From<Random> for Chance {
    fn from(change: Random) -> Self {
        Self { probability: 1.0, change }
    }
}

impl Random {
    /// The change, made with this probability.
    #[must_use]
    pub const fn with_probability(self, probability: f64) -> Chance {
        Chance { probability, change: self }
    }

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

    fn draw(&self, draws: &mut Draws, strength: f64) -> Change {
        match self {
            Self::Affine(change) => Change::Affine(change.draw(draws, strength)),
            Self::Elastic(change) => Change::Elastic(change.draw(draws, strength)),
            Self::BiasField(change) => Change::BiasField(change.draw(draws, strength)),
            Self::Noise(change) => Change::Noise(change.draw(draws, strength)),
            Self::Blur(change) => Change::Blur(change.draw(draws, strength)),
            Self::Gamma(change) => Change::Gamma(change.draw(draws, strength)),
            Self::Motion(change) => Change::Motion(change.draw(draws, strength)),
            Self::Ghosting(change) => Change::Ghosting(change.draw(draws, strength)),
            Self::Spike(change) => Change::Spike(change.draw(draws, strength)),
            Self::LowResolution(change) => Change::LowResolution(change.draw(draws, strength)),
        }
    }
}

/// Random changes in their order, and how places are sampled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Augment {
    changes: Vec<Chance>,
    strength: f64,
    interpolation: Sampling,
    labels: LabelSampling,
    outside: Option<f64>,
}

impl Augment {
    /// Most changes of a list.
    pub const MAX_CHANGES: usize = 64;

    /// These changes, in this order, at full strength. Images are sampled linearly, label maps at the nearest voxel, and what comes in from outside is the image's smallest value.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a range or a probability that cannot be, or more than [`Augment::MAX_CHANGES`] changes.
    pub fn new<C: Into<Chance>>(changes: impl IntoIterator<Item = C>) -> Result<Self, Error> {
        let changes: Vec<Chance> = changes.into_iter().map(Into::into).collect();
        within("the number of changes", changes.len() as f64, 0.0, Self::MAX_CHANGES as f64)?;
        for chance in &changes {
            within("a probability", chance.probability, 0.0, 1.0)?;
            chance.change.check()?;
        }
        let (interpolation, labels) = (Sampling::Linear, LabelSampling::Nearest);
        Ok(Self { changes, strength: 1.0, interpolation, labels, outside: None })
    }

    /// Sets how far numbers go from no change to what was drawn, from 0 to 1.
    ///
    /// # Errors
    /// [`Error::BadParameter`].
    pub fn strength(mut self, strength: f64) -> Result<Self, Error> {
        within("the strength", strength, 0.0, 1.0)?;
        self.strength = strength;
        Ok(self)
    }

    /// Sets how images are sampled where places change.
    #[must_use]
    pub const fn interpolation(mut self, interpolation: Sampling) -> Self {
        self.interpolation = interpolation;
        self
    }

    /// Sets how label maps are sampled.
    #[must_use]
    pub const fn label_interpolation(mut self, interpolation: LabelSampling) -> Self {
        self.labels = interpolation;
        self
    }

    /// Sets the value of what comes in from outside the image.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless it is finite.
    pub fn outside(mut self, value: f64) -> Result<Self, Error> {
        self.outside = Some(crate::error::number("the value outside", value)?);
        Ok(self)
    }

    /// The changes, in their order.
    pub fn changes(&self) -> &[Chance] {
        &self.changes
    }

    /// Draws all numbers for an item. The same seed and name give the same numbers.
    pub fn draw(&self, seed: u64, item: &str) -> Drawn {
        let one = |(n, chance): (usize, &Chance)| {
            let mut draws = Draws::of(seed, item, n as u64);
            // below 1, so that a probability of 1 is always and of 0 never
            let is_made = draws.unit() < chance.probability;
            is_made.then(|| chance.change.draw(&mut draws, self.strength))
        };
        let changes = self.changes.iter().enumerate().filter_map(one).collect();
        Drawn::new(changes, self.interpolation, self.labels, self.outside)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default)]
    version: Version,
    changes: Vec<Chance>,
    #[serde(with = "isocenter_volume::exact", default = "one")]
    strength: f64,
    #[serde(default)]
    interpolation: Sampling,
    #[serde(default)]
    labels: LabelSampling,
    #[serde(with = "isocenter_volume::exact::optional", default)]
    outside: Option<f64>,
}

const fn one() -> f64 {
    1.0
}

impl TryFrom<Repr> for Augment {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        let Repr { changes, strength, interpolation, labels, outside, version: _ } = r;
        let all = Self::new(changes)?.strength(strength)?.interpolation(interpolation).label_interpolation(labels);
        match outside {
            Some(value) => all.outside(value),
            None => Ok(all),
        }
    }
}

impl From<Augment> for Repr {
    fn from(augment: Augment) -> Self {
        let Augment { changes, strength, interpolation, labels, outside } = augment;
        Self { version: Version::CURRENT, changes, strength, interpolation, labels, outside }
    }
}
