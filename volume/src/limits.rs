//! How much an untrusted header may ask for.

use crate::Error;

/// Bounds on what is allocated on behalf of a file; the defaults hold a whole-body CT and refuse nonsense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Largest length of one axis of the grid; 65,535 by default.
    pub axis: u64,
    /// Most samples in one volume, over all slow axes; 2^32 by default.
    pub samples: u64,
    /// Most bytes of samples in one volume; 16 GiB by default.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { axis: 65_535, samples: 1 << 32, bytes: 16 << 30 }
    }
}

impl Limits {
    /// Sets the largest number of bytes of samples.
    #[must_use]
    pub fn with_bytes(mut self, bytes: u64) -> Self {
        self.bytes = bytes;
        self
    }

    /// Checks the size of a volume before memory is reserved for it, and gives its number of samples.
    ///
    /// `axes` are the lengths of all axes, grid and slow; `sample_bytes` the size of one sample.
    ///
    /// # Errors
    /// [`Error::Limit`], naming which bound was passed.
    pub fn check(&self, axes: &[u64], sample_bytes: u64) -> Result<usize, Error> {
        let over = |what, asked, limit| Error::Limit { what, asked, limit };
        let mut samples = 1u64;
        for &axis in axes {
            if axis > self.axis {
                return Err(over("voxels along one axis", axis, self.axis));
            }
            samples = samples.saturating_mul(axis);
        }
        if samples > self.samples {
            return Err(over("samples", samples, self.samples));
        }
        let bytes = samples.saturating_mul(sample_bytes);
        if bytes > self.bytes {
            return Err(over("bytes of samples", bytes, self.bytes));
        }
        usize::try_from(samples).map_err(|_| over("samples", samples, usize::MAX as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_product_that_overflows() {
        let huge = [65_535; 6];
        assert!(matches!(Limits::default().check(&huge, 8), Err(Error::Limit { .. })));
        assert_eq!(Limits::default().check(&[4, 5, 6], 2).unwrap(), 120);
    }
}
