//! A patient that moves during the acquisition.

use isocenter_volume::{Ctx, Edge, Geometry, Resample, Volume, provenance::Parameter};
use serde::{Deserialize, Serialize};

use super::{
    Range,
    affine::{MOST_DEGREES, MOST_MM},
    apply::smallest,
    draws::Draws,
    lines,
    range::{axes, within},
    rigid,
};
use crate::Error;

/// Fills k-space, part by part along an axis of the grid, from the image at several places; its middle is from the image where it is. As TorchIO's `RandomMotion` (R. Shaw et al., MIDL 2019), but that
/// things turn about the centre of the image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Motion {
    /// Angles about x, y and z of the world, degrees ([-10, 10]).
    pub degrees: Range,
    /// Shifts along x, y and z of the world, mm ([-10, 10]).
    pub translation_mm: Range,
    /// How often the patient moves, 1 to 64 (2).
    pub movements: usize,
    /// Axes of the grid of which one is drawn: that along which k-space is filled (`[2]`).
    pub axes: Vec<usize>,
}

impl Default for Motion {
    fn default() -> Self {
        let (degrees, translation_mm) = (Range::around_zero(10.0), Range::around_zero(10.0));
        Self { degrees, translation_mm, movements: 2, axes: vec![2] }
    }
}

/// The numbers of a [`Motion`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnMotion {
    axis: usize,
    /// When the patient moved, as shares of the acquisition, ascending.
    #[serde(with = "isocenter_volume::exact::list")]
    times: Vec<f64>,
    #[serde(with = "isocenter_volume::exact::vectors")]
    degrees: Vec<[f64; 3]>,
    #[serde(with = "isocenter_volume::exact::vectors")]
    translations_mm: Vec<[f64; 3]>,
}

impl Motion {
    pub(super) fn check(&self) -> Result<(), Error> {
        axes(&self.axes)?;
        self.degrees.check("the degrees", -MOST_DEGREES, MOST_DEGREES)?;
        self.translation_mm.check("the translation", -MOST_MM, MOST_MM)?;
        check_count(self.movements)
    }

    pub(super) fn draw(&self, draws: &mut Draws, strength: f64) -> DrawnMotion {
        let step = 1.0 / (self.movements + 1) as f64;
        // about even times, by a third of a step at most: they stay in order
        let jitter = Range::around_zero(step * 0.3);
        let axis = draws.one_of(&self.axes);
        let times = (1..=self.movements).map(|n| n as f64 * step + draws.within(jitter)).collect();
        let mut all = |range: Range| -> Vec<[f64; 3]> {
            (0..self.movements).map(|_| draws.three(range).map(|v| v * strength)).collect()
        };
        let (degrees, translations_mm) = (all(self.degrees), all(self.translation_mm));
        DrawnMotion { axis, times, degrees, translations_mm }
    }
}

impl DrawnMotion {
    pub(super) fn check(&self) -> Result<(), Error> {
        axes(&[self.axis])?;
        let count = self.times.len();
        check_count(count)?;
        for (what, found) in
            [("the list of angles", self.degrees.len()), ("the list of shifts", self.translations_mm.len())]
        {
            if found != count {
                return Err(Error::Length { what, wanted: count, found });
            }
        }
        self.times.iter().try_for_each(|v| within("a time", *v, 0.0, 1.0))?;
        if let Some(pair) = self.times.windows(2).find(|pair| pair[0] > pair[1]) {
            return Err(Error::BadParameter { what: "a time", wanted: "not before the one before", found: pair[1] });
        }
        self.degrees.iter().flatten().try_for_each(|v| within("an angle", *v, -MOST_DEGREES, MOST_DEGREES))?;
        self.translations_mm.iter().flatten().try_for_each(|v| within("a shift", *v, -MOST_MM, MOST_MM))
    }

    pub(super) fn is_identity(&self) -> bool {
        self.degrees.iter().chain(&self.translations_mm).flatten().all(|v| *v == 0.0)
    }

    pub(super) fn apply(&self, samples: &mut [f32], grid: &Geometry, ctx: &Ctx<'_>) -> Result<(), Error> {
        if rigid::thin_axis(grid)? == Some(self.axis) {
            let (what, wanted) = ("the axis along which k-space is filled", "one of more than one voxel");
            return Err(Error::BadParameter { what, wanted, found: self.axis as f64 });
        }
        let (shape, outside) = (grid.shape(), smallest(samples));
        let n = shape[self.axis];
        let still = Volume::new(samples.to_vec(), grid.clone())?;
        // the parts of k-space, in the order of time
        let mut ends: Vec<usize> = self.times.iter().map(|t| ((t * n as f64) as usize).min(n)).collect();
        ends.push(n);
        // which image fills each: 0 is the still one, which changes places with that of the middle
        let mut fill: Vec<usize> = (0..ends.len()).collect();
        fill.swap(0, self.times.iter().position(|t| *t > 0.5).unwrap_or(self.times.len()));
        samples.fill(0.0);
        let mut start = 0;
        for (end, image) in ends.into_iter().zip(fill) {
            let weights: Vec<f64> = (0..n).map(|k| f64::from(u8::from((start..end).contains(&k)))).collect();
            start = end;
            let kernel = lines::kernel(&weights);
            let Some(movement) = image.checked_sub(1) else {
                lines::add(still.voxels(), shape, self.axis, &kernel, samples, ctx)?;
                continue;
            };
            let (degrees, shift) = (self.degrees[movement], self.translations_mm[movement]);
            let map = rigid::about(grid, [1.0; 3], degrees, shift)?;
            let resample = Resample::to_geometry(grid.clone()).edge(Edge::Value(outside)).transform(map).ctx(*ctx);
            lines::add(resample.apply(&still)?.voxels(), shape, self.axis, &kernel, samples, ctx)?;
        }
        Ok(())
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        let flat = |v: &[[f64; 3]]| Parameter::Numbers(v.iter().flatten().copied().collect());
        vec![
            ("axis", (self.axis as f64).into()),
            ("times", Parameter::Numbers(self.times.clone())),
            ("degrees", flat(&self.degrees)),
            ("translations_mm", flat(&self.translations_mm)),
        ]
    }
}

fn check_count(found: usize) -> Result<(), Error> {
    if (1..=64).contains(&found) {
        return Ok(());
    }
    Err(Error::BadParameter { what: "the number of movements", wanted: "between 1 and 64", found: found as f64 })
}
