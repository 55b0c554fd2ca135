//! Recipes of pydicom's deid.
//!
//! `%header` acts on every element, in items too, line by line; what no line names stays, searched for what is known of the patients. `KEEP` goes before all, and an element that `REPLACE`
//! or `JITTER` names is not removed. Filters with `coordinates` or `ctpcoordinates` blank their rectangles; those of the group `blacklist` keep an instance out. Functions (`func:`) are Python and are refused, but
//! `deid_func:jitter` and `deid_func:pydicom_uuid`, which is keyed here. Values of a `%values` list are looked for as they are, not as regular expressions.
//!
//! Source: the documentation and the behaviour of deid 0.4.

mod fields;
mod filter;
mod parse;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dicom_core::header::Header;
use dicom_core::{Tag, VR};
use isocenter_dcm::{Dataset, Element};

use self::fields::{Field, Fields};
use self::parse::{Action, Given, Line, List, Recipe};
use super::names::shown;
use super::plan::{Judge, Judged, Verdict};
use super::scope::{Scope, Subject, text_of};
use super::{Error, LetOut, Parts, Settings, values};
use crate::element::{empty, of_text};
use crate::pixels::{Cleaning, Search, Signature};
use crate::profile::{Profile, ProfileOption};
use crate::rules::{Decision, Refusal, Values};
use crate::table;

/// Reads a recipe.
pub(super) fn read(text: &str, settings: &Settings) -> Result<Parts, Error> {
    let (recipe, mut remarks) = parse::recipe(text, settings)?;
    let filters = filter::of(&recipe.labels)?;
    remarks.extend(filters.remarks);
    let profile = match filters.pixels.is_some() {
        true => Profile::basic().with(ProfileOption::CleanPixelData),
        false => Profile::basic(),
    };
    let cleaning = filters.pixels.map(|rules| Cleaning::new().search(Search::None).rules(rules));
    let judged = Judged(Deid { recipe, refuses: filters.refuses });
    Ok(Parts { profile, cleaning, remarks, ..Parts::of(Arc::new(judged)) })
}

#[derive(Clone, Debug)]
struct Deid {
    recipe: Recipe,
    /// Filters that keep an instance out, by name.
    refuses: Vec<(String, Signature)>,
}

/// What an element has come to, line by line.
enum State {
    AsItWas,
    Gone,
    Text(String),
}

/// Elements that no line reaches.
const PROTECTED: [Tag; 5] =
    [Tag(0x7FE0, 0x0010), Tag(0x0028, 0x1201), Tag(0x0028, 0x1202), Tag(0x0028, 0x1203), Tag(0x0028, 0x3010)];

impl Deid {
    /// Whether a line is about an element.
    fn reaches(&self, line: &Line, element: &Named<'_>, scope: &Scope<'_>) -> bool {
        match &line.fields {
            Fields::Of(field) => field.matches(element),
            Fields::List(name) => {
                let list = self.recipe.fields.iter().filter(|list| list.name == *name);
                list.flat_map(|list| &list.entries).any(|entry| entry.field.matches(element))
            }
            Fields::Values(name) => {
                let text = element.text.to_lowercase();
                let lists = scope.lists.get_or_init(|| self.lists(scope));
                lists.get(name).is_some_and(|values| values.iter().any(|value| text.contains(value)))
            }
        }
    }

    /// The values of all lists, in small letters; those of the instance at hand.
    fn lists(&self, scope: &Scope<'_>) -> BTreeMap<String, BTreeSet<String>> {
        let mut lists: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for list in &self.recipe.values {
            let found = lists.entry(list.name.clone()).or_default();
            gather(list, scope.original.dataset, &mut Vec::new(), found);
        }
        lists
    }

    fn state(&self, scope: &Scope<'_>, subject: &Subject<'_>, named: &Named<'_>) -> Result<State, Refusal> {
        let mut state = State::AsItWas;
        for line in &self.recipe.lines {
            let is_added = line.action == Action::Add
                && scope.is_top()
                && matches!(&line.fields, Fields::Of(Field::Exact { tag: Some(tag), .. }) if *tag == subject.tag());
            if is_added {
                state = State::Text(self.given(line, named, scope)?);
                continue;
            }
            if line.action == Action::Add || matches!(state, State::Gone) || !self.reaches(line, named, scope) {
                continue;
            }
            match line.action {
                Action::Add | Action::Keep => {}
                Action::Blank => state = State::Text(String::new()),
                Action::Remove => {
                    let changes = |other: &&Line| matches!(other.action, Action::Replace | Action::Jitter);
                    let is_changed =
                        self.recipe.lines.iter().filter(changes).any(|line| self.reaches(line, named, scope));
                    if !is_changed {
                        state = State::Gone;
                    }
                }
                Action::Replace => state = State::Text(self.given(line, named, scope)?),
                Action::Jitter => {
                    let old = match &state {
                        State::Text(text) => text.clone(),
                        _ => named.text.clone(),
                    };
                    if !old.trim().is_empty() {
                        state = State::Text(moved(&old, &line.given, subject)?);
                    }
                }
            }
        }
        Ok(state)
    }

    /// The value that a line gives.
    fn given(&self, line: &Line, named: &Named<'_>, scope: &Scope<'_>) -> Result<String, Refusal> {
        match &line.given {
            Given::Text(text) => Ok(text.clone()),
            Given::Uid => {
                let parts = named.text.split('\\').map(|part| scope.names().uid(part.trim()));
                Ok(parts.collect::<Vec<_>>().join("\\"))
            }
            Given::Days(days) => {
                let what = "no date";
                let wrong = || Refusal::Failed { place: line.place.clone(), function: "jitter", what };
                values::moved(&named.text, *days).ok_or_else(wrong)
            }
            Given::Nothing => Ok(String::new()),
        }
    }
}

/// An element and its names.
struct Named<'a> {
    tag: Tag,
    vr: VR,
    creator: Option<&'a str>,
    /// Keyword, behind those of the sequences around it and two underscores each.
    nested: String,
    /// All that it is called.
    names: Vec<String>,
    text: String,
}

impl<'a> Named<'a> {
    fn of(path: &[Tag], tag: Tag, vr: VR, creator: Option<&'a str>, element: &Element) -> Self {
        let keyword = |tag: &Tag| table::dictionary(*tag).map_or("", |(_, keyword)| keyword);
        let nested: Vec<&str> = path.iter().map(keyword).chain([keyword(&tag)]).collect();
        Self::called(tag, vr, creator, nested.join("__"), text_of(element))
    }

    fn called(tag: Tag, vr: VR, creator: Option<&'a str>, nested: String, text: String) -> Self {
        Self { tag, vr, creator, names: fields::names(tag, creator, &nested), nested, text }
    }
}

/// A date moved; the offset of a number of days in a text that is none keeps the instance out.
fn moved(text: &str, given: &Given, subject: &Subject<'_>) -> Result<String, Refusal> {
    let Given::Days(days) = given else { return Ok(text.to_owned()) };
    let what = "no date";
    values::moved(text, *days).ok_or_else(|| Refusal::Failed { place: shown(subject.tag()), function: "JITTER", what })
}

/// Values that a list names, of all elements and items.
fn gather(list: &List, dataset: &Dataset, path: &mut Vec<Tag>, into: &mut BTreeSet<String>) {
    for element in dataset.iter() {
        let creator = super::names::creator_of(dataset, element.tag());
        let named = Named::of(path, element.tag(), element.vr(), creator.as_deref(), element);
        for entry in list.entries.iter().filter(|entry| entry.field.matches(&named)) {
            let parts: Vec<&str> = match &entry.split {
                Some(split) => named.text.split(split.as_str()).collect(),
                None => named.text.split('\\').collect(),
            };
            let kept = parts.iter().map(|part| part.trim()).filter(|part| part.chars().count() >= entry.least.max(1));
            into.extend(kept.map(str::to_lowercase));
        }
        path.push(element.tag());
        for item in element.items().unwrap_or_default() {
            gather(list, item, path, into);
        }
        path.pop();
    }
}

impl Judge for Deid {
    fn judge(&self, scope: &Scope<'_>, subject: &Subject<'_>) -> Result<Verdict, Refusal> {
        let tag = subject.tag();
        if PROTECTED.contains(&tag) {
            return Ok(Decision::Keep.into());
        }
        let named = Named::of(scope.path, tag, subject.vr, subject.creator, subject.element);
        let keeps = |line: &&Line| line.action == Action::Keep;
        if self.recipe.lines.iter().filter(keeps).any(|line| self.reaches(line, &named, scope)) {
            return Ok(Decision::Leave.into());
        }
        Ok(match self.state(scope, subject, &named)? {
            State::AsItWas => Decision::Keep.into(),
            State::Gone => Decision::Remove.into(),
            State::Text(text) => Decision::Replace(Values::of(text.trim())).into(),
        })
    }

    fn added(&self, scope: &Scope<'_>) -> Result<Vec<Element>, Refusal> {
        if let Some((name, _)) = self.refuses.iter().find(|(_, signature)| signature.applies(scope.original.dataset)) {
            return Err(Refusal::Filtered { place: name.clone() });
        }
        let mut added = Vec::new();
        for line in self.recipe.lines.iter().filter(|line| line.action == Action::Add) {
            let Fields::Of(Field::Exact { tag: Some(tag), .. }) = &line.fields else { continue };
            if tag.group() < 0x0008 || scope.dataset.get(*tag).is_some() {
                continue;
            }
            let Given::Text(text) = &line.given else { continue };
            let vr = table::dictionary(*tag).map_or(VR::LO, |(vr, _)| vr);
            let values = Values::of(text.trim());
            let what = "no value of its value representation";
            let wrong = || Refusal::Failed { place: line.place.clone(), function: "ADD", what };
            added.push(match values.0.is_empty() {
                true => empty(*tag, vr),
                false => of_text(*tag, vr, &values.0).ok_or_else(wrong)?,
            });
        }
        Ok(added)
    }

    fn lets_out(&self, tag: Tag) -> LetOut {
        let (vr, keyword) = table::dictionary(tag).unwrap_or((VR::UN, ""));
        let named = Named::called(tag, vr, None, keyword.to_owned(), String::new());
        let about = |line: &&Line| match &line.fields {
            Fields::Of(field) => field.matches(&named),
            Fields::List(name) => {
                let list = self.recipe.fields.iter().filter(|list| list.name == *name);
                list.flat_map(|list| &list.entries).any(|entry| entry.field.matches(&named))
            }
            // whether it holds a listed value is told by the instance
            Fields::Values(_) => false,
        };
        let lines: Vec<&Line> = self.recipe.lines.iter().filter(about).collect();
        let has = |action: Action| lines.iter().any(|line| line.action == action);
        match lines.is_empty() {
            true => LetOut::Unnamed,
            false if has(Action::Keep) || has(Action::Jitter) => LetOut::Named,
            false => LetOut::No,
        }
    }

    fn lets_out_private(&self) -> bool {
        true
    }
}
