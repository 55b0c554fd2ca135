//! configuration.json of Microsoft's DICOM anonymizer: rules by tag, masked tag or VR, of which the first that matches an element of the top level counts.
//!
//! What no rule names stays, and so do the items of sequences, searched for what is known of the patients. `cryptoHash` and `dateShift` are keyed by this program's key, not
//! by the one in the file; `perturb` moves a number by an amount that the key makes of it, not by chance. A date is older than 89 years by the time
//! that the caller gives, else by Study Date.
//!
//! Source: the manual "DICOM Data Anonymization" and the behaviour of the tool of 2024.

mod rule;

use std::collections::BTreeMap;
use std::sync::Arc;

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;
use serde_json::Value;

use self::rule::{Method, Rule};
use super::json::Object;
use super::names::shown;
use super::plan::{Judge, Judged, Verdict};
use super::scope::{Scope, Subject};
use super::selector::Selector;
use super::{Error, LetOut, Parts, Settings};
use crate::rules::{Decision, Refusal};
use crate::table;

#[derive(Clone, Debug)]
struct Microsoft {
    rules: Vec<Rule>,
    settings: Settings,
}

/// Reads a configuration.
pub(super) fn read(text: &str, settings: &Settings) -> Result<Parts, Error> {
    let mut object = Object::parse(text)?;
    let defaults = named(object.object("defaultSettings")?)?;
    let custom = named(object.object("customSettings")?)?;
    let rules = match object.take("rules") {
        Some(Value::Array(rules)) => rules,
        _ => return Err(Error::malformed("the script, rules", "wanted a list")),
    };
    object.done()?;
    let mut found = Vec::new();
    for (number, rule) in rules.into_iter().enumerate() {
        found.push(Rule::parse(Object::of(format!("rules[{number}]"), rule)?, &defaults, &custom)?);
    }
    let uses = |wanted: fn(&Method) -> bool| found.iter().any(|rule| wanted(&rule.method));
    let mut remarks = Vec::new();
    if uses(|method| matches!(method, Method::CryptoHash | Method::DateShift { .. })) {
        remarks.push("hashes and shifts are made with this program's key, not with the keys in the file".to_owned());
    }
    if uses(|method| matches!(method, Method::Perturb(_))) {
        remarks.push("perturb moves a number by a keyed amount, the same for the same number".to_owned());
    }
    let microsoft = Microsoft { rules: found, settings: settings.clone() };
    Ok(Parts { remarks, ..Parts::of(Arc::new(Judged(microsoft))) })
}

/// Settings by name, in small letters.
fn named(object: Option<Object>) -> Result<BTreeMap<String, Value>, Error> {
    Ok(object
        .map(|object| object.into_map().into_iter().map(|(key, value)| (key.to_lowercase(), value)).collect())
        .unwrap_or_default())
}

impl Microsoft {
    fn rule(&self, tag: Tag, vr: VR, creator: Option<&str>) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.of.matches(tag, vr, creator))
    }
}

impl Judge for Microsoft {
    fn judge(&self, scope: &Scope<'_>, subject: &Subject<'_>) -> Result<Verdict, Refusal> {
        let kept = Verdict { decision: Decision::Keep, enters: false };
        if !scope.is_top() {
            return Ok(kept);
        }
        let Some(rule) = self.rule(subject.tag(), subject.vr, subject.creator) else { return Ok(kept) };
        let failed = |what| Refusal::Failed { place: shown(subject.tag()), function: rule.method.name(), what };
        let decision = rule.method.decide(scope, subject, &self.settings).map_err(failed)?;
        Ok(Verdict { decision, enters: false })
    }

    fn lets_out(&self, tag: Tag) -> LetOut {
        let vr = table::dictionary(tag).map_or(VR::UN, |(vr, _)| vr);
        match self.rule(tag, vr, None) {
            Some(rule) if rule.method.lets_out() => LetOut::Named,
            Some(_) => LetOut::No,
            None => LetOut::Unnamed,
        }
    }

    fn lets_out_private(&self) -> bool {
        let private = Tag(0x0009, 0x1001);
        self.rule(private, VR::LO, None).is_none_or(|rule| rule.method.lets_out())
            || self.rules.iter().any(|rule| matches!(&rule.of, Selector::Tag(tag) if tag.group() % 2 == 1))
    }
}

/// The UID that the dates of an instance move by.
fn scope_uid(scope: &Scope<'_>, of: rule::Scope) -> String {
    match of {
        rule::Scope::Study => scope.root_text(tags::STUDY_INSTANCE_UID),
        rule::Scope::Series => scope.root_text(tags::SERIES_INSTANCE_UID),
        rule::Scope::Instance => scope.root_text(tags::SOP_INSTANCE_UID),
    }
}
