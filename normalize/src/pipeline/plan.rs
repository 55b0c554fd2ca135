//! What a pipeline comes to for images on one grid.

use std::fmt;

use isocenter_volume::Geometry;

use super::{Pipeline, Transform};
use crate::{Error, Step, spatial::Chain};

/// What a pipeline comes to for images on one grid: passes over memory, what is fused, what is interpolated, and how much memory it takes. Prints as a table.
///
/// # Examples
/// ```
/// use isocenter_normalize::Pipeline;
/// use isocenter_volume::{Affine, Frame, Geometry};
///
/// let pipeline: Pipeline = toml::from_str("
///     steps = [
///         { name = 'reorient', to = 'RAS' },
///         { name = 'resample', spacing = 1.5 },
///         { name = 'crop_or_pad', size = 128 },
///         { name = 'percentile_rescale' },
///     ]
/// ")?;
/// let plan = pipeline.plan(&Geometry::new([256, 256, 180], Affine::IDENTITY, Frame::Patient(None))?)?;
/// assert_eq!(plan.passes().len(), 2); // one that makes the voxels, one over them
/// assert_eq!(plan.interpolations(), 1);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    passes: Vec<Pass>,
    interpolations: usize,
    peak_bytes: u64,
    follows_image: bool,
}

/// Steps that are done in one go.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass {
    first: usize,
    names: Vec<&'static str>,
    how: String,
    shape: [usize; 3],
}

impl Pass {
    /// Numbers of its first and last step; they begin at 1.
    pub fn steps(&self) -> (usize, usize) {
        (self.first, self.first + self.names.len().saturating_sub(1))
    }

    /// Names of its steps.
    pub fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// How it is done, in words.
    pub fn how(&self) -> &str {
        &self.how
    }

    /// Voxels along i, j, k of what it makes; at most these where it depends on the image.
    pub const fn shape(&self) -> [usize; 3] {
        self.shape
    }
}

impl Plan {
    pub(super) fn new(pipeline: &Pipeline, grid: &Geometry) -> Result<Self, Error> {
        let mut plan = Self { passes: Vec::new(), interpolations: 0, peak_bytes: 0, follows_image: false };
        let mut grid = grid.clone();
        // bytes held beside the image that came in
        let mut held = 0;
        let mut steps = pipeline.steps.iter().enumerate().peekable();
        while let Some((n, step)) = steps.next() {
            match step {
                Transform::Spatial(first) => {
                    let mut chain = Chain::new(grid.clone());
                    let mut names = Vec::new();
                    let mut next = Some(first);
                    let mut looks = false;
                    while let Some(step) = next {
                        if step.needs_samples() {
                            // no larger than it is
                            looks = true;
                        } else {
                            chain.push(step, None).map_err(|e| e.in_step(n + 1 + names.len(), step.name()))?;
                        }
                        names.push(step.name());
                        let goes_on = |(_, step): &(usize, &Transform)| match step {
                            Transform::Spatial(step) => !step.needs_samples() || chain.is_empty(),
                            Transform::Intensity(_) => false,
                        };
                        next = steps.next_if(goes_on).and_then(|(_, step)| match step {
                            Transform::Spatial(step) => Some(step),
                            Transform::Intensity(_) => None,
                        });
                    }
                    let made = bytes(chain.to());
                    let written = 4 * chain.written() as u64;
                    plan.peak_bytes = plan.peak_bytes.max(held + written.max(made));
                    held = made;
                    plan.interpolations += usize::from(chain.interpolates());
                    plan.follows_image |= looks;
                    let how = if looks { format!("looks at the image, {}", chain.told()) } else { chain.told() };
                    grid = chain.to().clone();
                    plan.passes.push(Pass { first: n + 1, names, how, shape: grid.shape() });
                }
                Transform::Intensity(step) => {
                    let size = bytes(&grid);
                    let maps = is_pointwise(step);
                    let measures = !step.measures_nothing();
                    let last = plan.passes.last_mut().filter(|last| maps && !measures && last.how.starts_with(MAPS));
                    if let Some(last) = last {
                        last.names.push(step.name());
                        continue;
                    }
                    let scratch = if maps { 0 } else { size };
                    held = held.max(size);
                    plan.peak_bytes = plan.peak_bytes.max(held + scratch);
                    let how = match (maps, measures) {
                        (true, true) => format!("{MAPS}, after measuring it"),
                        (true, false) => MAPS.to_owned(),
                        (false, _) => "a filter, into a volume of its own".to_owned(),
                    };
                    plan.passes.push(Pass { first: n + 1, names: vec![step.name()], how, shape: grid.shape() });
                }
            }
        }
        Ok(plan)
    }

    /// What is done in one go each, in their order.
    pub fn passes(&self) -> &[Pass] {
        &self.passes
    }

    /// How often a voxel's value is interpolated: 0 or 1.
    pub const fn interpolations(&self) -> usize {
        self.interpolations
    }

    /// Most bytes held at a time beside the image that came in, for each slow step of it, samples of f32; fitting takes little more.
    pub const fn peak_bytes(&self) -> u64 {
        self.peak_bytes
    }

    /// Whether a grid depends on the image, so that shapes and bytes are the most there can be.
    pub const fn follows_image(&self) -> bool {
        self.follows_image
    }
}

const MAPS: &str = "every voxel by itself";

const fn bytes(grid: &Geometry) -> u64 {
    4 * grid.len() as u64
}

/// Whether a step comes to a map of every sample by itself.
const fn is_pointwise(step: &Step) -> bool {
    matches!(
        step,
        Step::ZScore(_)
            | Step::CtWindow(_)
            | Step::PercentileRescale(_)
            | Step::Fingerprint(_)
            | Step::Nyul(_)
            | Step::WhiteStripe(_)
            | Step::Fcm(_)
            | Step::KdePeak(_)
            | Step::Lsq(_)
            | Step::HistogramMatch(_)
            | Step::CdfMatch(_)
            | Step::HistogramEqualize(_)
            | Step::Suv(_)
            | Step::FillNonFinite(_)
    )
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for pass in &self.passes {
            let (first, last) = pass.steps();
            let [nx, ny, nz] = pass.shape;
            let numbers = if first == last { format!("step {first}") } else { format!("steps {first} to {last}") };
            writeln!(f, "{numbers} ({}): {}; {nx} x {ny} x {nz}", pass.names.join(", "), pass.how)?;
        }
        let times =
            if self.interpolations == 0 { "no voxel is interpolated" } else { "every voxel is interpolated once" };
        let most = if self.follows_image { "at most " } else { "" };
        write!(f, "{times}; {most}{:.1} MB beside the image", self.peak_bytes as f64 / 1e6)
    }
}
