//! How large each label is, where it lies, and over which intensities.

use std::collections::BTreeMap;

use isocenter_volume::{Label, LabelMap, Real, Scaling, Volume, with_layer};
use serde::Serialize;

use crate::{Connectivity, Error, components, matching, table};

/// What is known of one label.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LabelStats {
    /// Its layer.
    pub layer: usize,
    /// Its value.
    pub value: u32,
    /// Its name: the table's, else `label_<value>`.
    pub name: String,
    /// Number of voxels.
    pub voxels: u64,
    /// Volume, mm^3.
    pub volume_mm3: f64,
    /// Mean position of its voxel centres, world mm (LPS+ where the frame is the patient's).
    pub centroid_mm: [f64; 3],
    /// Smallest index along i, j, k.
    pub first: [usize; 3],
    /// Largest index along i, j, k, inclusive.
    pub last: [usize; 3],
    /// Whether a voxel of it lies on the outermost layer of an axis that has more than one: it may be cut off there.
    pub touches_border: bool,
    /// Number of connected pieces, where counted.
    pub components: Option<usize>,
    /// Voxels of the largest piece, where counted.
    pub largest_component: Option<u64>,
}

/// Intensities under one label; samples that are not finite are left out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Intensity {
    /// The layer.
    pub layer: usize,
    /// The label.
    pub value: u32,
    /// Number of finite samples.
    pub samples: u64,
    /// Mean, in the unit of the image; NaN without a sample.
    pub mean: f64,
    /// Standard deviation (`ddof` 0); NaN without a sample.
    pub sd: f64,
    /// Smallest; infinite without a sample.
    pub min: f64,
    /// Largest; infinite without a sample.
    pub max: f64,
}

/// Statistics of every label that occurs, by layer and value. Pieces are counted only with a [`Connectivity`].
///
/// # Errors
/// None in practice.
pub fn label_stats(map: &LabelMap, pieces: Option<Connectivity>) -> Result<Vec<LabelStats>, Error> {
    map.require_one_step("statistics of labels")?;
    let grid = map.geometry();
    let shape = grid.shape();
    let mut out = Vec::new();
    for (layer, voxels) in map.layers().iter().enumerate() {
        let sums = with_layer!(voxels, l => extents(l.as_slice(), shape));
        let mut counted: BTreeMap<u32, (usize, u64)> = BTreeMap::new();
        if let Some(connectivity) = pieces {
            for piece in components::components(map, layer, connectivity)? {
                let entry = counted.entry(piece.value).or_default();
                *entry = (entry.0 + 1, entry.1.max(piece.voxels));
            }
        }
        out.extend(sums.into_iter().map(|(value, extent)| {
            let mean = extent.sum.map(|s| s as f64 / extent.voxels as f64);
            LabelStats {
                layer,
                value,
                name: table::name_of(map.segments(), layer, value),
                voxels: extent.voxels,
                volume_mm3: extent.voxels as f64 * grid.voxel_volume_mm3(),
                centroid_mm: grid.world_of(mean),
                first: extent.first,
                last: extent.last,
                touches_border: (0..3)
                    .any(|a| shape[a] > 1 && (extent.first[a] == 0 || extent.last[a] + 1 == shape[a])),
                components: counted.get(&value).map(|c| c.0),
                largest_component: counted.get(&value).map(|c| c.1),
            }
        }));
    }
    Ok(out)
}

/// Where every label lies, run by run.
fn extents<L: Label>(voxels: &[L], shape: [usize; 3]) -> BTreeMap<u32, Extent> {
    let mut sums: BTreeMap<u32, Extent> = BTreeMap::new();
    for (row, line) in voxels.chunks(shape[0]).enumerate() {
        let (j, k) = (row % shape[1], row / shape[1]);
        let mut start = 0;
        while start < line.len() {
            let value = line[start];
            let end = line[start..].iter().position(|&v| v != value).map_or(line.len(), |n| start + n);
            if value != L::default() {
                sums.entry(value.into()).or_default().add(start, end, j, k);
            }
            start = end;
        }
    }
    sums
}

/// Intensities of an image under every label that occurs, by layer and value. Real values: the image's scaling is applied. Of an
/// image with slow axes the first step is read.
///
/// # Errors
/// [`Error::GridMismatch`] unless both lie on one grid as stored (see [`matching::bring_onto`]).
pub fn intensities<T: Real>(map: &LabelMap, image: &Volume<T>) -> Result<Vec<Intensity>, Error> {
    map.require_one_step("intensities under labels")?;
    same_grid(map.geometry(), image.geometry())?;
    let samples = image.step(0).unwrap_or_default();
    let plane = image.shape()[0] * image.shape()[1];
    let mut out = Vec::new();
    for (layer, voxels) in map.layers().iter().enumerate() {
        let sums = with_layer!(voxels, l => sums_of(l.as_slice(), samples, plane, image.scaling()));
        out.extend(sums.into_iter().map(|(value, s)| s.finish(layer, value)));
    }
    Ok(out)
}

/// Sums of the real values under every label, planes in order.
fn sums_of<L: Label, T: Real>(labels: &[L], samples: &[T], plane: usize, scaling: &Scaling) -> BTreeMap<u32, Sums> {
    let mut sums: BTreeMap<u32, Sums> = BTreeMap::new();
    for (k, (labels, samples)) in labels.chunks(plane).zip(samples.chunks(plane)).enumerate() {
        let pair = scaling.of_plane(k);
        let mut last: (u32, Sums) = (0, Sums::EMPTY);
        for (label, &sample) in labels.iter().map(|&l| l.into()).zip(samples) {
            if label != last.0 {
                flush(&mut sums, &mut last, label);
            }
            if label != 0 {
                last.1.add(pair.apply(sample.to_f64()));
            }
        }
        flush(&mut sums, &mut last, 0);
    }
    sums
}

/// Refuses two grids that are not one.
pub(crate) fn same_grid(a: &isocenter_volume::Geometry, b: &isocenter_volume::Geometry) -> Result<(), Error> {
    let distance_mm = matching::corner_distance(a, b);
    if a.shape() == b.shape() && distance_mm <= matching::TOLERANCE_MM {
        return Ok(());
    }
    Err(Error::GridMismatch { a: a.shape(), b: b.shape(), distance_mm })
}

/// Puts back the sums of the run that ends and takes up those of the next label.
fn flush(sums: &mut BTreeMap<u32, Sums>, last: &mut (u32, Sums), next: u32) {
    if last.0 != 0 {
        sums.insert(last.0, last.1);
    }
    *last = (next, sums.get(&next).copied().unwrap_or(Sums::EMPTY));
}

#[derive(Default)]
struct Extent {
    voxels: u64,
    sum: [u64; 3],
    first: [usize; 3],
    last: [usize; 3],
}

impl Extent {
    /// Adds the voxels `start..end` of a row.
    fn add(&mut self, start: usize, end: usize, j: usize, k: usize) {
        let n = (end - start) as u64;
        let (low, high) = ([start, j, k], [end - 1, j, k]);
        if self.voxels == 0 {
            (self.first, self.last) = (low, high);
        }
        for a in 0..3 {
            self.first[a] = self.first[a].min(low[a]);
            self.last[a] = self.last[a].max(high[a]);
        }
        self.voxels += n;
        // the sum of start..end is an exact whole number
        self.sum[0] += n * (start + end - 1) as u64 / 2;
        self.sum[1] += n * j as u64;
        self.sum[2] += n * k as u64;
    }
}

/// Sums about the first value seen, which keeps the digits of the spread.
#[derive(Clone, Copy)]
struct Sums {
    samples: u64,
    about: f64,
    sum: f64,
    squares: f64,
    min: f64,
    max: f64,
}

impl Sums {
    const EMPTY: Self =
        Self { samples: 0, about: 0.0, sum: 0.0, squares: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY };

    fn add(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        if self.samples == 0 {
            self.about = value;
        }
        let d = value - self.about;
        self.samples += 1;
        self.sum += d;
        self.squares += d * d;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    fn finish(self, layer: usize, value: u32) -> Intensity {
        let n = self.samples as f64;
        let mean = self.sum / n;
        let variance = (self.squares / n - mean * mean).max(0.0);
        let sd = if self.samples == 0 { f64::NAN } else { variance.sqrt() };
        Intensity { layer, value, samples: self.samples, mean: self.about + mean, sd, min: self.min, max: self.max }
    }
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame, Geometry, Rescale, Scaling, Unit};

    use super::*;

    fn map() -> LabelMap {
        let affine = Affine::from_spacing_origin([2.0, 2.0, 5.0], [10.0, 0.0, 0.0]);
        let grid = Geometry::new([4, 3, 1], affine, Frame::Patient(None)).unwrap();
        LabelMap::new(vec![vec![0u32, 7, 7, 7, 0, 0, 9, 0, 0, 0, 0, 0]], grid, vec![]).unwrap()
    }

    #[test]
    fn counts_what_can_be_counted_by_hand() {
        let found = label_stats(&map(), Some(Connectivity::Faces6)).unwrap();
        assert_eq!(found.len(), 2);
        let (seven, nine) = (&found[0], &found[1]);
        assert_eq!((seven.value, seven.voxels, seven.volume_mm3, seven.components), (7, 3, 60.0, Some(1)));
        assert_eq!((seven.first, seven.last, seven.touches_border), ([1, 0, 0], [3, 0, 0], true));
        assert_eq!(seven.centroid_mm, [14.0, 0.0, 0.0]);
        assert_eq!((nine.centroid_mm, nine.touches_border), ([14.0, 2.0, 0.0], false));
    }

    #[test]
    fn intensities_are_real_values() {
        let grid = map().geometry().clone();
        let stored: Vec<i16> = (0..12).collect();
        let hu = Scaling::uniform(Rescale::new(2.0, -1.0).unwrap(), Unit::Hu);
        let image = Volume::new(stored, grid).unwrap().with_scaling(hu).unwrap();
        let found = intensities(&map(), &image).unwrap();
        assert_eq!((found[0].mean, found[0].min, found[0].max), (3.0, 1.0, 5.0));
        assert!((found[0].sd - (8.0f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!((found[1].mean, found[1].sd), (11.0, 0.0));
        let other = Geometry::new([4, 3, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        assert!(intensities(&map(), &Volume::new(vec![0u8; 12], other).unwrap()).is_err());
    }
}
