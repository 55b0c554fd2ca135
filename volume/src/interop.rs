//! Arrays of ndarray into volumes; the other way are [`Volume::view_kji`], [`Volume::view_ijk`] and [`Volume::into_voxels`].
//!
//! An array `[k, j, i]` in standard layout (NumPy's `(z, y, x)`) and an array `[i, j, k]` in Fortran layout have the byte order of
//! a volume: where they are owned their memory becomes the volume's, and nothing is copied. Any other order is brought to that one.
//!
//! # Examples
//! ```
//! use isocenter_volume::{Affine, Frame, Geometry, Head, Volume, ndarray::Array3};
//!
//! let grid = Geometry::new([4, 3, 2], Affine::IDENTITY, Frame::Patient(None))?;
//! let planes = Array3::from_shape_fn((2, 3, 4), |(k, j, i)| (100 * k + 10 * j + i) as i16);
//! let address = planes.as_ptr();
//! let volume = Volume::from_kji(Head::new(grid), planes)?;
//! assert_eq!(volume.voxels()[..5], [0, 1, 2, 3, 10]);
//! assert_eq!(volume.voxels().as_ptr(), address);
//! # Ok::<_, isocenter_volume::Error>(())
//! ```

use ndarray::{CowArray, Dimension};

use crate::{Buffer, Error, Head, Volume, Voxel};

impl<T: Voxel> Volume<T> {
    /// Joins a head and an array indexed `[k, j, i]` (planes, rows, columns); slow axes come before, the slowest first.
    ///
    /// An owned array in standard layout is not copied; a view (`.view()`, or a reference) is.
    ///
    /// # Errors
    /// [`Error::GridMismatch`] for an array of another shape.
    pub fn from_kji<'a, D: Dimension>(head: Head, array: impl Into<CowArray<'a, T, D>>) -> Result<Self, Error> {
        let array = array.into();
        let wanted: Vec<usize> = lengths(&head).into_iter().rev().collect();
        if array.shape() != wanted {
            return Err(mismatch(array.shape(), &wanted));
        }
        Self::from_parts(head, samples(array))
    }

    /// Joins a head and an array indexed `[i, j, k]`; slow axes come behind, the fastest first.
    ///
    /// An owned array in Fortran layout is not copied; a view (`.view()`, or a reference) is.
    ///
    /// # Errors
    /// [`Error::GridMismatch`] for an array of another shape.
    pub fn from_ijk<'a, D: Dimension>(head: Head, array: impl Into<CowArray<'a, T, D>>) -> Result<Self, Error> {
        let array = array.into();
        let wanted = lengths(&head);
        if array.shape() != wanted {
            return Err(mismatch(array.shape(), &wanted));
        }
        Self::from_parts(head, samples(array.reversed_axes()))
    }
}

/// Lengths of all axes, `i` first.
fn lengths(head: &Head) -> Vec<usize> {
    head.shape().into_iter().chain(head.slow_axes().iter().map(crate::SlowAxis::len)).collect()
}

fn mismatch(found: &[usize], wanted: &[usize]) -> Error {
    Error::GridMismatch { what: format!("the array has shape {found:?}, the head {wanted:?}") }
}

/// The samples of an array, its last axis fastest.
fn samples<T: Voxel, D: Dimension>(array: CowArray<'_, T, D>) -> Buffer<T> {
    if !array.is_standard_layout() {
        return array.iter().copied().collect::<Vec<T>>().into();
    }
    let len = array.len();
    let (samples, start) = array.into_owned().into_raw_vec_and_offset();
    let (samples, start) = (Buffer::from(samples), start.unwrap_or(0));
    // a part of a larger array shares its memory
    samples.slice(start..start + len).unwrap_or(samples)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array3, Array4, Axis, ShapeBuilder, Slice};

    use super::*;
    use crate::{Affine, AxisKind, Frame, Geometry, SlowAxis};

    fn head(steps: usize) -> Head {
        let grid = Geometry::new([4, 3, 2], Affine::IDENTITY, Frame::Patient(None)).unwrap();
        match steps {
            1 => Head::new(grid),
            n => Head::new(grid).with_slow_axes(vec![SlowAxis::new(AxisKind::Time, n).unwrap()]).unwrap(),
        }
    }

    fn value([i, j, k]: [usize; 3]) -> u16 {
        (100 * k + 10 * j + i) as u16
    }

    #[test]
    fn all_layouts_give_the_same_volume_and_the_fitting_ones_their_memory() {
        let kji = Array3::from_shape_fn((2, 3, 4), |(k, j, i)| value([i, j, k]));
        let ijk = |fortran: bool| Array3::from_shape_fn((4, 3, 2).set_f(fortran), |(i, j, k)| value([i, j, k]));
        let wanted = Volume::from_kji(head(1), &kji).unwrap();
        assert_ne!(wanted.voxels().as_ptr(), kji.as_ptr(), "a reference is copied");
        assert_eq!(wanted.view_kji(0).unwrap(), kji);
        assert_eq!(Volume::from_ijk(head(1), ijk(false)).unwrap().voxels(), wanted.voxels());
        let fortran = ijk(true);
        let address = fortran.as_ptr();
        let volume = Volume::from_ijk(head(1), fortran).unwrap();
        assert_eq!((volume.voxels(), volume.voxels().as_ptr()), (wanted.voxels(), address));
        assert_eq!(volume.view_ijk(0).unwrap(), ijk(false));
    }

    #[test]
    fn slow_axes_come_first_and_a_part_shares_the_memory_of_the_whole() {
        let mut part = Array4::from_shape_fn((5, 2, 3, 4), |(t, k, j, i)| 1000 * t as u16 + value([i, j, k]));
        let address = part.as_ptr();
        part.slice_axis_inplace(Axis(0), Slice::from(2..4));
        let volume = Volume::from_kji(head(2), part).unwrap();
        assert_eq!(volume.voxels()[24], 3000);
        assert_eq!(volume.voxels().as_ptr(), address.wrapping_add(48));
    }

    #[test]
    fn another_shape_of_the_same_size_is_refused() {
        let turned = Array3::<u16>::zeros((4, 3, 2));
        assert!(matches!(Volume::from_kji(head(1), &turned), Err(Error::GridMismatch { .. })));
        assert!(Volume::from_ijk(head(1), &turned).is_ok());
        assert!(Volume::from_ijk(head(2), &turned).is_err());
    }
}
