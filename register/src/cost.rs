//! Value and derivative of the metric at one pose.
//!
//! One pass over the samples interpolates the other image and fills the joint histogram (cubic B-spline Parzen window on the
//! interpolated image's bins, none on the sampled image's, which do not move). A second pass reads the metric's derivative table
//! and sums force and torque. Measures that are no function of the histogram keep what was read at each place, and push it by what its [window](windows) or its [edge](edges) says.
//! Samples are worked in blocks of a fixed size whose sums are added in order: the number of threads changes nothing.

mod edges;
mod target;
mod windows;

use isocenter_volume::{Stage, hot};
use rayon::prelude::*;

pub(crate) use self::{edges::normals, target::Target};
use crate::{
    dof::Dof,
    metric::Metric,
    passes::{Field, Fill, Look, Looked, Pull, Push, Touched},
    pose::{Pose, Step},
    samples::Samples,
};

/// Samples of one block.
const BLOCK: usize = 4096;
/// Fewer blocks than this are not worth waking another thread.
const PARALLEL_BLOCKS: usize = 4;

/// One of the pairs of images that are compared at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    pub(crate) samples: &'a Samples,
    pub(crate) target: &'a Target,
    /// What it counts, beside the others.
    pub(crate) weight: f64,
}

/// What is compared, and how.
#[derive(Clone, Debug)]
pub(crate) struct Problem<'a> {
    /// The pairs of images; the first one says where they can be compared at all.
    pub(crate) parts: &'a [Part<'a>],
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
    looked: [Vec<Looked>; 3],
    push: [Vec<f32>; 3],
    windows: Vec<windows::Window>,
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
        let mut whole = Evaluation { value: self.metric.lowest(), gradient: [0.0; 12] };
        if self.stage.check().is_err() {
            return whole;
        }
        let weights: f64 = self.parts.iter().map(|part| part.weight).sum();
        for (n, part) in self.parts.iter().enumerate() {
            let found = match self.metric {
                Metric::LocalCorrelation => self.windows(part, pose, memory, SLOPE),
                Metric::GradientFields => self.edges(part, pose, memory, SLOPE),
                _ => self.joint::<SLOPE>(part, pose, memory),
            };
            match found {
                Some(found) => {
                    let share = part.weight / weights;
                    whole.value += share * (found.value - self.metric.lowest());
                    whole.gradient.iter_mut().zip(found.gradient).for_each(|(sum, g)| *sum += share * g);
                }
                None if n == 0 => return whole,
                // another pair that does not meet there is as one that shares nothing
                None => {}
            }
        }
        whole
    }

    /// By the joint histogram of one pair of images; `None` where they do not meet.
    fn joint<const SLOPE: bool>(&self, part: &Part<'_>, pose: &Pose, memory: &mut Memory) -> Option<Evaluation> {
        let columns = part.target.columns();
        let cells = self.bins * columns;
        let count = part.samples.len();
        memory.touched.resize(if SLOPE { count } else { 0 }, Touched::default());
        memory.joint.clear();
        memory.joint.resize(cells, 0.0);
        let map = self.index_map(part, pose);

        let mut weight = 0.0;
        let parts = self.blocks(count, &mut memory.touched, SLOPE, |first, last, touched| {
            self.fill::<SLOPE>(part, &map, first, last, touched)
        });
        for (histogram, w) in parts {
            weight += w;
            memory.joint.iter_mut().zip(&histogram).for_each(|(sum, h)| *sum += f64::from(*h));
        }
        if !self.meets(part, weight) {
            return None;
        }
        memory.joint.iter_mut().for_each(|p| *p /= weight);
        if !SLOPE {
            let value = self.metric.evaluate(&memory.joint, columns, None);
            return Some(Evaluation { value, gradient: [0.0; 12] });
        }
        memory.table.resize(cells, 0.0);
        let value = self.metric.evaluate(&memory.joint, columns, Some(&mut memory.table));
        let table = &memory.table;
        let parts = self.blocks(count, &mut memory.touched, true, |first, last, touched| {
            self.pull(part, table, first, last, touched)
        });
        Some(Evaluation { value, gradient: self.gradient(part, pose, sum(parts).map(|s| s / weight)) })
    }

    /// Whether enough of the samples lie inside of the other image.
    fn meets(&self, part: &Part<'_>, weight: f64) -> bool {
        weight > 0.0 && weight / part.samples.len().max(1) as f64 >= self.least_share
    }

    /// Offset from the sampled image's centre to continuous index of the target.
    fn index_map(&self, part: &Part<'_>, pose: &Pose) -> [[f32; 4]; 3] {
        let world = pose.to_affine([0.0; 3], self.target_centre_mm);
        part.target.to_index.compose(&world).rows().map(|row| row.map(|v| v as f32))
    }

    /// Runs `work` on every block (first and last sample, what is touched there) and gives the results in order.
    fn blocks<T: Send, R: Send + Default>(
        &self,
        count: usize,
        touched: &mut [T],
        has_touched: bool,
        work: impl Fn(usize, usize, &mut [T]) -> R + Sync,
    ) -> Vec<R> {
        let number = count.div_ceil(BLOCK);
        let mut slices: Vec<&mut [T]> =
            if has_touched { touched.chunks_mut(BLOCK).collect() } else { (0..number).map(|_| &mut [][..]).collect() };
        let run = |(n, slice): (usize, &mut &mut [T])| {
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
        part: &Part<'_>,
        map: &[[f32; 4]; 3],
        first: usize,
        last: usize,
        touched: &mut [Touched],
    ) -> (Vec<f32>, f64) {
        let (mut histogram, mut weight) = (vec![0f32; self.bins * part.target.columns()], 0f64);
        hot::dispatch(Fill::<SLOPE> {
            field: part.target.field(),
            places: part.samples.block(first, last),
            map: *map,
            touched,
            histogram: &mut histogram,
            weight: &mut weight,
        });
        (histogram, weight)
    }

    /// Second pass over one block: sums of force (by index) times offset, 9 numbers by rows, then of force.
    fn pull(&self, part: &Part<'_>, table: &[f32], first: usize, last: usize, touched: &[Touched]) -> [f32; 12] {
        let (places, columns) = (part.samples.block(first, last), part.target.columns());
        let mut sums = [0f32; 12];
        hot::dispatch(Pull { places, touched, table, columns, sums: &mut sums });
        sums
    }

    /// What a field of the interpolated image has at every sample.
    fn look(&self, part: &Part<'_>, field: Field<'_>, pose: &Pose, looked: &mut Vec<Looked>) {
        let count = part.samples.len();
        let map = self.index_map(part, pose);
        looked.resize(count, Looked::default());
        self.blocks(count, looked, true, |first, last, looked| {
            hot::dispatch(Look { field, places: part.samples.block(first, last), map, looked });
        });
    }

    /// What the interpolated image has at every sample, in bins from the lowest value's on.
    pub(crate) fn looked<'m>(&self, part: &Part<'_>, pose: &Pose, memory: &'m mut Memory) -> &'m [Looked] {
        let [looked, ..] = &mut memory.looked;
        self.look(part, part.target.field(), pose, looked);
        looked
    }

    /// Sums of force (by index) times offset, and of force, where every sample is pushed by its own number.
    fn sums(&self, part: &Part<'_>, looked: &[Looked], push: &[f32]) -> [f64; 12] {
        let count = part.samples.len().min(looked.len()).min(push.len());
        sum(self.blocks(count, &mut [(); 0], false, |first, last, _| {
            let mut sums = [0f32; 12];
            let (looked, push) = (&looked[first..last], &push[first..last]);
            hot::dispatch(Push { places: part.samples.block(first, last), looked, push, sums: &mut sums });
            sums
        }))
    }

    /// From sums by index to the gradient by a step of the pose.
    fn gradient(&self, part: &Part<'_>, pose: &Pose, sums: [f64; 12]) -> Step {
        let to_index = part.target.to_index;
        // a covector by index becomes one by world through the transposed matrix
        let world = |v: [f64; 3]| [0, 1, 2].map(|c| (0..3).map(|a| to_index.column(c)[a] * v[a]).sum::<f64>());
        let force = world([sums[9], sums[10], sums[11]]);
        // moments[c] is the world force times offset component c
        let moments = [0, 1, 2].map(|c| world([sums[c], sums[3 + c], sums[6 + c]]));
        let by_linear = [0, 1, 2].map(|a| [0, 1, 2].map(|c| moments[c][a]));
        pose.slope(&by_linear, force, self.radius_mm, self.dof)
    }
}

/// Sums of blocks, in their order.
fn sum(parts: Vec<[f32; 12]>) -> [f64; 12] {
    let mut sums = [0f64; 12];
    for part in parts {
        sums.iter_mut().zip(&part).for_each(|(sum, p)| *sum += f64::from(*p));
    }
    sums
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
        for metric in Metric::ALL {
            let samples = Samples::of(&level, &region, centre, [20_000, 24], metric, &ctx).unwrap();
            let target = Target::new(level.clone(), 24, metric);
            let parts = [Part { samples: &samples, target: &target, weight: 1.0 }];
            let problem = Problem {
                parts: &parts,
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
