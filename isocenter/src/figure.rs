//! A picture of a registration: both images over each other, and in the squares of a chessboard, in three planes.
//!
//! It is drawn as the report draws its slices: the patient's right at the left of the picture, the nose or the head up, letters at the edges from the geometry.

use isocenter_volume::{Ctx, Volume};

use crate::{Error, report};

/// The PNG of two images on one grid, in planes through the middle of the body that the first one shows.
///
/// Above, the fixed image is orange and the moved one blue, and where both agree the picture is grey. Below, squares of the one and of the other take turns, so that
/// an edge which goes on from square to square is one that fits. The same images give the same bytes. Of images with slow axes the first step is shown; where a
/// file does not say which way is left there are no letters.
///
/// # Errors
/// [`Error::Usage`] for images of two grids, [`Error::Cancelled`].
///
/// # Examples
/// ```
/// use isocenter::{figure, volume::{Affine, Ctx, Frame, Geometry, Volume}};
///
/// let grid = Geometry::new([32; 3], Affine::from_spacing_origin([4.0; 3], [-62.0; 3]), Frame::Patient(None))?;
/// let ball = |n: usize| grid.world_of([(n % 32) as f64, (n / 32 % 32) as f64, (n / 1024) as f64]).iter().map(|v| v * v).sum::<f64>() < 1600.0;
/// let image = Volume::new((0..32_768).map(|n| f32::from(u8::from(ball(n)))).collect::<Vec<f32>>(), grid.clone())?;
/// let png = figure::of_pair(&image, &image, &Ctx::default())?;
/// assert_eq!(&png[1..4], b"PNG");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub fn of_pair(fixed: &Volume<f32>, moved: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Vec<u8>, Error> {
    if fixed.geometry().agrees_with(moved.geometry()).is_err() {
        return Err(Error::usage("a figure shows two images on one grid, and these are on two"));
    }
    Ok(report::pair_in_planes(fixed, moved, ctx)?)
}
