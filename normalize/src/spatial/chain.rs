//! Neighbouring spatial steps as one: copies, one interpolation, copies.

use isocenter_volume::{Ctx, Geometry, IndexMap, LabelMap, Mask, Volume, voxel::Real};

use super::{Block, Fill, Move, Spatial, fill, resampling::How};
use crate::Error;

/// What a run of spatial steps comes to.
///
/// What stands before the first resampling moves voxels exactly and is kept apart where it cuts some off, so that a resampling sees the border that it
/// would see by itself; what follows moves the target, as long as nothing is padded. Between two resamplings the grid alone counts. So the result is that
/// of the steps one after the other, but for the interpolations that are saved.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chain {
    from: Geometry,
    to: Geometry,
    before: Vec<Exact>,
    sample: Option<Sample>,
    after: Vec<Exact>,
}

#[derive(Clone, Debug, PartialEq)]
struct Exact {
    map: IndexMap,
    fill: Fill,
}

#[derive(Clone, Debug, PartialEq)]
struct Sample {
    to: Geometry,
    how: How,
}

/// One part of a chain.
#[derive(Clone, Debug)]
pub(crate) enum Link {
    /// Voxels are copied; what has no source is filled.
    Exact(IndexMap, Fill),
    /// Voxels of this grid are interpolated.
    Sample(Geometry, How),
}

impl Link {
    /// A part of an interpolated grid from a part of the image that holds all that it reads.
    pub(crate) fn sample(
        &self,
        part: &Volume<f32>,
        grid: &Geometry,
        lowest: f32,
        ctx: &Ctx<'_>,
    ) -> Result<Volume<f32>, Error> {
        match self {
            Self::Sample(_, how) => Ok(how.resample(grid, lowest, *ctx).apply(part)?),
            Self::Exact(..) => Ok(part.clone()),
        }
    }

    /// Voxels on either side of a place, along each axis of the image, that its value depends on.
    pub(crate) fn reach(&self, from: &Geometry, to: &Geometry) -> [f64; 3] {
        let Self::Sample(_, how) = self else { return [0.0; 3] };
        let rows = from.inverse_affine().compose(to.affine()).rows();
        rows.map(|row| {
            let ratio: f64 = row[..3].iter().map(|v| v.abs()).sum();
            // a Gaussian is cut at four of its deviations
            let sigma = if how.smooths() {
                ((ratio * ratio - 1.0).max(0.0) / (8.0 * std::f64::consts::LN_2)).sqrt()
            } else {
                0.0
            };
            how.reach() as f64 + (4.0 * sigma + 2.0).floor()
        })
    }
}

impl Chain {
    pub(crate) fn new(from: Geometry) -> Self {
        Self { to: from.clone(), from, before: Vec::new(), sample: None, after: Vec::new() }
    }

    /// The grid of the result.
    pub(crate) const fn to(&self) -> &Geometry {
        &self.to
    }

    /// Whether it changes nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.sample.is_none() && self.before.is_empty()
    }

    /// Whether voxels are interpolated.
    pub(crate) const fn interpolates(&self) -> bool {
        self.sample.is_some()
    }

    /// Adds a step; `block` is what one that needs samples found.
    pub(crate) fn push(&mut self, step: &Spatial, block: Option<Block>) -> Result<(), Error> {
        match step.on(&self.to, block)? {
            Move::Exact(map, fill) => {
                self.to = self.to.remap(&map)?;
                let next = Exact { map, fill };
                match &mut self.sample {
                    Some(sample) if self.after.is_empty() && map.is_inside() => sample.to = sample.to.remap(&map)?,
                    Some(_) => join(&mut self.after, next)?,
                    None => join(&mut self.before, next)?,
                }
            }
            Move::Sample(to) => {
                let Spatial::Resample(step) = step else { return Ok(()) };
                if self.sample.as_ref().is_some_and(|sample| sample.how != step.how()) {
                    return Err(Error::TwoInterpolations);
                }
                self.to = to.clone();
                self.after.clear();
                self.sample = Some(Sample { to, how: step.how() });
            }
        }
        Ok(())
    }

    /// Samples that are written on the way, for each slow step.
    pub(crate) fn written(&self) -> usize {
        let exact = |moves: &[Exact]| moves.iter().map(|m| m.map.shape().iter().product::<usize>()).sum::<usize>();
        let before = if self.sample.is_some() { exact(self.copied()) } else { exact(&self.before) };
        before + self.sample.as_ref().map_or(0, |sample| sample.to.len()) + exact(&self.after)
    }

    /// How it is done, in words.
    pub(crate) fn told(&self) -> String {
        let mut parts = Vec::new();
        let copies = |n: usize| if n == 1 { "one copy".to_owned() } else { format!("{n} copies") };
        let first = if self.sample.is_some() { self.copied().len() } else { self.before.len() };
        if first > 0 {
            parts.push(copies(first));
        }
        if let Some(sample) = &self.sample {
            parts.push(format!("one interpolation ({})", sample.how));
        }
        if !self.after.is_empty() {
            parts.push(copies(self.after.len()));
        }
        if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
    }

    /// The moves that come before an interpolation and are copied: those that cut off or add. A turn of axes is read through.
    fn copied(&self) -> &[Exact] {
        let turns = |m: &Exact| m.map.is_inside() && m.map.inverse().is_inside();
        if self.before.iter().all(turns) { &[] } else { &self.before }
    }

    /// The lowest value of an image, where it is written anywhere.
    pub(crate) fn lowest(&self, volume: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Option<f32>, Error> {
        self.asks_lowest().then(|| fill::lowest(volume, ctx)).transpose()
    }

    /// Whether new voxels may be worth the lowest value of the image.
    pub(crate) fn asks_lowest(&self) -> bool {
        let pads = |m: &Exact| m.fill == Fill::Lowest && !m.map.is_inside();
        let middle = || self.copied().iter().fold(self.from.clone(), |grid, m| grid.remap(&m.map).unwrap_or(grid));
        let reaches = |sample: &Sample| sample.how.fill == Fill::Lowest && reaches_out(&sample.to, &middle());
        self.sample.as_ref().is_some_and(reaches) || self.before.iter().chain(&self.after).any(pads)
    }

    /// Its parts one by one, for who works block by block.
    pub(crate) fn links(&self) -> Vec<Link> {
        let exact = |m: &Exact| Link::Exact(m.map, m.fill);
        let Some(sample) = &self.sample else { return self.before.iter().map(exact).collect() };
        let before = self.copied().iter().map(exact);
        before.chain([Link::Sample(sample.to.clone(), sample.how)]).chain(self.after.iter().map(exact)).collect()
    }

    /// The image on the grid of the result.
    ///
    /// # Errors
    /// [`Error::Volume`] for an image on another grid, limits, frames; [`Error::Cancelled`].
    pub(crate) fn run<T: Real>(&self, volume: &Volume<T>, lowest: f32, ctx: &Ctx<'_>) -> Result<Volume<T>, Error> {
        volume.geometry().agrees_with(&self.from)?;
        let exact = |volume: Volume<T>, m: &Exact| {
            volume.remap(&m.map, T::from_f64(f64::from(m.fill.value(lowest))), ctx).map_err(Error::from)
        };
        let Some(sample) = &self.sample else { return self.before.iter().try_fold(volume.clone(), exact) };
        let volume = self.copied().iter().try_fold(volume.clone(), exact)?;
        let sampled = sample.how.resample(&sample.to, lowest, *ctx).apply(&volume)?;
        self.after.iter().try_fold(sampled, exact)
    }

    /// A label map on the grid of the result; outside is background.
    pub(crate) fn run_labels(&self, labels: &LabelMap, ctx: &Ctx<'_>) -> Result<LabelMap, Error> {
        labels.geometry().agrees_with(&self.from)?;
        let exact = |labels: LabelMap, m: &Exact| labels.remap(&m.map, ctx).map_err(Error::from);
        let Some(sample) = &self.sample else { return self.before.iter().try_fold(labels.clone(), exact) };
        let labels = self.copied().iter().try_fold(labels.clone(), exact)?;
        let sampled = sample.how.resample(&sample.to, 0.0, *ctx).apply_labels(&labels)?;
        self.after.iter().try_fold(sampled, exact)
    }

    /// A selection of voxels on the grid of the result, by its nearest voxels; what is added is not selected.
    pub(crate) fn run_mask(&self, mask: &Mask, ctx: &Ctx<'_>) -> Result<Mask, Error> {
        mask.require_on(&self.from)?;
        let bits: Vec<u8> = mask.to_bools().into_iter().map(u8::from).collect();
        let labels = LabelMap::new(vec![bits], self.from.clone(), Vec::new())?;
        let nearest =
            Self { sample: self.sample.clone().map(|s| Sample { how: s.how.nearest(), ..s }), ..self.clone() };
        Ok(Mask::of_labels(&nearest.run_labels(&labels, ctx)?)?)
    }

    /// Whether the chain back gives every voxel as it was.
    pub(crate) fn keeps_voxels(&self) -> bool {
        self.sample.is_none() && self.before.iter().all(|m| m.map.inverse().is_inside())
    }

    /// The chain from the result's grid to the one that came in: exact where nothing was interpolated, else one interpolation back.
    pub(crate) fn inverse(&self) -> Self {
        let (from, to) = (self.to.clone(), self.from.clone());
        match &self.sample {
            Some(sample) => {
                let sample = Some(Sample { to: to.clone(), how: sample.how });
                Self { from, to, before: Vec::new(), sample, after: Vec::new() }
            }
            None => {
                let before = self.before.iter().rev().map(|m| Exact { map: m.map.inverse(), fill: m.fill }).collect();
                Self { from, to, before, sample: None, after: Vec::new() }
            }
        }
    }
}

/// Adds a move to others, as one with the last where that changes nothing.
fn join(moves: &mut Vec<Exact>, next: Exact) -> Result<(), Error> {
    let Some(last) = moves.last_mut() else {
        moves.push(next);
        return Ok(());
    };
    // a pad after a crop would bring back what was cut off
    let keeps_all = last.map.inverse().is_inside();
    let pads = [!last.map.is_inside(), !next.map.is_inside()];
    if pads[1] && !(keeps_all && (!pads[0] || last.fill == next.fill)) {
        moves.push(next);
        return Ok(());
    }
    let fill = if pads[1] { next.fill } else { last.fill };
    *last = Exact { map: last.map.then(&next.map)?, fill };
    Ok(())
}

/// Whether a grid reaches out of the extent of another.
fn reaches_out(to: &Geometry, of: &Geometry) -> bool {
    let shape = of.shape();
    to.corners_mm().into_iter().any(|corner| {
        let index = of.index_of(corner);
        // the middles of the outer voxels may lie half a voxel out
        let inside = |a: usize| index[a] >= -0.5 && index[a] < shape[a] as f64 - 0.5;
        !(0..3).all(inside)
    })
}
