//! What a script decides about one instance, worked out before the walk: its functions look at other elements, while all of them stand.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use dicom_core::header::Header;
use dicom_core::{Tag, VR};
use isocenter_dcm::{Dataset, Element};

use super::names::{creator_of, shown};
use super::scope::{Scope, Subject};
use super::{Dialect, IDS_AND_MARKERS, LetOut};
use crate::deidentifier::walk::judged_as;
use crate::element::of_text;
use crate::rules::{At, Decision, Original, Refusal, Rules};

/// What a script says of an element.
pub(super) struct Verdict {
    pub(super) decision: Decision,
    /// Whether the items of a sequence that stays are judged; else they are kept.
    pub(super) enters: bool,
}

impl From<Decision> for Verdict {
    fn from(decision: Decision) -> Self {
        Self { decision, enters: true }
    }
}

/// A script that judges element by element, and may look around.
pub(super) trait Judge: fmt::Debug + Send + Sync {
    /// What is to be done with an element.
    fn judge(&self, scope: &Scope<'_>, subject: &Subject<'_>) -> Result<Verdict, Refusal>;

    /// Elements that the top level gets besides; asked before all others.
    fn added(&self, _scope: &Scope<'_>) -> Result<Vec<Element>, Refusal> {
        Ok(Vec::new())
    }

    /// See [`Dialect::lets_out`].
    fn lets_out(&self, tag: Tag) -> LetOut;

    /// See [`Dialect::lets_out_private`].
    fn lets_out_private(&self) -> bool;
}

/// A judge as rules.
#[derive(Debug)]
pub(super) struct Judged<J>(pub(super) J);

impl<J: Judge> Rules for Judged<J> {
    /// For one instance alone: nothing stays without it.
    fn decide(&self, _at: &At<'_>) -> Decision {
        Decision::Remove
    }

    fn for_instance(&self, original: &Original<'_>) -> Result<Option<Box<dyn Rules>>, Refusal> {
        let lists = OnceCell::new();
        let scope = Scope { original, dataset: original.dataset, path: &[], lists: &lists };
        let mut plan = Plan { added: self.0.added(&scope)?, ..Plan::default() };
        plan.dataset(&self.0, &scope, &[])?;
        Ok(Some(Box::new(plan)))
    }
}

impl<J: Judge + 'static> Dialect for Judged<J> {
    fn lets_out(&self, tag: Tag) -> LetOut {
        self.0.lets_out(tag)
    }

    fn lets_out_private(&self) -> bool {
        self.0.lets_out_private()
    }

    fn as_rules(self: Arc<Self>) -> Arc<dyn Rules> {
        self
    }
}

/// What was decided. A place is the tags from the top level down with the number of the item behind each but the last.
#[derive(Default)]
struct Plan {
    /// All that does not simply stay.
    decisions: HashMap<Vec<u32>, Decision>,
    /// Data sets that were judged, or whose elements all stay.
    seen: HashSet<Vec<u32>>,
    added: Vec<Element>,
}

/// How much there is: the values are a patient's.
impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan").field("decisions", &self.decisions.len()).finish_non_exhaustive()
    }
}

impl Plan {
    fn dataset(&mut self, judge: &impl Judge, scope: &Scope<'_>, place: &[u32]) -> Result<(), Refusal> {
        self.seen.insert(place.to_vec());
        for element in scope.dataset.iter() {
            let tag = element.tag();
            let creator = creator_of(scope.dataset, tag);
            let vr = judged_as(element, creator.as_deref());
            let subject = Subject { element, vr, creator: creator.as_deref() };
            let Verdict { decision, enters } = match always_gone(tag) {
                true => Decision::Remove.into(),
                false => judge.judge(scope, &subject)?,
            };
            check(tag, vr, &decision)?;
            let here: Vec<u32> = place.iter().copied().chain([number(tag)]).collect();
            if vr == VR::SQ && stays(&decision) {
                let path: Vec<Tag> = scope.path.iter().copied().chain([tag]).collect();
                for (n, item) in element.items().unwrap_or_default().iter().enumerate() {
                    let place: Vec<u32> = here.iter().copied().chain([n as u32]).collect();
                    let inner = Scope { dataset: item, path: &path, ..*scope };
                    if enters { self.dataset(judge, &inner, &place)? } else { self.kept(item, place) }
                }
            }
            if decision != Decision::Keep {
                self.decisions.insert(here, decision);
            }
        }
        Ok(())
    }

    /// A data set that nobody judges.
    fn kept(&mut self, dataset: &Dataset, place: Vec<u32>) {
        for element in dataset.iter() {
            let here: Vec<u32> = place.iter().copied().chain([number(element.tag())]).collect();
            for (n, item) in element.items().unwrap_or_default().iter().enumerate() {
                self.kept(item, here.iter().copied().chain([n as u32]).collect());
            }
            if always_gone(element.tag()) {
                self.decisions.insert(here, Decision::Remove);
            }
        }
        self.seen.insert(place);
    }
}

impl Rules for Plan {
    fn decide(&self, at: &At<'_>) -> Decision {
        let mut place = Vec::with_capacity(2 * at.path.len());
        for (n, tag) in at.path.iter().enumerate() {
            place.push(number(*tag));
            place.extend(at.items.get(n).map(|item| *item as u32));
        }
        if let Some(decision) = self.decisions.get(&place) {
            return decision.clone();
        }
        place.pop();
        if self.seen.contains(&place) { Decision::Keep } else { Decision::Remove }
    }

    fn added(&self) -> Vec<Element> {
        self.added.clone()
    }

    fn writes(&self, tag: Tag) -> bool {
        IDS_AND_MARKERS.contains(&tag)
    }
}

/// What no script keeps: command, meta and directory groups, group lengths.
fn always_gone(tag: Tag) -> bool {
    tag.group() < 0x0008 || tag.element() == 0
}

/// Whether a sequence stays with its items.
fn stays(decision: &Decision) -> bool {
    matches!(
        decision,
        Decision::Keep | Decision::Leave | Decision::Retain | Decision::Clean | Decision::Uid | Decision::Dummy
    )
}

/// A value has to be one of its VR: what took its place as text would be lost, or the original would stay.
fn check(tag: Tag, vr: VR, decision: &Decision) -> Result<(), Refusal> {
    let Decision::Replace(values) = decision else { return Ok(()) };
    if values.0.is_empty() || of_text(tag, vr, &values.0).is_some() {
        return Ok(());
    }
    let what = if vr == VR::SQ { "a text for a sequence" } else { "no value of its value representation" };
    Err(Refusal::Failed { place: shown(tag), function: "the script", what })
}

fn number(tag: Tag) -> u32 {
    u32::from(tag.group()) << 16 | u32::from(tag.element())
}
