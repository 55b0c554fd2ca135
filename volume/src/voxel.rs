//! The sample types that a volume may hold.

use half::f16;

/// A complex sample, stored as real part then imaginary part.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct Complex<T> {
    /// Real part.
    pub re: T,
    /// Imaginary part.
    pub im: T,
}

/// A colour sample, 8 bits a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct Rgb(pub [u8; 3]);

/// Name of a sample type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[allow(missing_docs)]
#[non_exhaustive]
pub enum SampleType {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F16,
    F32,
    F64,
    Complex32,
    Complex64,
    Rgb,
}

impl SampleType {
    /// Bytes of one sample.
    pub const fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 | Self::F16 => 2,
            Self::Rgb => 3,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 | Self::Complex32 => 8,
            Self::Complex64 => 16,
        }
    }

    /// Its name in lower case: `i16`, `f32`, `rgb`, ...
    pub const fn name(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::I8 => "i8",
            Self::U16 => "u16",
            Self::I16 => "i16",
            Self::U32 => "u32",
            Self::I32 => "i32",
            Self::U64 => "u64",
            Self::I64 => "i64",
            Self::F16 => "f16",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Complex32 => "complex32",
            Self::Complex64 => "complex64",
            Self::Rgb => "rgb",
        }
    }

    /// Whether a sample is one real number: every type but complex and colour.
    pub const fn is_real(self) -> bool {
        !matches!(self, Self::Complex32 | Self::Complex64 | Self::Rgb)
    }

    /// Whether samples are whole numbers.
    pub const fn is_integer(self) -> bool {
        matches!(self, Self::U8 | Self::I8 | Self::U16 | Self::I16 | Self::U32 | Self::I32 | Self::U64 | Self::I64)
    }
}

mod sealed {
    pub trait Sealed {}
}

/// A sample that a volume can hold. Sealed: the set is [`SampleType`].
pub trait Voxel: sealed::Sealed + Copy + Default + PartialEq + std::fmt::Debug + Send + Sync + 'static {
    /// The type's name.
    const TYPE: SampleType;
}

/// A sample that is one real number: every [`Voxel`] but complex and colour.
pub trait Real: Voxel + PartialOrd {
    /// The value as f64; exact but for 64-bit integers above 2^53.
    fn to_f64(self) -> f64;

    /// The nearest value of this type: integers round half away from zero and clamp to their range, NaN becomes 0.
    fn from_f64(value: f64) -> Self;

    /// The value as f32, rounded to nearest.
    #[inline]
    fn to_f32(self) -> f32 {
        self.to_f64() as f32
    }

    /// As [`Real::from_f64`], from f32.
    #[inline]
    fn from_f32(value: f32) -> Self {
        Self::from_f64(f64::from(value))
    }
}

macro_rules! voxel {
    ($($type:ty => $name:ident),*) => {$(
        impl sealed::Sealed for $type {}
        impl Voxel for $type {
            const TYPE: SampleType = SampleType::$name;
        }
    )*};
}
voxel!(u8 => U8, i8 => I8, u16 => U16, i16 => I16, u32 => U32, i32 => I32, u64 => U64, i64 => I64, f16 => F16, f32 => F32,
    f64 => F64, Complex<f32> => Complex32, Complex<f64> => Complex64, Rgb => Rgb);

macro_rules! integer {
    ($($type:ty),*) => {$(
        impl Real for $type {
            #[inline]
            fn to_f64(self) -> f64 {
                self as f64
            }
            #[inline]
            fn from_f64(value: f64) -> Self {
                // `as` saturates and takes NaN to 0; adding half before truncation is exact below 2^52
                let half = if value < 0.0 { -0.5 } else { 0.5 };
                if value.abs() < 4_503_599_627_370_496.0 { (value + half) as $type } else { value as $type }
            }
            #[inline]
            fn to_f32(self) -> f32 {
                self as f32
            }
        }
    )*};
}
integer!(u8, i8, u16, i16, u32, i32, u64, i64);

impl Real for f16 {
    #[inline]
    fn to_f64(self) -> f64 {
        Self::to_f64(self)
    }
    #[inline]
    fn from_f64(value: f64) -> Self {
        Self::from_f64(value)
    }
}

impl Real for f32 {
    #[inline]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    #[inline]
    fn from_f64(value: f64) -> Self {
        value as Self
    }
    #[inline]
    fn to_f32(self) -> f32 {
        self
    }
    #[inline]
    fn from_f32(value: f32) -> Self {
        value
    }
}

impl Real for f64 {
    #[inline]
    fn to_f64(self) -> f64 {
        self
    }
    #[inline]
    fn from_f64(value: f64) -> Self {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_round_half_away_and_clamp() {
        assert_eq!(i16::from_f64(2.5), 3);
        assert_eq!(i16::from_f64(-2.5), -3);
        assert_eq!(i16::from_f64(1e9), i16::MAX);
        assert_eq!(u8::from_f64(-4.0), 0);
        assert_eq!(u8::from_f64(f64::NAN), 0);
        assert_eq!(i64::from_f64(9_007_199_254_740_991.0), 9_007_199_254_740_991);
    }
}
