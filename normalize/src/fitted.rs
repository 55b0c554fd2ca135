//! What a step found in a volume: a map that can be applied, stored, and undone where nothing was lost.

use std::collections::BTreeMap;

use isocenter_volume::{
    Ctx, Rescale, Scaling, Unit, Volume,
    provenance::{Operation, Parameter},
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{BiasField, Error, LinearMap, PieceMap, SuvBy, filter::Filter, linear::BLOCK, version::Version};

/// Samples that are NaN or infinite.
pub(crate) fn not_finite(samples: &[f32], ctx: &Ctx<'_>) -> Result<u64, Error> {
    let blocks = samples.par_chunks(BLOCK);
    let stage = ctx.stage("count", blocks.len() as u64);
    // whole numbers: their sum is the same in any order
    let counts = blocks.map(|b| {
        stage.advance(1)?;
        Ok::<_, Error>(u64::from(b.iter().map(|v| u32::from(!v.is_finite())).sum::<u32>()))
    });
    counts.try_reduce(|| 0, |a, b| Ok(a + b))
}

/// The map of sample values that a step came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Map {
    /// Linear between limits.
    Linear(LinearMap),
    /// Straight pieces between knots.
    Pieces(PieceMap),
    /// A filter: a voxel's result depends on its neighbours.
    Filter(Filter),
    /// Division by a bias field.
    Bias(BiasField),
}

/// A fitted step: the map, the unit of its results, and what was measured to find it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Fitted {
    map: Map,
    unit: Option<Unit>,
    measured: BTreeMap<String, f64>,
    samples: u64,
    not_finite: u64,
}

impl Fitted {
    /// Wraps a linear map that needed no measurement.
    pub const fn linear(map: LinearMap, unit: Option<Unit>) -> Self {
        Self { map: Map::Linear(map), unit, measured: BTreeMap::new(), samples: 0, not_finite: 0 }
    }

    /// Wraps a map of straight pieces.
    pub const fn pieces(map: PieceMap, unit: Option<Unit>) -> Self {
        Self { map: Map::Pieces(map), unit, measured: BTreeMap::new(), samples: 0, not_finite: 0 }
    }

    /// Wraps a filter, which needs no measurement and keeps the unit.
    pub const fn filter(filter: Filter) -> Self {
        Self { map: Map::Filter(filter), unit: None, measured: BTreeMap::new(), samples: 0, not_finite: 0 }
    }

    /// With results in a unit; the input's own where `None`.
    pub(crate) fn in_unit(mut self, unit: Option<Unit>) -> Self {
        self.unit = unit;
        self
    }

    /// Wraps a bias field, by which samples are divided; the unit is kept.
    pub const fn bias(field: BiasField) -> Self {
        Self { map: Map::Bias(field), unit: None, measured: BTreeMap::new(), samples: 0, not_finite: 0 }
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

    /// The map of sample values.
    pub const fn map(&self) -> &Map {
        &self.map
    }

    /// Unit of the results; the input's own where `None`.
    pub const fn unit(&self) -> Option<&Unit> {
        self.unit.as_ref()
    }

    /// What was measured, by name: `mean`, `sd`, `lower`, `upper`, `factor`. Never a patient's value.
    pub const fn measured(&self) -> &BTreeMap<String, f64> {
        &self.measured
    }

    /// Samples that the measurement was taken over; 0 where nothing had to be measured.
    pub const fn samples(&self) -> u64 {
        self.samples
    }

    /// Samples of the fitted volume that are NaN or infinite.
    pub const fn not_finite(&self) -> u64 {
        self.not_finite
    }

    /// The mapped volume, in new memory.
    ///
    /// # Errors
    /// [`Error::NotReal`] where the volume's scaling is not applied yet, [`Error::Cancelled`].
    pub fn apply(&self, volume: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Volume<f32>, Error> {
        let mut out = ctx.take(volume.voxels().len());
        self.apply_into(volume, &mut out, ctx)?;
        self.finish(volume.with_voxels(out, self.scaling(volume))?)
    }

    /// The mapped samples, into a buffer of the caller's of the same length.
    ///
    /// # Errors
    /// [`Error::NotReal`], [`Error::Length`], [`Error::Cancelled`].
    pub fn apply_into(&self, volume: &Volume<f32>, out: &mut [f32], ctx: &Ctx<'_>) -> Result<(), Error> {
        if !volume.scaling().is_identity() {
            return Err(Error::NotReal);
        }
        match &self.map {
            Map::Linear(map) => map.map_into(volume.voxels(), out, ctx),
            Map::Pieces(map) => map.map_into(volume.voxels(), out, ctx),
            Map::Filter(filter) => filter.filter_into(volume, out, ctx),
            Map::Bias(field) => field.divide_into(volume.voxels(), volume.geometry(), out, ctx),
        }
    }

    /// The mapped volume, in the memory of the given one where nobody else holds its samples, in new memory otherwise; a filter reads
    /// neighbours and always works into new memory.
    ///
    /// # Errors
    /// [`Error::NotReal`], [`Error::Cancelled`].
    pub fn apply_in_place(&self, volume: Volume<f32>, ctx: &Ctx<'_>) -> Result<Volume<f32>, Error> {
        if !volume.buffer().is_alone() || matches!(self.map, Map::Filter(_)) {
            // one pass from there to here, which asks whether to go on, instead of a copy that does not
            return self.apply(&volume, ctx);
        }
        if !volume.scaling().is_identity() {
            return Err(Error::NotReal);
        }
        let scaling = self.scaling(&volume);
        let mut volume = volume.with_scaling(scaling)?;
        let grid = volume.geometry().clone();
        match &self.map {
            Map::Linear(map) => map.map_in_place(volume.voxels_mut(), ctx)?,
            Map::Pieces(map) => map.map_in_place(volume.voxels_mut(), ctx)?,
            Map::Bias(field) => field.divide_in_place(volume.voxels_mut(), &grid, ctx)?,
            Map::Filter(_) => return self.apply(&volume, ctx),
        }
        self.finish(volume)
    }

    /// The fitted map back. Its results have the unit that the caller names.
    ///
    /// # Errors
    /// [`Error::NotInvertible`] where values were lost.
    pub fn inverse(&self, unit: Unit) -> Result<Self, Error> {
        let map = match &self.map {
            Map::Linear(map) => Map::Linear(map.inverse()?),
            Map::Pieces(map) => Map::Pieces(map.inverse()?),
            Map::Bias(field) => Map::Bias(field.inverse()),
            Map::Filter(_) => return Err(Error::NotInvertible { why: "a filter mixes neighbours" }),
        };
        Ok(Self { map, unit: Some(unit), ..self.clone() })
    }

    fn scaling(&self, volume: &Volume<f32>) -> Scaling {
        let unit = self.unit.clone().unwrap_or_else(|| volume.scaling().unit().clone());
        Scaling::uniform(Rescale::IDENTITY, unit)
    }

    /// The scaling of results in a unit of their own.
    pub(crate) fn scaling_of(&self, volume: &Volume<f32>) -> Option<Scaling> {
        self.unit.is_some().then(|| self.scaling(volume))
    }

    /// Keeps the facts of the acquisition true: what is an uptake value now is no activity any more.
    pub(crate) fn finish(&self, mut volume: Volume<f32>) -> Result<Volume<f32>, Error> {
        let uptake = SuvBy::ALL.into_iter().find(|by| self.unit == Some(by.unit()));
        if let (Some(by), Some(pet)) = (uptake, &mut volume.meta_mut().pet) {
            pet.units = Some(by.units().to_owned());
            pet.suv_type = Some(by.suv_type().to_owned());
        }
        Ok(volume)
    }

    /// What was done, for the provenance of a volume: the step and the fitted numbers.
    pub(crate) fn operation(&self, step: &str) -> Operation {
        let mut parameters: Vec<(&str, Parameter)> = vec![("step", step.into())];
        match &self.map {
            Map::Linear(map) => parameters.extend([
                ("clip", map.clip().map_or_else(|| "none".into(), Parameter::from)),
                ("shift", map.shift().into()),
                ("scale", map.scale().into()),
                ("offset", map.offset().into()),
                ("samples", self.samples.into()),
            ]),
            Map::Pieces(map) => parameters.extend([
                ("knots", map.knots().len().into()),
                ("from", told(map.knots())),
                ("to", told(map.values())),
                ("ends", map.ends().name().into()),
                ("samples", self.samples.into()),
            ]),
            Map::Filter(filter) => parameters.extend(filter.parameters()),
            Map::Bias(field) => {
                parameters.extend([("control_points", field.size().into()), ("samples", self.samples.into())])
            }
        }
        Operation::new("normalize", parameters)
    }
}

/// The knots as a provenance tells of them: all, or every n-th and the last of many; the record has them all.
fn told(knots: &[f64]) -> Parameter {
    const MOST: usize = 64;
    let each = knots.len().div_ceil(MOST).max(1);
    let last = knots.len().saturating_sub(1);
    Parameter::Numbers(knots.iter().enumerate().filter(|(n, _)| n % each == 0 || *n == last).map(|(_, k)| *k).collect())
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default)]
    version: Version,
    map: Map,
    #[serde(default)]
    unit: Option<Unit>,
    #[serde(with = "isocenter_volume::exact::map")]
    measured: BTreeMap<String, f64>,
    samples: u64,
    not_finite: u64,
}

impl TryFrom<Repr> for Fitted {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        r.measured.values().try_for_each(|&value| crate::error::number("a measured value", value).map(|_| ()))?;
        let Repr { map, unit, measured, samples, not_finite, version: _ } = r;
        Ok(Self { map, unit, measured, samples, not_finite })
    }
}

impl From<Fitted> for Repr {
    fn from(fitted: Fitted) -> Self {
        let Fitted { map, unit, measured, samples, not_finite } = fitted;
        Self { version: Version::CURRENT, map, unit, measured, samples, not_finite }
    }
}
