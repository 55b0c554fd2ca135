//! Cropping to what is there.

use crate::{Error, IndexMap, LabelMap, Real, Volume, provenance::Parameter, with_layer};

/// First voxel and size of the smallest block that holds every voxel for which `inside` is true; `None` where there is none.
///
/// `samples` hold whole 3-D steps of `shape`, `i` fastest; steps after the first count too.
pub fn bounding_box<T: Copy>(
    samples: &[T],
    shape: [usize; 3],
    inside: impl Fn(T) -> bool,
) -> Option<([usize; 3], [usize; 3])> {
    let [nx, ny, nz] = shape;
    let (mut low, mut high) = ([usize::MAX; 3], [0usize; 3]);
    for (n, row) in samples.chunks(nx.max(1)).enumerate() {
        let (j, k) = (n % ny.max(1), n / ny.max(1) % nz.max(1));
        let Some(first) = row.iter().position(|&v| inside(v)) else { continue };
        let last = row.iter().rposition(|&v| inside(v)).unwrap_or(first);
        for (a, (from, to)) in [(first, last), (j, j), (k, k)].into_iter().enumerate() {
            low[a] = low[a].min(from);
            high[a] = high[a].max(to);
        }
    }
    (low[0] != usize::MAX).then(|| (low, [0, 1, 2].map(|a| high[a] - low[a] + 1)))
}

/// A block grown by `margin` voxels on every side, clipped to `shape`.
pub fn with_margin(
    (start, size): ([usize; 3], [usize; 3]),
    margin: [usize; 3],
    shape: [usize; 3],
) -> ([usize; 3], [usize; 3]) {
    let from = [0, 1, 2].map(|a| start[a].saturating_sub(margin[a]));
    let to = [0, 1, 2].map(|a| (start[a] + size[a]).saturating_add(margin[a]).min(shape[a]));
    (from, [0, 1, 2].map(|a| to[a] - from[a]))
}

impl<T: Real> Volume<T> {
    /// The block that holds every voxel, of any slow step, whose stored value is above `above`, grown by `margin` voxels and clipped
    /// to the image: what [`Volume::crop_to_content`] keeps, to use on a label map too.
    ///
    /// # Errors
    /// [`Error::Empty`] where no voxel is above.
    pub fn map_to_content(&self, above: f64, margin: [usize; 3]) -> Result<IndexMap, Error> {
        let found = bounding_box(self.voxels(), self.shape(), |v| v.to_f64() > above);
        let block = found.ok_or(Error::Empty { what: "no voxel is above the threshold" })?;
        let (start, size) = with_margin(block, margin, self.shape());
        self.geometry().map_to_crop(start, size)
    }

    /// Crops to the voxels whose stored value is above `above`, with `margin` voxels around, as far as the image goes.
    ///
    /// # Errors
    /// [`Error::Empty`] where no voxel is above.
    pub fn crop_to_content(&self, above: f64, margin: [usize; 3]) -> Result<Self, Error> {
        let map = self.map_to_content(above, margin)?;
        Ok(self.move_voxels(&map)?.noting(
            "crop_to_content",
            [("above", Parameter::from(above)), ("margin", margin.into()), ("start", map.source_of([0; 3]).into())],
        ))
    }
}

impl LabelMap {
    /// The block that holds every labelled voxel of every layer, grown by `margin` voxels and clipped to the grid.
    ///
    /// # Errors
    /// [`Error::Empty`] where all is background.
    pub fn map_to_content(&self, margin: [usize; 3]) -> Result<IndexMap, Error> {
        let shape = self.geometry().shape();
        let boxes =
            self.layers().iter().filter_map(|l| with_layer!(l, l => bounding_box(l.as_slice(), shape, |v| v != 0)));
        let block = boxes.reduce(|(s, n), (t, m)| {
            let from = [0, 1, 2].map(|a| s[a].min(t[a]));
            (from, [0, 1, 2].map(|a| (s[a] + n[a]).max(t[a] + m[a]) - from[a]))
        });
        let block = block.ok_or(Error::Empty { what: "no voxel carries a label" })?;
        let (start, size) = with_margin(block, margin, shape);
        self.geometry().map_to_crop(start, size)
    }

    /// Crops to the labelled voxels, with `margin` voxels around, as far as the grid goes.
    ///
    /// # Errors
    /// [`Error::Empty`] where all is background.
    pub fn crop_to_content(&self, margin: [usize; 3]) -> Result<Self, Error> {
        let map = self.map_to_content(margin)?;
        Ok(self
            .move_voxels(&map)?
            .noting("crop_to_content", [("margin", Parameter::from(margin)), ("start", map.source_of([0; 3]).into())]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_box_is_tight_and_the_margin_is_clipped() {
        let mut samples = [0u8; 5 * 4 * 3];
        samples[1 + 5 * 2] = 1;
        samples[3 + 5 * (2 + 4)] = 1;
        let found = bounding_box(&samples, [5, 4, 3], |v| v > 0).unwrap();
        assert_eq!(found, ([1, 2, 0], [3, 1, 2]));
        assert_eq!(with_margin(found, [1, 1, 9], [5, 4, 3]), ([0, 1, 0], [5, 3, 3]));
        assert_eq!(bounding_box(&samples, [5, 4, 3], |v| v > 1), None);
    }
}
