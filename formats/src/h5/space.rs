//! How many elements there are, along which axes.

use super::bytes::Cursor;
use crate::Error;

/// Most axes, as HDF5 has it.
const MOST: u8 = 32;

/// The axes of a data set; none for one element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Space {
    /// Lengths, the slowest first.
    pub(crate) shape: Vec<u64>,
    /// To which they may grow; `None` without an end.
    pub(super) most: Vec<Option<u64>>,
    /// Whether there are no elements at all.
    pub(super) is_null: bool,
}

impl Space {
    pub(super) fn read(mut message: Cursor<'_>) -> Result<Self, Error> {
        let (version, rank, flags) = (message.version(1, 2)?, message.u8()?, message.u8()?);
        let mut is_null = false;
        if version == 1 {
            message.skip(5)?;
        } else {
            is_null = message.u8()? == 2;
        }
        if rank > MOST {
            return Err(Error::malformed("data space", format!("{rank} axes"), "at most 32"));
        }
        let shape = (0..rank).map(|_| message.length()).collect::<Result<Vec<_>, _>>()?;
        let most = if flags & 1 == 0 {
            shape.iter().map(|n| Some(*n)).collect()
        } else {
            let unlimited = u64::MAX >> (64 - 8 * message.image.length);
            let found = (0..rank).map(|_| message.length()).collect::<Result<Vec<_>, _>>()?;
            found.into_iter().map(|n| Some(n).filter(|n| *n != unlimited)).collect()
        };
        Ok(Self { shape, most, is_null })
    }

    /// How many elements there are.
    pub(crate) fn count(&self) -> u64 {
        if self.is_null { 0 } else { self.shape.iter().fold(1, |n, len| n.saturating_mul(*len)) }
    }
}
