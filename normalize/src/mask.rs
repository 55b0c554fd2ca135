//! A caller's mask: which voxels a statistic is taken over.

use std::borrow::Cow;

use isocenter_volume::{Geometry, LabelMap};

use crate::Error;

/// A mask that the caller has, borrowed. For a volume with slow axes the one mask serves every step.
#[derive(Clone, Copy, Debug)]
pub enum Mask<'a> {
    /// One truth value for each voxel of one step, `i` fastest.
    Bools(&'a [bool]),
    /// Every voxel with a label above 0 in any layer. Its grid must be the image's within [`GRID_TOLERANCE_MM`].
    Labels(&'a LabelMap),
}

impl<'a> From<&'a [bool]> for Mask<'a> {
    fn from(bools: &'a [bool]) -> Self {
        Self::Bools(bools)
    }
}

impl<'a> From<&'a LabelMap> for Mask<'a> {
    fn from(labels: &'a LabelMap) -> Self {
        Self::Labels(labels)
    }
}

impl<'a> Mask<'a> {
    /// The mask as one truth value per voxel of `geometry`.
    pub(crate) fn resolve(self, geometry: &Geometry) -> Result<Cow<'a, [bool]>, Error> {
        let wanted = geometry.len();
        match self {
            Self::Bools(bools) if bools.len() == wanted => Ok(Cow::Borrowed(bools)),
            Self::Bools(bools) => Err(Error::Length { what: "the mask", wanted, found: bools.len() }),
            Self::Labels(map) => {
                if map.geometry().shape() != geometry.shape() {
                    return Err(Error::Length { what: "the mask", wanted, found: map.geometry().len() });
                }
                let corners = map.geometry().corners_mm();
                let distance_mm = corners.iter().zip(geometry.corners_mm()).fold(0.0f64, |far, (a, b)| {
                    let d = [0, 1, 2].map(|c| a[c] - b[c]);
                    far.max((d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt())
                });
                if distance_mm > GRID_TOLERANCE_MM {
                    return Err(Error::MaskElsewhere { distance_mm });
                }
                let mut bools = vec![false; wanted];
                for layer in map.layers() {
                    bools.iter_mut().zip(layer.iter()).for_each(|(b, label)| *b |= label != 0);
                }
                Ok(Cow::Owned(bools))
            }
        }
    }
}

/// How far corners of the mask's grid may lie from the image's, mm: formats store affines in f32 or as decimal text.
pub const GRID_TOLERANCE_MM: f64 = 0.1;
