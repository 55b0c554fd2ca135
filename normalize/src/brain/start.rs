//! Where the brain about lies, and how bright it is.

use isocenter_volume::{
    Ctx, Mask,
    components::{Connectivity, Pieces},
    morphology::Ball,
};

use super::{plausible, working::Working};
use crate::Error;

/// What is darker than this is air: a tenth of the way from dark to bright.
pub(super) const AIR: f32 = 0.1;
/// What is brighter than this is fat or a vessel.
const FAT: f32 = 1.2;
/// From the top of the scalp to the bottom of the cerebellum, mm.
const HEIGHT_MM: f64 = 140.0;
/// Smallest plane of the head that is its top and no speck, mm2.
const TOP_MM2: f64 = 600.0;
/// Bridges thinner than twice this join no noise to a head, mm.
const BRIDGE_MM: f64 = 4.0;
/// Smaller pieces are noise or a cable, ml.
const SPECK_ML: f64 = 5.0;
/// Widest and deepest head, ears and nose included, mm.
const WIDEST_MM: [f64; 2] = [230.0, 280.0];

/// A ball as large as the upper head; in voxels of the working grid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub(super) centre: [f64; 3],
    pub(super) radius: f64,
}

impl Start {
    /// The middle of what is bright in the upper 140 mm of the head: a neck draws it nowhere.
    ///
    /// # Errors
    /// [`Error::NoBrain`] for a body too wide for a head, or none; [`Error::Cancelled`].
    pub(super) fn of(work: &Working, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let opened = bright(work).opened(&Ball::of_radius_mm(&work.geometry, BRIDGE_MM), ctx)?;
        let head = largest(&opened, ctx)?;
        let [nx, ny, nz] = work.geometry.shape();
        let step = work.step_mm();
        let mut area = vec![0u64; nz];
        head.iter().for_each(|n| area[n / (nx * ny)] += 1);
        let top = (0..nz).rev().find(|k| area[*k] as f64 * step * step >= TOP_MM2).ok_or(plausible::NOTHING)?;
        let floor = (top as f64 - HEIGHT_MM / step).max(0.0);
        let (mut sum, mut weight, mut count) = ([0f64; 3], 0f64, 0u64);
        let mut across = [vec![0u64; nx], vec![0u64; ny]];
        for index in head.indices().filter(|index| index[2] as f64 >= floor) {
            let w = f64::from(work.samples[index[0] + nx * (index[1] + ny * index[2])].min(1.0));
            (0..3).for_each(|a| sum[a] += w * index[a] as f64);
            (0..2).for_each(|a| across[a][index[a]] += 1);
            weight += w;
            count += 1;
        }
        if weight <= 0.0 {
            return Err(plausible::NOTHING);
        }
        for (a, what) in ["width of the body, mm", "depth of the body, mm"].into_iter().enumerate() {
            // planes that hold next to nothing are a cushion or a cable
            let wide = across[a].iter().filter(|n| **n as f64 * step * step >= TOP_MM2).count() as f64 * step;
            if wide > WIDEST_MM[a] {
                return Err(Error::NoBrain { what, found: wide, wanted: "a head's" });
            }
        }
        let radius = libm::cbrt(count as f64 * 3.0 / (4.0 * std::f64::consts::PI));
        Ok(Self { centre: sum.map(|s| s / weight), radius })
    }
}

/// The head with all that lies between two of its parts along an axis. A dark skull parts scalp and brain: every piece but specks counts.
pub(super) fn hull(work: &Working, ctx: &Ctx<'_>) -> Result<Mask, Error> {
    let pieces = Pieces::of_mask(&bright(work), Connectivity::Faces6, ctx)?;
    let ml = work.step_mm().powi(3) / 1000.0;
    let large = |piece: usize| pieces.components().get(piece).is_some_and(|c| c.voxels as f64 * ml >= SPECK_ML);
    Ok(pieces.mask(large).spanned(ctx)?)
}

fn bright(work: &Working) -> Mask {
    Mask::from_fn(work.geometry.clone(), |n| work.samples.get(n).is_some_and(|v| *v > AIR))
}

/// The largest piece of a mask.
pub(super) fn largest(mask: &Mask, ctx: &Ctx<'_>) -> Result<Mask, Error> {
    let pieces = Pieces::of_mask(mask, Connectivity::Faces6, ctx)?;
    let largest = pieces.largest().ok_or(plausible::NOTHING)?;
    Ok(pieces.mask(|piece| piece == largest))
}

/// The median of what is neither air nor fat in a ball.
pub(super) fn median(work: &Working, centre: [f64; 3], radius: f64) -> Result<f32, Error> {
    let [nx, ny, _] = work.geometry.shape();
    let inside = work.samples.iter().enumerate().filter(|(n, v)| {
        let index = [n % nx, n / nx % ny, n / (nx * ny)];
        let away: f64 = (0..3).map(|a| (index[a] as f64 - centre[a]).powi(2)).sum();
        **v > AIR && **v < FAT && away <= radius * radius
    });
    at_rank(inside.map(|(_, v)| *v).collect(), 0.5)
}

/// How bright the darkest tenth of a mask is at most, as a share of its median.
pub(super) fn darkest_tenth(work: &Working, mask: &Mask) -> Result<f32, Error> {
    let values: Vec<f32> = mask.iter().filter_map(|n| work.samples.get(n).copied()).collect();
    Ok(at_rank(values.clone(), 0.1)? / at_rank(values, 0.5)?.max(AIR))
}

/// The value at a rank, 0 the lowest and 1 the highest.
pub(super) fn at_rank(mut values: Vec<f32>, rank: f64) -> Result<f32, Error> {
    if values.is_empty() {
        return Err(plausible::NOTHING);
    }
    let at = (rank * (values.len() - 1) as f64) as usize;
    Ok(*values.select_nth_unstable_by(at, f32::total_cmp).1)
}
