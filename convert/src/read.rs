//! Decoding the frames of a planned volume, in parallel, each straight into its place.

mod sample;

use std::{collections::BTreeMap, sync::Arc};

use isocenter_dcm::{InstanceFrame, Lazy, PlainPixels, ReadAt, Tolerance, pixel::DecodeOptions};
use isocenter_volume::{Cancelled, DynVolume, Rgb, SampleType, Stage, Volume};
use rayon::prelude::*;

use self::sample::Sample;
use crate::{
    Error, Facts, Options, SeriesPlan, Warning,
    facts::image,
    plan::{Tile, even::Even},
};

/// A volume and what was decided on the way to it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Converted {
    /// The volume: stored values, scaling apart, LPS mm.
    pub volume: DynVolume,
    /// What was decided.
    pub warnings: Vec<Warning>,
}

/// Reads one planned volume; `files` are those that the plan was made from.
///
/// Every file is opened once, wherever it lies, and of its pixels only what a frame needs is read: beside the volume a thread
/// holds one coded and one decoded frame at most, and none where frames are not coded, but for a mosaic: its picture is decoded once and
/// its tiles are copied out of it.
///
/// # Errors
/// [`Error::Dicom`] for a file that cannot be opened or a frame that cannot be decoded, [`Error::Inconsistent`], [`Error::NotAsPlanned`],
/// [`Error::OtherFiles`], [`Error::Volume`] where a limit is reached, [`Error::Cancelled`].
pub fn read(series: &SeriesPlan, files: &[Facts], options: &Options<'_>) -> Result<Converted, Error> {
    series.check(files)?;
    let reading = Reading { series, files, options };
    let volume: DynVolume = options.ctx.install(|| {
        Ok::<_, Error>(match series.sample_type {
            SampleType::U8 => reading.volume::<u8>()?.into(),
            SampleType::I8 => reading.volume::<i8>()?.into(),
            SampleType::U16 => reading.volume::<u16>()?.into(),
            SampleType::I16 => reading.volume::<i16>()?.into(),
            SampleType::U32 => reading.volume::<u32>()?.into(),
            SampleType::I32 => reading.volume::<i32>()?.into(),
            SampleType::F32 => reading.volume::<f32>()?.into(),
            SampleType::F64 => reading.volume::<f64>()?.into(),
            SampleType::Rgb => reading.volume::<Rgb>()?.into(),
            _ => return Err(Error::OtherFiles),
        })
    })?;
    Ok(Converted { volume, warnings: series.warnings.clone() })
}

/// The planes of an even grid, each a mixture of the stated planes about it.
fn evened<T: Sample>(even: &Even, stated: &[T], plane: usize) -> Result<Vec<T>, Error> {
    let of = |slice: usize| stated.get(slice * plane..(slice + 1) * plane).ok_or(Error::OtherFiles);
    let mut voxels = Vec::with_capacity(even.slices * plane);
    for k in 0..even.slices {
        let ([low, high], share) = even.sources(k).ok_or(Error::OtherFiles)?;
        voxels.extend(of(low)?.iter().zip(of(high)?).map(|(a, b)| if share > 0.0 { a.mix(*b, share) } else { *a }));
    }
    Ok(voxels)
}

struct Reading<'a> {
    series: &'a SeriesPlan,
    files: &'a [Facts],
    options: &'a Options<'a>,
}

/// A plane of the volume, and the tile of its frame that fills it, where the frame is a mosaic.
type Plane<'v, T> = (Option<Tile>, &'v mut [T]);

/// What the frames of one file fill.
type Frames<'v, T> = BTreeMap<usize, Vec<Plane<'v, T>>>;

/// The pixels of a file, opened.
enum Pixels {
    /// Plain samples, and the bytes that they lie in.
    Plain(PlainPixels, Arc<dyn ReadAt>),
    /// Any others, with the header that tells how they are to be read.
    Coded(Box<Lazy<Arc<dyn ReadAt>>>),
}

/// One frame of them.
enum Frame<'a> {
    Plain(&'a PlainPixels, &'a dyn ReadAt, usize),
    Coded(InstanceFrame<'a>),
}

impl Frame<'_> {
    /// Whether it can be decoded by itself.
    fn is_sound(&self, options: &DecodeOptions) -> bool {
        matches!(self, Self::Coded(frame) if frame.decode(options).is_ok())
    }
}

impl Reading<'_> {
    fn volume<T: Sample>(&self) -> Result<Volume<T>, Error> {
        let head = &self.series.head;
        let mut axes: Vec<u64> = head.shape().iter().map(|&n| n as u64).collect();
        axes.extend(head.slow_axes().iter().map(|axis| axis.len() as u64));
        let len = self.options.ctx.limits().check(&axes, T::TYPE.bytes() as u64)?;
        let [columns, rows, _] = head.shape();
        let plane = columns * rows;
        let stated = self.series.even.as_ref().map_or(len, |even| even.places.len() * plane);
        if self.series.frames.len().checked_mul(plane) != Some(stated) {
            return Err(Error::OtherFiles);
        }
        let mut voxels = vec![T::default(); stated];
        // each file is opened once, and owns the planes that its frames go to
        let mut files: BTreeMap<usize, Frames<'_, T>> = BTreeMap::new();
        for (frame, target) in self.series.frames.iter().zip(voxels.chunks_exact_mut(plane)) {
            files.entry(frame.file).or_default().entry(frame.frame).or_default().push((frame.tile, target));
        }
        let stage = self.options.ctx.stage("frames", self.series.frames.len() as u64);
        let done = files.into_par_iter().map(|(file, frames)| self.file(file, frames, &stage));
        // of several failures that of the first file is told, whichever thread was first
        done.collect::<Result<Vec<_>, Cancelled>>()?.into_iter().collect::<Result<(), Error>>()?;
        if let Some(even) = &self.series.even {
            voxels = evened(even, &voxels, plane)?;
        }
        Ok(Volume::from_parts(head.clone(), voxels)?)
    }

    fn file<T: Sample>(
        &self,
        file: usize,
        frames: Frames<'_, T>,
        stage: &Stage<'_>,
    ) -> Result<Result<(), Error>, Cancelled> {
        stage.check()?;
        let Some(facts) = self.files.get(file) else { return Ok(Err(Error::OtherFiles)) };
        let pixels = match self.open(facts) {
            Ok(pixels) => pixels,
            Err(source) => return Ok(Err(Error::Dicom { file, source })),
        };
        let done = frames.into_par_iter().map(|(frame, planes)| {
            stage.check()?;
            let count = planes.len() as u64;
            let decoded = match &pixels {
                Pixels::Plain(place, bytes) => self.planes(Frame::Plain(place, &**bytes, frame), file, planes),
                Pixels::Coded(lazy) => match lazy.frame(frame) {
                    Ok(found) => self.planes(Frame::Coded(found), file, planes),
                    Err(source) => Err(Error::Dicom { file, source }),
                },
            };
            stage.advance(count)?;
            Ok(decoded)
        });
        Ok(done.collect::<Result<Vec<_>, Cancelled>>()?.into_iter().collect())
    }

    /// Opens a file for its frames: of plain samples the header was read, and is not read again.
    fn open(&self, facts: &Facts) -> Result<Pixels, isocenter_dcm::Error> {
        let place = facts.place();
        // strictness is for whoever reads to ask, also of files that were planned without
        let is_lenient = self.options.tolerance != Tolerance::Strict;
        if let Some(plain) = facts.image().ok().and_then(|image| image.plain).filter(|_| is_lenient) {
            let bytes = place.bytes(&self.options.limits)?;
            if plain.is_in(&*bytes) {
                return Ok(Pixels::Plain(plain, bytes));
            }
            // another file by now: what is wrong with it is for its own header to say
        }
        Ok(Pixels::Coded(Box::new(place.open_lazy(&self.options.open())?)))
    }

    /// Fills the planes that a frame holds: itself, or its tiles.
    fn planes<T: Sample>(&self, frame: Frame<'_>, file: usize, planes: Vec<Plane<'_, T>>) -> Result<(), Error> {
        let [columns, rows, _] = self.series.head.shape();
        let mut whole: Option<(Tile, Vec<T>)> = None;
        for (tile, target) in planes {
            let Some(tile) = tile else {
                self.frame(&frame, file, [columns, rows], target)?;
                continue;
            };
            let (picture, samples) = match &mut whole {
                Some(decoded) => decoded,
                None => {
                    let mut samples = vec![T::default(); tile.picture[0].saturating_mul(tile.picture[1])];
                    self.frame(&frame, file, tile.picture, &mut samples)?;
                    whole.insert((tile, samples))
                }
            };
            let lines = samples.chunks_exact(picture.picture[0].max(1)).skip(tile.corner[1]);
            for (out, line) in target.chunks_exact_mut(columns.max(1)).zip(lines) {
                let part = line.get(tile.corner[0]..tile.corner[0] + columns).ok_or(Error::OtherFiles)?;
                out.copy_from_slice(part);
            }
        }
        Ok(())
    }

    /// Decodes a frame of so many columns and rows.
    fn frame<T: Sample>(
        &self,
        frame: &Frame<'_>,
        file: usize,
        [columns, rows]: [usize; 2],
        target: &mut [T],
    ) -> Result<(), Error> {
        use isocenter_dcm::Error as E;
        let options = &self.options.decode;
        let (index, found) = match frame {
            Frame::Plain(plain, bytes, index) => (*index, T::read(plain, *bytes, *index, target).transpose()),
            Frame::Coded(frame) => (frame.index(), Some(T::decode(frame, options, target))),
        };
        let inconsistent = || Error::Inconsistent { file, frame: index, wanted: T::TYPE };
        let Some(found) = found else {
            // plain samples of another type than the volume's: by the longer way
            let failed = |source| Error::Dicom { file, source };
            let facts = self.files.get(file).ok_or(Error::OtherFiles)?;
            let lazy = facts.place().open_lazy(&self.options.open()).map_err(failed)?;
            let frame = Frame::Coded(lazy.frame(index).map_err(failed)?);
            return self.frame(&frame, file, [columns, rows], target);
        };
        match found {
            Ok(info) => {
                let sized = (usize::from(info.columns), usize::from(info.rows)) == (columns, rows);
                // a float, or a wider type, holds what a narrower one does: what was planned for the file is meant
                let planned = self.files.get(file).and_then(|facts| Some(facts.image().ok()?.sample_type));
                let typed = image::sample_type(&info).is_ok_and(|found| Some(found) == planned);
                if sized && typed { Ok(()) } else { Err(inconsistent()) }
            }
            Err(E::BufferSize { .. }) => Err(inconsistent()),
            // a sample that does not fit the planned type, where the frame by itself can be decoded
            Err(E::UnsupportedPixels { .. }) if frame.is_sound(options) => Err(inconsistent()),
            Err(source) => Err(Error::Dicom { file, source }),
        }
    }
}
