//! Modules that all kinds have: patient, study, series, frame of reference, equipment, image pixels, SOP common.

use isocenter_dcm::{Dataset, Tag, VR, dicom_core::PrimitiveValue, tags};
use isocenter_volume::Frame;

use super::{
    code::Code,
    error::Error,
    job::{Job, Place},
    kind::{Branch, Kind},
    lists,
    pixels::Form,
    put,
    warning::Warning,
};

/// Everything of an object but what its kind adds: `place` is the plane of an object of one plane.
pub(super) fn object(job: &Job<'_>, number: usize, class: &str, place: Option<Place>) -> Result<Dataset, Error> {
    let mut ds = Dataset::new_empty();
    put::text(&mut ds, tags::SOP_CLASS_UID, class);
    put::text(&mut ds, tags::SOP_INSTANCE_UID, job.uids.instance(number));
    put::count(&mut ds, tags::INSTANCE_NUMBER, number + 1);
    job.carry_or_empty(&mut ds, &lists::PATIENT_2, None);
    job.carry_or_empty(&mut ds, &lists::STUDY_2, None);
    job.carry(&mut ds, &lists::SUBJECT_3, None);
    job.carry(&mut ds, &[tags::STUDY_INSTANCE_UID], None);
    if ds.get(tags::STUDY_INSTANCE_UID).is_none() {
        put::text(&mut ds, tags::STUDY_INSTANCE_UID, job.uids.of("study"));
    }
    series(job, &mut ds);
    if job.volume.geometry().frame().is_patient() {
        frame_of_reference(job, &mut ds);
    }
    equipment(job, &mut ds);
    put::text(&mut ds, tags::BURNED_IN_ANNOTATION, "NO");
    job.carry(&mut ds, &[tags::LOSSY_IMAGE_COMPRESSION], None);
    if ds.get(tags::LOSSY_IMAGE_COMPRESSION).is_none() {
        put::text(&mut ds, tags::LOSSY_IMAGE_COMPRESSION, "00");
    }
    job.carry(&mut ds, &[tags::LOSSY_IMAGE_COMPRESSION_RATIO, tags::LOSSY_IMAGE_COMPRESSION_METHOD], None);
    content(job, &mut ds, place)?;
    put::text(&mut ds, tags::DERIVATION_DESCRIPTION, job.words.derivation.as_deref().unwrap_or(DERIVATION));
    Ok(ds)
}

fn series(job: &Job<'_>, ds: &mut Dataset) {
    put::text(ds, tags::SERIES_INSTANCE_UID, job.uids.series());
    let modality = job.kind.modality().map(str::to_owned);
    let modality = modality.or_else(|| match job.kind {
        Kind::ParametricMap => job.source.string(tags::MODALITY, None).or_else(|| job.volume.meta().modality.clone()),
        _ => None,
    });
    put::text(ds, tags::MODALITY, modality.unwrap_or_else(|| "OT".to_owned()));
    let stated = job.source.template().dataset().get(tags::SERIES_NUMBER).is_some();
    let of_source = job.source.number(tags::SERIES_NUMBER, None).filter(|n| (0.0..2e9).contains(n));
    let derived = of_source.map(|n| if stated { n as usize } else { n as usize + SERIES_STEP });
    let number = job.words.series_number.map(|n| n as usize).or(derived);
    put::count(ds, tags::SERIES_NUMBER, number.unwrap_or(1));
    match &job.words.series_description {
        Some(description) => put::text(ds, tags::SERIES_DESCRIPTION, &**description),
        None => job.carry(ds, &[tags::SERIES_DESCRIPTION], None),
    }
    job.carry(ds, &lists::SERIES_3, None);
    let has_groups = job.kind.is_multi_frame() && !job.kind.is_capture() && !job.kind.is_legacy();
    if !has_groups {
        // which of a pair it is, of what may be one; frames say it themselves
        match isocenter_dcm::value::string(ds, tags::BODY_PART_EXAMINED) {
            Some(part) if !PAIRED.contains(&part.as_str()) => {}
            _ => job.carry_or_empty(ds, &[tags::LATERALITY], None),
        }
    }
    // a PET has codes of the orientation instead
    if !matches!(job.kind.branch(), Branch::Other | Branch::Pet) {
        job.carry_or_empty(ds, &[tags::PATIENT_POSITION], None);
    }
}

fn frame_of_reference(job: &Job<'_>, ds: &mut Dataset) {
    let of_source = job.source.string(tags::FRAME_OF_REFERENCE_UID, None);
    let of_volume = match job.volume.geometry().frame() {
        Frame::Patient(Some(uid)) if super::grammar::is_uid(uid) => Some(uid.clone()),
        _ => None,
    };
    let is_other = of_volume.is_some() && of_source.is_some() && of_volume != of_source;
    if is_other {
        job.warn(Warning::OtherFrameOfReference);
    }
    let uid = of_volume.or(of_source).unwrap_or_else(|| job.uids.of("frame of reference"));
    put::text(ds, tags::FRAME_OF_REFERENCE_UID, uid);
    if is_other {
        put::empty(ds, tags::POSITION_REFERENCE_INDICATOR);
    } else {
        job.carry_or_empty(ds, &[tags::POSITION_REFERENCE_INDICATOR], None);
    }
}

/// What made the object. Classic and legacy converted images keep the reference's equipment; an enhanced image or a map is made here,
/// in a layout that the scanner's maker never wrote: readers go by the maker's own rules where they find its name.
fn equipment(job: &Job<'_>, ds: &mut Dataset) {
    let is_layered = job.kind.is_multi_frame() && !job.kind.is_capture();
    let is_stated = job.source.template().dataset().get(tags::MANUFACTURER).is_some();
    let is_ours = is_layered && !job.kind.is_legacy() && !is_stated;
    let scanner = job.get(tags::MANUFACTURER, None);
    if is_ours || (is_layered && scanner.is_none()) {
        own_equipment(ds);
    } else {
        job.carry_or_empty(ds, &[tags::MANUFACTURER], None);
        job.carry(ds, &lists::EQUIPMENT_3, None);
    }
    if is_layered {
        // type 1 in enhanced equipment
        for tag in [tags::MANUFACTURER_MODEL_NAME, tags::DEVICE_SERIAL_NUMBER, tags::SOFTWARE_VERSIONS] {
            job.carry_or_assume(ds, tag, "UNKNOWN", None);
        }
    }
    let contributing = |purpose: [&str; 2], fill: &dyn Fn(&mut Dataset)| {
        let mut item = Dataset::new_empty();
        Code::fixed(purpose[0], "DCM", purpose[1]).put(&mut item, tags::PURPOSE_OF_REFERENCE_CODE_SEQUENCE);
        fill(&mut item);
        item
    };
    let mut items = Vec::new();
    // dcm2niix takes a maker's name from anywhere, and puts the steps of Siemens and GE in other places then
    if is_ours && scanner.is_some() && job.steps.len() == 1 {
        items.push(contributing(["109101", "Acquisition Equipment"], &|item| {
            job.carry(item, &[tags::MANUFACTURER], None);
            job.carry(item, &lists::EQUIPMENT_3, None);
        }));
    }
    let converting = ["109106", "Enhanced Multi-frame Conversion Equipment"];
    let purpose = if job.kind.is_legacy() { converting } else { ["109102", "Processing Equipment"] };
    items.push(contributing(purpose, &|item| {
        own_equipment(item);
        put::text(item, tags::CONTRIBUTION_DESCRIPTION, "Volume written as DICOM");
    }));
    put::items(ds, tags::CONTRIBUTING_EQUIPMENT_SEQUENCE, items);
}

fn own_equipment(ds: &mut Dataset) {
    put::text(ds, tags::MANUFACTURER, "isocenter");
    put::text(ds, tags::MANUFACTURER_MODEL_NAME, env!("CARGO_PKG_NAME"));
    put::text(ds, tags::DEVICE_SERIAL_NUMBER, "0");
    put::text(ds, tags::SOFTWARE_VERSIONS, env!("CARGO_PKG_VERSION"));
}

/// Content Date and Time: those given, or the source's, or the nearest that it has.
fn content(job: &Job<'_>, ds: &mut Dataset, place: Option<Place>) -> Result<(), Error> {
    if let Some([date, time]) = &job.words.content {
        put::text(ds, tags::CONTENT_DATE, &**date);
        put::text(ds, tags::CONTENT_TIME, &**time);
        return Ok(());
    }
    let instance = place.and_then(|place| place.instance);
    let first = |list: [Tag; 4]| list.into_iter().find_map(|tag| job.source.string(tag, instance));
    let date = first([tags::CONTENT_DATE, tags::ACQUISITION_DATE, tags::SERIES_DATE, tags::STUDY_DATE]);
    let time = first([tags::CONTENT_TIME, tags::ACQUISITION_TIME, tags::SERIES_TIME, tags::STUDY_TIME]);
    match (date, time) {
        (Some(date), Some(time)) => {
            put::text(ds, tags::CONTENT_DATE, date);
            put::text(ds, tags::CONTENT_TIME, time);
        }
        // type 1 of multi-frame images, type 2 elsewhere
        (None, _) if job.kind.is_multi_frame() => {
            return Err(Error::Missing { kind: job.kind, tag: tags::CONTENT_DATE });
        }
        (_, None) if job.kind.is_multi_frame() => {
            return Err(Error::Missing { kind: job.kind, tag: tags::CONTENT_TIME });
        }
        (date, time) => {
            for (tag, value) in [(tags::CONTENT_DATE, date), (tags::CONTENT_TIME, time)] {
                match value {
                    Some(value) => put::text(ds, tag, value),
                    None => put::empty(ds, tag),
                }
            }
        }
    }
    Ok(())
}

/// Image Type: derived and secondary, then the reference's words from the third on where it is of one kind, else `third`.
pub(super) fn image_type(job: &Job<'_>, place: Option<Place>, third: &[&str]) -> Vec<String> {
    let same = job.source.string(tags::MODALITY, None).as_deref() == job.kind.modality();
    let words = job.source.strings(tags::IMAGE_TYPE, place.and_then(|place| place.instance));
    // a picture of tiles is one no more, and no acquisition is
    let is_kept = |word: &&String| !word.is_empty() && !matches!(word.as_str(), "MOSAIC" | "VFRAME");
    let kept: Vec<String> = words.iter().skip(2).filter(is_kept).filter(|_| same).cloned().collect();
    // a PET is primary by its module
    let second = if job.kind.branch() == Branch::Pet { "PRIMARY" } else { "SECONDARY" };
    let mut found = vec!["DERIVED".to_owned(), second.to_owned()];
    if kept.is_empty() {
        found.extend(third.iter().map(|word| (*word).to_owned()));
    } else {
        found.extend(kept);
    }
    found
}

/// The image pixel module, and the pixels of some planes of the volume.
pub(super) fn pixels(job: &Job<'_>, ds: &mut Dataset, planes: &[usize]) -> Result<(), Error> {
    let bytes = job.grid.columns as u64 * job.grid.rows as u64 * planes.len() as u64 * job.pixels.bytes() as u64;
    if bytes > MOST_BYTES {
        return Err(Error::TooLarge { what: "bytes of pixels in one file", asked: bytes, limit: MOST_BYTES });
    }
    put::count(ds, tags::ROWS, job.grid.rows);
    put::count(ds, tags::COLUMNS, job.grid.columns);
    let form = job.pixels.form;
    let (samples, bits) = match form {
        Form::Byte => (1, 8),
        Form::Word { .. } => (1, 16),
        Form::Colour => (3, 8),
        Form::Float => (1, 32),
        Form::Double => (1, 64),
    };
    put::count(ds, tags::SAMPLES_PER_PIXEL, samples);
    put::text(ds, tags::PHOTOMETRIC_INTERPRETATION, if samples == 3 { "RGB" } else { "MONOCHROME2" });
    if samples == 3 {
        put::count(ds, tags::PLANAR_CONFIGURATION, 0);
    }
    put::count(ds, tags::BITS_ALLOCATED, bits);
    if bits <= 16 {
        put::count(ds, tags::BITS_STORED, bits);
        put::count(ds, tags::HIGH_BIT, bits - 1);
        put::count(ds, tags::PIXEL_REPRESENTATION, usize::from(form == Form::Word { signed: true }));
    }
    let (tag, vr) = match form {
        Form::Byte | Form::Colour => (tags::PIXEL_DATA, VR::OB),
        Form::Word { .. } => (tags::PIXEL_DATA, VR::OW),
        Form::Float => (tags::FLOAT_PIXEL_DATA, VR::OF),
        Form::Double => (tags::DOUBLE_FLOAT_PIXEL_DATA, VR::OD),
    };
    let value = match job.pixels.of_planes(job.volume, planes) {
        // an OW of signed words has the bits of unsigned ones
        PrimitiveValue::I16(words) => PrimitiveValue::U16(words.iter().map(|w| *w as u16).collect()),
        value => value,
    };
    put::raw(ds, tag, vr, value);
    Ok(())
}

/// Slope, intercept and type of a plane.
pub(super) fn rescale(job: &Job<'_>, ds: &mut Dataset, plane: usize, rescale_type: Option<&str>) {
    let pair = job.pixels.of_plane(plane);
    put::numbers(ds, tags::RESCALE_INTERCEPT, &[pair.intercept()]);
    put::numbers(ds, tags::RESCALE_SLOPE, &[pair.slope()]);
    if let Some(rescale_type) = rescale_type {
        put::text(ds, tags::RESCALE_TYPE, rescale_type);
    }
}

/// Rescale Type of the volume's unit.
pub(super) fn rescale_type(job: &Job<'_>) -> String {
    use isocenter_volume::Unit;
    match job.volume.scaling().unit() {
        Unit::Hu => "HU".to_owned(),
        Unit::Other(word) if super::grammar::is_value(VR::LO, word) && !word.is_empty() && !word.contains('\\') => {
            word.clone()
        }
        // an enhanced CT has Hounsfield units and no others
        _ if job.kind.branch() == Branch::Ct && job.kind.is_multi_frame() => {
            job.warn(Warning::Assumed { tag: tags::RESCALE_TYPE });
            "HU".to_owned()
        }
        _ => "US".to_owned(),
    }
}

/// The instances that a derived image of the newer kinds was made from, by study and series.
pub(super) fn evidence(job: &Job<'_>, ds: &mut Dataset) {
    let series = series_items(job, tags::REFERENCED_SOP_SEQUENCE);
    if series.is_empty() {
        return;
    }
    put::item(ds, tags::SOURCE_IMAGE_EVIDENCE_SEQUENCE, |item| {
        put::text(
            item,
            tags::STUDY_INSTANCE_UID,
            job.source.string(tags::STUDY_INSTANCE_UID, Some(0)).unwrap_or_default(),
        );
        put::items(item, tags::REFERENCED_SERIES_SEQUENCE, series);
    });
}

/// References to the reference's instances: those at the plane, or all.
pub(super) fn source_images(job: &Job<'_>, place: Option<Place>) -> Vec<Dataset> {
    let reference = |instance: &Dataset| {
        let mut item = Dataset::new_empty();
        for (from, to) in [
            (tags::SOP_CLASS_UID, tags::REFERENCED_SOP_CLASS_UID),
            (tags::SOP_INSTANCE_UID, tags::REFERENCED_SOP_INSTANCE_UID),
        ] {
            put::text(&mut item, to, isocenter_dcm::value::string(instance, from).unwrap_or_default());
        }
        Code::fixed("121322", "DCM", "Source image for image processing operation")
            .put(&mut item, tags::PURPOSE_OF_REFERENCE_CODE_SEQUENCE);
        item
    };
    let all = job.source.instances();
    match place.and_then(|place| place.instance) {
        Some(instance) => all.get(instance).map(reference).into_iter().collect(),
        None => all.iter().map(reference).collect(),
    }
}

/// The instances that the object refers to, by series.
pub(super) fn referenced_series(job: &Job<'_>, ds: &mut Dataset) {
    let series = series_items(job, tags::REFERENCED_INSTANCE_SEQUENCE);
    if !series.is_empty() {
        put::items(ds, tags::REFERENCED_SERIES_SEQUENCE, series);
    }
}

/// The reference's series, each with its instances in a sequence.
fn series_items(job: &Job<'_>, sequence: Tag) -> Vec<Dataset> {
    let items = job.source.series().into_iter().map(|(uid, instances)| {
        let mut item = Dataset::new_empty();
        put::text(&mut item, tags::SERIES_INSTANCE_UID, uid);
        let instances = instances.into_iter().map(|[class, instance]| {
            let mut item = Dataset::new_empty();
            put::text(&mut item, tags::REFERENCED_SOP_CLASS_UID, class);
            put::text(&mut item, tags::REFERENCED_SOP_INSTANCE_UID, instance);
            item
        });
        put::items(&mut item, sequence, instances.collect());
        item
    });
    items.collect()
}

/// What the template says beyond what was asked of it.
pub(super) fn rest_of_template(job: &Job<'_>, ds: &mut Dataset) {
    for element in job.source.template().dataset() {
        if ds.get(element.header().tag).is_none() && super::source::has_value(element) {
            ds.put(element.clone());
        }
    }
}

const DERIVATION: &str = "Converted from a volume";

/// Body parts that a patient has two of, PS3.16 annex L.
const PAIRED: [&str; 20] = [
    "ANKLE",
    "ARM",
    "BREAST",
    "CLAVICLE",
    "EAR",
    "ELBOW",
    "EXTREMITY",
    "EYE",
    "FEMUR",
    "FINGER",
    "FOOT",
    "HAND",
    "HIP",
    "HUMERUS",
    "KNEE",
    "LEG",
    "SHOULDER",
    "TOE",
    "WRIST",
    "KIDNEY",
];

/// What is added to the reference's series number.
const SERIES_STEP: usize = 1000;

/// The greatest even length of a value.
const MOST_BYTES: u64 = u32::MAX as u64 - 1;

/// The object of one plane with what all such objects end with: its sources, what else the template says, its pixels.
pub(super) fn finished(job: &Job<'_>, mut ds: Dataset, place: Place) -> Result<Dataset, Error> {
    let sources = source_images(job, Some(place));
    if !sources.is_empty() {
        put::items(&mut ds, tags::SOURCE_IMAGE_SEQUENCE, sources);
    }
    rest_of_template(job, &mut ds);
    pixels(job, &mut ds, &[place.plane])?;
    Ok(ds)
}
