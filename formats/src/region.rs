//! A part of a volume: a block of its grid, of one step or of all.

use isocenter_volume::Head;

use crate::Error;

/// A part of a volume: a block of its grid, of one step or of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Region {
    /// The first voxel along i, j, k.
    pub start: [usize; 3],
    /// Voxels along i, j, k.
    pub size: [usize; 3],
    /// The one step, counted over all slow axes; `None` for all of them.
    pub step: Option<usize>,
}

impl Region {
    /// The block of `size` voxels from voxel `start`, of all steps.
    pub const fn block(start: [usize; 3], size: [usize; 3]) -> Self {
        Self { start, size, step: None }
    }

    /// Some of a volume's k planes, of all steps.
    pub const fn planes(shape: [usize; 3], first: usize, count: usize) -> Self {
        Self::block([0, 0, first], [shape[0], shape[1], count])
    }

    /// The same block of one step.
    #[must_use]
    pub const fn of_step(mut self, step: usize) -> Self {
        self.step = Some(step);
        self
    }

    /// The head of the region of a volume, noted as cropped.
    ///
    /// # Errors
    /// [`Error::Volume`] for a block, or a step, that the volume does not have.
    pub(crate) fn head_of(&self, head: &Head) -> Result<Head, Error> {
        let mut part = match self.step {
            Some(step) => head.of_step(step)?,
            None => head.clone(),
        };
        if self.size != head.shape() {
            let map = head.geometry().map_to_crop(self.start, self.size)?;
            part = part.remap(&map)?.noting("crop", [("start", self.start), ("size", self.size)]);
        } else if self.start != [0; 3] {
            // the whole, from elsewhere: refused as the block that it is
            head.geometry().map_to_crop(self.start, self.size)?;
        }
        Ok(part)
    }
}

/// Where the samples of a region lie among all, as runs of neighbours with gaps between.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    /// Samples of a run.
    pub(crate) run: usize,
    /// Number of runs.
    pub(crate) runs: usize,
    /// Samples before the first run.
    first: usize,
    /// The first place along i, j, k and the steps, and how many.
    #[cfg(feature = "zarr")]
    pub(crate) start: [usize; 4],
    #[cfg(feature = "zarr")]
    pub(crate) size: [usize; 4],
    /// Over each axis that is not whole, but the fastest: how many places, and how far apart they are.
    axes: Vec<(usize, usize)>,
}

impl Window {
    /// The region of a volume whose head this is.
    pub(crate) fn new(head: &Head, region: &Region) -> Self {
        let [nx, ny, nz] = head.shape();
        let (step, steps) = region.step.map_or((0, head.steps()), |step| (step, 1));
        let lengths = [nx, ny, nz, head.steps()];
        let start = [region.start[0], region.start[1], region.start[2], step];
        let size = [region.size[0], region.size[1], region.size[2], steps];
        let (mut run, mut first, mut stride, mut axes) = (1, 0, 1, Vec::new());
        let mut is_joined = true;
        for axis in 0..4 {
            first += start[axis] * stride;
            if is_joined {
                run *= size[axis];
                // what follows a part of an axis is no neighbour
                is_joined = size[axis] == lengths[axis];
            } else {
                axes.push((size[axis], stride));
            }
            stride *= lengths[axis];
        }
        Self {
            run,
            runs: axes.iter().map(|a| a.0).product(),
            first,
            #[cfg(feature = "zarr")]
            start,
            #[cfg(feature = "zarr")]
            size,
            axes,
        }
    }

    /// Samples of all runs.
    pub(crate) const fn len(&self) -> usize {
        self.run * self.runs
    }

    /// Where the runs begin, ascending.
    pub(crate) fn starts(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.runs).map(|n| {
            let mut rest = n;
            self.first
                + self.axes.iter().fold(0, |at, (count, stride)| {
                    let index = rest % count;
                    rest /= count;
                    at + index * stride
                })
        })
    }
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, AxisKind, Frame, Geometry, SlowAxis};

    use super::*;

    #[test]
    fn neighbours_are_one_run() {
        let grid = Geometry::new([4, 3, 2], Affine::IDENTITY, Frame::Unknown).unwrap();
        let head = Head::new(grid).with_slow_axes(vec![SlowAxis::new(AxisKind::Time, 2).unwrap()]).unwrap();
        let of = |region: Region| {
            let window = Window::new(&head, &region);
            (window.run, window.starts().collect::<Vec<_>>())
        };
        assert_eq!(of(Region::block([0; 3], [4, 3, 2])), (48, vec![0]));
        assert_eq!(of(Region::block([0; 3], [4, 3, 2]).of_step(1)), (24, vec![24]));
        assert_eq!(of(Region::planes([4, 3, 2], 1, 1)), (12, vec![12, 36]));
        assert_eq!(of(Region::block([1, 1, 0], [2, 2, 2]).of_step(1)), (2, vec![29, 33, 41, 45]));
        assert!(Region::planes([4, 3, 2], 1, 2).head_of(&head).is_err());
        assert!(Region::block([1, 0, 0], [4, 3, 2]).head_of(&head).is_err());
        assert!(Region::planes([4, 3, 2], 0, 2).of_step(2).head_of(&head).is_err());
    }
}
