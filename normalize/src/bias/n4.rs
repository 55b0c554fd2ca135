//! Finding a bias field by N4.

use isocenter_volume::{Ctx, Mask, Volume};
use serde::{Deserialize, Serialize};

use super::{
    BiasField,
    grid::{Grid, Level},
    lattice::Lattice,
    sharpen::Sharpener,
};
use crate::{Error, Fitted, Region, error::positive};

/// Finds the bias field of an image and divides by it.
///
/// The default works on every voxel of the head, three levels; [`N4::itk`] is SimpleITK's `N4BiasFieldCorrection` with its defaults and
/// comes to the same log field. Voxels that are NaN or infinite are left out; a volume of several steps is refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct N4 {
    region: Region,
    iterations: Vec<u32>,
    convergence: f64,
    control_points: [usize; 3],
    fwhm: f64,
    wiener_noise: f64,
    bins: usize,
    shrink: [usize; 3],
    keep_non_positive: bool,
}

/// Control points along an axis at the finest level, at most.
const MOST_POINTS: usize = 1 << 10;

impl Default for N4 {
    fn default() -> Self {
        Self {
            region: Region::Head,
            iterations: vec![50; 3],
            convergence: 1e-4,
            control_points: [4; 3],
            fwhm: 0.1,
            wiener_noise: 0.01,
            bins: 200,
            shrink: [1; 3],
            keep_non_positive: false,
        }
    }
}

impl N4 {
    /// SimpleITK's defaults: four levels of 50 iterations, convergence 0.001; values without a logarithm take part as they are.
    pub fn itk() -> Self {
        Self { iterations: vec![50; 4], convergence: 1e-3, fwhm: 0.15, keep_non_positive: true, ..Self::default() }
    }

    /// Sets which voxels the field is found from; the head by default.
    #[must_use]
    pub const fn region(mut self, region: Region) -> Self {
        self.region = region;
        self
    }

    /// Sets the most iterations of each level; each level has twice the spans of the one before.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for no level, or where the last has more than 1024 control points along an axis.
    pub fn iterations(mut self, iterations: &[u32]) -> Result<Self, Error> {
        self.iterations = iterations.to_vec();
        self.checked()
    }

    /// Sets the change of the field (deviation over mean of the ratio) below which a level ends.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless it is a number and not below 0.
    pub fn convergence(mut self, threshold: f64) -> Result<Self, Error> {
        self.convergence = threshold;
        self.checked()
    }

    /// Sets the control points of the first level along each axis: three more than its spans.
    ///
    /// # Errors
    /// [`Error::BadParameter`] below 4, or where the last level has more than 1024.
    pub fn control_points(mut self, points: [usize; 3]) -> Result<Self, Error> {
        self.control_points = points;
        self.checked()
    }

    /// Sets the sharpening: bins of the histogram, the width at half height of the Gaussian that is taken out of it (log
    /// units) and the noise of the Wiener filter.
    ///
    /// # Errors
    /// [`Error::BadParameter`] outside of 8 to 65536 bins, or for a width or a noise that is not above 0.
    pub fn sharpening(mut self, bins: usize, fwhm: f64, wiener_noise: f64) -> Result<Self, Error> {
        (self.bins, self.fwhm, self.wiener_noise) = (bins, fwhm, wiener_noise);
        self.checked()
    }

    /// Sets of how many voxels along each axis one is used, as ITK's `Shrink` takes them. The field spans the whole image all the same.
    ///
    /// Where the middle of both grids falls between two voxels the later one is taken; ITK takes either, by the last digit of its coordinates.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for 0.
    pub fn shrink(mut self, factors: [usize; 3]) -> Result<Self, Error> {
        self.shrink = factors;
        self.checked()
    }

    /// Sets whether values that have no logarithm take part as they are, as in ITK; left out by default.
    #[must_use]
    pub const fn keep_non_positive(mut self, keep: bool) -> Self {
        self.keep_non_positive = keep;
        self
    }

    fn checked(self) -> Result<Self, Error> {
        let wrong = |what, wanted, found| Err(Error::BadParameter { what, wanted, found });
        let levels = self.iterations.len();
        if !(1..=10).contains(&levels) {
            return wrong("levels", "1 to 10", levels as f64);
        }
        for &points in &self.control_points {
            if !(4..=MOST_POINTS).contains(&points) || ((points - 3) << (levels - 1)) + 3 > MOST_POINTS {
                return wrong("control_points", "at least 4, and at most 1024 at the last level", points as f64);
            }
        }
        if !(8..=1 << 16).contains(&self.bins) {
            return wrong("bins", "8 to 65536", self.bins as f64);
        }
        if let Some(&factor) = self.shrink.iter().find(|n| **n == 0) {
            return wrong("shrink", "at least 1", factor as f64);
        }
        if !self.convergence.is_finite() || self.convergence < 0.0 {
            return wrong("convergence", "finite and not below 0", self.convergence);
        }
        positive("fwhm", self.fwhm)?;
        positive("wiener_noise", self.wiener_noise)?;
        Ok(self)
    }

    /// Finds the field.
    ///
    /// # Errors
    /// [`Error::Constant`] for a region of one value, [`Error::TooFew`] below two voxels, [`Error::EmptyRegion`], [`Error::NotReal`],
    /// [`Error::Volume`] for several steps or a mask elsewhere, [`Error::Cancelled`].
    pub fn fit(&self, volume: &Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        if volume.steps() != 1 {
            let (what, wanted) = ("a bias field", 1);
            return Err(isocenter_volume::Error::SlowSteps { what, wanted, found: volume.steps() }.into());
        }
        let not_finite = crate::fitted::not_finite(volume.voxels(), ctx)?;
        let mask = self.region.mask(volume, mask, ctx)?;
        ctx.install(|| {
            let mut grid = Grid::new(volume, &mask, self.shrink, self.keep_non_positive, ctx)?;
            match grid.count() {
                0 => return Err(Error::EmptyRegion { region: self.region.name() }),
                1 => return Err(Error::TooFew { wanted: 2, found: 1 }),
                _ if grid.is_flat() => return Err(Error::Constant { what: "the range of logarithms" }),
                _ => {}
            }
            let (lattice, done, change) = self.find(&mut grid, ctx)?;
            let field = BiasField::new(lattice.size, lattice.points, volume.geometry())?;
            Ok(Fitted::bias(field)
                .counting(grid.count(), not_finite)
                .measuring("iterations", done as f64)
                .measuring("change", change))
        })
    }

    /// The control points of the last level, the iterations done and the last change.
    fn find(&self, grid: &mut Grid, ctx: &Ctx<'_>) -> Result<(Lattice, u64, f64), Error> {
        let sharpener = Sharpener::new(self.bins, self.fwhm, self.wiener_noise);
        let mut lattice = Lattice::zero(self.control_points);
        let stage = ctx.stage("n4", self.iterations.iter().map(|n| u64::from(*n)).sum());
        let (mut done, mut change) = (0, 0.0);
        for (n, &most) in self.iterations.iter().enumerate() {
            if n > 0 {
                lattice = lattice.refined();
            }
            let level = Level::new(grid, lattice.size, &stage)?;
            for _ in 0..most {
                if grid.is_flat() {
                    break;
                }
                let table = grid.table(&sharpener, self.bins, &stage)?;
                level.fit(grid, &table, &mut lattice, &stage)?;
                change = level.update(grid, &lattice, &stage)?;
                done += 1;
                stage.advance(1)?;
                if change <= self.convergence {
                    break;
                }
            }
        }
        Ok((lattice, done, change))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Repr {
    region: Region,
    iterations: Vec<u32>,
    #[serde(with = "isocenter_volume::exact")]
    convergence: f64,
    control_points: [usize; 3],
    #[serde(with = "isocenter_volume::exact")]
    fwhm: f64,
    #[serde(with = "isocenter_volume::exact")]
    wiener_noise: f64,
    bins: usize,
    shrink: [usize; 3],
    keep_non_positive: bool,
}

impl Default for Repr {
    fn default() -> Self {
        N4::default().into()
    }
}

impl TryFrom<Repr> for N4 {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        let Repr {
            region,
            iterations,
            convergence,
            control_points,
            fwhm,
            wiener_noise,
            bins,
            shrink,
            keep_non_positive,
        } = r;
        Self { region, iterations, convergence, control_points, fwhm, wiener_noise, bins, shrink, keep_non_positive }
            .checked()
    }
}

impl From<N4> for Repr {
    fn from(n: N4) -> Self {
        let N4 { region, iterations, convergence, control_points, fwhm, wiener_noise, bins, shrink, keep_non_positive } =
            n;
        Self { region, iterations, convergence, control_points, fwhm, wiener_noise, bins, shrink, keep_non_positive }
    }
}
