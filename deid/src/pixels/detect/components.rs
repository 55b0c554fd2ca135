//! Connected components of what is above a threshold: touching by side or corner, found in runs along rows.
//!
//! One pass over the pixels, one over the runs; memory grows with the runs, at most half as many as pixels.

/// One component: its bounds (half open) and what tells strokes from blots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) x0: i32,
    pub(super) y0: i32,
    pub(super) x1: i32,
    pub(super) y1: i32,
    /// Pixels.
    pub(super) area: i32,
    /// Runs along rows.
    pub(super) across: i32,
    /// Runs along columns.
    pub(super) down: i32,
    /// The highest value.
    pub(super) peak: u8,
    /// The brightest level.
    pub(super) level: u8,
}

impl Component {
    pub(super) const fn width(&self) -> i32 {
        self.x1 - self.x0
    }

    pub(super) const fn height(&self) -> i32 {
        self.y1 - self.y0
    }

    /// Columns for rows.
    pub(super) const fn transposed(self) -> Self {
        Self { x0: self.y0, y0: self.x0, x1: self.y1, y1: self.x1, across: self.down, down: self.across, ..self }
    }

    fn join(&mut self, other: &Self) {
        self.x0 = self.x0.min(other.x0);
        self.y0 = self.y0.min(other.y0);
        self.x1 = self.x1.max(other.x1);
        self.y1 = self.y1.max(other.y1);
        self.area += other.area;
        self.across += other.across;
        self.down += other.down;
        self.peak = self.peak.max(other.peak);
        self.level = self.level.max(other.level);
    }
}

/// All components of the values at or above `threshold`, in the order in which a scan meets them; `levels` are what the values were made from.
/// None where there are too many runs for anything to be told apart: noise fills the frame.
pub(super) fn components(values: &[u8], levels: &[u8], columns: usize, threshold: u8) -> Vec<Component> {
    let columns = columns.max(1);
    if values.len() > SMALL && runs(values, threshold) * 9 > values.len() * 2 {
        return Vec::new();
    }
    let mut labels = Labels::default();
    let (mut above, mut here): (Vec<Run>, Vec<Run>) = (Vec::new(), Vec::new());
    for (y, (row, levels)) in values.chunks_exact(columns).zip(levels.chunks_exact(columns)).enumerate() {
        let (mut at, mut first) = (0, 0);
        while let Some((from, to)) = next_run(row, at, threshold) {
            let (x0, x1) = (from as i32, to as i32);
            while above.get(first).is_some_and(|upper| upper.x1 < x0) {
                first += 1;
            }
            let (mut label, mut covered) = (None, 0);
            for upper in above.iter().skip(first).take_while(|upper| upper.x0 <= x1) {
                covered += (upper.x1.min(x1) - upper.x0.max(x0)).max(0);
                label = Some(labels.union(upper.label, label.unwrap_or(upper.label)));
            }
            let (peak, level) = (highest(&row[from..to]), highest(&levels[from..to]));
            let (area, y0, y1) = (x1 - x0, y as i32, y as i32 + 1);
            let run = Component { x0, y0, x1, y1, area, across: 1, down: area - covered, peak, level };
            here.push(Run { x0, x1, label: labels.put(label, &run) });
            at = to;
        }
        std::mem::swap(&mut above, &mut here);
        here.clear();
    }
    labels.gather()
}

/// Frames with no more pixels are taken as they are: a few words may fill them.
const SMALL: usize = 1 << 14;

/// A run of one row.
struct Run {
    x0: i32,
    x1: i32,
    label: u32,
}

/// How many runs there are, each row taken for the next part of one long one.
fn runs(values: &[u8], threshold: u8) -> usize {
    let starts = |pair: (&u8, &u8)| u8::from(*pair.0 < threshold && *pair.1 >= threshold);
    let blocks = values.chunks(128).zip(values.get(1..).unwrap_or_default().chunks(128));
    blocks.map(|(a, b)| usize::from(a.iter().zip(b).map(starts).sum::<u8>())).sum()
}

/// The next run from a place on.
fn next_run(row: &[u8], mut at: usize, threshold: u8) -> Option<(usize, usize)> {
    const BLOCK: usize = 16;
    while row.get(at..at + BLOCK).is_some_and(|block| highest(block) < threshold) {
        at += BLOCK;
    }
    let from = at + row[at..].iter().position(|&value| value >= threshold)?;
    let to = row[from..].iter().position(|&value| value < threshold).map_or(row.len(), |offset| from + offset);
    Some((from, to))
}

fn highest(values: &[u8]) -> u8 {
    values.iter().fold(0, |highest, &value| highest.max(value))
}

/// Parts of components, and which of them are one.
#[derive(Default)]
struct Labels {
    parts: Vec<Component>,
    parents: Vec<u32>,
}

impl Labels {
    /// Adds a run to a part, or begins one.
    fn put(&mut self, label: Option<u32>, run: &Component) -> u32 {
        if let Some(label) = label {
            self.parts[label as usize].join(run);
            return label;
        }
        let label = self.parts.len() as u32;
        self.parts.push(*run);
        self.parents.push(label);
        label
    }

    fn root(&mut self, mut at: u32) -> u32 {
        while self.parents[at as usize] != at {
            let up = self.parents[self.parents[at as usize] as usize];
            self.parents[at as usize] = up;
            at = up;
        }
        at
    }

    /// Makes two one: the smaller number stays, so that the order does not depend on how they met.
    fn union(&mut self, a: u32, b: u32) -> u32 {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b) as usize] = a.min(b);
        a.min(b)
    }

    fn gather(mut self) -> Vec<Component> {
        let mut places = vec![0; self.parts.len()];
        let mut found: Vec<Component> = Vec::new();
        for label in 0..self.parts.len() {
            let root = self.root(label as u32) as usize;
            if root == label {
                places[label] = found.len();
                found.push(self.parts[label]);
            } else {
                found[places[root]].join(&self.parts[label]);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[&str]) -> Vec<Component> {
        let values: Vec<u8> = rows.concat().bytes().map(|byte| if byte == b'#' { 200 } else { 0 }).collect();
        components(&values, &values, rows[0].len(), 100)
    }

    #[test]
    fn what_touches_by_a_corner_is_one() {
        let found = of(&["#..#", ".#.#", "..#."]);
        assert_eq!(found.len(), 1);
        let one = found[0];
        assert_eq!((one.x0, one.y0, one.x1, one.y1, one.area, one.across), (0, 0, 4, 3, 5, 5));
    }

    #[test]
    fn runs_are_counted_along_rows_and_columns() {
        let h = of(&["#.#", "###", "#.#"])[0];
        assert_eq!((h.across, h.down), (5, 3));
        assert_eq!((h.transposed().across, h.transposed().down), (3, 5));
    }

    #[test]
    fn arms_that_meet_below_are_one() {
        assert_eq!(of(&["#.#.#", "#.#.#", "#####"]).len(), 1);
        assert_eq!(of(&["#.#.#", "#.#.#", "....."]).len(), 3);
    }
}
