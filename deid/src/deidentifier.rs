//! The profile applied to one instance.

mod content;
mod document;
mod face;
mod finish;
mod lazy;
mod overlay;
mod payload;
mod private;
#[cfg(not(feature = "encrypted-attributes"))]
mod sealing;
mod text;
pub(crate) mod walk;

use std::sync::Arc;

use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, Instance, Lazy, ReadAt, value};
use isocenter_files::Key;
use isocenter_volume::Ctx;

pub use self::lazy::Deidentified;
#[cfg(not(feature = "encrypted-attributes"))]
use self::sealing::Sealing;
use crate::audit::Audit;
use crate::cleaner::{Cleaner, Dates};
#[cfg(feature = "encrypted-attributes")]
use crate::encrypted::{Originals, Recipient, Sealing};
use crate::error::Error;
use crate::faces::{Defaced, Faces};
use crate::known::KnownValues;
use crate::leak::LeakScan;
use crate::pixels::{Cleaned, Cleaning, Reader, Verdict};
use crate::profile::{Profile, ProfileOption};
use crate::pseudonym::{Patient, Pseudonyms};
use crate::rules::{Declared, Original, Rules};
use crate::scripts::Script;
use crate::table;
use crate::table::retained::is_public_name;

/// Media Storage Directory Storage: a DICOMDIR.
const MEDIA_DIRECTORY: &str = "1.2.840.10008.1.3.10";

/// Applies a [`Profile`] to instances, one at a time, with no state between them: order and threads change nothing.
///
/// Every element of the top level and of every item is judged by the [`Rules`]. Those of a [`Profile`] are Table E.1-1 and the options chosen. Compound codes (X/Z/D ...) come down to one
/// action by the attribute's type in the IOD at hand: type 1 gets a dummy, type 2 is emptied, type 3, and what the IOD has no
/// place for, is removed. Where the table and the IOD disagree (nine rows), the object stays conformant. On top of the table:
///
/// - All private elements (unless retained as safe), groups 0000, 0002, 0004, 50xx and 60xx (unless graphics are cleaned), group lengths and elements that the dictionary does not
///   know are removed. An element of VR UN is judged by its tag.
/// - Names (PN) that the table does not list are emptied, dates and times become dummies.
/// - Free text (LT, ST, UT, UC) that the table does not list is emptied, except where it describes a coding scheme or a
///   format; where some IOD needs a value (Text Value, Metabolite Map Description ...) it becomes a dummy. The audit calls both
///   `unlisted-text`.
/// - UIDs that the table does not list are mapped like the others. What begins with 1.2.840.10008 never changes; where a class
///   or a coding scheme is named, nor do makers' private classes and HL7's coding schemes.
/// - Short text that stays (LO, SH and the like) is searched for what is known of the patient; a value with a hit becomes a
///   dummy. See [`KnownValues`].
/// - Encapsulated documents become an empty page. Of pixel data, what is no sample is cleared: bits outside of Bits Stored (overlays
///   were kept there), comments and application segments of JPEG and JPEG 2000 streams. Samples do not change.
///
/// Whether the picture itself shows text is looked at with [`ProfileOption::CleanPixelData`] alone; else ask [`burned_in`](crate::burned_in) first. Faces go
/// with [`ProfileOption::CleanRecognizableVisualFeatures`], by the mask of [`with_faces`](Self::with_faces).
#[derive(Clone, Debug)]
pub struct Deidentifier {
    profile: Profile,
    /// The profile itself, unless a caller gave others.
    rules: Arc<dyn Rules>,
    pseudonyms: Pseudonyms,
    cleaning: Cleaning,
    /// Whose rules they are, if a script's.
    script: Option<Script>,
    faces: Option<Faces>,
    /// To whom originals are sealed.
    sealing: Option<Sealing>,
}

impl Deidentifier {
    /// Applies `profile`, with pseudonyms under `key`.
    pub fn new(profile: Profile, key: &Key) -> Self {
        Self {
            rules: Arc::new(profile.clone()),
            profile,
            pseudonyms: Pseudonyms::new(key),
            cleaning: Cleaning::new(),
            faces: None,
            script: None,
            sealing: None,
        }
    }

    /// How pixels are cleaned where the profile has [`ProfileOption::CleanPixelData`]: which images are searched, rules for devices.
    pub fn with_cleaning(mut self, cleaning: Cleaning) -> Self {
        self.cleaning = cleaning;
        self
    }

    /// What reads text in the pixels where the profile has [`ProfileOption::CleanPixelData`], so that what names nobody stays; see [`pixels::read`](crate::pixels::read).
    pub fn with_reader(mut self, reader: Arc<dyn Reader>) -> Self {
        self.cleaning = self.cleaning.reader(reader);
        self
    }

    /// Rules for devices ([`pixels::Rules`](crate::pixels::Rules)): where an image shows text, told by its header. They count where the profile has
    /// [`ProfileOption::CleanPixelData`], beside the search for text. With a script that says nothing of pixels they alone decide, as in a pipeline of CTP's, where one
    /// script is for elements and one for pixels.
    #[must_use]
    pub fn with_pixel_rules(mut self, rules: impl Into<Arc<crate::pixels::Rules>>) -> Self {
        if self.script.as_ref().is_some_and(|script| script.cleaning().is_none()) {
            self.cleaning = Cleaning::new().search(crate::pixels::Search::None);
            self.profile = self.profile.with(ProfileOption::CleanPixelData);
        }
        self.cleaning = self.cleaning.rules(rules);
        self
    }

    /// Which face is removed where the profile has [`ProfileOption::CleanRecognizableVisualFeatures`]. It is that of one patient, in one world: the
    /// de-identifier serves the images of that world then. Without, images that may show a face ([`faces::judge`](crate::faces::judge)) are refused under that option.
    pub fn with_faces(mut self, faces: Faces) -> Self {
        self.faces = Some(faces);
        self
    }

    /// Lets other rules decide. What the instance says of itself afterwards (De-identification Method Code Sequence, Longitudinal Temporal
    /// Information Modified), how dates in texts are treated and whether its own UIDs stay is still the profile's: give one that says what the rules do.
    pub fn with_rules(mut self, rules: Arc<dyn Rules>) -> Self {
        self.rules = rules;
        self
    }

    /// Takes other pseudonyms than those of the key it was made with: assigned ones, recorded ones.
    #[must_use]
    pub fn with_pseudonyms(mut self, pseudonyms: Pseudonyms) -> Self {
        self.pseudonyms = pseudonyms;
        self
    }

    /// Seals originals to `recipients`, in an Encrypted Attributes Sequence (0400,0500) of each instance: they alone, each by their own private key, have them back
    /// ([`encrypted`](crate::encrypted)). Without a recipient nothing is sealed. What is sealed is random: two runs differ in these bytes.
    #[cfg(feature = "encrypted-attributes")]
    #[must_use]
    pub fn with_recipients(mut self, recipients: Vec<Recipient>, originals: Originals) -> Self {
        self.sealing = Sealing::new(recipients, originals);
        self
    }

    /// Applies the script of another program, with pseudonyms under `key`, and blanks the rectangles that it names.
    pub fn of_script(script: &Script, key: &Key) -> Self {
        let cleaning = script.cleaning().unwrap_or_default();
        let new = Self::new(script.profile().clone(), key).with_cleaning(cleaning).with_rules(script.rules());
        Self { script: Some(script.clone()), ..new }
    }

    /// The profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The pseudonyms, for ids outside of DICOM that shall agree.
    pub fn pseudonyms(&self) -> &Pseudonyms {
        &self.pseudonyms
    }

    /// De-identifies an instance in place. `patient` is what its patient is known by, see [`PatientKey`](isocenter_dcm::PatientKey::to_text): it decides the new
    /// Patient ID and by how much dates move. Text is searched for what the instance itself tells of the patient.
    ///
    /// # Errors
    /// [`Error::HeaderOnly`], [`Error::MediaDirectory`], [`Error::MissingSopClass`], [`Error::MissingSopInstance`],
    /// [`Error::Patterns`], [`Error::Refused`]; the instance is then as it was. [`Error::Cancelled`], `Error::Encrypted`, [`Error::Pixels`], [`Error::TextLeft`], [`Error::Face`]: it is then in part as it
    /// was, and may hold any value of the original.
    pub fn apply(&self, instance: &mut Instance, patient: &str, ctx: &Ctx<'_>) -> Result<Audit, Error> {
        // before anything is gathered: what cannot be cleaned is refused at once
        Self::check(instance)?;
        let mut known = KnownValues::new();
        known.gather(&instance.dataset, &instance.meta);
        let known = match &self.script {
            Some(script) => LeakScan::identities_of_script(&known, script)?,
            None => LeakScan::identities(&known)?,
        };
        self.apply_with(instance, patient, &known, ctx)
    }

    /// The same, with text searched for what all instances of the patient tell (gathered in a first pass): a name that one
    /// file holds in a comment is found although that file's own name field is empty.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    pub fn apply_with(
        &self,
        instance: &mut Instance,
        patient: &str,
        known: &LeakScan,
        ctx: &Ctx<'_>,
    ) -> Result<Audit, Error> {
        let ids = Self::check(instance)?;
        let own = self.rules_of(instance, patient)?;
        let before = self.sealing.as_ref().map(|sealing| sealing.before(&instance.dataset));
        // by the original header, which says what kind of image it is
        let pixels = match self.profile.has(ProfileOption::CleanPixelData) {
            true => Some(self.cleaning.apply_with(instance, known, ctx)?),
            false => None,
        };
        if pixels.as_ref().is_some_and(|cleaned| cleaned.verdict() == Verdict::TextLeft) {
            return Err(Error::TextLeft);
        }
        let face = match self.removes_faces() {
            true => Some(face::remove(instance, self.faces.as_ref(), ctx)?),
            false => None,
        };
        let mut audit = Audit::default();
        payload::clear(&mut instance.dataset, &mut audit, ctx)?;
        let header = Header { ids, own, before, pixels: pixels.as_ref(), face, audit };
        self.header(instance, header, patient, known, ctx)
    }

    /// The same for a file whose pixel data lies where it is. It stays there until the instance is [written](Deidentified::write), and is then copied, if
    /// its samples are plain and nobody has to look at the picture ([`ProfileOption::CleanPixelData`] looks at some, [`ProfileOption::CleanRecognizableVisualFeatures`] at heads); else it is read.
    ///
    /// # Errors
    /// As [`apply`](Self::apply), and [`Error::Dicom`].
    pub fn apply_lazy<R: ReadAt>(
        &self,
        mut lazy: Lazy<R>,
        patient: &str,
        known: &LeakScan,
        ctx: &Ctx<'_>,
    ) -> Result<Deidentified<R>, Error> {
        let cleans = self.profile.has(ProfileOption::CleanPixelData);
        let looks = (cleans && self.cleaning.needs_pixels(lazy.header()))
            || (self.removes_faces() && face::may_be_shown(lazy.header()));
        if looks || !lazy.is_native() {
            let mut instance = lazy.load_with(ctx)?;
            let audit = self.apply_with(&mut instance, patient, known, ctx)?;
            return Ok(Deidentified::whole(instance, audit));
        }
        let ids = Self::named(lazy.header())?;
        let is_integer = lazy.header().pixel_element().is_some_and(|element| element.tag == tags::PIXEL_DATA);
        let bits = is_integer.then(|| payload::Bits::of(&lazy.header().dataset)).flatten();
        let own = self.rules_of(lazy.header(), patient)?;
        let before = self.sealing.as_ref().map(|sealing| sealing.before(&lazy.header().dataset));
        let pixels = cleans.then(Cleaned::default);
        let face = self.removes_faces().then(Defaced::default);
        let header = Header { ids, own, before, pixels: pixels.as_ref(), face, audit: Audit::default() };
        let audit = self.header(lazy.header_mut(), header, patient, known, ctx)?;
        Ok(Deidentified::apart(lazy, bits, audit))
    }

    fn removes_faces(&self) -> bool {
        self.profile.has(ProfileOption::CleanRecognizableVisualFeatures)
    }

    /// The rules for one instance, asked for while all of its elements stand; `None`: those of all.
    fn rules_of(&self, original: &Instance, patient: &str) -> Result<Option<Box<dyn Rules>>, Error> {
        let (dataset, meta, pseudonyms) = (&original.dataset, &original.meta, &self.pseudonyms);
        Ok(self.rules.for_instance(&Original { dataset, meta, patient, pseudonyms })?)
    }

    /// All but the pixel data.
    fn header(
        &self,
        instance: &mut Instance,
        Header { ids: (class, original), own, before, pixels, face, audit }: Header<'_>,
        patient: &str,
        known: &LeakScan,
        ctx: &Ctx<'_>,
    ) -> Result<Audit, Error> {
        let rules = own.as_deref().unwrap_or(self.rules.as_ref());
        let id = value::string(&instance.dataset, tags::PATIENT_ID).unwrap_or_default().trim().to_owned();
        let new_id = self.pseudonyms.patient_id(patient, "");
        let shift_days = self.pseudonyms.date_shift_days(patient);
        let moves = self.profile.has(ProfileOption::RetainLongitudinalModifiedDates);
        if let Some(told) = self.pseudonyms.told() {
            let text = |tag| value::string(&instance.dataset, tag).unwrap_or_default().trim().to_owned();
            told.patient(Patient {
                pseudonym: new_id.clone(),
                date_shift_days: if moves { shift_days } else { 0 },
                id: id.clone(),
                issuer: text(tags::ISSUER_OF_PATIENT_ID),
                name: text(tags::PATIENT_NAME),
                birth_date: text(tags::PATIENT_BIRTH_DATE),
                sex: text(tags::PATIENT_SEX),
            });
        }
        let dates = match () {
            () if moves => Dates::Shift(shift_days),
            () if self.profile.has(ProfileOption::RetainLongitudinalFullDates) => Dates::Keep,
            () => Dates::Remove,
        };
        let mut walk = walk::Walk {
            rules,
            pseudonyms: &self.pseudonyms,
            cleaner: Cleaner::new(known, dates, &self.pseudonyms),
            class: &class,
            iod: table::iod::of_class(&class),
            declared: Declared::of(&instance.dataset),
            shift_days,
            patient: (id, new_id.clone()),
            audit,
            ctx,
            stopped: false,
        };
        walk.dataset(&mut instance.dataset, &walk::Place::default());
        if walk.stopped {
            return Err(Error::Cancelled);
        }
        walk.add(&mut instance.dataset, rules.added());
        let mut audit = walk.audit;
        let keeps = self.profile.has(ProfileOption::RetainUids);
        let uid = |uid: &str| if keeps { uid.to_owned() } else { self.pseudonyms.uid(uid) };
        let ids = finish::Ids {
            patient: new_id,
            instance: uid(&original),
            class: if is_public_name(tags::SOP_CLASS_UID, &class) { class } else { uid(&class) },
        };
        finish::finish(instance, &self.profile, rules, &ids, pixels, face, &mut audit);
        if let (Some(sealing), Some(before)) = (&self.sealing, before)
            && let Some(sealed) = sealing.seal(&before, &instance.dataset, known)?
        {
            finish::insert(&mut instance.dataset, sealed, &mut audit);
        }
        Ok(audit)
    }

    /// Class and instance UID of what can be de-identified.
    fn check(instance: &Instance) -> Result<(String, String), Error> {
        let ids = Self::named(instance)?;
        // what was not read cannot be cleaned, and would be taken for clean
        if instance.is_header_only() { Err(Error::HeaderOnly) } else { Ok(ids) }
    }

    fn named(instance: &Instance) -> Result<(String, String), Error> {
        let class = instance.sop_class_uid().ok_or(Error::MissingSopClass)?;
        if class == MEDIA_DIRECTORY {
            return Err(Error::MediaDirectory);
        }
        Ok((class, instance.sop_instance_uid().ok_or(Error::MissingSopInstance)?))
    }
}

/// What is known of an instance before its header is walked.
struct Header<'a> {
    /// Class and instance UID.
    ids: (String, String),
    /// Rules of its own.
    own: Option<Box<dyn Rules>>,
    /// What may have to be sealed of it.
    before: Option<Dataset>,
    /// What was done to its pixels.
    pixels: Option<&'a Cleaned>,
    /// What of its face was removed.
    face: Option<Defaced>,
    audit: Audit,
}
