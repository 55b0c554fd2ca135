//! What the header of one frame says, wherever in it.
//!
//! A classic image has its attributes at the top level; an enhanced one has them in functional groups: those of the frame, then those
//! of all frames, then the top level. Groups of the standard come before private ones, in which makers repeat classic attributes, and
//! private sequences of the top level come last.
//! Sequences that tell of other images are not looked into.

use isocenter_dcm::{Dataset, Element, FunctionalGroups, Tag, VR, tags, value};

use crate::facts::{maker::Maker, single};

/// The header of one frame of one file.
pub(super) struct Header<'a> {
    /// The top level.
    pub(super) top: &'a Dataset,
    /// Where to look, in order.
    scopes: Vec<&'a Dataset>,
    /// Who built the scanner.
    pub(super) maker: Option<Maker>,
    /// Modality (0008,0060).
    pub(super) modality: Option<String>,
}

impl<'a> Header<'a> {
    /// The header of a frame.
    pub(super) fn new(top: &'a Dataset, frame: usize) -> Self {
        let groups = FunctionalGroups::new(top);
        let mut scopes = Vec::new();
        for group in [groups.of_frame(frame), groups.shared()].into_iter().flatten() {
            inside(group, MOST_LEVELS, &mut scopes);
        }
        scopes.push(top);
        // Philips keeps attributes of enhanced images in private sequences of classic ones
        for item in top.into_iter().filter(|e| e.header().tag.group() % 2 == 1).filter_map(|e| e.items()?.first()) {
            inside(item, MOST_LEVELS, &mut scopes);
        }
        Self { top, scopes, maker: Maker::of(top), modality: value::string(top, tags::MODALITY) }
    }

    /// The first element of a tag that has a value.
    fn element(&self, tag: Tag) -> Option<&'a Element> {
        self.scopes.iter().filter_map(|scope| scope.get(tag)).find(|element| !is_empty(element))
    }

    /// The first value as text.
    pub(super) fn string(&self, tag: Tag) -> Option<String> {
        self.scopes.iter().find_map(|scope| value::string(scope, tag))
    }

    /// All values as text; empty where there is none.
    pub(super) fn strings(&self, tag: Tag) -> Vec<String> {
        let found =
            |scope: &&Dataset| Some(value::strings(scope, tag)).filter(|v| v.iter().any(|text| !text.is_empty()));
        self.scopes.iter().find_map(found).unwrap_or_default()
    }

    /// All values as one text, parted by backslashes as in the file.
    pub(super) fn text(&self, tag: Tag) -> Option<String> {
        Some(self.strings(tag).join("\\")).filter(|text| !text.is_empty())
    }

    /// All values as numbers; empty where one of them is none.
    pub(super) fn numbers(&self, tag: Tag) -> Vec<f64> {
        self.element(tag).map(numbers_of).unwrap_or_default()
    }

    /// The first value as a number.
    pub(super) fn number(&self, tag: Tag) -> Option<f64> {
        self.numbers(tag).first().copied()
    }

    /// The first value as a number above 0.
    pub(super) fn positive(&self, tag: Tag) -> Option<f64> {
        self.number(tag).filter(|number| *number > 0.0)
    }

    /// A private element, by its creator; a de-identified file may have lost that, so the usual block is looked at as well.
    pub(super) fn private(&self, group: u16, creator: &str, element: u8) -> Option<&'a Element> {
        self.private_in(group, &[creator], 0x10, element)
    }

    /// A private element, by one of the names of its creator or in a block.
    pub(super) fn private_in(&self, group: u16, creators: &[&str], block: u16, element: u8) -> Option<&'a Element> {
        let usual = Tag(group, block << 8 | u16::from(element));
        let named = |scope: &&'a Dataset| {
            let tag = creators.iter().find_map(|creator| value::private_tag(scope, group, creator, element))?;
            scope.get(tag).filter(|element| !is_empty(element))
        };
        // a block with another creator's name is that creator's
        let unnamed = |scope: &&'a Dataset| {
            let owner = value::string(scope, Tag(group, block));
            scope.get(usual).filter(|element| owner.is_none() && !is_empty(element))
        };
        self.scopes.iter().find_map(named).or_else(|| self.scopes.iter().find_map(unnamed))
    }

    /// The first item of a sequence, wherever it is.
    pub(super) fn item(&self, sequence: Tag) -> Option<&'a Dataset> {
        self.scopes.iter().find_map(|scope| value::item(scope, sequence))
    }

    /// Whether it is of a modality.
    pub(super) fn is(&self, modality: &str) -> bool {
        self.modality.as_deref() == Some(modality)
    }

    /// Whether a scanner of this maker made it.
    pub(super) fn by(&self, maker: Maker) -> bool {
        self.maker == Some(maker)
    }
}

/// All numbers of an element; a single-precision number is the shortest decimal that gives it.
pub(super) fn numbers_of(element: &Element) -> Vec<f64> {
    let found = value::numbers(element).unwrap_or_default();
    if matches!(element.vr(), VR::FL | VR::OF | VR::UN) {
        found.into_iter().map(single::shortest).collect()
    } else {
        found
    }
}

/// The first number of an element.
pub(super) fn number_of(element: &Element) -> Option<f64> {
    numbers_of(element).first().copied()
}

/// All text of an element, its values parted by backslashes.
pub(super) fn text_of(element: &Element) -> Option<String> {
    let alone = Dataset::from_element_iter([element.clone()]);
    Some(value::strings(&alone, element.header().tag).join("\\")).filter(|text| !text.is_empty())
}

fn is_empty(element: &Element) -> bool {
    element.items().map_or_else(|| element.value().primitive().is_none_or(|v| v.multiplicity() == 0), <[_]>::is_empty)
}

/// The data set, then the first items of its sequences, public ones first.
fn inside<'a>(dataset: &'a Dataset, levels: usize, found: &mut Vec<&'a Dataset>) {
    found.push(dataset);
    if levels == 0 {
        return;
    }
    for is_private in [false, true] {
        for element in dataset {
            let tag = element.header().tag;
            if (tag.group() % 2 == 1) == is_private
                && !OF_OTHERS.contains(&tag.group())
                && let Some(item) = element.items().and_then(<[_]>::first)
            {
                inside(item, levels - 1, found);
            }
        }
    }
}

/// Groups whose sequences tell of other images, codes and former values.
const OF_OTHERS: [u16; 3] = [0x0008, 0x0088, 0x0400];

/// Groups nest no deeper: group, item of the macro, one sequence within.
const MOST_LEVELS: usize = 4;
