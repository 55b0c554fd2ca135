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
pub(super) fn components(values: &[u8], levels: &[u8], columns: usize, threshold: u8) -> Vec<Component> {
    let mut runs: Vec<Component> = Vec::new();
    let mut parents: Vec<u32> = Vec::new();
    let mut above = 0..0;
    let rows = values.chunks_exact(columns.max(1)).zip(levels.chunks_exact(columns.max(1)));
    for (y, (row, levels)) in rows.enumerate() {
        let start = runs.len();
        runs_of(row, levels, y as i32, threshold, &mut runs);
        parents.extend(start as u32..runs.len() as u32);
        let mut first = above.start;
        for index in start..runs.len() {
            let run = runs[index];
            let mut covered = 0;
            while first < above.end && runs[first].x1 < run.x0 {
                first += 1;
            }
            for (other, upper) in runs[..above.end].iter().enumerate().skip(first) {
                if upper.x0 > run.x1 {
                    break;
                }
                covered += (upper.x1.min(run.x1) - upper.x0.max(run.x0)).max(0);
                union(&mut parents, other as u32, index as u32);
            }
            runs[index].down = run.area - covered;
        }
        above = start..runs.len();
    }
    gather(&runs, &mut parents)
}

/// The runs of one row.
fn runs_of(row: &[u8], levels: &[u8], y: i32, threshold: u8, runs: &mut Vec<Component>) {
    let mut at = 0;
    while let Some(from) = row[at..].iter().position(|&value| value >= threshold).map(|offset| at + offset) {
        let to = row[from..].iter().position(|&value| value < threshold).map_or(row.len(), |offset| from + offset);
        let highest = |of: &[u8]| of[from..to].iter().copied().max().unwrap_or(0);
        let (peak, level) = (highest(row), highest(levels));
        let (x0, x1) = (from as i32, to as i32);
        runs.push(Component { x0, y0: y, x1, y1: y + 1, area: x1 - x0, across: 1, down: 0, peak, level });
        at = to;
    }
}

fn root(parents: &mut [u32], mut at: u32) -> u32 {
    while parents[at as usize] != at {
        let up = parents[parents[at as usize] as usize];
        parents[at as usize] = up;
        at = up;
    }
    at
}

fn union(parents: &mut [u32], a: u32, b: u32) {
    let (a, b) = (root(parents, a), root(parents, b));
    // the smaller number stays: the order does not depend on how they met
    parents[a.max(b) as usize] = a.min(b);
}

fn gather(runs: &[Component], parents: &mut [u32]) -> Vec<Component> {
    let mut places = vec![u32::MAX; runs.len()];
    let mut found: Vec<Component> = Vec::new();
    for (index, run) in runs.iter().enumerate() {
        let root = root(parents, index as u32) as usize;
        match found.get_mut(places[root] as usize) {
            Some(component) => component.join(run),
            None => {
                places[root] = found.len() as u32;
                found.push(*run);
            }
        }
    }
    found
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
