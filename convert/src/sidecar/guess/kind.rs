//! Folder and suffix.

use isocenter_dcm::tags;

use super::super::{header::text_of, out::Out, siemens::Siemens, subject::Subject};
use crate::facts::maker::Maker;
use crate::part::Part;

/// What a guess is made from.
pub(super) struct Facts {
    pub(super) maker: Option<Maker>,
    /// The sequence's file (Siemens) or its internal name (GE), else its public name.
    pub(super) details: String,
    /// The public name of the sequence, and that of the standard's later element.
    pub(super) name: String,
    pub(super) pulse_name: String,
    pub(super) scanning: Vec<String>,
    pub(super) variant: Vec<String>,
    pub(super) kinds: Vec<String>,
    pub(super) description: String,
    pub(super) part: Option<Part>,
    pub(super) echo_s: Option<f64>,
    pub(super) repetition_s: Option<f64>,
    /// Inversion time of this image, and those of the protocol.
    pub(super) inversion_s: Option<f64>,
    pub(super) inversions_s: [Option<f64>; 2],
    /// Number of this echo, and how many the protocol has.
    pub(super) echo_number: Option<i64>,
    pub(super) echoes: usize,
    pub(super) is_multi_echo: bool,
    pub(super) is_diffusion: bool,
    pub(super) is_spin_echo: bool,
    pub(super) is_planar: bool,
    /// Whether Philips says that it is one of a functional series.
    pub(super) is_functional: bool,
    pub(super) is_field_map_sequence: bool,
    pub(super) slices: usize,
    pub(super) steps: usize,
    pub(super) orientations: bool,
}

impl Facts {
    pub(super) fn of(subject: &Subject<'_>, protocol: &Siemens<'_>, out: &Out) -> Self {
        let header = &subject.header;
        let seconds = |key: &str| out.get(key).and_then(serde_json::Value::as_f64);
        let name = header.string(tags::SEQUENCE_NAME).filter(|name| name.len() > 1);
        let name = name.or_else(|| header.string(tags::PULSE_SEQUENCE_NAME)).unwrap_or_default();
        let own = |element| header.private(0x0019, "GEMS_ACQU_01", element).and_then(text_of);
        let details = match header.maker {
            Some(Maker::Siemens) => Some(protocol.sequence()).filter(|text| text.len() > 1),
            Some(Maker::Ge) => Some(own(0x9E).or_else(|| own(0x9C)).unwrap_or_default()),
            _ => None,
        };
        let kind = out.get("PulseSequenceType").and_then(|v| v.as_str()).unwrap_or_default();
        let mut kinds = header.strings(tags::IMAGE_TYPE);
        kinds.extend(header.strings(tags::FRAME_TYPE));
        let axes = subject.series.head.slow_axes();
        let by_axis = axes.iter().any(|axis| axis.kind() == &isocenter_volume::AxisKind::Diffusion);
        let contrast = header.string(tags::ACQUISITION_CONTRAST);
        let weighted = header.positive(tags::DIFFUSION_B_VALUE).is_some();
        let said = kinds.iter().any(|kind| kind == "DIFFUSION") || contrast.as_deref() == Some("DIFFUSION");
        Self {
            maker: header.maker,
            details: details.unwrap_or_else(|| name.clone()),
            pulse_name: header.string(tags::PULSE_SEQUENCE_NAME).unwrap_or_default(),
            name,
            scanning: header.strings(tags::SCANNING_SEQUENCE),
            variant: header.strings(tags::SEQUENCE_VARIANT),
            description: header.string(tags::SERIES_DESCRIPTION).unwrap_or_default(),
            part: subject.part,
            echo_s: seconds("EchoTime"),
            repetition_s: seconds("RepetitionTime"),
            inversion_s: seconds("InversionTime"),
            inversions_s: [protocol.seconds("alTI[0]"), protocol.seconds("alTI[1]")]
                .map(|time| time.filter(|s| *s > 0.0 && protocol.number("lInvContrasts") != Some(1.0))),
            echo_number: subject.series.echo_number,
            echoes: protocol.positive("lContrasts").map_or(1, |n| n as usize),
            is_multi_echo: subject.is_multi_echo,
            is_diffusion: by_axis || said || weighted,
            is_spin_echo: kind.contains("Spin Echo"),
            is_planar: kind.contains("EPI"),
            is_functional: header.maker == Some(Maker::Philips)
                && subject.private(0x2005, "Philips MR Imaging DD 001", 0x63).is_some_and(|n| n >= 1.0),
            is_field_map_sequence: subject.is_ge_field_map || subject.part == Some(Part::FieldMap),
            slices: subject.series.head.shape()[2],
            steps: subject.steps(),
            orientations: subject.series.warnings.iter().any(|w| w.code() == "set-apart-by-plane"),
            kinds,
        }
    }

    pub(super) fn details(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.details.contains(word))
    }

    pub(super) fn scans(&self, word: &str) -> bool {
        self.scanning.iter().any(|w| w == word)
    }

    pub(super) fn varies(&self, word: &str) -> bool {
        self.variant.iter().any(|w| w == word)
    }

    pub(super) fn shows(&self, word: &str) -> bool {
        self.kinds.iter().any(|kind| kind.contains(word))
    }

    /// Whether the image was made at one of two inversion times: an MP2RAGE.
    pub(super) fn is_dual_inversion(&self) -> bool {
        self.inversions_s.iter().all(Option::is_some)
    }
}

/// What was found.
pub(super) struct Kind {
    pub(super) folder: &'static str,
    pub(super) suffix: String,
    /// Whether the way of phase encoding tells such series apart.
    pub(super) with_direction: bool,
    /// Whether the part does.
    pub(super) with_part: bool,
    /// Whether the number of the series does; field maps share it over several series.
    pub(super) with_run: bool,
    pub(super) with_echo: bool,
}

fn kind(folder: &'static str, suffix: impl Into<String>) -> Kind {
    Kind { folder, suffix: suffix.into(), with_direction: false, with_part: false, with_run: true, with_echo: true }
}

fn directed(folder: &'static str, suffix: &str) -> Kind {
    Kind { with_direction: true, ..kind(folder, suffix) }
}

fn parted(suffix: &str) -> Kind {
    Kind { with_part: true, ..kind("anat", suffix) }
}

/// A field map: its echoes and parts are in its suffix.
fn map(suffix: impl Into<String>, with_run: bool) -> Kind {
    Kind { with_echo: false, with_run, ..kind("fmap", suffix) }
}

/// The kind of series.
pub(super) fn of(facts: &Facts) -> Option<Kind> {
    let few = if facts.maker == Some(Maker::Philips) { 4 } else { 2 };
    if (facts.slices < few && facts.steps < few) || facts.orientations || facts.shows("LOCALIZER") {
        return Some(kind("discard", "localizer"));
    }
    match facts.maker {
        Some(Maker::Siemens) => by_file(facts).or_else(|| by_words(facts)),
        Some(Maker::Ge) => by_internal_name(facts).or_else(|| by_words(facts)),
        _ => by_words(facts),
    }
}

/// Siemens: the file of the sequence says what it does.
fn by_file(facts: &Facts) -> Option<Kind> {
    let of = |words: &[&str]| facts.details(words);
    let named = |word: &str| facts.name.contains(word);
    let reference = facts.description.contains("_SBRef");
    Some(if of(&["b1map", "tfl_b1"]) {
        map("TB1TFL", true)
    } else if of(&["tfl", "mp2rage", "wip925"]) && !named("tfl2d1") {
        let suffix = if facts.shows("T1 MAP") {
            "T1map"
        } else if facts.shows("UNI") {
            "UNIT1"
        } else if facts.is_dual_inversion() {
            "MP2RAGE"
        } else {
            "T1w"
        };
        kind("anat", suffix)
    } else if facts.is_diffusion || of(&["_diff", "resolve", "ep2d_stejskal"]) {
        directed("dwi", if reference { "sbref" } else { "dwi" })
    } else if of(&["fairest", "_asl", "_pasl", "pcasl", "PCASL"]) {
        kind("perf", if facts.description.contains("_m0") { "m0scan" } else { "asl" })
    } else if named("spcR") {
        kind("anat", "T2w")
    } else if of(&["tse_vfl"]) {
        kind("anat", if of(&["spcir"]) || named("spcir") { "FLAIR" } else { "T2w" })
    } else if of(&["tse"]) {
        let suffix = if named("tir") { "FLAIR" } else { by_echo(facts, 0.050) };
        Kind { with_echo: false, ..kind("anat", suffix) }
    } else if of(&["ep2d_se"]) || named("*epse2d") {
        directed("fmap", "epi")
    } else if of(&["gre_field_mapping"]) {
        let suffix = match facts.part {
            Some(Part::Phase) => "phasediff".to_owned(),
            _ => format!("magnitude{}", facts.echo_number.unwrap_or(1)),
        };
        map(suffix, false)
    } else if of(&["\\trufi", "AALScout", "haste"]) || named("fl3d1_ns") || named("fl2d1") || named("tfl2d1") {
        kind("discard", "localizer")
    } else if named("fl3d1r") {
        kind("anat", "angio")
    } else if of(&["ep_seg_fid"]) {
        parted("T2starw")
    } else if of(&["gre"]) {
        parted(if facts.echoes > 1 || facts.is_multi_echo { "MEGRE" } else { "T2starw" })
    } else if of(&["_bold", "pace", "ep2d_fid"]) || facts.shows("FMRI") {
        directed("func", if reference { "sbref" } else { "bold" })
    } else {
        return None;
    })
}

/// GE: the internal name of the sequence.
fn by_internal_name(facts: &Facts) -> Option<Kind> {
    let of = |words: &[&str]| facts.details(words);
    Some(if facts.is_field_map_sequence || of(&["B0map", "3db0map"]) {
        map(if facts.part == Some(Part::FieldMap) { "fieldmap" } else { "magnitude" }, false)
    } else if facts.is_multi_echo && !facts.is_planar && facts.scans("GR") {
        parted("T2starw")
    } else if of(&["EFGRE3D", "3dradial"]) {
        kind("anat", "T1w")
    } else if of(&["FSE"]) {
        Kind { with_echo: false, ..kind("anat", if facts.scans("IR") { "FLAIR" } else { by_echo(facts, 0.040) }) }
    } else if of(&["asl"]) {
        kind("perf", "asl")
    } else if of(&["LoopingStar"]) {
        kind("func", "bold")
    } else if of(&["tof", "TOF"]) {
        kind("anat", "angio")
    } else {
        return None;
    })
}

/// The words of the standard, where no maker says more.
fn by_words(facts: &Facts) -> Option<Kind> {
    let gradient = facts.scans("GR");
    Some(if facts.is_field_map_sequence {
        map(if facts.part == Some(Part::FieldMap) { "fieldmap" } else { "magnitude" }, true)
    } else if facts.shows("PERFUSION") || facts.shows("ASL") {
        kind("perf", "asl")
    } else if facts.is_diffusion && (facts.is_planar || facts.is_spin_echo) {
        Kind { with_direction: facts.maker != Some(Maker::Philips), ..kind("dwi", "dwi") }
    } else if facts.varies("MP") && gradient {
        kind("anat", "T1w")
    } else if facts.is_planar && facts.is_spin_echo {
        directed("fmap", "epi")
    } else if facts.is_planar || facts.name.contains("FEEPI") || (facts.is_functional && gradient) {
        directed("func", "bold")
    } else if facts.scans("RM") && facts.varies("SS") {
        map("magnitude", true)
    } else if facts.scans("SE") && facts.scans("IR") {
        // fat is suppressed at a short inversion time, fluid at a long one
        kind("anat", if facts.inversion_s.is_some_and(|ti| ti < 0.5) { "T2w" } else { "FLAIR" })
    } else if facts.scans("SE") {
        kind("anat", by_times(facts))
    } else if gradient && facts.varies("SS") && !facts.varies("SP") {
        parted("T2starw")
    } else if gradient && facts.inversion_s.is_some() {
        kind("anat", "T1w")
    } else if gradient && facts.is_multi_echo {
        parted("MEGRE")
    } else {
        return None;
    })
}

/// A train of echoes: proton density, or T2 from a time on.
fn by_echo(facts: &Facts, from_s: f64) -> &'static str {
    if facts.echo_s.is_some_and(|s| s < from_s) { "PDw" } else { "T2w" }
}

/// A spin echo: short repetition and echo weight by T1.
fn by_times(facts: &Facts) -> &'static str {
    let is_short = facts.repetition_s.is_some_and(|s| s < 1.0) && facts.echo_s.is_some_and(|s| s < 0.030);
    if is_short { "T1w" } else { by_echo(facts, 0.040) }
}
