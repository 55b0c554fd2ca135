//! The codes that would fit a description, the best first.

use super::{Method, Timing, attributes::Attributes};

/// Parts of a code, and how well they fit.
pub(super) struct Candidate {
    pub(super) method: &'static str,
    pub(super) system: String,
    pub(super) component: String,
    pub(super) weight: f64,
}

fn candidate(method: &'static str, system: impl Into<String>, component: impl Into<String>, weight: f64) -> Candidate {
    Candidate { method, system: system.into(), component: component.into(), weight }
}

/// LOINC's System where no region is said.
pub(super) const UNSPECIFIED: &str = "XXX";

pub(super) fn of(study: &Attributes) -> Vec<Candidate> {
    if study.says("bronchoscopy") {
        return match study.implied {
            0 => vec![candidate("RF", "Chest", "Guidance for bronchoscopy", 0.9)],
            _ => vec![candidate("Bronchoscopy", "Chest", "Study", 1.0)],
        };
    }
    match study.method {
        Method::Ct => ct(study),
        Method::Mr => mr(study),
        Method::Xr => xr(study),
        Method::Pt => pt(study),
        Method::Mg => mg(study),
        Method::Us => us(study),
        Method::Nm | Method::Spect | Method::Rf => other(study),
    }
}

/// Nothing names a region: the code for an unspecified one.
pub(super) fn unspecified(method: Method, portable: bool) -> Candidate {
    let (name, component) = match method {
        Method::Xr if portable => ("XR.portable", "Views"),
        Method::Xr => ("XR", "Views"),
        Method::Mg => return candidate("MG", "Breast", "Views", 1.0),
        Method::Nm => ("NM", "Views^W radionuclide IV"),
        Method::Pt | Method::Spect => (method.loinc(), "Multisection^W radionuclide IV"),
        Method::Ct | Method::Mr | Method::Us | Method::Rf => (method.loinc(), "Multisection"),
    };
    candidate(name, UNSPECIFIED, component, 1.0)
}

fn multisection(timing: Option<Timing>) -> String {
    format!("Multisection{}", Timing::challenge(timing))
}

fn ct(study: &Attributes) -> Vec<Candidate> {
    let timing = study.timing;
    let system = study.regions.system(study.side);
    let mut found = Vec::new();
    if study.says("pe") {
        found.push(candidate(
            "CT.angio",
            "Chest>Pulmonary arteries",
            "Multisection for pulmonary embolus^W contrast IV",
            0.95,
        ));
    }
    if study.says("tube") {
        found.push(candidate("CT", &system, "Guidance for placement of tube", 0.9));
    }
    if study.says("biopsy") {
        found.push(candidate("CT", &system, "Guidance for percutaneous biopsy", 0.9));
    }
    if study.says("calcium") {
        found.push(candidate("CT", &system, "Multisection for calcium score^WO contrast", 0.9));
        found.push(candidate("CT", "Chest>Heart", "Multisection for calcium score", 0.8));
    }
    if study.says("screening") {
        found.push(candidate("CT", &system, "Multisection for screening^WO contrast", 0.9));
    }
    if study.says("limited") {
        found.push(candidate("CT", &system, "Multisection limited^WO contrast", 0.8));
    }
    if study.says("lowdose") && timing.is_none() {
        found.push(candidate("CT", &system, "Multisection for screening", 0.6));
    }
    let trunk = study.regions.is(&["chest", "abdomen", "pelvis"]);
    if study.mixed && trunk {
        let component = "Multisection^WO contrast && Multisection^W contrast IV";
        found.push(candidate("CT", "Abdomen && Chest+Abdomen+Pelvis", component, 0.7));
    }
    if study.says("angio") {
        ct_vessels(study, trunk, &mut found);
    } else if study.says("perfusion") && timing.is_none() {
        found.push(candidate("CT.perfusion", &system, "Multisection", 0.9));
    }
    if study.regions.has("pulmonary") && !study.says("angio") {
        // arteries are seen with contrast alone
        found.push(candidate("CT.angio", "Chest>Pulmonary arteries", multisection(Some(Timing::With)), 0.7));
    }
    found.push(candidate("CT", system, multisection(timing), 1.0));
    found
}

fn ct_vessels(study: &Attributes, trunk: bool, found: &mut Vec<Candidate>) {
    if study.says("dissection") && trunk {
        let system = "Chest+Abdomen+Pelvis && Chest>Aorta.thoracic & Abdomen>Aorta.abdominal";
        found.push(candidate("CT && CT.angio", system, multisection(Some(Timing::WithoutThenWith)), 0.8));
    }
    if study.says("runoff") {
        let system = "Abdomen>Aorta.abdominal & Pelvis+Lower extremity.bilateral>RO vessels";
        found.push(candidate("CT.angio", system, multisection(study.timing.or(Some(Timing::WithoutThenWith))), 0.8));
    }
    let Some(vessels) = study.regions.vessels() else { return };
    if study.timing.is_some() {
        found.push(candidate("CT.angio", &vessels, multisection(study.timing), 1.0));
    }
    // an angiogram is with contrast unless more is said
    found.push(candidate(
        "CT.angio",
        &vessels,
        multisection(Some(Timing::With)),
        if study.timing.is_none() { 0.8 } else { 0.4 },
    ));
    found.push(candidate("CT.angio", vessels, multisection(Some(Timing::WithoutThenWith)), 0.4));
}

fn mr(study: &Attributes) -> Vec<Candidate> {
    let mut regions = study.regions.clone();
    // by MR a head is a brain
    if !regions.has("face") {
        regions.swap("head", "brain");
    }
    let system = regions.system(study.side);
    let timing = multisection(study.timing);
    let mut found = Vec::new();
    if study.says("angio") {
        found.extend(regions.vessels().map(|vessels| candidate("MR.angio", vessels, timing.clone(), 1.0)));
    }
    if study.says("cine") {
        found.push(candidate("MR", &system, timing.replacen("Multisection", "Multisection cine for function", 1), 0.9));
    }
    found.push(candidate("MR", system, timing, 1.0));
    found
}

fn xr(study: &Attributes) -> Vec<Candidate> {
    let mut views = study.views.clone();
    let portable = study.says("portable") && !study.says("fixed");
    let system = study.regions.system(study.side);
    let mut found = Vec::new();
    if study.regions.is(&["ribs", "chest"]) || study.says("withchest") && study.regions.has("ribs") {
        ribs_and_chest(study, &mut found);
    }
    if study.says("surgery") {
        found.push(candidate("XR", &system, "View^during surgery", 0.9));
    }
    if study.says("series") && study.regions.is(&["abdomen"]) && views.has("UPRIGHT") {
        views.add("SUPINE");
    }
    if views.is_empty() && study.says("line") {
        // where a line lies is looked up in one view
        found.push(candidate(if portable { "XR.portable" } else { "XR" }, &system, "View", 0.7));
    }
    // the last of the components is what fits any views: tried after what is named, at a bed or not
    let mut at_bed = views.components(portable);
    let any = at_bed.pop();
    if portable {
        found.extend(at_bed.iter().map(|(component, weight)| candidate("XR.portable", &system, component, *weight)));
    }
    let apart = if portable { 0.65 } else { 1.0 };
    found.extend(at_bed.into_iter().map(|(component, weight)| candidate("XR", &system, component, weight * apart)));
    if let Some((component, weight)) = any {
        if portable {
            found.push(candidate("XR.portable", &system, &component, weight));
        }
        found.push(candidate("XR", &system, component, weight * apart));
    }
    found
}

/// Ribs with a view of the chest: LOINC has codes with a side, and one without.
fn ribs_and_chest(study: &Attributes, found: &mut Vec<Candidate>) {
    let side = study.side.map(|side| format!(".{side}")).unwrap_or_default();
    let (pa, single) =
        (study.views.has("PA") && !study.views.has("AP"), if study.views.has("PA") { "View PA" } else { "View" });
    if pa || !study.views.has("AP") {
        found.push(candidate("XR", format!("Chest>Ribs{side} & Chest"), format!("Views 3 && {single}"), 0.7));
    }
    if pa {
        found.push(candidate("XR", "Chest>Ribs && Chest", "Views && view PA", 0.6));
    }
    found.push(candidate("XR", "Chest>Ribs", "Views", 0.5));
}

fn pt(study: &Attributes) -> Vec<Candidate> {
    // most words of these descriptions name a disease; what is imaged is the body, with few exceptions
    let tumour = "Guidance for localization of tumor^W 18F-FDG IV";
    if study.regions.has("skullthigh") {
        return vec![candidate("PT+CT", "Whole body>Skull vertex to mid-thigh", format!("{tumour}+WO contrast"), 0.9)];
    }
    if ["head", "brain", "heart"].iter().any(|part| study.regions.has(part)) {
        return vec![candidate("PT", study.regions.system(None), "Multisection^W radionuclide IV", 0.7)];
    }
    vec![candidate("PT+CT", "Whole body", tumour, if study.with_ct { 0.85 } else { 0.7 })]
}

fn mg(study: &Attributes) -> Vec<Candidate> {
    let mut regions = study.regions.clone();
    regions.add("breast");
    let system = regions.system(study.side);
    let (method, views) = if study.says("tomo") { ("MG.tomosynthesis", "Multisection") } else { ("MG", "Views") };
    let mut found = Vec::new();
    if study.says("screening") {
        found.push(candidate(method, &system, format!("{views} screening"), 1.0));
        found.push(candidate(method, "Breast.bilateral", format!("{views} screening"), 0.8));
    }
    found.push(candidate(method, system, views, 0.9));
    found
}

fn us(study: &Attributes) -> Vec<Candidate> {
    let system = study.regions.system(study.side);
    let component = match () {
        () if study.says("tee") => "Multisection transesophageal",
        () if study.says("tte") || study.says("echo") => "Multisection transthoracic",
        () if study.says("tv") && study.says("ta") => "Multisection transabdominal + transvaginal",
        () if study.says("tube") => "Guidance for placement of tube",
        () if study.says("limited") => "Multisection limited",
        () => "Multisection",
    };
    vec![candidate("US", &system, component, 1.0)]
}

fn other(study: &Attributes) -> Vec<Candidate> {
    let system = study.regions.system(study.side);
    match study.method {
        Method::Nm if study.says("stress") => vec![candidate("NM", system, "Views^W stress+W radionuclide IV", 0.9)],
        Method::Nm if study.says("vq") || study.says("perfusion") => {
            let component = "Views ventilation+perfusion^W radionuclide IH+W radionuclide IV";
            vec![candidate("NM", "Chest>Lung", component, 0.9)]
        }
        Method::Rf if study.says("swallow") => {
            let component = "Views^W liquid contrast PO+W paste contrast PO+during swallowing";
            vec![candidate("RF.video", "Neck>Hypopharynx & Chest>Esophagus", component, 0.8)]
        }
        Method::Rf if study.regions.has("esophagus") => {
            vec![candidate("RF", "Chest>Esophagus", "Views^W contrast PO", 0.9)]
        }
        _ => vec![candidate(study.method.loinc(), system, "Multisection", 0.8)],
    }
}
