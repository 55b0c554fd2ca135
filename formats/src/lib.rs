//! Files that hold a volume: NIfTI, NRRD, MetaImage, MGH and more, read and written without losing a bit.
//!
//! [`read()`] chooses the format by what the file holds, never by its name, and gives a [`File`]: voxels in the type that the file
//! has, their scaling kept apart, their place as an LPS+ millimetre affine, every free text by field name, the label table where
//! there is one, and what was odd as [`Warning`]s. [`write()`] chooses by extension, writes beside and renames, and gives the same
//! bytes for the same file on every machine.
//!
//! | Format | Extensions | Read | Write |
//! |---|---|---|---|
//! | NIfTI-1 | `.nii`, `.nii.gz`, `.hdr` + `.img` | yes | yes |
//! | NIfTI-2 | the same | yes | yes, by [`WriteOptions::with_nifti2`] |
//! | NRRD | `.nrrd`, `.seg.nrrd`, `.nhdr` + `.raw`, or data files of any name | raw, gzip, bzip2, text, hex | raw, gzip |
//! | MetaImage | `.mha`, `.mhd` + `.raw`, or data files of any name | raw, zlib, text | raw, zlib |
//! | MGH | `.mgz`, `.mgh`, `.mgh.gz` | yes | yes |
//! | NumPy | `.npy` | yes | yes |
//! | NumPy archive | `.npz` | one array, or [`ReadOptions::with_name`] | yes |
//! | HDF5 | `.h5`, `.hdf5` | ITK's image, one data set, or by name | as ITK's image |
//! | MINC 2 | `.mnc` | yes | no |
//! | safetensors | `.safetensors` | one tensor, or by name | yes |
//! | JNIfTI | `.jnii`, `.bnii` | lists, typed and annotated arrays; zlib, gzip, base64 | zlib |
//! | VTK, structured points | `.vtk` | binary, text | binary |
//! | GIPL | `.gipl`, `.gipl.gz` | yes | yes |
//! | Analyze 7.5 | `.hdr` + `.img` | yes | yes, by [`WriteOptions::with_analyze`] |
//! | ECAT 7 | `.v` | volumes of 16 bits | no |
//! | PAR/REC | `.PAR` + `.REC` | versions 4 to 4.2 | no |
//! | FITS | `.fits` | the primary image | no |
//! | PNG | `.png`, a [`stack`] of slices | 1 to 16 bits | 8 and 16 bits, a file for each plane |
//! | JPEG | any, a stack | 8 bits | no |
//! | Zarr 2 and 3, OME-NGFF | `.zarr`, `.ome.zarr`, a folder | yes | OME-NGFF 0.5, 0.4 by [`WriteOptions::with_zarr2`] |
//! | TIFF | `.tif`, `.tiff`, a stack | raw, LZW, deflate, `PackBits`; hyperstacks | raw, as ImageJ reads it |
//!
//! Nothing needs a file system: [`read_from()`] takes a [`Source`] of bytes, of any reader or of a seekable one, and [`Companions`]
//! give what a header names; [`write_to()`] and [`write_pair()`] take any writer. [`open()`] reads what a header says of the
//! volume and no voxel; what it gives then reads all of them, or those of a [`Region`]. [`data_files()`] tells which files beside it hold
//! them. The [`Ctx`](isocenter_volume::Ctx) of the options limits what a file may ask for, is told how far reading and writing are, and
//! stops them; its threads pack gzip.
//!
//! Features, all off by default: `pictures` (PNG, JPEG, TIFF), `npz`, `hdf5` (HDF5, MINC 2), `zarr` and `json` (safetensors, JNIfTI) add formats; `nifti` and `sidecar` convert a [`File`] to and from the in-memory types of the crate `nifti`, and
//! [`Meta`](isocenter_volume::Meta) to and from the JSON file beside a NIfTI volume.
//!
//! A gzip stream around any of them is found by its magic bytes, with or without `.gz` in the name, of one member or many.
//!
//! # Examples
//! ```
//! use isocenter_formats::{self as formats, File};
//! use isocenter_volume::{Affine, Frame, Geometry, Volume};
//!
//! let affine = Affine::from_spacing_origin([2.0, 2.0, 3.0], [-10.0, -20.0, 30.0]);
//! let geometry = Geometry::new([2, 1, 1], affine, Frame::Patient(None))?;
//! let file = File::from_volume(Volume::new(vec![-1000i16, 16_000], geometry)?.into());
//!
//! let bytes = formats::write_bytes(&file, "nii.gz", &formats::WriteOptions::default())?;
//! let back = formats::read_bytes(&bytes, &formats::ReadOptions::default())?;
//! assert_eq!(back.format, "NIfTI-1");
//! assert_eq!(back.volume.geometry(), file.volume.geometry());
//! # Ok::<_, formats::Error>(())
//! ```

pub mod analyze;
mod array;
mod beside;
mod bzip2;
pub mod ecat;
mod endian;
pub mod error;
mod even;
pub mod file;
pub mod fits;
mod fixed;
mod folder;
pub mod format;
pub mod gipl;
mod gzip;
#[cfg(feature = "hdf5")]
mod h5;
#[cfg(feature = "hdf5")]
pub mod hdf5;
#[cfg(feature = "nifti")]
pub mod interop;
pub mod labels;
mod lines;
pub mod metaimage;
pub mod mgh;
#[cfg(feature = "hdf5")]
pub mod minc;
pub mod nifti;
pub mod npy;
#[cfg(feature = "npz")]
pub mod npz;
pub mod nrrd;
mod numbered;
pub mod opened;
pub mod options;
mod pace;
mod pair;
pub mod par;
#[cfg(feature = "pictures")]
pub mod pictures;
mod pieces;
mod place;
mod read;
pub mod region;
pub mod registry;
#[cfg(feature = "json")]
pub mod safetensors;
mod samples;
#[cfg(any(feature = "hdf5", feature = "zarr"))]
mod shuffle;
#[cfg(feature = "sidecar")]
pub mod sidecar;
pub mod source;
mod stored;
pub mod target;
pub mod vtk;
mod walk;
pub mod warning;
mod write;
#[cfg(feature = "zarr")]
pub mod zarr;

pub use beside::{data_files, data_names};
pub use error::Error;
pub use file::{File, FileHead};
pub use format::Format;
pub use nifti::SlabWriter;
pub use opened::Opened;
pub use options::{Gray, ReadOptions, WriteOptions};
#[cfg(feature = "pictures")]
pub use pictures::stack;
pub use read::{format_of, open, open_from, read, read_bytes, read_from, read_head, read_head_from, read_with};
pub use region::Region;
pub use registry::{extensions, registry};
pub use source::{Companions, Folder, Source, Stream};
pub use target::{Sink, Target};
pub use warning::Warning;
pub use write::{write, write_bytes, write_files, write_pair, write_to, write_with};

/// The examples of the read-me run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
