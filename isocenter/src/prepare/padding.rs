//! Padding of a CT: values that fill the image where nothing was measured, and are no tissue.
//!
//! Around a round field of view scanners write a constant far below air: -3024, -2000, -2048 HU. An image that is only copied keeps it.
//! Where an image is interpolated or its intensities are changed, the padding is taken out first (as NaN, which neither reaches its
//! neighbours nor counts in a statistic: see [`isocenter_volume::non_finite`]) and in the end is the lowest value that tissue and air have.
//!
//! What is padding: what the header states ([`isocenter_volume::meta::Padding`]), where that is below air; and, from an exact value far
//! below -1024 HU that fills a share of the voxels, everything that lies nearer to it than to -1024: a lossy codec, or an earlier
//! interpolation, has blurred its edge. Only a CT is looked at: elsewhere a low value may mean anything.

use std::collections::HashMap;

use isocenter_volume::{Ctx, DynVolume, Unit, Volume, meta::Padding};
use rayon::prelude::*;

use super::refusal::Refusal;

/// The lowest value that a scan of 12 bits holds.
const LOWEST_HU: f32 = -1024.0;
/// A value that fills a share from here down is no measurement. The noise of air, in steps of a lossy codec too, ends above.
const FILLING_HU: f32 = -1200.0;
/// Air. A padding value above it would be tissue, and is not believed.
const AIR_HU: f64 = -1000.0;
/// Share of the voxels that one exact value has to fill.
const SHARE: f64 = 0.005;
/// Values below the lowest that are told apart; noise of floating point has more, and none of them repeats itself.
const MOST_VALUES: usize = 1 << 16;
/// Voxels between two questions whether to go on.
const BLOCK: usize = 1 << 20;

/// The padding of an image, where it has voxels of it.
///
/// # Errors
/// A refusal where the run is cancelled.
pub(crate) fn of(image: &DynVolume, modality: Option<&str>, ctx: &Ctx<'_>) -> Result<Option<Padding>, Refusal> {
    let is_ct = modality == Some("CT") || *image.scaling().unit() == Unit::Hu;
    if !is_ct || !image.sample_type().is_real() {
        return Ok(None);
    }
    let stated = image.meta().padding.filter(|p| p.high < AIR_HU);
    let real = image.to_real(ctx)?;
    let mut counts: HashMap<u32, u64> = HashMap::new();
    let (mut lowest, mut is_there) = (f32::INFINITY, false);
    for block in real.voxels().chunks(BLOCK) {
        ctx.check().map_err(isocenter_volume::Error::from)?;
        for &v in block.iter().filter(|v| v.is_finite()) {
            is_there |= stated.is_some_and(|p| p.contains(f64::from(v)));
            if v < FILLING_HU {
                lowest = lowest.min(v);
                if counts.len() < MOST_VALUES || counts.contains_key(&v.to_bits()) {
                    *counts.entry(v.to_bits()).or_default() += 1;
                }
            }
        }
    }
    let wanted = SHARE * real.voxels().len() as f64;
    let filling = counts.iter().filter(|(_, count)| **count as f64 >= wanted).map(|(bits, _)| f32::from_bits(*bits));
    let nearer = |filling: f32| f64::from(filling).midpoint(f64::from(LOWEST_HU));
    let found = filling.reduce(f32::max).map(|high| Padding::new(f64::from(lowest), nearer(high)));
    Ok(match (stated.filter(|_| is_there), found) {
        (Some(a), Some(b)) => Some(Padding::new(a.low.min(b.low), a.high.max(b.high))),
        (one, other) => one.or(other),
    })
}

/// Real values of which none is padding.
#[derive(Clone)]
pub(crate) struct Blanked {
    /// Real values, NaN where padding was.
    pub(crate) real: Volume<f32>,
    /// The padding that was taken out.
    padding: Option<Padding>,
    /// Whether every voxel that is not finite is padding.
    is_only_padding: bool,
}

impl Blanked {
    /// Takes the padding out of an image.
    ///
    /// # Errors
    /// A refusal where the image holds no real samples.
    pub(crate) fn of(image: &DynVolume, padding: Option<Padding>, ctx: &Ctx<'_>) -> Result<Self, Refusal> {
        ctx.check().map_err(isocenter_volume::Error::from)?;
        let mut real = image.to_real(ctx)?;
        let is_only_padding =
            padding.is_some() && real.voxels().par_chunks(BLOCK).all(|b| b.iter().all(|v| v.is_finite()));
        if let Some(padding) = padding {
            change(&mut real, ctx, |v| if padding.contains(f64::from(v)) { f32::NAN } else { v })?;
        }
        Ok(Self { real, padding, is_only_padding })
    }

    /// The same with its voxels changed.
    ///
    /// # Errors
    /// That of the change.
    pub(crate) fn changed(self, by: impl FnOnce(Volume<f32>) -> Result<Volume<f32>, Refusal>) -> Result<Self, Refusal> {
        Ok(Self { real: by(self.real)?, padding: self.padding, is_only_padding: self.is_only_padding })
    }

    /// The same with other voxels, made from these.
    pub(crate) fn with(&self, real: Volume<f32>) -> Self {
        Self { real, ..*self }
    }

    /// How many voxels are padding; 0 where others are not finite either, since nobody can tell them apart.
    pub(crate) fn count(&self) -> u64 {
        let count = |block: &[f32]| block.iter().filter(|v| v.is_nan()).count() as u64;
        if self.is_only_padding { self.real.voxels().par_chunks(BLOCK).map(count).sum() } else { 0 }
    }

    /// The image with its lowest value where padding was; padding among other voxels that are not finite stays one of them.
    ///
    /// # Errors
    /// A refusal where the run is cancelled.
    pub(crate) fn filled(self, ctx: &Ctx<'_>) -> Result<Volume<f32>, Refusal> {
        let Some(padding) = self.padding.filter(|_| self.is_only_padding) else { return Ok(self.real) };
        let low = lowest(&self.real);
        let mut real = self.real;
        change(&mut real, ctx, |v| if v.is_nan() { low } else { v })?;
        Ok(real.noting("padding", [("low", padding.low), ("high", padding.high), ("now", f64::from(low))]))
    }
}

/// Changes every voxel by itself, asking between blocks whether to go on.
///
/// # Errors
/// A refusal where the run is cancelled.
pub(crate) fn change(volume: &mut Volume<f32>, ctx: &Ctx<'_>, by: impl Fn(f32) -> f32 + Sync) -> Result<(), Refusal> {
    let each = |block: &mut [f32]| {
        ctx.check()?;
        block.iter_mut().for_each(|v| *v = by(*v));
        Ok(())
    };
    let done: Result<(), isocenter_volume::Cancelled> = volume.voxels_mut().par_chunks_mut(BLOCK).try_for_each(each);
    Ok(done.map_err(isocenter_volume::Error::from)?)
}

/// The lowest real value: air in CT, no signal in MR; what lies outside the image gets it.
pub(crate) fn lowest(volume: &Volume<f32>) -> f32 {
    let of_block = |b: &[f32]| b.iter().copied().filter(|v| v.is_finite()).fold(f32::INFINITY, f32::min);
    // the least of all is the same in any order
    let low = volume.voxels().par_chunks(BLOCK).map(of_block).reduce(|| f32::INFINITY, f32::min);
    if low.is_finite() { low } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame, Geometry, Meta};

    use super::*;

    fn ct(voxels: Vec<f32>, stated: Option<Padding>) -> DynVolume {
        let grid = Geometry::new([voxels.len(), 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
        let mut meta = Meta::default();
        meta.padding = stated;
        Volume::new(voxels, grid).unwrap().with_meta(meta).into()
    }

    fn found(voxels: Vec<f32>, stated: Option<Padding>) -> Option<(f64, f64)> {
        of(&ct(voxels, stated), Some("CT"), &Ctx::default()).unwrap().map(|p| (p.low, p.high))
    }

    #[test]
    fn padding_is_what_is_stated_or_what_fills_a_share_far_below_air() {
        let body: Vec<f32> = (0..900).map(|n| (n % 300) as f32 - 1024.0).collect();
        let with = |value: f32, count: usize| [body.clone(), vec![value; count]].concat();
        assert_eq!(found(with(-3024.0, 100), None), Some((-3024.0, -2024.0)));
        assert_eq!(found(with(-1024.0, 100), None), None, "what 12 bits hold");
        assert_eq!(found(with(-2000.0, 2), None), None, "too few to be padding");
        let two = [with(-3024.0, 100), vec![-2000.0; 100], vec![-2500.0]].concat();
        assert_eq!(found(two, None), Some((-3024.0, -1512.0)));
        assert_eq!(found(with(-1056.0, 100), None), None, "air of a lossy codec");
        assert_eq!(found(with(-2000.0, 2), Some(Padding::new(-2000.0, -2000.0))), Some((-2000.0, -2000.0)));
        assert_eq!(found(with(40.0, 100), Some(Padding::new(0.0, 0.0))), None, "tissue");
        assert_eq!(found(body.clone(), Some(Padding::new(-2000.0, -2000.0))), None, "no voxel has it");
        let other = ct(with(-3024.0, 100), None);
        assert!(of(&other, Some("MR"), &Ctx::default()).unwrap().is_none());
    }

    #[test]
    fn padding_is_taken_out_and_put_back_as_the_lowest_value() {
        let image = ct(vec![-3024.0, -1000.0, 40.0, -3024.0], None);
        let ctx = Ctx::default();
        let blanked = Blanked::of(&image, Some(Padding::new(-3024.0, -3024.0)), &ctx).unwrap();
        assert_eq!(blanked.count(), 2);
        assert_eq!(blanked.filled(&ctx).unwrap().voxels(), [-1000.0, -1000.0, 40.0, -1000.0]);
        // beside other voxels without a value it is one of them
        let image = ct(vec![-3024.0, f32::NAN, 40.0], None);
        let blanked = Blanked::of(&image, Some(Padding::new(-3024.0, -3024.0)), &ctx).unwrap();
        assert_eq!(blanked.count(), 0);
        assert_eq!(blanked.filled(&ctx).unwrap().voxels().iter().filter(|v| v.is_nan()).count(), 2);
    }
}
