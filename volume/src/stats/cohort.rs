//! Summaries over many items that do not depend on who computed which part when.

use std::collections::BTreeMap;

use crate::Error;

/// A summary to which another can be added.
pub trait Merge {
    /// Adds `other` to `self`.
    ///
    /// # Errors
    /// [`Error::GridMismatch`] for summaries that do not fit together, such as histograms of other bins.
    fn merge(&mut self, other: &Self) -> Result<(), Error>;
}

/// The part of every item, by id. Adding f64 sums in another order gives other bits; [`Cohort::finish`] therefore adds in the
/// order of ids, whatever the order of arrival.
///
/// # Examples
/// ```
/// use isocenter_volume::stats::{Cohort, Moments};
///
/// let (mut one, mut other) = (Cohort::new(), Cohort::new());
/// one.insert("b", Moments::of(&[3.0f32]));
/// other.insert("a", Moments::of(&[1.0f32, 2.0]));
/// one.extend(other);
/// assert_eq!(one.finish()?.map(|m| m.mean()), Some(2.0));
/// # Ok::<_, isocenter_volume::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Cohort<S> {
    parts: BTreeMap<String, S>,
}

impl<S> Default for Cohort<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Cohort<S> {
    /// A cohort of nobody.
    pub const fn new() -> Self {
        Self { parts: BTreeMap::new() }
    }

    /// Sets the part of an item; gives back the part it replaces.
    pub fn insert(&mut self, id: impl Into<String>, part: S) -> Option<S> {
        self.parts.insert(id.into(), part)
    }

    /// Takes over the parts of another cohort; an id that both have keeps the other's.
    pub fn extend(&mut self, other: Self) {
        self.parts.extend(other.parts);
    }

    /// The parts, in the order of ids.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &S)> {
        self.parts.iter().map(|(id, part)| (id.as_str(), part))
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

impl<S: Merge + Clone> Cohort<S> {
    /// The sum of all parts in the order of ids; `None` for a cohort of nobody.
    ///
    /// # Errors
    /// [`Error::GridMismatch`] for parts that do not fit together.
    pub fn finish(&self) -> Result<Option<S>, Error> {
        let mut parts = self.parts.values();
        let Some(first) = parts.next() else { return Ok(None) };
        let mut all = first.clone();
        parts.try_for_each(|part| all.merge(part))?;
        Ok(Some(all))
    }
}
