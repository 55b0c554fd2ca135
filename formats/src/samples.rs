//! Samples between bytes and types.

mod put;

pub(crate) use put::{bytes_written, write, write_big, write_big_walked, write_halves, write_walked};

use bytemuck::Pod;
use isocenter_volume::{Complex, Ctx, DynSamples, Rgb, SampleType, Stage};

use crate::{
    Error,
    endian::{Endian, swap},
    region::Window,
    source::Source,
    walk::Walk,
};

/// Which samples a file has, how many, and how they lie.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) sample: SampleType,
    pub(crate) count: usize,
    pub(crate) endian: Endian,
    /// Where they go, unless in the order of the file.
    pub(crate) walk: Option<Walk>,
    /// Which of them are wanted, unless all are.
    pub(crate) window: Option<Window>,
}

impl Layout {
    /// All samples, in the order of the file.
    pub(crate) const fn new(sample: SampleType, count: usize, endian: Endian) -> Self {
        Self { sample, count, endian, walk: None, window: None }
    }

    /// The same samples going elsewhere.
    pub(crate) fn walked(self, walk: Option<Walk>) -> Self {
        Self { walk, ..self }
    }

    /// Bytes of all samples.
    pub(crate) const fn bytes(&self) -> u64 {
        (self.count as u64).saturating_mul(self.sample.bytes() as u64)
    }
}

/// Reads samples; refuses them before memory is reserved where the source cannot hold them.
pub(crate) fn read(source: &mut Source<'_>, layout: Layout, ctx: &Ctx<'_>) -> Result<DynSamples, Error> {
    source.expect("voxels", layout.bytes())?;
    let wanted = layout.window.as_ref().filter(|_| layout.walk.is_none()).map_or(layout.count, Window::len);
    let stage = &ctx.stage("voxels", wanted as u64 * layout.sample.bytes() as u64);
    Ok(match layout.sample {
        SampleType::U8 => numbers::<u8>(source, layout, 1, stage)?.into(),
        SampleType::I8 => numbers::<i8>(source, layout, 1, stage)?.into(),
        SampleType::U16 => numbers::<u16>(source, layout, 2, stage)?.into(),
        SampleType::I16 => numbers::<i16>(source, layout, 2, stage)?.into(),
        SampleType::U32 => numbers::<u32>(source, layout, 4, stage)?.into(),
        SampleType::I32 => numbers::<i32>(source, layout, 4, stage)?.into(),
        SampleType::U64 => numbers::<u64>(source, layout, 8, stage)?.into(),
        SampleType::I64 => numbers::<i64>(source, layout, 8, stage)?.into(),
        SampleType::F16 => numbers::<half::f16>(source, layout, 2, stage)?.into(),
        SampleType::F32 => numbers::<f32>(source, layout, 4, stage)?.into(),
        SampleType::F64 => numbers::<f64>(source, layout, 8, stage)?.into(),
        SampleType::Complex32 => complex(numbers::<[f32; 2]>(source, layout, 4, stage)?).into(),
        SampleType::Complex64 => complex(numbers::<[f64; 2]>(source, layout, 8, stage)?).into(),
        SampleType::Rgb => numbers::<Rgb>(source, layout, 1, stage)?.into(),
        other => return Err(Error::unsupported("sample type", other.name())),
    })
}

/// The samples of a window, of all that are there.
#[cfg(feature = "pictures")]
pub(crate) fn windowed(samples: DynSamples, window: Option<&Window>) -> DynSamples {
    fn cut<T: Copy>(samples: &[T], window: &Window) -> Vec<T> {
        let run = |start: usize| samples.get(start..start + window.run).unwrap_or_default();
        window.starts().flat_map(run).copied().collect()
    }
    match window {
        Some(window) => isocenter_volume::with_samples!(&samples, s => cut(s.as_slice(), window).into()),
        None => samples,
    }
}

/// Samples read at once: small enough to stay in cache between clearing and filling.
const BLOCK: usize = 1 << 17;

/// Reads plain numbers; `word` is the size of one, of which a sample may hold several.
fn numbers<T: Pod>(source: &mut Source<'_>, layout: Layout, word: usize, stage: &Stage<'_>) -> Result<Vec<T>, Error> {
    let total = layout.bytes();
    let Layout { count, endian, walk, window, .. } = layout;
    let mut reader = Blocks { source, word, endian, stage, total, done: 0 };
    let Some(walk) = walk else {
        return match window {
            Some(window) => reader.window(&window, count),
            None => reader.all(count),
        };
    };
    let samples = moved(reader, walk, count)?;
    let Some(window) = window else { return Ok(samples) };
    let run = |start: usize| samples.get(start..start + window.run).unwrap_or_default();
    Ok(window.starts().flat_map(run).copied().collect())
}

/// Reads all samples and puts them to their places.
fn moved<T: Pod>(mut reader: Blocks<'_, '_>, mut walk: Walk, count: usize) -> Result<Vec<T>, Error> {
    if !reader.source.is_bounded() {
        // nothing is reserved for what was only announced: first see that it is there
        let found: Vec<T> = reader.all(count)?;
        let mut samples = zeroed(count)?;
        for block in found.chunks(BLOCK) {
            reader.stage.check()?;
            walk.scatter(block, &mut samples);
        }
        return Ok(samples);
    }
    let mut samples = zeroed(count)?;
    let mut block = vec![T::zeroed(); count.min(BLOCK)];
    let mut left = count;
    while left > 0 {
        let block = &mut block[..left.min(BLOCK)];
        reader.fill(block)?;
        walk.scatter(block, &mut samples);
        left -= block.len();
    }
    Ok(samples)
}

/// Reads block after block, in the byte order of this machine.
struct Blocks<'r, 's> {
    source: &'r mut Source<'s>,
    word: usize,
    endian: Endian,
    stage: &'r Stage<'r>,
    total: u64,
    done: u64,
}

impl Blocks<'_, '_> {
    fn all<T: Pod>(&mut self, count: usize) -> Result<Vec<T>, Error> {
        let mut samples: Vec<T> = Vec::new();
        if self.source.is_bounded() {
            samples.try_reserve_exact(count).map_err(|_| no_memory::<T>(count))?;
        }
        while samples.len() < count {
            let from = samples.len();
            let block = BLOCK.min(count - from);
            samples.try_reserve(block).map_err(|_| no_memory::<T>(count))?;
            samples.resize(from + block, T::zeroed());
            self.fill(&mut samples[from..])?;
        }
        Ok(samples)
    }

    /// Reads the runs of a window and passes over the others of `count` samples.
    fn window<T: Pod>(&mut self, window: &Window, count: usize) -> Result<Vec<T>, Error> {
        let mut samples: Vec<T> = Vec::new();
        if self.source.is_bounded() {
            samples.try_reserve_exact(window.len()).map_err(|_| no_memory::<T>(window.len()))?;
        }
        let mut at = 0;
        for start in window.starts() {
            self.pass::<T>(start - at)?;
            let mut left = window.run;
            while left > 0 {
                let (from, block) = (samples.len(), left.min(BLOCK));
                samples.try_reserve(block).map_err(|_| no_memory::<T>(window.len()))?;
                samples.resize(from + block, T::zeroed());
                self.fill(&mut samples[from..])?;
                left -= block;
            }
            at = start + window.run;
        }
        self.pass::<T>(count - at)?;
        Ok(samples)
    }

    fn pass<T>(&mut self, samples: usize) -> Result<(), Error> {
        self.source.skip("voxels", samples as u64 * size_of::<T>() as u64)
    }

    fn fill<T: Pod>(&mut self, block: &mut [T]) -> Result<(), Error> {
        let block: &mut [u8] = bytemuck::cast_slice_mut(block);
        self.source.fill("voxels", block).map_err(|e| match e {
            Error::Truncated { what, found, .. } => {
                Error::Truncated { what, wanted: self.total, found: self.done + found }
            }
            other => other,
        })?;
        if self.endian != Endian::NATIVE {
            swap(block, self.word);
        }
        self.done += block.len() as u64;
        Ok(self.stage.advance(block.len() as u64)?)
    }
}

/// As many zeros, whose pages the system gives when they are first written to.
fn zeroed<T: Pod>(count: usize) -> Result<Vec<T>, Error> {
    // memory that the system does not have is a limit, not an abort
    Vec::<T>::new().try_reserve_exact(count).map_err(|_| no_memory::<T>(count))?;
    Ok(vec![T::zeroed(); count])
}

fn no_memory<T>(count: usize) -> Error {
    let asked = (count as u64).saturating_mul(size_of::<T>() as u64);
    Error::Limit { what: "bytes of memory", asked, limit: 0 }
}

fn complex<T: Copy>(pairs: Vec<[T; 2]>) -> Vec<Complex<T>> {
    pairs.into_iter().map(|[re, im]| Complex { re, im }).collect()
}
