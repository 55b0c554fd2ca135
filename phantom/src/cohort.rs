//! A cohort: several people with studies in several makers' ways, good files among bad ones.
//!
//! [`Cohort::demo`] is what `isocenter demo` prepares: four people with head studies (T1, T2, FLAIR and CT, each at a pose of
//! its own) and two with CT and PET of the trunk, label maps of some series, and a known number of files that a careful tool
//! keeps out. [`Cohort::write`] writes it as a messy folder and returns the [`Truth`].

mod demo;
mod faults;
mod writer;

use std::path::Path;

use isocenter_volume::{Affine, Ctx};

use crate::{
    Body, Contrast, Error, Head, Truth,
    dicom::{person::Study, vendor::Vendor},
    grid::Grid,
};

/// What is to be written.
#[derive(Clone, Debug)]
pub struct Cohort {
    seed: u64,
    patients: Vec<PatientPlan>,
}

/// One person and one visit.
#[derive(Clone, Debug)]
struct PatientPlan {
    study: Study,
    /// Folder below the cohort's; may name the patient, as folders in hospitals do.
    folder: String,
    subject: Subject,
    vendor: Vendor,
    series: Vec<SeriesPlan>,
    faults: Vec<Fault>,
}

/// Who or what is scanned.
#[derive(Clone, Debug)]
enum Subject {
    Head(Box<Head>),
    Body(Box<Body>),
}

/// One series of a visit.
#[derive(Clone, Debug)]
struct SeriesPlan {
    contrast: Contrast,
    grid: Grid,
    pose: Affine,
    number: u32,
    description: &'static str,
    enhanced: bool,
    order: Order,
    /// Folder below the patient's; empty for the patient's own.
    folder: &'static str,
    /// Orientation and name of the label map to write, if one.
    labels: Option<(&'static str, &'static str)>,
}

/// How files and instance numbers follow the planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Ascending,
    Descending,
    Shuffled,
}

/// What goes wrong, or looks as if.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// Three planning images across each other; nothing is wrong with them.
    Localizer,
    /// A byte-for-byte copy of an image under another name.
    Copy,
    /// The same image in another transfer syntax.
    Reencoded,
    /// A file that ends in the middle of the pixels.
    Truncated,
    /// A file of no bytes.
    Empty,
    /// A text called `.dcm`.
    Text,
    /// Two files of one SOP Instance UID and unequal pixels.
    Contradictory,
    /// A series without one of its planes.
    MissingSlice,
    /// A screen save with the patient's name in the pixels.
    BurnedIn,
}

impl Cohort {
    /// The demo: six people, about 1260 files, 69 MB.
    pub fn demo(seed: u64) -> Self {
        Self { seed, patients: demo::patients(seed) }
    }

    /// The first `n` people only.
    #[must_use]
    pub fn first(mut self, n: usize) -> Self {
        self.patients.truncate(n);
        self
    }

    /// Writes the files below a folder, which is made where it is missing, and returns the truth. The truth is never written
    /// into the folder: [`Truth::write_json`] puts it where the caller says. The same seed gives the same bytes for any number
    /// of threads. Progress counts series.
    ///
    /// # Errors
    /// [`Error::Cancelled`] where the observer asks to stop, [`Error::Io`], and what rendering and encoding may give.
    pub fn write(&self, dir: &Path, ctx: &Ctx<'_>) -> Result<Truth, Error> {
        writer::write(self, dir, ctx)
    }
}
