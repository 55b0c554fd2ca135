//! How large each label is, where it lies, and over which intensities.

use std::collections::BTreeMap;

use isocenter_volume::{
    Cancelled, Ctx, Label, LabelMap, Real, Scaling, Volume, components::Pieces, stats::Running, with_layer,
};
use serde::Serialize;

use crate::{Connectivity, Error, table};

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
#[non_exhaustive]
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
/// [`Error::Volume`] for a map of several steps, [`Error::Cancelled`].
pub fn label_stats(map: &LabelMap, pieces: Option<Connectivity>, ctx: &Ctx<'_>) -> Result<Vec<LabelStats>, Error> {
    map.require_one_step("statistics of labels")?;
    let grid = map.geometry();
    let shape = grid.shape();
    let mut out = Vec::new();
    for (layer, voxels) in map.layers().iter().enumerate() {
        let sums = with_layer!(voxels, l => extents(l.as_slice(), shape, ctx))?;
        let mut counted: BTreeMap<u32, (usize, u64)> = BTreeMap::new();
        if let Some(connectivity) = pieces {
            for piece in Pieces::of_labels(map, layer, connectivity, ctx)?.components() {
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
fn extents<L: Label>(voxels: &[L], shape: [usize; 3], ctx: &Ctx<'_>) -> Result<BTreeMap<u32, Extent>, Cancelled> {
    let stage = ctx.stage("labels", shape[2] as u64);
    let mut sums: BTreeMap<u32, Extent> = BTreeMap::new();
    for (row, line) in voxels.chunks(shape[0]).enumerate() {
        let (j, k) = (row % shape[1], row / shape[1]);
        if j == 0 {
            stage.advance(1)?;
        }
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
    Ok(sums)
}

/// Intensities of an image under every label that occurs, by layer and value. Real values: the image's scaling is applied. Of an
/// image with slow axes the first step is read.
///
/// # Errors
/// [`Error::Volume`] unless both lie on one grid as stored (see [`crate::matching::bring_onto`]), [`Error::Cancelled`].
pub fn intensities<T: Real>(map: &LabelMap, image: &Volume<T>, ctx: &Ctx<'_>) -> Result<Vec<Intensity>, Error> {
    map.require_one_step("intensities under labels")?;
    map.geometry().agrees_with(image.geometry())?;
    let samples = image.step(0).unwrap_or_default();
    let plane = image.shape()[0] * image.shape()[1];
    let mut out = Vec::new();
    for (layer, voxels) in map.layers().iter().enumerate() {
        let sums = with_layer!(voxels, l => sums_of(l.as_slice(), samples, plane, image.scaling(), ctx))?;
        out.extend(sums.into_iter().map(|(value, s)| intensity(layer, value, &s)));
    }
    Ok(out)
}

/// Sums of the real values under every label, planes in order.
fn sums_of<L: Label, T: Real>(
    labels: &[L],
    samples: &[T],
    plane: usize,
    scaling: &Scaling,
    ctx: &Ctx<'_>,
) -> Result<BTreeMap<u32, Running>, Cancelled> {
    let stage = ctx.stage("intensities", labels.len().div_ceil(plane) as u64);
    let mut sums: BTreeMap<u32, Running> = BTreeMap::new();
    for (k, (labels, samples)) in labels.chunks(plane).zip(samples.chunks(plane)).enumerate() {
        let pair = scaling.of_plane(k);
        let mut last = (0, Running::EMPTY);
        for (label, &sample) in labels.iter().map(|&l| l.into()).zip(samples) {
            if label != last.0 {
                flush(&mut sums, &mut last, label);
            }
            if label != 0 {
                last.1.add(pair.apply(sample.to_f64()));
            }
        }
        flush(&mut sums, &mut last, 0);
        stage.advance(1)?;
    }
    Ok(sums)
}

/// Puts back the sums of the run that ends and takes up those of the next label.
fn flush(sums: &mut BTreeMap<u32, Running>, last: &mut (u32, Running), next: u32) {
    if last.0 != 0 {
        sums.insert(last.0, last.1);
    }
    *last = (next, sums.get(&next).copied().unwrap_or(Running::EMPTY));
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

fn intensity(layer: usize, value: u32, sums: &Running) -> Intensity {
    let (moments, extremes) = (sums.moments(), sums.extremes());
    Intensity {
        layer,
        value,
        samples: moments.count(),
        mean: moments.mean(),
        sd: moments.standard_deviation(0),
        min: extremes.min().unwrap_or(f64::INFINITY),
        max: extremes.max().unwrap_or(f64::NEG_INFINITY),
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
        let found = label_stats(&map(), Some(Connectivity::Faces6), &Ctx::default()).unwrap();
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
        let found = intensities(&map(), &image, &Ctx::default()).unwrap();
        assert_eq!((found[0].mean, found[0].min, found[0].max), (3.0, 1.0, 5.0));
        assert!((found[0].sd - (8.0f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!((found[1].mean, found[1].sd), (11.0, 0.0));
        let other = Geometry::new([4, 3, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        assert!(intensities(&map(), &Volume::new(vec![0u8; 12], other).unwrap(), &Ctx::default()).is_err());
    }
}
