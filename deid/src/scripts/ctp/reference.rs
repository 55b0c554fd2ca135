//! How an argument names an element.

use std::collections::BTreeMap;

use dicom_core::Tag;
use isocenter_dcm::{Dataset, value};

use crate::scripts::names::{creator_of, tag_of};
use crate::scripts::scope::Scope;
use crate::scripts::selector::Selector;

/// An element: `this`, a name, a path of names through the first items of sequences (`RefStudySeq::StudyInstanceUID`), all of them from the top level with `root:`.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    from_root: bool,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    This,
    Of(Selector),
}

impl Reference {
    /// Reads it; `names` are those that the script itself gives to elements.
    pub(super) fn parse(text: &str, names: &BTreeMap<String, Tag>) -> Option<Self> {
        let text = text.trim();
        let (from_root, text) = match text.strip_prefix("root:") {
            Some(rest) => (true, rest.trim()),
            None => (false, text),
        };
        let step = |part: &str| match part.trim() {
            "" | "this" => Some(Step::This),
            part => {
                let own = || names.get(part).copied().map(Selector::Tag);
                tag_of(part).map(Selector::Tag).or_else(own).or_else(|| Selector::parse(part)).map(Step::Of)
            }
        };
        let steps: Option<Vec<Step>> = text.split("::").map(step).collect();
        Some(Self { from_root, steps: steps? })
    }

    /// The tag of its last step; `this` where it is the element at hand.
    pub(super) fn tag(&self, this: Tag, dataset: Option<&Dataset>) -> Option<Tag> {
        match self.steps.last()? {
            Step::This => Some(this),
            Step::Of(selector) => tag_in(selector, dataset),
        }
    }

    /// The value, all of its parts; `None` where the element is not there.
    pub(super) fn text(&self, scope: &Scope<'_>, this: Tag) -> Option<String> {
        let mut scope = if self.from_root { scope.root() } else { *scope };
        let (last, sequences) = self.steps.split_last()?;
        for step in sequences {
            let tag = tag_at(step, this, scope.dataset)?;
            scope.dataset = value::item(scope.dataset, tag)?;
        }
        scope.text(tag_at(last, this, scope.dataset)?)
    }
}

fn tag_at(step: &Step, this: Tag, dataset: &Dataset) -> Option<Tag> {
    match step {
        Step::This => Some(this),
        Step::Of(selector) => tag_in(selector, Some(dataset)),
    }
}

fn tag_in(selector: &Selector, dataset: Option<&Dataset>) -> Option<Tag> {
    match selector {
        Selector::Tag(tag) => Some(*tag),
        Selector::Private { group, element, creator } => value::private_tag(dataset?, *group, creator, *element)
            .filter(|tag| dataset.is_some_and(|dataset| creator_of(dataset, *tag).is_some())),
        _ => None,
    }
}
