//! How transforms are read and written.

use std::path::Path;

use isocenter_volume::{Affine, Geometry, world_map::Composed};

use super::{
    Error, Format, MOST_BYTES, MOST_FIELD_BYTES, afni, chain, elastix, fsl, images::Images, itk, load, lta, minc, ras,
    register_dat, sform, sniff, text::SINGULAR,
};

/// How transforms are read and written: whose convention, between which grids.
///
/// # Examples
/// ```
/// use isocenter_register::transform_file::{Format, Options};
/// use isocenter_volume::Affine;
/// // the motion of a series: a line for each volume
/// let motion = [Affine::IDENTITY, Affine::translation_by([0.0, 0.5, 0.0])];
/// let afni = Options::default().format(Format::Afni);
/// assert_eq!(afni.parse(&afni.to_bytes(&motion)?)?, motion);
/// # Ok::<_, isocenter_register::transform_file::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct Options<'a> {
    format: Option<Format>,
    images: Option<Images<'a>>,
    anywhere: bool,
}

impl<'a> Options<'a> {
    /// States whose convention a file follows; by default its bytes and its name say so.
    pub const fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    /// States the grids of the fixed and of the moving image, which some conventions speak of.
    pub const fn images(mut self, fixed: &'a Geometry, moving: &'a Geometry) -> Self {
        self.images = Some(Images { fixed, moving });
        self
    }

    /// Allows a file to continue one outside its own folder (elastix's initial transform); refused by default.
    pub const fn chain_anywhere(mut self) -> Self {
        self.anywhere = true;
        self
    }

    /// Reads the one transform of a file, fixed to moving, LPS mm.
    ///
    /// # Errors
    /// [`Error::NotOne`] for a list; as [`Options::read_all`].
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Affine, Error> {
        only(self.read_all(path)?)
    }

    /// Reads all transforms of a file in their order, fixed to moving, LPS mm.
    ///
    /// # Errors
    /// [`Error::Unnamed`] for a file that does not say whose convention it is (`.mat`), [`Error::NeedsImages`], [`Error::OtherImages`],
    /// [`Error::Chain`], [`Error::Malformed`], [`Error::Broken`], [`Error::Unsupported`], [`Error::Limit`], [`Error::Io`].
    pub fn read_all(&self, path: impl AsRef<Path>) -> Result<Vec<Affine>, Error> {
        let path = path.as_ref();
        let bytes = load(path, MOST_BYTES)?;
        let by_name = || match sniff::of_name(path) {
            // a .tfm without ITK's first line is no ITK file
            Some(Format::Itk) => Err(Error::Malformed { line: 1, what: "'#Insight Transform File' is missing" }),
            found => found.ok_or(Error::Unnamed),
        };
        let format = match self.format.or_else(|| sniff::of_bytes(&bytes)) {
            Some(format) => format,
            None => by_name()?,
        };
        if format == Format::Elastix {
            return checked(vec![chain::follow(path, text(&bytes)?, self.anywhere)?]);
        }
        self.maps(format, &bytes)
    }

    /// Reads the one map of a file, fixed to moving, LPS mm, where fields of displacements may be among its parts: ITK's text and HDF5 (the
    /// `Composite.h5` of ANTs). Of all other files it is what [`Options::read`] gives.
    ///
    /// [`isocenter_volume::Resample::transform`] takes it as it is. Fields are kept in single precision; a file may have 2 GiB.
    ///
    /// # Errors
    /// As [`Options::read`]; B-splines and fields that change with time are [`Error::Unsupported`].
    pub fn read_map(&self, path: impl AsRef<Path>) -> Result<Composed<'static>, Error> {
        let path = path.as_ref();
        let bytes = load(path, MOST_FIELD_BYTES)?;
        match self.format.or_else(|| sniff::of_bytes(&bytes)) {
            Some(Format::Itk) => itk::text::parse_chain(text(&bytes)?),
            #[cfg(feature = "hdf5")]
            Some(Format::ItkHdf5) => {
                let tree = tree(Format::ItkHdf5, bytes)?;
                if super::x5::is_x5(&tree) {
                    return only(checked(super::x5::parse(&tree)?)?).map(Composed::first);
                }
                itk::hdf5::parse_chain(&tree)
            }
            _ => self.read(path).map(Composed::first),
        }
    }

    /// Reads all transforms of some bytes; where nothing says whose they are, they are a RAS matrix.
    ///
    /// # Errors
    /// As [`Options::read_all`]; [`Error::Chain`] for bytes that continue a file.
    pub fn parse(&self, bytes: &[u8]) -> Result<Vec<Affine>, Error> {
        let format = self.format.or_else(|| sniff::of_bytes(bytes)).unwrap_or(Format::RasMatrix);
        if format == Format::Elastix {
            let part = elastix::parse(text(bytes)?)?;
            if part.initial.is_some() {
                return Err(Error::Chain { why: "which only a file's own place leads to" });
            }
            return checked(vec![part.after(&Affine::IDENTITY)]);
        }
        self.maps(format, bytes)
    }

    /// The bytes of transforms (fixed to moving, LPS mm) in the format that was stated, ITK's text by default.
    ///
    /// # Errors
    /// [`Error::Malformed`] for a transform that is not finite or cannot be undone, [`Error::NotHeld`] for more of them than the format
    /// holds, [`Error::NeedsImages`], [`Error::Unsupported`] without the feature that a format needs.
    pub fn to_bytes(&self, transforms: &[Affine]) -> Result<Vec<u8>, Error> {
        let format = self.format.unwrap_or(Format::Itk);
        if transforms.iter().any(|t| t.inverse().is_none()) {
            return Err(Error::Malformed { line: 1, what: SINGULAR });
        }
        let one = || match transforms {
            [one] => Ok(one),
            [] => Err(Error::NotHeld { format: format.name(), what: "no transform" }),
            _ => Err(Error::NotHeld { format: format.name(), what: "more than one transform" }),
        };
        let some = || if transforms.is_empty() { one().map(|_| transforms) } else { Ok(transforms) };
        let images = || self.images.ok_or(Error::NeedsImages { format: format.name() });
        Ok(match format {
            Format::Itk => itk::text::format(some()?).into_bytes(),
            Format::Ants => itk::matlab::format(one()?),
            Format::RasMatrix => ras::format(one()?).into_bytes(),
            Format::Sform => sform::format(one()?, images()?)?.into_bytes(),
            Format::Fsl => fsl::format(one()?, images()?)?.into_bytes(),
            Format::Lta => lta::format(some()?, self.images)?.into_bytes(),
            Format::RegisterDat => register_dat::format(one()?, images()?)?.into_bytes(),
            Format::Afni => afni::format(some()?, self.images)?.into_bytes(),
            Format::Minc => minc::format(one()?)?.into_bytes(),
            Format::Elastix => elastix::format(one()?, images()?.fixed)?.into_bytes(),
            #[cfg(feature = "hdf5")]
            Format::ItkHdf5 => itk::hdf5::format(some()?)?,
            #[cfg(feature = "hdf5")]
            Format::X5 => super::x5::format(some()?)?,
            #[cfg(not(feature = "hdf5"))]
            Format::ItkHdf5 | Format::X5 => return Err(without_hdf5()),
        })
    }

    /// Writes transforms (fixed to moving, LPS mm) beside the final name and renames: a file of that name is whole or not there. The
    /// format is the one stated, else the one that the name says.
    ///
    /// # Errors
    /// [`Error::Unnamed`] for a name that says none, [`Error::Io`], and as [`Options::to_bytes`].
    pub fn write(&self, path: impl AsRef<Path>, transforms: &[Affine]) -> Result<(), Error> {
        let path = path.as_ref();
        let format = self.format.or_else(|| sniff::of_name(path)).ok_or(Error::Unnamed)?;
        let bytes = Self { format: Some(format), ..*self }.to_bytes(transforms)?;
        isocenter_files::write(path, &bytes).map_err(|source| Error::Io { path: path.to_owned(), source })
    }

    /// All but elastix's, which may continue other files.
    fn maps(&self, format: Format, bytes: &[u8]) -> Result<Vec<Affine>, Error> {
        let images = || self.images.ok_or(Error::NeedsImages { format: format.name() });
        checked(match format {
            Format::Itk => itk::text::parse(text(bytes)?)?,
            Format::Ants => itk::matlab::parse(bytes)?,
            Format::RasMatrix => vec![ras::parse(text(bytes)?)?],
            Format::Sform => vec![sform::parse(text(bytes)?, images()?)?],
            Format::Fsl => vec![fsl::parse(text(bytes)?, images()?)?],
            Format::Lta => lta::parse(text(bytes)?, self.images)?,
            Format::RegisterDat => vec![register_dat::parse(text(bytes)?, images()?)?],
            Format::Afni => afni::parse(text(bytes)?, self.images)?,
            Format::Minc => vec![minc::parse(text(bytes)?)?],
            Format::Elastix => vec![elastix::parse(text(bytes)?)?.after(&Affine::IDENTITY)],
            #[cfg(feature = "hdf5")]
            Format::ItkHdf5 | Format::X5 => {
                let tree = tree(format, bytes.to_vec())?;
                if super::x5::is_x5(&tree) { super::x5::parse(&tree)? } else { itk::hdf5::parse(&tree)? }
            }
            #[cfg(not(feature = "hdf5"))]
            Format::ItkHdf5 | Format::X5 => return Err(without_hdf5()),
        })
    }
}

/// The one transform of a list.
pub(super) fn only(maps: Vec<Affine>) -> Result<Affine, Error> {
    match maps[..] {
        [one] => Ok(one),
        _ => Err(Error::NotOne { found: maps.len() }),
    }
}

fn checked(maps: Vec<Affine>) -> Result<Vec<Affine>, Error> {
    if maps.iter().all(|map| map.inverse().is_some()) {
        return Ok(maps);
    }
    Err(Error::Malformed { line: 1, what: SINGULAR })
}

fn text(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|_| Error::Malformed { line: 1, what: "the file is not text" })
}

#[cfg(feature = "hdf5")]
fn tree(format: Format, bytes: Vec<u8>) -> Result<isocenter_formats::hdf5::container::Tree, Error> {
    let tree = isocenter_formats::hdf5::container::Tree::parse(bytes);
    tree.map_err(|why| Error::broken(format.name(), why.to_string()))
}

#[cfg(not(feature = "hdf5"))]
fn without_hdf5() -> Error {
    Error::Unsupported { found: "HDF5, which needs the feature hdf5".to_owned() }
}
