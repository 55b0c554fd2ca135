//! Neighbouring maps of values in one pass over memory.
//!
//! The maps run one after the other over each block of samples while it is in cache. Each rounds as it does by itself, so that the bits are those of
//! the steps one by one.

use isocenter_volume::{Affine, Ctx, Frame, Geometry, Head, IndexMap, Volume};
use rayon::prelude::*;

use crate::{Error, Fitted, Map, Step, linear::BLOCK};

/// Maps that wait for their pass.
#[derive(Clone, Default)]
pub(crate) struct Pointwise {
    maps: Vec<Waiting>,
}

/// What a map that counts has found: the number of its record, the samples, and how many were not finite.
pub(crate) struct Counted {
    pub(crate) number: usize,
    pub(crate) samples: u64,
    pub(crate) not_finite: u64,
}

#[derive(Clone)]
struct Waiting {
    /// Which record it is of.
    number: usize,
    step: &'static str,
    fitted: Fitted,
    counts: bool,
}

impl Pointwise {
    /// Whether a fitted step maps every sample by itself.
    pub(crate) const fn takes(fitted: &Fitted) -> bool {
        matches!(fitted.map(), Map::Linear(_) | Map::Pieces(_))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.maps.is_empty()
    }

    /// What a step that measures no sample is fitted to: facts and unit of the image as they will be when the waiting maps have run.
    pub(crate) fn probe_for(
        &self,
        step: &Step,
        volume: &Volume<f32>,
        ctx: &Ctx<'_>,
    ) -> Result<Option<Volume<f32>>, Error> {
        if !step.measures_nothing() {
            return Ok(None);
        }
        self.follow(probe(volume.head())?, ctx).map(Some)
    }

    /// One voxel through the waiting maps: its facts and its unit when they have run.
    pub(crate) fn follow(&self, probe: Volume<f32>, ctx: &Ctx<'_>) -> Result<Volume<f32>, Error> {
        self.maps.iter().try_fold(probe, |probe, map| map.fitted.apply(&probe, ctx))
    }

    pub(crate) fn add(&mut self, number: usize, step: &Step, fitted: &Fitted) {
        let counts = matches!(step, Step::FillNonFinite(_));
        self.maps.push(Waiting { number, step: step.name(), fitted: fitted.clone(), counts });
    }

    /// All maps in one pass; gives for those that count the number of their record, the samples, and how many were not finite.
    pub(crate) fn apply(self, volume: Volume<f32>, ctx: &Ctx<'_>) -> Result<(Volume<f32>, Vec<Counted>), Error> {
        let total = volume.voxels().len();
        let work = |out: &mut [f32]| -> Vec<u64> {
            let mut counts = Vec::new();
            for waiting in &self.maps {
                if waiting.counts {
                    counts.push(out.iter().filter(|v| !v.is_finite()).count() as u64);
                }
                match waiting.fitted.map() {
                    Map::Linear(map) => map.map_block(out),
                    Map::Pieces(map) => map.map_block(out),
                    Map::Filter(_) | Map::Bias(_) => {}
                }
            }
            counts
        };
        let none = || vec![0; self.maps.iter().filter(|waiting| waiting.counts).count()];
        let add = |a: Vec<u64>, b: Vec<u64>| Ok(a.iter().zip(&b).map(|(a, b)| a + b).collect());
        let stage = ctx.stage("apply", total.div_ceil(BLOCK) as u64);
        let scaling = |volume: &Volume<f32>| self.maps.iter().rev().find_map(|w| w.fitted.scaling_of(volume));
        let (mut volume, counts) = if volume.buffer().is_alone() {
            let mut volume = volume;
            let counts = volume.voxels_mut().par_chunks_mut(BLOCK).map(|out| {
                stage.advance(1)?;
                Ok::<_, Error>(work(out))
            });
            let counts = counts.try_reduce(none, add)?;
            (volume, counts)
        } else {
            let mut out: Vec<f32> = ctx.take(total);
            let counts = out.par_chunks_mut(BLOCK).zip(volume.voxels().par_chunks(BLOCK)).map(|(out, samples)| {
                stage.advance(1)?;
                out.copy_from_slice(samples);
                Ok::<_, Error>(work(out))
            });
            let counts = counts.try_reduce(none, add)?;
            (volume.with_voxels(out, volume.scaling().clone())?, counts)
        };
        if let Some(scaling) = scaling(&volume) {
            volume = volume.with_scaling(scaling)?;
        }
        for waiting in &self.maps {
            volume = waiting.fitted.finish(volume)?;
        }
        let mut counted = Vec::new();
        let mut left = counts.into_iter();
        for waiting in self.maps {
            let mut fitted = waiting.fitted;
            if waiting.counts {
                let not_finite = left.next().unwrap_or_default();
                fitted = fitted.counting(total as u64, not_finite);
                counted.push(Counted { number: waiting.number, samples: total as u64, not_finite });
            }
            volume.provenance_mut().add(fitted.operation(waiting.step));
        }
        Ok((volume, counted))
    }
}

/// One voxel with the facts and the unit of a head.
pub(crate) fn probe(head: &Head) -> Result<Volume<f32>, Error> {
    let one = IndexMap::block(head.shape(), [0; 3], [1; 3])?;
    let small = Head::new(head.geometry().remap(&one)?);
    let small = small.with_scaling(head.scaling().clone())?.with_meta(head.meta().clone());
    Ok(Volume::from_parts(small, vec![0f32])?)
}

/// A volume to leave behind while another is worked on.
pub(super) fn nothing() -> Result<Volume<f32>, Error> {
    Ok(Volume::new(vec![0f32], Geometry::new([1; 3], Affine::IDENTITY, Frame::Unknown)?)?)
}
