//! What of an image is patient and what is air: Otsu's threshold, middle, size, a dilated outline.
//!
//! The threshold ([`isocenter_volume::stats::Otsu`]) is lowered a little, so that dim tissue counts as body.

use isocenter_volume::{
    Ctx, Error, Mask,
    affine::norm,
    stats::{Histogram, Otsu},
};

use crate::pyramid::Level;

const BINS: usize = 128;
/// Share of the way from the darker class's mean to Otsu's threshold that is taken.
const LOWERED: f64 = 0.6;

/// The body in one image.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    /// Its voxels, on the level it was found on.
    pub(crate) inside: Mask,
    /// Middle of the body, LPS mm.
    pub(crate) centre_mm: [f64; 3],
    /// Root mean square distance of the body from its middle, mm.
    pub(crate) radius_mm: f64,
    /// Volume of the body, mm^3.
    pub(crate) volume_mm3: f64,
}

impl Body {
    /// Finds the body; `allowed` restricts it (a mask on the same level).
    pub(crate) fn of(level: &Level, allowed: Option<&Mask>) -> Result<Self, Error> {
        let threshold = threshold(level)?;
        let may = |n: usize| allowed.is_none_or(|mask| mask.get(n));
        let geometry = level.geometry()?;
        let bright = |n: usize| level.values.get(n).is_some_and(|v| *v > threshold) && !level.is_hole(n) && may(n);
        let mut inside = Mask::from_fn(geometry.clone(), bright);
        if inside.is_empty() {
            inside = Mask::from_fn(geometry, may);
        }
        let mut sum = [0f64; 3];
        let mut squares = 0f64;
        let mut count = 0f64;
        for p in inside.indices() {
            let world = level.to_world.apply(p.map(|v| v as f64));
            (0..3).for_each(|a| sum[a] += world[a]);
            count += 1.0;
        }
        let centre_mm = sum.map(|s| s / f64::max(count, 1.0));
        for p in inside.indices() {
            let world = level.to_world.apply(p.map(|v| v as f64));
            let r = norm([0, 1, 2].map(|a| world[a] - centre_mm[a]));
            squares += r * r;
        }
        let radius_mm = (squares / f64::max(count, 1.0)).sqrt().max(level.spacing_mm[0]);
        Ok(Self { inside, centre_mm, radius_mm, volume_mm3: count * level.voxel_mm3() })
    }

    /// The body, what it encloses, and everything within about `margin_mm` of it.
    ///
    /// A region whose border cuts through structure would draw the images aside: what moves in over the border adds to the
    /// moving image's entropy.
    pub(crate) fn dilated(&self, level: &Level, margin_mm: f64, ctx: &Ctx<'_>) -> Result<Mask, Error> {
        let reach = level.spacing_mm.map(|s| (margin_mm / s).round() as usize);
        self.inside.spanned(ctx)?.widened(reach, ctx)
    }
}

/// The threshold that parts values in `[0, 1]` best into two classes, moved towards the mean of the darker one.
///
/// Holes count as the darkest: most of them are a background that somebody took out, and without it the brighter of two tissues would be
/// taken for the body.
fn threshold(level: &Level) -> Result<f32, Error> {
    // means of whole boxes may round past the ends
    let mut values: Vec<f32> = level.values.iter().map(|v| v.clamp(0.0, 1.0)).collect();
    if let Some(holes) = &level.holes {
        values.iter_mut().zip(holes).filter(|(_, h)| **h).for_each(|(v, _)| *v = 0.0);
    }
    let mut histogram = Histogram::new(0.0, 1.0, BINS)?;
    histogram.add(&values);
    // an image of one bin: whatever is above its darkest bin
    let (dark, cut) = Otsu::of(&histogram).map_or((0.0, 1.0 / BINS as f64), |otsu| (otsu.dark_mean(), otsu.middle()));
    Ok((dark + LOWERED * (cut - dark)) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use isocenter_volume::Affine;

    fn ball() -> Level {
        let to_world = Affine::from_spacing_origin([2.0, 2.0, 2.0], [-30.0, -20.0, 10.0]);
        let values = (0..32 * 32 * 32usize)
            .map(|n| {
                let d = [n % 32, n / 32 % 32, n / 1024].map(|v| v as f64 - 15.0);
                if norm(d) < 8.0 { 0.7 } else { 0.05 }
            })
            .collect();
        Level { shape: [32; 3], spacing_mm: [2.0; 3], to_world, values, holes: None }
    }

    #[test]
    fn finds_the_middle_and_size_of_a_ball() {
        let body = Body::of(&ball(), None).unwrap();
        assert!((body.centre_mm[0] - 0.0).abs() < 1e-9 && (body.centre_mm[2] - 40.0).abs() < 1e-9);
        assert!((body.radius_mm - 16.0 * (0.6f64).sqrt()).abs() < 0.5); // of a ball: sqrt(3/5) of its radius
        assert!((body.volume_mm3 / (4.0 / 3.0 * std::f64::consts::PI * 16f64.powi(3)) - 1.0).abs() < 0.05);
    }

    #[test]
    fn dilation_reaches_as_far_as_asked() {
        let level = ball();
        let body = Body::of(&level, None).unwrap();
        let grown = body.dilated(&level, 6.0, &Ctx::default()).unwrap();
        let at = |i: usize| grown.contains([i, 15, 15]);
        assert!(at(15 + 7 + 3) && !at(15 + 7 + 4) && at(15 - 7 - 3) && !at(15 - 7 - 4));
    }
}
