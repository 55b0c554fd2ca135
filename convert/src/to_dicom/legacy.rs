//! Legacy converted enhanced images: the instances of a classic series as the frames of one.
//!
//! Every frame is the counterpart of the instance that lies at its place. What the functional groups have no place for stays in the
//! groups of unassigned converted attributes: what all instances share once, the rest frame by frame.
//!
//! Source: DICOM PS3.3 A.70 to A.72 (IODs), C.7.6.16.2.25.1 and .2 (unassigned attributes), C.7.6.16.2.26 (conversion source).

use isocenter_dcm::{Dataset, Tag, tags, value};

use super::{common, enhanced, error::Error, frames::Groups, job::Job, kind::Branch, put, template::OWN};

pub(super) fn object(job: &Job<'_>) -> Result<Dataset, Error> {
    let pairs = job.pairs.as_ref().ok_or(Error::Unpaired { plane: 0 })?;
    let mut ds = common::object(job, 0, job.kind.sop_class_uid(), None)?;
    let first = pairs.first().copied();
    let words = type_words(job, first);
    put::text(&mut ds, tags::IMAGE_TYPE, words.join("\\"));
    enhanced::description(job, &mut ds);
    if job.kind.branch() != Branch::Mr {
        ds.remove_element(tags::COMPLEX_IMAGE_COMPONENT);
    }
    job.carry_or_assume(&mut ds, tags::CONTENT_QUALIFICATION, "RESEARCH", None);
    put::text(&mut ds, tags::PRESENTATION_LUT_SHAPE, "IDENTITY");
    put::items(&mut ds, tags::ACQUISITION_CONTEXT_SEQUENCE, Vec::new());
    ds.remove_element(tags::DERIVATION_DESCRIPTION);
    let mut groups = Groups::of(job);
    put::item(&mut groups.shared, enhanced::frame_type(job.kind.branch()), |item| {
        put::text(item, tags::FRAME_TYPE, words.join("\\"));
        enhanced::description(job, item);
    });
    let rescale_type = common::rescale_type(job);
    groups.scaling(job, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, |item, plane| {
        common::rescale(job, item, plane, Some(&rescale_type));
    });
    if job.kind.branch() == Branch::Mr {
        enhanced::weightings(job, &mut groups);
    }
    let shared = unassigned(&ds, job.source.instances(), true, first.unwrap_or(0));
    put::items(&mut groups.shared, tags::UNASSIGNED_SHARED_CONVERTED_ATTRIBUTES_SEQUENCE, vec![shared]);
    for (group, place) in groups.frames.iter_mut().zip(job.places()) {
        let Some(instance) = place.instance else { return Err(Error::Unpaired { plane: place.plane }) };
        let own = unassigned(&ds, job.source.instances(), false, instance);
        put::items(group, tags::UNASSIGNED_PER_FRAME_CONVERTED_ATTRIBUTES_SEQUENCE, vec![own]);
        let source = job.source.instances().get(instance);
        put::item(group, tags::CONVERSION_SOURCE_ATTRIBUTES_SEQUENCE, |item| {
            for (from, to) in [
                (tags::SOP_CLASS_UID, tags::REFERENCED_SOP_CLASS_UID),
                (tags::SOP_INSTANCE_UID, tags::REFERENCED_SOP_INSTANCE_UID),
            ] {
                put::text(item, to, source.and_then(|source| value::string(source, from)).unwrap_or_default());
            }
        });
    }
    common::rest_of_template(job, &mut ds);
    groups.finish(job, &mut ds)?;
    Ok(ds)
}

/// The first instance's own words, four of them.
fn type_words(job: &Job<'_>, first: Option<usize>) -> Vec<String> {
    let mut words = job.source.strings(tags::IMAGE_TYPE, first);
    words.retain(|word| !word.is_empty());
    words.resize(4, "NONE".to_owned());
    for (at, allowed, other) in [(0, &["ORIGINAL", "DERIVED"][..], "DERIVED"), (1, &["PRIMARY"][..], "PRIMARY")] {
        if let Some(word) = words.get_mut(at).filter(|word| !allowed.contains(&word.as_str())) {
            *word = other.to_owned();
        }
    }
    words
}

/// Attributes of an instance that have no other place: those that all instances share, or those that they do not.
fn unassigned(ds: &Dataset, instances: &[Dataset], shared: bool, at: usize) -> Dataset {
    let Some(instance) = instances.get(at) else { return Dataset::new_empty() };
    let is_open = |tag: Tag| tag.group() > 0x0008 || MOMENT.contains(&tag);
    let elements = instance.iter().filter(|element| {
        let tag = element.header().tag;
        let placed = OWN.contains(&tag) || ds.get(tag).is_some() || PLACED.contains(&tag);
        let agreed = || instances.iter().all(|other| other.get(tag) == Some(*element));
        is_open(tag) && !placed && agreed() == shared
    });
    Dataset::from_element_iter(elements.cloned())
}

const MOMENT: [Tag; 4] =
    [tags::ACQUISITION_DATE, tags::ACQUISITION_TIME, tags::ACQUISITION_DATE_TIME, tags::IMAGE_COMMENTS];

/// What stands in a functional group.
const PLACED: [Tag; 4] =
    [tags::SLICE_THICKNESS, tags::FRAME_OF_REFERENCE_UID, tags::SOURCE_IMAGE_SEQUENCE, tags::DERIVATION_DESCRIPTION];
