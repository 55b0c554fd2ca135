//! All that the making of an object looks at.

use std::cell::RefCell;

use isocenter_dcm::{Dataset, Element, Tag};
use isocenter_volume::DynVolume;

use super::{
    code::Code, error::Error, grid::Grid, kind::Kind, pixels::Pixels, put, source::Source, steps::Steps, uids::Seeded,
    warning::Warning,
};

/// What the caller may say beside kind and source.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    pub(super) series_number: Option<u32>,
    pub(super) series_description: Option<String>,
    pub(super) derivation: Option<String>,
    pub(super) content: Option<[String; 2]>,
    pub(super) quantity: Option<Code>,
    pub(super) unit: Option<Code>,
}

/// Volume, source and what was decided of them.
#[derive(Debug)]
pub(super) struct Job<'a> {
    pub(super) kind: Kind,
    pub(super) volume: &'a DynVolume,
    pub(super) source: &'a Source,
    pub(super) words: &'a Words,
    pub(super) grid: Grid,
    pub(super) steps: Steps<'a>,
    pub(super) pixels: Pixels,
    /// For each plane as written, the instance of the reference that lies there.
    pub(super) pairs: Option<Vec<usize>>,
    pub(super) uids: Seeded<'a>,
    pub(super) warnings: RefCell<Vec<Warning>>,
}

/// A plane as written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Over all steps, in the order of writing.
    pub(super) number: usize,
    pub(super) step: usize,
    /// Within the step, in the order of writing.
    pub(super) slice: usize,
    /// Of the volume's planes over all steps.
    pub(super) plane: usize,
    /// The instance of the reference that lies there.
    pub(super) instance: Option<usize>,
}

impl<'a> Job<'a> {
    /// All planes in the order of writing: steps, and slices within each.
    pub(super) fn places(&self) -> impl Iterator<Item = Place> + '_ {
        (0..self.grid.slices * self.steps.len()).map(|number| self.place(number))
    }

    pub(super) fn place(&self, number: usize) -> Place {
        let (step, slice) = (number / self.grid.slices, number % self.grid.slices);
        let plane = step * self.grid.slices + self.grid.slice(slice);
        let instance = self.pairs.as_ref().and_then(|pairs| pairs.get(number).copied());
        Place { number, step, slice, plane, instance }
    }

    pub(super) fn warn(&self, warning: Warning) {
        let mut warnings = self.warnings.borrow_mut();
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }

    /// The source's element of a tag, for a plane or for all.
    pub(super) fn get(&self, tag: Tag, place: Option<Place>) -> Option<&'a Element> {
        self.source.get(tag, place.and_then(|place| place.instance))
    }

    /// Takes attributes of the source over, where the object has none yet.
    pub(super) fn carry(&self, ds: &mut Dataset, list: &[Tag], place: Option<Place>) {
        for &tag in list {
            if ds.get(tag).is_none()
                && let Some(element) = self.get(tag, place)
            {
                ds.put(element.clone());
            }
        }
    }

    /// As [`Job::carry`]; what the source lacks is there without a value.
    pub(super) fn carry_or_empty(&self, ds: &mut Dataset, list: &[Tag], place: Option<Place>) {
        self.carry(ds, list, place);
        for &tag in list {
            if ds.get(tag).is_none() {
                put::empty(ds, tag);
            }
        }
    }

    /// As [`Job::carry`]; what the source lacks is an error.
    pub(super) fn carry_or_fail(&self, ds: &mut Dataset, list: &[Tag], place: Option<Place>) -> Result<(), Error> {
        self.carry(ds, list, place);
        match list.iter().find(|tag| ds.get(**tag).is_none()) {
            Some(&tag) => Err(Error::Missing { kind: self.kind, tag }),
            None => Ok(()),
        }
    }

    /// As [`Job::carry`]; what the source lacks has a value that nobody stated, and a warning says so.
    pub(super) fn carry_or_assume(&self, ds: &mut Dataset, tag: Tag, assumed: &str, place: Option<Place>) {
        self.carry(ds, &[tag], place);
        if ds.get(tag).is_none() {
            put::text(ds, tag, assumed);
            self.warn(Warning::Assumed { tag });
        }
    }
}
