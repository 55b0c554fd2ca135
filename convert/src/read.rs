//! Decoding the frames of a planned volume, in parallel, each straight into its place.

use std::collections::BTreeMap;

use isocenter_dcm::{Instance, OpenOptions, pixel::DecodeOptions, scan::Scanned};
use isocenter_volume::{Buffer, Ctx, DynSamples, DynVolume, Head, Rgb, SampleType, Stage, Volume, Voxel};
use rayon::prelude::*;

use crate::{Error, SeriesPlan, Warning, plan::FrameRef};

/// How to read.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct ReadOptions<'a> {
    /// What a file may ask for.
    pub file_limits: isocenter_dcm::ReadLimits,
    /// How large the volume may be, and who is told how many frames are done and may stop the work.
    pub ctx: Ctx<'a>,
}

impl<'a> ReadOptions<'a> {
    /// Sets what a file may ask for.
    #[must_use]
    pub fn file_limits(mut self, limits: isocenter_dcm::ReadLimits) -> Self {
        self.file_limits = limits;
        self
    }

    /// Sets limits of the volume, observer, pool and scratch.
    #[must_use]
    pub const fn ctx(mut self, ctx: Ctx<'a>) -> Self {
        self.ctx = ctx;
        self
    }
}

/// A volume and what was decided on the way to it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Converted {
    /// The volume: stored values, scaling apart, LPS mm.
    pub volume: DynVolume,
    /// What was decided.
    pub warnings: Vec<Warning>,
}

/// Reads one planned volume; `scanned` are the files that the plan was made from.
///
/// # Errors
/// [`Error::Dicom`] for a file that cannot be opened or a frame that cannot be decoded, [`Error::Inconsistent`],
/// [`Error::AnotherScan`], [`Error::Volume`] where a limit is reached, [`Error::Cancelled`].
pub fn read(series: &SeriesPlan, scanned: &[Scanned], options: &ReadOptions<'_>) -> Result<Converted, Error> {
    let job = Job { series, scanned, options };
    let volume: DynVolume = match series.sample_type {
        SampleType::U8 => job.volume(typed::<u8>)?.into(),
        SampleType::I8 => job.volume(typed::<i8>)?.into(),
        SampleType::U16 => job.volume(typed::<u16>)?.into(),
        SampleType::I16 => job.volume(typed::<i16>)?.into(),
        SampleType::U32 => job.volume(typed::<u32>)?.into(),
        SampleType::I32 => job.volume(typed::<i32>)?.into(),
        SampleType::F32 => job.volume(typed::<f32>)?.into(),
        SampleType::F64 => job.volume(typed::<f64>)?.into(),
        SampleType::Rgb => job.volume(rgb)?.into(),
        _ => return Err(Error::AnotherScan),
    };
    let volume = volume.with_scaling(series.scaling.clone())?.with_meta(series.meta.clone());
    let noted = [("frames", series.frames.len()), ("files", series.files.len())];
    Ok(Converted { volume: volume.noting("convert", noted), warnings: series.warnings.clone() })
}

fn typed<T: Voxel>(samples: DynSamples) -> Option<Vec<T>> {
    samples.downcast().ok().map(Buffer::into_vec)
}

fn rgb(samples: DynSamples) -> Option<Vec<Rgb>> {
    match samples {
        DynSamples::U8(v) if v.len() % 3 == 0 => Some(v.chunks_exact(3).map(|p| Rgb([p[0], p[1], p[2]])).collect()),
        _ => None,
    }
}

struct Job<'a> {
    series: &'a SeriesPlan,
    scanned: &'a [Scanned],
    options: &'a ReadOptions<'a>,
}

impl Job<'_> {
    fn volume<T: Voxel>(&self, typed: impl Fn(DynSamples) -> Option<Vec<T>> + Sync) -> Result<Volume<T>, Error> {
        let geometry = &self.series.geometry;
        let mut axes: Vec<u64> = geometry.shape().iter().map(|&n| n as u64).collect();
        axes.extend(self.series.slow_axes.iter().map(|axis| axis.len() as u64));
        let len = self.options.ctx.limits().check(&axes, T::TYPE.bytes() as u64)?;
        let [columns, rows, _] = geometry.shape();
        let plane = columns * rows;
        if self.series.frames.len().checked_mul(plane) != Some(len) {
            return Err(Error::AnotherScan);
        }
        let mut voxels = vec![T::default(); len];
        // each file is opened once, and owns the planes that its frames go to
        let mut files: BTreeMap<usize, Vec<(usize, &mut [T])>> = BTreeMap::new();
        for (frame, target) in self.series.frames.iter().zip(voxels.chunks_exact_mut(plane)) {
            files.entry(frame.file).or_default().push((frame.frame, target));
        }
        let stage = self.options.ctx.stage("frames", self.series.frames.len() as u64);
        let failures: Vec<Error> =
            files.into_par_iter().filter_map(|(file, planes)| self.file(file, planes, &typed, &stage).err()).collect();
        // of several failures that of the first file is told, whichever thread was first
        match failures.into_iter().next() {
            Some(error) => Err(error),
            None => {
                let head = Head::new(geometry.clone()).with_slow_axes(self.series.slow_axes.clone())?;
                Ok(Volume::from_parts(head, voxels)?)
            }
        }
    }

    fn file<T: Voxel>(
        &self,
        file: usize,
        planes: Vec<(usize, &mut [T])>,
        typed: &(impl Fn(DynSamples) -> Option<Vec<T>> + Sync),
        stage: &Stage<'_>,
    ) -> Result<(), Error> {
        stage.check()?;
        let scanned = self.scanned.get(file).ok_or(Error::AnotherScan)?;
        let open = OpenOptions::new().limits(self.options.file_limits.clone());
        let instance = scanned.open(&open).map_err(|source| Error::Dicom { file, source })?;
        let failures: Vec<Error> = planes
            .into_par_iter()
            .filter_map(|(frame, target)| {
                let decoded = self.frame(&instance, FrameRef { file, frame }, target, typed);
                decoded.and_then(|()| Ok(stage.advance(1)?)).err()
            })
            .collect();
        failures.into_iter().next().map_or(Ok(()), Err)
    }

    fn frame<T: Voxel>(
        &self,
        instance: &Instance,
        at: FrameRef,
        target: &mut [T],
        typed: &impl Fn(DynSamples) -> Option<Vec<T>>,
    ) -> Result<(), Error> {
        let FrameRef { file, frame } = at;
        let decoded = instance.frame(frame).and_then(|frame| frame.decode(&DecodeOptions::default()));
        let decoded = decoded.map_err(|source| Error::Dicom { file, source })?;
        let [columns, rows, _] = self.series.geometry.shape();
        let sized = (usize::from(decoded.info.columns), usize::from(decoded.info.rows)) == (columns, rows);
        match typed(decoded.samples).filter(|samples| sized && samples.len() == target.len()) {
            Some(samples) => {
                target.copy_from_slice(&samples);
                Ok(())
            }
            None => Err(Error::Inconsistent { file, frame, wanted: T::TYPE }),
        }
    }
}
