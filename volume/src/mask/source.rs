//! Masks made from what else says which voxels are meant.

use super::Mask;
use crate::{Error, Label, LabelMap, Real, Volume, with_layer};

impl Mask {
    /// The voxels of an image's first step whose real value is finite and above a threshold (in the image's unit).
    pub fn above<T: Real>(image: &Volume<T>, threshold: f64) -> Self {
        Self::of_values(image, |value| value > threshold)
    }

    /// The voxels of an image's first step whose real value is finite and passes a test.
    pub fn of_values<T: Real>(image: &Volume<T>, passes: impl Fn(f64) -> bool + Sync) -> Self {
        let inside = |value: f64| value.is_finite() && passes(value);
        let samples = image.step(0).unwrap_or_default();
        let grid = image.geometry().clone();
        let plane = grid.shape()[0] * grid.shape()[1];
        match image.scaling().as_uniform() {
            Some(pair) if pair.is_identity() => {
                Self::from_fn(grid, |n| samples.get(n).is_some_and(|s| inside(s.to_f64())))
            }
            Some(pair) => Self::from_fn(grid, |n| samples.get(n).is_some_and(|s| inside(pair.apply(s.to_f64())))),
            None => Self::from_fn(grid, |n| {
                samples.get(n).is_some_and(|s| inside(image.scaling().of_plane(n / plane).apply(s.to_f64())))
            }),
        }
    }

    /// The voxels that carry a label in any layer.
    ///
    /// # Errors
    /// [`Error::SlowSteps`] for a map of several steps.
    pub fn of_labels(map: &LabelMap) -> Result<Self, Error> {
        let mut layers = (0..map.layers().len()).map(|layer| Self::of_layer(map, layer));
        let first = layers.next().unwrap_or_else(|| Ok(Self::none(map.geometry().clone())))?;
        layers.try_fold(first, |all, layer| all.or(&layer?))
    }

    /// The voxels that carry a label in one layer.
    ///
    /// # Errors
    /// [`Error::BadStep`] for a layer that is not there, [`Error::SlowSteps`] for a map of several steps.
    pub fn of_layer(map: &LabelMap, layer: usize) -> Result<Self, Error> {
        Self::where_label(map, layer, |value| value != 0)
    }

    /// The voxels that carry one of some labels in one layer.
    ///
    /// # Errors
    /// [`Error::BadStep`] for a layer that is not there, [`Error::SlowSteps`] for a map of several steps.
    pub fn of_some_labels(map: &LabelMap, layer: usize, values: &[u32]) -> Result<Self, Error> {
        Self::where_label(map, layer, |value| values.contains(&value))
    }

    fn where_label(map: &LabelMap, layer: usize, wanted: impl Fn(u32) -> bool + Sync) -> Result<Self, Error> {
        map.require_one_step("a mask of labels")?;
        let layers = map.layers();
        let layer = layers.get(layer).ok_or(Error::BadStep { axis: 0, len: layers.len(), step: layer })?;
        Ok(with_layer!(layer, l => {
            let values = l.as_slice();
            Self::from_fn(map.geometry().clone(), |n| values.get(n).is_some_and(|&v| wanted(v.value())))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Affine, Frame, Geometry, Rescale, Scaling, Unit};

    #[test]
    fn labels_and_thresholds_say_which_voxels_are_meant() {
        let grid = Geometry::new([2, 1, 2], Affine::IDENTITY, Frame::Unknown).unwrap();
        let map = LabelMap::new(vec![vec![0u32, 3, 7, 0], vec![1, 0, 0, 0]], grid.clone(), vec![]).unwrap();
        let list = |mask: Mask| mask.iter().collect::<Vec<_>>();
        assert_eq!(list(Mask::of_labels(&map).unwrap()), [0, 1, 2]);
        assert_eq!(list(Mask::of_layer(&map, 1).unwrap()), [0]);
        assert_eq!(list(Mask::of_some_labels(&map, 0, &[7, 9]).unwrap()), [2]);
        assert!(Mask::of_layer(&map, 2).is_err());
        let pairs = [1.0, 10.0].map(|slope| Rescale::new(slope, 0.0).unwrap()).to_vec();
        let image = Volume::new(vec![1i16, 5, 1, 5], grid).unwrap();
        assert_eq!(list(Mask::above(&image, 4.0)), [1, 3]);
        let image = image.with_scaling(Scaling::per_plane(pairs, Unit::Counts)).unwrap();
        assert_eq!(list(Mask::above(&image, 4.0)), [1, 2, 3]);
        let odd = Volume::new(vec![f32::INFINITY, 5.0, f32::NAN, 1.0], image.geometry().clone()).unwrap();
        assert_eq!(list(Mask::above(&odd, 4.0)), [1]);
        assert_eq!(list(Mask::of_values(&odd, |_| true)), [1, 3]);
    }
}
