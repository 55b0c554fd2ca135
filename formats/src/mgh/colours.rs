//! An embedded colour table: which structure each value is, by name and colour.
//!
//! Version 2 names the value of each entry; in version 1 entries count from 0.

use super::bytes::{Bytes, text_of};
use crate::labels::caret::Label;

/// Takes a table from the front of bytes; `None` where it is broken.
pub(super) fn take(bytes: &mut Bytes<'_>) -> Option<Vec<Label>> {
    let version = bytes.i32()?;
    let counted = match version {
        -2 => {
            bytes.i32()?; // the largest value, and one more
            None
        }
        1.. => Some(version),
        _ => return None,
    };
    let file_name = bytes.i32()?;
    bytes.take(file_name.into())?;
    let entries = match counted {
        Some(count) => count,
        None => bytes.i32()?,
    };
    let mut labels = Vec::new();
    for number in 0..entries {
        let value = if counted.is_some() { number } else { bytes.i32()? };
        let len = bytes.i32()?;
        let name = text_of(bytes.take(len.into())?);
        let colour = [bytes.i32()?, bytes.i32()?, bytes.i32()?];
        bytes.i32()?; // transparency
        let colour = colour.map(|c| u8::try_from(c).ok());
        let colour = if let [Some(r), Some(g), Some(b)] = colour { Some([r, g, b]) } else { None };
        labels.push((u32::try_from(value).ok()?, name, colour));
    }
    labels.sort();
    labels.dedup_by_key(|l| l.0);
    Some(labels)
}

/// A table of version 2; a label without a colour is black. Values that are no `i32` are left out.
pub(super) fn to_bytes(labels: &[Label]) -> Vec<u8> {
    let labels: Vec<(i32, &Label)> = labels.iter().filter_map(|l| Some((i32::try_from(l.0).ok()?, l))).collect();
    let largest = labels.iter().map(|l| l.0).max().unwrap_or(0);
    let mut out = Vec::new();
    let whole = |out: &mut Vec<u8>, n: i32| out.extend(n.to_be_bytes());
    for n in [-2, largest.saturating_add(1), 1] {
        whole(&mut out, n);
    }
    out.push(0); // no file name
    whole(&mut out, labels.len() as i32);
    for (value, (_, name, colour)) in labels {
        whole(&mut out, value);
        whole(&mut out, name.len() as i32 + 1);
        out.extend(name.as_bytes());
        out.push(0);
        for channel in colour.unwrap_or_default() {
            whole(&mut out, channel.into());
        }
        whole(&mut out, 0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_round_trips_and_a_cut_one_is_none() {
        let labels =
            vec![(0, "Unknown".to_owned(), Some([0, 0, 0])), (17, "Left-Hippocampus".to_owned(), Some([220, 216, 20]))];
        let bytes = to_bytes(&labels);
        assert_eq!(take(&mut Bytes(&bytes)), Some(labels));
        for n in 0..bytes.len() {
            assert_eq!(take(&mut Bytes(&bytes[..n])), None);
        }
    }

    #[test]
    fn version_1_counts_its_entries() {
        let numbers = |n: &[i32]| n.iter().flat_map(|n| n.to_be_bytes()).collect::<Vec<u8>>();
        let entry = |name: &[u8]| [numbers(&[name.len() as i32]), name.to_vec(), numbers(&[1, 2, 3, 0])].concat();
        let bytes = [numbers(&[2, 4]), b"lut\0".to_vec(), entry(b"a\0"), entry(b"bc\0")].concat();
        let wanted = vec![(0, "a".to_owned(), Some([1, 2, 3])), (1, "bc".to_owned(), Some([1, 2, 3]))];
        assert_eq!(take(&mut Bytes(&bytes)), Some(wanted));
    }
}
