//! A volume whose sample type is known only at run time: what a file gives.

use half::f16;

use crate::{
    Complex, Error, Geometry, IndexMap, Meta, Orientation, Provenance, Rgb, SampleType, Scaling, SlowAxis, Volume,
};

/// A [`Volume`] of any sample type. Match once, at the edge; kernels are generic.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum DynVolume {
    U8(Volume<u8>),
    I8(Volume<i8>),
    U16(Volume<u16>),
    I16(Volume<i16>),
    U32(Volume<u32>),
    I32(Volume<i32>),
    U64(Volume<u64>),
    I64(Volume<i64>),
    F16(Volume<f16>),
    F32(Volume<f32>),
    F64(Volume<f64>),
    Complex32(Volume<Complex<f32>>),
    Complex64(Volume<Complex<f64>>),
    Rgb(Volume<Rgb>),
}

/// Runs an expression on the typed volume inside a [`DynVolume`].
///
/// `with_volume!(dynamic, v => v.shape())` for every type; `with_real_volume!` for real samples, with an arm for the rest.
#[macro_export]
macro_rules! with_volume {
    ($dynamic:expr, $v:ident => $body:expr) => {
        match $dynamic {
            $crate::DynVolume::U8($v) => $body,
            $crate::DynVolume::I8($v) => $body,
            $crate::DynVolume::U16($v) => $body,
            $crate::DynVolume::I16($v) => $body,
            $crate::DynVolume::U32($v) => $body,
            $crate::DynVolume::I32($v) => $body,
            $crate::DynVolume::U64($v) => $body,
            $crate::DynVolume::I64($v) => $body,
            $crate::DynVolume::F16($v) => $body,
            $crate::DynVolume::F32($v) => $body,
            $crate::DynVolume::F64($v) => $body,
            $crate::DynVolume::Complex32($v) => $body,
            $crate::DynVolume::Complex64($v) => $body,
            $crate::DynVolume::Rgb($v) => $body,
        }
    };
}

/// Runs an expression on the typed volume inside a [`DynVolume`] whose samples are real numbers; `else` for complex and colour.
#[macro_export]
macro_rules! with_real_volume {
    ($dynamic:expr, $v:ident => $body:expr, else $other:expr) => {
        match $dynamic {
            $crate::DynVolume::U8($v) => $body,
            $crate::DynVolume::I8($v) => $body,
            $crate::DynVolume::U16($v) => $body,
            $crate::DynVolume::I16($v) => $body,
            $crate::DynVolume::U32($v) => $body,
            $crate::DynVolume::I32($v) => $body,
            $crate::DynVolume::U64($v) => $body,
            $crate::DynVolume::I64($v) => $body,
            $crate::DynVolume::F16($v) => $body,
            $crate::DynVolume::F32($v) => $body,
            $crate::DynVolume::F64($v) => $body,
            _ => $other,
        }
    };
}

macro_rules! from_volume {
    ($($type:ty => $arm:ident),*) => {$(
        impl From<Volume<$type>> for DynVolume {
            fn from(volume: Volume<$type>) -> Self {
                Self::$arm(volume)
            }
        }
    )*};
}
from_volume!(u8 => U8, i8 => I8, u16 => U16, i16 => I16, u32 => U32, i32 => I32, u64 => U64, i64 => I64, f16 => F16, f32 => F32,
    f64 => F64, Complex<f32> => Complex32, Complex<f64> => Complex64, Rgb => Rgb);

impl DynVolume {
    /// Type of the samples.
    pub const fn sample_type(&self) -> SampleType {
        match self {
            Self::U8(_) => SampleType::U8,
            Self::I8(_) => SampleType::I8,
            Self::U16(_) => SampleType::U16,
            Self::I16(_) => SampleType::I16,
            Self::U32(_) => SampleType::U32,
            Self::I32(_) => SampleType::I32,
            Self::U64(_) => SampleType::U64,
            Self::I64(_) => SampleType::I64,
            Self::F16(_) => SampleType::F16,
            Self::F32(_) => SampleType::F32,
            Self::F64(_) => SampleType::F64,
            Self::Complex32(_) => SampleType::Complex32,
            Self::Complex64(_) => SampleType::Complex64,
            Self::Rgb(_) => SampleType::Rgb,
        }
    }

    /// The grid and its place.
    pub fn geometry(&self) -> &Geometry {
        with_volume!(self, v => v.geometry())
    }

    /// Voxels along i, j, k.
    pub fn shape(&self) -> [usize; 3] {
        self.geometry().shape()
    }

    /// The slow axes, fastest first.
    pub fn slow_axes(&self) -> &[SlowAxis] {
        with_volume!(self, v => v.slow_axes())
    }

    /// Number of 3-D volumes over all slow axes.
    pub fn steps(&self) -> usize {
        with_volume!(self, v => v.steps())
    }

    /// How stored values become real ones.
    pub fn scaling(&self) -> &Scaling {
        with_volume!(self, v => v.scaling())
    }

    /// Facts of the acquisition.
    pub fn meta(&self) -> &Meta {
        with_volume!(self, v => v.meta())
    }

    /// The facts of the acquisition, to change.
    pub fn meta_mut(&mut self) -> &mut Meta {
        with_volume!(self, v => v.meta_mut())
    }

    /// What was done so far.
    pub fn provenance(&self) -> &Provenance {
        with_volume!(self, v => v.provenance())
    }

    /// Sets how stored values become real ones; see [`Volume::with_scaling`].
    ///
    /// # Errors
    /// [`Error::ScalingCount`].
    pub fn with_scaling(self, scaling: Scaling) -> Result<Self, Error> {
        Ok(with_volume!(self, v => v.with_scaling(scaling)?.into()))
    }

    /// Sets the facts of the acquisition.
    #[must_use]
    pub fn with_meta(self, meta: Meta) -> Self {
        with_volume!(self, v => v.with_meta(meta).into())
    }

    /// Adds one operation to the provenance.
    #[must_use]
    pub fn noting<const N: usize>(self, operation: &str, parameters: [(&str, String); N]) -> Self {
        with_volume!(self, v => v.noting(operation, parameters).into())
    }

    /// States that the world is the patient's; see [`Volume::assume_patient_frame`].
    #[must_use]
    pub fn assume_patient_frame(self) -> Self {
        with_volume!(self, v => v.assume_patient_frame().into())
    }

    /// Permutes and flips axes to an anatomical orientation; see [`Volume::reorient`].
    ///
    /// # Errors
    /// As [`Volume::reorient`].
    pub fn reorient(&self, wanted: Orientation) -> Result<Self, Error> {
        Ok(with_volume!(self, v => v.reorient(wanted)?.into()))
    }

    /// Moves voxels through an exact lattice map, padding with the type's zero; see [`Volume::remap`].
    ///
    /// # Errors
    /// As [`Volume::remap`].
    pub fn remap(&self, map: &IndexMap) -> Result<Self, Error> {
        Ok(with_volume!(self, v => v.remap(map, Default::default())?.into()))
    }

    /// One 3-D step as a volume of its own; see [`Volume::extract_step`].
    ///
    /// # Errors
    /// [`Error::BadStep`].
    pub fn extract_step(&self, step: usize) -> Result<Self, Error> {
        Ok(with_volume!(self, v => v.extract_step(step)?.into()))
    }

    /// Real values as f32; see [`Volume::to_real`].
    ///
    /// # Errors
    /// [`Error::SampleType`] for complex and colour samples.
    pub fn to_real(&self) -> Result<Volume<f32>, Error> {
        with_real_volume!(self, v => v.to_real(),
            else Err(Error::SampleType { operation: "to_real", found: self.sample_type() }))
    }
}
