//! The copy of a head that the search works on, and the way back.
//!
//! Axes run to the left, the back and the top (the nearest of the 48 orientations), voxels are cubes, the first corner lies at 0: nothing
//! depends on where the image lies in the world, so that a reoriented image gives the same bits.

use isocenter_volume::{
    Affine, Ctx, Direction, Edge, Frame, Geometry, IndexMap, Interpolation, Mask, Orientation, Resample, Volume,
    components::{Connectivity, Pieces},
    non_finite,
    stats::{self, Selection},
};
use rayon::prelude::*;

use crate::Error;

/// A head on cubes of one size, its values brought to 0 (air) to about 1 (the brightest tissue).
#[derive(Clone)]
pub(super) struct Working {
    pub(super) geometry: Geometry,
    pub(super) samples: Vec<f32>,
    /// From the indices of the canonical image to those of the image as it came.
    map: IndexMap,
    /// The canonical image's grid, first voxel at 0.
    canonical: Geometry,
}

/// Values stop this far above the bright end: fat and vessels are no brighter than that.
const BRIGHTEST: f32 = 1.5;

impl Working {
    /// # Errors
    /// [`Error::Volume`] without a patient's frame; [`Error::EmptyRegion`], [`Error::Constant`], [`Error::Cancelled`].
    pub(super) fn new(volume: &Volume<f32>, spacing_mm: f64, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let first = volume.extract_step(0)?;
        let lps = Orientation::new([Direction::Left, Direction::Posterior, Direction::Superior])?;
        let map = first.geometry().map_to_orientation(lps)?;
        let turned = first.remap(&map, 0.0, ctx)?;
        let affine = Affine::from_spacing_origin(turned.geometry().spacing_mm(), [0.0; 3]);
        let canonical = Geometry::new(turned.shape(), affine, Frame::Patient(None))?;
        let finite = finite(&turned, ctx)?;
        let cubes = Resample::to_spacing([spacing_mm; 3])
            .interpolation(Interpolation::Linear)
            .edge(Edge::Clamp)
            .antialias(true)
            .ctx(*ctx)
            .apply(&Volume::new(finite, canonical.clone())?)?;
        let geometry = cubes.geometry().clone();
        let (ends, _) = stats::percentiles_over(&Selection::all(cubes.voxels()), &ENDS, ctx)?;
        let &[low, high] = ends.as_slice() else { return Err(Error::EmptyRegion { region: "brain" }) };
        if high - low <= 1e-6 * high.abs().max(low.abs()) {
            return Err(Error::Constant { what: "the range between the 2nd and the 98th percentile" });
        }
        let scale = 1.0 / (high - low);
        let samples =
            cubes.voxels().par_iter().map(|v| (((f64::from(*v) - low) * scale) as f32).clamp(0.0, BRIGHTEST)).collect();
        Ok(Self { geometry, samples, map, canonical })
    }

    /// The same head with nothing but air outside of a mask.
    pub(super) fn within(&self, mask: &Mask) -> Self {
        let keep = |(n, v): (usize, &f32)| if mask.get(n) { *v } else { 0.0 };
        let samples = self.samples.iter().enumerate().map(keep).collect();
        Self { samples, geometry: self.geometry.clone(), map: self.map, canonical: self.canonical.clone() }
    }

    /// Edge of a voxel, mm.
    pub(super) fn step_mm(&self) -> f64 {
        self.geometry.spacing_mm()[0]
    }

    /// The value between voxels, by their indices; what lies outside is as the border is.
    pub(super) fn at(&self, index: [f64; 3]) -> f32 {
        linear(&self.samples, self.geometry.shape(), index)
    }

    /// A mask of the working grid on the grid of the image: where its edge, laid through half, takes in a voxel's centre.
    pub(super) fn bring_back(&self, mask: &Mask, onto: &Geometry) -> Result<Mask, Error> {
        let inside: Vec<f32> = (0..mask.len()).into_par_iter().map(|n| f32::from(u8::from(mask.get(n)))).collect();
        let shape = self.geometry.shape();
        let back = self.map.inverse();
        let [nx, ny, _] = onto.shape();
        let (step, origin) = (self.geometry.spacing_mm(), self.geometry.origin_mm());
        let spacing = self.canonical.spacing_mm();
        Ok(Mask::from_fn(onto.clone(), |n| {
            let index = [n % nx, n / nx % ny, n / (nx * ny)].map(|v| v as i64);
            let canonical = back.source_of(index);
            let place = [0, 1, 2].map(|a| (canonical[a] as f64 * spacing[a] - origin[a]) / step[a]);
            linear(&inside, shape, place) >= 0.5
        }))
    }
}

/// Samples that are no number: air where they reach the border, as their neighbours are where they do not.
fn finite(volume: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Vec<f32>, Error> {
    let mut samples = volume.voxels().to_vec();
    if non_finite::count(&samples, ctx)? == 0 {
        return Ok(samples);
    }
    let darkest = samples.iter().copied().filter(|v| v.is_finite()).fold(0f32, f32::min);
    let holes = Mask::from_fn(volume.geometry().clone(), |n| samples.get(n).is_some_and(|v| !v.is_finite()));
    if holes.count() == samples.len() as u64 {
        return Err(Error::EmptyRegion { region: "brain" });
    }
    let pieces = Pieces::of_mask(&holes, Connectivity::Faces6, ctx)?;
    let outside = pieces.at_border();
    let air = pieces.mask(|piece| outside.get(piece) == Some(&true));
    air.iter().for_each(|n| samples[n] = darkest);
    Ok(non_finite::filled(&samples, volume.shape(), ctx)?)
}

/// Percentiles that count as dark and as bright.
const ENDS: [f64; 2] = [2.0, 98.0];

/// Trilinear; indices are clamped to the grid.
pub(super) fn linear(samples: &[f32], shape: [usize; 3], index: [f64; 3]) -> f32 {
    let mut low = [0usize; 3];
    let mut part = [0f32; 3];
    for a in 0..3 {
        let last = shape[a] - 1;
        let at = index[a].clamp(0.0, last as f64);
        low[a] = (at as usize).min(last.saturating_sub(1));
        part[a] = (at - low[a] as f64) as f32;
    }
    let next = [0, 1, 2].map(|a| usize::from(shape[a] > 1));
    let (sj, sk) = (shape[0], shape[0] * shape[1]);
    let base = low[0] + low[1] * sj + low[2] * sk;
    let row = |at: usize| {
        let a = samples.get(at).copied().unwrap_or(0.0);
        let b = samples.get(at + next[0]).copied().unwrap_or(0.0);
        a + part[0] * (b - a)
    };
    let plane = |at: usize| {
        let (a, b) = (row(at), row(at + next[1] * sj));
        a + part[1] * (b - a)
    };
    let (a, b) = (plane(base), plane(base + next[2] * sk));
    a + part[2] * (b - a)
}
