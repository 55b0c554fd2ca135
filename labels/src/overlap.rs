//! How alike two label maps are: counts of agreement, Dice, Jaccard, volume similarity.
//!
//! With `a` and `b` voxels of a label in two maps and `both` in both of them: Dice is `2 both / (a + b)`, Jaccard
//! `both / (a + b - both)`, volume similarity `1 - |a - b| / (a + b)`. Where neither map has the label they are not defined, and
//! are `None` here: tools give 0, 1 or NaN for it.

use std::collections::BTreeMap;

use isocenter_volume::{Cancelled, Ctx, Label, LabelMap, with_layer};
use rayon::prelude::*;
use serde::Serialize;

use crate::Error;

/// Agreement of two maps on one label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Overlap {
    /// The layer.
    pub layer: usize,
    /// The label.
    pub value: u32,
    /// Its voxels in the first map.
    pub a: u64,
    /// Its voxels in the second map.
    pub b: u64,
    /// Voxels that have it in both.
    pub both: u64,
}

impl Overlap {
    /// Dice coefficient, 0 to 1.
    pub fn dice(&self) -> Option<f64> {
        ratio(2 * self.both, self.a + self.b)
    }

    /// Jaccard index (intersection over union), 0 to 1.
    pub fn jaccard(&self) -> Option<f64> {
        ratio(self.both, self.a + self.b - self.both)
    }

    /// Volume similarity, 0 to 1: blind to place.
    pub fn volume_similarity(&self) -> Option<f64> {
        ratio(self.a.abs_diff(self.b), self.a + self.b).map(|d| 1.0 - d)
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Compares two maps label by label, layer by layer; every label that occurs in either is listed, by layer and value.
///
/// # Errors
/// [`Error::Volume`] unless both lie on one grid as stored with as many steps, [`Error::OutOfRange`] for other numbers of layers,
/// [`Error::Cancelled`].
pub fn overlap(a: &LabelMap, b: &LabelMap, ctx: &Ctx<'_>) -> Result<Vec<Overlap>, Error> {
    a.geometry().agrees_with(b.geometry())?;
    if a.steps() != b.steps() {
        return Err(isocenter_volume::Error::SlowSteps { what: "overlap", wanted: a.steps(), found: b.steps() }.into());
    }
    if a.layers().len() != b.layers().len() {
        let (found, count) = (a.layers().len().max(b.layers().len()), a.layers().len().min(b.layers().len()));
        return Err(Error::OutOfRange { what: "layer", found: found - 1, count });
    }
    let mut out = Vec::new();
    for (layer, (a, b)) in a.layers().iter().zip(b.layers()).enumerate() {
        let total = with_layer!(a, a => with_layer!(b, b => counts(a, b, ctx)))?;
        out.extend(total.into_iter().map(|(value, [a, b, both])| Overlap { layer, value, a, b, both }));
    }
    Ok(out)
}

/// Voxels of every value in the first, in the second, and in both.
fn counts<A: Label, B: Label>(a: &[A], b: &[B], ctx: &Ctx<'_>) -> Result<BTreeMap<u32, [u64; 3]>, Cancelled> {
    let stage = ctx.stage("overlap", a.len().div_ceil(BLOCK) as u64);
    // whole numbers: the order of blocks does not matter, they are folded in order all the same
    let blocks: Vec<BTreeMap<u32, [u64; 3]>> = a
        .par_chunks(BLOCK)
        .zip(b.par_chunks(BLOCK))
        .map(|(a, b)| {
            let mut counts = BTreeMap::new();
            let mut pairs = a.iter().zip(b).peekable();
            while let Some((x, y)) = pairs.next() {
                let mut n = 1;
                while pairs.next_if_eq(&(x, y)).is_some() {
                    n += 1;
                }
                let (x, y): (u32, u32) = ((*x).into(), (*y).into());
                count(&mut counts, x, [n, 0, 0]);
                count(&mut counts, y, [0, n, 0]);
                if x == y {
                    count(&mut counts, x, [0, 0, n]);
                }
            }
            stage.advance(1)?;
            Ok(counts)
        })
        .collect::<Result<_, Cancelled>>()?;
    let mut total = BTreeMap::new();
    for (value, n) in blocks.into_iter().flatten() {
        count(&mut total, value, n);
    }
    Ok(total)
}

const BLOCK: usize = 1 << 18;

fn count(counts: &mut BTreeMap<u32, [u64; 3]>, value: u32, n: [u64; 3]) {
    if value != 0 {
        let entry = counts.entry(value).or_default();
        entry.iter_mut().zip(n).for_each(|(e, n)| *e += n);
    }
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame, Geometry};

    use super::*;

    #[test]
    fn counts_agreement_by_label() {
        let grid = Geometry::new([6, 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        let map = |v: Vec<u32>| LabelMap::new(vec![v], grid.clone(), vec![]).unwrap();
        let found = overlap(&map(vec![1, 1, 1, 2, 0, 0]), &map(vec![0, 1, 1, 1, 3, 0]), &Ctx::default()).unwrap();
        assert_eq!(found[0], Overlap { layer: 0, value: 1, a: 3, b: 3, both: 2 });
        assert_eq!((found[0].dice(), found[0].jaccard()), (Some(4.0 / 6.0), Some(0.5)));
        assert_eq!(found[0].volume_similarity(), Some(1.0));
        assert_eq!((found[1].dice(), found[2].volume_similarity()), (Some(0.0), Some(0.0)));
        assert_eq!(Overlap { layer: 0, value: 9, a: 0, b: 0, both: 0 }.dice(), None);
    }

    #[test]
    fn refuses_other_grids() {
        let at = |x: f64| {
            let grid = Geometry::new([2, 1, 1], Affine::translation_by([x, 0.0, 0.0]), Frame::Unknown).unwrap();
            LabelMap::new(vec![vec![1u32, 0]], grid, vec![]).unwrap()
        };
        assert!(overlap(&at(0.0), &at(0.05), &Ctx::default()).is_ok());
        assert_eq!(overlap(&at(0.0), &at(1.0), &Ctx::default()).unwrap_err().reason(), "grid-mismatch");
    }
}
