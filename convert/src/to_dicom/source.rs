//! Where the attributes of an object come from that the volume does not know: a reference series, a template, or both.

use std::collections::{BTreeMap, BTreeSet};

use isocenter_dcm::{Dataset, Element, Tag, tags, value};

use super::{error::Error, grammar, template::Template};

/// A reference series, a template, or both. Whose the images are is taken from here and from nowhere else; a template's attribute
/// counts before the reference's.
#[derive(Clone)]
pub struct Source {
    template: Template,
    instances: Vec<Dataset>,
    common: Dataset,
    dropped: BTreeSet<Tag>,
}

impl std::fmt::Debug for Source {
    /// Prints numbers and no value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("template", &self.template)
            .field("instances", &self.instances.len())
            .finish_non_exhaustive()
    }
}

impl Default for Source {
    /// Nothing is known: an object of it has nobody's images.
    fn default() -> Self {
        Self::of_template(Template::default())
    }
}

impl Source {
    /// The headers of instances of one study of one patient. Pixels, overlays and private elements are not kept.
    ///
    /// # Errors
    /// [`Error::Reference`] for no instance, one without its UIDs, or instances of two studies or patients.
    pub fn of_reference<'a>(headers: impl IntoIterator<Item = &'a Dataset>) -> Result<Self, Error> {
        let refuse = |what| Err(Error::Reference { what });
        let mut dropped = BTreeSet::new();
        let instances: Vec<Dataset> = headers.into_iter().map(|header| kept(header, &mut dropped)).collect();
        let Some(first) = instances.first() else { return refuse("it has no instance") };
        let uids = [tags::SOP_CLASS_UID, tags::SOP_INSTANCE_UID, tags::SERIES_INSTANCE_UID, tags::STUDY_INSTANCE_UID];
        if instances.iter().any(|instance| uids.iter().any(|&tag| value::string(instance, tag).is_none())) {
            return refuse("an instance lacks a UID of its class, study, series or its own");
        }
        let agree = |tag: Tag| {
            let of_first = value::string(first, tag);
            instances.iter().all(|instance| value::string(instance, tag) == of_first)
        };
        if !agree(tags::STUDY_INSTANCE_UID) {
            return refuse("its instances are of more than one study");
        }
        if !agree(tags::PATIENT_ID) || !agree(tags::PATIENT_NAME) {
            return refuse("its instances are of more than one patient");
        }
        let distinct: BTreeSet<_> = instances.iter().filter_map(|i| value::string(i, tags::SOP_INSTANCE_UID)).collect();
        if distinct.len() < instances.len() {
            return refuse("an instance is in it twice");
        }
        let shared =
            |element: &&Element| instances.iter().all(|instance| instance.get(element.header().tag) == Some(*element));
        let common = Dataset::from_element_iter(first.iter().filter(shared).cloned());
        Ok(Self { template: Template::default(), common, instances, dropped })
    }

    /// A template alone.
    pub fn of_template(template: Template) -> Self {
        Self { template, instances: Vec::new(), common: Dataset::new_empty(), dropped: BTreeSet::new() }
    }

    /// Lets a template's attributes count before those of the reference.
    #[must_use]
    pub fn with_template(mut self, template: Template) -> Self {
        self.template = template;
        self
    }

    /// The element of a tag that has a value: the template's, that of the instance at the plane's place, or what all instances
    /// agree on.
    pub(super) fn get(&self, tag: Tag, instance: Option<usize>) -> Option<&Element> {
        let own = || self.instances.get(instance?)?.get(tag);
        let found = self.template.dataset().get(tag).or_else(own).or_else(|| self.common.get(tag))?;
        has_value(found).then_some(found)
    }

    /// The first value as text.
    pub(super) fn string(&self, tag: Tag, instance: Option<usize>) -> Option<String> {
        let one = Dataset::from_element_iter(self.get(tag, instance).cloned());
        value::string(&one, tag)
    }

    /// All values as text.
    pub(super) fn strings(&self, tag: Tag, instance: Option<usize>) -> Vec<String> {
        let one = Dataset::from_element_iter(self.get(tag, instance).cloned());
        value::strings(&one, tag)
    }

    /// The first value as a number.
    pub(super) fn number(&self, tag: Tag, instance: Option<usize>) -> Option<f64> {
        let one = Dataset::from_element_iter(self.get(tag, instance).cloned());
        value::f64(&one, tag)
    }

    pub(super) const fn template(&self) -> &Template {
        &self.template
    }

    pub(super) fn instances(&self) -> &[Dataset] {
        &self.instances
    }

    /// Attributes of the reference whose values were none of their VR.
    pub(super) fn dropped(&self) -> impl Iterator<Item = Tag> + '_ {
        self.dropped.iter().copied()
    }

    /// Instances by series: the UID of each series, and class and UID of its instances.
    pub(super) fn series(&self) -> BTreeMap<String, Vec<[String; 2]>> {
        let mut series: BTreeMap<String, Vec<[String; 2]>> = BTreeMap::new();
        for instance in &self.instances {
            let uid = |tag| value::string(instance, tag).unwrap_or_default();
            let of_series = series.entry(uid(tags::SERIES_INSTANCE_UID)).or_default();
            of_series.push([uid(tags::SOP_CLASS_UID), uid(tags::SOP_INSTANCE_UID)]);
        }
        series
    }
}

/// Whether an element has a value; a sequence, an item.
pub(super) fn has_value(element: &Element) -> bool {
    match element.items() {
        Some(items) => !items.is_empty(),
        None if is_binary(element) => !value::bytes(element).is_empty(),
        None => !value::bytes(element).iter().all(|b| matches!(b, b' ' | 0 | b'\\')),
    }
}

fn is_binary(element: &Element) -> bool {
    use isocenter_dcm::VR;
    matches!(element.vr(), VR::US | VR::SS | VR::UL | VR::SL | VR::FL | VR::FD | VR::AT)
}

/// The public elements of a header that are of their VR, pixels and overlays apart.
fn kept(header: &Dataset, dropped: &mut BTreeSet<Tag>) -> Dataset {
    let is_public =
        |tag: Tag| tag.group() > 2 && tag.group().is_multiple_of(2) && tag.group() < 0x5000 && tag.element() != 0;
    let mut ds = Dataset::new_empty();
    for element in header.iter().filter(|element| is_public(element.header().tag)) {
        if grammar::is_sound(element) {
            ds.put(element.clone());
        } else {
            dropped.insert(element.header().tag);
        }
    }
    ds
}
