//! Scripts of other de-identifiers, read and run as [`Rules`].
//!
//! | [`Format`] | what is read |
//! |---|---|
//! | `ctp` | scripts of CTP's DicomAnonymizer, XML and the older properties |
//! | `ctp-filter` | scripts of CTP's DicomFilter: which instances pass; the Basic Profile does the rest |
//! | `rsna` | the script of RSNA's Anonymizer: what it does not name goes |
//! | `deid` | recipes of pydicom's deid |
//! | `orthanc` | the JSON of Orthanc's `/anonymize` |
//! | `google` | DicomConfig and DicomTagConfig of Google's Healthcare API |
//! | `microsoft` | configuration.json of Microsoft's DICOM anonymizer |
//!
//! What cannot be honoured is an [`Error`] that names the place and the function; nothing is passed over in silence. What means less here than there is
//! told by [`Script::remarks`].
//!
//! Whatever a script says, the walk does what it does for every set of [rules](crate::rules): a meta group and a preamble of our own, encapsulated documents
//! replaced, bits and comments beside the samples cleared, bytes that nobody can read removed, groups 0000 to 0007 and group lengths gone, all text in
//! UTF-8. Ids and markers are as the script sets them, but that an instance always has a UID. What a script does not name, and so keeps, is searched for
//! what it takes away elsewhere, and for persons' names; what it [names to be kept](crate::rules::Decision::Leave) is not.
//!
//! Where a script hashes, the value is a keyed pseudonym ([`Pseudonyms`](crate::Pseudonyms)): the same original gives the same value in every run under one key. The values of the
//! original program, made without a key and open to anyone who tries all originals, are made with [`Compat`] alone; [`Script::is_insecure`] tells.
//!
//! # Examples
//! ```
//! use isocenter_deid::{Ctx, Deidentifier, Key, Script, scripts::Settings};
//! use isocenter_dcm::{Dataset, FileMeta, Instance, VR, dicom_core::DataElement, tags, value};
//!
//! let script = Script::read(r#"<script>
//!     <e en="T" t="00100010" n="PatientName">@hashptid(site,PatientID,8)</e>
//!     <e en="T" t="00101010" n="PatientAge">@round(this,5)</e>
//!     <r en="T" t="unspecifiedelements"/>
//! </script>"#, None, &Settings::default())?;
//! let mut dataset = Dataset::new_empty();
//! dataset.put(DataElement::new(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2"));
//! dataset.put(DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3.4"));
//! dataset.put(DataElement::new(tags::PATIENT_NAME, VR::PN, "Doe^Jane"));
//! dataset.put(DataElement::new(tags::PATIENT_ID, VR::LO, "MRN1"));
//! dataset.put(DataElement::new(tags::PATIENT_AGE, VR::AS, "043Y"));
//! let mut instance = Instance::new(FileMeta::default(), dataset);
//! Deidentifier::of_script(&script, &Key::demo()).apply(&mut instance, "MRN1", &Ctx::default())?;
//! assert_eq!(value::string(&instance.dataset, tags::PATIENT_AGE).as_deref(), Some("045Y"));
//! assert_eq!(value::string(&instance.dataset, tags::PATIENT_NAME).map(|name| name.len()), Some(8));
//! assert!(instance.dataset.get(tags::PATIENT_ID).is_none());
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod compat;
mod ctp;
mod error;
mod format;
mod google;
mod json;
mod lookup;
mod microsoft;
mod names;
mod orthanc;
mod plan;
mod recipe;
mod rsna;
mod scope;
mod selector;
mod settings;
mod values;
mod xml;

use std::sync::Arc;

use dicom_core::Tag;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::{StandardDataDictionary, tags};

use crate::known::Kind;
use crate::pixels::Cleaning;
use crate::profile::{Profile, ProfileOption};
use crate::rules::Rules;

pub use compat::Compat;
pub use error::Error;
pub use format::Format;
pub use lookup::Lookup;
pub(crate) use names::tag_of;
pub use settings::Settings;

/// A script that was read.
#[derive(Clone, Debug)]
pub struct Script {
    format: Format,
    rules: Arc<dyn Dialect>,
    profile: Profile,
    cleaning: Option<Cleaning>,
    remarks: Vec<String>,
    insecure: bool,
}

/// Whether a value gets out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum LetOut {
    /// It does not.
    No,
    /// It stays because no line names it.
    Unnamed,
    /// A line says so.
    Named,
}

/// What a format is read into.
trait Dialect: Rules {
    /// Whether values of an attribute of the standard get out: kept as they are, or put openly into another.
    fn lets_out(&self, tag: Tag) -> LetOut;

    /// Whether private elements stay.
    fn lets_out_private(&self) -> bool;

    /// The same as rules.
    fn as_rules(self: Arc<Self>) -> Arc<dyn Rules>;
}

/// What a reader of a format gives.
struct Parts {
    rules: Arc<dyn Dialect>,
    profile: Profile,
    cleaning: Option<Cleaning>,
    remarks: Vec<String>,
    insecure: bool,
}

impl Parts {
    /// Rules that stand for themselves: no profile's codes, no pixels.
    fn of(rules: Arc<dyn Dialect>) -> Self {
        Self { rules, profile: Profile::basic(), cleaning: None, remarks: Vec::new(), insecure: false }
    }
}

impl Script {
    /// Reads a script; of what format it is, its content tells where `format` is `None`.
    ///
    /// # Errors
    /// [`Error::Unrecognized`]; [`Error::Malformed`] for what cannot be read, [`Error::Unsupported`] for what cannot be honoured, [`Error::Missing`] where the
    /// script needs a table, a variable or a parameter that `settings` do not give.
    pub fn read(text: &str, format: Option<Format>, settings: &Settings) -> Result<Self, Error> {
        let text = text.trim_start_matches('\u{feff}');
        let format = format.or_else(|| Format::of(text)).ok_or(Error::Unrecognized)?;
        match (settings.compat, format) {
            (None, _) | (Some(Compat::CtpMd5), Format::Ctp) | (Some(Compat::RsnaMd5), Format::Rsna) => {}
            (Some(compat), _) => {
                let why = "the script is of another program, which makes no such hashes";
                return Err(Error::unsupported("the settings", compat.name(), why));
            }
        }
        let parts = match format {
            Format::Ctp => ctp::read(text, settings)?,
            Format::CtpFilter => ctp::filter::read(text)?,
            Format::Rsna => rsna::read(text, settings)?,
            Format::Deid => recipe::read(text, settings)?,
            Format::Orthanc => orthanc::read(text)?,
            Format::Google => google::read(text)?,
            Format::Microsoft => microsoft::read(text, settings)?,
        };
        let Parts { rules, profile, cleaning, remarks, insecure } = parts;
        Ok(Self { format, rules, profile, cleaning, remarks, insecure })
    }

    /// Of what format it is.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The rules.
    pub fn rules(&self) -> Arc<dyn Rules> {
        Arc::clone(&self.rules).as_rules()
    }

    /// The profile for what no rule says: whether pixels are cleaned and how dates in cleaned text are treated.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// How pixels are to be cleaned, where the script says anything of them.
    pub fn cleaning(&self) -> Option<Cleaning> {
        self.cleaning.clone()
    }

    /// Whether all text in the pixels is looked for and blanked; a recipe of deid names rectangles alone.
    pub fn searches_pixels(&self) -> bool {
        self.profile.has(ProfileOption::CleanPixelData) && self.format != Format::Deid
    }

    /// What means less, or something else, here than in the program it was written for.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// Whether it makes pseudonyms without a key, which anyone can find out by trying: with [`Compat`], where the script hashes.
    pub fn is_insecure(&self) -> bool {
        self.insecure
    }

    /// Whether the script lets out what was gathered from an attribute, by its keyword or its digits. Persons' names have to be named by a line.
    pub(crate) fn lets_out(&self, source: &str, kind: Kind) -> bool {
        let found = match StandardDataDictionary.by_name(source).map(DataDictionaryEntry::tag) {
            Some(tag) => self.rules.lets_out(tag),
            None => match tag_of(source).is_some_and(|tag| tag.group() % 2 == 1) && self.rules.lets_out_private() {
                true => LetOut::Unnamed,
                false => LetOut::No,
            },
        };
        match kind {
            Kind::Name => found == LetOut::Named,
            _ => found != LetOut::No,
        }
    }
}

/// Ids and markers that rules may write themselves.
const IDS_AND_MARKERS: [Tag; 7] = [
    tags::SOP_INSTANCE_UID,
    tags::PATIENT_NAME,
    tags::PATIENT_ID,
    tags::PATIENT_IDENTITY_REMOVED,
    tags::DEIDENTIFICATION_METHOD,
    tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
    tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED,
];
