//! The median of a neighbourhood.

use isocenter_volume::{
    Ctx, Geometry,
    hot::{self, Hot},
    provenance::Parameter,
};
use serde::{Deserialize, Serialize};

use super::{
    Boundary,
    window::{Window, over_slabs},
};
use crate::Error;

/// Replaces every voxel by the median of the box around it; edge values go on, as in ITK.
///
/// NaN takes no part: the median is that of the other samples (the lower one of two in the middle), NaN where there are none.
/// Infinities count as what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Median {
    radius: u32,
}

/// Largest radius, voxels.
const MOST: u32 = 16;

impl Median {
    /// A box of `2 radius + 1` voxels along each axis.
    ///
    /// # Errors
    /// [`Error::BadParameter`] outside of 1 to 16.
    pub fn new(radius: u32) -> Result<Self, Error> {
        if (1..=MOST).contains(&radius) {
            Ok(Self { radius })
        } else {
            Err(Error::BadParameter { what: "radius", wanted: "1 to 16", found: f64::from(radius) })
        }
    }

    pub(super) fn run(&self, samples: &[f32], grid: &Geometry, out: &mut [f32], ctx: &Ctx<'_>) -> Result<(), Error> {
        let (shape, radius) = (grid.shape(), self.radius as usize);
        over_slabs(samples, shape, [radius; 3], Boundary::Nearest, out, ctx, |window, out| {
            if radius == 1 && !window.samples().iter().any(|v| v.is_nan()) {
                hot::dispatch(Cube { window, shape, out });
                return Ok(());
            }
            any_radius(window, shape, radius, out, ctx)
        })
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        vec![("radius", self.radius.into())]
    }
}

/// By selection in a copy of each box.
fn any_radius(
    window: &Window,
    [nx, ny, _]: [usize; 3],
    radius: usize,
    out: &mut [f32],
    ctx: &Ctx<'_>,
) -> Result<(), Error> {
    let side = 2 * radius + 1;
    let mut near = Vec::with_capacity(side * side * side);
    for (n, out) in out.chunks_exact_mut(nx).enumerate() {
        ctx.check()?;
        let (j, k) = (n % ny, n / ny);
        for (i, out) in out.iter_mut().enumerate() {
            near.clear();
            for row in (0..side * side).map(|n| window.row(j + n % side, k + n / side)) {
                near.extend(row[i..i + side].iter().copied().filter(|v| !v.is_nan()));
            }
            let middle = near.len().saturating_sub(1) / 2;
            *out = if near.is_empty() { f32::NAN } else { *near.select_nth_unstable_by(middle, f32::total_cmp).1 };
        }
    }
    Ok(())
}

/// Voxels that are worked on side by side.
const LANES: usize = 8;
type Lanes = [f32; LANES];

#[inline(always)]
fn lower(a: Lanes, b: Lanes) -> Lanes {
    std::array::from_fn(|l| if a[l] < b[l] { a[l] } else { b[l] })
}

#[inline(always)]
fn higher(a: Lanes, b: Lanes) -> Lanes {
    std::array::from_fn(|l| if a[l] < b[l] { b[l] } else { a[l] })
}

#[inline(always)]
fn middle(a: Lanes, b: Lanes, c: Lanes) -> Lanes {
    higher(lower(a, b), lower(higher(a, b), c))
}

#[inline(always)]
fn order<const N: usize>(v: &mut [Lanes; N], a: usize, b: usize) {
    (v[a], v[b]) = (lower(v[a], v[b]), higher(v[a], v[b]));
}

#[inline(always)]
fn load(row: &[f32], at: usize) -> Lanes {
    row.get(at..at + LANES).and_then(|part| part.try_into().ok()).unwrap_or_default()
}

/// The median of 3 x 3 x 3, without NaN.
///
/// Columns of nine (along j and k) are sorted once and serve three voxels, triples along k once and serve three rows. Of three sorted
/// columns, side by side, the rows are sorted next: what stands above or below more than 13 others then cannot be the median, and 13 of
/// the 27 are left in three sorted lists of 4, 5 and 4.
struct Cube<'a> {
    window: &'a Window,
    shape: [usize; 3],
    out: &'a mut [f32],
}

impl Hot for Cube<'_> {
    #[inline(always)]
    fn run(self) {
        let [nx, ny, _] = self.shape;
        let width = self.window.width();
        // room for whole lanes behind the last voxel
        let long = width.next_multiple_of(LANES) + LANES;
        let mut triples = vec![0f32; 9 * long];
        let mut columns = vec![0f32; 9 * long];
        let mut line = vec![0f32; long];
        let mut wide = vec![0f32; 3 * long];
        for (k, plane) in self.out.chunks_exact_mut(nx * ny).enumerate() {
            for j in 0..ny + 2 {
                for (n, wide) in wide.chunks_exact_mut(long).enumerate() {
                    wide[..width].copy_from_slice(self.window.row(j, k + n));
                }
                let slot = &mut triples[j % 3 * 3 * long..][..3 * long];
                for at in (0..width).step_by(LANES) {
                    let mut v = [load(&wide, at), load(&wide, long + at), load(&wide, 2 * long + at)];
                    order(&mut v, 0, 1);
                    order(&mut v, 1, 2);
                    order(&mut v, 0, 1);
                    for (n, v) in v.iter().enumerate() {
                        slot[n * long + at..][..LANES].copy_from_slice(v);
                    }
                }
                if j < 2 {
                    continue;
                }
                for at in (0..width).step_by(LANES) {
                    let mut v: [Lanes; 9] = std::array::from_fn(|n| load(&triples, n * long + at));
                    for (a, b) in NINE {
                        order(&mut v, a, b);
                    }
                    for (n, v) in v.iter().enumerate() {
                        columns[n * long + at..][..LANES].copy_from_slice(v);
                    }
                }
                for at in (0..nx).step_by(LANES) {
                    let found = of_columns(&columns, long, at);
                    line[at..at + LANES].copy_from_slice(&found);
                }
                plane[(j - 2) * nx..][..nx].copy_from_slice(&line[..nx]);
            }
        }
    }
}

/// Sorts three sorted triples into one list of nine (R. W. Floyd's network of 25 without its first 9).
const NINE: [(usize, usize); 16] = [
    (0, 3),
    (3, 6),
    (0, 3),
    (1, 4),
    (4, 7),
    (1, 4),
    (2, 5),
    (5, 8),
    (2, 5),
    (1, 3),
    (5, 7),
    (2, 6),
    (4, 6),
    (2, 4),
    (2, 3),
    (5, 6),
];

/// Merges two sorted lists of four (K. E. Batcher, 1968).
const FOUR_AND_FOUR: [(usize, usize); 9] = [(0, 4), (1, 5), (2, 6), (3, 7), (2, 4), (3, 5), (1, 2), (3, 4), (5, 6)];

#[inline(always)]
fn of_columns(columns: &[f32], long: usize, at: usize) -> Lanes {
    let row = |n: usize| [0, 1, 2].map(|c| load(columns, n * long + at + c));
    let low = |n: usize| {
        let [a, b, c] = row(n);
        lower(lower(a, b), c)
    };
    let mid = |n: usize| {
        let [a, b, c] = row(n);
        middle(a, b, c)
    };
    let high = |n: usize| {
        let [a, b, c] = row(n);
        higher(higher(a, b), c)
    };
    let mut z = [low(5), low(6), low(7), low(8), high(0), high(1), high(2), high(3)];
    for (a, b) in FOUR_AND_FOUR {
        order(&mut z, a, b);
    }
    // the seventh of eight and five in order: the least of the larger ones of pairs that make seven
    let mut found = z[6];
    for n in 0..5 {
        found = lower(found, higher(z[5 - n], mid(2 + n)));
    }
    found
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default = "one")]
    radius: u32,
}

const fn one() -> u32 {
    1
}

impl TryFrom<Repr> for Median {
    type Error = Error;

    fn try_from(repr: Repr) -> Result<Self, Error> {
        Self::new(repr.radius)
    }
}

impl From<Median> for Repr {
    fn from(median: Median) -> Self {
        Self { radius: median.radius }
    }
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame};

    use super::*;

    #[test]
    fn the_fast_way_finds_what_selection_finds() {
        for shape in [[1, 1, 1], [9, 1, 1], [1, 7, 3], [17, 5, 4], [8, 8, 20]] {
            let grid = Geometry::new(shape, Affine::IDENTITY, Frame::Unknown).unwrap();
            // many equal values, and signs
            let samples: Vec<f32> =
                (0..grid.len() as u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 25) as f32 - 60.0).collect();
            let mut fast = vec![0f32; grid.len()];
            Median::new(1).unwrap().run(&samples, &grid, &mut fast, &Ctx::default()).unwrap();
            let mut slow = vec![0f32; grid.len()];
            let by_selection = |window: &Window, out: &mut [f32]| any_radius(window, shape, 1, out, &Ctx::default());
            over_slabs(&samples, shape, [1; 3], Boundary::Nearest, &mut slow, &Ctx::default(), by_selection).unwrap();
            assert_eq!(fast, slow, "{shape:?}");
        }
    }
}
