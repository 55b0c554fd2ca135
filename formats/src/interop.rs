//! To and from the types of the crate `nifti`, in memory.
//!
//! Its [`nifti::InMemNiftiObject`] holds a NIfTI-1 header, extensions, and the voxels as bytes; what NIfTI-1 cannot hold is refused
//! as it is by [`crate::write()`].

use nifti::{InMemNiftiObject, NiftiObject};

use crate::{Error, File, ReadOptions, WriteOptions};

impl TryFrom<&File> for InMemNiftiObject {
    type Error = Error;

    fn try_from(file: &File) -> Result<Self, Error> {
        let bytes = crate::write_bytes(file, "nii", &WriteOptions::default())?;
        Self::from_reader(bytes.as_slice()).map_err(|e| Error::io(std::io::Error::other(e)))
    }
}

impl TryFrom<&InMemNiftiObject> for File {
    type Error = Error;

    fn try_from(object: &InMemNiftiObject) -> Result<Self, Error> {
        let extensions = object.extensions().iter().map(|e| (e.code(), e.data().as_slice()));
        crate::nifti::read_parts(object.header(), extensions, object.volume().raw_data(), &ReadOptions::default())
    }
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame, Geometry, Rescale, Scaling, Unit, Volume};

    use super::*;

    #[test]
    fn round_trips_through_the_other_crate() {
        let affine = Affine::from_spacing_origin([2.0, 2.0, 3.0], [-10.0, -20.0, 30.0]);
        let geometry = Geometry::new([3, 1, 1], affine, Frame::Patient(None)).unwrap();
        let scaling = Scaling::uniform(Rescale::new(0.5, -3.0).unwrap(), Unit::Arbitrary);
        let volume = Volume::new(vec![-7i32, 0, 16_777_217], geometry).unwrap().with_scaling(scaling).unwrap();
        let file = File::from_volume(volume.into()).with_label_table(vec![(1, "liver".to_owned())]);
        let back = File::try_from(&InMemNiftiObject::try_from(&file).unwrap()).unwrap();
        assert_eq!(back.volume.geometry(), file.volume.geometry());
        assert_eq!(back.volume.scaling(), file.volume.scaling());
        assert_eq!(back.label_table, file.label_table);
        assert_eq!(back.volume.samples().get::<i32>().unwrap().as_slice(), [-7, 0, 16_777_217]);
    }
}
