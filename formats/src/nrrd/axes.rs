//! Which axes of a file are space, which are slow, which make the sample.

use isocenter_volume::SampleType;

use super::{header::Header, kinds};
use crate::Error;

/// The axes of a file by their role; numbers count the axes of the file, the fastest being 0.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Roles {
    /// What a voxel is.
    pub(super) sample: SampleType,
    /// 1 where the fastest axis is inside the sample, else 0.
    pub(super) joined: usize,
    /// One to three axes of the grid.
    pub(super) spatial: Vec<usize>,
    /// The others, fastest first.
    pub(super) slow: Vec<usize>,
}

impl Roles {
    pub(super) fn of(header: &Header) -> Result<Self, Error> {
        let axes = &header.axes;
        let sample = axes.first().and_then(|a| kinds::joined(a, header.scalar));
        let joined = usize::from(sample.is_some());
        let rest = joined..axes.len();
        let has_directions = axes.iter().any(|a| a.direction.is_some());
        let spatial: Vec<usize> = if has_directions {
            rest.clone().filter(|n| axes[*n].direction.is_some()).collect()
        } else {
            // without directions the kinds decide, and where they are silent the first three axes are space
            rest.clone().filter(|n| kinds::may_be_spatial(&axes[*n].kind)).take(3).collect()
        };
        if spatial.is_empty() || spatial.len() > 3 {
            return Err(Error::malformed("space directions", format!("{} axes of space", spatial.len()), "1 to 3"));
        }
        let slow = rest.filter(|n| !spatial.contains(n)).collect();
        Ok(Self { sample: sample.unwrap_or(header.scalar), joined, spatial, slow })
    }

    /// Order in which the file's axes (those inside the sample not counted) come in the volume.
    pub(super) fn order(&self) -> Vec<usize> {
        self.spatial.iter().chain(&self.slow).map(|n| n - self.joined).collect()
    }
}
