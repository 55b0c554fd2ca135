//! Making a histogram even.

use isocenter_volume::{
    Ctx, Mask, Unit, Volume,
    stats::{Extremes, Histogram},
};
use serde::{Deserialize, Serialize};

use crate::{Error, Fitted, PieceMap, Region, error::number, fitted::not_finite, pieces::Ends};

/// Brings every value to its rank: the running sum of a histogram of equal bins, at the middle of each bin, taken to a range.
///
/// Equal to MONAI's `HistogramNormalize` of float images.
///
/// # Examples
/// ```
/// use isocenter_normalize::{Step, histogram::HistogramEqualize};
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};
///
/// let grid = Geometry::new([5, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
/// let image = Volume::new(vec![0.0f32, 1.0, 2.0, 3.0, 1000.0], grid)?;
/// let step = HistogramEqualize::new(1000, [0.0, 4.0])?;
/// let (out, _) = Step::HistogramEqualize(step).apply(&image, None, &Ctx::default())?;
/// assert_eq!(out.voxels()[4], 4.0);
/// assert!((out.voxels()[2] - 1.5).abs() < 0.01); // the bin's middle is 2.5
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct HistogramEqualize {
    bins: usize,
    out: [f64; 2],
    region: Region,
}

impl HistogramEqualize {
    /// Most bins.
    pub const MAX_BINS: usize = 1 << 16;

    /// With so many bins, to this range.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless there are from 2 to [`HistogramEqualize::MAX_BINS`] bins and the range ascends.
    pub fn new(bins: usize, out: [f64; 2]) -> Result<Self, Error> {
        if !(2..=Self::MAX_BINS).contains(&bins) {
            return Err(Error::BadParameter { what: "bins", wanted: "from 2 to 65536", found: bins as f64 });
        }
        number("output range", out[0])?;
        number("output range", out[1])?;
        if out[0] >= out[1] {
            return Err(Error::BadParameter { what: "output range", wanted: "in order", found: out[0] });
        }
        Ok(Self { bins, out, region: Region::All })
    }

    /// Sets where the histogram is taken; every voxel is mapped.
    #[must_use]
    pub fn region(mut self, region: Region) -> Self {
        self.region = region;
        self
    }

    /// Finds the histogram of an image.
    ///
    /// # Errors
    /// [`Error::Constant`], [`Error::EmptyRegion`], [`Error::NotReal`], [`Error::Cancelled`].
    pub fn fit(&self, volume: &Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        let selection = self.region.select(volume, mask, ctx)?;
        let found = Extremes::over(&selection, ctx)?;
        let (Some(min), Some(max)) = (found.min(), found.max()) else {
            return Err(Error::EmptyRegion { region: self.region.name() });
        };
        let constant = Error::Constant { what: "the range of values" };
        if found.is_constant() {
            return Err(constant);
        }
        let mut histogram = Histogram::new(min, max, self.bins)?;
        histogram.add_over(&selection, ctx)?;
        let middle = |bin: usize| (histogram.bin_edge(bin) + histogram.bin_edge(bin + 1)) / 2.0;
        let mut seen = 0;
        let sums = histogram.counts().iter().map(|c| {
            seen += c;
            seen as f64
        });
        let sums: Vec<f64> = sums.collect();
        let (first, last) = (sums[0], sums[self.bins - 1]);
        if first >= last {
            return Err(constant);
        }
        let [low, high] = self.out;
        let to = sums.iter().map(|s| (s - first) / (last - first) * (high - low) + low).collect();
        let map = PieceMap::new((0..self.bins).map(middle).collect(), to, Ends::Hold)?;
        let counted = Fitted::pieces(map, Some(Unit::Ratio)).counting(found.count(), not_finite(volume.voxels(), ctx)?);
        Ok(counted.measuring("lower", min).measuring("upper", max))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Repr {
    bins: usize,
    #[serde(with = "isocenter_volume::exact::pair")]
    out: [f64; 2],
    region: Region,
}

impl Default for Repr {
    fn default() -> Self {
        Self { bins: 256, out: [0.0, 1.0], region: Region::All }
    }
}

impl TryFrom<Repr> for HistogramEqualize {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        Ok(Self::new(r.bins, r.out)?.region(r.region))
    }
}

impl From<HistogramEqualize> for Repr {
    fn from(step: HistogramEqualize) -> Self {
        Self { bins: step.bins, out: step.out, region: step.region }
    }
}
