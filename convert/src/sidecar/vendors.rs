//! What Philips, GE and United Imaging say in their own elements.

use isocenter_dcm::{tags, value};

use super::{
    grammar,
    header::{number_of, text_of},
    out::Out,
    subject::Subject,
};
use crate::facts::maker::Maker;

/// Writes it.
pub(super) fn write(subject: &Subject<'_>, out: &mut Out) {
    match subject.header.maker {
        Some(Maker::Philips) => philips(subject, out),
        Some(Maker::Ge) => ge(subject, out),
        Some(Maker::UnitedImaging) => {
            let shown = subject.header.private(0x0065, "Image Private Header", 0x05).and_then(text_of);
            if shown.as_deref().is_some_and(grammar::is_direction) {
                out.text("PhaseEncodingDirectionDisplayed", shown);
            } else {
                out.put_private("PhaseEncodingDirectionDisplayed", shown);
            }
        }
        _ => {}
    }
}

/// Both scalings of Philips: displayed values are stored ones by slope and intercept, precise ones are those divided by slope and scale
/// slope. Where they vary from slice to slice these are those of the first.
fn philips(subject: &Subject<'_>, out: &mut Out) {
    let header = &subject.header;
    let mapping = header.item(tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE);
    let real = mapping.and_then(|item| {
        let slope = value::f64(item, tags::REAL_WORLD_VALUE_SLOPE).filter(|s| *s != 0.0 && s.abs() < MOST_SLOPE)?;
        Some((slope, value::f64(item, tags::REAL_WORLD_VALUE_INTERCEPT)?))
    });
    if let Some((slope, intercept)) = real {
        out.number("PhilipsRWVSlope", Some(slope));
        out.number("PhilipsRWVIntercept", Some(intercept));
    }
    let learned = header.private_in(0x2005, &["Philips MR Imaging DD 002"], 0x11, 0x10).and_then(text_of);
    if let Some(details) = learned.filter(|text| text.contains("_AI")) {
        out.put("DeepLearning", true);
        out.put_private("DeepLearningDetails", Some(details));
    }
    let scale = header.private_in(0x2005, &["Philips MR Imaging DD 001"], 0x10, 0x0E).and_then(number_of);
    let Some(scale) = scale.filter(|scale| *scale != 0.0) else { return };
    let stated = header.number(tags::RESCALE_SLOPE).zip(header.number(tags::RESCALE_INTERCEPT));
    if let Some((slope, intercept)) = stated.or(real) {
        out.number("PhilipsRescaleSlope", Some(slope));
        out.number("PhilipsRescaleIntercept", Some(intercept));
        out.number("PhilipsScaleSlope", Some(scale));
        let is_precise = subject.philips == crate::options::PhilipsScaling::Precise;
        out.put("UsePhilipsFloatNotDisplayScaling", i64::from(is_precise));
    }
}

fn ge(subject: &Subject<'_>, out: &mut Out) {
    let header = &subject.header;
    let text = |group, creator, element| header.private(group, creator, element).and_then(text_of);
    let internal = text(0x0019, "GEMS_ACQU_01", 0x9E);
    out.text("InternalPulseSequenceName", internal.filter(|name| name == "EPI" || name == "EPI2"));
    // signed; where the representation is not known, two bytes are read without their sign
    let signed = |n: f64| if n > f64::from(i16::MAX) { n - 65_536.0 } else { n };
    let shims: Option<Vec<f64>> =
        (0x02..=0x04).map(|n| subject.private(0x0043, "GEMS_PARM_01", n).map(signed)).collect();
    out.numbers("ShimSetting", &shims.unwrap_or_default());
    out.put_private("PrescanReuseString", text(0x0043, "GEMS_PARM_01", 0x95));
    out.positive("NumberOfExcitations", subject.private(0x0027, "GEMS_IMAG_01", 0x62).filter(|n| *n > 1.0));
    // slices made between the acquired ones (ZIP)
    let (thick, apart) = (header.positive(tags::SLICE_THICKNESS), header.positive(tags::SPACING_BETWEEN_SLICES));
    let zip = thick.zip(apart).map(|(thick, apart)| (thick / apart).round());
    let made = subject.private(0x0021, "GEMS_RELA_01", 0x4F).zip(header.number(tags::IMAGES_IN_ACQUISITION));
    out.positive("Interpolation3D", zip.filter(|zip| *zip > 1.0 && made.is_some_and(|(acquired, all)| acquired < all)));
    if let Some(details) = text(0x0043, "GEMS_PARM_01", 0xCA) {
        out.put("DeepLearning", true);
        out.put_private("DeepLearningDetails", Some(details));
    }
}

/// A slope that stands for none.
const MOST_SLOPE: f64 = 1e38;
