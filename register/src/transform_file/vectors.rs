//! A volume of vectors as a field of displacements.

use isocenter_volume::{Volume, world_map::DisplacementField};

use super::Error;

/// The field of a volume with three real values for each voxel: a displacement in LPS mm, fixed to moving, as ITK and ANTs write it into NIfTI
/// (intent 1007, `1Warp.nii.gz`) or NRRD.
///
/// The volume comes from `isocenter_formats::read` and `to_real`. Fields of FSL and AFNI are in other frames, and are not told apart by
/// their voxels: the caller must know whose they are. NRRD and MetaImage of ITK in a `left-posterior-superior` space hold the same vectors.
///
/// # Errors
/// [`Error::Unsupported`] for another number of values a voxel, or a volume that does not say which way is left, [`Error::Broken`] for a
/// displacement that is not finite.
///
/// # Examples
/// ```
/// use isocenter_register::transform_file;
/// use isocenter_volume::{Affine, AxisKind, Frame, Geometry, Head, SlowAxis, Volume, WorldMap};
///
/// let grid = Geometry::new([2, 1, 1], Affine::from_spacing_origin([10.0, 1.0, 1.0], [0.0; 3]), Frame::Patient(None))?;
/// let head = Head::new(grid).with_slow_axes(vec![SlowAxis::new(AxisKind::Channel, 3)?])?;
/// // all x, then all y, then all z
/// let warp = Volume::from_parts(head, vec![0.0f32, 0.0, 0.0, 4.0, 1.0, 1.0])?;
/// let field = transform_file::field_of(&warp)?;
/// assert_eq!(field.map([5.0, 0.0, 0.0]), [5.0, 2.0, 1.0]); // halfway between the two voxels
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub fn field_of(volume: &Volume<f32>) -> Result<DisplacementField, Error> {
    if volume.steps() != 3 {
        let found = format!("a volume of {} values for each voxel, where a field has three", volume.steps());
        return Err(Error::Unsupported { found });
    }
    if !volume.geometry().frame().is_patient() {
        return Err(Error::Unsupported { found: "a field that does not say which way is left".to_owned() });
    }
    let count = volume.geometry().len();
    let all = volume.voxels();
    let vectors: Vec<[f32; 3]> = (0..count).map(|n| [all[n], all[n + count], all[n + 2 * count]]).collect();
    DisplacementField::new(vectors, volume.geometry().clone()).map_err(|why| Error::broken("field", why.to_string()))
}
