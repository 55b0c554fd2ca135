//! What is known of a volume beside its samples: a JSON sidecar, keys as BIDS and dcm2niix have them.
//!
//! A value comes from the header of the volume's first image, the one with the smallest instance number; of a few (the frames of a PET)
//! from the first image of every volume. Text is what the character set of the file says it is, in UTF-8; times are seconds, angles
//! degrees, fields tesla; a number that is not finite is never written. The order of keys is that of [`KEYS`], so the same files give
//! the same text.
//!
//! What may identify a patient is left out unless [`Identity::Keep`] asks for it: every value whose element the Basic Profile of
//! PS3.15 (table E.1-1) removes, replaces or cleans, descriptions and dates too, and texts of private elements, which nobody
//! has promised to hold no name. Numbers and defined words of private elements stay. A key that is not in [`KEYS`] is taken to identify.
//!
//! # Examples
//! ```no_run
//! use isocenter_convert::{Facts, Options, plan::plan, sidecar::{Sidecar, SidecarOptions}};
//! use isocenter_dcm::scan::scan_with;
//! use isocenter_volume::Ctx;
//!
//! let files = scan_with(&["study"], &Facts::scan_options(), &Ctx::default(), &|file| Facts::of(&file))?;
//! let options = Options::default();
//! for series in &plan(&files, &options)?.series {
//!     println!("{}", Sidecar::of(series, &files, &SidecarOptions::default(), &options)?);
//! }
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod asl;
mod clock;
mod ct;
mod equipment;
mod grammar;
mod guess;
mod header;
mod image;
mod key;
mod matrix;
mod mr;
mod number;
mod out;
mod pet;
mod sequence;
mod siemens;
mod subject;
mod vendors;

use std::{cmp::Ordering, fmt};

use isocenter_dcm::{Instance, series_kind::SeriesKind};
pub use key::{Class, KEYS, Key};
/// The type of a value.
pub use serde_json::Value;

use crate::{Error, Facts, Options, SeriesPlan, plan::FrameRef, timing};
use out::Out;
use siemens::{Bytes, Siemens};
use subject::Subject;

/// Whether what may identify a patient is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Identity {
    /// It is left out.
    #[default]
    Drop,
    /// Descriptions of the series and the study are written, which may name a patient though they should not; all else is left out.
    Descriptions,
    /// It is written, as `dcm2niix -ba n` does.
    Keep,
}

/// How a sidecar is made.
///
/// ```
/// use isocenter_convert::sidecar::{Identity, SidecarOptions};
/// let options = SidecarOptions::default().identity(Identity::Keep);
/// ```
#[derive(Clone, Debug, Default)]
pub struct SidecarOptions {
    identity: Identity,
}

impl SidecarOptions {
    /// Sets whether what may identify a patient is written. [`Identity::Drop`] by default.
    #[must_use]
    pub const fn identity(mut self, identity: Identity) -> Self {
        self.identity = identity;
        self
    }
}

/// Keys and values of one volume, each key once, in the order of [`KEYS`].
#[derive(Clone, PartialEq)]
pub struct Sidecar {
    entries: Vec<(String, Value)>,
}

impl Sidecar {
    /// The sidecar of a planned volume; `files` are those that the plan was made from.
    ///
    /// The headers it needs are opened, wherever they lie; their pixels stay where they are.
    ///
    /// # Errors
    /// [`Error::Dicom`] for a file that cannot be opened, [`Error::OtherFiles`], [`Error::Cancelled`].
    pub fn of(
        series: &SeriesPlan,
        files: &[Facts],
        options: &SidecarOptions,
        open: &Options<'_>,
    ) -> Result<Self, Error> {
        let stage = open.ctx.stage("sidecar", 0);
        stage.check()?;
        let (lead, instance) = lead_header(series, files, open)?;
        let subject = Subject::new(&instance.dataset, lead, series, files, open);
        let header = &subject.header;
        let bytes = Bytes::of(header);
        let protocol = Siemens::new(&bytes);

        let mut out = Out::new(options.identity);
        equipment::write(header, &mut out);
        image::write(&subject, &mut out);
        match header.modality.as_deref() {
            Some("CT") => {
                ct::write(header, &mut out);
                sequence::write(&subject, &mut out);
            }
            Some("PT") => pet::write(&subject, &open.open(), &stage, &mut out)?,
            // a file that has lost its modality is treated as what most files are
            Some("MR") | None => {
                mr::write(&subject, &mut out);
                sequence::write(&subject, &mut out);
                siemens::write(&subject, &protocol, &mut out);
                vendors::write(&subject, &mut out);
                asl::write(&subject, &protocol, &mut out);
                matrix::write(header, &mut out);
            }
            Some(_) => {}
        }
        // before the keys below, which look at some of it
        for (key, value) in timing::entries(series, files, open)? {
            if let Some(value) = number::tidy(value) {
                out.put(key, value);
            }
        }
        sequence::kind(header, &mut out);
        guess::write(&subject, &protocol, &mut out);
        provenance(series, &mut out);
        Ok(Self { entries: out.finish() })
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|(found, _)| found == key).map(|(_, value)| value)
    }

    /// Sets a value, in place of one that is there; a new key comes last.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        let (key, value) = (key.into(), value.into());
        match self.entries.iter_mut().find(|(found, _)| *found == key) {
            Some((_, old)) => *old = value,
            None => self.entries.push((key, value)),
        }
    }

    /// Keys and values, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.iter().map(|(key, value)| (key.as_str(), value))
    }
}

/// The text: one object, a key a line, indented by a tab; always valid JSON.
impl fmt::Display for Sidecar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (number, (key, value)) in self.entries.iter().enumerate() {
            let mark = if number == 0 { "" } else { "," };
            // a text is written as JSON by the same rules as a value
            write!(f, "{mark}\n\t{}: {value}", Value::from(key.as_str()))?;
        }
        f.write_str("\n}\n")
    }
}

/// Values may be a patient's: only their number is shown.
impl fmt::Debug for Sidecar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sidecar").field("keys", &self.entries.len()).finish_non_exhaustive()
    }
}

impl SeriesPlan {
    /// What kind of series the volume is of, by the rule of [`isocenter_dcm::series_kind`]; `files` are those that the plan was made from.
    ///
    /// One header is opened, as a sidecar does; what makers keep in private elements counts.
    ///
    /// # Errors
    /// [`Error::Dicom`] for a file that cannot be opened, [`Error::OtherFiles`].
    pub fn kind(&self, files: &[Facts], open: &Options<'_>) -> Result<SeriesKind, Error> {
        let (lead, instance) = lead_header(self, files, open)?;
        let subject = Subject::new(&instance.dataset, lead, self, files, open);
        let bytes = Bytes::of(&subject.header);
        Ok(SeriesKind::of(&guess::facts::of(&subject, &Siemens::new(&bytes))))
    }
}

/// The header that speaks for the volume, and which of its frames does.
fn lead_header(series: &SeriesPlan, files: &[Facts], open: &Options<'_>) -> Result<(FrameRef, Instance), Error> {
    series.check(files)?;
    let lead = lead(series, files).ok_or(Error::OtherFiles)?;
    let place = files.get(lead.file).ok_or(Error::OtherFiles)?.place();
    let header = place.open_header(&open.open()).map_err(|source| Error::Dicom { file: lead.file, source })?;
    Ok((lead, header))
}

/// The frame that speaks for the volume: that of the smallest instance number, or the first in its file.
fn lead(series: &SeriesPlan, files: &[Facts]) -> Option<FrameRef> {
    let number = |frame: &FrameRef| {
        let image = files.get(frame.file)?.image().ok()?;
        image.frames.get(frame.frame)?.order.instance_number
    };
    series.frames.iter().copied().reduce(|a, b| {
        let by_number = match (number(&a), number(&b)) {
            (Some(x), Some(y)) => x.total_cmp(&y),
            _ => Ordering::Equal,
        };
        let by_frame = if a.file == b.file { a.frame.cmp(&b.frame) } else { Ordering::Equal };
        if by_number.then(by_frame).is_gt() { b } else { a }
    })
}

/// Who made it from how much, and what was decided on the way.
fn provenance(series: &SeriesPlan, out: &mut Out) {
    out.put("ConversionSoftware", "isocenter");
    out.put("ConversionSoftwareVersion", env!("CARGO_PKG_VERSION"));
    out.put("ConversionFiles", series.files.len());
    out.put("ConversionFrames", series.frames.len());
    let warnings: Vec<&str> = series.warnings.iter().map(crate::Warning::code).collect();
    out.put("ConversionWarnings", warnings);
}
