//! A pointwise map of straight pieces between knots: what histogram standardization and matching come down to.
//!
//! A knot says that the value `from` becomes `to`. Between two knots values are linear; beyond the first and the last they are
//! [extrapolated](Ends::Extrapolate) along the end pieces or [held](Ends::Hold). Two knots may share one `from`: the map jumps
//! there, and the later of them counts at that value. Knots never descend, so that order is kept: what was brighter is not darker
//! afterwards.

use std::fmt;

use isocenter_volume::Ctx;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{Error, error::number, linear::BLOCK};

/// What becomes of values beyond the first and the last knot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    /// They go on along the end pieces.
    #[default]
    Extrapolate,
    /// They become what the first or the last knot becomes.
    Hold,
}

impl Ends {
    /// Its name in a recipe.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Extrapolate => "extrapolate",
            Self::Hold => "hold",
        }
    }
}

/// A map of straight pieces between knots, computed in f64 and rounded once to f32. NaN stays NaN.
///
/// # Examples
/// ```
/// use isocenter_normalize::pieces::{Ends, PieceMap};
/// let map = PieceMap::new(vec![0.0, 10.0, 30.0], vec![0.0, 50.0, 60.0], Ends::Extrapolate)?;
/// assert_eq!([-2.0, 5.0, 10.0, 20.0, 50.0].map(|v| map.value(v)), [-10.0, 25.0, 50.0, 55.0, 70.0]);
/// assert_eq!(map.inverse()?.value(55.0), 20.0);
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct PieceMap {
    from: Vec<f64>,
    to: Vec<f64>,
    ends: Ends,
    pieces: Vec<Piece>,
    table: Table,
}

impl fmt::Debug for PieceMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // pieces and table follow from these
        f.debug_struct("PieceMap").field("from", &self.from).field("to", &self.to).field("ends", &self.ends).finish()
    }
}

/// One piece: it begins at `from`, ends before `next`, and rises from `to` by `slope`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Piece {
    from: f64,
    next: f64,
    to: f64,
    slope: f64,
}

/// For equal cells over the knots, the piece at the start of each: from there it is a step or none to the piece of a value.
#[derive(Clone, Debug, PartialEq)]
struct Table {
    low: f64,
    per_cell: f64,
    starts: Vec<u32>,
}

impl PieceMap {
    /// Most knots of a map.
    pub const MAX_KNOTS: usize = 1 << 17;

    /// The map through these knots.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless there are as many values as knots, from 2 to [`PieceMap::MAX_KNOTS`], all are finite, none is
    /// below the one before, and the first and the last knot differ.
    pub fn new(from: Vec<f64>, to: Vec<f64>, ends: Ends) -> Result<Self, Error> {
        let count = from.len();
        if !(2..=Self::MAX_KNOTS).contains(&count) {
            return Err(Error::BadParameter { what: "number of knots", wanted: "from 2 to 2^17", found: count as f64 });
        }
        if to.len() != count {
            let (what, wanted) = ("number of values", "the number of knots");
            return Err(Error::BadParameter { what, wanted, found: to.len() as f64 });
        }
        ascending("a knot", &from)?;
        ascending("the value of a knot", &to)?;
        let (low, high) = (from[0], from[count - 1]);
        let cells = (4 * count).next_power_of_two().clamp(1 << 10, 1 << 17);
        let per_cell = cells as f64 / (high - low);
        if !(high > low && per_cell.is_finite() && per_cell > 0.0) {
            return Err(Error::BadParameter { what: "the last knot", wanted: "above the first", found: high });
        }
        let pieces = pieces(&from, &to, ends);
        let table = Table::new(low, per_cell, cells, &pieces);
        Ok(Self { from, to, ends, pieces, table })
    }

    /// Where the pieces meet, in the unit of the input.
    pub fn knots(&self) -> &[f64] {
        &self.from
    }

    /// What the knots become, in the unit of the output.
    pub fn values(&self) -> &[f64] {
        &self.to
    }

    /// What becomes of values beyond the knots.
    pub const fn ends(&self) -> Ends {
        self.ends
    }

    /// The value of one sample.
    #[inline]
    pub fn value(&self, sample: f32) -> f32 {
        self.value_from(sample, self.table.cell(f64::from(sample)))
    }

    /// The value of a sample whose cell of the table is known.
    #[inline(always)]
    fn value_from(&self, sample: f32, cell: u32) -> f32 {
        let x = f64::from(sample);
        let mut at = self.table.starts[cell as usize] as usize;
        let mut piece = &self.pieces[at];
        // the last piece ends at infinity, which is in it
        while x >= piece.next && at + 1 < self.pieces.len() {
            at += 1;
            piece = &self.pieces[at];
        }
        // a flat piece has one value, also infinitely far away
        if piece.slope == 0.0 && !x.is_nan() {
            piece.to as f32
        } else {
            (piece.to + piece.slope * (x - piece.from)) as f32
        }
    }

    /// Cells are found for some samples at once, in vectors; the pieces then one by one.
    fn map_some(&self, samples: &[f32], out: &mut [f32]) {
        let mut cells = [0u32; AT_ONCE];
        cells.iter_mut().zip(samples).for_each(|(c, s)| *c = self.table.cell(f64::from(*s)));
        for ((o, &s), &c) in out.iter_mut().zip(samples).zip(&cells) {
            *o = self.value_from(s, c);
        }
    }

    /// Maps samples into a buffer of the same length.
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::Cancelled`], the buffer is filled in part then.
    pub fn map_into(&self, samples: &[f32], out: &mut [f32], ctx: &Ctx<'_>) -> Result<(), Error> {
        if samples.len() != out.len() {
            return Err(Error::Length { what: "the output buffer", wanted: samples.len(), found: out.len() });
        }
        let stage = ctx.stage("apply", samples.len().div_ceil(BLOCK) as u64);
        out.par_chunks_mut(BLOCK).zip(samples.par_chunks(BLOCK)).try_for_each(|(out, samples)| {
            stage.check()?;
            out.chunks_mut(AT_ONCE).zip(samples.chunks(AT_ONCE)).for_each(|(out, some)| self.map_some(some, out));
            stage.advance(1)
        })?;
        Ok(())
    }

    /// Maps samples where they are.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; some of the samples are mapped then.
    pub fn map_in_place(&self, samples: &mut [f32], ctx: &Ctx<'_>) -> Result<(), Error> {
        let stage = ctx.stage("apply", samples.len().div_ceil(BLOCK) as u64);
        samples.par_chunks_mut(BLOCK).try_for_each(|samples| {
            stage.check()?;
            self.map_block(samples);
            stage.advance(1)
        })?;
        Ok(())
    }

    /// Maps samples where they are, on the thread that asks.
    pub(crate) fn map_block(&self, samples: &mut [f32]) {
        for some in samples.chunks_mut(AT_ONCE) {
            let mut held = [0f32; AT_ONCE];
            let held = &mut held[..some.len()];
            held.copy_from_slice(some);
            self.map_some(held, some);
        }
    }

    /// The map back: knots and values change places.
    ///
    /// # Errors
    /// [`Error::NotInvertible`] where the map holds its ends, jumps, or has a flat piece.
    pub fn inverse(&self) -> Result<Self, Error> {
        let lost = |why| Err(Error::NotInvertible { why });
        let strict = |values: &[f64]| values.windows(2).all(|w| w[0] < w[1]);
        match self.ends {
            Ends::Hold => lost("values beyond the knots were held"),
            Ends::Extrapolate if !strict(&self.to) => lost("several values became one"),
            Ends::Extrapolate if !strict(&self.from) => lost("the map jumps"),
            Ends::Extrapolate => Self::new(self.to.clone(), self.from.clone(), self.ends),
        }
    }
}

/// The pieces between knots, with a flat one at either end where ends are held.
fn pieces(from: &[f64], to: &[f64], ends: Ends) -> Vec<Piece> {
    let last = from.len() - 1;
    let between = |n: usize| {
        let width = from[n + 1] - from[n];
        // no value lies in a piece without width
        let slope = if width > 0.0 { (to[n + 1] - to[n]) / width } else { 0.0 };
        Piece { from: from[n], next: from[n + 1], to: to[n], slope }
    };
    let mut pieces: Vec<Piece> = (0..last).map(between).collect();
    match ends {
        Ends::Hold => {
            pieces.insert(0, Piece { from: from[0], next: from[0], to: to[0], slope: 0.0 });
            pieces.push(Piece { from: from[last], next: f64::INFINITY, to: to[last], slope: 0.0 });
        }
        Ends::Extrapolate => {
            // the end pieces that have a width go on; a jump at an end has nothing to go on along
            while pieces.len() > 1 && pieces.first().is_some_and(|p| p.next <= p.from) {
                pieces.remove(0);
            }
            while pieces.len() > 1 && pieces.last().is_some_and(|p| p.next <= p.from) {
                pieces.pop();
            }
        }
    }
    if let Some(piece) = pieces.last_mut() {
        piece.next = f64::INFINITY;
    }
    pieces
}

impl Table {
    fn new(low: f64, per_cell: f64, cells: usize, pieces: &[Piece]) -> Self {
        let mut table = Self { low, per_cell, starts: vec![0; cells] };
        let first_cells: Vec<usize> = pieces.iter().map(|p| table.cell(p.from) as usize).collect();
        let mut before = 0;
        // cells ascend with values, so a piece that begins in an earlier cell begins before every value of this one
        for (cell, start) in table.starts.iter_mut().enumerate() {
            while first_cells.get(before + 1).is_some_and(|&c| c < cell) {
                before += 1;
            }
            *start = before as u32;
        }
        table
    }

    /// What is below, or NaN, is in the first cell; what is above in the last.
    #[inline(always)]
    fn cell(&self, x: f64) -> u32 {
        let (place, last) = ((x - self.low) * self.per_cell, (self.starts.len() - 1) as f64);
        let place = if place > 0.0 { place } else { 0.0 };
        let place = if place < last { place } else { last };
        // by way of i32, for which vectors have an instruction
        place as i32 as u32
    }
}

/// Samples whose cells are found at once.
const AT_ONCE: usize = 64;

/// Checks that numbers are finite and none is below the one before.
pub(crate) fn ascending(what: &'static str, values: &[f64]) -> Result<(), Error> {
    values.iter().try_for_each(|&v| number(what, v).map(|_| ()))?;
    match values.windows(2).find(|w| w[0] > w[1]) {
        Some(w) => Err(Error::BadParameter { what, wanted: "not below the one before", found: w[1] }),
        None => Ok(()),
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(with = "isocenter_volume::exact::list")]
    from: Vec<f64>,
    #[serde(with = "isocenter_volume::exact::list")]
    to: Vec<f64>,
    ends: Ends,
}

impl TryFrom<Repr> for PieceMap {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        Self::new(r.from, r.to, r.ends)
    }
}

impl From<PieceMap> for Repr {
    fn from(map: PieceMap) -> Self {
        Self { from: map.from, to: map.to, ends: map.ends }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The value by looking at every knot.
    fn plainly(map: &PieceMap, x: f64) -> f64 {
        let (from, to) = (map.knots(), map.values());
        let last = from.len() - 1;
        if map.ends() == Ends::Hold && (x < from[0] || x >= from[last]) {
            return if x < from[0] { to[0] } else { to[last] };
        }
        let at = (1..last).filter(|&n| from[n] <= x).count();
        to[at] + (to[at + 1] - to[at]) / (from[at + 1] - from[at]) * (x - from[at])
    }

    proptest! {
        #[test]
        fn the_table_finds_the_piece_that_a_look_at_every_knot_finds(
            steps in proptest::collection::vec((prop_oneof![0.001..0.1f64, 1.0..500.0f64], 0.0..9.0f64), 1..60),
            first in -1e4..1e4f64,
            hold in any::<bool>(),
        ) {
            let ends = if hold { Ends::Hold } else { Ends::Extrapolate };
            let (mut from, mut to) = (vec![first], vec![0.0]);
            for (width, rise) in steps {
                from.push(from[from.len() - 1] + width);
                to.push(to[to.len() - 1] + rise);
            }
            let map = PieceMap::new(from.clone(), to, ends).unwrap();
            let (low, high) = (from[0], from[from.len() - 1]);
            let near = from.iter().flat_map(|&k| [k, k - 1e-3, k + 1e-3]);
            for x in near.chain((0..200).map(|n| low - 50.0 + (high - low + 100.0) * f64::from(n) / 199.0)) {
                let x = x as f32;
                prop_assert_eq!(map.value(x), plainly(&map, f64::from(x)) as f32, "{}", x);
            }
        }
    }

    #[test]
    fn a_jump_counts_from_its_value_on() {
        let map = PieceMap::new(vec![0.0, 10.0, 10.0, 20.0], vec![0.0, 1.0, 5.0, 6.0], Ends::Hold).unwrap();
        assert_eq!([9.0, 10.0, 15.0, 99.0, -9.0].map(|v| map.value(v)), [0.9, 5.0, 5.5, 6.0, 0.0]);
        let lost = PieceMap::new(vec![0.0, 1.0, 1.0, 2.0], vec![0.0, 1.0, 2.0, 3.0], Ends::Extrapolate).unwrap();
        assert_eq!(lost.inverse(), Err(Error::NotInvertible { why: "the map jumps" }));
        // a jump at an end leaves the piece beside it to go on along
        let end = PieceMap::new(vec![0.0, 0.0, 1.0, 1.0], vec![-7.0, 0.0, 1.0, 9.0], Ends::Extrapolate).unwrap();
        assert_eq!([-1.0, 0.5, 2.0].map(|v| end.value(v)), [-1.0, 0.5, 2.0]);
    }

    #[test]
    fn what_is_no_number_stays_what_it_is() {
        let map = |ends| PieceMap::new(vec![0.0, 1.0, 2.0], vec![0.0, 1.0, 1.0], ends).unwrap();
        assert!(map(Ends::Hold).value(f32::NAN).is_nan() && map(Ends::Extrapolate).value(f32::NAN).is_nan());
        assert_eq!([f32::NEG_INFINITY, f32::INFINITY].map(|v| map(Ends::Hold).value(v)), [0.0, 1.0]);
        assert_eq!(
            [f32::NEG_INFINITY, f32::INFINITY].map(|v| map(Ends::Extrapolate).value(v)),
            [f32::NEG_INFINITY, 1.0]
        );
    }

    #[test]
    fn refuses_knots_that_are_no_map() {
        let new = |from: &[f64], to: &[f64]| PieceMap::new(from.to_vec(), to.to_vec(), Ends::Hold).is_err();
        assert!(new(&[0.0], &[0.0]) && new(&[0.0, 1.0], &[0.0]) && new(&[1.0, 0.0], &[0.0, 1.0]));
        assert!(new(&[0.0, 1.0], &[1.0, 0.0]) && new(&[0.0, f64::NAN], &[0.0, 1.0]) && new(&[2.0, 2.0], &[0.0, 1.0]));
        assert!(new(&[-f64::MAX, f64::MAX], &[0.0, 1.0]) && new(&[0.0, 1.0], &[0.0, f64::INFINITY]));
        let text = r#"{"from":[0,1],"to":[0,"0.1"],"ends":"hold"}"#;
        let map: PieceMap = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_str::<PieceMap>(&serde_json::to_string(&map).unwrap()).unwrap(), map);
        assert!(serde_json::from_str::<PieceMap>(&text.replace("hold", "drop")).is_err());
        assert!(serde_json::from_str::<PieceMap>(&text.replace("[0,1]", "[1,0]")).is_err());
    }
}
