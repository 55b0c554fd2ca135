//! What a brain may be.
//!
//! A mask that fails one of these is no answer: the caller gets [`Error::NoBrain`]. They are wide on purpose (an adult's brain with its
//! fluid has 1000 to 1900 ml, 120 to 160 mm of width and 150 to 190 of length) and hold for any contrast.

use isocenter_volume::{Direction, Mask, Orientation, Volume};

use crate::Error;

/// Millilitres of a whole brain, and the least of one that the border cuts.
const VOLUME_ML: [f64; 2] = [500.0, 2500.0];
const CUT_ML: f64 = 100.0;
/// Largest extent to the side, to the back, and up, mm.
const EXTENT_MM: [f64; 3] = [180.0, 220.0, 200.0];
/// Least length over width; the shortest heads have 1.03.
const LENGTH_OVER_WIDTH: f64 = 1.01;
/// Neighbours 4 mm apart in tissue are alike; noise is not. Correlation, at least.
const ALIKE: f64 = 0.15;
const APART_MM: f64 = 4.0;

const WANTED_ML: &str = "500 to 2500, from 100 where the border cuts it";
/// Nothing was found at all.
pub(super) const NOTHING: Error = Error::NoBrain { what: "volume, ml", found: 0.0, wanted: WANTED_ML };

/// Passes where a mask of a volume may be a brain.
///
/// # Errors
/// [`Error::NoBrain`].
pub(super) fn check(volume: &Volume<f32>, mask: &Mask) -> Result<(), Error> {
    let refuse = |what, found, wanted| Err(Error::NoBrain { what, found, wanted });
    let grid = mask.geometry();
    let lps = Orientation::new([Direction::Left, Direction::Posterior, Direction::Superior])?;
    let map = grid.map_to_orientation(lps)?;
    let back = map.inverse();
    let shape = map.shape();
    let spacing = grid.remap(&map)?.spacing_mm();
    let (mut low, mut high) = (shape, [0usize; 3]);
    for index in mask.indices() {
        let index = back.source_of(index.map(|v| v as i64)).map(|v| v as usize);
        for a in 0..3 {
            low[a] = low[a].min(index[a]);
            high[a] = high[a].max(index[a]);
        }
    }
    let ml = mask.count() as f64 * grid.voxel_volume_mm3() / 1000.0;
    let cut = [0, 1, 2].map(|a| shape[a] > 1 && (low[a] == 0 || high[a] + 1 == shape[a]));
    let least = if cut.contains(&true) { CUT_ML } else { VOLUME_ML[0] };
    if ml < least || ml > VOLUME_ML[1] {
        return refuse("volume, ml", ml, WANTED_ML);
    }
    let whole = |a: usize| shape[a] > 1 && low[a] == 0 && high[a] + 1 == shape[a];
    if whole(0) && whole(1) && whole(2) {
        return refuse("sides of the image that it touches", 6.0, "fewer");
    }
    let extent = [0, 1, 2].map(|a| (high[a] + 1 - low[a]) as f64 * spacing[a]);
    for (a, what) in ["width, mm", "length, mm", "height, mm"].into_iter().enumerate() {
        if extent[a] > EXTENT_MM[a] {
            return refuse(what, extent[a], "at most 180 wide, 220 long, 200 high");
        }
    }
    if !cut[0] && !cut[1] && extent[1] < LENGTH_OVER_WIDTH * extent[0] {
        return refuse("length over width", extent[1] / extent[0], "more than 1");
    }
    let alike = alike(volume.step(0).unwrap_or_default(), mask);
    if alike < ALIKE {
        return refuse("correlation of neighbours", alike, "0.15 at least: noise has none");
    }
    Ok(())
}

/// The correlation of values a few millimetres apart within a mask; the mean of the axes along which there are any.
fn alike(samples: &[f32], mask: &Mask) -> f64 {
    let (grid, shape) = (mask.geometry(), mask.geometry().shape());
    let strides = [1, shape[0], shape[0] * shape[1]];
    let spacing = grid.spacing_mm();
    let mut found = Vec::new();
    for a in 0..3 {
        let reach = (APART_MM / spacing[a]).round().max(1.0) as usize;
        let (mut count, mut one, mut square, mut product) = (0f64, 0f64, 0f64, 0f64);
        for (n, index) in mask.iter().zip(mask.indices()) {
            let m = n + reach * strides[a];
            if index[a] + reach >= shape[a] || !mask.get(m) {
                continue;
            }
            let (Some(p), Some(q)) = (samples.get(n), samples.get(m)) else { continue };
            if p.is_finite() && q.is_finite() {
                let (p, q) = (f64::from(*p), f64::from(*q));
                count += 1.0;
                one += 0.5 * (p + q);
                square += 0.5 * (p * p + q * q);
                product += p * q;
            }
        }
        let mean = one / count;
        let variance = square / count - mean * mean;
        if count > 0.0 && variance > 0.0 {
            found.push((product / count - mean * mean) / variance);
        }
    }
    // the most alike axis: one of thick slices says little
    found.into_iter().fold(0.0, f64::max)
}
