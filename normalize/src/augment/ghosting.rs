//! Ghosts along the phase direction.

use isocenter_volume::{Ctx, Geometry, provenance::Parameter};
use serde::{Deserialize, Serialize};

use super::{
    Range,
    draws::Draws,
    lines,
    range::{axes, within},
};
use crate::Error;

/// Weakens every n-th line of k-space along an axis of the grid, but for its middle, which leaves `n` copies of the image at even distances. As TorchIO's `RandomGhosting`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Ghosting {
    /// Fewest and most ghosts ([4, 10]).
    pub ghosts: [u32; 2],
    /// Axes of the grid of which one is drawn ([0, 1, 2]).
    pub axes: Vec<usize>,
    /// By how much lines are weakened; at 1 they are gone ([0.5, 1]).
    pub intensity: Range,
    /// The share of k-space in the middle that is left alone; one line where none is named (none).
    pub restore: Option<Range>,
}

impl Default for Ghosting {
    fn default() -> Self {
        Self { ghosts: [4, 10], axes: vec![0, 1, 2], intensity: Range::new(0.5, 1.0), restore: None }
    }
}

/// The numbers of a [`Ghosting`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnGhosting {
    ghosts: u32,
    axis: usize,
    #[serde(with = "isocenter_volume::exact")]
    intensity: f64,
    #[serde(with = "isocenter_volume::exact::optional", default)]
    restore: Option<f64>,
}

impl Ghosting {
    pub(super) fn check(&self) -> Result<(), Error> {
        axes(&self.axes)?;
        Range::new(f64::from(self.ghosts[0]), f64::from(self.ghosts[1])).check("the number of ghosts", 0.0, MOST)?;
        self.intensity.check("the intensity of ghosts", 0.0, MOST)?;
        self.restore.map_or(Ok(()), |share| share.check("the share that is restored", 0.0, 1.0))
    }

    pub(super) fn draw(&self, draws: &mut Draws, strength: f64) -> DrawnGhosting {
        DrawnGhosting {
            ghosts: draws.whole(self.ghosts),
            axis: draws.one_of(&self.axes),
            intensity: draws.within(self.intensity) * strength,
            restore: self.restore.map(|share| draws.within(share)),
        }
    }
}

impl DrawnGhosting {
    pub(super) fn check(&self) -> Result<(), Error> {
        axes(&[self.axis])?;
        within("the number of ghosts", f64::from(self.ghosts), 0.0, MOST)?;
        within("the intensity of ghosts", self.intensity, 0.0, MOST)?;
        self.restore.map_or(Ok(()), |share| within("the share that is restored", share, 0.0, 1.0))
    }

    pub(super) fn is_identity(&self) -> bool {
        self.ghosts == 0 || self.intensity == 0.0
    }

    pub(super) fn apply(&self, samples: &mut [f32], grid: &Geometry, ctx: &Ctx<'_>) -> Result<(), Error> {
        let n = grid.shape()[self.axis];
        let middle = n / 2;
        let kept = match self.restore {
            None => middle..middle + 1,
            Some(share) => {
                let half = (share * n as f64).round() as usize / 2;
                middle - half.min(middle)..middle + half
            }
        };
        let weight = |k: usize| {
            let is_weak = k.is_multiple_of(self.ghosts as usize) && !kept.contains(&k);
            if is_weak { 1.0 - self.intensity } else { 1.0 }
        };
        let kernel = lines::kernel(&(0..n).map(weight).collect::<Vec<_>>());
        let input = samples.to_vec();
        samples.fill(0.0);
        lines::add(&input, grid.shape(), self.axis, &kernel, samples, ctx)
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        let mut all = vec![
            ("ghosts", f64::from(self.ghosts).into()),
            ("axis", (self.axis as f64).into()),
            ("intensity", self.intensity.into()),
        ];
        all.extend(self.restore.map(|share| ("restore", share.into())));
        all
    }
}

const MOST: f64 = 1e6;
