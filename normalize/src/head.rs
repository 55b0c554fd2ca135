//! The head (or any body) against air: Otsu's threshold, cleaned.
//!
//! Threshold, opening with a small ball (thin bridges to noise go), the largest piece (face neighbours), holes filled. The same
//! recipe in SimpleITK is what `corpus/normalize` i36 was made with.
//!
//! Of voxels that are not finite, those that reach the border of the image are air: they count as 0, or as the darkest below 0, for the threshold,
//! so that a background of NaN gives the mask that one of zeros does. Those that bright voxels enclose are head, so that the
//! opening does not tear it around them. No statistic over the mask takes either in.

use isocenter_volume::{
    Ctx, Mask, Volume,
    components::{Connectivity, Pieces},
    morphology::Ball,
    non_finite,
    stats::Selection,
};

use crate::{Error, Region, otsu};

/// Radius of the ball that opens, mm; at least one voxel.
const RADIUS_MM: f64 = 2.0;

/// The voxels of the first step that belong to the largest bright object.
///
/// # Errors
/// [`Error::Constant`], [`Error::EmptyRegion`] where nothing is left, [`Error::NotReal`], [`Error::Cancelled`].
pub fn mask(volume: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Mask, Error> {
    if !volume.scaling().is_identity() {
        return Err(Error::NotReal);
    }
    let samples = volume.step(0).unwrap_or_default();
    let holes = match non_finite::count(samples, ctx)? {
        0 => None,
        _ => Some(Mask::from_fn(volume.geometry().clone(), |n| samples.get(n).is_some_and(|v| !v.is_finite()))),
    };
    let background = holes.as_ref().map(|holes| at_border(holes, ctx)).transpose()?.unwrap_or(0);
    let threshold = otsu::of(&Selection::all(volume.voxels()), Region::All, background, ctx)?;
    let mut bright = Mask::above(volume, threshold);
    if let Some(holes) = holes {
        bright = bright.or(&holes.and(&bright.filled(ctx)?)?)?;
    }
    let opened = bright.opened(&Ball::of_radius_mm(volume.geometry(), RADIUS_MM), ctx)?;
    let pieces = Pieces::of_mask(&opened, Connectivity::Faces6, ctx)?;
    let largest = pieces.largest().ok_or(Error::EmptyRegion { region: "head" })?;
    Ok(pieces.mask(|piece| piece == largest).filled(ctx)?)
}

/// How many voxels belong to pieces of a mask that reach the border of the image.
fn at_border(mask: &Mask, ctx: &Ctx<'_>) -> Result<usize, Error> {
    let pieces = Pieces::of_mask(mask, Connectivity::Faces6, ctx)?;
    let reach = pieces.at_border();
    Ok(pieces.mask(|piece| reach.get(piece) == Some(&true)).count() as usize)
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame, Geometry};

    use super::*;

    #[test]
    fn keeps_the_body_with_its_cavity_and_drops_specks() {
        let grid = Geometry::new([24, 24, 24], Affine::IDENTITY, Frame::Unknown).unwrap();
        let mut voxels = vec![0f32; grid.len()];
        let at = |i: usize, j: usize, k: usize| i + 24 * (j + 24 * k);
        for k in 4..20 {
            for j in 4..20 {
                for i in 4..20 {
                    voxels[at(i, j, k)] = 100.0;
                }
            }
        }
        voxels[at(12, 12, 12)] = 0.0; // a cavity
        voxels[at(1, 1, 1)] = 100.0; // a speck
        let mask = mask(&Volume::new(voxels, grid).unwrap(), &Ctx::default()).unwrap();
        assert!(mask.contains([12, 12, 12]) && mask.contains([5, 12, 12]));
        assert!(!mask.contains([1, 1, 1]) && !mask.contains([12, 2, 12]));
    }
}
