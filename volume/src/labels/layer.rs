//! The values of one layer, in the smallest type that its maker chose.

use std::any::Any;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::{Buffer, DynSamples, IndexMap, Real, SampleType, Stage};

/// A sample that can be a label. Sealed: u8, u16 and u32.
pub trait Label: Real + Into<u32> + Ord {
    /// The value as the largest of the three types.
    #[inline]
    fn value(self) -> u32 {
        self.into()
    }
}

impl Label for u8 {}
impl Label for u16 {}
impl Label for u32 {}

/// Label values of one layer: one per voxel and step, `i` fastest; 0 is background.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Layer {
    U8(Buffer<u8>),
    U16(Buffer<u16>),
    U32(Buffer<u32>),
}

/// Runs an expression on the typed buffer inside a [`Layer`], by value or by reference: `with_layer!(&layer, l => l.len())`.
#[macro_export]
macro_rules! with_layer {
    ($layer:expr, $l:ident => $body:expr) => {
        match $layer {
            $crate::Layer::U8($l) => $body,
            $crate::Layer::U16($l) => $body,
            $crate::Layer::U32($l) => $body,
        }
    };
}

macro_rules! conversions {
    ($($type:ty => $arm:ident),*) => {$(
        impl From<Buffer<$type>> for Layer {
            fn from(values: Buffer<$type>) -> Self {
                Self::$arm(values)
            }
        }

        impl From<Vec<$type>> for Layer {
            fn from(values: Vec<$type>) -> Self {
                Self::$arm(values.into())
            }
        }
    )*};
}
conversions!(u8 => U8, u16 => U16, u32 => U32);

impl From<Layer> for DynSamples {
    fn from(layer: Layer) -> Self {
        with_layer!(layer, l => l.into())
    }
}

impl Layer {
    /// The values in the smallest type that holds the largest of them.
    pub fn smallest(values: Vec<u32>) -> Self {
        match values.iter().max().copied().unwrap_or(0) {
            0..=0xff => values.iter().map(|&v| v as u8).collect::<Vec<_>>().into(),
            0x100..=0xffff => values.iter().map(|&v| v as u16).collect::<Vec<_>>().into(),
            _ => values.into(),
        }
    }

    /// Whether no smaller type holds values up to `largest`.
    pub const fn is_smallest_for(&self, largest: u32) -> bool {
        match self {
            Self::U8(_) => largest <= 0xff,
            Self::U16(_) => largest > 0xff && largest <= 0xffff,
            Self::U32(_) => largest > 0xffff,
        }
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        with_layer!(self, l => l.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Type of the values.
    pub const fn sample_type(&self) -> SampleType {
        match self {
            Self::U8(_) => SampleType::U8,
            Self::U16(_) => SampleType::U16,
            Self::U32(_) => SampleType::U32,
        }
    }

    /// The value of a voxel.
    pub fn at(&self, voxel: usize) -> Option<u32> {
        with_layer!(self, l => l.get(voxel).map(|&v| v.value()))
    }

    /// All values. Each call of `next` looks up the type; a hot loop matches once with [`with_layer!`](crate::with_layer).
    pub fn iter(&self) -> impl ExactSizeIterator<Item = u32> + DoubleEndedIterator + '_ {
        (0..self.len()).map(|n| self.at(n).unwrap_or(0))
    }

    /// All values as u32, copied.
    pub fn to_u32(&self) -> Vec<u32> {
        with_layer!(self, l => l.iter().map(|&v| v.value()).collect())
    }

    /// The values where they are of that type.
    pub fn get<L: Label>(&self) -> Option<&Buffer<L>> {
        with_layer!(self, l => (l as &dyn Any).downcast_ref())
    }

    /// A part of the values, sharing their memory; `None` where it reaches past the end.
    pub fn slice(&self, range: Range<usize>) -> Option<Self> {
        with_layer!(self, l => l.slice(range).map(Into::into))
    }

    /// The largest value; 0 where all is background.
    pub fn largest(&self) -> u32 {
        with_layer!(self, l => l.iter().max().map_or(0, |&v| v.value()))
    }

    /// The values above 0 that occur, ascending.
    pub fn values(&self) -> Vec<u32> {
        with_layer!(self, l => {
            let mut seen = BTreeSet::new();
            let mut last = 0;
            for value in l.iter().map(|&v| v.value()) {
                if value != last && value != 0 {
                    seen.insert(value);
                }
                last = value;
            }
            seen.into_iter().collect()
        })
    }

    /// Every step moved through an exact lattice map; padding is background. Incomplete where the stage is stopped.
    pub(crate) fn remap(&self, map: &IndexMap, stage: &Stage<'_>) -> Self {
        let [from, to] = [map.source_shape(), map.shape()].map(|shape| shape.iter().product::<usize>());
        with_layer!(self, l => {
            let mut out = vec![0; l.len() / from * to];
            for (step, out) in l.chunks(from).zip(out.chunks_mut(to)) {
                map.gather_into(step, 0, out, stage);
            }
            out.into()
        })
    }
}

impl PartialEq for Layer {
    /// The same values, whatever their types.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && with_layer!(self, a => with_layer!(other, b => {
                a.iter().zip(b.iter()).all(|(&a, &b)| a.value() == b.value())
            }))
    }
}

impl<L: Label> PartialEq<[L]> for Layer {
    fn eq(&self, other: &[L]) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(a, &b)| a == b.into())
    }
}

impl<L: Label, const N: usize> PartialEq<[L; N]> for Layer {
    fn eq(&self, other: &[L; N]) -> bool {
        *self == other[..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_type_holds_every_value() {
        for (largest, wanted) in [(255, SampleType::U8), (256, SampleType::U16), (65_536, SampleType::U32)] {
            let layer = Layer::smallest(vec![0, largest, 3]);
            assert_eq!((layer.sample_type(), layer.largest()), (wanted, largest));
            assert_eq!(layer.values(), [3, largest]);
            assert!(layer == [0, largest, 3] && layer == Layer::from(vec![0, largest, 3]));
        }
    }
}
