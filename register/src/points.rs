//! Paired points: the map between them, and how far to trust it.
//!
//! The same landmarks are marked in the fixed and in the moving image; [`fit`] finds the map of *points of the fixed image to points of the
//! moving image* (LPS mm) that brings them closest, in the least squares sense. Its residuals are the fiducial registration error (FRE). They say
//! little about the error elsewhere: [`Fit::tre_mm`] estimates that (TRE) at any target.
//!
//! Sources: S. Umeyama, IEEE PAMI 13 (1991), for rotation and scale; J. M. Fitzpatrick, J. B. West, C. R. Maurer, IEEE TMI 17 (1998), for FRE and
//! TRE.
//!
//! Files of points are read and written by [`files`].
//!
//! # Examples
//! ```
//! use isocenter_register::points::{self, Dof};
//!
//! let fixed = [[0.0, 0.0, 0.0], [100.0, 0.0, 0.0], [0.0, 100.0, 0.0], [0.0, 0.0, 100.0]];
//! let moving = fixed.map(|[x, y, z]| [5.0 - y, 7.0 + x, z]); // a quarter turn about z, and a shift
//! let fit = points::fit(&fixed, &moving, None, Dof::Rigid)?;
//! assert!(fit.fre_mm() < 1e-12);
//! let there = fit.fixed_to_moving().apply([10.0, 0.0, 0.0]);
//! assert!((there[0] - 5.0).abs() < 1e-12 && (there[1] - 17.0).abs() < 1e-12);
//! # Ok::<_, points::Error>(())
//! ```

pub mod files;
mod least_squares;
mod tre;

use isocenter_volume::{
    Affine, Family,
    affine::{dot, norm},
};

use self::tre::Shape;

/// What a map between points may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dof {
    /// Turn and shift: 6 degrees of freedom, at least 3 points not on one line.
    Rigid,
    /// One scale more: 7.
    Similarity,
    /// Any affine map: 12, at least 4 points not in one plane.
    Affine,
}

impl Dof {
    /// Fewest pairs of points.
    pub const fn fewest(self) -> usize {
        match self {
            Self::Rigid | Self::Similarity => 3,
            Self::Affine => 4,
        }
    }
}

/// Why points give no map.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The two lists, or the weights, are not of one length.
    #[error("{fixed} points of the fixed image, {moving} of the moving image and {weights} weights are not pairs")]
    NotPaired {
        /// Points of the fixed image.
        fixed: usize,
        /// Points of the moving image.
        moving: usize,
        /// Weights; as many as points where none were given.
        weights: usize,
    },
    /// Fewer pairs than the map needs.
    #[error("{found} pairs of points are too few, at least {wanted} are needed")]
    TooFew {
        /// Pairs that count.
        found: usize,
        /// Pairs needed.
        wanted: usize,
    },
    /// The points of an image lie on one line, or, for an affine map, in one plane.
    #[error("the points lie {what}, so that the map between them is not one")]
    Degenerate {
        /// How they lie.
        what: &'static str,
    },
    /// A coordinate or weight that is not finite, or a negative weight.
    #[error("{what} of pair {index} is not a number that can be used")]
    BadNumber {
        /// What it is.
        what: &'static str,
        /// Which pair, counted from 0.
        index: usize,
    },
    /// A file of points does not follow its convention.
    #[error("line {line} of the points: {what}")]
    Malformed {
        /// Line, counted from 1; 0 where lines mean nothing.
        line: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// A file of points holds what is not read here.
    #[error("the file of points holds {found}, which is not supported")]
    Unsupported {
        /// What it holds.
        found: String,
    },
    /// A file of points is larger than one can be.
    #[error("the file of points is larger than {limit} bytes")]
    Limit {
        /// The limit, bytes.
        limit: u64,
    },
    /// The file could not be read or written.
    #[error("could not read or write the file of points")]
    Io {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Error {
    /// A stable code of the kind of refusal, for records and programs: words joined by hyphens.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::NotPaired { .. } => "not-paired",
            Self::TooFew { .. } => "too-few-points",
            Self::Degenerate { .. } => "degenerate-points",
            Self::BadNumber { .. } => "bad-number",
            Self::Malformed { .. } => "malformed",
            Self::Unsupported { .. } => "unsupported",
            Self::Limit { .. } => "limit",
            Self::Io { .. } => "io",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::NotPaired { .. } | Self::BadNumber { .. } => Family::Argument,
            Self::TooFew { .. } | Self::Degenerate { .. } => Family::Unsuited,
            Self::Malformed { .. } => Family::Malformed,
            Self::Unsupported { .. } => Family::Unsupported,
            Self::Limit { .. } => Family::Limit,
            Self::Io { .. } => Family::Io,
        }
    }
}

/// A map between points, and how well it fits them.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    map: Affine,
    dof: Dof,
    residuals_mm: Vec<f64>,
    fre_mm: f64,
    shape: Shape,
}

/// Finds the map of `fixed` points to `moving` points (LPS mm, in pairs) with the least weighted sum of squared distances.
///
/// A weight is what a pair counts, 1 for all where none are given; a pair of weight 0 has a residual and no say. The result is the same to the
/// bit for the same pairs in the same order.
///
/// # Errors
/// [`Error::NotPaired`], [`Error::TooFew`], [`Error::Degenerate`], [`Error::BadNumber`].
pub fn fit(fixed: &[[f64; 3]], moving: &[[f64; 3]], weights: Option<&[f64]>, dof: Dof) -> Result<Fit, Error> {
    let count = weights.map_or(fixed.len(), <[f64]>::len);
    if fixed.len() != moving.len() || fixed.len() != count {
        return Err(Error::NotPaired { fixed: fixed.len(), moving: moving.len(), weights: count });
    }
    for (what, points) in [("a coordinate in the fixed image", fixed), ("a coordinate in the moving image", moving)] {
        // what is larger than any body leaves no digits for the sums
        if let Some(index) = points.iter().position(|p| p.iter().any(|v| !v.is_finite() || v.abs() > 1e9)) {
            return Err(Error::BadNumber { what, index });
        }
    }
    if let Some(index) = weights.and_then(|w| w.iter().position(|w| !(w.is_finite() && *w >= 0.0 && *w < 1e9))) {
        return Err(Error::BadNumber { what: "the weight", index });
    }
    let weight = |n: usize| weights.map_or(1.0, |w| w[n]);
    let found = (0..fixed.len()).filter(|n| weight(*n) > 0.0).count();
    if found < dof.fewest() {
        return Err(Error::TooFew { found, wanted: dof.fewest() });
    }
    let all: Vec<f64> = (0..fixed.len()).map(weight).collect();
    let map = least_squares::solve(fixed, moving, &all, dof)?;
    let residuals_mm: Vec<f64> =
        fixed.iter().zip(moving).map(|(f, m)| norm(least_squares::minus(map.apply(*f), *m))).collect();
    let total: f64 = all.iter().sum();
    let square: f64 = residuals_mm.iter().zip(&all).map(|(r, w)| w * r * r).sum();
    Ok(Fit { map, dof, residuals_mm, fre_mm: (square / total).sqrt(), shape: Shape::of(fixed, &all, found) })
}

impl Fit {
    /// The map of points of the fixed image to points of the moving image, LPS mm.
    pub const fn fixed_to_moving(&self) -> Affine {
        self.map
    }

    /// What the map was allowed to do.
    pub const fn dof(&self) -> Dof {
        self.dof
    }

    /// Distance left between each pair, mm, in their order.
    pub fn residuals_mm(&self) -> &[f64] {
        &self.residuals_mm
    }

    /// The fiducial registration error: the root of the weighted mean of squared residuals, mm.
    pub const fn fre_mm(&self) -> f64 {
        self.fre_mm
    }

    /// The error with which a point is marked that fits this FRE, root mean square, mm; `None` where no pair is left over to tell
    /// (3 for a rigid map tell a little, 4 for an affine one nothing).
    ///
    /// `FLE^2 = FRE^2 N / (N - k)`, with `k` a third of the degrees of freedom: 2 for a rigid map (Fitzpatrick, equation 10), 4 for an affine one.
    pub fn fle_mm(&self) -> Option<f64> {
        let n = self.shape.count as f64;
        let spent = match self.dof {
            Dof::Rigid => 2.0,
            Dof::Similarity => 7.0 / 3.0,
            Dof::Affine => 4.0,
        };
        (n > spent).then(|| self.fre_mm * (n / (n - spent)).sqrt())
    }

    /// The target registration error to be expected at a point of the fixed image (LPS mm): root mean square over many such markings, mm.
    ///
    /// It stands on the marking errors being alike in all directions and at all points; weights are not taken into account. `None` where
    /// [`Fit::fle_mm`] is, and for a similarity, for which no formula is at hand. Source: Fitzpatrick, equation 46, for rigid maps; for affine maps
    /// the variance of a linear least squares prediction.
    pub fn tre_mm(&self, target_mm: [f64; 3]) -> Option<f64> {
        let fle = self.fle_mm()?;
        let from = least_squares::minus(target_mm, self.shape.centre);
        let n = self.shape.count as f64;
        // along the principal axes of the points: how far the target is, and the mean square of the points
        let along = self.shape.axes.map(|axis| dot(axis, from));
        let spread = self.shape.spread;
        let factor = match self.dof {
            Dof::Rigid => {
                // distance from an axis is what the two others see
                let share = |k: usize| {
                    let (a, b) = ((k + 1) % 3, (k + 2) % 3);
                    (along[a] * along[a] + along[b] * along[b]) / (spread[a] + spread[b])
                };
                1.0 + (share(0) + share(1) + share(2)) / 3.0
            }
            Dof::Affine => 1.0 + (0..3).map(|a| along[a] * along[a] / spread[a]).sum::<f64>(),
            Dof::Similarity => return None,
        };
        Some(fle * (factor / n).sqrt()).filter(|v| v.is_finite())
    }
}
