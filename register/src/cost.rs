//! Value and derivative of the metric at one pose.
//!
//! One pass over the samples interpolates the other image and fills the joint histogram (cubic B-spline Parzen window on the
//! interpolated image's bins, none on the sampled image's, which do not move). A second pass reads the metric's derivative table
//! and sums force and torque. Samples are worked in blocks of a fixed size whose sums are added in order: the number of threads
//! changes nothing.

use isocenter_volume::{Affine, Stage, hot};
use rayon::prelude::*;

use crate::{
    dof::Dof,
    metric::Metric,
    passes::{Field, Fill, Pull, Touched},
    pose::{Pose, Step},
    pyramid::Level,
    samples::Samples,
};

/// Samples of one block.
const BLOCK: usize = 4096;
/// Fewer blocks than this are not worth waking another thread.
const PARALLEL_BLOCKS: usize = 4;
/// Bins that the cubic window reaches beyond the values' own.
const REACH: usize = 3;

/// The interpolated image, its values scaled to bins.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    values: Vec<f32>,
    /// 0 in holes and 1 elsewhere, where there are holes: what is compared fades out towards them as it does at the image's border.
    weights: Option<Vec<f32>>,
    shape: [usize; 3],
    strides: [usize; 3],
    to_index: Affine,
    bins: usize,
}

impl Target {
    /// Takes a level over; values in `[0, 1]` become bins `[0, bins - 1]`.
    pub(crate) fn new(level: Level, bins: usize) -> Self {
        let scale = (bins - 1) as f32;
        let shape = level.shape;
        let to_index = level.to_world.inverse().unwrap_or(Affine::IDENTITY);
        let mut values = level.values;
        values.iter_mut().for_each(|v| *v *= scale);
        let weights = level.holes.map(|holes| holes.iter().map(|h| f32::from(u8::from(!h))).collect::<Vec<f32>>());
        // a single plane is doubled, so that every cell has eight corners
        let held = shape.map(|n| n.max(2));
        let doubled = |values: Vec<f32>| -> Vec<f32> {
            if held == shape {
                return values;
            }
            (0..held[0] * held[1] * held[2])
                .map(|n| {
                    let p = [n % held[0], n / held[0] % held[1], n / (held[0] * held[1])];
                    let [i, j, k] = [0, 1, 2].map(|a| p[a].min(shape[a] - 1));
                    values[(k * shape[1] + j) * shape[0] + i]
                })
                .collect()
        };
        let (values, weights) = (doubled(values), weights.map(doubled));
        Self { values, weights, shape, strides: [1, held[0], held[0] * held[1]], to_index, bins }
    }

    /// The image seen in a mirror: at each place of the world what `mirror` takes there.
    pub(crate) fn mirrored(&self, mirror: &Affine) -> Self {
        Self { to_index: self.to_index.compose(mirror), ..self.clone() }
    }

    fn columns(&self) -> usize {
        self.bins + REACH
    }
}

/// What is compared, and how.
#[derive(Clone, Debug)]
pub(crate) struct Problem<'a> {
    pub(crate) samples: &'a Samples,
    pub(crate) target: &'a Target,
    /// Bins of the sampled image.
    pub(crate) bins: usize,
    pub(crate) metric: Metric,
    /// The maps among which it is compared.
    pub(crate) dof: Dof,
    /// Middle of the body in the interpolated image, LPS mm.
    pub(crate) target_centre_mm: [f64; 3],
    /// Millimetres that one radian is worth.
    pub(crate) radius_mm: f64,
    /// Share of the samples that must lie inside the other image.
    pub(crate) least_share: f64,
    /// Who is asked whether to go on. Once stopped, no pose is worth anything; whoever began the stage ends it.
    pub(crate) stage: &'a Stage<'a>,
}

/// Answer at one pose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evaluation {
    /// The metric; larger is more alike.
    pub(crate) value: f64,
    /// Derivative by a small rotation applied last (in mm: radians times `radius_mm`), by the shift (mm), and by the stretch.
    pub(crate) gradient: Step,
}

/// Memory that evaluations reuse.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    touched: Vec<Touched>,
    joint: Vec<f64>,
    table: Vec<f32>,
}

impl Problem<'_> {
    /// Metric without derivative.
    pub(crate) fn value(&self, pose: &Pose, memory: &mut Memory) -> Evaluation {
        self.evaluate::<false>(pose, memory)
    }

    /// Metric with derivative.
    pub(crate) fn value_and_gradient(&self, pose: &Pose, memory: &mut Memory) -> Evaluation {
        self.evaluate::<true>(pose, memory)
    }

    fn evaluate<const SLOPE: bool>(&self, pose: &Pose, memory: &mut Memory) -> Evaluation {
        let columns = self.target.columns();
        let cells = self.bins * columns;
        let count = self.samples.len();
        let nothing = Evaluation { value: self.metric.lowest(), gradient: [0.0; 12] };
        if self.stage.check().is_err() {
            return nothing;
        }
        memory.touched.resize(if SLOPE { count } else { 0 }, Touched::default());
        memory.joint.clear();
        memory.joint.resize(cells, 0.0);
        let map = self.index_map(pose);

        let mut weight = 0.0;
        let parts = self
            .blocks(&mut memory.touched, SLOPE, |first, last, touched| self.fill::<SLOPE>(&map, first, last, touched));
        for (histogram, w) in parts {
            weight += w;
            memory.joint.iter_mut().zip(&histogram).for_each(|(sum, h)| *sum += f64::from(*h));
        }
        let share = weight / count.max(1) as f64;
        if weight <= 0.0 || share < self.least_share {
            return nothing;
        }
        memory.joint.iter_mut().for_each(|p| *p /= weight);
        if !SLOPE {
            let value = self.metric.evaluate(&memory.joint, columns, None);
            return Evaluation { value, ..nothing };
        }
        memory.table.resize(cells, 0.0);
        let value = self.metric.evaluate(&memory.joint, columns, Some(&mut memory.table));
        let table = &memory.table;
        let parts =
            self.blocks(&mut memory.touched, true, |first, last, touched| self.pull(table, first, last, touched));
        let mut sums = [0f64; 12];
        for part in parts {
            sums.iter_mut().zip(&part).for_each(|(sum, p)| *sum += f64::from(*p));
        }
        Evaluation { value, gradient: self.gradient(pose, sums.map(|s| s / weight)) }
    }

    /// Offset from the sampled image's centre to continuous index of the target.
    fn index_map(&self, pose: &Pose) -> [[f32; 4]; 3] {
        let world = pose.to_affine([0.0; 3], self.target_centre_mm);
        self.target.to_index.compose(&world).rows().map(|row| row.map(|v| v as f32))
    }

    /// Runs `work` on every block (first and last sample, what is touched there) and gives the results in order.
    fn blocks<R: Send + Default>(
        &self,
        touched: &mut [Touched],
        has_touched: bool,
        work: impl Fn(usize, usize, &mut [Touched]) -> R + Sync,
    ) -> Vec<R> {
        let count = self.samples.len();
        let number = count.div_ceil(BLOCK);
        let mut slices: Vec<&mut [Touched]> =
            if has_touched { touched.chunks_mut(BLOCK).collect() } else { (0..number).map(|_| &mut [][..]).collect() };
        let run = |(n, slice): (usize, &mut &mut [Touched])| {
            let go_on = !self.stage.is_stopped();
            if go_on { work(n * BLOCK, ((n + 1) * BLOCK).min(count), slice) } else { R::default() }
        };
        if number < PARALLEL_BLOCKS {
            slices.iter_mut().enumerate().map(run).collect()
        } else {
            slices.par_iter_mut().enumerate().map(run).collect()
        }
    }

    /// First pass over one block: its part of the joint histogram and of the weight.
    fn fill<const SLOPE: bool>(
        &self,
        map: &[[f32; 4]; 3],
        first: usize,
        last: usize,
        touched: &mut [Touched],
    ) -> (Vec<f32>, f64) {
        let columns = self.target.columns();
        let (mut histogram, mut weight) = (vec![0f32; self.bins * columns], 0f64);
        let Target { values, weights, shape, strides, .. } = self.target;
        hot::dispatch(Fill::<SLOPE> {
            field: Field { values, weights: weights.as_deref(), shape: *shape, strides: *strides, columns },
            places: self.samples.block(first, last),
            map: *map,
            touched,
            histogram: &mut histogram,
            weight: &mut weight,
        });
        (histogram, weight)
    }

    /// Second pass over one block: sums of force (by index) times offset, 9 numbers by rows, then of force.
    fn pull(&self, table: &[f32], first: usize, last: usize, touched: &[Touched]) -> [f32; 12] {
        let (places, columns) = (self.samples.block(first, last), self.target.columns());
        let mut sums = [0f32; 12];
        hot::dispatch(Pull { places, touched, table, columns, sums: &mut sums });
        sums
    }

    /// From sums by index to the gradient by a step of the pose.
    fn gradient(&self, pose: &Pose, sums: [f64; 12]) -> Step {
        let to_index = self.target.to_index;
        // a covector by index becomes one by world through the transposed matrix
        let world = |v: [f64; 3]| [0, 1, 2].map(|c| (0..3).map(|a| to_index.column(c)[a] * v[a]).sum::<f64>());
        let force = world([sums[9], sums[10], sums[11]]);
        // moments[c] is the world force times offset component c
        let moments = [0, 1, 2].map(|c| world([sums[c], sums[3 + c], sums[6 + c]]));
        let by_linear = [0, 1, 2].map(|a| [0, 1, 2].map(|c| moments[c][a]));
        pose.slope(&by_linear, force, self.radius_mm, self.dof)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{rotation::Rotation, test_images::blobs};
    use isocenter_volume::{Ctx, Mask};

    #[test]
    fn gradient_is_the_derivative_of_the_value() {
        let level = blobs([40, 44, 36], [2.0, 2.0, 2.5]);
        let centre = level.to_world.apply([19.5, 21.5, 17.5]);
        // no place leaves the image at any of the poses
        let inner = |n: usize| {
            [(n % 40, 40), (n / 40 % 44, 44), (n / 1760, 36)].iter().all(|(v, end)| (7..end - 7).contains(v))
        };
        let region = Mask::from_fn(level.geometry().unwrap(), inner);
        let ctx = Ctx::default();
        let stage = ctx.stage("test", 1);
        let samples = Samples::of(&level, &region, centre, [20_000, 24], &ctx).unwrap();
        let target = Target::new(level, 24);
        for metric in [Metric::NormalizedMutualInformation, Metric::MutualInformation] {
            let problem = Problem {
                samples: &samples,
                target: &target,
                bins: 24,
                metric,
                dof: Dof::Affine,
                target_centre_mm: centre,
                radius_mm: 30.0,
                least_share: 0.0,
                stage: &stage,
            };
            let mut memory = Memory::default();
            let pose = Pose::rigid(Rotation::from_vector([0.05, -0.08, 0.03]), [2.3, -1.7, 1.1]).scaled(1.05);
            let there = problem.value_and_gradient(&pose, &mut memory);
            assert_eq!(there.value, problem.value(&pose, &mut memory).value);
            let length = there.gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
            for a in 0..12 {
                let moved = |step: f64| {
                    let mut by = [0.0; 12];
                    by[a] = step;
                    problem.value(&pose.moved(&by, 30.0), &mut Memory::default()).value
                };
                let numeric = (moved(0.1) - moved(-0.1)) / 0.2;
                assert!(
                    (there.gradient[a] - numeric).abs() < 0.01 * length,
                    "{metric:?} {a} {} {numeric}",
                    there.gradient[a]
                );
            }
        }
    }
}
