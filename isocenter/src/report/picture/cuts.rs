//! Which slices are shown: through the labels where there are some, else through the body.

use std::collections::BTreeMap;

use isocenter_volume::LabelMap;

use super::{Plane, Turned};

/// The slices of each plane, by their index through it, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cuts {
    slices: [Vec<usize>; 3],
    /// First voxel and the one behind the last of what is shown, along each axis; the picture leaves out the air around it.
    field: [[usize; 2]; 3],
    pub(crate) by: By,
}

/// What the slices were put through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum By {
    Labels,
    Body,
    #[default]
    Middle,
}

impl By {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Labels => "through the labels",
            Self::Body => "through the body",
            Self::Middle => "through the middle",
        }
    }
}

impl Cuts {
    /// Slices through labelled voxels of a map that is turned as its image is: first those that show a label that no other shows, then evenly through the bulk of them.
    pub(crate) fn through_labels(labels: &LabelMap) -> Option<Self> {
        let shape = labels.geometry().shape();
        let layer = labels.layers().first()?;
        let mut counts: BTreeMap<u32, [Vec<u64>; 3]> = BTreeMap::new();
        for (n, label) in layer.iter().take(labels.geometry().len()).enumerate().filter(|(_, l)| *l != 0) {
            let index = [n % shape[0], n / shape[0] % shape[1], n / (shape[0] * shape[1])];
            let of_label = counts.entry(label).or_insert_with(|| shape.map(|n| vec![0; n]));
            for (axis, at) in index.into_iter().enumerate() {
                of_label[axis][at] += 1;
            }
        }
        if counts.is_empty() {
            return None;
        }
        let slices = Plane::ALL.map(|plane| {
            let axis = plane.axes()[2];
            let of_axis: Vec<&[u64]> = counts.values().map(|c| c[axis].as_slice()).collect();
            covering(&of_axis)
        });
        // of any label: a slice through one of them shows it whole
        let mut all = shape.map(|n| vec![0u64; n]);
        for of_label in counts.values() {
            for (sum, part) in all.iter_mut().zip(of_label) {
                sum.iter_mut().zip(part).for_each(|(s, p)| *s += p);
            }
        }
        Some(Self { slices, field: all.map(|counts| extent(&counts, 0)), by: By::Labels })
    }

    /// Slices through what is above a value, evenly through the bulk of it; through the middle where that is nothing.
    pub(crate) fn through_body(turned: &Turned, above: f32) -> Self {
        let shape = turned.volume.shape();
        let mut counts = shape.map(|n| vec![0u64; n]);
        let samples = turned.volume.step(0).unwrap_or_default();
        for (row, line) in samples.chunks(shape[0].max(1)).enumerate() {
            let mut found = 0;
            for (i, _) in line.iter().enumerate().filter(|(_, v)| **v > above) {
                counts[0][i] += 1;
                found += 1;
            }
            counts[1][row % shape[1]] += found;
            counts[2][row / shape[1] % shape[2]] += found;
        }
        let found = counts[0].iter().any(|n| *n > 0);
        let slices = Plane::ALL.map(|plane| {
            let axis = plane.axes()[2];
            if found { spread(&counts[axis], &[]) } else { vec![shape[axis] / 2] }
        });
        // a few voxels of noise in a slice are no body
        let field = counts.map(|c| {
            let most = c.iter().copied().max().unwrap_or(0);
            extent(&c, most / 200)
        });
        Self { slices, field, by: if found { By::Body } else { By::Middle } }
    }

    /// The same slices, with all that another shows beside what these do.
    pub(crate) fn widened(mut self, other: &Self) -> Self {
        for (own, other) in self.field.iter_mut().zip(other.field) {
            *own = [own[0].min(other[0]), own[1].max(other[1])];
        }
        self
    }

    /// One slice of each plane, through the middle of what they go through.
    pub(crate) fn centred(mut self) -> Self {
        for slices in &mut self.slices {
            if let (Some(first), Some(last)) = (slices.first(), slices.last()) {
                *slices = vec![(first + last) / 2];
            }
        }
        self
    }

    /// The same slices with all that is around them.
    pub(crate) fn whole(mut self, turned: &Turned) -> Self {
        self.field = turned.volume.shape().map(|n| [0, n]);
        self
    }

    /// First voxel and the one behind the last along an axis of what is shown.
    pub(super) const fn field(&self, axis: usize) -> [usize; 2] {
        self.field[axis]
    }

    /// The slices of a plane.
    pub(crate) fn of(&self, plane: Plane) -> &[usize] {
        &self.slices[plane.number()]
    }

    /// One slice of a plane: the one nearest to the middle of those shown.
    pub(crate) fn middle(&self, plane: Plane) -> usize {
        let slices = self.of(plane);
        slices.get(slices.len().saturating_sub(1) / 2).copied().unwrap_or(0)
    }
}

/// From the first to the last count above a value, with a margin; all where there is none.
fn extent(counts: &[u64], above: u64) -> [usize; 2] {
    let first = counts.iter().position(|n| *n > above);
    let last = counts.iter().rposition(|n| *n > above);
    let (Some(first), Some(last)) = (first, last) else { return [0, counts.len()] };
    let margin = 2 + (last - first) / 25;
    [first.saturating_sub(margin), (last + 1 + margin).min(counts.len())]
}

/// Slices of a mosaic.
const MOST: usize = 4;

/// Slices that together show every label if that many can, then more through the bulk of them.
fn covering(of_labels: &[&[u64]]) -> Vec<usize> {
    let length = of_labels.first().map_or(0, |l| l.len());
    let all: Vec<u64> = (0..length).map(|k| of_labels.iter().map(|l| l[k]).sum()).collect();
    let mut open: Vec<&[u64]> = of_labels.to_vec();
    let mut chosen = Vec::new();
    while !open.is_empty() && chosen.len() < MOST {
        // most labels at once; of several slices the one with the largest share of its labels
        let worth = |k: usize| {
            let seen = open.iter().filter(|l| l[k] > 0).count();
            let share: u64 = open.iter().map(|l| 1000 * l[k] / l.iter().sum::<u64>().max(1)).sum();
            (seen, share, std::cmp::Reverse(k))
        };
        let Some(best) = (0..length).max_by_key(|k| worth(*k)) else { break };
        open.retain(|l| l[best] == 0);
        chosen.push(best);
    }
    spread(&all, &chosen)
}

/// Adds slices to those chosen, each as far as can be from all others, within the bulk of what is counted.
fn spread(counts: &[u64], chosen: &[usize]) -> Vec<usize> {
    let total: u64 = counts.iter().sum();
    let mut below = 0;
    let bulk: Vec<usize> = counts
        .iter()
        .enumerate()
        .filter(|(_, n)| {
            let before = below;
            below += **n;
            **n > 0 && 20 * below >= total && 20 * before <= 19 * total
        })
        .map(|(k, _)| k)
        .collect();
    let mut slices = chosen.to_vec();
    if slices.is_empty()
        && let (Some(first), Some(last)) = (bulk.first(), bulk.last())
    {
        // in the middles of equal parts
        let span = last - first + 1;
        slices.extend((0..MOST).map(|n| first + (2 * n + 1) * span / (2 * MOST)));
        slices.dedup();
    }
    while slices.len() < MOST {
        let distance = |k: usize| slices.iter().map(|s| s.abs_diff(k)).min().unwrap_or(usize::MAX);
        let Some(next) = bulk.iter().copied().max_by_key(|k| (distance(*k), counts[*k])) else { break };
        if distance(next) == 0 {
            break;
        }
        slices.push(next);
    }
    slices.sort_unstable();
    slices
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};

    use super::*;

    fn grid() -> Geometry {
        Geometry::new([20, 20, 40], Affine::IDENTITY, Frame::Patient(None)).unwrap()
    }

    #[test]
    fn a_label_of_one_voxel_is_shown_in_every_plane() {
        let mut voxels = vec![0u8; 20 * 20 * 40];
        for k in 10..30 {
            for p in 0..100 {
                voxels[k * 400 + 100 + p] = 1;
            }
        }
        voxels[37 * 400 + 3 * 20 + 17] = 2;
        let map = LabelMap::new(vec![voxels], grid(), vec![]).unwrap();
        let cuts = Cuts::through_labels(&map).unwrap();
        assert_eq!(cuts.by, By::Labels);
        assert!(cuts.of(Plane::Axial).contains(&37));
        assert!(cuts.of(Plane::Coronal).contains(&3));
        assert!(cuts.of(Plane::Sagittal).contains(&17));
        assert_eq!(cuts.of(Plane::Axial).len(), 4);
        assert_eq!(cuts.field(2), [7, 40], "both labels with a margin");
        assert!(cuts.of(Plane::Axial).iter().filter(|k| (10..30).contains(*k)).count() >= 2);
    }

    #[test]
    fn without_labels_slices_go_through_the_body_and_not_through_air() {
        let voxels: Vec<f32> =
            (0..20 * 20 * 40).map(|n| if (30..38).contains(&(n / 400)) { 40.0 } else { -1000.0 }).collect();
        let turned = Turned::of(&Volume::new(voxels, grid()).unwrap(), &Ctx::default()).unwrap();
        let cuts = Cuts::through_body(&turned, -300.0);
        assert!(cuts.of(Plane::Axial).iter().all(|k| (30..38).contains(k)), "{cuts:?}");
        assert_eq!(cuts.of(Plane::Axial).len(), 4);
        assert_eq!([0, 1, 2].map(|a| cuts.field(a)), [[0, 20], [0, 20], [28, 40]]);
        let empty = Cuts::through_body(&turned, 1000.0);
        assert_eq!((empty.by, empty.of(Plane::Axial)), (By::Middle, [20].as_slice()));
        assert!(Cuts::through_labels(&LabelMap::new(vec![vec![0u8; 16000]], grid(), vec![]).unwrap()).is_none());
    }
}
