//! Images of one study on one grid are the channels of one case.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use isocenter_volume::Geometry;

use crate::export::nnunet::Case;

/// Name, staged file, item id.
pub(super) type Channel = (String, PathBuf, String);

/// A case of one volume file, which may be a channel of a larger one.
pub(super) struct Single {
    pub(super) case: Case,
    pub(super) study: String,
    pub(super) grid: Geometry,
    /// Number of the channel, where channels are numbered.
    pub(super) number: Option<usize>,
    /// The file of its label map.
    pub(super) label: Option<usize>,
}

/// Joins the channels of each study that lie on one grid and share a label map, in the order of their numbers, else of their names.
/// Where two have one name they are repeats and no channels, and stay as they are.
pub(super) fn joined(singles: Vec<Single>) -> Vec<Case> {
    let mut groups: BTreeMap<String, Vec<Vec<Single>>> = BTreeMap::new();
    for single in singles {
        let of_study = groups.entry(single.study.clone()).or_default();
        let fits = |group: &&mut Vec<Single>| {
            group.first().is_some_and(|g| g.label == single.label && g.grid.agrees_with(&single.grid).is_ok())
        };
        match of_study.iter_mut().find(fits) {
            Some(group) => group.push(single),
            None => of_study.push(vec![single]),
        }
    }
    groups.into_values().flatten().flat_map(of_group).collect()
}

fn of_group(mut group: Vec<Single>) -> Vec<Case> {
    let names: BTreeSet<&str> = group.iter().flat_map(|s| &s.case.channels).map(|c| c.0.as_str()).collect();
    if names.len() < group.iter().map(|s| s.case.channels.len()).sum() {
        return group.into_iter().map(|s| s.case).collect();
    }
    let order = |s: &Single| (s.number.unwrap_or(usize::MAX), s.case.channels.first().map(|c| c.0.clone()));
    group.sort_by_key(order);
    let mut cases = group.into_iter().map(|s| s.case);
    let Some(mut first) = cases.next() else { return Vec::new() };
    first.channels.extend(cases.flat_map(|c| c.channels));
    vec![first]
}

/// Tells channels of one name apart by a number.
pub(super) fn number_repeats(channels: &mut [Channel]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (name, _, _) in channels {
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            *name = format!("{name}-{count}");
        }
    }
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame};

    use super::*;

    fn single(name: &str, study: &str, at_mm: f64, number: Option<usize>) -> Single {
        let affine = Affine::from_spacing_origin([1.0; 3], [at_mm, 0.0, 0.0]);
        Single {
            case: Case {
                name: format!("item-{name}"),
                patient: "P".to_owned(),
                channels: vec![(name.to_owned(), name.into(), format!("item-{name}"))],
                label: None,
            },
            study: study.to_owned(),
            grid: Geometry::new([4, 4, 4], affine, Frame::Patient(None)).unwrap(),
            number,
            label: None,
        }
    }

    fn names(cases: &[Case]) -> Vec<Vec<&str>> {
        cases.iter().map(|c| c.channels.iter().map(|c| c.0.as_str()).collect()).collect()
    }

    #[test]
    fn channels_of_one_grid_are_one_case_in_a_fixed_order() {
        let cases =
            joined(vec![single("T2", "a", 0.0, None), single("FLAIR", "a", 0.0, None), single("T1", "b", 0.0, None)]);
        assert_eq!(names(&cases), [vec!["FLAIR", "T2"], vec!["T1"]]);
        let cases = joined(vec![single("A", "a", 0.0, Some(1)), single("B", "a", 0.0, Some(0))]);
        assert_eq!(names(&cases), [vec!["B", "A"]]);
    }

    #[test]
    fn other_grids_and_repeats_stay_apart() {
        assert_eq!(joined(vec![single("T1", "a", 0.0, None), single("T2", "a", 3.0, None)]).len(), 2);
        assert_eq!(joined(vec![single("T1", "a", 0.0, None), single("T1", "a", 0.0, None)]).len(), 2);
    }
}
