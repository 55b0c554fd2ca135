//! One plane of voxels, and which of them go.

use super::Faces;
use crate::pixels::Rect;

/// One plane of voxels: a frame, or a plane k of a volume. World is LPS mm.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slab {
    /// The centre of the first voxel.
    pub(super) origin: [f64; 3],
    /// From one voxel to the next of a row, to that of the next row, and through the whole voxel.
    pub(super) sides: [[f64; 3]; 3],
    /// Columns and rows.
    pub(super) size: [usize; 2],
}

/// A voxel is looked at in steps of at most so many mm.
const SAMPLE_MM: f64 = 1.5;
/// Most places along one side of a voxel.
const MOST_SAMPLES: usize = 15;

impl Slab {
    /// The centre of a voxel.
    fn place(&self, column: usize, row: usize) -> [f64; 3] {
        let (i, j) = (column as f64, row as f64);
        [0, 1, 2].map(|a| self.origin[a] + i * self.sides[0][a] + j * self.sides[1][a])
    }

    /// The centres of its corner voxels.
    pub(super) fn corners(&self) -> [[f64; 3]; 4] {
        let [last, end] = self.size.map(|n| n.saturating_sub(1));
        [self.place(0, 0), self.place(last, 0), self.place(0, end), self.place(last, end)]
    }

    /// The places that a voxel is looked at in, from its centre, which is one of them.
    fn offsets(&self) -> Vec<[f64; 3]> {
        let parts = self.sides.map(|side| {
            let length = side.iter().map(|v| v * v).sum::<f64>().sqrt();
            // odd: the centre is one of them
            (((length / SAMPLE_MM).ceil() as usize) | 1).min(MOST_SAMPLES)
        });
        let part = |n: usize, of: usize| (n as f64 + 0.5) / of as f64 - 0.5;
        let mut offsets = Vec::with_capacity(parts.iter().product());
        for c in 0..parts[2] {
            for b in 0..parts[1] {
                for a in 0..parts[0] {
                    let by = [part(a, parts[0]), part(b, parts[1]), part(c, parts[2])];
                    offsets.push([0, 1, 2].map(|w| (0..3).map(|s| by[s] * self.sides[s][w]).sum()));
                }
            }
        }
        offsets
    }

    /// Whether each voxel goes, row by row.
    pub(super) fn removed(&self, faces: &Faces) -> Vec<bool> {
        let offsets = self.offsets();
        let reach = offsets.iter().map(|o| o.iter().map(|v| v * v).sum::<f64>().sqrt()).fold(0.0, f64::max);
        let mut out = Vec::with_capacity(self.size[0] * self.size[1]);
        for row in 0..self.size[1] {
            out.extend((0..self.size[0]).map(|column| faces.takes(self.place(column, row), &offsets, reach)));
        }
        out
    }

    /// The same as rectangles that do not meet.
    pub(super) fn rects(&self, faces: &Faces) -> Vec<Rect> {
        rects(&self.removed(faces), self.size[0])
    }
}

/// Runs of rows; equal ones below each other are one.
fn rects(removed: &[bool], columns: usize) -> Vec<Rect> {
    let (mut done, mut open): (Vec<Rect>, Vec<Rect>) = (Vec::new(), Vec::new());
    for (y, row) in removed.chunks(columns.max(1)).enumerate() {
        let mut runs: Vec<Rect> = Vec::new();
        let mut x = 0;
        while let Some(start) = row.get(x..).and_then(|rest| rest.iter().position(|&one| one)).map(|n| x + n) {
            let end = row[start..].iter().position(|&one| !one).map_or(row.len(), |n| start + n);
            let above = open.iter().position(|rect| (rect.x0, rect.x1) == (start as u32, end as u32));
            let y0 = above.map_or(y as u32, |at| open.swap_remove(at).y0);
            runs.push(Rect::new(start as u32, y0, end as u32, y as u32 + 1));
            x = end;
        }
        done.append(&mut open);
        open = runs;
    }
    done.append(&mut open);
    done.sort();
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_hold_each_voxel_once() {
        let picture = ["..##.", "..##.", "#.##.", "#...#", "#####"];
        let removed: Vec<bool> = picture.iter().flat_map(|row| row.chars().map(|c| c == '#')).collect();
        let found = rects(&removed, 5);
        for (n, &wanted) in removed.iter().enumerate() {
            let (x, y) = ((n % 5) as u32, (n / 5) as u32);
            assert_eq!(found.iter().filter(|rect| rect.contains(x, y)).count(), usize::from(wanted), "{x} {y}");
        }
        assert_eq!(found.len(), 4);
        assert!(rects(&[], 0).is_empty());
    }

    #[test]
    fn a_thick_voxel_is_looked_at_from_end_to_end_and_in_its_centre() {
        let slab = Slab { origin: [0.0; 3], sides: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 5.0]], size: [1, 1] };
        let heights: Vec<f64> = slab.offsets().iter().map(|o| o[2]).collect();
        assert_eq!((heights.len(), heights[2]), (5, 0.0));
        assert!(heights.iter().zip(-2..).all(|(&found, wanted)| (found - f64::from(wanted)).abs() < 1e-12));
    }
}
