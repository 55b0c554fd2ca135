//! Mosaics: slices as tiles of one picture. Every voxel says where it lies, so that a tile in another place is seen.

pub(crate) mod made;
mod order;
mod refused;
mod siemens;
mod united_imaging;
