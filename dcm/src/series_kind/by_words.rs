//! What the words of the standard say, where no maker says more.

use super::{
    by_description,
    by_times::{by_echo, by_inversion},
    facts::{Maker, SeriesFacts},
    found::{Entities, Found},
    part::Part,
    suffix::{Datatype, Suffix},
};

/// The kind by the words of Image Type, Scanning Sequence and Sequence Variant.
pub(super) fn of(facts: &SeriesFacts) -> Option<Found> {
    let gradient = facts.scans("GR");
    Some(if facts.is_field_map_sequence {
        let is_map = facts.part == Some(Part::FieldMap);
        Found::map(if is_map { Suffix::Fieldmap } else { Suffix::Magnitude(None) }, true)
    } else if facts.shows("PERFUSION") || facts.shows("ASL") {
        Found::new(Datatype::Perf, Suffix::Asl)
    } else if facts.is_diffusion && (facts.is_planar || facts.is_spin_echo) {
        let direction = facts.maker != Some(Maker::Philips);
        Found { entities: Entities { direction, ..Entities::default() }, ..Found::new(Datatype::Dwi, Suffix::Dwi) }
    } else if facts.is_of_type("T1 MAP") {
        Found::anat(Suffix::T1map)
    } else if facts.is_of_type("UNI") && gradient {
        Found::anat(Suffix::Unit1)
    } else if facts.varies("MP") && gradient {
        Found::anat(Suffix::T1w)
    } else if facts.is_spin_echo && by_description::of(&facts.description) == Some(Suffix::Dwi) {
        // whose weighting stands in private elements that are lost
        Found::directed(Datatype::Dwi, Suffix::Dwi)
    } else if facts.is_planar && facts.is_spin_echo {
        Found::directed(Datatype::Fmap, Suffix::Epi)
    } else if facts.is_planar || facts.named("FEEPI") || (facts.is_functional && gradient) {
        Found::directed(Datatype::Func, Suffix::Bold)
    } else if facts.scans("RM") && facts.varies("SS") {
        Found::map(Suffix::Magnitude(None), true)
    } else if facts.scans("SE") && facts.scans("IR") {
        Found::anat(by_inversion(facts))
    } else if facts.scans("SE") && facts.echo_s.is_some() {
        Found::anat(by_echo(facts, 0.040))
    } else if gradient && facts.varies("SS") && !facts.varies("SP") {
        Found::parted(Suffix::T2starw)
    } else if gradient && facts.inversion_s.is_some() {
        Found::anat(Suffix::T1w)
    } else if gradient && facts.is_multi_echo {
        Found::parted(Suffix::Megre)
    } else {
        return None;
    })
}

/// The kind by Acquisition Contrast (0008,9209), PS3.3 C.8.13.3.1.1.
pub(super) fn of_acquisition_contrast(facts: &SeriesFacts) -> Option<Suffix> {
    Some(match facts.acquisition_contrast.as_deref()? {
        "T1" => Suffix::T1w,
        "T2" | "STIR" => Suffix::T2w,
        "T2_STAR" => Suffix::T2starw,
        "PROTON_DENSITY" => Suffix::PDw,
        "FLUID_ATTENUATED" => Suffix::Flair,
        "TOF" | "TIME_OF_FLIGHT" => Suffix::Angio,
        _ => return None,
    })
}
