//! Contrast-limited adaptive histogram equalization.

use isocenter_volume::{Ctx, Geometry, provenance::Parameter, stats::Extremes};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Boundary, tile::Tiles};
use crate::{Error, linear::BLOCK};

/// Makes the histogram of every neighbourhood even, up to a limit of contrast; results lie in 0..1.
///
/// The image is cut into tiles; each has a map of its own from its histogram, whose bins are clipped and the excess spread over the
/// others, and a voxel's value is linear between the maps of the tiles around it. Zuiderveld, Graphics Gems IV (1994). Equal to
/// scikit-image's `equalize_adapthist` in three dimensions; that rounds an image of 0..1 to 16 bits first, which moves a value in a
/// hundred by one bin. NaN is counted nowhere and stays NaN.
///
/// # Examples
/// ```
/// use isocenter_normalize::{Step, filter::Clahe};
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};
///
/// let grid = Geometry::new([32, 32, 32], Affine::IDENTITY, Frame::Unknown)?;
/// // a faint pattern, and one bright corner that takes the range
/// let value = |n: usize| if n == 0 { 1000.0 } else { (n * 7919 % 40) as f32 };
/// let image = Volume::new((0..grid.len()).map(value).collect::<Vec<_>>(), grid)?;
/// let (out, _) = Step::Clahe(Clahe::default()).apply(&image, None, &Ctx::default())?;
/// let spread = out.voxels()[9000..9040].iter().fold(0.0f32, |a, v| a.max(*v));
/// assert!(spread > 0.1); // 0.04 of the range before
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Clahe {
    tile: Option<[usize; 3]>,
    clip_limit: f64,
    bins: usize,
}

impl Default for Clahe {
    fn default() -> Self {
        Self { tile: None, clip_limit: 0.01, bins: 256 }
    }
}

impl Clahe {
    /// Most bins.
    pub const MAX_BINS: usize = 4096;

    /// Sets the size of a tile in voxels; an eighth of the image along each axis by default.
    ///
    /// # Errors
    /// [`Error::BadParameter`] where a size is 0.
    pub fn tile(self, tile: [usize; 3]) -> Result<Self, Error> {
        if tile.contains(&0) {
            return Err(Error::BadParameter { what: "tile", wanted: "at least one voxel", found: 0.0 });
        }
        Ok(Self { tile: Some(tile), ..self })
    }

    /// Sets the share of a tile's samples (0 to 1) that one bin may hold, 0.01 by default; 0 limits nothing.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless it is from 0 to 1.
    pub fn clip_limit(self, clip_limit: f64) -> Result<Self, Error> {
        if !(0.0..=1.0).contains(&clip_limit) {
            return Err(Error::BadParameter { what: "clip_limit", wanted: "from 0 to 1", found: clip_limit });
        }
        Ok(Self { clip_limit, ..self })
    }

    /// Sets the number of bins, 256 by default.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless there are from 2 to [`Clahe::MAX_BINS`].
    pub fn bins(self, bins: usize) -> Result<Self, Error> {
        if !(2..=Self::MAX_BINS).contains(&bins) {
            return Err(Error::BadParameter { what: "bins", wanted: "from 2 to 4096", found: bins as f64 });
        }
        Ok(Self { bins, ..self })
    }

    pub(super) fn run(&self, samples: &[f32], grid: &Geometry, out: &mut [f32], ctx: &Ctx<'_>) -> Result<(), Error> {
        let levels = Levels::of(samples, self.bins)?;
        let shape = grid.shape();
        let tile = self.tile.unwrap_or(shape.map(|n| (n / 8).max(1)));
        // mirrored voxels beyond the image may fill a tile, but not again and again
        if let Some(axis) = (0..3).find(|&a| tile[a] > shape[a].saturating_mul(2)) {
            let (what, wanted) = ("tile", "at most twice the image");
            return Err(Error::BadParameter { what, wanted, found: tile[axis] as f64 });
        }
        let tiles = Tiles::new(shape, tile);
        let elements = tile.iter().product::<usize>();
        let limit = match (self.clip_limit * elements as f64) as usize {
            _ if self.clip_limit <= 0.0 => elements,
            limit => limit.max(1),
        };
        let maps = self.maps(samples, &tiles, &levels, limit, ctx)?;
        let plane = shape[0] * shape[1];
        let stage = ctx.stage("planes", shape[2] as u64);
        out.par_chunks_mut(plane).zip(samples.par_chunks(plane)).enumerate().try_for_each(|(k, (out, samples))| {
            stage.check()?;
            let rows = out.chunks_exact_mut(shape[0]).zip(samples.chunks_exact(shape[0]));
            for (j, (out, samples)) in rows.enumerate() {
                interpolate(samples, [j, k], &tiles, &levels, &maps, out);
            }
            stage.advance(1)
        })?;
        to_unit_range(out)
    }

    /// The map of every tile, one after the other.
    fn maps(
        &self,
        samples: &[f32],
        tiles: &Tiles,
        levels: &Levels,
        limit: usize,
        ctx: &Ctx<'_>,
    ) -> Result<Vec<f32>, Error> {
        let [nx, ny, _] = tiles.shape;
        let stage = ctx.stage("tiles", tiles.len() as u64);
        let mut maps = vec![0f32; tiles.len() * self.bins];
        maps.par_chunks_mut(self.bins).enumerate().try_for_each(|(n, map)| {
            stage.check()?;
            let place = |axis: usize, at: usize| Boundary::Mirror.place(at as isize, tiles.shape[axis]).unwrap_or(0);
            let [is, js, ks] = tiles.range(n);
            let mut counts = vec![0usize; self.bins];
            let mut elements = 0usize;
            for k in ks {
                for j in js.clone() {
                    let row = (place(1, j) + ny * place(2, k)) * nx;
                    for i in is.clone() {
                        if let Some(bin) = samples.get(row + place(0, i)).and_then(|v| levels.bin(*v)) {
                            counts[bin] += 1;
                            elements += 1;
                        }
                    }
                }
            }
            clip(&mut counts, limit);
            let scale = (GRAYS - 1) as f64 / elements.max(1) as f64;
            let mut sum = 0;
            for (value, count) in map.iter_mut().zip(counts) {
                sum += count;
                *value = (sum as f64 * scale).min((GRAYS - 1) as f64).trunc() as f32;
            }
            stage.advance(1)
        })?;
        Ok(maps)
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        let tile = self.tile.map_or_else(|| "eighth".into(), Parameter::from);
        vec![("tile", tile), ("clip_limit", self.clip_limit.into()), ("bins", self.bins.into())]
    }
}

/// Grey levels that values are rounded to first.
const GRAYS: usize = 1 << 14;

/// From a sample to its bin.
struct Levels {
    low: f64,
    scale: f64,
    size: usize,
}

impl Levels {
    fn of(samples: &[f32], bins: usize) -> Result<Self, Error> {
        let finite = |b: &[f32]| Extremes::of(&b.iter().copied().filter(|v| v.is_finite()).collect::<Vec<f32>>());
        let found: Vec<Extremes> = samples.par_chunks(BLOCK).map(finite).collect();
        let ends: Vec<f64> = found.iter().flat_map(|e| [e.min(), e.max()]).flatten().collect();
        let all = Extremes::of(&ends);
        let (Some(low), Some(high)) = (all.min(), all.max()) else {
            return Err(Error::EmptyRegion { region: "all" });
        };
        if all.is_constant() {
            return Err(Error::Constant { what: "the range of values" });
        }
        Ok(Self { low, scale: (GRAYS - 1) as f64 / (high - low), size: 1 + GRAYS / bins })
    }

    /// The bin of a sample that is finite.
    #[inline(always)]
    fn bin(&self, sample: f32) -> Option<usize> {
        let gray = (f64::from(sample) - self.low) * self.scale + 0.5;
        sample.is_finite().then_some(gray as usize / self.size)
    }
}

/// One row: each voxel's value in the maps of the eight tiles around it, linear between their centres.
fn interpolate(samples: &[f32], [j, k]: [usize; 2], tiles: &Tiles, levels: &Levels, maps: &[f32], out: &mut [f32]) {
    let bins = maps.len() / tiles.len();
    let ([j0, j1], wj) = tiles.around(1, j);
    let ([k0, k1], wk) = tiles.around(2, k);
    let rows = [[j0, k0], [j1, k0], [j0, k1], [j1, k1]].map(|[j, k]| tiles.row(j, k) * bins);
    let weights = [(1.0 - wj) * (1.0 - wk), wj * (1.0 - wk), (1.0 - wj) * wk, wj * wk];
    for (i, (out, &sample)) in out.iter_mut().zip(samples).enumerate() {
        let Some(bin) = levels.bin(sample) else {
            *out = f32::NAN;
            continue;
        };
        let ([i0, i1], wi) = tiles.around(0, i);
        let (a, b) = (i0 * bins + bin, i1 * bins + bin);
        let mut sum = 0f32;
        for (row, weight) in rows.iter().zip(weights) {
            sum += weight * (maps[row + a] * (1.0 - wi) + maps[row + b] * wi);
        }
        *out = sum.trunc();
    }
}

/// Takes the smallest result to 0 and the largest to 1.
fn to_unit_range(out: &mut [f32]) -> Result<(), Error> {
    let found = Extremes::of(out);
    let (Some(low), Some(high)) = (found.min(), found.max()) else {
        return Err(Error::EmptyRegion { region: "all" });
    };
    if low >= high {
        return Err(Error::Constant { what: "the range of values" });
    }
    let map = |b: &mut [f32]| b.iter_mut().for_each(|v| *v = ((f64::from(*v) - low) / (high - low)) as f32);
    out.par_chunks_mut(BLOCK).for_each(map);
    Ok(())
}

/// Cuts bins at a limit and spreads what was cut over the others: as much to each as fits evenly, then one sample at a time to bins at
/// equal distances, in the order that scikit-image has.
fn clip(counts: &mut [usize], limit: usize) {
    let size = counts.len();
    let mut excess = 0i64;
    for count in counts.iter_mut().filter(|c| **c > limit) {
        excess += (*count - limit) as i64;
        *count = limit;
    }
    let each = excess as usize / size;
    let upper = limit.saturating_sub(each);
    for count in counts.iter_mut().filter(|c| **c < upper) {
        *count += each;
        excess -= each as i64;
    }
    for count in counts.iter_mut().filter(|c| **c >= upper && **c < limit) {
        excess -= (limit - *count) as i64;
        *count = limit;
    }
    while excess > 0 {
        let before = excess;
        for first in 0..size {
            let room = counts.iter().filter(|c| **c < limit).count();
            let step = (room / excess as usize).max(1);
            for count in counts.iter_mut().skip(first).step_by(step).filter(|c| **c < limit) {
                *count += 1;
                excess -= 1;
            }
            if excess <= 0 {
                break;
            }
        }
        if excess == before {
            break;
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Repr {
    #[serde(skip_serializing_if = "Option::is_none")]
    tile: Option<[usize; 3]>,
    #[serde(with = "isocenter_volume::exact")]
    clip_limit: f64,
    bins: usize,
}

impl Default for Repr {
    fn default() -> Self {
        Clahe::default().into()
    }
}

impl TryFrom<Repr> for Clahe {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        let all = Self::default().clip_limit(r.clip_limit)?.bins(r.bins)?;
        r.tile.map_or(Ok(all), |tile| all.tile(tile))
    }
}

impl From<Clahe> for Repr {
    fn from(c: Clahe) -> Self {
        let Clahe { tile, clip_limit, bins } = c;
        Self { tile, clip_limit, bins }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_from_full_bins_is_spread_over_the_others() {
        // what scikit-image's clip_histogram makes of it, with one sample too many
        let mut counts = vec![10, 0, 0, 0, 2, 0, 0, 0];
        clip(&mut counts, 4);
        assert_eq!(counts, [4, 1, 1, 1, 3, 1, 1, 1]);
        let mut full = vec![9, 9, 9];
        clip(&mut full, 4);
        assert_eq!(full, [4, 4, 4]);
    }
}
