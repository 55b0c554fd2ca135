//! Volumes to DICOM objects: classic and enhanced CT, MR and PET, legacy converted images, secondary captures, parametric maps.
//!
//! What the volume knows (grid, slow axes, scaling, samples, facts of the acquisition) goes into the object as it is; what it does not
//! know, whose it is above all, comes from a [`Source`]: the headers of a reference series, a [`Template`], or both. A value that the
//! object cannot do without and that nobody states is an error that names it, or, where the standard has a value for the unknown, that
//! value and a [`Warning`].
//!
//! *Places.* Every plane lies where the affine has it, in decimal strings that keep a nanometre. Slices go along the normal of their
//! planes: a left-handed volume is written from its last slice on, and no pixel is mirrored. Slices of a tilted gantry are shifted
//! against each other as classic images, each at its own place; an enhanced image or a map, which claims a regular volume, refuses
//! them. Rows and columns that are not at right angles have no place in DICOM.
//!
//! *Values.* Whole stored values that span no more than 16 bits are exact, with the volume's own scaling; others are rounded in the
//! smallest steps that 16 bits allow, and a warning has the largest error. A parametric map holds floats as they are.
//!
//! *Identity.* UIDs are derived by a key from volume, source and options ([`Uids`]), so that the same making gives the same objects.
//!
//! # Examples
//! ```
//! use isocenter_convert::to_dicom::{Kind, Source, Template, ToDicom};
//! use isocenter_volume::{Affine, Ctx, DynVolume, Frame, Geometry, Head};
//!
//! let grid = Geometry::new([3, 2, 4], Affine::from_spacing_origin([1.0, 1.0, 2.5], [0.0; 3]), Frame::Patient(None))?;
//! let volume = DynVolume::from_parts(Head::new(grid), vec![40i16; 24])?;
//! let template: Template = r#"{"PatientID": "P1", "PatientName": "One^Patient"}"#.parse()?;
//!
//! let (to_dicom, source) = (ToDicom::new(Kind::Ct), Source::of_template(template));
//! let objects = to_dicom.make(&volume, &source, &Ctx::default())?;
//! assert_eq!(objects.len(), 4);
//! assert_eq!(objects.instance(0)?.modality().as_deref(), Some("CT"));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod anatomy;
mod capture;
mod classic;
mod code;
mod common;
mod decimal;
mod enhanced;
mod error;
mod frames;
mod grammar;
mod grid;
mod job;
mod kind;
mod legacy;
mod lists;
mod map;
mod mr;
mod objects;
mod pairs;
mod pet;
mod pixels;
mod put;
mod source;
mod steps;
mod template;
mod uids;
mod warning;

use std::cell::RefCell;

use isocenter_dcm::VR;
use isocenter_volume::{Ctx, DynVolume};

pub use self::{
    code::{BadCode, Code},
    error::Error,
    kind::{Kind, UnknownKind},
    objects::Objects,
    source::Source,
    template::Template,
    uids::Uids,
    warning::Warning,
};
use self::{
    grid::Grid,
    job::{Job, Words},
    pixels::Pixels,
    steps::Steps,
};

/// What a volume is to become, and what is said of it.
#[derive(Clone, Debug)]
pub struct ToDicom {
    kind: Kind,
    uids: Uids,
    words: Words,
}

impl ToDicom {
    /// Objects of a kind; UIDs by the published key, all words from the source.
    pub fn new(kind: Kind) -> Self {
        Self { kind, uids: Uids::default(), words: Words::default() }
    }

    /// Sets where new UIDs come from.
    #[must_use]
    pub fn uids(mut self, uids: Uids) -> Self {
        self.uids = uids;
        self
    }

    /// Sets the Series Number; that of the reference plus 1000 where it is not set, and 1 without a reference.
    #[must_use]
    pub const fn series_number(mut self, number: u32) -> Self {
        self.words.series_number = Some(number);
        self
    }

    /// Sets the Series Description; that of the source where it is not set.
    #[must_use]
    pub fn series_description(mut self, text: impl Into<String>) -> Self {
        self.words.series_description = Some(text.into());
        self
    }

    /// Sets the Derivation Description: what was done to the source's images.
    #[must_use]
    pub fn derivation(mut self, text: impl Into<String>) -> Self {
        self.words.derivation = Some(text.into());
        self
    }

    /// Sets Content Date (`YYYYMMDD`) and Content Time (`HHMMSS`): when the content was made. Nothing here asks a clock, so that the same
    /// making gives the same bytes; where it is not set, it is the source's.
    #[must_use]
    pub fn made_at(mut self, date: impl Into<String>, time: impl Into<String>) -> Self {
        self.words.content = Some([date.into(), time.into()]);
        self
    }

    /// Sets what a parametric map is a map of.
    #[must_use]
    pub fn quantity(mut self, quantity: Code) -> Self {
        self.words.quantity = Some(quantity);
        self
    }

    /// Sets the unit of a parametric map, in UCUM; that of the volume's scaling where it is not set.
    #[must_use]
    pub fn unit(mut self, unit: Code) -> Self {
        self.words.unit = Some(unit);
        self
    }

    /// Decides how a volume becomes objects; each is made when it is asked for.
    ///
    /// # Errors
    /// [`Error`]: what the volume is not fit for, and what the source lacks.
    pub fn make<'a>(&'a self, volume: &'a DynVolume, source: &'a Source, ctx: &Ctx<'_>) -> Result<Objects<'a>, Error> {
        let kind = self.kind;
        self.check_words()?;
        if !kind.is_capture() && !volume.geometry().frame().is_patient() {
            return Err(Error::NoPatientFrame { kind });
        }
        let mut grid = Grid::of(volume.geometry())?;
        // pictures without a place stay in the order that the volume has them in
        grid.reversed &= volume.geometry().frame().is_patient();
        if kind.is_multi_frame() && !kind.is_legacy() && !kind.is_capture() && !grid.is_upright {
            return Err(Error::Sheared { kind, degrees: grid.shear_degrees });
        }
        let objects = if kind.is_multi_frame() { 1 } else { volume.head().planes() };
        if objects > i32::MAX as usize {
            return Err(Error::TooLarge { what: "objects", asked: objects as u64, limit: i32::MAX as u64 });
        }
        self.uids.check(objects)?;
        let steps = Steps::of(volume.head(), kind);
        let (pixels, mut warnings) = Pixels::of(volume, kind, ctx)?;
        let pairs = pairs::pairs(&grid, &steps, source.instances());
        if kind.is_legacy() && pairs.is_none() {
            return Err(match source.instances().is_empty() {
                true => Error::Reference { what: "a legacy converted image is made from one, and there is none" },
                false => Error::Unpaired { plane: 0 },
            });
        }
        if grid.reversed {
            warnings.push(Warning::SlicesReversed);
        }
        warnings.extend(source.dropped().map(|tag| Warning::Dropped { tag }));
        let datasets: Vec<_> = source.instances().iter().chain([source.template().dataset()]).collect();
        let words = format!("{:?}", self.words);
        let seed = uids::seed(volume, &datasets, &[kind.name(), &words])?;
        Objects::of(Job {
            kind,
            volume,
            source,
            words: &self.words,
            grid,
            steps,
            pixels,
            pairs,
            uids: self.uids.seeded(seed),
            warnings: RefCell::new(warnings),
        })
    }

    fn check_words(&self) -> Result<(), Error> {
        let words = &self.words;
        let fits = |vr: VR, text: &Option<String>| text.as_ref().is_none_or(|text| grammar::is_value(vr, text));
        if !fits(VR::LO, &words.series_description) {
            return Err(Error::Option { what: "a series description has 64 characters at most, of one line" });
        }
        if !fits(VR::ST, &words.derivation) {
            return Err(Error::Option { what: "a derivation description has 1024 characters at most" });
        }
        let is_moment = |[date, time]: &[String; 2]| {
            grammar::is_value(VR::DA, date) && grammar::is_value(VR::TM, time) && !date.is_empty() && !time.is_empty()
        };
        match &words.content {
            Some(content) if !is_moment(content) => Err(Error::Option { what: "a date is YYYYMMDD and a time HHMMSS" }),
            _ => Ok(()),
        }
    }
}
