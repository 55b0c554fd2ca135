//! Who was seen where.

use std::collections::BTreeMap;

use crate::{Error, harmonize::Covariates};

/// For every visit its site, its subject and its covariates.
#[derive(Clone, Debug, PartialEq)]
pub struct Visits {
    sites: Vec<String>,
    subjects: Vec<String>,
    covariates: Covariates,
}

impl Visits {
    /// Joins what is known of every visit, in the order of the table.
    ///
    /// # Errors
    /// [`Error::Length`] unless there is one of each for every visit.
    pub fn new<S: AsRef<str>, T: AsRef<str>>(
        sites: &[S],
        subjects: &[T],
        covariates: Covariates,
    ) -> Result<Self, Error> {
        let wanted = covariates.samples();
        for (what, found) in [("the list of sites", sites.len()), ("the list of subjects", subjects.len())] {
            if found != wanted {
                return Err(Error::Length { what, wanted, found });
            }
        }
        let sites = sites.iter().map(|s| s.as_ref().to_owned()).collect();
        let subjects = subjects.iter().map(|s| s.as_ref().to_owned()).collect();
        Ok(Self { sites, subjects, covariates })
    }

    /// Number of visits.
    pub const fn len(&self) -> usize {
        self.covariates.samples()
    }

    /// Whether there is no visit.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn sites(&self) -> &[String] {
        &self.sites
    }

    pub(super) const fn covariates(&self) -> &Covariates {
        &self.covariates
    }
}

/// The visits of each subject, in the order of subjects' names.
pub(super) struct Groups(Vec<Vec<usize>>);

impl Groups {
    pub(super) fn of(visits: &Visits) -> Self {
        let mut own: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (j, subject) in visits.subjects.iter().enumerate() {
            own.entry(subject).or_default().push(j);
        }
        Self(own.into_values().collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[usize]> {
        self.0.iter().map(Vec::as_slice)
    }
}
