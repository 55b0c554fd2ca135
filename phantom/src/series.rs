//! One series of DICOM images from a volume of real values.
//!
//! The builder takes values on a grid and writes them as a scanner would: CT, MR or PET, one file a plane or one multi-frame
//! file, in the manner of a maker, with files and instance numbers in any order. The grid's affine becomes Image Position and
//! Orientation; plane `k` of the volume is the plane `k` of the series, whatever its file is called.

mod build;
mod store;

use std::path::PathBuf;

use isocenter_volume::{Geometry, Volume};

use crate::{
    Contrast,
    dicom::{
        instance::Syntax,
        person::{Person, Study},
        pet::Injection,
        uid::uid,
        vendor::Vendor,
    },
    truth::Planted,
};

pub(crate) use store::Stored;

/// What kind of scanner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Modality {
    /// Computed tomography; values are HU.
    Ct,
    /// Magnetic resonance; values are arbitrary units, 0 to 4095 times the maker's slope.
    Mr,
    /// Positron emission tomography; values are SUVbw, stored as Bq/ml.
    Pet,
}

impl Modality {
    /// Modality, (0008,0060).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ct => "CT",
            Self::Mr => "MR",
            Self::Pet => "PT",
        }
    }
}

/// A series in the making.
///
/// # Examples
/// ```
/// use isocenter_phantom::{Contrast, Head, grid::{Grid, Plane, pose}, series::{Modality, SeriesBuilder}};
///
/// let grid = Grid::new(Plane::Axial, [24, 32, 5], [8.0, 8.0, 9.0]).geometry()?;
/// let ct = Head::new(1).render(&grid, &pose([0.0; 3], [0.0; 3]), Contrast::Ct, 1)?;
/// let folder = tempfile::tempdir().unwrap();
/// let written = SeriesBuilder::new(Modality::Ct, ct).reverse().missing_slice(2).write(folder.path())?;
/// assert_eq!(written.files.len(), 4);
/// # Ok::<_, isocenter_phantom::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SeriesBuilder {
    modality: Modality,
    contrast: Contrast,
    volume: Volume<f32>,
    vendor: Vendor,
    study: Study,
    number: u32,
    uid: Option<String>,
    frame_uid: Option<String>,
    description: Option<String>,
    body_part: &'static str,
    tilt_deg: Option<f64>,
    missing: Vec<usize>,
    enhanced: bool,
    localizer: bool,
    syntax: Option<Syntax>,
    instance_numbers: Option<Vec<u32>>,
    file_numbers: Option<Vec<usize>>,
    seconds: Option<u32>,
    injection: Option<Injection>,
    plant: bool,
}

impl SeriesBuilder {
    /// A series of the volume's planes, one file each, in order, of an invented patient; `volume` holds real values: HU, MR units,
    /// SUVbw.
    pub fn new(modality: Modality, volume: Volume<f32>) -> Self {
        let contrast = match modality {
            Modality::Ct => Contrast::Ct,
            Modality::Mr => Contrast::T1,
            Modality::Pet => Contrast::Suv,
        };
        Self {
            modality,
            contrast,
            volume,
            vendor: Vendor::default(),
            study: Study::nth(0, Person::nth(0, 0), 0, "Phantom"),
            number: 1,
            uid: None,
            frame_uid: None,
            description: None,
            body_part: "HEAD",
            tilt_deg: None,
            missing: Vec::new(),
            enhanced: false,
            localizer: false,
            syntax: None,
            instance_numbers: None,
            file_numbers: None,
            seconds: None,
            injection: None,
            plant: true,
        }
    }

    /// Who was scanned, and when.
    #[must_use]
    pub fn study(mut self, study: Study) -> Self {
        self.study = study;
        self
    }

    /// In whose manner; decides the transfer syntax, too, unless [`SeriesBuilder::syntax`] does.
    #[must_use]
    pub const fn vendor(mut self, vendor: Vendor) -> Self {
        self.vendor = vendor;
        self
    }

    /// The sequence of an MR: T1, T2 or FLAIR.
    #[must_use]
    pub const fn contrast(mut self, contrast: Contrast) -> Self {
        self.contrast = contrast;
        self
    }

    /// Series Number; also part of the names of files and of generated UIDs.
    #[must_use]
    pub const fn number(mut self, number: u32) -> Self {
        self.number = number;
        self
    }

    /// Series Instance UID; made from study and number without.
    #[must_use]
    pub fn uid(mut self, uid: impl Into<String>) -> Self {
        self.uid = Some(uid.into());
        self
    }

    /// Frame of Reference UID; the volume's without, or one made from study and modality.
    #[must_use]
    pub fn frame_uid(mut self, uid: impl Into<String>) -> Self {
        self.frame_uid = Some(uid.into());
        self
    }

    /// Series Description, (0008,103E).
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Body Part Examined, (0018,0015); `HEAD` without.
    #[must_use]
    pub const fn body_part(mut self, term: &'static str) -> Self {
        self.body_part = term;
        self
    }

    /// Gantry/Detector Tilt, (0018,1120), degrees, of a CT. Without, it is that of the grid ([`crate::grid::Grid::tilt_deg`]
    /// makes one); with, the header says this, whatever the grid is.
    #[must_use]
    pub const fn tilt_deg(mut self, angle: f64) -> Self {
        self.tilt_deg = Some(angle);
        self
    }

    /// Leaves out plane `k`; may be called for several.
    #[must_use]
    pub fn missing_slice(mut self, k: usize) -> Self {
        self.missing.push(k);
        self
    }

    /// Writes an MR as one enhanced multi-frame image.
    #[must_use]
    pub const fn enhanced(mut self, yes: bool) -> Self {
        self.enhanced = yes;
        self
    }

    /// Says in the image type that it is a localizer.
    #[must_use]
    pub const fn localizer(mut self, yes: bool) -> Self {
        self.localizer = yes;
        self
    }

    /// The transfer syntax, whatever the maker's is.
    #[must_use]
    pub const fn syntax(mut self, syntax: Syntax) -> Self {
        self.syntax = Some(syntax);
        self
    }

    /// Numbers the planes from the last to the first; in a multi-frame image the frames are stored so.
    #[must_use]
    pub fn reverse(mut self) -> Self {
        let planes = self.volume.shape()[2];
        self.instance_numbers = Some((1..=planes as u32).rev().collect());
        self
    }

    /// Instance numbers of the planes; [`SeriesBuilder::write`] wants one, each its own, for every plane.
    #[must_use]
    pub fn instance_numbers(mut self, numbers: Vec<u32>) -> Self {
        self.instance_numbers = Some(numbers);
        self
    }

    /// Numbers in the names of the planes' files; one, each its own, for every plane.
    #[must_use]
    pub fn file_numbers(mut self, numbers: Vec<usize>) -> Self {
        self.file_numbers = Some(numbers);
        self
    }

    /// When the series begins, seconds since midnight.
    #[must_use]
    pub const fn starts_at(mut self, seconds: u32) -> Self {
        self.seconds = Some(seconds);
        self
    }

    /// What was injected before a PET; an invented dose without. The series begins when the injection says.
    #[must_use]
    pub fn injection(mut self, injection: Injection) -> Self {
        self.injection = Some(injection);
        self
    }

    /// Whether identifiers stand in optional, private and nested elements, too (they do without).
    #[must_use]
    pub const fn plant(mut self, yes: bool) -> Self {
        self.plant = yes;
        self
    }

    /// Series Instance UID that will be written.
    pub fn series_uid(&self) -> String {
        self.uid.clone().unwrap_or_else(|| uid(self.study.stream, &["series", &self.number.to_string()]))
    }

    /// The grid of the volume.
    pub const fn geometry(&self) -> &Geometry {
        self.volume.geometry()
    }
}

/// What [`SeriesBuilder::write`] wrote.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WrittenSeries {
    /// Study Instance UID.
    pub study_uid: String,
    /// Series Instance UID.
    pub series_uid: String,
    /// What kind of scanner.
    pub modality: Modality,
    /// SOP Instance UIDs, by plane.
    pub sop_instance_uids: Vec<String>,
    /// The files, by plane.
    pub files: Vec<PathBuf>,
    /// Identifiers in the headers, and where.
    pub planted: Vec<Planted>,
    /// The grid, missing planes included.
    pub geometry: Geometry,
}
