//! Removal of unwanted factors that voxels without signal of interest show.
//!
//! In cerebrospinal fluid nothing of interest differs between images, so what differs there is the scanner. The first right singular
//! vectors of a matrix with a row for each control voxel and a column for each image are the *unwanted factors*: one number or a few
//! for each image. At every voxel the part of its values over the cohort that follows the factors is taken off, and the mean is put
//! back. Fortin and others: Removing inter-subject technical variability in magnetic resonance imaging studies, NeuroImage 132 (2016).
//!
//! Images lie on one grid (registered, deformably for good results) and were standardized by [`crate::standardize::WhiteStripe`]. The
//! cohort is gone through three times, one image in memory at a time: for the control mask ([`fluid`], [`common`]), for the factors
//! ([`Controls`], [`Factors`]), and for the trends ([`Ravel::fit`]). The same numbers as the class `RavelNormalize` of intensity-normalization 2.

mod factors;

use isocenter_volume::{Ctx, Mask, Rescale, Scaling, Unit, Volume};
use rayon::prelude::*;

pub use self::factors::{Controls, Factors};
use super::Clusters;
use crate::{Error, Region, linear::BLOCK};

/// The voxels of the first step of a T1-weighted image whose membership in the darkest of three clusters is above a threshold; 0.99 is
/// usual. Clusters are those of a region.
///
/// # Errors
/// [`Error::BadParameter`] unless the threshold is from 0 to 1, and those of [`Clusters::of`].
pub fn fluid(
    volume: &Volume<f32>,
    threshold: f64,
    region: Region,
    mask: Option<&Mask>,
    ctx: &Ctx<'_>,
) -> Result<Mask, Error> {
    if !(0.0..=1.0).contains(&threshold) {
        return Err(Error::BadParameter { what: "threshold", wanted: "from 0 to 1", found: threshold });
    }
    let clusters = Clusters::of(volume, 3, 2.0, region, mask, ctx)?;
    let samples = volume.step(0).unwrap_or_default();
    let is_inside: Vec<bool> = match region {
        Region::Mask => mask.ok_or(Error::MaskNeeded)?.to_bools(),
        Region::Above(low) => samples.iter().map(|v| f64::from(*v) > low).collect(),
        Region::NonZero => samples.iter().map(|v| *v != 0.0).collect(),
        _ => vec![true; samples.len()],
    };
    let is_fluid = |n: usize| {
        let value = samples.get(n).copied().unwrap_or(f32::NAN);
        let inside = value.is_finite() && is_inside.get(n) == Some(&true);
        inside && clusters.memberships(f64::from(value)).first().is_some_and(|u| *u > threshold)
    };
    Ok(Mask::from_fn(volume.geometry().clone(), is_fluid))
}

/// The voxels that lie in at least this share (0 to 1) of the masks; 1 is usual.
///
/// # Errors
/// [`Error::BadParameter`] for a share outside of 0..=1, [`Error::EmptyRegion`] where none is left or no mask was given,
/// [`Error::Volume`] for masks of other grids.
pub fn common(masks: &[Mask], share: f64) -> Result<Mask, Error> {
    if !(0.0..=1.0).contains(&share) {
        return Err(Error::BadParameter { what: "share", wanted: "from 0 to 1", found: share });
    }
    let empty = Error::EmptyRegion { region: "control voxels" };
    let Some(first) = masks.first() else { return Err(empty) };
    let mut counts = vec![0u32; first.len()];
    for mask in masks {
        mask.require_on(first.geometry())?;
        counts.iter_mut().zip(mask.to_bools()).for_each(|(n, b)| *n += u32::from(b));
    }
    let wanted = ((masks.len() as f64 * share).floor() as u32).max(1);
    let found = Mask::from_fn(first.geometry().clone(), |n| counts.get(n).is_some_and(|c| *c >= wanted));
    if found.count() == 0 { Err(empty) } else { Ok(found) }
}

/// The trends of a cohort: for every voxel its mean and how it follows each factor.
#[derive(Clone, Debug)]
pub struct Ravel {
    factors: Factors,
    means: Vec<f32>,
    slopes: Vec<Vec<f32>>,
}

impl Ravel {
    /// Goes through the cohort once, in the order of ids; `image` gives the image of an id.
    ///
    /// Where one image of a voxel is NaN, so is the result of every image.
    ///
    /// # Errors
    /// Those of `image`; [`Error::Length`] for images of another size, [`Error::NotReal`], [`Error::Cancelled`].
    pub fn fit<E: From<Error>>(
        factors: Factors,
        mut image: impl FnMut(&str) -> Result<Volume<f32>, E>,
        ctx: &Ctx<'_>,
    ) -> Result<Self, E> {
        let stage = ctx.stage("trends", factors.len() as u64);
        let count = factors.len() as f64;
        let mut sums: Vec<Vec<f64>> = vec![];
        for (id, row) in factors.rows() {
            let volume = image(id)?;
            let samples = real(&volume)?;
            if sums.is_empty() {
                sums = vec![vec![0.0; samples.len()]; 1 + row.len()];
            }
            let weights = std::iter::once(1.0 / count).chain(row.iter().copied());
            for (sums, weight) in sums.iter_mut().zip(weights) {
                check(samples, sums.len())?;
                let blocks = sums.par_chunks_mut(BLOCK).zip(samples.par_chunks(BLOCK));
                blocks.for_each(|(sums, b)| sums.iter_mut().zip(b).for_each(|(s, v)| *s += weight * f64::from(*v)));
            }
            stage.advance(1).map_err(Error::from)?;
        }
        let narrow = |sums: &Vec<f64>| sums.iter().map(|s| *s as f32).collect::<Vec<f32>>();
        let mut all = sums.iter().map(narrow);
        let means = all.next().unwrap_or_default();
        Ok(Self { slopes: all.collect(), means, factors })
    }

    /// An image of the cohort without its unwanted part.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for an id that was not fitted, [`Error::Length`], [`Error::NotReal`], [`Error::Cancelled`].
    pub fn correct(&self, id: &str, volume: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Volume<f32>, Error> {
        let samples = real(volume)?;
        check(samples, self.means.len())?;
        let unknown = Error::BadParameter { what: "the id", wanted: "one of the cohort", found: f64::NAN };
        let row = self.factors.of_id(id).ok_or(unknown)?;
        let mut out = ctx.take(samples.len());
        let stage = ctx.stage("apply", samples.len().div_ceil(BLOCK) as u64);
        out.par_chunks_mut(BLOCK).enumerate().try_for_each(|(b, out)| {
            stage.check()?;
            for (n, out) in (b * BLOCK..).zip(out.iter_mut()) {
                let trend: f64 = row.iter().zip(&self.slopes).map(|(z, slope)| z * f64::from(slope[n])).sum();
                *out = (f64::from(samples[n]) - trend + f64::from(self.means[n])) as f32;
            }
            stage.advance(1)
        })?;
        let scaling = Scaling::uniform(Rescale::IDENTITY, Unit::StandardDeviations);
        Ok(volume.with_voxels(out, scaling)?.noting("ravel", [("factors", row.to_vec())]))
    }

    /// The unwanted factors.
    pub const fn factors(&self) -> &Factors {
        &self.factors
    }
}

fn real(volume: &Volume<f32>) -> Result<&[f32], Error> {
    if volume.scaling().is_identity() { Ok(volume.voxels()) } else { Err(Error::NotReal) }
}

fn check(samples: &[f32], wanted: usize) -> Result<(), Error> {
    if samples.len() == wanted {
        return Ok(());
    }
    Err(Error::Length { what: "an image of the cohort", wanted, found: samples.len() })
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame, Geometry, stats::Cohort};

    use super::*;

    fn image(voxels: &[f32]) -> Volume<f32> {
        let grid = Geometry::new([voxels.len(), 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        Volume::new(voxels.to_vec(), grid).unwrap()
    }

    fn fitted(images: &[&[f32]], controls: usize, count: usize) -> Ravel {
        let ctx = Ctx::default();
        let mut cohort = Cohort::new();
        for (n, voxels) in images.iter().enumerate().rev() {
            let mask = Mask::from_fn(image(voxels).geometry().clone(), |n| n < controls);
            cohort.insert(n.to_string(), Controls::of(&image(voxels), &mask, &ctx).unwrap());
        }
        let factors = Factors::of(&cohort, count).unwrap();
        let text = serde_json::to_string(&factors).unwrap();
        assert_eq!(serde_json::from_str::<Factors>(&text).unwrap(), factors);
        Ravel::fit(factors, |id| Ok::<_, Error>(image(images[id.parse::<usize>().unwrap()])), &ctx).unwrap()
    }

    #[test]
    fn what_follows_the_control_voxels_goes_and_the_mean_stays() {
        let images: [&[f32]; 3] = [&[1.0, 2.0, -3.0, 5.0], &[2.0, 4.0, -6.0, 10.0], &[-1.0, -2.0, 3.0, -5.0]];
        let ravel = fitted(&images, 2, 1);
        for (n, voxels) in images.iter().enumerate() {
            let out = ravel.correct(&n.to_string(), &image(voxels), &Ctx::default()).unwrap();
            for (found, wanted) in out.voxels().iter().zip([2.0 / 3.0, 4.0 / 3.0, -2.0, 10.0 / 3.0]) {
                assert!((found - wanted).abs() < 1e-5, "{:?}", out.voxels());
            }
        }
        assert!(ravel.correct("3", &image(images[0]), &Ctx::default()).is_err());
        assert!(ravel.correct("0", &image(&images[0][1..]), &Ctx::default()).is_err());
    }

    /// `np.linalg.svd` of the first three rows and `_ravel_correction` of intensity-normalization 2.2.4 gave these.
    #[test]
    fn is_what_numpy_says() {
        let images: [&[f32]; 4] = [
            &[-3.1, -2.5, -2.9, 0.3, 1.1],
            &[-2.2, -2.7, -3.6, 0.9, 0.4],
            &[-4.0, -3.3, -2.0, -0.2, 1.6],
            &[-2.6, -3.9, -3.1, 0.1, -0.7],
        ];
        let wanted: [[f32; 5]; 4] = [
            [-3.23145, -2.652578, -3.119964, 0.351471, 1.121119],
            [-3.095763, -2.889308, -3.003582, 0.498799, 1.15901],
            [-2.96622, -3.115319, -2.892469, 0.350699, 0.71295],
            [-2.651692, -3.664065, -2.622691, -0.062371, -0.459394],
        ];
        let ravel = fitted(&images, 3, 2);
        for (n, voxels) in images.iter().enumerate() {
            let out = ravel.correct(&n.to_string(), &image(voxels), &Ctx::default()).unwrap();
            assert!(out.voxels().iter().zip(wanted[n]).all(|(a, b)| (a - b).abs() < 2e-6), "{n}: {:?}", out.voxels());
        }
    }

    #[test]
    fn control_voxels_are_those_of_most_masks() {
        let grid = image(&[0.0; 4]).geometry().clone();
        let mask = |bits: [bool; 4]| Mask::from_bools(&bits, grid.clone()).unwrap();
        let masks = [mask([true, true, false, false]), mask([true, false, true, false])];
        assert_eq!(common(&masks, 1.0).unwrap().to_bools(), [true, false, false, false]);
        assert_eq!(common(&masks, 0.5).unwrap().to_bools(), [true, true, true, false]);
        assert_eq!(common(&masks[..0], 1.0).unwrap_err().reason(), "empty-region");
        let voxels: Vec<f32> = (0..400).map(|n| [0.0, 20.0, 60.0, 100.0][n % 4]).collect();
        let found = fluid(&image(&voxels), 0.99, Region::Above(0.0), None, &Ctx::default()).unwrap();
        assert!(found.to_bools().iter().enumerate().all(|(n, b)| *b == (n % 4 == 1)));
    }
}
