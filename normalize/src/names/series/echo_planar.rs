//! Echo-planar series: function, diffusion, maps of distortion; and diffusion by any readout.

use super::{Kind, reading::Verdict, view::View, words};

/// Below this echo time (ms) diffusion has no room for its gradients at a clinical machine, and function is read at 3 T.
const SHORT_ECHO_MS: f64 = 50.0;

pub(super) fn judge(view: &View<'_>) -> Option<Verdict> {
    // a reversed polarity is often acquired with the diffusion sequence itself: what it is for stands in its name
    let planar = view.echo_planar();
    if planar
        && !view.sequence(&["epfid"])
        && let Some(word) = words::field_map(view)
    {
        return Some(Verdict::new(Kind::FieldmapEpi, 0.9, word, "shows distortion").and("EP", "echo-planar"));
    }
    if view.sequence(&["epfid"]) {
        return Some(function(view, "Sequence Name", "gradient-echo EPI"));
    }
    if view.image("FMRI") {
        return Some(function(view, "Image Type", "function"));
    }
    if let Some(b) = view.facts.b_value.filter(|b| *b > 0.0) {
        return Some(Verdict::new(Kind::Dwi, 0.97, format!("b {b:.0} s/mm2"), "diffusion"));
    }
    if view.image("DIFFUSION") {
        return Some(Verdict::new(Kind::Dwi, 0.97, "Image Type", "diffusion"));
    }
    if view.sequence(&["ep_b", "ez_b"]) {
        return Some(Verdict::new(Kind::Dwi, 0.97, "Sequence Name", "EPI with a b-value"));
    }
    let diffusion = words::diffusion(view);
    if let Some(word) = diffusion.filter(|_| planar || !view.gradient_echo()) {
        return Some(Verdict::new(Kind::Dwi, if planar { 0.9 } else { 0.8 }, word, "diffusion"));
    }
    if !planar {
        return None;
    }
    if let Some(word) = view.stem(&["ASL", "PCASL", "PASL"]) {
        return Some(Verdict::new(Kind::Asl, 0.85, word, "labelled blood"));
    }
    if view.sequence(&["epse"]) {
        return Some(Verdict::new(Kind::FieldmapEpi, 0.7, "Sequence Name", "spin-echo EPI without diffusion"));
    }
    let te = view.te()?;
    let text = format!("TE {te} ms");
    if te <= SHORT_ECHO_MS && !view.scanning("SE") {
        return Some(function(view, &text, "too short for diffusion"));
    }
    let many = view.facts.volumes.is_some_and(|volumes| volumes > 3);
    Some(if many || view.facts.volumes.is_none() {
        Verdict::new(Kind::Dwi, 0.6, text, "EPI with room for diffusion gradients")
    } else {
        Verdict::new(Kind::FieldmapEpi, 0.6, text, "few volumes of spin-echo EPI")
    })
}

fn function(view: &View<'_>, found: &str, says: &str) -> Verdict {
    if view.sequence(&["epfid"]) || view.image("FMRI") {
        // a spin-echo EPI for distortion carries the image type of function on newer machines
        if let Some(word) = words::field_map(view) {
            return Verdict::new(Kind::FieldmapEpi, 0.85, word, "shows distortion");
        }
    }
    Verdict::new(Kind::Bold, 0.93, found, says)
}
