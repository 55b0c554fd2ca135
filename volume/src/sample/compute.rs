//! The precision in which samples are interpolated: f32 where it holds every stored value, else f64.

use std::ops::{Add, Mul, Sub};

use crate::{Real, SampleType};

/// A floating-point type that kernels run in.
pub(crate) trait Compute:
    Real + Add<Output = Self> + Mul<Output = Self> + Sub<Output = Self> + Copy + Default + PartialOrd + Send + Sync
{
    fn of<T: Real>(value: T) -> Self;
    fn to<T: Real>(self) -> T;
    fn of_f64(value: f64) -> Self;
    /// Whether it is neither NaN nor infinite.
    fn is_number(self) -> bool;
}

impl Compute for f32 {
    #[inline(always)]
    fn of<T: Real>(value: T) -> Self {
        value.to_f32()
    }
    #[inline(always)]
    fn to<T: Real>(self) -> T {
        T::from_f32(self)
    }
    #[inline(always)]
    fn of_f64(value: f64) -> Self {
        value as f32
    }
    #[inline(always)]
    fn is_number(self) -> bool {
        self.is_finite()
    }
}

impl Compute for f64 {
    #[inline(always)]
    fn of<T: Real>(value: T) -> Self {
        value.to_f64()
    }
    #[inline(always)]
    fn to<T: Real>(self) -> T {
        T::from_f64(self)
    }
    #[inline(always)]
    fn of_f64(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn is_number(self) -> bool {
        self.is_finite()
    }
}

/// Whether f32 would lose stored values of this type: integers of more than 24 bits, and f64.
pub(crate) const fn needs_f64(kind: SampleType) -> bool {
    matches!(kind, SampleType::U32 | SampleType::I32 | SampleType::U64 | SampleType::I64 | SampleType::F64)
}
