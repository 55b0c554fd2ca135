//! Samples between bytes and types.

use std::io::Write;

use bytemuck::Pod;
use isocenter_volume::{Complex, DynVolume, Geometry, Head, Limits, Rgb, SampleType, SlowAxis, with_samples};

use crate::{Error, source::Source};

/// Order of the bytes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endian {
    Little,
    Big,
}

impl Endian {
    pub(crate) const NATIVE: Self = if cfg!(target_endian = "little") { Self::Little } else { Self::Big };
}

/// Samples of a type known at run time, in file order.
pub(crate) enum Samples {
    U8(Vec<u8>),
    I8(Vec<i8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
    U32(Vec<u32>),
    I32(Vec<i32>),
    U64(Vec<u64>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    Complex32(Vec<Complex<f32>>),
    Complex64(Vec<Complex<f64>>),
    Rgb(Vec<Rgb>),
}

/// Runs an expression on the typed vector of [`Samples`].
macro_rules! with_read_samples {
    ($samples:expr, $v:ident => $body:expr) => {
        match $samples {
            Samples::U8($v) => $body,
            Samples::I8($v) => $body,
            Samples::U16($v) => $body,
            Samples::I16($v) => $body,
            Samples::U32($v) => $body,
            Samples::I32($v) => $body,
            Samples::U64($v) => $body,
            Samples::I64($v) => $body,
            Samples::F32($v) => $body,
            Samples::F64($v) => $body,
            Samples::Complex32($v) => $body,
            Samples::Complex64($v) => $body,
            Samples::Rgb($v) => $body,
        }
    };
}

impl Samples {
    /// Joins the samples with their grid.
    pub(crate) fn into_volume(self, geometry: Geometry, axes: Vec<SlowAxis>) -> Result<DynVolume, Error> {
        let head = Head::new(geometry).with_slow_axes(axes)?;
        with_read_samples!(self, v => Ok(DynVolume::from_parts(head, v)?))
    }
}

/// Checks the size of a volume against limits and against what the file can still hold; gives the number of samples.
pub(crate) fn check_size(
    axes: &[u64],
    sample: SampleType,
    limits: &Limits,
    source: &Source<'_>,
) -> Result<usize, Error> {
    let count = limits.check(axes, sample.bytes() as u64)?;
    source.expect("voxels", (count as u64).saturating_mul(sample.bytes() as u64))?;
    Ok(count)
}

/// Reads that many samples, whose size was checked by [`check_size`].
pub(crate) fn read(
    source: &mut Source<'_>,
    sample: SampleType,
    count: usize,
    endian: Endian,
) -> Result<Samples, Error> {
    Ok(match sample {
        SampleType::U8 => Samples::U8(numbers(source, count, 1, endian)?),
        SampleType::I8 => Samples::I8(numbers(source, count, 1, endian)?),
        SampleType::U16 => Samples::U16(numbers(source, count, 2, endian)?),
        SampleType::I16 => Samples::I16(numbers(source, count, 2, endian)?),
        SampleType::U32 => Samples::U32(numbers(source, count, 4, endian)?),
        SampleType::I32 => Samples::I32(numbers(source, count, 4, endian)?),
        SampleType::U64 => Samples::U64(numbers(source, count, 8, endian)?),
        SampleType::I64 => Samples::I64(numbers(source, count, 8, endian)?),
        SampleType::F32 => Samples::F32(numbers(source, count, 4, endian)?),
        SampleType::F64 => Samples::F64(numbers(source, count, 8, endian)?),
        SampleType::Complex32 => Samples::Complex32(complex(numbers::<[f32; 2]>(source, count, 4, endian)?)),
        SampleType::Complex64 => Samples::Complex64(complex(numbers::<[f64; 2]>(source, count, 8, endian)?)),
        SampleType::Rgb => Samples::Rgb(numbers(source, count, 1, endian)?),
        other => return Err(Error::unsupported("sample type", other.name())),
    })
}

/// Samples read at once: small enough to stay in cache between clearing and filling.
const BLOCK: usize = 1 << 17;

/// Reads plain numbers; `word` is the size of one, of which a sample may hold several.
fn numbers<T: Pod>(source: &mut Source<'_>, count: usize, word: usize, endian: Endian) -> Result<Vec<T>, Error> {
    let mut samples: Vec<T> = Vec::new();
    let bytes = (count as u64).saturating_mul(size_of::<T>() as u64);
    // memory that the system does not have is a limit, not an abort
    samples.try_reserve_exact(count).map_err(|_| Error::Limit { what: "bytes of memory", asked: bytes, limit: 0 })?;
    while samples.len() < count {
        let from = samples.len();
        samples.resize(count.min(from + BLOCK), T::zeroed());
        let block: &mut [u8] = bytemuck::cast_slice_mut(&mut samples[from..]);
        source.fill("voxels", block).map_err(|e| match e {
            Error::Truncated { what, found, .. } => {
                Error::Truncated { what, wanted: bytes, found: (from * size_of::<T>()) as u64 + found }
            }
            other => other,
        })?;
        if endian != Endian::NATIVE {
            swap(block, word);
        }
    }
    Ok(samples)
}

/// Reverses the bytes of every word.
fn swap(bytes: &mut [u8], word: usize) {
    match word {
        2 => bytes.as_chunks_mut::<2>().0.iter_mut().for_each(|w| w.reverse()),
        4 => bytes.as_chunks_mut::<4>().0.iter_mut().for_each(|w| w.reverse()),
        8 => bytes.as_chunks_mut::<8>().0.iter_mut().for_each(|w| w.reverse()),
        _ => {}
    }
}

fn complex<T: Copy>(pairs: Vec<[T; 2]>) -> Vec<Complex<T>> {
    pairs.into_iter().map(|[re, im]| Complex { re, im }).collect()
}

/// Writes all samples of a volume, little endian; half floats as f32.
pub(crate) fn write(volume: &DynVolume, out: &mut dyn Write) -> Result<(), Error> {
    with_samples!(volume.samples(), s => put(s.as_slice(), out)).map_err(Error::io)
}

/// Samples that have little-endian bytes.
pub(crate) trait Put: Sized {
    /// Writes a run of samples.
    fn put(samples: &[Self], out: &mut dyn Write) -> std::io::Result<()>;
}

/// Writes a run of samples, little endian; half floats as f32.
pub(crate) fn put<T: Put>(samples: &[T], out: &mut dyn Write) -> std::io::Result<()> {
    T::put(samples, out)
}

macro_rules! put {
    ($($type:ty),*) => {$(
        impl Put for $type {
            fn put(samples: &[Self], out: &mut dyn Write) -> std::io::Result<()> {
                if Endian::NATIVE == Endian::Little {
                    return out.write_all(bytemuck::cast_slice(samples));
                }
                samples.iter().try_for_each(|s| out.write_all(&s.to_le_bytes()))
            }
        }
    )*};
}
put!(u8, i8, u16, i16, u32, i32, u64, i64, f32, f64);

impl Put for Rgb {
    fn put(samples: &[Self], out: &mut dyn Write) -> std::io::Result<()> {
        out.write_all(bytemuck::cast_slice(samples))
    }
}

impl<T: Put + Copy> Put for Complex<T> {
    fn put(samples: &[Self], out: &mut dyn Write) -> std::io::Result<()> {
        samples.chunks(BLOCK).try_for_each(|block| {
            let flat: Vec<T> = block.iter().flat_map(|c| [c.re, c.im]).collect();
            T::put(&flat, out)
        })
    }
}

impl Put for half::f16 {
    fn put(samples: &[Self], out: &mut dyn Write) -> std::io::Result<()> {
        samples.chunks(BLOCK).try_for_each(|block| {
            let wide: Vec<f32> = block.iter().map(|h| h.to_f32()).collect();
            f32::put(&wide, out)
        })
    }
}
