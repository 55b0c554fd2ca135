//! What the image is: its type and part, its numbers, when it was acquired, how it lies.

use isocenter_dcm::{tags, value};

use super::{clock, grammar, header::Header, out::Out, subject::Subject};
use crate::facts::maker::Maker;
use crate::part::Part;
use isocenter_dcm::series_kind::is_derived;

/// Writes them.
pub(super) fn write(subject: &Subject<'_>, out: &mut Out) {
    let header = &subject.header;
    image_type(subject, out);
    numbers(header, out);
    times(header, out);
    let orientation = header.numbers(tags::IMAGE_ORIENTATION_PATIENT);
    if orientation.len() == 6 && orientation.iter().any(|cosine| *cosine != 0.0) {
        out.numbers("ImageOrientationPatientDICOM", &orientation);
    }
    let axis = header.string(tags::IN_PLANE_PHASE_ENCODING_DIRECTION);
    let axis = axis.and_then(|text| match text.to_uppercase().chars().next() {
        Some('R') => Some("ROW"),
        Some('C') => Some("COL"),
        _ => None,
    });
    out.text("InPlanePhaseEncodingDirectionDICOM", axis.map(str::to_owned));
    if header.by(Maker::Siemens) {
        let text = header.private(0x0051, "SIEMENS MR HEADER", 0x0E).and_then(super::header::text_of);
        let safe = text.as_deref().is_some_and(grammar::is_orientation);
        if safe { out.text("ImageOrientationText", text) } else { out.put_private("ImageOrientationText", text) }
    }
    if subject.part == Some(Part::FieldMap) {
        out.put("Units", "Hz");
    }
}

/// Image Type, with the part of a complex image that the file states in another element.
fn image_type(subject: &Subject<'_>, out: &mut Out) {
    let header = &subject.header;
    let mut kinds = value::strings(header.top, tags::IMAGE_TYPE);
    if kinds.is_empty() {
        kinds = header.strings(tags::FRAME_TYPE);
    }
    let shown = header.private_in(0x0021, &["SIEMENS MR SDI 02"], 0x11, 0x75).filter(|_| header.by(Maker::Siemens));
    let shown: Vec<String> = shown
        .and_then(super::header::text_of)
        .map(|text| text.split('\\').map(str::to_owned).collect())
        .unwrap_or_default();
    let has = |word: &str| kinds.iter().chain(&shown).any(|kind| kind == word);
    out.flag(
        "NonlinearGradientCorrection",
        if has("DIS2D") || has("DIS3D") { Some(true) } else { has("ND").then_some(false) },
    );
    if is_derived(&kinds) || subject.is_palette {
        out.put("RawImage", false);
    }
    let learned = ["DRB", "DRG", "DRS"].iter().any(|word| has(word));
    out.flag("DeepLearning", learned.then_some(true));
    if let Some(part) = subject.part.map(Part::word).filter(|_| !kinds.is_empty())
        && !kinds.iter().any(|kind| kind == part)
    {
        kinds.push(part.to_owned());
    }
    out.texts("ImageType", kinds);
    if out.keeps() {
        out.texts("ImageTypeText", shown);
    }
}

fn numbers(header: &Header<'_>, out: &mut Out) {
    if let Some(number) = value::i64(header.top, tags::SERIES_NUMBER).filter(|number| *number > 0) {
        out.put("SeriesNumber", number);
    }
    out.positive("AcquisitionNumber", header.number(tags::ACQUISITION_NUMBER));
}

fn times(header: &Header<'_>, out: &mut Out) {
    let day = header.string(tags::ACQUISITION_DATE).and_then(|text| clock::date(&text));
    let time = header.string(tags::ACQUISITION_TIME).and_then(|text| clock::time(&text));
    let both = header.string(tags::ACQUISITION_DATE_TIME).and_then(|text| clock::date_time(&text));
    let both = day.zip(time.clone()).or(both);
    out.text("AcquisitionTime", time.or_else(|| both.as_ref().map(|(_, time)| time.clone())));
    out.text("AcquisitionDateTime", both.map(|(day, time)| format!("{day}T{time}")));
    if header.is("PT") {
        let time = header.string(tags::SERIES_TIME).and_then(|text| clock::time(&text));
        out.text("SeriesTime", time.and_then(|time| Some(time.split_once('.')?.0.to_owned())));
    }
}
