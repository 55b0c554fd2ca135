//! Arrays of numbers without a place: how their axes are those of a volume.

use std::collections::BTreeMap;

use isocenter_volume::{Affine, AxisKind, Frame, Geometry, Head, SampleType, SlowAxis};

use crate::{Error, FileHead, ReadOptions, Warning, endian::Endian, samples::Layout, walk::Walk};

/// What is known of an array.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Array {
    pub(crate) sample: SampleType,
    pub(crate) endian: Endian,
    /// Lengths of the axes, the first index first.
    pub(crate) shape: Vec<u64>,
    /// Whether the first index is the one that varies fastest.
    pub(crate) is_fortran: bool,
}

/// Which index is i.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// The last one, then come j and k: planes of DICOM, SimpleITK.
    LastIsI,
    /// The first one, then come j and k: nibabel.
    FirstIsI,
}

impl Array {
    /// The head of its volume, without a place, and how its samples lie.
    pub(crate) fn head(
        &self,
        format: &'static str,
        order: Order,
        options: &ReadOptions<'_>,
    ) -> Result<(FileHead, Layout), Error> {
        let count = options.ctx.limits().check(&self.shape, self.sample.bytes() as u64)?;
        // axes of the volume, and whether the file has them in the same order in memory
        let mut lengths: Vec<usize> = self.shape.iter().map(|n| *n as usize).collect();
        if order == Order::LastIsI {
            lengths.reverse();
        }
        let is_same = self.is_fortran == (order == Order::FirstIsI);
        lengths.resize(lengths.len().max(3), 1);
        let walk = if is_same {
            None
        } else {
            // what lies fastest in the file is the slowest axis of the volume
            let in_file: Vec<usize> = lengths.iter().rev().copied().collect();
            let order: Vec<usize> = (0..lengths.len()).rev().collect();
            Walk::new(&in_file, &order)
        };
        let slow = lengths.iter().enumerate().skip(3);
        let slow = slow.map(|(n, len)| SlowAxis::new(AxisKind::Other(format!("dim{}", n + 1)), *len));
        let grid = Geometry::new([lengths[0], lengths[1], lengths[2]], Affine::IDENTITY, Frame::Unknown)?;
        let head = FileHead {
            format,
            head: Head::new(grid).with_slow_axes(slow.collect::<Result<_, _>>()?)?,
            sample_type: self.sample,
            texts: BTreeMap::new(),
            label_table: None,
            is_label: false,
            warnings: vec![Warning::NoPlace],
        };
        Ok((head, Layout::new(self.sample, count, self.endian).walked(walk)))
    }
}

/// Refuses a choice between several arrays that nobody made.
#[cfg(any(feature = "npz", feature = "json", feature = "hdf5"))]
pub(crate) fn chosen<'n>(names: &[&'n str], wanted: Option<&str>) -> Result<&'n str, Error> {
    match (wanted, names) {
        (Some(wanted), _) => {
            let found = names.iter().find(|name| **name == wanted).copied();
            found.ok_or_else(|| Error::unsupported("an array of a name that the file does not have", names.join(", ")))
        }
        (None, [one]) => Ok(one),
        (None, []) => Err(Error::unsupported("a file without an array", "none")),
        (None, several) => Err(Error::unsupported("several arrays in a file, with_name chooses", several.join(", "))),
    }
}
