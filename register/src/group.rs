//! Several images brought to a space in their middle, which none of them decides.
//!
//! Every image is registered with others, each pair once, whichever is called the fixed one ([`crate::RegistrationOptions`] treats both alike). What the pairs say is made consistent: each
//! image lies where the mean of what its partners say puts it, and the space is turned and shifted until the mean of all maps is the identity. No template is made on
//! the way, so that images of several contrasts are a group as well. Images are taken in an order of their contents: the order in which they are given changes nothing.
//!
//! Up to eight images are registered all with all; of more, each with those one, two, four ... places further on.
//!
//! How far pairs contradict each other is the best check there is of any of them: it stands in [`Group::residual_mm`].
//!
//! Sources: M. Reuter et al., "Within-subject template estimation for unbiased longitudinal image analysis", NeuroImage 2012 (an unbiased space); V. M. Govindu, "Lie-algebraic averaging for
//! globally consistent motion estimation", CVPR 2004 (pairs made consistent).

mod order;
mod settle;

use isocenter_volume::{Affine, Frame, Geometry, Volume};
use rayon::prelude::*;

use crate::{Error, Registration, RegistrationOptions, Side, Verdict, reference_of};

/// Up to so many images are registered all with all.
const ALL_WITH_ALL: usize = 8;

/// Images that were brought to a space in their middle.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Group {
    /// For each image, points of the space in the middle to points of the image, LPS mm: what resampling onto [`grid`](Self::grid) takes. Their mean is the identity.
    pub transforms: Vec<Affine>,
    /// For each image, how far its pairs are from these maps, mm: the median over the pairs of the root mean square over a ball of half the grid's extent.
    pub residual_mm: Vec<f64>,
    /// For each image: [`Verdict::Good`] where pairs that are good themselves agree on where it lies, [`Verdict::Failed`] where no pair holds, and its map means nothing.
    pub verdicts: Vec<Verdict>,
    /// Which pairs were registered, by the images' numbers (fixed, moving), and what was found.
    pub pairs: Vec<([usize; 2], Registration)>,
    /// A grid in the space: that of the image that is fit best to be a reference, where it came to lie.
    pub grid: Geometry,
}

impl RegistrationOptions<'_> {
    /// Brings several images of one body (with [`crate::Dof::Affine`], of several) to a space in their middle.
    ///
    /// # Errors
    /// Those of [`register`](Self::register) for any pair; [`Error::BadOption`] for fewer than two images, and for masks, a start or more pairs, which have no meaning here.
    ///
    /// # Examples
    /// ```
    /// use isocenter_register::RegistrationOptions;
    /// use isocenter_volume::{Affine, Frame, Geometry, Volume};
    ///
    /// // two balls, of which one has moved 4 mm to the left, and one 2 mm
    /// let grid = Geometry::new([40; 3], Affine::from_spacing_origin([3.0; 3], [-58.5; 3]), Frame::Patient(None))?;
    /// let scene = |x: f64| {
    ///     let value = |n: usize| {
    ///         let p = grid.world_of([(n % 40) as f64, (n / 40 % 40) as f64, (n / 1600) as f64]);
    ///         let far = |c: [f64; 3]| (0..3).map(|a| (p[a] - c[a]).powi(2)).sum::<f64>().sqrt();
    ///         let ball = |c: [f64; 3], r: f64| (0.5 + (r - far(c)) / 3.0).clamp(0.0, 1.0);
    ///         (80.0 * ball([x, 0.0, 0.0], 35.0) + 60.0 * ball([x + 12.0, 9.0, 6.0], 10.0) - 50.0 * ball([x - 10.0, 6.0, -12.0], 12.0)) as f32
    ///     };
    ///     Volume::new((0..64_000).map(value).collect::<Vec<f32>>(), grid.clone())
    /// };
    /// let (one, two, three) = (scene(0.0)?, scene(4.0)?, scene(2.0)?);
    /// let group = RegistrationOptions::default().rotations(0).group(&[&one, &two, &three])?;
    /// let x = [0, 1, 2].map(|n| group.transforms[n].apply([0.0; 3])[0]);
    /// assert!((x[1] - x[0] - 4.0).abs() < 0.1 && (x[2] - x[0] - 2.0).abs() < 0.1);
    /// assert!((x[0] + x[1] + x[2]).abs() < 0.01);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn group(&self, images: &[&Volume<f32>]) -> Result<Group, Error> {
        let found = images.len() as f64;
        if images.len() < 2 {
            return Err(Error::BadOption { what: "the number of images of a group", wanted: "at least 2", found });
        }
        if self.mask.is_some() || self.moving_mask.is_some() || self.start.is_some() || !self.also.is_empty() {
            let found = 1.0;
            return Err(Error::BadOption {
                what: "the number of masks, starts and pairs of a group",
                wanted: "0",
                found,
            });
        }
        for image in images {
            if !image.geometry().frame().is_patient() {
                return Err(Error::NoPatientFrame { side: Side::Moving });
            }
        }
        let order = order::of(images);
        let sorted: Vec<&Volume<f32>> = order.iter().map(|n| images[*n]).collect();
        let pairs = partners(sorted.len());
        let one = |[a, b]: &[usize; 2]| Ok(([*a, *b], self.register(sorted[*a], sorted[*b])?));
        let found: Vec<([usize; 2], Registration)> =
            self.ctx.install(|| pairs.par_iter().map(one).collect::<Result<_, Error>>())?;
        let reference = reference_of(sorted.iter().map(|image| image.geometry())).unwrap_or(0);
        let settled = settle::settle(&found, sorted[reference].geometry(), reference, sorted.len(), self.dof);

        let grid = sorted[reference].geometry();
        let back = settled.maps[reference].inverse().unwrap_or(Affine::IDENTITY);
        let grid = Geometry::new(grid.shape(), back.compose(grid.affine()), Frame::Patient(None))?;
        // back to the caller's order
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(at, n)| place[*n] = at);
        Ok(Group {
            transforms: place.iter().map(|at| settled.maps[*at]).collect(),
            residual_mm: place.iter().map(|at| settled.residual_mm[*at]).collect(),
            verdicts: place.iter().map(|at| settled.verdicts[*at]).collect(),
            pairs: found.into_iter().map(|([a, b], found)| ([order[a], order[b]], found)).collect(),
            grid,
        })
    }
}

/// Which images are registered with each other.
fn partners(count: usize) -> Vec<[usize; 2]> {
    let mut pairs = Vec::new();
    if count <= ALL_WITH_ALL {
        for a in 0..count {
            pairs.extend((a + 1..count).map(|b| [a, b]));
        }
        return pairs;
    }
    let mut step = 1;
    while 2 * step <= count {
        pairs.extend((0..count).map(|a| [a, (a + step) % count]).map(|[a, b]| [a.min(b), a.max(b)]));
        step *= 2;
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_image_has_partners_and_no_pair_comes_twice() {
        for count in 2..40 {
            let pairs = partners(count);
            let mut once = pairs.clone();
            once.dedup();
            assert_eq!(once, pairs);
            assert!(pairs.iter().all(|[a, b]| a < b && *b < count));
            assert!((0..count).all(|n| pairs.iter().any(|pair| pair.contains(&n))));
            assert!(pairs.len() <= count * (1 + count.ilog2() as usize).max(4));
        }
    }
}
