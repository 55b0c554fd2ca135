//! HDF5: `.h5`, `.hdf5`, as h5py, ITK and many others write them.
//!
//! Where the file has ITK's image (`/ITKImage/0/VoxelData`, as SimpleITK writes it), that is the volume: `Directions`, `Origin` and
//! `Spacing` place it in LPS+ millimetres, `MetaData` holds its texts. Any other data set of two to five axes is a volume of its own,
//! indexed `[..., z, y, x]` as in [`crate::npy`]: the only one is taken, of several [`crate::ReadOptions::with_name`] chooses by path, and without it
//! they are refused, and named. A file of MINC 2 is read as [`crate::minc`] says.
//!
//! These attributes of a data set are understood:
//!
//! | Attribute | Value |
//! |---|---|
//! | `isocenter.affine` | 3 x 4 numbers, rows first: index `(i, j, k)` (`i` the last index) to LPS+ millimetres |
//! | `isocenter.frame` | `patient`, `unknown` or `pixel` |
//! | `isocenter.slope`, `isocenter.intercept` | real = slope x stored + intercept: one number, or one for each plane, the slow axes slowest |
//! | `isocenter.unit` | unit of the real values: `HU`, `BQML`, ... |
//! | `isocenter.axes` | what the slow axes are, the one next to k first: `time`, `diffusion`, `echo`, `channel`, ... |
//! | `isocenter.axis.N.QUANTITY` | of axis N, from 0: a number, a vector or a matrix for each step: `time`, `echo_time`, `b_value`, `gradient_direction`, ... |
//! | `isocenter.sample` | `rgb`: three bytes of the last index are a colour |
//! | `element_size_um` | spacing in micrometres, one for each of z, y, x (ilastik, Fiji); the frame is unknown |
//!
//! Without any of them spacing is 1 mm and the frame unknown ([`crate::Warning::NoPlace`]).
//!
//! A volume is written as ITK's image with these attributes on its `VoxelData`, in one piece and as it is; SimpleITK reads it, but for
//! half floats and complex numbers, which it does not have. Facts of an acquisition are not carried.
//!
//! All versions of the container are read: superblocks 0 to 3, old and new groups, data in one piece, in the header, or in chunks under
//! every kind of index; deflate, shuffle, Fletcher's checksum and LZF. Integers of 1 to 8 bytes, floats of 2 to 8, complex numbers as
//! `{r, i}`, colours as `{r, g, b}`, truths. Other filters (szip, nbit, scale-offset, blosc, zstd, ...), records, references, texts, data
//! in other files and data sets of data sets are refused by name; so is k-space, which is no image.
//!
//! Source: "HDF5 File Format Specification Version 3.0"; `itkHDF5ImageIO.cxx`.

mod attributes;
pub mod container;
mod itk;
mod reader;
mod writer;

use crate::{Error, File, Format, Opened, ReadOptions, WriteOptions, h5::tree, source::Source, target::Target};

/// The format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hdf5;

impl Format for Hdf5 {
    fn name(&self) -> &'static str {
        "HDF5"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["h5", "hdf5"]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        tree::place(head).is_some()
    }

    fn open<'a>(&self, source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
        reader::open(source, options)
    }

    fn write(&self, file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
        writer::write(file, target, options)
    }
}
