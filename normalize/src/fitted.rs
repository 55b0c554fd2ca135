//! What a step found in a volume: a map that can be applied, stored, and undone where nothing was lost.

use std::collections::BTreeMap;

use isocenter_volume::{Rescale, Scaling, Unit, Volume, provenance::Parameter};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{Error, LinearMap, Step, region::BLOCK};

/// Samples that are NaN or infinite.
pub(crate) fn not_finite(samples: &[f32]) -> u64 {
    // whole numbers: their sum is the same in any order
    samples.par_chunks(BLOCK).map(|b| u64::from(b.iter().map(|v| u32::from(!v.is_finite())).sum::<u32>())).sum()
}

/// The map of sample values that a step came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Map {
    /// Linear between limits.
    Linear(LinearMap),
}

/// A fitted step: the map, the unit of its results, and what was measured to find it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fitted {
    /// The map of sample values.
    pub map: Map,
    /// Unit of the results; the input's own where `None`.
    pub unit: Option<Unit>,
    /// What was measured, by name: `mean`, `sd`, `lower`, `upper`, `factor`. Never a patient's value.
    pub measured: BTreeMap<String, f64>,
    /// Samples that the measurement was taken over; 0 where nothing had to be measured.
    pub samples: u64,
    /// Samples of the fitted volume that are NaN or infinite.
    pub not_finite: u64,
}

/// A step with what it found: one line of a manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FittedRecord {
    /// The step as asked for.
    pub step: Step,
    /// What it came to for this volume.
    pub fitted: Fitted,
}

impl Fitted {
    /// Wraps a linear map that needed no measurement.
    pub const fn linear(map: LinearMap, unit: Option<Unit>) -> Self {
        Self { map: Map::Linear(map), unit, measured: BTreeMap::new(), samples: 0, not_finite: 0 }
    }

    /// Notes how many samples were measured, and how many of the volume are not finite.
    pub(crate) fn counting(mut self, samples: u64, not_finite: u64) -> Self {
        (self.samples, self.not_finite) = (samples, not_finite);
        self
    }

    pub(crate) fn measuring(mut self, name: &str, value: f64) -> Self {
        self.measured.insert(name.to_owned(), value);
        self
    }

    /// The mapped volume, in new memory.
    ///
    /// # Errors
    /// [`Error::NotReal`] where the volume's scaling is not applied yet.
    pub fn apply(&self, volume: &Volume<f32>) -> Result<Volume<f32>, Error> {
        let mut out = vec![0f32; volume.voxels().len()];
        self.apply_into(volume, &mut out)?;
        self.finish(volume.with_voxels(out, self.scaling(volume))?)
    }

    /// The mapped samples, into a buffer of the caller's of the same length.
    ///
    /// # Errors
    /// [`Error::NotReal`], [`Error::Length`].
    pub fn apply_into(&self, volume: &Volume<f32>, out: &mut [f32]) -> Result<(), Error> {
        if !volume.scaling().is_identity() {
            return Err(Error::NotReal);
        }
        let Map::Linear(map) = &self.map;
        map.map_into(volume.voxels(), out)
    }

    /// The mapped volume, in the memory of the given one where nobody else holds its samples.
    ///
    /// # Errors
    /// [`Error::NotReal`].
    pub fn apply_in_place(&self, volume: Volume<f32>) -> Result<Volume<f32>, Error> {
        if !volume.scaling().is_identity() {
            return Err(Error::NotReal);
        }
        let scaling = self.scaling(&volume);
        let mut volume = volume.with_scaling(scaling)?;
        let Map::Linear(map) = &self.map;
        map.map_in_place(volume.voxels_mut());
        self.finish(volume)
    }

    /// The fitted map back. Its results have the unit that the caller names.
    ///
    /// # Errors
    /// [`Error::NotInvertible`] where values were lost.
    pub fn inverse(&self, unit: Unit) -> Result<Self, Error> {
        let Map::Linear(map) = &self.map;
        Ok(Self { map: Map::Linear(map.inverse()?), unit: Some(unit), ..self.clone() })
    }

    fn scaling(&self, volume: &Volume<f32>) -> Scaling {
        let unit = self.unit.clone().unwrap_or_else(|| volume.scaling().unit().clone());
        Scaling::uniform(Rescale::IDENTITY, unit)
    }

    /// Keeps the facts of the acquisition true: what is an uptake value now is no activity any more.
    fn finish(&self, mut volume: Volume<f32>) -> Result<Volume<f32>, Error> {
        if self.unit == Some(Unit::SuvBw)
            && let Some(pet) = &mut volume.meta_mut().pet
        {
            pet.units = Some("GML".to_owned());
        }
        Ok(volume)
    }

    /// The fitted numbers, for the provenance of a volume: name, value.
    pub(crate) fn parameters(&self, step: &str) -> [(&'static str, Parameter); 6] {
        let Map::Linear(map) = &self.map;
        [
            ("step", step.into()),
            ("clip", map.clip.map_or_else(|| "none".into(), Parameter::from)),
            ("shift", map.shift.into()),
            ("scale", map.scale.into()),
            ("offset", map.offset.into()),
            ("samples", self.samples.into()),
        ]
    }
}
