//! CID 7050: codes of the profile and its options.

use super::lines;

/// A code and its meaning.
pub(crate) fn meaning(code: &str) -> Option<(&'static str, &'static str)> {
    lines(include_str!("../../data/method_codes.csv"))
        .filter_map(|line| {
            let (found, rest) = line.split_once(',')?;
            Some((found, rest.split_once(',')?.1))
        })
        .find(|&(found, _)| found == code)
}
