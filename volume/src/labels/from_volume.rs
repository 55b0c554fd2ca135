//! Labels from the samples of a file.

use super::{Label, LabelMap, Layer, Segment};
use crate::{AxisKind, Buffer, DynVolume, Error, Head, Real, Rescale, Scaling, SlowAxis, with_real_samples};

impl LabelMap {
    /// Reads an image as labels, its scaling applied. Layers come from a [`AxisKind::Layer`] or [`AxisKind::Channel`] axis, or one
    /// of which the file does not say what it is; time, echo and the other axes of an acquisition stay slow axes. Unscaled u8,
    /// u16 and u32 samples are shared, not copied; others take the smallest type that holds them.
    ///
    /// # Errors
    /// [`Error::NotALabel`] for a value that is negative, fractional or too large, [`Error::SampleType`] for complex and colour, and
    /// those of [`LabelMap::new`].
    pub fn from_volume(volume: &DynVolume, segments: Vec<Segment>) -> Result<Self, Error> {
        let all = labels_of(volume)?;
        let count = Self::layers_in(volume.head());
        let slow: Vec<SlowAxis> = volume.slow_axes().iter().filter(|a| !is_layers(a)).cloned().collect();
        let mut places: Vec<Vec<usize>> = vec![Vec::new(); count];
        for step in 0..volume.steps() {
            let place = volume.head().indices_of(step).unwrap_or_default();
            let axes = volume.slow_axes().iter().zip(place).filter(|(axis, _)| is_layers(axis));
            let (layer, _) = axes.fold((0, 1), |(layer, stride), (axis, n)| (layer + n * stride, stride * axis.len()));
            places[layer].push(step);
        }
        let len = volume.geometry().len();
        let layers = places.iter().map(|steps| all.of_steps(steps, len)).collect();
        let map = Self::with_slow_axes(layers, volume.geometry().clone(), slow, segments)?;
        Ok(map.with_provenance(volume.provenance().clone()))
    }

    /// How many layers [`LabelMap::from_volume`] finds in a volume of this head.
    pub fn layers_in(head: &Head) -> usize {
        head.slow_axes().iter().filter(|a| is_layers(a)).map(SlowAxis::len).product()
    }
}

/// Whether the steps of an axis are layers rather than moments of an acquisition.
const fn is_layers(axis: &SlowAxis) -> bool {
    matches!(axis.kind(), AxisKind::Layer | AxisKind::Channel | AxisKind::Other(_))
}

impl Layer {
    /// The values of some steps of `len` voxels; shared where they lie side by side.
    fn of_steps(&self, steps: &[usize], len: usize) -> Self {
        let first = steps.first().copied().unwrap_or(0);
        if steps.iter().enumerate().all(|(n, s)| *s == first + n)
            && let Some(part) = self.slice(first * len..(first + steps.len()) * len)
        {
            return part;
        }
        fn pick<L: Label>(values: &Buffer<L>, steps: &[usize], len: usize) -> Vec<L> {
            steps.iter().flat_map(|s| values.get(s * len..(s + 1) * len).unwrap_or_default()).copied().collect()
        }
        crate::with_layer!(self, l => pick(l, steps, len).into())
    }
}

/// Every sample as a label.
fn labels_of(volume: &DynVolume) -> Result<Layer, Error> {
    let (samples, scaling) = (volume.samples(), volume.scaling());
    if scaling.is_identity() {
        if let Some(shared) = samples.get::<u8>() {
            return Ok(shared.clone().into());
        }
        if let Some(shared) = samples.get::<u16>() {
            return Ok(shared.clone().into());
        }
        if let Some(shared) = samples.get::<u32>() {
            return Ok(shared.clone().into());
        }
    }
    let plane_len = volume.shape()[0] * volume.shape()[1];
    let found = samples.sample_type();
    with_real_samples!(samples, s => Ok(Layer::smallest(converted(s, scaling, plane_len)?)),
        else Err(Error::SampleType { operation: "from_volume", found }))
}

fn converted<T: Real>(samples: &Buffer<T>, scaling: &Scaling, plane_len: usize) -> Result<Vec<u32>, Error> {
    let mut labels = Vec::with_capacity(samples.len());
    for (plane, samples) in samples.chunks(plane_len).enumerate() {
        let pair = scaling.of_plane(plane);
        for &sample in samples {
            labels.push(label_of(sample, pair)?);
        }
    }
    Ok(labels)
}

fn label_of<T: Real>(sample: T, pair: Rescale) -> Result<u32, Error> {
    let stored = sample.to_f64();
    let value = if pair.is_identity() { stored } else { pair.apply(stored) };
    if value >= 0.0 && value <= f64::from(u32::MAX) && value == value.trunc() {
        Ok(value as u32)
    } else {
        Err(Error::NotALabel { found: value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Affine, Frame, Geometry, SampleType, Volume, Voxel};

    fn line<T: Voxel>(values: Vec<T>) -> DynVolume
    where
        DynVolume: From<Volume<T>>,
    {
        let g = Geometry::new([values.len(), 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        Volume::new(values, g).unwrap().into()
    }

    #[test]
    fn keeps_labels_above_2_pow_24() {
        assert_eq!(LabelMap::from_volume(&line(vec![16_777_217i32, 0]), vec![]).unwrap().values(0), [16_777_217]);
    }

    #[test]
    fn refuses_what_is_no_label() {
        for value in [-1.0, 0.5, f32::NAN, 5e9] {
            assert!(matches!(LabelMap::from_volume(&line(vec![value]), vec![]), Err(Error::NotALabel { .. })));
        }
    }

    #[test]
    fn unscaled_labels_are_not_copied() {
        let volume = line(vec![1u16, 300]);
        let map = LabelMap::from_volume(&volume, vec![]).unwrap();
        assert!(map.layers()[0].get::<u16>().unwrap().is_same_memory(volume.samples().get::<u16>().unwrap()));
        assert_eq!(LabelMap::from_volume(&line(vec![7i64]), vec![]).unwrap().layers()[0].sample_type(), SampleType::U8);
    }

    #[test]
    fn time_points_are_steps_and_channels_are_layers() {
        let g = Geometry::new([1, 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        let axes = [(AxisKind::Channel, 2), (AxisKind::Time, 3)].map(|(k, n)| SlowAxis::new(k, n).unwrap());
        let head = Head::new(g).with_slow_axes(axes.to_vec()).unwrap();
        let volume = DynVolume::from_parts(head, vec![1u8, 2, 3, 4, 5, 6]).unwrap();
        let map = LabelMap::from_volume(&volume, vec![]).unwrap();
        assert_eq!((map.layers().len(), map.steps()), (2, 3));
        assert!(map.layers()[0] == [1u8, 3, 5] && map.layers()[1] == [2u8, 4, 6]);
        let second = map.extract_step(1).unwrap();
        assert!(second.layers()[0] == [3u8] && second.steps() == 1 && map.extract_step(3).is_err());
        assert!(map.require_one_step("overlap").is_err());
    }
}
