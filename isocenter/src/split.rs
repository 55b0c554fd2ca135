//! Which patient goes where: by patient, in the order of a keyed hash, so that the split neither leaks nor depends on the order
//! of files.

use std::collections::{BTreeMap, BTreeSet};

use isocenter_deid::Pseudonyms;
use serde::{Deserialize, Serialize};

use crate::recipe;

/// The part that a patient falls into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// For training, with the fold that validates it.
    Train,
    /// For the final test only.
    Test,
}

impl Part {
    /// `train` or `test`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Test => "test",
        }
    }
}

/// Part and fold of one patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Assignment {
    /// Train or test.
    pub part: Part,
    /// The fold whose validation part the patient is in; none for test.
    pub fold: Option<usize>,
}

/// Splits patients by their pseudonyms.
pub(crate) fn of_patients(
    patients: &BTreeSet<&str>,
    names: &Pseudonyms,
    recipe: &recipe::Split,
) -> BTreeMap<String, Assignment> {
    let ordered: Vec<_> = patients.iter().map(|p| ((*p).to_owned(), names.order("split", p))).collect();
    assign(&ordered, recipe)
}

/// Splits patients, given as (pseudonym, keyed order).
///
/// The patients are put in the order of their keyed hash; the first `test` share (rounded to nearest, at least one) is the test
/// part and the rest is dealt to the folds in turn. With fewer than five patients all are train, and there are no more folds than
/// patients.
pub fn assign(patients: &[(String, [u8; 32])], recipe: &recipe::Split) -> BTreeMap<String, Assignment> {
    let mut order: Vec<_> = patients.iter().map(|(name, hash)| (hash, name)).collect();
    order.sort();
    order.dedup();
    let n = order.len();
    let test =
        if n < 5 || recipe.test == 0.0 { 0 } else { ((n as f64 * recipe.test).round() as usize).clamp(1, n - 1) };
    let folds = recipe.folds.min(n - test).max(1);
    order
        .into_iter()
        .enumerate()
        .map(|(rank, (_, name))| {
            let assignment = if rank < test {
                Assignment { part: Part::Test, fold: None }
            } else {
                Assignment { part: Part::Train, fold: Some((rank - test) % folds) }
            };
            (name.clone(), assignment)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patients(n: u8) -> Vec<(String, [u8; 32])> {
        (0..n).map(|p| (format!("P{p}"), [p.wrapping_mul(97); 32])).collect()
    }

    #[test]
    fn ten_patients_give_eight_and_two_in_five_folds() {
        let split = assign(&patients(10), &recipe::Split::default());
        assert_eq!(split.values().filter(|a| a.part == Part::Test).count(), 2);
        for fold in 0..5 {
            assert!((1..=2).contains(&split.values().filter(|a| a.fold == Some(fold)).count()));
        }
    }

    #[test]
    fn fewer_than_five_all_train() {
        assert!(assign(&patients(4), &recipe::Split::default()).values().all(|a| a.part == Part::Train));
    }

    #[test]
    fn order_of_input_changes_nothing() {
        let mut reversed = patients(9);
        reversed.reverse();
        assert_eq!(assign(&patients(9), &recipe::Split::default()), assign(&reversed, &recipe::Split::default()));
    }
}
