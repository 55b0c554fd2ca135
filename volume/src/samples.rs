//! Samples whose type is known only at run time: what a file or a frame gives.
//!
//! [`DynSamples`] is the one such enum of the workspace. Match once, at the edge ([`with_samples!`](crate::with_samples),
//! [`with_real_samples!`](crate::with_real_samples)); kernels are generic over [`Voxel`].
//!
//! # Examples
//! ```
//! use isocenter_volume::{DynSamples, SampleType, with_samples};
//!
//! let samples = DynSamples::from(vec![1i16, 2, 3]);
//! assert_eq!((samples.sample_type(), samples.len()), (SampleType::I16, 3));
//! assert_eq!(with_samples!(&samples, s => s.len()), 3);
//! assert_eq!(samples.get::<i16>().map(|s| s[2]), Some(3));
//! assert!(samples.get::<u16>().is_none());
//! ```

use std::any::Any;
use std::ops::Range;

use half::f16;

use crate::{Buffer, Complex, Rgb, SampleType, Voxel};

/// A [`Buffer`] of any sample type.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum DynSamples {
    U8(Buffer<u8>),
    I8(Buffer<i8>),
    U16(Buffer<u16>),
    I16(Buffer<i16>),
    U32(Buffer<u32>),
    I32(Buffer<i32>),
    U64(Buffer<u64>),
    I64(Buffer<i64>),
    F16(Buffer<f16>),
    F32(Buffer<f32>),
    F64(Buffer<f64>),
    Complex32(Buffer<Complex<f32>>),
    Complex64(Buffer<Complex<f64>>),
    Rgb(Buffer<Rgb>),
}

/// Runs an expression on the typed buffer inside a [`DynSamples`], by value or by reference: `with_samples!(&samples, s => s.len())`.
#[macro_export]
macro_rules! with_samples {
    ($samples:expr, $s:ident => $body:expr) => {
        match $samples {
            $crate::DynSamples::U8($s) => $body,
            $crate::DynSamples::I8($s) => $body,
            $crate::DynSamples::U16($s) => $body,
            $crate::DynSamples::I16($s) => $body,
            $crate::DynSamples::U32($s) => $body,
            $crate::DynSamples::I32($s) => $body,
            $crate::DynSamples::U64($s) => $body,
            $crate::DynSamples::I64($s) => $body,
            $crate::DynSamples::F16($s) => $body,
            $crate::DynSamples::F32($s) => $body,
            $crate::DynSamples::F64($s) => $body,
            $crate::DynSamples::Complex32($s) => $body,
            $crate::DynSamples::Complex64($s) => $body,
            $crate::DynSamples::Rgb($s) => $body,
        }
    };
}

/// As [`with_samples!`](crate::with_samples) for samples that are real numbers; `else` for complex and colour.
#[macro_export]
macro_rules! with_real_samples {
    ($samples:expr, $s:ident => $body:expr, else $other:expr) => {
        match $samples {
            $crate::DynSamples::U8($s) => $body,
            $crate::DynSamples::I8($s) => $body,
            $crate::DynSamples::U16($s) => $body,
            $crate::DynSamples::I16($s) => $body,
            $crate::DynSamples::U32($s) => $body,
            $crate::DynSamples::I32($s) => $body,
            $crate::DynSamples::U64($s) => $body,
            $crate::DynSamples::I64($s) => $body,
            $crate::DynSamples::F16($s) => $body,
            $crate::DynSamples::F32($s) => $body,
            $crate::DynSamples::F64($s) => $body,
            _ => $other,
        }
    };
}

macro_rules! conversions {
    ($($type:ty => $arm:ident),*) => {$(
        impl From<Buffer<$type>> for DynSamples {
            fn from(samples: Buffer<$type>) -> Self {
                Self::$arm(samples)
            }
        }

        impl From<Vec<$type>> for DynSamples {
            fn from(samples: Vec<$type>) -> Self {
                Self::$arm(samples.into())
            }
        }
    )*

        impl DynSamples {
            /// Type of the samples.
            pub const fn sample_type(&self) -> SampleType {
                match self {
                    $(Self::$arm(_) => SampleType::$arm,)*
                }
            }

            /// `len` samples of a type, all zero.
            pub fn zeros(sample: SampleType, len: usize) -> Self {
                match sample {
                    $(SampleType::$arm => Self::$arm(vec![<$type>::default(); len].into()),)*
                }
            }

            /// A part of the samples, sharing their memory; `None` where it reaches past the end.
            pub fn slice(&self, range: Range<usize>) -> Option<Self> {
                match self {
                    $(Self::$arm(s) => s.slice(range).map(Self::$arm),)*
                }
            }
        }
    };
}
conversions!(u8 => U8, i8 => I8, u16 => U16, i16 => I16, u32 => U32, i32 => I32, u64 => U64, i64 => I64, f16 => F16, f32 => F32,
    f64 => F64, Complex<f32> => Complex32, Complex<f64> => Complex64, Rgb => Rgb);

impl DynSamples {
    /// Number of samples.
    pub fn len(&self) -> usize {
        with_samples!(self, s => s.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The samples where they are of that type.
    pub fn get<T: Voxel>(&self) -> Option<&Buffer<T>> {
        with_samples!(self, s => (s as &dyn Any).downcast_ref())
    }

    /// The samples to change where they are of that type; see [`Buffer::to_mut`].
    pub fn get_mut<T: Voxel>(&mut self) -> Option<&mut Buffer<T>> {
        with_samples!(self, s => (s as &mut dyn Any).downcast_mut())
    }

    /// The samples where they are of that type, themselves otherwise.
    ///
    /// # Errors
    /// The samples unchanged, where they are of another type.
    pub fn downcast<T: Voxel>(mut self) -> Result<Buffer<T>, Self> {
        match self.get_mut::<T>() {
            Some(samples) => Ok(std::mem::take(samples)),
            None => Err(self),
        }
    }
}

impl PartialEq for DynSamples {
    /// Same type and same values.
    fn eq(&self, other: &Self) -> bool {
        with_samples!(self, s => same_type(s, other).is_some_and(|o| s.as_slice() == o.as_slice()))
    }
}

fn same_type<'a, T: Voxel>(_: &Buffer<T>, other: &'a DynSamples) -> Option<&'a Buffer<T>> {
    other.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_apart() {
        let samples = DynSamples::from(vec![1u16, 2]);
        assert_eq!(samples, DynSamples::from(vec![1u16, 2]));
        assert_ne!(samples, DynSamples::from(vec![1i16, 2]));
        assert_eq!(samples.slice(1..2), Some(DynSamples::from(vec![2u16])));
        assert_eq!(samples.clone().downcast::<u16>().unwrap().into_vec(), [1, 2]);
        assert_eq!(samples.clone().downcast::<f32>().unwrap_err(), samples);
        assert_eq!(DynSamples::zeros(SampleType::Rgb, 3).len(), 3);
    }
}
