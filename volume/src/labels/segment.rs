//! The lines of a label table.

use crate::Error;

/// A coded concept: scheme, value, meaning (PS3.3 8.8).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Code {
    /// Coding Scheme Designator, such as `SCT`.
    pub scheme: String,
    /// Code Value.
    pub value: String,
    /// Code Meaning.
    pub meaning: String,
}

/// What one label value of one layer stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Segment {
    /// The layer it lies in.
    pub layer: usize,
    /// Its value in that layer, above 0.
    pub value: u32,
    /// Its name.
    pub name: String,
    /// Display colour, sRGB.
    pub colour: Option<[u8; 3]>,
    /// What it is, in a coding scheme.
    pub code: Option<Code>,
}

impl Segment {
    /// A value of a layer with its name; no colour, no code.
    pub fn new(layer: usize, value: u32, name: impl Into<String>) -> Self {
        Self { layer, value, name: name.into(), colour: None, code: None }
    }
}

/// The table in the order of layer and value, where it fits the number of layers.
pub(super) fn checked(mut segments: Vec<Segment>, layers: usize) -> Result<Vec<Segment>, Error> {
    segments.sort_by_key(|s| (s.layer, s.value));
    let refuse = |s: &Segment, why| Err(Error::BadSegment { layer: s.layer, value: s.value, why });
    for segment in &segments {
        if segment.layer >= layers {
            return refuse(segment, "there is no such layer");
        }
        if segment.value == 0 {
            return refuse(segment, "0 is background");
        }
    }
    match segments.windows(2).find(|w| (w[0].layer, w[0].value) == (w[1].layer, w[1].value)) {
        Some(twice) => refuse(&twice[1], "the table has it twice"),
        None => Ok(segments),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_fits_its_layers_or_is_refused() {
        let table = |lines: &[(usize, u32)]| checked(lines.iter().map(|&(l, v)| Segment::new(l, v, "x")).collect(), 2);
        assert_eq!(table(&[(1, 1), (0, 2), (0, 1)]).unwrap()[0].value, 1);
        for bad in [&[(2, 1)][..], &[(0, 0)], &[(1, 3), (1, 3)]] {
            assert!(matches!(table(bad), Err(Error::BadSegment { .. })), "{bad:?}");
        }
    }
}
