//! What names and image types say by themselves.

use super::{Kind, reading::Verdict, view::View};

/// Maps and composed images, which Image Type names.
pub(super) fn derived(view: &View<'_>) -> Option<Verdict> {
    let map = view.image("MAP");
    if map && view.image("T1") {
        return Some(Verdict::new(Kind::T1map, 0.98, "Image Type", "a map of T1"));
    }
    if map && (view.image("STAR") || view.image("T2STAR")) {
        return Some(Verdict::new(Kind::T2starmap, 0.98, "Image Type", "a map of T2*"));
    }
    if map && view.image("T2") {
        return Some(Verdict::new(Kind::T2map, 0.98, "Image Type", "a map of T2"));
    }
    if view.image("UNI") {
        return Some(Verdict::new(Kind::Unit1, 0.97, "Image Type", "the uniform image of two inversions"));
    }
    if ["ADC", "FA", "TRACEW", "TENSOR", "EADC"].into_iter().any(|value| view.image(value)) {
        return Some(Verdict::new(Kind::DwiMap, 0.95, "Image Type", "computed from diffusion"));
    }
    if view.image("SWI") || view.image("MNIP") {
        return Some(Verdict::new(Kind::Swi, 0.95, "Image Type", "susceptibility"));
    }
    if view.pair("UNI", "IMAGES") {
        return Some(Verdict::new(Kind::Unit1, 0.9, "UNI IMAGES", "the uniform image of two inversions"));
    }
    if view.pair("T1", "IMAGES") {
        return Some(Verdict::new(Kind::T1map, 0.9, "T1 IMAGES", "a map of T1"));
    }
    if view.pair("T2STAR", "IMAGES") {
        return Some(Verdict::new(Kind::T2starmap, 0.9, "T2STAR IMAGES", "a map of T2*"));
    }
    None
}

/// Series that serve others: references, localizers.
pub(super) fn calibration(view: &View<'_>) -> Option<Verdict> {
    if view.word(&["SBREF"]).is_some() {
        return Some(Verdict::new(Kind::Sbref, 0.97, "SBREF", "single-band reference"));
    }
    if !view.echo_planar() {
        let word = view.stem(&["LOCALI", "SCOUT", "SURVEY", "3PLANE", "AAHEAD"])?;
        return Some(Verdict::new(Kind::Localizer, 0.9, word, "localizer"));
    }
    None
}

/// Words for diffusion.
pub(super) fn diffusion(view: &View<'_>) -> Option<&'static str> {
    let word = view.stem(&["DWI", "DTI", "DKI", "DSI", "EDTI", "DMRI", "DIFF", "HARDI", "NODDI", "TRACE"]);
    word.or_else(|| view.part(&["DIFFUSION"]))
}

/// Words for a map of the field, or of distortion.
pub(super) fn field_map(view: &View<'_>) -> Option<&'static str> {
    let joined =
        view.part(&["FIELDMAP", "FIELDMAPPING", "DISTORTIONMAP", "FMAP", "TOPUP", "DISTORTION", "BLIPUP", "BLIPDOWN"]);
    joined.or_else(|| (view.pair("FIELD", "MAP") || view.pair("FIELD", "MAPPING")).then_some("FIELD MAP"))
}

/// Words for magnetization transfer.
pub(super) fn transfer(view: &View<'_>) -> Option<&'static str> {
    view.word(&["MT", "MT0", "MT1", "MTC", "MTON", "MTOFF", "MGT", "MTS", "MTSAT"])
}

/// What the words say of weighting.
pub(super) fn weighting(view: &View<'_>) -> Option<(&'static str, Kind)> {
    if let Some(word) = view.stem(&["FLAIR", "TIRM", "DARKFLUID"]) {
        return (view.stem(&["T1"]).is_none()).then_some((word, Kind::Flair));
    }
    if let Some(word) = view.part(&["T2STAR", "MFFE", "MERGE", "MEDIC", "SSUM"]) {
        return Some((word, Kind::T2star));
    }
    if view.pair("DA", "FL") {
        return Some(("DA FL", Kind::Flair));
    }
    if let Some(word) = view.stem(&["T1", "MPRAGE", "BRAVO"]) {
        return Some((word, Kind::T1w));
    }
    if let Some(word) = view.stem(&["T2"]) {
        return Some((word, Kind::T2w));
    }
    view.word(&["PD", "PDW"]).map(|word| (word, Kind::PDw))
}

/// Words alone, where the facts are silent.
pub(super) fn judge(view: &View<'_>) -> Option<Verdict> {
    if let Some(word) = diffusion(view) {
        return Some(Verdict::new(Kind::Dwi, 0.7, word, "diffusion"));
    }
    if let Some(word) = view.part(&["FMRI", "BOLD", "RESTINGSTATE"]) {
        return Some(Verdict::new(Kind::Bold, 0.7, word, "function"));
    }
    if let Some(word) = view.stem(&["ASL", "PCASL", "PASL"]) {
        return Some(Verdict::new(Kind::Asl, 0.7, word, "labelled blood"));
    }
    if let Some(word) = view.stem(&["TOF", "MRA", "ANGIO"]) {
        return Some(Verdict::new(Kind::Angio, 0.7, word, "vessels"));
    }
    if let Some(word) = view.stem(&["SWI", "SWAN"]) {
        return Some(Verdict::new(Kind::Swi, 0.7, word, "susceptibility"));
    }
    let (word, kind) = weighting(view)?;
    Some(Verdict::new(kind, 0.6, word, "the words alone"))
}
