//! Where a header states something of one frame.

use isocenter_dcm::{Dataset, Element, FunctionalGroups, Tag, VR, tags, value};

use crate::facts::single;

/// The header of one frame: of an enhanced image its own groups, then those of all frames, then the top level; of any other image the
/// top level, and what Philips keeps beside it of the enhanced image that it was made from, (2005,xx0F).
pub(super) struct Header<'a> {
    pub(super) ds: &'a Dataset,
    groups: FunctionalGroups<'a>,
    frame: usize,
}

/// A private element: its group, who may have made it, its low byte and the block that it usually has.
#[derive(Clone, Copy)]
pub(super) struct Own {
    pub(super) group: u16,
    pub(super) creators: &'static [&'static str],
    pub(super) element: u8,
    pub(super) block: u8,
}

impl<'a> Header<'a> {
    pub(super) fn of(ds: &'a Dataset, frame: usize) -> Self {
        Self { ds, groups: FunctionalGroups::new(ds), frame }
    }

    /// Whether the image is an enhanced one, with groups for its frames.
    pub(super) fn is_enhanced(&self) -> bool {
        self.groups.is_enhanced()
    }

    /// What `of` finds first.
    fn search<T>(&self, of: impl Fn(&'a Dataset) -> Option<T>) -> Option<T> {
        let groups = [self.groups.of_frame(self.frame), self.groups.shared()];
        let grouped = groups.into_iter().flatten().find_map(|group| within(group, &of, DEEPEST));
        grouped.or_else(|| of(self.ds)).or_else(|| {
            let tag = value::private_tag(self.ds, 0x2005, "Philips MR Imaging DD 005", 0x0F).unwrap_or(BESIDE);
            value::sequence(self.ds, tag)?.iter().find_map(|item| within(item, &of, DEEPEST))
        })
    }

    fn element(&self, tag: Tag) -> Option<&'a Element> {
        self.search(|ds| ds.get(tag).filter(|element| !is_empty(element)))
    }

    /// All numbers of an element; empty where one of them is none.
    pub(super) fn numbers(&self, tag: Tag) -> Vec<f64> {
        self.element(tag).and_then(stated).unwrap_or_default()
    }

    /// The first number of an element.
    pub(super) fn number(&self, tag: Tag) -> Option<f64> {
        self.numbers(tag).first().copied().filter(|v| v.is_finite())
    }

    /// An element as text, its values kept apart as in the file.
    pub(super) fn text(&self, tag: Tag) -> Option<String> {
        self.search(|ds| {
            let values = value::strings(ds, tag);
            (!values.is_empty()).then(|| values.join("\\"))
        })
    }

    /// The tag of a private element in a data set: where its creator reserved it, or, where nobody reserved the usual block (a file that
    /// has lost its creators), there.
    fn own_tag(ds: &Dataset, own: Own) -> Option<Tag> {
        let reserved = own.creators.iter().find_map(|name| value::private_tag(ds, own.group, name, own.element));
        let is_free = || value::string(ds, Tag(own.group, u16::from(own.block))).is_none();
        let usual = Tag(own.group, u16::from(own.block) << 8 | u16::from(own.element));
        reserved.or_else(|| is_free().then_some(usual))
    }

    fn own_element(&self, own: Own) -> Option<&'a Element> {
        self.search(|ds| ds.get(Self::own_tag(ds, own)?).filter(|element| !is_empty(element)))
    }

    /// All numbers of a private element, also where they are bytes or text of an unknown one.
    pub(super) fn own_numbers(&self, own: Own) -> Vec<f64> {
        let parse = |element: &Element| {
            let bytes = value::bytes(element);
            let text = String::from_utf8_lossy(&bytes);
            let parts = text.trim_matches(['\0', ' ']).split('\\').map(|part| part.trim().parse().ok());
            parts.collect::<Option<Vec<f64>>>()
        };
        let numbers = self
            .own_element(own)
            .and_then(|e| stated(e).filter(|n| !n.is_empty()).or_else(|| parse(e)).or_else(|| doubles(e)));
        numbers.filter(|all| all.iter().all(|v| v.is_finite())).unwrap_or_default()
    }

    /// The first number of a private element, also where words follow it.
    pub(super) fn own_number(&self, own: Own) -> Option<f64> {
        let first = || self.own_text(own)?.split('\\').next()?.trim().parse().ok().filter(|v: &f64| v.is_finite());
        self.own_numbers(own).first().copied().or_else(first)
    }

    /// A private element as text.
    pub(super) fn own_text(&self, own: Own) -> Option<String> {
        let bytes = self.own_bytes(own)?;
        let text = String::from_utf8_lossy(&bytes).trim_matches(['\0', ' ']).to_owned();
        (!text.is_empty()).then_some(text)
    }

    /// The bytes of a private element.
    pub(super) fn own_bytes(&self, own: Own) -> Option<Vec<u8>> {
        self.own_element(own).map(value::bytes)
    }

    /// When the frame was acquired: seconds of the day, or of an epoch where the header states a date and time of each frame.
    pub(super) fn acquired_s(&self) -> Option<f64> {
        use crate::facts::clock;
        let stated = self.search(|ds| clock::date_time(ds, tags::FRAME_ACQUISITION_DATE_TIME, clock::zone(self.ds)));
        stated.or_else(|| clock::time(self.ds, tags::ACQUISITION_TIME)).map(clock::seconds)
    }
}

/// The numbers of an element, those of single precision as the shortest decimals that give them.
fn stated(element: &Element) -> Option<Vec<f64>> {
    let found = value::numbers(element)?;
    let is_single = matches!(element.vr(), VR::FL | VR::OF | VR::UN);
    Some(if is_single { found.into_iter().map(single::shortest).collect() } else { found })
}

/// Numbers of double precision in an element of unknown representation, as implicit files have several of them.
fn doubles(element: &Element) -> Option<Vec<f64>> {
    let bytes = value::bytes(element);
    let (parts, rest) = bytes.as_chunks::<8>();
    let is_array = element.vr() == VR::UN && rest.is_empty() && !parts.is_empty();
    let found = || parts.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect::<Vec<_>>();
    is_array.then(found).filter(|all| all.iter().all(|v| v.is_finite()))
}

fn is_empty(element: &Element) -> bool {
    element.value().primitive().is_some_and(|value| value.multiplicity() == 0)
}

/// What `of` finds first in the items of a data set, the nearest first.
fn within<'a, T>(ds: &'a Dataset, of: &impl Fn(&'a Dataset) -> Option<T>, depth: usize) -> Option<T> {
    let items = || ds.iter().filter_map(|element| element.items()).flatten();
    of(ds)
        .or_else(|| items().find_map(of))
        .or_else(|| if depth == 0 { None } else { items().find_map(|item| within(item, of, depth - 1)) })
}

/// Where Philips keeps what it makes single images from.
const BESIDE: Tag = Tag(0x2005, 0x140F);

/// Philips keeps the classic header of a frame in a sequence of its group, one level below the public groups.
const DEEPEST: usize = 2;
