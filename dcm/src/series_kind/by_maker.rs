//! What the makers' names of a sequence say.

use super::{
    by_times::{by_echo, by_inversion, is_short},
    facts::{Maker, SeriesFacts},
    found::Found,
    part::Part,
    suffix::{Datatype, Suffix},
};

/// The kind by the maker's name of the sequence.
pub(super) fn of(facts: &SeriesFacts) -> Option<Found> {
    match facts.maker? {
        Maker::Siemens => by_file(facts),
        Maker::Ge => by_internal_name(facts),
        Maker::Philips | Maker::Other => None,
    }
}

/// Siemens: the file of the sequence says what it does.
fn by_file(facts: &SeriesFacts) -> Option<Found> {
    let of = |words: &[&str]| facts.details(words);
    let named = |word: &str| facts.named(word);
    let reference = facts.description.contains("_SBRef");
    Some(if of(&["b1map", "tfl_b1"]) {
        Found::map(Suffix::Tb1tfl, true)
    } else if of(&["tfl", "mp2rage", "wip925"]) && !named("tfl2d1") {
        Found::anat(if facts.shows("T1 MAP") {
            Suffix::T1map
        } else if facts.shows("UNI") {
            Suffix::Unit1
        } else if facts.is_inversion_of_two() {
            Suffix::Mp2rage
        } else {
            Suffix::T1w
        })
    } else if facts.is_diffusion || of(&["_diff", "resolve", "ep2d_stejskal"]) {
        Found::directed(Datatype::Dwi, if reference { Suffix::Sbref } else { Suffix::Dwi })
    } else if of(&["fairest", "_asl", "_pasl", "pcasl", "PCASL"]) {
        Found::new(Datatype::Perf, if facts.description.contains("_m0") { Suffix::M0scan } else { Suffix::Asl })
    } else if named("spcR") {
        Found::anat(Suffix::T2w)
    } else if of(&["tse_vfl"]) {
        Found::anat(if of(&["spcir"]) || named("spcir") {
            Suffix::Flair
        } else if is_short(facts) {
            Suffix::T1w
        } else {
            Suffix::T2w
        })
    } else if of(&["tse"]) {
        Found::train(if named("tir") { by_inversion(facts) } else { by_echo(facts, 0.050) })
    } else if named("epse2d") && reference {
        // of a diffusion series, whose field maps have none
        Found::directed(Datatype::Dwi, Suffix::Sbref)
    } else if of(&["ep2d_se"]) || named("epse2d") {
        Found::directed(Datatype::Fmap, Suffix::Epi)
    } else if of(&["gre_field_mapping"]) {
        field_mapping(facts)
    } else if of(&["\\trufi", "AALScout", "haste"]) || named("fl3d1_ns") || named("fl2d1") || named("tfl2d1") {
        Found::localizer()
    } else if named("fl3d1r") {
        Found::anat(Suffix::Angio)
    } else if of(&["ep_seg_fid"]) {
        Found::parted(Suffix::T2starw)
    } else if of(&["gre"]) {
        let several = facts.echoes > 1 || facts.is_multi_echo;
        Found::parted(if several { Suffix::Megre } else { Suffix::T2starw })
    } else if of(&["_bold", "pace", "ep2d_fid"]) || facts.shows("FMRI") {
        Found::directed(Datatype::Func, if reference { Suffix::Sbref } else { Suffix::Bold })
    } else {
        return by_name(facts);
    })
}

/// Siemens, where the protocol with the file is lost: the public name of the sequence, whose number after `2d` or `3d` is that of echoes.
fn by_name(facts: &SeriesFacts) -> Option<Found> {
    let named = |word: &str| facts.named(word);
    let reference = facts.description.contains("_SBRef");
    Some(if named("fm2d") {
        field_mapping(facts)
    } else if named("spcir") || named("tir") {
        Found::train(by_inversion(facts))
    } else if named("spc") {
        Found::anat(if is_short(facts) { Suffix::T1w } else { Suffix::T2w })
    } else if named("ep_b") || named("ez_b") {
        Found::directed(Datatype::Dwi, Suffix::Dwi)
    } else if named("epfid") {
        Found::directed(Datatype::Func, if reference { Suffix::Sbref } else { Suffix::Bold })
    } else if named("me2d") || named("me3d") {
        Found::parted(Suffix::T2starw)
    } else if echoes_of(&facts.sequence_name, "fl3d").is_some_and(|echoes| echoes > 1) {
        Found::parted(Suffix::Megre)
    } else {
        return None;
    })
}

fn echoes_of(name: &str, sequence: &str) -> Option<u32> {
    let (_, rest) = name.split_once(sequence)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

/// Two echoes, from which the field is mapped.
fn field_mapping(facts: &SeriesFacts) -> Found {
    let suffix = match facts.part {
        Some(Part::Phase) => Suffix::Phasediff,
        _ => Suffix::Magnitude(Some(facts.echo_number.unwrap_or(1))),
    };
    Found::map(suffix, false)
}

/// GE: the internal name of the sequence.
fn by_internal_name(facts: &SeriesFacts) -> Option<Found> {
    let of = |words: &[&str]| facts.details(words);
    Some(if facts.is_field_map_sequence || of(&["B0map", "3db0map"]) {
        let is_map = facts.part == Some(Part::FieldMap);
        Found::map(if is_map { Suffix::Fieldmap } else { Suffix::Magnitude(None) }, false)
    } else if facts.is_multi_echo && !facts.is_planar && facts.scans("GR") {
        Found::parted(Suffix::T2starw)
    } else if of(&["EFGRE3D", "3dradial"]) {
        Found::anat(Suffix::T1w)
    } else if of(&["FSE"]) {
        Found::train(if facts.scans("IR") { by_inversion(facts) } else { by_echo(facts, 0.040) })
    } else if of(&["asl"]) {
        Found::new(Datatype::Perf, Suffix::Asl)
    } else if of(&["LoopingStar"]) {
        Found::new(Datatype::Func, Suffix::Bold)
    } else if of(&["tof", "TOF"]) {
        Found::anat(Suffix::Angio)
    } else {
        return None;
    })
}
