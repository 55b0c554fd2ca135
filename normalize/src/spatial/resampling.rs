//! To another spacing, or to the grid of another image.

use std::fmt;

use isocenter_volume::{Ctx, Geometry, GridPolicy, Interpolation, LabelInterpolation, Resample};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Fill, three};
use crate::{Error, error::positive};

/// Where the voxels of a resampled image lie.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Target {
    /// Distance between neighbours along i, j, k, mm, and how such a grid is laid over the image.
    Spacing([f64; 3], GridPolicy),
    /// This grid.
    Grid(Box<Geometry>),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spacing([i, j, k], policy) => write!(f, "{i} x {j} x {k} mm, {policy}"),
            Self::Grid(grid) => {
                let [nx, ny, nz] = grid.shape();
                write!(f, "a grid of {nx} x {ny} x {nz}")
            }
        }
    }
}

/// Interpolates an image and its labels on another grid.
///
/// In a recipe: `spacing` (one number or three, mm) with `policy` ([`GridPolicy`]), or `grid`; `interpolation` (`nearest`, `linear`, `bspline3`,
/// `lanczos5` and the other sincs, by name and radius), `labels` (`nearest`, or `linear`: the label with the largest share), `fill` ([`Fill`]),
/// `antialias` (smooth before steps grow; see [`Resample::antialias`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct Resampling {
    target: Target,
    how: How,
}

/// How places between voxels get their value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct How {
    interpolation: Interpolation,
    labels: LabelInterpolation,
    pub(super) fill: Fill,
    antialias: bool,
}

impl Resampling {
    /// Linear for images, by largest share for labels, the image's lowest value outside.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a spacing that is not above 0.
    pub fn new(target: Target) -> Result<Self, Error> {
        if let Target::Spacing(spacing, _) = &target {
            spacing.iter().try_for_each(|s| positive("spacing", *s).map(|_| ()))?;
        }
        let how = How {
            interpolation: Interpolation::Linear,
            labels: LabelInterpolation::Linear,
            fill: Fill::Lowest,
            antialias: false,
        };
        Ok(Self { target, how })
    }

    /// With another interpolation of images.
    #[must_use]
    pub const fn interpolation(mut self, interpolation: Interpolation) -> Self {
        self.how.interpolation = interpolation;
        self
    }

    /// With another interpolation of label maps.
    #[must_use]
    pub const fn labels(mut self, labels: LabelInterpolation) -> Self {
        self.how.labels = labels;
        self
    }

    /// With another value outside the image.
    #[must_use]
    pub const fn fill(mut self, fill: Fill) -> Self {
        self.how.fill = fill;
        self
    }

    /// With smoothing where steps grow, or without.
    #[must_use]
    pub const fn antialias(mut self, on: bool) -> Self {
        self.how.antialias = on;
        self
    }

    /// Where the voxels of the result lie.
    pub const fn target(&self) -> &Target {
        &self.target
    }

    pub(super) const fn how(&self) -> How {
        self.how
    }

    pub(super) fn geometry(&self, grid: &Geometry) -> Result<Geometry, Error> {
        Ok(match &self.target {
            Target::Spacing(spacing, policy) => policy.geometry(grid, *spacing)?,
            Target::Grid(target) => (**target).clone(),
        })
    }
}

impl How {
    /// The call that does it.
    pub(super) fn resample<'a>(self, to: &Geometry, lowest: f32, ctx: Ctx<'a>) -> Resample<'a> {
        Resample::to_geometry(to.clone())
            .interpolation(self.interpolation)
            .label_interpolation(self.labels)
            .edge(self.fill.edge(lowest))
            .antialias(self.antialias)
            .ctx(ctx)
    }

    /// Input planes on either side of a place that its value depends on, to the last bit of f32 for a spline, whose prefilter falls off by 0.268 a voxel.
    pub(crate) const fn reach(self) -> usize {
        match self.interpolation {
            Interpolation::Nearest | Interpolation::Linear => 2,
            Interpolation::BSpline3 => 24,
            other => other.taps() / 2 + 1,
        }
    }

    /// For a selection of voxels: the nearest one's, and none outside.
    pub(super) const fn nearest(self) -> Self {
        Self { labels: LabelInterpolation::Nearest, fill: Fill::Lowest, ..self }
    }

    pub(crate) const fn smooths(self) -> bool {
        self.antialias
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, labels {}", self.interpolation, self.labels)?;
        if self.antialias { f.write_str(", antialiased") } else { Ok(()) }
    }
}

/// The kinds of interpolation by the names that they print.
mod named {
    use std::fmt::Display;

    use super::{Deserialize, Deserializer, Interpolation, LabelInterpolation, Serializer};

    pub(super) trait Named: Display + Sized {
        const WANTED: &'static str;
        fn of(name: &str) -> Option<Self>;
    }

    impl Named for Interpolation {
        const WANTED: &'static str = "nearest, linear, bspline3, or lanczos, hamming, blackman, cosine or welch with a radius of 1 to 16 (lanczos5)";

        fn of(name: &str) -> Option<Self> {
            let at = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
            let (kind, number) = name.split_at(at);
            let radius = number.parse().ok().filter(|radius| (1..=Self::MAX_RADIUS).contains(radius));
            Some(match (kind, radius) {
                ("nearest", None) if number.is_empty() => Self::Nearest,
                ("linear", None) if number.is_empty() => Self::Linear,
                ("bspline", Some(3)) => Self::BSpline3,
                ("lanczos", Some(radius)) => Self::Lanczos { radius },
                ("hamming", Some(radius)) => Self::Hamming { radius },
                ("blackman", Some(radius)) => Self::Blackman { radius },
                ("cosine", Some(radius)) => Self::Cosine { radius },
                ("welch", Some(radius)) => Self::Welch { radius },
                _ => return None,
            })
        }
    }

    impl Named for LabelInterpolation {
        const WANTED: &'static str = "nearest or linear";

        fn of(name: &str) -> Option<Self> {
            [Self::Nearest, Self::Linear].into_iter().find(|kind| kind.to_string() == name)
        }
    }

    pub(super) fn serialize<T: Named, S: Serializer>(kind: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(kind)
    }

    pub(super) fn deserialize<'de, T: Named, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let name = String::deserialize(deserializer)?;
        let unknown =
            || serde::de::Error::custom(format!("no interpolation is called {name:?}: {} is wanted", T::WANTED));
        T::of(&name).ok_or_else(unknown)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    spacing: Option<Spacing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    policy: Option<GridPolicy>,
    #[serde(with = "named", default)]
    interpolation: Interpolation,
    #[serde(with = "named", default = "share")]
    labels: LabelInterpolation,
    #[serde(default)]
    fill: Fill,
    #[serde(default)]
    antialias: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grid: Option<Box<Geometry>>,
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Spacing(#[serde(with = "three")] [isocenter_volume::exact::Exact; 3]);

const fn share() -> LabelInterpolation {
    LabelInterpolation::Linear
}

impl TryFrom<Repr> for Resampling {
    type Error = String;

    fn try_from(r: Repr) -> Result<Self, String> {
        let target = match (r.spacing, r.grid) {
            (Some(spacing), None) => Target::Spacing(spacing.0.map(|s| s.0), r.policy.unwrap_or_default()),
            (None, Some(grid)) if r.policy.is_none() => Target::Grid(grid),
            (None, Some(_)) => return Err("`policy` goes with `spacing`, not with `grid`".to_owned()),
            _ => return Err("either `spacing` or `grid` is wanted".to_owned()),
        };
        let new = Self::new(target).map_err(|error| error.to_string())?;
        Ok(new.interpolation(r.interpolation).labels(r.labels).fill(r.fill).antialias(r.antialias))
    }
}

impl From<Resampling> for Repr {
    fn from(Resampling { target, how }: Resampling) -> Self {
        let How { interpolation, labels, fill, antialias } = how;
        let (spacing, policy, grid) = match target {
            Target::Spacing(mm, policy) => (Some(Spacing(mm.map(isocenter_volume::exact::Exact))), Some(policy), None),
            Target::Grid(grid) => (None, None, Some(grid)),
        };
        Self { spacing, policy, interpolation, labels, fill, antialias, grid }
    }
}
