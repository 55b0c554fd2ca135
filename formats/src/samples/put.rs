//! Samples as little-endian bytes.

use std::io::{self, Write};

use isocenter_volume::{Complex, DynSamples, Rgb, SampleType, with_samples};

use crate::{
    endian::{Endian, swap},
    walk::Walk,
};

/// Samples turned into bytes at once, where they do not lie as such.
const BLOCK: usize = 1 << 17;

/// Bytes of all samples as they are written.
pub(crate) fn bytes_written(samples: &DynSamples) -> u64 {
    let sample = match samples.sample_type() {
        SampleType::F16 => SampleType::F32,
        other => other,
    };
    (samples.len() as u64).saturating_mul(sample.bytes() as u64)
}

/// Writes all samples, little endian; half floats as f32.
pub(crate) fn write(samples: &DynSamples, out: &mut dyn Write) -> io::Result<()> {
    with_samples!(samples, s => Put::put(s.as_slice(), out))
}

/// Writes all samples, little endian, half floats as they are.
pub(crate) fn write_halves(samples: &DynSamples, out: &mut dyn Write) -> io::Result<()> {
    match samples {
        DynSamples::F16(halves) => halves.as_slice().chunks(BLOCK).try_for_each(|block| {
            let bits: Vec<u16> = block.iter().map(|h| h.to_bits()).collect();
            u16::put(&bits, out)
        }),
        other => write(other, out),
    }
}

/// Writes all samples, big endian; half floats as f32.
pub(crate) fn write_big(samples: &DynSamples, out: &mut dyn Write) -> io::Result<()> {
    write(samples, &mut swapped(samples, out))
}

/// Writes all samples in the order of a walk, big endian; half floats as f32.
pub(crate) fn write_big_walked(samples: &DynSamples, walk: Walk, out: &mut dyn Write) -> io::Result<()> {
    write_walked(samples, walk, &mut swapped(samples, out))
}

fn swapped<'o>(samples: &DynSamples, inner: &'o mut dyn Write) -> Swapped<'o> {
    let word = match samples.sample_type() {
        SampleType::Rgb => 1,
        SampleType::F16 | SampleType::Complex32 => 4,
        SampleType::Complex64 => 8,
        other => other.bytes(),
    };
    Swapped { inner, word, block: Vec::new() }
}

/// Turns the bytes of every word; what comes are whole words.
struct Swapped<'o> {
    inner: &'o mut dyn Write,
    word: usize,
    block: Vec<u8>,
}

impl Write for Swapped<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.block.clear();
        self.block.extend_from_slice(&bytes[..bytes.len().min(BLOCK)]);
        swap(&mut self.block, self.word);
        self.inner.write_all(&self.block)?;
        Ok(self.block.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Writes all samples in the order of a walk.
pub(crate) fn write_walked(samples: &DynSamples, walk: Walk, out: &mut dyn Write) -> io::Result<()> {
    fn walked<T: Put + Copy + Default>(samples: &[T], mut walk: Walk, out: &mut dyn Write) -> io::Result<()> {
        let mut block = vec![T::default(); samples.len().min(BLOCK)];
        let mut left = samples.len();
        while left > 0 {
            let block = &mut block[..left.min(BLOCK)];
            walk.gather(samples, block);
            T::put(block, out)?;
            left -= block.len();
        }
        Ok(())
    }
    with_samples!(samples, s => walked(s.as_slice(), walk, out))
}

/// Samples that have little-endian bytes.
pub(crate) trait Put: Sized {
    /// Writes a run of samples.
    fn put(samples: &[Self], out: &mut dyn Write) -> io::Result<()>;
}

macro_rules! put {
    ($($type:ty),*) => {$(
        impl Put for $type {
            fn put(samples: &[Self], out: &mut dyn Write) -> io::Result<()> {
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
    fn put(samples: &[Self], out: &mut dyn Write) -> io::Result<()> {
        out.write_all(bytemuck::cast_slice(samples))
    }
}

impl<T: Put + Copy> Put for Complex<T> {
    fn put(samples: &[Self], out: &mut dyn Write) -> io::Result<()> {
        samples.chunks(BLOCK).try_for_each(|block| {
            let flat: Vec<T> = block.iter().flat_map(|c| [c.re, c.im]).collect();
            T::put(&flat, out)
        })
    }
}

impl Put for half::f16 {
    fn put(samples: &[Self], out: &mut dyn Write) -> io::Result<()> {
        samples.chunks(BLOCK).try_for_each(|block| {
            let wide: Vec<f32> = block.iter().map(|h| h.to_f32()).collect();
            f32::put(&wide, out)
        })
    }
}
