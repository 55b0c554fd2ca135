//! The conformance statement of a profile, made of the profile and the table.

use std::fmt::Write;

use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, Tag, VR};

use super::{Profile, ProfileOption};
use crate::rules::{At, Decision};
use crate::table::attributes::{self, Code};
use crate::table::{self, private};

impl Profile {
    /// What an officer signs: which options were chosen, what becomes of each attribute that Table E.1-1 lists, what of all the rest; Markdown.
    ///
    /// ```
    /// use isocenter_deid::Profile;
    /// let statement = Profile::research().conformance_statement();
    /// assert!(statement.contains("| 113107 | Retain Longitudinal Temporal Information Modified Dates Option | yes |"));
    /// assert!(statement.contains("| (0008,0020) | Study Date | Z | moved by the patient's number of days |"));
    /// ```
    pub fn conformance_statement(&self) -> String {
        let mut text = String::new();
        // writing to a text does not fail
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "# Conformance statement: de-identification\n")?;
        writeln!(
            text,
            "Made by isocenter-deid {} from the profile that was applied. Standard: DICOM PS3.15 2026c, Annex E.\n",
            env!("CARGO_PKG_VERSION")
        )?;
        writeln!(text, "## Profile and options\n\n| Code (DCM) | Meaning | Applied |\n|---|---|---|")?;
        let basic = std::iter::once(("113100", true));
        let options = ProfileOption::ALL.into_iter().map(|option| (option.code(), self.has(option)));
        for (code, applied) in basic.chain(options) {
            let meaning = table::codes::meaning(code).map_or("", |(_, meaning)| meaning);
            writeln!(text, "| {code} | {meaning} | {} |", if applied { "yes" } else { "no" })?;
        }
        if !self.overrides().is_empty() {
            writeln!(text, "\n## Decided otherwise for single attributes\n\n| Attribute | Decision |\n|---|---|")?;
            for (attribute, decision) in self.overrides() {
                writeln!(text, "| {} | {} |", attribute.to_string().replace('|', "\\|"), words(&decision.decision()))?;
            }
        }
        writeln!(text, "\n## What is written\n\n{}", WRITTEN)?;
        writeln!(text, "## What the table does not list\n")?;
        for (what, fate) in self.unlisted_in_words() {
            writeln!(text, "- {what}: {fate}.")?;
        }
        writeln!(
            text,
            "\n## Attributes of Table E.1-1\n\nAt every level of nesting. \"By type\": as the IOD needs it, a dummy for type 1, empty for type 2, removed otherwise.\n\n\
             | Tag | Name | Basic Profile | Here |\n|---|---|---|---|"
        )?;
        for (tag, row, code, name) in attributes::listed() {
            let vr = table::dictionary(tag).map_or(VR::UN, |(vr, _)| vr);
            let fate = match self.decided(tag, vr) {
                Some(decision) => words(&decision),
                None => by_code(row.code),
            };
            writeln!(text, "| ({:04X},{:04X}) | {name} | {code} | {fate} |", tag.group(), tag.element())?;
        }
        Ok(())
    }

    /// What an override or an option decides of an attribute; `None` where the code of its row does.
    fn decided(&self, tag: Tag, vr: VR) -> Option<Decision> {
        let element = DataElement::new(tag, vr, PrimitiveValue::Empty);
        let path = [tag];
        self.relaxed(&At {
            sop_class: "",
            path: &path,
            items: &[],
            vr,
            creator: None,
            concept: None,
            declared_safe: None,
            element: &element,
            iod: None,
        })
    }

    fn unlisted_in_words(&self) -> Vec<(&'static str, String)> {
        use ProfileOption as O;
        let dates = match () {
            () if self.has(O::RetainLongitudinalModifiedDates) => {
                "dates moved by the patient's number of days, times of day kept"
            }
            () if self.has(O::RetainLongitudinalFullDates) => "kept",
            () => "dummies",
        };
        let private = match self.has(O::RetainSafePrivate) {
            true => format!(
                "removed, but for {} that Table E.3.10-1 lists, by creator, and those that the instance declares safe (0008,0300); their text is cleaned",
                private::count()
            ),
            false => "removed".to_owned(),
        };
        let text = match self.has(O::CleanDescriptors) {
            true => {
                "cleaned: what is known of any patient of the run, and what has the shape of a name, date, number, address or the like, becomes `***`"
            }
            false => "emptied, or a dummy where the IOD needs a value",
        };
        let overlays = match self.has(O::CleanGraphics) {
            true => "kept without the drawing, text cleaned",
            false => "removed",
        };
        let pixels = match self.has(O::CleanPixelData) {
            true => {
                "text in the pixels of classes that may show some is found and blanked, and looked for again; an image that still shows text is refused"
            }
            false => "samples are not changed; images that may show text are named in the report",
        };
        let faces = match self.has(O::CleanRecognizableVisualFeatures) {
            true => "removed by a mask that is handed in; without one, images that may show a face are refused",
            false => "stay",
        };
        vec![
            ("Private elements", private),
            (
                "Elements that the data dictionary does not know, groups 0000 to 0007, group lengths, curves (50xx)",
                "removed".to_owned(),
            ),
            ("Overlays (60xx)", overlays.to_owned()),
            ("Free text (LT, ST, UT, UC)", text.to_owned()),
            (
                "Short text (LO, SH, CS and the like)",
                "searched for what is known of the patients; a value that holds any becomes a dummy".to_owned(),
            ),
            ("Names (PN)", "emptied".to_owned()),
            ("Dates and times", dates.to_owned()),
            (
                "UIDs",
                if self.has(O::RetainUids) { "kept" } else { "replaced by keyed ones, but for those of DICOM itself" }
                    .to_owned(),
            ),
            ("Addresses (UR) and application entities (AE)", "removed".to_owned()),
            ("Bytes (OB) outside of pixels, waveforms and tables", "removed".to_owned()),
            ("Encapsulated documents", "replaced by an empty page".to_owned()),
            ("Bits above Bits Stored, comments and application segments of JPEG and JPEG 2000", "cleared".to_owned()),
            ("Faces of heads", faces.to_owned()),
            ("Preamble, file meta information", "made new".to_owned()),
            ("Pixel data", pixels.to_owned()),
        ]
    }
}

/// What every instance gets.
const WRITTEN: &str = "\
- Patient ID and Patient's Name: one keyed pseudonym (HMAC-SHA-256 under the project's key), or one that was assigned.
- SOP Instance UID and all other UIDs that are replaced: `2.25.` and 128 keyed bits.
- Patient Identity Removed (0012,0062) `YES`, De-identification Method (0012,0063), its code sequence (0012,0064) with the codes above,
  Longitudinal Temporal Information Modified (0028,0303); Burned In Annotation (0028,0301) `NO` on images whose pixels were cleaned.
- Text in UTF-8 (Specific Character Set ISO_IR 192) where it is not ASCII.
- Where the run was given certificates, and not else: Encrypted Attributes Sequence (0400,0500) with originals, AES-256-CBC under RSA key transport (E.1.1 step 4).
";

const fn words(decision: &Decision) -> &'static str {
    match decision {
        Decision::Keep | Decision::Leave | Decision::Retain => "kept",
        Decision::Replace(_) => "replaced",
        Decision::Remove | Decision::RemoveUnknown => "removed",
        Decision::Empty | Decision::EmptyText => "emptied",
        Decision::Dummy | Decision::DummyText => "replaced by a dummy",
        Decision::TokenText => "replaced by a keyed token",
        Decision::Uid => "UIDs replaced by keyed ones",
        Decision::Shift => "moved by the patient's number of days",
        Decision::Clean => "cleaned",
        Decision::CleanOverlay => "drawing cleared",
    }
}

const fn by_code(code: Code) -> &'static str {
    match code {
        Code::D => "replaced by a dummy",
        Code::Z => "emptied",
        Code::X => "removed (where an IOD needs it: by type)",
        Code::U => "UIDs replaced by keyed ones",
        Code::ZOrD | Code::XOrZ | Code::XOrD | Code::XzOrD => "by type",
        Code::XzOrU => "by type; UIDs in what stays replaced by keyed ones",
    }
}
