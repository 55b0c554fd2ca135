//! Masks of one grid joined voxel by voxel.

use super::Mask;
use crate::Error;

impl Mask {
    /// What both select.
    ///
    /// # Errors
    /// [`Error::GridMismatch`].
    pub fn and(&self, other: &Self) -> Result<Self, Error> {
        self.joined(other, |a, b| a & b)
    }

    /// What either selects.
    ///
    /// # Errors
    /// [`Error::GridMismatch`].
    pub fn or(&self, other: &Self) -> Result<Self, Error> {
        self.joined(other, |a, b| a | b)
    }

    /// What this one selects and the other does not.
    ///
    /// # Errors
    /// [`Error::GridMismatch`].
    pub fn without(&self, other: &Self) -> Result<Self, Error> {
        self.joined(other, |a, b| a & !b)
    }

    /// What this one does not select.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self::packed(self.words().iter().map(|w| !w).collect(), self.geometry().clone())
    }

    fn joined(&self, other: &Self, op: impl Fn(u64, u64) -> u64) -> Result<Self, Error> {
        self.require_on(other.geometry())?;
        let words = self.words().iter().zip(other.words()).map(|(&a, &b)| op(a, b)).collect();
        Ok(Self::packed(words, self.geometry().clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Affine, Frame, Geometry};

    #[test]
    fn grids_are_compared_in_millimetres_and_frames() {
        let at = |x: f64, frame| Geometry::new([3, 1, 1], Affine::translation_by([x, 0.0, 0.0]), frame).unwrap();
        let mask = Mask::full(at(0.0, Frame::Patient(None)));
        assert!(mask.require_on(&at(0.05, Frame::Patient(Some("1.2".into())))).is_ok());
        for other in [at(0.2, Frame::Patient(None)), at(0.0, Frame::Pixel), at(0.0, Frame::Unknown)] {
            assert!(matches!(mask.require_on(&other), Err(Error::GridMismatch { .. } | Error::FrameMismatch { .. })));
            assert!(mask.and(&Mask::full(other)).is_err());
        }
        assert_eq!(mask.onto(&at(0.05, Frame::Patient(None))).unwrap().geometry().origin_mm()[0], 0.05);
    }
}
