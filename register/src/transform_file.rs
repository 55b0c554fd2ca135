//! Files that hold a transform.
//!
//! A matrix on paper needs four words to mean something: whose frame, which way, around which centre, in which order. Here every
//! transform is a map of *points of the fixed image to points of the moving image* in LPS millimetres; a file's own convention
//! is left at this door.
//!
//! | [`Format`] | names | frame | a file maps points | read | written | needs both grids |
//! |---|---|---|---|---|---|---|
//! | [`Format::Itk`] | `.tfm`; any text that starts with `#Insight Transform File` (also 3D Slicer's) | LPS | fixed to moving | all linear classes of three dimensions, composites of them (the last is applied first), lists | `AffineTransform_double_3_3`, lists | no |
//! | [`Format::ItkHdf5`] | `.h5`, `.hdf5` (also 3D Slicer's); feature `hdf5` | LPS | fixed to moving | as above | as above | no |
//! | [`Format::Ants`] | binary `.mat` (MATLAB version 4) | LPS | fixed to moving | as above | one affine | no |
//! | [`Format::RasMatrix`] | `.txt`; greedy and C3D | RAS | fixed to moving | 4x4 numbers | 4x4 numbers | no |
//! | [`Format::Sform`] | 4x4 text | voxel to RAS of the moving image, in the fixed image's world | – | 4x4 numbers | 4x4 numbers | yes |
//! | [`Format::Fsl`] | text `.mat` of FLIRT, once it is named | voxels times spacing | moving to fixed | 4x4 numbers | 4x4 numbers | yes |
//! | [`Format::Lta`] | `.lta` of FreeSurfer | RAS (type 1), voxels (type 0) | source (moving) to destination (fixed) | types 0 and 1, lists | type 1, lists | type 0, where the file does not have them |
//! | [`Format::RegisterDat`] | `.dat` of FreeSurfer | tkregister | target (fixed) to `mov` (moving) | yes | yes | yes |
//! | [`Format::Afni`] | `.aff12.1D`, `.1D` | LPS, without obliquity | base (fixed) to source (moving) | a line each, or three lines of four | a line each | for oblique grids |
//! | [`Format::Minc`] | `.xfm` | RAS | source (moving) to target (fixed) | `Linear`, one after the other | `Linear` | no |
//! | [`Format::X5`] | `.x5` of nitransforms; feature `hdf5` | RAS | fixed to moving | `linear`, lists | `linear`, lists | no |
//! | [`Format::Elastix`] | text with `(TransformParameters ...)` | LPS | fixed to moving | Euler, Similarity, Affine, `AffineDTI`, `AffineLog`, Translation, with the files they continue | `AffineTransform` | to write: the fixed one |
//!
//! DICOM's Spatial Registration is in `spatial_registration`, with the feature `dicom`: it names frames of reference, not images.
//!
//! Where no format is stated the bytes are looked at, then the name. A text `.mat` is somebody's convention (FSL scales voxels, C3D does
//! not) and is refused until the caller names a format. ITK's fields of displacements come from [`Options::read_map`], which gives a
//! [`isocenter_volume::WorldMap`]; the other functions refuse them, and all refuse B-splines, by name.
//!
//! What is written is read back to the same bits (in texts minus zero becomes zero), but where the convention asks for another direction or frame (FSL, LTA,
//! `register.dat`, MINC, `Sform`, oblique AFNI): there to 1e-12 of the largest number.
//!
//! Sources: ITK Software Guide, "Transforms" (`y = A (x - c) + c + t`; parameters row-major `A`, then `t`; fixed parameters `c`), and in
//! each format's module; the tests hold what the owners' programs make of these files.
//!
//! # Examples
//! ```
//! use isocenter_register::transform_file::{self, Format, Options};
//! use isocenter_volume::{Affine, Frame, Geometry};
//!
//! let shift = Affine::translation_by([1.0, 2.0, 3.0]); // LPS
//! let text = transform_file::format(&shift, Format::RasMatrix)?;
//! assert_eq!(text, "1 0 0 -1\n0 1 0 -2\n0 0 1 3\n0 0 0 1\n");
//! assert_eq!(transform_file::parse(&text, None)?, shift);
//!
//! // FLIRT counts i from the other end of this grid, in mm, and maps moving to fixed
//! let grid = Geometry::new([10, 10, 10], Affine::from_spacing_origin([2.0; 3], [0.0; 3]), Frame::Patient(None))?;
//! let flirt = Options::default().format(Format::Fsl).images(&grid, &grid);
//! assert_eq!(String::from_utf8(flirt.to_bytes(&[shift])?)?, "1 0 0 1\n0 1 0 -2\n0 0 1 -3\n0 0 0 1\n");
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod afni;
mod chain;
mod elastix;
mod error;
mod fsl;
mod images;
mod itk;
mod lta;
mod minc;
mod options;
mod ras;
mod register_dat;
mod sform;
mod sniff;
mod text;
mod vectors;
#[cfg(feature = "hdf5")]
mod x5;

use std::{fs::File, io::Read as _, path::Path};

use isocenter_volume::Affine;

pub use error::Error;
pub use options::Options;
pub use sform::moved_onto;
pub use vectors::field_of;

/// Whose convention a file follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// ITK's text file, LPS.
    Itk,
    /// ITK's HDF5 file, LPS; feature `hdf5`.
    ItkHdf5,
    /// ITK's transform in a binary `.mat`, LPS, as ANTs writes it.
    Ants,
    /// A 4x4 matrix in RAS millimetres: greedy, C3D.
    RasMatrix,
    /// The affine that would take the place of the moving image's own, as 4x4 text.
    Sform,
    /// FLIRT's 4x4 matrix of scaled voxels, moving to fixed.
    Fsl,
    /// FreeSurfer's linear transform array.
    Lta,
    /// FreeSurfer's `register.dat`.
    RegisterDat,
    /// AFNI's `.aff12.1D`.
    Afni,
    /// MINC's `.xfm`.
    Minc,
    /// X5 of nitransforms; feature `hdf5`.
    X5,
    /// elastix's transform parameters.
    Elastix,
}

/// Most bytes of a file that is read; a transform takes a few hundred, the motion of a long series some megabytes.
const MOST_BYTES: u64 = 16 << 20;

/// Most bytes of a file that may hold a field of displacements.
const MOST_FIELD_BYTES: u64 = 2 << 30;

/// Reads the one transform of a file; where no format is stated, its bytes are looked at, then the name's ending.
///
/// # Errors
/// As [`Options::read`].
pub fn read(path: impl AsRef<Path>, stated: Option<Format>) -> Result<Affine, Error> {
    of(stated).read(path)
}

/// Reads the one transform of a text; where no format is stated, its first lines decide, and anything else is a RAS matrix.
///
/// # Errors
/// As [`Options::parse`].
pub fn parse(text: &str, stated: Option<Format>) -> Result<Affine, Error> {
    options::only(of(stated).parse(text.as_bytes())?)
}

/// The text of a transform.
///
/// # Errors
/// As [`Options::to_bytes`], and [`Error::NotHeld`] for a format that is no text.
pub fn format(transform: &Affine, format: Format) -> Result<String, Error> {
    String::from_utf8(of(Some(format)).to_bytes(std::slice::from_ref(transform))?)
        .map_err(|_| Error::NotHeld { format: format.name(), what: "text" })
}

/// Writes a transform beside its final name and renames it: a file of that name is whole or not there.
///
/// # Errors
/// As [`Options::write`].
pub fn write(path: impl AsRef<Path>, transform: &Affine, form: Format) -> Result<(), Error> {
    of(Some(form)).write(path, std::slice::from_ref(transform))
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Itk,
        Self::ItkHdf5,
        Self::Ants,
        Self::RasMatrix,
        Self::Sform,
        Self::Fsl,
        Self::Lta,
        Self::RegisterDat,
        Self::Afni,
        Self::Minc,
        Self::X5,
        Self::Elastix,
    ];

    /// Its name, for messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Itk => "ITK",
            Self::ItkHdf5 => "ITK HDF5",
            Self::Ants => "ANTs .mat",
            Self::RasMatrix => "RAS matrix",
            Self::Sform => "sform",
            Self::Fsl => "FSL",
            Self::Lta => "FreeSurfer LTA",
            Self::RegisterDat => "register.dat",
            Self::Afni => "AFNI",
            Self::Minc => "MINC",
            Self::X5 => "X5",
            Self::Elastix => "elastix",
        }
    }

    /// The ending of its files' names, for writing.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Itk => "tfm",
            Self::ItkHdf5 => "h5",
            Self::Ants | Self::Fsl => "mat",
            Self::RasMatrix | Self::Sform | Self::Elastix => "txt",
            Self::Lta => "lta",
            Self::RegisterDat => "dat",
            Self::Afni => "aff12.1D",
            Self::Minc => "xfm",
            Self::X5 => "x5",
        }
    }

    /// Whether one file holds any number of transforms, such as those of the steps of a series.
    pub const fn holds_many(self) -> bool {
        matches!(self, Self::Itk | Self::ItkHdf5 | Self::Lta | Self::Afni | Self::X5)
    }

    /// The format that a file's name says, for writing; `None` for `.mat`, `.txt` of elastix and others that more than one owner uses.
    pub fn of_name(path: impl AsRef<Path>) -> Option<Self> {
        sniff::of_name(path.as_ref())
    }
}

fn of(stated: Option<Format>) -> Options<'static> {
    stated.map_or_else(Options::default, |format| Options::default().format(format))
}

/// The bytes of a file, up to the limit.
fn load(path: &Path, most: u64) -> Result<Vec<u8>, Error> {
    let io = |source| Error::Io { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    File::open(path).map_err(io)?.take(most + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > most {
        return Err(Error::Limit { limit: most });
    }
    Ok(bytes)
}
