//! A label map: which voxel belongs to which structure.
//!
//! A type of its own, so that it cannot be interpolated as an image is. Labels of one layer exclude each other; layers may
//! overlap. 0 is background in every layer.

use std::collections::BTreeSet;

use crate::{Buffer, DynVolume, Error, Geometry, IndexMap, Limits, Orientation, Provenance, Real, with_real_volume};

/// A coded concept: scheme, value, meaning (PS3.3 8.8).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Code {
    /// Coding Scheme Designator, such as `SCT`.
    pub scheme: String,
    /// Code Value.
    pub value: String,
    /// Code Meaning.
    pub meaning: String,
}

/// What one label value of one layer stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Segment {
    /// The layer it lies in.
    pub layer: usize,
    /// Its value in that layer, above 0.
    pub value: u32,
    /// Its name.
    pub name: String,
    /// Display colour, sRGB.
    pub colour: Option<[u8; 3]>,
    /// What it is, in a coding scheme.
    pub code: Option<Code>,
}

/// Label values on a grid, with the table that names them.
#[derive(Clone, Debug)]
pub struct LabelMap {
    layers: Vec<Buffer<u32>>,
    geometry: Geometry,
    segments: Vec<Segment>,
    provenance: Provenance,
}

impl LabelMap {
    /// Joins layers (each one value per voxel, `i` fastest), grid and table.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] for a layer of another size, [`Error::Empty`] without a layer.
    pub fn new(
        layers: Vec<impl Into<Buffer<u32>>>,
        geometry: Geometry,
        mut segments: Vec<Segment>,
    ) -> Result<Self, Error> {
        let layers: Vec<Buffer<u32>> = layers.into_iter().map(Into::into).collect();
        if layers.is_empty() {
            return Err(Error::Empty { what: "a label map without a layer" });
        }
        for layer in &layers {
            if layer.len() != geometry.len() {
                return Err(Error::ShapeMismatch { wanted: geometry.len(), found: layer.len() });
            }
        }
        segments.sort_by_key(|s| (s.layer, s.value));
        Ok(Self { layers, geometry, segments, provenance: Provenance::default() })
    }

    /// Reads the first step of an image as labels, its scaling applied; slow steps after the first are further layers.
    ///
    /// # Errors
    /// [`Error::NotALabel`] for a value that is negative, fractional or too large, [`Error::SampleType`] for complex and colour.
    pub fn from_volume(volume: &DynVolume, segments: Vec<Segment>) -> Result<Self, Error> {
        let planes = volume.shape()[2];
        let plane_len = volume.shape()[0] * volume.shape()[1];
        let scaling = volume.scaling();
        let layers = with_real_volume!(volume, v => {
            (0..v.steps()).map(|step| {
                let samples = v.step(step).unwrap_or_default();
                samples.iter().enumerate().map(|(n, s)| {
                    let pair = scaling.of_plane(step * planes + n / plane_len);
                    label_of(if pair.is_identity() { s.to_f64() } else { pair.apply(s.to_f64()) })
                }).collect::<Result<Vec<u32>, Error>>()
            }).collect::<Result<Vec<_>, Error>>()?
        }, else return Err(Error::SampleType { operation: "from_volume", found: volume.sample_type() }));
        let mut map = Self::new(layers, volume.geometry().clone(), segments)?;
        map.provenance = volume.provenance().clone();
        Ok(map)
    }

    /// The same layers and grid with another table.
    #[must_use]
    pub fn with_segments(mut self, mut segments: Vec<Segment>) -> Self {
        segments.sort_by_key(|s| (s.layer, s.value));
        self.segments = segments;
        self
    }

    /// New layers of the same number on another grid; table and provenance are kept.
    ///
    /// # Errors
    /// As [`LabelMap::new`].
    pub fn with_layers(&self, layers: Vec<impl Into<Buffer<u32>>>, geometry: Geometry) -> Result<Self, Error> {
        let mut map = Self::new(layers, geometry, self.segments.clone())?;
        map.provenance = self.provenance.clone();
        Ok(map)
    }

    /// Adds one operation to the provenance.
    #[must_use]
    pub fn noting<const N: usize>(mut self, operation: &str, parameters: [(&str, String); N]) -> Self {
        self.provenance.push(operation, parameters);
        self
    }

    /// States that the world is the patient's LPS+ although the file does not say so; the override lands in the provenance.
    #[must_use]
    pub fn assume_patient_frame(mut self) -> Self {
        self.geometry = self.geometry.with_frame(crate::Frame::Patient(None));
        self.noting("assume_patient_frame", [])
    }

    /// The grid and its place.
    pub const fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// The layers, one value per voxel each.
    pub fn layers(&self) -> &[Buffer<u32>] {
        &self.layers
    }

    /// The table, by layer and value.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// What was done so far.
    pub const fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The values above 0 that occur in a layer, ascending.
    pub fn values(&self, layer: usize) -> Vec<u32> {
        let mut seen = BTreeSet::new();
        let mut last = 0;
        for &value in self.layers.get(layer).map(Buffer::as_slice).unwrap_or_default() {
            if value != last && value != 0 {
                seen.insert(value);
            }
            last = value;
        }
        seen.into_iter().collect()
    }

    /// Moves every voxel through an exact lattice map; padding is background.
    ///
    /// # Errors
    /// [`Error::GridMismatch`] for a map of another shape, [`Error::Limit`] where padding would pass the default [`Limits`].
    pub fn remap(&self, map: &IndexMap) -> Result<Self, Error> {
        let geometry = self.geometry.remap(map)?;
        if geometry.len() > self.geometry.len() {
            let [nx, ny, nz] = geometry.shape().map(|n| n as u64);
            Limits::default().check(&[nx, ny, nz, self.layers.len() as u64], 4)?;
        }
        let layers: Vec<Vec<u32>> = self.layers.iter().map(|l| map.gather(l.as_slice(), 0)).collect();
        self.with_layers(layers, geometry)
    }

    /// Permutes and flips axes to an anatomical orientation.
    ///
    /// # Errors
    /// [`Error::NoPatientFrame`].
    pub fn reorient(&self, wanted: Orientation) -> Result<Self, Error> {
        let map = self.geometry.map_to_orientation(wanted)?;
        Ok(self.remap(&map)?.noting("reorient", [("to", wanted.to_string())]))
    }
}

fn label_of(value: f64) -> Result<u32, Error> {
    if value >= 0.0 && value <= f64::from(u32::MAX) && value == value.trunc() {
        Ok(value as u32)
    } else {
        Err(Error::NotALabel { found: value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Affine, Frame, Volume};

    fn line(values: Vec<f32>) -> DynVolume {
        let g = Geometry::new([values.len(), 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        Volume::new(values, g).unwrap().into()
    }

    #[test]
    fn keeps_labels_above_2_pow_24() {
        let g = Geometry::new([2, 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        let v = Volume::new(vec![16_777_217i32, 0], g).unwrap().into();
        assert_eq!(LabelMap::from_volume(&v, vec![]).unwrap().values(0), [16_777_217]);
    }

    #[test]
    fn refuses_what_is_no_label() {
        for value in [-1.0, 0.5, f32::NAN, 5e9] {
            assert!(matches!(LabelMap::from_volume(&line(vec![value]), vec![]), Err(Error::NotALabel { .. })));
        }
    }
}
