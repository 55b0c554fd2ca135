//! Steps whose parameters come from a cohort, before they are known.

use isocenter_volume::{
    Ctx, Mask, Volume,
    stats::{Cohort, Merge},
};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{Pipeline, Transform};
use crate::{
    Error, Fingerprint, FingerprintNormalize, FingerprintPart, Region, Step,
    histogram::{Cdf, CdfMatch, HistogramMatch, Quantiles},
    standardize::{Lsq, Nyul, ScalePart, StandardScale, TissueMeans},
};

/// Steps of which some still want what a cohort says: what [`Pipeline`] is made from by looking at the images of a training set.
///
/// In a recipe such a step is one whose fitted key is left out: `nyul` without `scale`, `lsq` without `means`, `ct_fingerprint` without `mean`,
/// `histogram_match` and `cdf_match` without `reference` (which is one image). Images are shown one at a time, in any order and on any number of
/// workers: the parts are folded in the order of their ids.
///
/// # Examples
/// ```
/// use isocenter_normalize::pipeline::Unfitted;
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume, stats::Cohort};
///
/// let mut steps: Unfitted = toml::from_str("steps = [{ name = 'nyul', region = 'all' }]")?;
/// let grid = Geometry::new([101, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
/// while let Some(asked) = steps.asked() {
///     let mut cohort = Cohort::new();
///     for (id, factor) in [("a", 1.0f32), ("b", 7.0)] {
///         let image = Volume::new((0..=100).map(|n| factor * n as f32).collect::<Vec<_>>(), grid.clone())?;
///         cohort.insert(id, asked.part(image, None, &Ctx::default())?);
///     }
///     steps = steps.fitted(&cohort)?;
/// }
/// let pipeline = steps.into_pipeline()?;
/// assert_eq!(pipeline.steps()[0].name(), "nyul");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unfitted {
    #[serde(default)]
    version: crate::version::Version,
    steps: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq)]
enum Entry {
    Ready(Transform),
    Asks(CohortStep),
}

/// A step that asks a cohort.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
#[non_exhaustive]
pub enum CohortStep {
    /// Percentiles of the standard scale, its ends, and what [`Nyul`] takes.
    Nyul(NyulScale),
    /// The mean tissue means.
    Lsq(OverRegion),
    /// The foreground's statistics; nnU-Net's are of the voxels that labels mark (region `mask`), by default those of the body against air.
    CtFingerprint(OverRegion),
    /// One image's quantiles.
    HistogramMatch(MatchTo),
    /// One image's distribution.
    CdfMatch(OverRegion),
}

/// How a standard scale is found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NyulScale {
    /// Percentiles, 0 to 100, ascending; [`StandardScale::DECILES`] by default.
    pub percentiles: Vec<f64>,
    /// Where the first and the last go; 1 and 100 by default.
    pub out: [f64; 2],
    /// Where they are taken; above 0 by default.
    pub region: Region,
    /// What becomes of values beyond.
    pub ends: crate::pieces::Ends,
}

impl Default for NyulScale {
    fn default() -> Self {
        let percentiles = StandardScale::DECILES.to_vec();
        Self { percentiles, out: [1.0, 100.0], region: Region::Above(0.0), ends: crate::pieces::Ends::Extrapolate }
    }
}

/// Where a statistic is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OverRegion {
    /// The region; above 0 by default for `lsq`, the body for `ct_fingerprint`, everywhere for `cdf_match`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

/// How the histogram of a reference is taken.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MatchTo {
    /// Levels of the histogram; 256 by default.
    pub levels: usize,
    /// Quantiles between threshold and largest sample; 7 by default.
    pub quantiles: usize,
    /// Whether samples below the mean are left out; true by default.
    pub threshold_at_mean: bool,
    /// Where it is taken; everywhere by default.
    pub region: Region,
}

impl Default for MatchTo {
    fn default() -> Self {
        Self { levels: 256, quantiles: 7, threshold_at_mean: true, region: Region::All }
    }
}

/// What one image says to a step that asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// For `nyul`.
    Scale(ScalePart),
    /// For `lsq`.
    Tissue(TissueMeans),
    /// For `ct_fingerprint`.
    Fingerprint(Box<FingerprintPart>),
    /// For `histogram_match`.
    Quantiles(Quantiles),
    /// For `cdf_match`.
    Cdf(Cdf),
}

impl Merge for Part {
    fn merge(&mut self, other: &Self) -> Result<(), isocenter_volume::Error> {
        match (self, other) {
            (Self::Scale(a), Self::Scale(b)) => a.merge(b),
            (Self::Tissue(a), Self::Tissue(b)) => a.merge(b),
            (Self::Fingerprint(a), Self::Fingerprint(b)) => a.merge(b),
            _ => Err(isocenter_volume::Error::GridMismatch {
                what: "parts of two steps, or of two references".to_owned(),
            }),
        }
    }
}

impl CohortStep {
    /// The names of the steps that may ask a cohort.
    pub const NAMES: [&'static str; 5] = ["nyul", "lsq", "ct_fingerprint", "histogram_match", "cdf_match"];

    /// Its name in a recipe.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Nyul(_) => "nyul",
            Self::Lsq(_) => "lsq",
            Self::CtFingerprint(_) => "ct_fingerprint",
            Self::HistogramMatch(_) => "histogram_match",
            Self::CdfMatch(_) => "cdf_match",
        }
    }

    /// The key of a step of this name whose value a cohort says.
    fn fitted_key(name: &str) -> Option<&'static str> {
        Some(match name {
            "nyul" => "scale",
            "lsq" => "means",
            "ct_fingerprint" => "mean",
            "histogram_match" | "cdf_match" => "reference",
            _ => return None,
        })
    }

    /// Whether it asks one image alone.
    pub const fn is_of_one(&self) -> bool {
        matches!(self, Self::HistogramMatch(_) | Self::CdfMatch(_))
    }

    fn part(&self, volume: &Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Part, Error> {
        let above_0 = |step: &OverRegion| step.region.unwrap_or(Region::Above(0.0));
        Ok(match self {
            Self::Nyul(step) => Part::Scale(ScalePart::of(volume, &step.percentiles, step.region, mask, ctx)?),
            Self::Lsq(step) => Part::Tissue(TissueMeans::of(volume, above_0(step), mask, ctx)?),
            Self::CtFingerprint(step) => {
                let region = step.region.unwrap_or(Region::Head);
                Part::Fingerprint(Box::new(FingerprintPart::of(volume, region, mask, ctx)?))
            }
            Self::HistogramMatch(step) => {
                let counts = [step.levels, step.quantiles];
                Part::Quantiles(Quantiles::of(volume, counts, step.threshold_at_mean, step.region, mask, ctx)?)
            }
            Self::CdfMatch(step) => {
                Part::Cdf(Cdf::of(volume, Cdf::MAX, step.region.unwrap_or(Region::All), mask, ctx)?)
            }
        })
    }

    fn finish(&self, cohort: &Cohort<Part>) -> Result<Step, Error> {
        let nobody = Error::EmptyRegion { region: "cohort" };
        if self.is_of_one() && cohort.len() > 1 {
            return Err(Error::OneReference { found: cohort.len() });
        }
        let all = cohort.finish()?.ok_or(nobody.clone())?;
        // one part under one name: the fold has been done
        Ok(match (self, all) {
            (Self::Nyul(step), Part::Scale(part)) => {
                let scale = StandardScale::of_cohort(&of_one(part), step.out)?;
                Step::Nyul(Nyul::new(scale).region(step.region).ends(step.ends))
            }
            (Self::Lsq(step), Part::Tissue(part)) => {
                Step::Lsq(Lsq::new(part.means())?.region(step.region.unwrap_or(Region::Above(0.0))))
            }
            (Self::CtFingerprint(_), Part::Fingerprint(part)) => {
                let found = Fingerprint::of_cohort(&of_one(*part))?;
                let limits = [found.percentile_00_5, found.percentile_99_5];
                Step::Fingerprint(FingerprintNormalize::new(found.mean, found.std, limits)?)
            }
            (Self::HistogramMatch(step), Part::Quantiles(reference)) => Step::HistogramMatch(
                HistogramMatch::new(reference, step.threshold_at_mean).levels(step.levels)?.region(step.region),
            ),
            (Self::CdfMatch(step), Part::Cdf(reference)) => {
                Step::CdfMatch(CdfMatch::new(reference).region(step.region.unwrap_or(Region::All)))
            }
            _ => return Err(nobody),
        })
    }
}

fn of_one<S>(part: S) -> Cohort<S> {
    let mut cohort = Cohort::new();
    cohort.insert("all", part);
    cohort
}

impl Unfitted {
    /// The first step that asks, with the steps that come before it.
    pub fn asked(&self) -> Option<Asked<'_>> {
        let (n, step) = self.steps.iter().enumerate().find_map(|(n, entry)| match entry {
            Entry::Asks(step) => Some((n, step)),
            Entry::Ready(_) => None,
        })?;
        Some(Asked { number: n + 1, step, before: &self.steps[..n] })
    }

    /// The steps with the first that asks answered.
    ///
    /// # Errors
    /// [`Error::EmptyRegion`] for a cohort of nobody, [`Error::OneReference`], and those of the step's constructor, in that step.
    pub fn fitted(mut self, cohort: &Cohort<Part>) -> Result<Self, Error> {
        for (n, entry) in self.steps.iter_mut().enumerate() {
            if let Entry::Asks(step) = entry {
                let answer = step.finish(cohort).map_err(|error| error.in_step(n + 1, step.name()))?;
                *entry = Entry::Ready(Transform::Intensity(answer));
                break;
            }
        }
        Ok(self)
    }

    /// The steps as a pipeline.
    ///
    /// # Errors
    /// [`Error::NotFitted`], in the first step that still asks; those of [`Pipeline::new`].
    pub fn into_pipeline(self) -> Result<Pipeline, Error> {
        if let Some(asked) = self.asked() {
            return Err(Error::NotFitted.in_step(asked.number, asked.step.name()));
        }
        let ready = self.steps.into_iter().filter_map(|entry| match entry {
            Entry::Ready(step) => Some(step),
            Entry::Asks(_) => None,
        });
        Pipeline::new(ready.collect())
    }
}

/// A step that asks a cohort, among others.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    number: usize,
    step: &'a CohortStep,
    before: &'a [Entry],
}

impl Asked<'_> {
    /// Its place among the steps; they begin at 1.
    pub const fn number(&self) -> usize {
        self.number
    }

    /// The step.
    pub const fn step(&self) -> &CohortStep {
        self.step
    }

    /// What an image says to it, after the steps before.
    ///
    /// # Errors
    /// Those of [`Pipeline::run`] and of the step's measurement, in the step that failed.
    pub fn part(&self, volume: Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Part, Error> {
        let before = self.before.iter().filter_map(|entry| match entry {
            Entry::Ready(step) => Some(step.clone()),
            Entry::Asks(_) => None,
        });
        let before: Vec<Transform> = before.collect();
        let (volume, mask) = if before.is_empty() {
            (volume, mask.cloned())
        } else {
            let (volume, fitted) = Pipeline::new(before)?.run(volume, mask, ctx)?;
            let mask = mask.map(|mask| fitted.apply_mask(mask, ctx)).transpose()?;
            (volume, mask)
        };
        self.step.part(&volume, mask.as_ref(), ctx).map_err(|error| error.in_step(self.number, self.step.name()))
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = serde_json::Value::deserialize(deserializer)?;
        let name = table.get("name").and_then(|name| name.as_str()).unwrap_or_default().to_owned();
        match CohortStep::fitted_key(&name) {
            Some(key) if table.get(key).is_none() => {
                let at = |error: serde_json::Error| D::Error::custom(format!("step `{name}`: {error}"));
                CohortStep::deserialize(table).map(Self::Asks).map_err(at)
            }
            _ => Transform::deserialize(table).map(Self::Ready).map_err(D::Error::custom),
        }
    }
}
