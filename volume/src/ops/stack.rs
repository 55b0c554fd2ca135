//! Joining volumes: as steps of a new slow axis, or as blocks of planes along k.

use crate::provenance::{Operation, Provenance};
use crate::{Affine, Error, Geometry, Head, LabelMap, Layer, Scaling, SlowAxis, Volume, Voxel};

impl<T: Voxel> Volume<T> {
    /// Joins volumes of one grid as the steps of a new slow axis, the slowest. Meta is the first one's, provenance keeps the
    /// histories of all.
    ///
    /// # Errors
    /// [`Error::Empty`] without a volume, [`Error::GridMismatch`] for grids, slow axes or units that differ, [`Error::FrameMismatch`],
    /// [`Error::BadStep`] where the axis has another number of steps.
    pub fn stack(volumes: &[Self], axis: SlowAxis) -> Result<Self, Error> {
        let first = volumes.first().ok_or(Error::Empty { what: "no volume to stack" })?;
        if axis.len() != volumes.len() {
            return Err(Error::BadStep { axis: first.slow_axes().len(), len: axis.len(), step: volumes.len() });
        }
        for volume in volumes {
            first.geometry().agrees_with(volume.geometry())?;
            require_same_kind(first, volume)?;
        }
        let voxels: Vec<T> = volumes.iter().flat_map(|v| v.voxels()).copied().collect();
        let mut slow_axes = first.slow_axes().to_vec();
        slow_axes.push(axis);
        let pairs = volumes.iter().flat_map(|v| (0..v.shape()[2] * v.steps()).map(|plane| v.scaling().of_plane(plane)));
        let scaling = Scaling::per_plane(pairs.collect(), first.scaling().unit().clone());
        let head = Head::new(first.geometry().clone()).with_slow_axes(slow_axes)?.with_scaling(scaling)?;
        Self::from_parts(joined_head(head, "stack", volumes), voxels)
    }

    /// Joins volumes whose grids continue each other along k, in the order given; the inverse of [`Volume::slice`] along axis 2.
    /// Meta is the first one's, provenance keeps the histories of all.
    ///
    /// # Errors
    /// [`Error::Empty`] without a volume, [`Error::GridMismatch`] where a grid does not go on where the one before ends, or slow
    /// axes or units differ.
    pub fn stack_planes(volumes: &[Self]) -> Result<Self, Error> {
        let first = volumes.first().ok_or(Error::Empty { what: "no volume to stack" })?;
        let geometry = joined_geometry(volumes.iter().map(Self::geometry))?;
        for volume in volumes {
            require_same_kind(first, volume)?;
        }
        let mut voxels = Vec::with_capacity(geometry.len() * first.steps());
        for step in 0..first.steps() {
            volumes.iter().for_each(|v| voxels.extend_from_slice(v.step(step).unwrap_or_default()));
        }
        let pairs = (0..first.steps()).flat_map(|step| {
            volumes.iter().flat_map(move |v| {
                let planes = v.shape()[2];
                (0..planes).map(move |k| v.scaling().of_plane(step * planes + k))
            })
        });
        let scaling = Scaling::per_plane(pairs.collect(), first.scaling().unit().clone());
        let head = Head::new(geometry).with_slow_axes(first.slow_axes().to_vec())?.with_scaling(scaling)?;
        Self::from_parts(joined_head(head, "stack_planes", volumes), voxels)
    }
}

impl LabelMap {
    /// Joins label maps whose grids continue each other along k; the table is the first one's, provenance keeps the histories of
    /// all.
    ///
    /// # Errors
    /// [`Error::Empty`] without a map, [`Error::GridMismatch`] where a grid does not go on where the one before ends, or the numbers of
    /// layers differ; [`Error::SlowSteps`] for maps of several steps.
    pub fn stack_planes(maps: &[Self]) -> Result<Self, Error> {
        let first = maps.first().ok_or(Error::Empty { what: "no label map to stack" })?;
        let geometry = joined_geometry(maps.iter().map(Self::geometry))?;
        if maps.iter().any(|m| m.layers().len() != first.layers().len()) {
            return Err(Error::GridMismatch { what: "numbers of layers".to_owned() });
        }
        maps.iter().try_for_each(|m| m.require_one_step("stack_planes"))?;
        let layers = (0..first.layers().len())
            .map(|l| Layer::smallest(maps.iter().flat_map(|m| m.layers()[l].iter()).collect()))
            .collect();
        let others = maps[1..].iter().map(|m| m.provenance().clone()).collect();
        Ok(first.with_layers(layers, geometry)?.with_provenance(joined(first.provenance(), "stack_planes", others)))
    }
}

fn require_same_kind<T: Voxel>(a: &Volume<T>, b: &Volume<T>) -> Result<(), Error> {
    if a.slow_axes() != b.slow_axes() {
        return Err(Error::GridMismatch { what: "slow axes".to_owned() });
    }
    if a.scaling().unit() != b.scaling().unit() {
        return Err(Error::GridMismatch { what: "units of the samples".to_owned() });
    }
    Ok(())
}

/// The first volume's meta, and the histories of all.
fn joined_head<T: Voxel>(head: Head, operation: &str, volumes: &[Volume<T>]) -> Head {
    let others = volumes[1..].iter().map(|v| v.provenance().clone()).collect();
    head.with_meta(volumes[0].meta().clone()).with_provenance(joined(volumes[0].provenance(), operation, others))
}

fn joined(first: &Provenance, operation: &str, others: Vec<Provenance>) -> Provenance {
    let count = others.len() + 1;
    let mut all = first.clone();
    all.add(Operation::new(operation, [("inputs", count)]).with_inputs(others));
    all
}

/// The grid of blocks of planes that continue each other along k.
fn joined_geometry<'a>(mut parts: impl Iterator<Item = &'a Geometry>) -> Result<Geometry, Error> {
    let first = parts.next().ok_or(Error::Empty { what: "no grid to join" })?;
    let [nx, ny, mut planes] = first.shape();
    for part in parts {
        // the grid that the first would have if it went on to here
        let shift = Affine::translation_by([0.0, 0.0, planes as f64]);
        let go_on = Geometry::new([nx, ny, part.shape()[2]], first.affine().compose(&shift), first.frame().clone())?;
        go_on.agrees_with(part)?;
        planes += part.shape()[2];
    }
    Geometry::new([nx, ny, planes], *first.affine(), first.frame().clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Affine, AxisKind, Frame, Quantity, Rescale};

    fn numbered(shape: [usize; 3]) -> Volume<u16> {
        let affine = Affine::from_columns([[0.9, 0.1, 0.0], [-0.1, 0.9, 0.2], [0.3, 0.0, 2.0]], [4.0, 5.0, 6.0]);
        let geometry = Geometry::new(shape, affine, Frame::Patient(None)).unwrap();
        Volume::new((0..geometry.len() as u16).collect::<Vec<_>>(), geometry).unwrap()
    }

    #[test]
    fn stacked_slices_are_the_volume() {
        let whole = numbered([4, 3, 5]);
        let parts = [0..1, 1..4, 4..5].map(|r| whole.slice(2, r).unwrap());
        let back = Volume::stack_planes(&parts).unwrap();
        assert_eq!((back.voxels(), back.geometry()), (whole.voxels(), whole.geometry()));
        assert!(Volume::stack_planes(&[parts[1].clone(), parts[0].clone()]).is_err(), "the order matters");
    }

    #[test]
    fn a_new_slow_axis_gives_its_steps_back() {
        let (a, b) = (numbered([2, 2, 2]), numbered([2, 2, 2]));
        let both =
            Volume::stack(&[a.clone(), b], SlowAxis::numbered(AxisKind::Time, Quantity::Time, vec![0.0, 1.5]).unwrap())
                .unwrap();
        assert_eq!(both.steps(), 2);
        let second = both.extract_step(1).unwrap();
        assert_eq!(second.voxels(), a.voxels());
        assert!(std::ptr::eq(second.voxels(), both.step(1).unwrap()), "a step is shared, not copied");
        assert!(Volume::stack(&[a], SlowAxis::new(AxisKind::Time, 2).unwrap()).is_err());
    }

    #[test]
    fn different_scalings_become_one_for_each_plane() {
        let pair = Rescale::new(2.0, 0.0).unwrap();
        let a = numbered([2, 2, 2]);
        let b = numbered([2, 2, 2]).with_scaling(Scaling::uniform(pair, Default::default())).unwrap();
        let both = Volume::stack(&[a, b], SlowAxis::new(AxisKind::Time, 2).unwrap()).unwrap();
        assert_eq!(both.scaling().as_per_plane().map(<[_]>::len), Some(4));
        assert_eq!(both.extract_step(1).unwrap().scaling().as_uniform(), Some(pair));
    }
}
