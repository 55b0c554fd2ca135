//! Shapes painted one over another, sampled on a grid.
//!
//! A later part hides an earlier one. A sample that a surface crosses takes a part of both sides (partial volume): the share is
//! `1/2 - d/w`, from the signed distance `d` of the sample's centre and the width `w` of the sample, which is unbiased: a
//! flat surface lies where the share is one half. Thick samples are divided along their long axes first.

use isocenter_volume::{Affine, Code, Geometry, LabelMap, Segment, affine::norm};
use rayon::prelude::*;

use crate::{
    Error,
    folding::Folding,
    shape::{Bound, Shape},
    tissue::Tissue,
};

/// What a part is made of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fill {
    Solid(Tissue),
    Folded(Box<Folding>),
}

/// One shape of the scene.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    shape: Shape,
    within: Option<Shape>,
    fill: Fill,
    label: u32,
    bound: Bound,
}

impl Part {
    pub(crate) fn new(shape: Shape, tissue: Tissue, label: u32) -> Self {
        let bound = shape.bound();
        Self { shape, within: None, fill: Fill::Solid(tissue), label, bound }
    }

    pub(crate) fn folded(shape: Shape, folding: Folding) -> Self {
        let bound = shape.bound();
        Self { shape, within: None, fill: Fill::Folded(Box::new(folding)), label: 0, bound }
    }

    /// Keeps only what lies in another shape, too.
    pub(crate) fn within(mut self, other: Shape) -> Self {
        self.within = Some(other);
        self
    }

    #[inline]
    fn distance(&self, p: [f64; 3]) -> f64 {
        let d = self.shape.distance(p);
        self.within.as_ref().map_or(d, |w| d.max(w.distance(p)))
    }
}

/// How finely a scene is sampled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sampling {
    /// A voxel longer than this is divided along that axis, mm.
    pub(crate) sample_mm: f64,
    /// The least width of an edge (a scanner's blur), mm.
    pub(crate) edge_mm: f64,
}

/// A named label value: value, name, SNOMED CT code and meaning, colour.
pub(crate) type Naming = (u32, &'static str, &'static str, &'static str, [u8; 3]);

/// Parts in the order of painting, first at the bottom.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Scene {
    pub(crate) parts: Vec<Part>,
}

impl Scene {
    /// Noise-free values on a grid, `i` fastest; `sampling` says how finely.
    pub(crate) fn render(
        &self,
        geometry: &Geometry,
        pose: &Affine,
        table: &[f64; Tissue::COUNT],
        sampling: Sampling,
    ) -> Result<Vec<f32>, Error> {
        let to_canonical = pose.inverse().ok_or(Error::SingularPose)?.compose(geometry.affine());
        let spacing = geometry.spacing_mm();
        let parts = spacing.map(|s| ((s / sampling.sample_mm).ceil() as usize).clamp(1, MOST_SAMPLES));
        let offsets = sub_offsets(&to_canonical, parts);
        let fine = [0, 1, 2].map(|a| spacing[a] / parts[a] as f64);
        let width = ((fine[0] + fine[1] + fine[2]) / 3.0).max(sampling.edge_mm);
        let slack = norm(spacing) / 2.0 + width;
        let share = 1.0 / offsets.len() as f64;
        let mut out = vec![0f32; geometry.len()];
        self.rows(geometry, &to_canonical, slack, &mut out, |parts, p, value: &mut f32| {
            let at = |o: &[f64; 3]| paint(parts, [p[0] + o[0], p[1] + o[1], p[2] + o[2]], width, table);
            *value = (offsets.iter().map(at).sum::<f64>() * share) as f32;
        });
        Ok(out)
    }

    /// The label at every voxel's centre, with the table that names the values.
    pub(crate) fn labels(&self, geometry: &Geometry, pose: &Affine, names: &[Naming]) -> Result<LabelMap, Error> {
        let to_canonical = pose.inverse().ok_or(Error::SingularPose)?.compose(geometry.affine());
        let mut out = vec![0u32; geometry.len()];
        self.rows(geometry, &to_canonical, 0.1, &mut out, |parts, p, value: &mut u32| *value = label(parts, p));
        let segments = names
            .iter()
            .map(|&(value, name, code, meaning, colour)| Segment {
                layer: 0,
                value,
                name: name.to_owned(),
                colour: Some(colour),
                code: Some(Code { scheme: "SCT".to_owned(), value: code.to_owned(), meaning: meaning.to_owned() }),
            })
            .collect();
        Ok(LabelMap::new(vec![out], geometry.clone(), segments)?)
    }

    /// Runs over the rows of a grid in parallel, with the parts that a row can meet, top first.
    fn rows<T: Send>(
        &self,
        geometry: &Geometry,
        to_canonical: &Affine,
        slack: f64,
        out: &mut [T],
        each: impl Fn(&[&Part], [f64; 3], &mut T) + Sync,
    ) {
        let [nx, ny, _] = geometry.shape();
        let step = to_canonical.column(0);
        out.par_chunks_mut(nx).enumerate().for_each(|(row, values)| {
            let start = to_canonical.apply([0.0, (row % ny) as f64, (row / ny) as f64]);
            let end = [0, 1, 2].map(|a| start[a] + step[a] * (nx - 1) as f64);
            // a part plays a role between two voxels of the row only; most of the time goes into asking those that do not
            let last = (nx - 1) as f64;
            let met: Vec<(&Part, usize, usize)> = self
                .parts
                .iter()
                .rev()
                .filter_map(|part| {
                    let (from, to) = part.bound.clip(start, end, slack)?;
                    Some((part, (from * last).floor() as usize, (to * last).ceil() as usize))
                })
                .collect();
            let mut here = Vec::with_capacity(met.len());
            for (i, value) in values.iter_mut().enumerate() {
                here.clear();
                here.extend(met.iter().filter(|m| m.1 <= i && i <= m.2).map(|m| m.0));
                each(&here, [0, 1, 2].map(|a| start[a] + step[a] * i as f64), value);
            }
        });
    }
}

/// Front to back: each part covers its share of what is still to be seen.
#[inline]
fn paint(parts: &[&Part], p: [f64; 3], width: f64, table: &[f64; Tissue::COUNT]) -> f64 {
    let coverage = |d: f64| (0.5 - d / width).clamp(0.0, 1.0);
    let (mut value, mut open) = (0.0, 1.0);
    for part in parts {
        let d = part.distance(p);
        let share = coverage(d);
        if share <= 0.0 {
            continue;
        }
        let inner = match &part.fill {
            Fill::Solid(tissue) => table[*tissue as usize],
            Fill::Folded(folding) => folding.paint(p, -d, table, coverage),
        };
        value += open * share * inner;
        open *= 1.0 - share;
        if open <= 0.0 {
            return value;
        }
    }
    value + open * table[Tissue::Air as usize]
}

fn label(parts: &[&Part], p: [f64; 3]) -> u32 {
    for part in parts {
        let d = part.distance(p);
        if d <= 0.0 {
            return match &part.fill {
                Fill::Solid(_) => part.label,
                Fill::Folded(folding) => folding.label(p, -d),
            };
        }
    }
    0
}

/// Canonical displacements of the divisions of one voxel.
fn sub_offsets(to_canonical: &Affine, parts: [usize; 3]) -> Vec<[f64; 3]> {
    let at = |n: usize, of: usize| (n as f64 + 0.5) / of as f64 - 0.5;
    let mut offsets = Vec::with_capacity(parts.iter().product());
    for k in 0..parts[2] {
        for j in 0..parts[1] {
            for i in 0..parts[0] {
                offsets.push(to_canonical.apply_vector([at(i, parts[0]), at(j, parts[1]), at(k, parts[2])]));
            }
        }
    }
    offsets
}

/// Most divisions along one axis.
const MOST_SAMPLES: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tissue::Contrast;
    use isocenter_volume::Frame;

    fn ball() -> Scene {
        Scene { parts: vec![Part::new(Shape::sphere([0.0; 3], 10.0), Tissue::White, 1)] }
    }

    #[test]
    fn partial_volume_keeps_the_volume_of_a_ball() {
        let exact = 4.0 / 3.0 * std::f64::consts::PI * 1000.0;
        for spacing in [[1.0, 1.0, 1.0], [1.3, 0.9, 4.0], [2.5, 2.5, 2.5]] {
            let shape = spacing.map(|s: f64| (30.0 / s) as usize + 1);
            let g =
                Geometry::new(shape, Affine::from_spacing_origin(spacing, [-14.7, -15.1, -15.3]), Frame::Patient(None))
                    .unwrap();
            let v = ball()
                .render(&g, &Affine::IDENTITY, &Tissue::table(Contrast::T1), Sampling { sample_mm: 1.6, edge_mm: 0.0 })
                .unwrap();
            let sum: f64 = v.iter().map(|&x| f64::from(x)).sum();
            let volume = sum / Tissue::White.value(Contrast::T1) * g.voxel_volume_mm3();
            assert!((volume / exact - 1.0).abs() < 0.012, "{spacing:?}: {volume} for {exact}");
        }
    }

    #[test]
    fn a_pose_moves_what_is_seen_and_what_is_labelled() {
        let g = Geometry::new([40, 30, 30], Affine::from_spacing_origin([1.0; 3], [-15.0; 3]), Frame::Patient(None))
            .unwrap();
        let pose = Affine::translation_by([5.0, 0.0, 0.0]);
        let labels = ball().labels(&g, &pose, &[]).unwrap();
        let mean_x: f64 = labels.layers()[0]
            .to_u32()
            .iter()
            .enumerate()
            .filter(|(_, l)| **l == 1)
            .map(|(n, _)| (n % 40) as f64 - 15.0)
            .sum::<f64>()
            / labels.layers()[0].to_u32().iter().filter(|l| **l == 1).count() as f64;
        assert!((mean_x - 5.0).abs() < 0.05, "{mean_x}");
    }
}
