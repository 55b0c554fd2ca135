//! How a template lies on an image.

use isocenter_volume::{Affine, Frame, Geometry, Mask};

use super::Error;

/// How a template's world lies on an image's: an affine of points, LPS millimetres on both sides, with its direction named.
///
/// Registrations say "fixed to moving": with the image fixed and the template moving, what greedy, ANTs and ITK write takes a point of the image to
/// one of the template ([`Alignment::template_from_image`]). RAS matrices pass [`Affine::from_ras_to_ras`] first.
///
/// ```
/// use isocenter_deid::{faces::Alignment, volume::Affine};
/// let (there, back) = ([5.0, 0.0, 0.0], [-5.0, 0.0, 0.0]);
/// let one = Alignment::template_from_image(Affine::translation_by(there))?;
/// assert_eq!(one, Alignment::image_from_template(Affine::translation_by(back))?);
/// assert!(Alignment::image_from_template(Affine::from_rows([[0.0; 4]; 3])).is_err());
/// # Ok::<_, isocenter_deid::faces::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    image_from_template: Affine,
    frame: Frame,
}

impl Alignment {
    /// By the map that takes a point of the image to the same place of the template.
    ///
    /// # Errors
    /// [`Error::BadAlignment`].
    pub fn template_from_image(map: Affine) -> Result<Self, Error> {
        Self::image_from_template(map.inverse().ok_or(Error::BadAlignment)?)
    }

    /// By the map that takes a point of the template to the same place of the image.
    ///
    /// # Errors
    /// [`Error::BadAlignment`].
    pub fn image_from_template(map: Affine) -> Result<Self, Error> {
        map.inverse().filter(|_| map.is_finite()).ok_or(Error::BadAlignment)?;
        Ok(Self { image_from_template: map, frame: Frame::Patient(None) })
    }

    /// Names the Frame of Reference UID of the image, so that no image of another is touched.
    #[must_use]
    pub fn in_frame(mut self, uid: impl Into<String>) -> Self {
        self.frame = Frame::Patient(Some(uid.into()));
        self
    }

    /// A mask of the template (its face, its brain) in the image's world. No voxel is resampled: the grid moves.
    ///
    /// # Errors
    /// [`Error::Volume`] where the grid becomes none.
    pub fn place(&self, mask: &Mask) -> Result<Mask, Error> {
        let grid = mask.geometry();
        let affine = self.image_from_template.compose(grid.affine());
        let placed = Geometry::new(grid.shape(), affine, self.frame.clone())?;
        Ok(Mask::from_words(mask.words().to_vec(), placed)?)
    }
}
