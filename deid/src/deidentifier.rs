//! The profile applied to one instance.

mod content;
mod document;
mod face;
mod finish;
mod overlay;
mod payload;
mod private;
mod text;
mod walk;

use std::sync::Arc;

use dicom_dictionary_std::tags;
use isocenter_dcm::{Instance, value};
use isocenter_files::Key;
use isocenter_volume::Ctx;

use crate::audit::Audit;
use crate::cleaner::{Cleaner, Dates};
use crate::error::Error;
use crate::faces::Faces;
use crate::known::KnownValues;
use crate::leak::LeakScan;
use crate::pixels::{Cleaning, Verdict};
use crate::profile::{Profile, ProfileOption};
use crate::pseudonym::Pseudonyms;
use crate::rules::{Declared, Rules};
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
    faces: Option<Faces>,
}

impl Deidentifier {
    /// Applies `profile`, with pseudonyms under `key`.
    pub fn new(profile: Profile, key: &Key) -> Self {
        let (rules, pseudonyms) = (Arc::new(profile.clone()), Pseudonyms::new(key));
        Self { rules, profile, pseudonyms, cleaning: Cleaning::new(), faces: None }
    }

    /// How pixels are cleaned where the profile has [`ProfileOption::CleanPixelData`]: which images are searched, rules for devices.
    pub fn with_cleaning(mut self, cleaning: Cleaning) -> Self {
        self.cleaning = cleaning;
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
    /// [`Error::Patterns`]; the instance is then as it was. [`Error::Cancelled`], [`Error::Pixels`], [`Error::TextLeft`], [`Error::Face`]: it is then in part as it
    /// was, and may hold any value of the original.
    pub fn apply(&self, instance: &mut Instance, patient: &str, ctx: &Ctx<'_>) -> Result<Audit, Error> {
        // before anything is gathered: what cannot be cleaned is refused at once
        Self::check(instance)?;
        let mut known = KnownValues::new();
        known.gather(&instance.dataset, &instance.meta);
        self.apply_with(instance, patient, &LeakScan::identities(&known)?, ctx)
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
        let (class, original) = Self::check(instance)?;
        // by the original header, which says what kind of image it is
        let pixels = match self.profile.has(ProfileOption::CleanPixelData) {
            true => Some(self.cleaning.apply(instance, ctx)?),
            false => None,
        };
        if pixels.as_ref().is_some_and(|cleaned| cleaned.verdict() == Verdict::TextLeft) {
            return Err(Error::TextLeft);
        }
        let face = match self.profile.has(ProfileOption::CleanRecognizableVisualFeatures) {
            true => Some(face::remove(instance, self.faces.as_ref(), ctx)?),
            false => None,
        };
        let id = value::string(&instance.dataset, tags::PATIENT_ID).unwrap_or_default().trim().to_owned();
        let new_id = self.pseudonyms.patient_id(patient, "");
        let shift_days = self.pseudonyms.date_shift_days(patient);
        let dates = match () {
            () if self.profile.has(ProfileOption::RetainLongitudinalModifiedDates) => Dates::Shift(shift_days),
            () if self.profile.has(ProfileOption::RetainLongitudinalFullDates) => Dates::Keep,
            () => Dates::Remove,
        };
        let mut walk = walk::Walk {
            rules: self.rules.as_ref(),
            pseudonyms: &self.pseudonyms,
            cleaner: Cleaner::new(known, dates, &self.pseudonyms),
            class: &class,
            iod: table::iod::of_class(&class),
            declared: Declared::of(&instance.dataset),
            shift_days,
            patient: (id, new_id.clone()),
            audit: Audit::default(),
            ctx,
            stopped: false,
        };
        payload::clear(&mut instance.dataset, &mut walk.audit, ctx)?;
        walk.dataset(&mut instance.dataset, &walk::Place::default());
        if walk.stopped {
            return Err(Error::Cancelled);
        }
        let mut audit = walk.audit;
        let keeps = self.profile.has(ProfileOption::RetainUids);
        let uid = |uid: &str| if keeps { uid.to_owned() } else { self.pseudonyms.uid(uid) };
        let ids = finish::Ids {
            patient: new_id,
            instance: uid(&original),
            class: if is_public_name(tags::SOP_CLASS_UID, &class) { class } else { uid(&class) },
        };
        finish::finish(instance, &self.profile, &ids, pixels.as_ref(), face, &mut audit);
        Ok(audit)
    }

    /// Class and instance UID of what can be de-identified.
    fn check(instance: &Instance) -> Result<(String, String), Error> {
        let class = instance.sop_class_uid().ok_or(Error::MissingSopClass)?;
        if class == MEDIA_DIRECTORY {
            return Err(Error::MediaDirectory);
        }
        let original = instance.sop_instance_uid().ok_or(Error::MissingSopInstance)?;
        // what was not read cannot be cleaned, and would be taken for clean
        if instance.is_header_only() { Err(Error::HeaderOnly) } else { Ok((class, original)) }
    }
}
