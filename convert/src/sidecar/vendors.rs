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
    let acquired = |element| subject.private(0x0019, "GEMS_ACQU_01", element);
    let internal = text(0x0019, "GEMS_ACQU_01", 0x9E);
    let is_epi2 =
        internal.as_deref() == Some("EPI2") || text(0x0019, "GEMS_ACQU_01", 0x9C).is_some_and(|n| n.contains("epi2"));
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
    if is_epi2 {
        out.positive("NumberOfDiffusionDirectionGE", acquired(0xE0).map(f64::round));
        out.positive("NumberOfDiffusionT2GE", acquired(0xDF).map(f64::round));
        let (mode, tensor) = cycling(subject, acquired(0xB2), acquired(0xB3), acquired(0xB6));
        out.positive("TensorFileNumberGE", tensor);
        out.text("DiffGradientCyclingGE", mode.map(str::to_owned));
    }
}

/// How the newest scanners change the direction of diffusion gradients from repetition to repetition, and the number of the file of
/// directions.
fn cycling(
    subject: &Subject<'_>,
    tensor: Option<f64>,
    mode: Option<f64>,
    derating: Option<f64>,
) -> (Option<&'static str>, Option<f64>) {
    let model = subject.header.string(tags::MANUFACTURER_MODEL_NAME).unwrap_or_default();
    let is = |name: &str| model.contains(name);
    if !(is("Premier") || is("UHP") || is("7.0T")) {
        return (Some("OFF"), tensor);
    }
    let derating = derating.unwrap_or(0.0);
    let is_off = if is("Premier") { (derating - 0.72).abs() < 1e-4 } else { (0.5..=1.0).contains(&derating) };
    let instead = |n: f64| tensor.filter(|t| *t > 0.0).or(Some(n));
    match mode.map(f64::round) {
        _ if is_off => (Some("SPOFF"), tensor),
        Some(2.0) => (Some("2TR"), instead(2.0)),
        Some(3.0) => (Some("3TR"), instead(3.0)),
        _ => (Some("ALLTR"), tensor),
    }
}

/// A slope that stands for none.
const MOST_SLOPE: f64 = 1e38;
