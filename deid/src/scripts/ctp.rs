//! Scripts of CTP's DicomAnonymizer.
//!
//! The script gives an element an expression: text with functions in it, `@name(arguments)`, whose results are joined. It is read as CTP reads it, but: what CTP
//! passes over with a warning, and so leaves as it was (a function it does not know, words for a number, a text for a sequence), is an error here, or keeps the
//! instance out; `empty()` empties a sequence, too; "Remove curves" removes curves whether or not unchecked elements go; `integer()` gives a keyed number, not
//! the next one; private elements are safe by DICOM's own list.
//!
//! Source: the manual "The CTP DICOM Anonymizer" and the behaviour of CTP of 2025-05.

mod evaluate;
mod expression;
pub(super) mod filter;
mod function;
mod markers;
mod reference;
mod script;

use std::collections::BTreeMap;
use std::sync::Arc;

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::Element;

use self::evaluate::{Out, Run};
use self::expression::Expression;
use self::function::Function;
use super::names::{creator_of, shown};
use super::plan::{Judge, Judged, Verdict};
use super::scope::{Scope, Subject};
use super::selector::Selector;
use super::{Error, LetOut, Parts, Settings};
use crate::element::{empty, of_text};
use crate::rules::{Decision, Refusal, Values};
use crate::table;

/// A script that was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Ctp {
    settings: Settings,
    parameters: BTreeMap<String, String>,
    /// By tag.
    standard: BTreeMap<Tag, Expression>,
    /// By group, creator and low byte.
    private: Vec<(Selector, Expression)>,
    keep_groups: Vec<u16>,
    keep_safe_private: bool,
    remove_private: bool,
    remove_unspecified: bool,
    remove_overlays: bool,
    remove_curves: bool,
    /// Elements of which some function reads the value openly.
    open: Vec<Tag>,
}

/// Reads a script.
pub(super) fn read(text: &str, settings: &Settings) -> Result<Parts, Error> {
    let ctp = script::read(text, settings)?;
    let uses = |wanted: &dyn Fn(Function) -> bool| ctp.expressions().any(|expression| expression.uses(wanted));
    let mut remarks = Vec::new();
    if uses(&|f| matches!(f, Function::Date | Function::Time)) && settings.now.is_none() {
        remarks.push(
            "date() and time() give 19000101 and 000000, so that a run gives the same bytes whenever it runs"
                .to_owned(),
        );
    }
    if uses(&|f| f == Function::Integer) {
        remarks.push("integer() gives a keyed number of 15 digits, not the next number".to_owned());
    }
    if ctp.keep_safe_private {
        remarks.push("safe private elements are those of DICOM PS3.15 Table E.3.10-1".to_owned());
    }
    let insecure = settings.compat.is_some() && uses(&Function::hashes);
    Ok(Parts { remarks, insecure, ..Parts::of(Arc::new(Judged(ctp))) })
}

impl Ctp {
    fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.standard.values().chain(self.private.iter().map(|(_, expression)| expression))
    }

    fn expression(&self, tag: Tag, creator: Option<&str>) -> Option<&Expression> {
        self.standard.get(&tag).or_else(|| {
            self.private.iter().find(|(of, _)| of.matches(tag, VR::UN, creator)).map(|(_, expression)| expression)
        })
    }

    /// A parameter: the caller's, else the script's.
    fn parameter(&self, name: &str) -> Option<&str> {
        self.settings.variables.get(name).or_else(|| self.parameters.get(name)).map(String::as_str)
    }

    /// What CTP keeps although it has no line: the image, what is named to be kept.
    fn is_kept(&self, subject: &Subject<'_>) -> bool {
        let (tag, group) = (subject.tag(), subject.tag().group());
        let is_safe = || {
            let listed = |creator| table::private::safe(creator, group, tag.element() as u8).is_some();
            self.keep_safe_private && subject.creator.is_some_and(listed)
        };
        self.keeps(tag)
            || (subject.is_private() && is_safe())
            || (is_overlay(group) && !self.remove_overlays && !(subject.is_private() && self.remove_private))
            || (is_curve(group) && !self.remove_curves && !(subject.is_private() && self.remove_private))
    }

    fn keeps(&self, tag: Tag) -> bool {
        let kept = [tags::SOP_CLASS_UID, tags::SOP_INSTANCE_UID, tags::STUDY_INSTANCE_UID];
        kept.contains(&tag) || matches!(tag.group(), 0x0028 | 0x7FE0) || self.keep_groups.contains(&tag.group())
    }

    fn verdict(&self, out: Out, place: Tag) -> Result<Verdict, Refusal> {
        Ok(match out {
            Out::Remove => Decision::Remove.into(),
            Out::Keep => Verdict { decision: Decision::Leave, enters: false },
            Out::Process => Decision::Keep.into(),
            Out::Empty => Decision::Replace(Values::default()).into(),
            Out::Blank(count) => Decision::Replace(Values(vec![" ".repeat(count)])).into(),
            Out::Text(text) => Decision::Replace(Values::of(text.trim())).into(),
            Out::Mixed => {
                let what = "keep(), empty() or blank() beside other text";
                return Err(Refusal::Failed { place: shown(place), function: "the script", what });
            }
        })
    }
}

impl Judge for Ctp {
    fn judge(&self, scope: &Scope<'_>, subject: &Subject<'_>) -> Result<Verdict, Refusal> {
        let tag = subject.tag();
        let expression = self.expression(tag, subject.creator);
        let private_goes = self.remove_private && subject.is_private();
        if expression.is_none() && !self.is_kept(subject) && (private_goes || self.remove_unspecified) {
            return Ok(Decision::Remove.into());
        }
        if (self.remove_overlays && is_overlay(tag.group()))
            || (self.remove_curves
                && is_curve(tag.group())
                && expression.is_none()
                && !self.keep_groups.contains(&tag.group()))
        {
            return Ok(Decision::Remove.into());
        }
        let Some(expression) = expression else {
            let named = self.keep_groups.contains(&tag.group());
            let decision = if named { Decision::Leave } else { Decision::Keep };
            return Ok(Verdict { decision, enters: false });
        };
        if tag == tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE && scope.is_top() {
            // put by `added`, whatever was there
            let out = Run::new(self, scope, tag).out(expression)?;
            let decision = if out == Out::Keep { Decision::Leave } else { Decision::Remove };
            return Ok(Verdict { decision, enters: false });
        }
        let out = Run::new(self, scope, tag).out(expression)?;
        self.verdict(out, tag)
    }

    fn added(&self, scope: &Scope<'_>) -> Result<Vec<Element>, Refusal> {
        let mut added = Vec::new();
        for (&tag, expression) in &self.standard {
            // the walk keeps creators for itself, and they go with their last element
            let is_creator = tag.group() % 2 == 1 && (0x0010..=0x00FF).contains(&tag.element());
            let stands = scope.dataset.get(tag).is_some();
            if tag == tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE {
                added.extend(markers::codes(&Run::new(self, scope, tag).out(expression)?, scope.dataset));
            } else if tag.group() >= 0x0008 && expression.is_always() && (!stands || is_creator) {
                let out = Run::new(self, scope, tag).out(expression)?;
                added.extend(self.inserted(tag, out, scope)?);
            }
        }
        Ok(added)
    }

    fn lets_out(&self, tag: Tag) -> LetOut {
        let named = self.open.contains(&tag)
            || self.standard.get(&tag).map_or(self.keeps(tag), |expression| expression.keeps() || expression.shifts());
        match () {
            () if named => LetOut::Named,
            () if self.standard.contains_key(&tag) || self.remove_unspecified => LetOut::No,
            () => LetOut::Unnamed,
        }
    }

    fn lets_out_private(&self) -> bool {
        !self.remove_private || self.keep_safe_private || !self.private.is_empty()
    }
}

impl Ctp {
    /// An element that a script wants and the instance has not.
    fn inserted(&self, tag: Tag, out: Out, scope: &Scope<'_>) -> Result<Option<Element>, Refusal> {
        let is_private = tag.group() % 2 == 1;
        let vr = match table::dictionary(tag) {
            _ if is_private && tag.element() <= 0xFF => VR::LO,
            _ if is_private => private_vr(scope, tag).unwrap_or(VR::LO),
            Some((vr, _)) => vr,
            None => VR::SH,
        };
        let text = match out {
            Out::Remove | Out::Keep | Out::Process => return Ok(None),
            Out::Empty | Out::Blank(_) => return Ok(Some(empty(tag, vr))),
            Out::Text(text) => text,
            Out::Mixed => String::new(),
        };
        let values = Values::of(text.trim());
        if values.0.is_empty() {
            return Ok(Some(empty(tag, vr)));
        }
        let vr = if vr == VR::LO && is_private && text.len() > 64 { VR::LT } else { vr };
        let what = "no value of its value representation";
        let wrong = Refusal::Failed { place: shown(tag), function: "always", what };
        of_text(tag, vr, &values.0).map(Some).ok_or(wrong)
    }
}

fn private_vr(scope: &Scope<'_>, tag: Tag) -> Option<VR> {
    let creator = creator_of(scope.dataset, tag)?;
    table::private::safe(&creator, tag.group(), tag.element() as u8)?.first().copied()
}

const fn is_overlay(group: u16) -> bool {
    group & 0xFF00 == 0x6000
}

const fn is_curve(group: u16) -> bool {
    group & 0xFF00 == 0x5000
}
