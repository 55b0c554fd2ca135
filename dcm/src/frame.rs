//! One frame of an instance: where it lies, what its values mean, its pixels.
//!
//! [`Instance::frame`] gives it of what was opened, [`Lazy::frame`] of what stays in its source: then only the frame's own bytes are
//! read. It is a view and costs nothing; each of its methods looks up, or decodes, what it gives.
//!
//! # Examples
//! ```
//! use isocenter_dcm::{Dataset, FileMeta, Instance, pixel::DecodeOptions, tags};
//! use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
//!
//! let mut ds = Dataset::new_empty();
//! for (tag, v) in [(tags::ROWS, 1u16), (tags::COLUMNS, 2), (tags::BITS_ALLOCATED, 8)] {
//!     ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(v)));
//! }
//! ds.put(DataElement::new(tags::RESCALE_INTERCEPT, VR::DS, "-5"));
//! ds.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(vec![7u8, 8])));
//! let instance = Instance::new(FileMeta::default(), ds);
//!
//! let frame = instance.frame(0)?;
//! assert_eq!(frame.plane(), None); // nothing places it in a patient
//! assert_eq!(frame.scaling()?.intercept, -5.0);
//! let mut values = [0i32; 2];
//! let info = frame.decode_into(&DecodeOptions::default(), &mut values)?;
//! assert_eq!((values, info.columns), ([7, 8], 2));
//! assert_eq!(frame.real()?, [2.0, 3.0]);
//! # Ok::<_, isocenter_dcm::Error>(())
//! ```

use std::fmt;

use isocenter_volume::Ctx;

use crate::display::{self, Picture, Render, View};
use crate::pixel::source::{Header, Pixels, with};
use crate::pixel::{DecodeOptions, DecodedPixels, PixelInfo, Target, real};
use crate::plane::{self, FramePlane};
use crate::scaling::{self, RealWorldMapping, RescaleFacts};
use crate::source::ReadAt;
use crate::{Error, FunctionalGroups, Instance, Lazy};

/// One frame of an instance.
#[derive(Clone, Copy)]
pub struct InstanceFrame<'a> {
    pixels: &'a dyn Pixels,
    index: usize,
}

impl Instance {
    /// Frame `index`, from 0. Of a header alone it tells all but the pixels.
    ///
    /// # Errors
    /// [`Error::NoSuchFrame`].
    pub fn frame(&self, index: usize) -> Result<InstanceFrame<'_>, Error> {
        InstanceFrame::new(self, index)
    }

    /// Decodes all frames, in parallel, one after the other in one vector. The stage `frames` counts them.
    ///
    /// # Errors
    /// That of the first frame that fails; see [`InstanceFrame::decode`]. [`Error::Limit`] where they are larger together than
    /// allowed, [`Error::Cancelled`].
    pub fn decode_all(&self, options: &DecodeOptions, ctx: &Ctx<'_>) -> Result<DecodedPixels, Error> {
        all(self, options, ctx)
    }
}

impl<R: ReadAt> Lazy<R> {
    /// Frame `index`, from 0; decoding reads its bytes only.
    ///
    /// # Errors
    /// [`Error::NoSuchFrame`].
    pub fn frame(&self, index: usize) -> Result<InstanceFrame<'_>, Error> {
        InstanceFrame::new(self, index)
    }

    /// Decodes all frames, as [`Instance::decode_all`].
    ///
    /// # Errors
    /// As [`Instance::decode_all`], and [`Error::Io`].
    pub fn decode_all(&self, options: &DecodeOptions, ctx: &Ctx<'_>) -> Result<DecodedPixels, Error> {
        all(self, options, ctx)
    }
}

impl<'a> InstanceFrame<'a> {
    fn new(pixels: &'a dyn Pixels, index: usize) -> Result<Self, Error> {
        let frames = FunctionalGroups::new(&pixels.instance().dataset).frames();
        if index < frames { Ok(Self { pixels, index }) } else { Err(Error::NoSuchFrame { index, frames }) }
    }

    /// Its number, from 0.
    pub const fn index(&self) -> usize {
        self.index
    }

    /// The instance that it is a frame of.
    pub fn instance(&self) -> &'a Instance {
        self.pixels.instance()
    }

    /// What the header says of its pixels, held against the limits.
    ///
    /// # Errors
    /// Those of [`PixelInfo::of`]; [`Error::UnsupportedTransferSyntax`], [`Error::Limit`].
    pub fn info(&self) -> Result<PixelInfo, Error> {
        Ok(Header::new(self.instance())?.info)
    }

    /// Where it lies in the patient; `None` where the file does not say.
    pub fn plane(&self) -> Option<FramePlane> {
        plane::of_frame(&self.instance().dataset, self.index)
    }

    /// What its stored values mean: slope, intercept, unit.
    ///
    /// # Errors
    /// [`Error::BadValue`] where a slope or intercept is there but is no number, or the slope is 0.
    pub fn scaling(&self) -> Result<RescaleFacts, Error> {
        scaling::of_frame(&self.instance().dataset, self.index)
    }

    /// Its real world value mappings, in the order of the file.
    ///
    /// # Errors
    /// [`Error::Missing`] for an item without a range or a function; [`Error::Malformed`] where the table and the range
    /// differ in length.
    pub fn real_world_mappings(&self) -> Result<Vec<RealWorldMapping>, Error> {
        scaling::real_world_mappings(&self.instance().dataset, self.index)
    }

    /// Decodes it to stored values.
    ///
    /// # Errors
    /// [`Error::NoPixelData`], an unsupported syntax, codec or pixel format, a damaged stream, a limit; [`Error::Io`] of what
    /// stayed in its source.
    pub fn decode(&self, options: &DecodeOptions) -> Result<DecodedPixels, Error> {
        with(self.pixels, |header, frames| options.frame_of(header, frames, self.index))
    }

    /// Decodes it into the caller's buffer, which has a place for each of its samples; returns what they are.
    ///
    /// # Errors
    /// As [`InstanceFrame::decode`]; [`Error::BufferSize`] for a buffer of another size; [`Error::UnsupportedPixels`] where a
    /// sample does not fit its type.
    pub fn decode_into<T: Target>(&self, options: &DecodeOptions, out: &mut [T]) -> Result<PixelInfo, Error> {
        with(self.pixels, |header, frames| options.fill_of(header, frames, self.index, out))
    }

    /// Its real values: Hounsfield units of a CT, Bq/ml of a PET; [`InstanceFrame::scaling`] tells the unit. DynSamples of colour are
    /// as stored. Each is the f32 nearest to `slope * stored + intercept`, computed in f64, or comes from the Modality LUT.
    ///
    /// # Errors
    /// As [`InstanceFrame::decode`] and [`InstanceFrame::scaling`].
    pub fn real(&self) -> Result<Vec<f32>, Error> {
        with(self.pixels, |header, frames| {
            let mut out = vec![0.0; header.info.samples()];
            real::fill_of(header, frames, self.index, &mut out)?;
            Ok(out)
        })
    }

    /// As [`InstanceFrame::real`], into the caller's buffer, which has a place for each sample.
    ///
    /// # Errors
    /// As [`InstanceFrame::real`]; [`Error::BufferSize`].
    pub fn real_into(&self, out: &mut [f32]) -> Result<(), Error> {
        with(self.pixels, |header, frames| real::fill_of(header, frames, self.index, out))
    }

    /// The views that the file names for it: tables first, then windows, each in the order of the file. One that cannot be
    /// used is its error, and keeps its place. Those of the frame's functional group count, then those shared, then those at
    /// the top level.
    ///
    /// # Errors
    /// Those of [`PixelInfo::of`] and [`InstanceFrame::scaling`], which decide what a table's inputs are.
    pub fn views(&self) -> Result<Vec<Result<View, Error>>, Error> {
        display::views(&self.instance().dataset, self.index)
    }

    /// Makes a picture of it, as a viewer shows it.
    ///
    /// # Errors
    /// As [`InstanceFrame::decode`] and [`InstanceFrame::scaling`]; [`Error::NoSuchView`], or the error of the view that was
    /// asked for; [`Error::UnsupportedPixels`] for colour of signed samples, and for
    /// [`Choice::Full`](display::Choice::Full) of floats.
    pub fn render(&self, render: &Render) -> Result<Picture, Error> {
        render.render(self.pixels, self.index)
    }
}

impl fmt::Debug for InstanceFrame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstanceFrame").field("index", &self.index).finish_non_exhaustive()
    }
}

fn all(pixels: &dyn Pixels, options: &DecodeOptions, ctx: &Ctx<'_>) -> Result<DecodedPixels, Error> {
    with(pixels, |header, frames| {
        let stage = ctx.stage("frames", header.info.frames as u64);
        ctx.install(|| options.all_of(header, frames, &stage))
    })
}
