//! One numbering of labels for all label maps that speak of the same structures.
//!
//! nnU-Net wants labels 1, 2, 3, ... without a gap, the same in every case. A label map whose table (or whose values, where it
//! has none) is already so keeps its numbers; any other is renumbered in ascending order, and the manifest records how.
//! Tables that do not contradict each other (no value with two names, no name with two values) are one scheme.

use std::collections::{BTreeMap, BTreeSet};

/// What one label file says.
#[derive(Clone, Debug, Default)]
pub(crate) struct LabelFacts {
    /// Its table without the background, cleaned of identifying words; none where the file has none.
    pub(crate) table: Option<BTreeMap<u32, String>>,
    /// The values above 0 that occur.
    pub(crate) values: BTreeSet<u32>,
}

/// A numbering of labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scheme {
    /// Name of each new value, 1 to n.
    pub(crate) names: BTreeMap<u32, String>,
    /// New value of each old one, where any differs; else empty.
    pub(crate) renumbered: BTreeMap<u32, u32>,
}

/// Finds the schemes of all label files, and for each file the number of its scheme.
///
/// The order of the files changes nothing: tables are merged in their own order.
pub(crate) fn schemes(files: &[LabelFacts]) -> (Vec<Scheme>, Vec<usize>) {
    let tables: BTreeSet<&BTreeMap<u32, String>> = files.iter().filter_map(|f| f.table.as_ref()).collect();
    let mut merged: Vec<BTreeMap<u32, String>> = Vec::new();
    let mut home: BTreeMap<&BTreeMap<u32, String>, usize> = BTreeMap::new();
    for table in tables {
        let at = merged.iter().position(|m| agree(m, table)).unwrap_or_else(|| {
            merged.push(BTreeMap::new());
            merged.len() - 1
        });
        merged[at].extend(table.iter().map(|(v, n)| (*v, n.clone())));
        home.insert(table, at);
    }
    let without_table = merged.len();
    let mut which = Vec::with_capacity(files.len());
    let mut old_names: Vec<BTreeMap<u32, String>> = merged;
    if files.iter().any(|f| f.table.is_none()) {
        old_names.push(BTreeMap::new());
    }
    for file in files {
        let at = file.table.as_ref().and_then(|t| home.get(t)).copied().unwrap_or(without_table);
        for value in &file.values {
            old_names[at].entry(*value).or_insert_with(|| format!("label_{value}"));
        }
        which.push(at);
    }
    (old_names.into_iter().map(|names| numbered(&names)).collect(), which)
}

fn agree(a: &BTreeMap<u32, String>, b: &BTreeMap<u32, String>) -> bool {
    let values = b.iter().all(|(value, name)| a.get(value).is_none_or(|n| n == name));
    let names: BTreeMap<&str, u32> = a.iter().map(|(v, n)| (n.as_str(), *v)).collect();
    values && b.iter().all(|(value, name)| names.get(name.as_str()).is_none_or(|v| v == value))
}

fn numbered(old: &BTreeMap<u32, String>) -> Scheme {
    let consecutive = old.keys().enumerate().all(|(n, v)| *v as usize == n + 1);
    let mut taken = BTreeSet::new();
    let mut names = BTreeMap::new();
    for (n, (value, name)) in old.iter().enumerate() {
        let new = n as u32 + 1;
        // a data set's table maps names to values, so a name may stand only once
        let name = if taken.insert(name.clone()) { name.clone() } else { format!("{name}_{value}") };
        taken.insert(name.clone());
        names.insert(new, name);
    }
    let renumbered =
        if consecutive { BTreeMap::new() } else { old.keys().enumerate().map(|(n, v)| (*v, n as u32 + 1)).collect() };
    Scheme { names, renumbered }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(u32, &str)]) -> Option<BTreeMap<u32, String>> {
        Some(rows.iter().map(|(v, n)| (*v, (*n).to_owned())).collect())
    }

    #[test]
    fn consecutive_tables_keep_their_numbers() {
        let file = LabelFacts { table: table(&[(1, "liver"), (2, "spleen")]), values: [2].into() };
        let (schemes, which) = schemes(&[file]);
        assert!(schemes[which[0]].renumbered.is_empty());
        assert_eq!(schemes[0].names[&2], "spleen");
    }

    #[test]
    fn parts_of_one_table_are_one_scheme_whatever_the_order() {
        let a = LabelFacts { table: table(&[(1, "liver")]), values: [1].into() };
        let b = LabelFacts { table: table(&[(2, "spleen")]), values: [2].into() };
        let (forward, at) = schemes(&[a.clone(), b.clone()]);
        assert_eq!((forward.len(), at), (1, vec![0, 0]));
        assert_eq!(schemes(&[b, a]).0, forward);
    }

    #[test]
    fn gaps_are_closed_over_all_files_alike() {
        let a = LabelFacts { table: None, values: [5, 9].into() };
        let b = LabelFacts { table: None, values: [7].into() };
        let (schemes, which) = schemes(&[a, b]);
        assert_eq!(which, [0, 0]);
        assert_eq!(schemes[0].renumbered, BTreeMap::from([(5, 1), (7, 2), (9, 3)]));
    }

    #[test]
    fn contradicting_tables_stay_apart() {
        let a = LabelFacts { table: table(&[(1, "liver")]), values: [1].into() };
        let b = LabelFacts { table: table(&[(1, "spleen")]), values: [1].into() };
        assert_eq!(schemes(&[a, b]).0.len(), 2);
    }
}
