//! DicomConfig and DicomTagConfig of Google's Healthcare API, alone or within a request (`config`).
//!
//! New UIDs are keyed. Text is cleaned by this program, not by the service's detectors: what configures those (`text`, lists of info types) is refused. As there, a keep list holds what an
//! image needs besides; that list is written from the service's documentation.
//!
//! Source: "De-identifying DICOM data using DicomConfig" and "... DicomTagConfig", Cloud Healthcare API v1 and v1beta1.

use std::sync::Arc;

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;
use serde_json::Value;

use super::json::Object;
use super::names::tag_of;
use super::selector::Selector;
use super::{Dialect, Error, IDS_AND_MARKERS, LetOut, Parts};
use crate::pixels::{Cleaning, Search};
use crate::profile::{Profile, ProfileOption};
use crate::rules::{At, Decision, Rules, Values};

/// Keys by which such a script is known.
pub(super) const KEYS: &[&str] = &[
    "config",
    "dicom",
    "dicomTagConfig",
    "image",
    "keepList",
    "removeList",
    "filterProfile",
    "skipIdRedaction",
    "actions",
    "profileType",
    "gcsConfigUri",
];

#[derive(Clone, Debug)]
struct Google {
    base: Base,
    profile: Profile,
    /// The first that matches counts.
    actions: Vec<(Vec<Selector>, Action)>,
    keeps_ids: bool,
}

/// What is done with what no action names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Base {
    KeepAll,
    /// Text is cleaned.
    CleanText,
    Profile,
    /// All others go.
    KeepList(Vec<Tag>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Keep,
    Delete,
    /// A tag without a value.
    Empty,
    Reset,
    NewUid,
    CleanText,
    Recurse,
}

/// Reads a script.
pub(super) fn read(text: &str) -> Result<Parts, Error> {
    let mut object = Object::parse(text)?;
    let mut remarks = Vec::new();
    for key in ["destinationStore", "destinationDataset"] {
        if object.take(key).is_some() {
            remarks.push(format!("{key} is a matter of the service"));
        }
    }
    let whole = match object.object("config")? {
        Some(inner) => {
            object.done()?;
            inner
        }
        None => object,
    };
    let mut found = Found { google: Google::new(), pixels: false };
    let is_config = ["dicom", "dicomTagConfig", "image", "text", "fhir"].iter().any(|key| whole.has(key));
    if is_config {
        found.config(whole)?;
    } else if whole.has("actions") || whole.has("profileType") || whole.has("options") {
        found.tag_config(whole)?;
    } else {
        found.dicom_config(whole)?;
    }
    let Found { mut google, pixels } = found;
    if pixels {
        google.profile = google.profile.with(ProfileOption::CleanPixelData);
    }
    let profile = google.profile.clone();
    let cleaning = pixels.then(|| Cleaning::new().search(Search::All));
    if google.base == Base::Profile {
        remarks.push("the Basic Profile is that of 2026c, which has more than that of 2018e".to_owned());
    }
    Ok(Parts { profile, cleaning, remarks, ..Parts::of(Arc::new(google)) })
}

struct Found {
    google: Google,
    /// Whether text in pixels is blanked.
    pixels: bool,
}

impl Found {
    fn config(&mut self, mut config: Object) -> Result<(), Error> {
        if let Some(image) = config.object("image")? {
            self.image(image)?;
        }
        for (key, why) in [("text", "the service's detectors of text are not here"), ("fhir", "FHIR is not read")] {
            let place = config.place().to_owned();
            if config.take(key).is_some_and(|value| value.as_object().is_none_or(|object| !object.is_empty())) {
                return Err(Error::unsupported(place, key, why));
            }
        }
        match (config.object("dicom")?, config.object("dicomTagConfig")?) {
            (Some(dicom), None) => self.dicom_config(dicom)?,
            (None, Some(tags)) => self.tag_config(tags)?,
            (None, None) => {}
            (Some(_), Some(_)) => return Err(Error::malformed(config.place(), "dicom or dicomTagConfig, not both")),
        }
        config.done()
    }

    fn dicom_config(&mut self, mut config: Object) -> Result<(), Error> {
        self.google.keeps_ids = config.boolean("skipIdRedaction")?.unwrap_or(false);
        let list = |config: &mut Object, key: &str| -> Result<Option<Vec<Tag>>, Error> {
            let Some(mut list) = config.object(key)? else { return Ok(None) };
            let place = list.place().to_owned();
            let tags = list.texts("tags")?;
            list.done()?;
            tags.iter().map(|name| tag(name, &place)).collect::<Result<_, _>>().map(Some)
        };
        let (keep, remove) = (list(&mut config, "keepList")?, list(&mut config, "removeList")?);
        let filter = config.text("filterProfile")?;
        let place = config.place().to_owned();
        self.google.base = match (keep, remove, filter) {
            (None, None, None) => Base::KeepAll,
            (Some(mut keep), None, None) => {
                keep.extend(MINIMAL);
                Base::KeepList(keep)
            }
            (None, Some(remove), None) => {
                let selectors = remove.into_iter().map(Selector::Tag).collect();
                self.google.actions.push((selectors, Action::Delete));
                Base::KeepAll
            }
            (None, None, Some(name)) => base(&name, "filterProfile", Base::KeepAll)?,
            _ => return Err(Error::malformed(place, "one of keepList, removeList and filterProfile")),
        };
        config.done()
    }

    fn tag_config(&mut self, mut config: Object) -> Result<(), Error> {
        let name = config.text("profileType")?.unwrap_or_else(|| "PROFILE_TYPE_UNSPECIFIED".to_owned());
        self.google.base = base(&name, "profileType", Base::Profile)?;
        if let Some(mut options) = config.object("options")? {
            match options.text("primaryIds")?.as_deref() {
                None | Some("PRIMARY_IDS_OPTION_UNSPECIFIED" | "REGEN") => {}
                Some("KEEP") => self.google.keeps_ids = true,
                Some(_) => return Err(Error::malformed(options.under("primaryIds"), "wanted KEEP or REGEN")),
            }
            if let Some(image) = options.object("cleanImage")? {
                self.image(image)?;
            }
            if let Some(descriptors) = options.object("cleanDescriptors")? {
                descriptors.done()?;
                self.google.profile = self.google.profile.clone().with(ProfileOption::CleanDescriptors);
            }
            options.done()?;
        }
        let actions = match config.take("actions") {
            None => Vec::new(),
            Some(Value::Array(actions)) => actions,
            Some(_) => return Err(Error::malformed(config.under("actions"), "wanted a list")),
        };
        for (number, action) in actions.into_iter().enumerate() {
            let place = format!("{}, actions[{number}]", config.place());
            self.action(Object::of(place, action)?)?;
        }
        config.done()
    }

    fn action(&mut self, mut action: Object) -> Result<(), Error> {
        let place = action.place().to_owned();
        let queries = action.texts("queries")?;
        let wrong = |query: &String| Error::malformed(format!("{place}, {}", short(query)), "no tag, keyword or VR");
        let selectors: Vec<Selector> = queries
            .iter()
            .map(|query| Selector::parse_with_vr(query).ok_or_else(|| wrong(query)))
            .collect::<Result<_, _>>()?;
        if selectors.is_empty() {
            return Err(Error::malformed(place, "an action without queries"));
        }
        let mut found = None;
        for (key, what) in ACTIONS {
            if let Some(inner) = action.object(key)? {
                inner.done()?;
                if found.replace(what).is_some() {
                    return Err(Error::malformed(place, "one action for its queries"));
                }
            }
        }
        if let Some(image) = action.object("cleanImageTag")? {
            if selectors != [Selector::Tag(tags::PIXEL_DATA)] {
                return Err(Error::malformed(place, "cleanImageTag is for PixelData alone"));
            }
            self.image(image)?;
            found.get_or_insert(Action::Keep);
        }
        action.done()?;
        let found = found.ok_or_else(|| Error::malformed(&place, "no action for its queries"))?;
        self.google.actions.push((selectors, found));
        Ok(())
    }

    fn image(&mut self, mut image: Object) -> Result<(), Error> {
        let mode = image.text("textRedactionMode")?;
        match mode.as_deref() {
            None | Some("TEXT_REDACTION_MODE_UNSPECIFIED" | "REDACT_NO_TEXT") => {}
            Some("REDACT_ALL_TEXT" | "REDACT_SENSITIVE_TEXT" | "REDACT_SENSITIVE_TEXT_CLEAN_DESCRIPTORS") => {
                self.pixels = true;
            }
            Some(_) => return Err(Error::malformed(image.under("textRedactionMode"), "no such mode")),
        }
        image.done()
    }
}

const ACTIONS: [(&str, Action); 7] = [
    ("keepTag", Action::Keep),
    ("deleteTag", Action::Delete),
    ("removeTag", Action::Empty),
    ("resetTag", Action::Reset),
    ("regenUidTag", Action::NewUid),
    ("cleanTextTag", Action::CleanText),
    ("recurseTag", Action::Recurse),
];

fn tag(name: &str, place: &str) -> Result<Tag, Error> {
    tag_of(name).ok_or_else(|| Error::malformed(format!("{place}, {}", short(name)), "no tag and no keyword"))
}

fn short(text: &str) -> String {
    text.chars().take(64).collect()
}

fn base(name: &str, key: &str, unspecified: Base) -> Result<Base, Error> {
    Ok(match name {
        "TAG_FILTER_PROFILE_UNSPECIFIED" | "PROFILE_TYPE_UNSPECIFIED" => unspecified,
        "MINIMAL_KEEP_LIST_PROFILE" => Base::KeepList(MINIMAL.to_vec()),
        "ATTRIBUTE_CONFIDENTIALITY_BASIC_PROFILE" => Base::Profile,
        "KEEP_ALL_PROFILE" => Base::KeepAll,
        "DEIDENTIFY_TAG_CONTENTS" => Base::CleanText,
        _ => return Err(Error::malformed(key, format!("no such profile: {}", short(name)))),
    })
}

impl Google {
    fn new() -> Self {
        Self { base: Base::KeepAll, profile: Profile::basic(), actions: Vec::new(), keeps_ids: false }
    }

    fn action(&self, tag: Tag, vr: VR, creator: Option<&str>) -> Option<Action> {
        let matches = |(of, _): &&(Vec<Selector>, Action)| of.iter().any(|one| one.matches(tag, vr, creator));
        self.actions.iter().find(matches).map(|(_, action)| *action)
    }

    fn by_base(&self, at: &At<'_>) -> Decision {
        match &self.base {
            Base::Profile => self.profile.decide(at),
            Base::KeepList(kept) if !kept.contains(&at.tag()) => Decision::Remove,
            // a sequence that is named stays with what the list names of its items
            Base::KeepList(_) => Decision::Leave,
            Base::KeepAll => Decision::Keep,
            Base::CleanText => cleaned(at.vr),
        }
    }
}

/// Text of which some may stay when it is cleaned; ids and names may not.
fn is_description(tag: Tag, vr: VR) -> bool {
    let is_cleaned = cleaned(vr) == Decision::Clean;
    is_cleaned && crate::table::attributes::row(tag).is_none_or(|row| row.descriptor)
}

/// Text that a detector would look into.
fn cleaned(vr: VR) -> Decision {
    match vr {
        VR::PN | VR::DA | VR::DT => Decision::Replace(Values::default()),
        VR::AS => Decision::Retain,
        VR::AE | VR::LO | VR::LT | VR::SH | VR::ST | VR::UC | VR::UT => Decision::Clean,
        _ => Decision::Keep,
    }
}

impl Rules for Google {
    fn decide(&self, at: &At<'_>) -> Decision {
        let tag = at.tag();
        if tag.group() < 0x0008 || tag.element() == 0 {
            return Decision::Remove;
        }
        match self.action(tag, at.vr, at.creator) {
            Some(Action::Keep) => return Decision::Leave,
            Some(Action::Delete) => return Decision::Remove,
            Some(Action::Empty) => return Decision::Replace(Values::default()),
            // a dummy Patient ID would be the patient's pseudonym
            Some(Action::Reset) if tag == tags::PATIENT_ID => {
                return Decision::Replace(Values(vec!["REMOVED".to_owned()]));
            }
            Some(Action::Reset) => return Decision::Dummy,
            Some(Action::NewUid) => return Decision::Uid,
            Some(Action::CleanText) => return cleaned(at.vr),
            Some(Action::Recurse) => return Decision::Keep,
            None => {}
        }
        if IDS.contains(&tag) && self.base != Base::Profile {
            return if self.keeps_ids { Decision::Leave } else { Decision::Uid };
        }
        if IDS.contains(&tag) && self.keeps_ids {
            return Decision::Leave;
        }
        self.by_base(at)
    }

    fn writes(&self, tag: Tag) -> bool {
        let named = || self.action(tag, VR::UN, None).is_some();
        match tag {
            tags::SOP_INSTANCE_UID => true,
            _ => IDS_AND_MARKERS.contains(&tag) && (self.base != Base::Profile || named()),
        }
    }
}

impl Dialect for Google {
    fn lets_out(&self, tag: Tag) -> LetOut {
        let named = |named: bool| if named { LetOut::Named } else { LetOut::No };
        let vr = crate::table::dictionary(tag).map_or(VR::UN, |(vr, _)| vr);
        match self.action(tag, vr, None) {
            Some(Action::CleanText) if is_description(tag, vr) => LetOut::Unnamed,
            Some(action) => named(action == Action::Keep),
            None if IDS.contains(&tag) => named(self.keeps_ids),
            None => match &self.base {
                Base::KeepAll => LetOut::Unnamed,
                Base::KeepList(kept) => named(kept.contains(&tag)),
                Base::CleanText if matches!(cleaned(vr), Decision::Keep | Decision::Retain) => LetOut::Unnamed,
                Base::CleanText if is_description(tag, vr) => LetOut::Unnamed,
                Base::Profile if self.profile.has(ProfileOption::CleanDescriptors) && is_description(tag, vr) => {
                    LetOut::Unnamed
                }
                Base::CleanText | Base::Profile => LetOut::No,
            },
        }
    }

    fn lets_out_private(&self) -> bool {
        matches!(self.base, Base::KeepAll | Base::CleanText)
    }

    fn as_rules(self: Arc<Self>) -> Arc<dyn Rules> {
        self
    }
}

/// UIDs that are made anew unless the script says otherwise.
const IDS: [Tag; 3] = [tags::STUDY_INSTANCE_UID, tags::SERIES_INSTANCE_UID, tags::SOP_INSTANCE_UID];

/// What an image needs, and every keep list has.
const MINIMAL: [Tag; 29] = [
    tags::SOP_CLASS_UID,
    tags::STUDY_INSTANCE_UID,
    tags::SERIES_INSTANCE_UID,
    tags::SOP_INSTANCE_UID,
    tags::PIXEL_DATA,
    tags::ROWS,
    tags::COLUMNS,
    tags::SAMPLES_PER_PIXEL,
    tags::BITS_ALLOCATED,
    tags::BITS_STORED,
    tags::HIGH_BIT,
    tags::PHOTOMETRIC_INTERPRETATION,
    tags::PIXEL_REPRESENTATION,
    tags::NUMBER_OF_FRAMES,
    tags::PLANAR_CONFIGURATION,
    tags::PIXEL_ASPECT_RATIO,
    tags::SMALLEST_IMAGE_PIXEL_VALUE,
    tags::LARGEST_IMAGE_PIXEL_VALUE,
    tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
    tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
    tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
    tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
    tags::ICC_PROFILE,
    tags::COLOR_SPACE,
    tags::WINDOW_CENTER,
    tags::WINDOW_WIDTH,
    tags::VOILUT_FUNCTION,
];
