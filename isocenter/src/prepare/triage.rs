//! Images that are no volume to train with, though each of their voxels is right: planning images and projections.
//!
//! Source: Image Type (0008,0008) value 3 and on, DICOM PS3.3 C.7.6.1.1.2, C.8.2.1.1.1 (`LOCALIZER`) and C.8.3.1.1.1
//! (`PROJECTION IMAGE`); Volume Based Calculation Technique (0008,9207), C.8.13.3.1; what makers write in their place. The words of a
//! description or of a file's name decide where these say nothing.

use isocenter_convert::SeriesPlan;
use isocenter_dcm::{FunctionalGroups, Instance, tags, value};

use super::refusal::Refusal;

/// Why a series is no item, by its header and its description.
pub(super) fn of_series(plan: &SeriesPlan, header: Option<&Instance>) -> Option<Refusal> {
    let typed = plan.image_type.iter().skip(2).find_map(|v| of_value(v));
    let technique = || header.and_then(technique_of).and_then(|t| of_value(&t));
    typed.or_else(technique).or_else(|| plan.description.as_deref().and_then(of_words)).map(Why::refusal)
}

/// Why a volume file is no item, by the words of its name.
pub(super) fn of_name(name: &str) -> Option<Refusal> {
    of_words(name).map(Why::refusal)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Localizer,
    Projection,
}

impl Why {
    fn refusal(self) -> Refusal {
        match self {
            Self::Localizer => Refusal::new("localizer", "a planning image (localizer, scout) is no training item"),
            Self::Projection => {
                Refusal::new("projection", "a projection or rendering of a volume (MIP, VRT) is no volume itself")
            }
        }
    }
}

fn technique_of(instance: &Instance) -> Option<String> {
    let groups = FunctionalGroups::new(&instance.dataset);
    let sequences =
        [tags::MR_IMAGE_FRAME_TYPE_SEQUENCE, tags::CT_IMAGE_FRAME_TYPE_SEQUENCE, tags::PET_FRAME_TYPE_SEQUENCE];
    let tag = tags::VOLUME_BASED_CALCULATION_TECHNIQUE;
    let of_frame = sequences.iter().find_map(|s| groups.grouped(0, *s)).and_then(|h| value::string(h, tag));
    of_frame.or_else(|| value::string(&instance.dataset, tag))
}

fn of_value(value: &str) -> Option<Why> {
    match value.trim().to_uppercase().replace('_', " ").as_str() {
        "LOCALIZER" | "SCOUT" | "SURVEY" | "TOPOGRAM" => Some(Why::Localizer),
        "PROJECTION IMAGE" | "MAX IP" | "MIN IP" | "MIP" | "MNIP" | "MINIP" | "CSA MIP" | "VOLUME RENDER"
        | "SURFACE RENDER" | "CURVED MPR" | "VRT" | "CSA VRT" | "SSD" => Some(Why::Projection),
        _ => None,
    }
}

fn of_words(text: &str) -> Option<Why> {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.find_map(|word| match word {
        "localizer" | "localiser" | "scout" | "topogram" | "scanogram" => Some(Why::Localizer),
        "mip" | "minip" | "mips" => Some(Why::Projection),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_words_name_what_is_no_volume() {
        for (value, wanted) in [
            ("LOCALIZER", Some(Why::Localizer)),
            ("PROJECTION IMAGE", Some(Why::Projection)),
            ("MAX_IP", Some(Why::Projection)),
            ("CSA MIP", Some(Why::Projection)),
            ("MPR", None),
            ("AXIAL", None),
        ] {
            assert_eq!(of_value(value), wanted, "{value}");
        }
        for (text, wanted) in [
            ("AAHead_Scout_64ch", Some(Why::Localizer)),
            ("3-plane Localizer", Some(Why::Localizer)),
            ("TOF MIP sag", Some(Why::Projection)),
            ("t1_mprage", None),
            ("scouting", None),
        ] {
            assert_eq!(of_words(text), wanted, "{text}");
        }
    }
}
