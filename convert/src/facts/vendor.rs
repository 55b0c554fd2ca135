//! What only private attributes say.
//!
//! Elements are found by creator where the block may move; a de-identified file may have lost the creator, so the usual block is
//! looked at as well.

use isocenter_dcm::{Dataset, FunctionalGroups, Tag, VR, value};
use isocenter_volume::Rescale;

use super::maker::Maker;

/// The kind of a GE image that shares its series with other kinds: real, phase, magnitude, or a field map in hertz.
///
/// (0043,102F): 0 magnitude, 1 phase, 2 real, 3 imaginary. (0043,1030) tells a field map (0) from its magnitude (2), where no
/// other attribute does; its values from 3 up are diffusion directions and keep nothing apart. Other sequences write 0 too: only what
/// [`ge_maps_field`] ends in `-map`.
pub(crate) fn ge_component(dataset: &Dataset) -> Option<String> {
    let number = |element: u8| {
        let tag = value::private_tag(dataset, 0x0043, "GEMS_PARM_01", element);
        value::i64(dataset, tag.unwrap_or(Tag(0x0043, 0x1000 | u16::from(element))))
    };
    if Maker::of(dataset) != Some(Maker::Ge) {
        return None;
    }
    let (kind, flag) = (number(0x2F)?, number(0x30).filter(|f| (0..3).contains(f)));
    let map = if ge_maps_field(dataset) { "-map" } else { "" };
    Some(format!("ge-{kind}-{}{map}", flag.unwrap_or(-1)))
}

/// Whether GE's sequence for field maps made an image: by the names of it, (0019,xx9C) and (0019,xx9E).
pub(crate) fn ge_maps_field(dataset: &Dataset) -> bool {
    let name = |element: u8| {
        let tag = value::private_tag(dataset, 0x0019, "GEMS_ACQU_01", element);
        value::string(dataset, tag.unwrap_or(Tag(0x0019, 0x1000 | u16::from(element))))
    };
    name(0x9E).is_some_and(|name| name == "B0map") || name(0x9C).is_some_and(|name| name.contains("b0map"))
}

/// A series that is one repetition of an acquisition: the thousands of its number, time and description of all of them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SplitSeries {
    thousands: i64,
    time: Option<String>,
    description: Option<String>,
}

/// Which acquisition a series is a repetition of, where Siemens' XA software split multi-frame images into classic ones (`MFSPLIT` in
/// Image Type): it numbers repetitions 7001, 7002, ... and gives each a Series Instance UID, and all have one Series Time.
pub(crate) fn split_series(dataset: &Dataset) -> Option<SplitSeries> {
    use isocenter_dcm::tags;
    let is_siemens = || Maker::of(dataset) == Some(Maker::Siemens);
    let is_split = value::strings(dataset, tags::IMAGE_TYPE).iter().any(|word| word == "MFSPLIT");
    let number = value::i64(dataset, tags::SERIES_NUMBER).filter(|number| *number > 1000)?;
    (is_split && is_siemens()).then(|| SplitSeries {
        thousands: number / 1000,
        time: value::string(dataset, tags::SERIES_TIME),
        description: value::string(dataset, tags::SERIES_DESCRIPTION),
    })
}

/// How stored values of a Philips MR become the scanner's own floating-point ones, where the header has its scale slope.
///
/// With the scale slope SS of (2005,xx0E) and a rescale of slope RS and intercept RI, which is that of the display, the scanner's value is
/// `(RS * stored + RI) / (RS * SS)`. It is the same for images of one exam whatever they were displayed with (Chenevert et al., 2014,
/// Translational Oncology 7:65). An enhanced image has it in the functional group (2005,xx0F) of each frame.
pub(crate) fn philips_precise(
    dataset: &Dataset,
    groups: &FunctionalGroups<'_>,
    frame: usize,
    display: Rescale,
) -> Option<Rescale> {
    let is_philips = || Maker::of(dataset) == Some(Maker::Philips);
    let is_mr = value::string(dataset, isocenter_dcm::tags::MODALITY).as_deref() == Some("MR");
    let grouped = groups.grouped(frame, PHILIPS_FRAME_SEQUENCE);
    let slope = [grouped, Some(dataset)].into_iter().flatten().find_map(|holder| {
        let tag = value::private_tag(holder, 0x2005, "Philips MR Imaging DD 001", 0x0E);
        float(holder, tag.unwrap_or(Tag(0x2005, 0x100E)))
    });
    let slope = slope.filter(|slope| is_mr && slope.is_normal() && *slope > 0.0 && is_philips())?;
    Rescale::new(1.0 / slope, display.intercept() / (display.slope() * slope)).ok()
}

const PHILIPS_FRAME_SEQUENCE: Tag = Tag(0x2005, 0x140F);

/// A number; one of four bytes, where the type of the element was not known to who wrote it.
fn float(holder: &Dataset, tag: Tag) -> Option<f64> {
    let element = holder.get(tag)?;
    if element.vr() != VR::UN {
        return value::f64(holder, tag);
    }
    let bytes: [u8; 4] = value::bytes(element).try_into().ok()?;
    Some(f64::from(f32::from_le_bytes(bytes)))
}
