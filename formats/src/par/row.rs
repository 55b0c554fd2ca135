//! One image of the table.

use crate::Error;

/// Columns of version 4.
const LEAST: usize = 41;

/// Columns of version 4.1, which adds diffusion.
const WITH_DIFFUSION: usize = 48;

/// Columns of version 4.2, which adds the label type.
const WITH_LABELS: usize = 49;

/// Columns that may hold words.
const WORDS: [usize; 2] = [43, 44];

/// One image of the table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) slice: i64,
    pub(super) echo: i64,
    pub(super) dynamic: i64,
    pub(super) phase: i64,
    /// Image type and scanning sequence.
    pub(super) part: [i64; 2],
    /// Place in the data file, in images.
    pub(super) index: usize,
    pub(super) bits: i64,
    pub(super) size: [usize; 2],
    pub(super) intercept: f64,
    pub(super) slope: f64,
    /// About AP, FH, RL, degrees.
    pub(super) angulation: [f64; 3],
    /// Along AP, FH, RL, mm.
    pub(super) centre: [f64; 3],
    pub(super) thickness: f64,
    pub(super) gap: f64,
    /// 1 transverse, 2 sagittal, 3 coronal.
    pub(super) orientation: i64,
    pub(super) spacing: [f64; 2],
    /// ms.
    pub(super) echo_time: f64,
    /// s.
    pub(super) begin: f64,
    pub(super) b_value: f64,
    /// Degrees.
    pub(super) flip: f64,
    /// Numbers of the b-value and of the gradient, where the version has them.
    pub(super) weighting: Option<[i64; 2]>,
    /// The gradient, along AP, FH, RL.
    pub(super) gradient: Option<[f64; 3]>,
    pub(super) label: i64,
}

impl Row {
    /// Parses a line of the table.
    pub(super) fn parse(line: &str) -> Result<Self, Error> {
        let number = |(n, word): (usize, &str)| match word.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ if WORDS.contains(&n) => Ok(0.0),
            _ => Err(Error::malformed("image information", "another word", "numbers")),
        };
        let v: Vec<f64> = line.split_ascii_whitespace().enumerate().map(number).collect::<Result<_, _>>()?;
        if v.len() != LEAST && v.len() != WITH_DIFFUSION && v.len() != WITH_LABELS {
            return Err(Error::unsupported("a table of PAR but of version 4, 4.1 or 4.2", v.len()));
        }
        let whole = |n: usize| {
            let value = v[n];
            let is_whole = value == value.trunc() && value.abs() <= f64::from(i32::MAX);
            is_whole
                .then_some(value as i64)
                .ok_or_else(|| Error::malformed("image information", value, "whole numbers"))
        };
        let count =
            |n: usize| usize::try_from(whole(n)?).map_err(|_| Error::malformed("image information", v[n], "0 or more"));
        let three = |n: usize| [v[n], v[n + 1], v[n + 2]];
        let has_diffusion = v.len() >= WITH_DIFFUSION;
        Ok(Self {
            slice: whole(0)?,
            echo: whole(1)?,
            dynamic: whole(2)?,
            phase: whole(3)?,
            part: [whole(4)?, whole(5)?],
            index: count(6)?,
            bits: whole(7)?,
            size: [count(9)?, count(10)?],
            intercept: v[11],
            slope: v[12],
            angulation: three(16),
            centre: three(19),
            thickness: v[22],
            gap: v[23],
            orientation: whole(25)?,
            spacing: [v[28], v[29]],
            echo_time: v[30],
            begin: v[31],
            b_value: v[33],
            flip: v[35],
            weighting: if has_diffusion { Some([whole(41)?, whole(42)?]) } else { None },
            gradient: has_diffusion.then(|| three(45)),
            label: if v.len() >= WITH_LABELS { whole(48)? } else { 0 },
        })
    }
}
