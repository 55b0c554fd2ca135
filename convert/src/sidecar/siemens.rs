//! What the measurement protocol of Siemens software says: coils, shims, resolution, modes. Times in it are microseconds.
//!
//! The keys are those of the protocol's text (see the facts of the protocol); what they mean is in no standard, and is as dcm2niix,
//! dicm2nii and the siemens_to_ismrmrd maps understand it.

use crate::facts::{csa, protocol::Protocol};
use isocenter_dcm::value;

use super::{
    grammar,
    header::{Header, text_of},
    out::Out,
    subject::Subject,
};
use crate::facts::maker::Maker;

/// The bytes of the headers that the protocol may be in.
pub(super) struct Bytes {
    series: Option<Vec<u8>>,
    modern: Option<Vec<u8>>,
}

impl Bytes {
    pub(super) fn of(header: &Header<'_>) -> Self {
        let is_theirs = header.by(Maker::Siemens);
        let modern = header.private(0x0021, "SIEMENS MR SDS 01", 0x19).map(value::bytes);
        Self { series: csa::series(header.top).filter(|_| is_theirs), modern: modern.filter(|_| is_theirs) }
    }
}

/// The protocol, if there is one.
pub(super) struct Siemens<'a>(Option<Protocol<'a>>);

impl<'a> Siemens<'a> {
    pub(super) fn new(bytes: &'a Bytes) -> Self {
        Self(Protocol::of(bytes.series.as_deref(), bytes.modern.as_deref()))
    }

    pub(super) const fn is_there(&self) -> bool {
        self.0.is_some()
    }

    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.0.as_ref()?.number(key)
    }

    pub(super) fn positive(&self, key: &str) -> Option<f64> {
        self.number(key).filter(|number| *number > 0.0)
    }

    /// Seconds, of a key in microseconds.
    pub(super) fn seconds(&self, key: &str) -> Option<f64> {
        self.number(key).map(|us| us / 1e6)
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.0.as_ref()?.text(key).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn ending(&self, end: &str) -> Option<String> {
        self.0.as_ref()?.ending(end).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The name of the sequence's file.
    pub(super) fn sequence(&self) -> String {
        self.text("tSequenceFileName").unwrap_or_default()
    }
}

/// Writes what the protocol says.
pub(super) fn write(subject: &Subject<'_>, protocol: &Siemens<'_>, out: &mut Out) {
    let header = &subject.header;
    if !header.by(Maker::Siemens) {
        return;
    }
    coils(header, protocol, out);
    if let Some(text) = header
        .private(0x0021, "SIEMENS MR SDI 02", 0x76)
        .and_then(text_of)
        .filter(|_| out.get("DeepLearning").is_some())
    {
        out.put_private("DeepLearningDetails", Some(text));
    }
    if !protocol.is_there() || !header.is("MR") {
        return;
    }
    numbers(protocol, out);
    shims(protocol, out);
    modes(subject, protocol, out);
    let baseline = protocol.text("sProtConsistencyInfo.tMeasuredBaselineString");
    let baseline = baseline.or_else(|| protocol.text("sProtConsistencyInfo.tBaselineString"));
    let baseline = baseline.or_else(|| protocol.text("sProtConsistencyInfo.ulConvFromVersion"));
    by_form("ConsistencyInfo", baseline, grammar::is_baseline, out);
    by_form("PulseSequenceDetails", protocol.text("tSequenceFileName"), grammar::is_product, out);
    out.put_private("FmriExternalInfo", protocol.ending("FmriExternalInfo"));
    let free = protocol.text("sWipMemBlock.tFree").or_else(|| protocol.text("sWiPMemBlock.tFree"));
    out.put_private("WipMemBlock", free);
    if out.get("ProtocolName").is_none() {
        out.text("ProtocolName", protocol.text("tProtocolName"));
    }
}

fn by_form(key: &str, text: Option<String>, is_safe: fn(&str) -> bool, out: &mut Out) {
    if text.as_deref().is_some_and(is_safe) { out.text(key, text) } else { out.put_private(key, text) }
}

fn coils(header: &Header<'_>, protocol: &Siemens<'_>, out: &mut Out) {
    let elements = if protocol.is_there() {
        protocol.text("sCoilSelectMeas.sCoilStringForConversion")
    } else {
        header.private_in(0x0021, &["SIEMENS MR SDI 02"], 0x11, 0x4F).and_then(text_of)
    };
    let own = header.private(0x0051, "SIEMENS MR HEADER", 0x0F).and_then(text_of);
    match own.filter(|coil| elements.as_ref() != Some(coil)) {
        Some(coil) => out.put_private("CoilString", Some(coil)),
        None => {
            let public = header.text(isocenter_dcm::tags::RECEIVE_COIL_NAME);
            out.text("CoilString", public.filter(|coil| elements.as_ref() != Some(coil)));
        }
    }
    out.put_private("ReceiveCoilActiveElements", elements);
    out.put_private("ReceiveCoilName", protocol.ending("sCoilElementID.tCoilID"));
}

fn numbers(protocol: &Siemens<'_>, out: &mut Out) {
    out.positive("DelayTime", protocol.seconds("lDelayTimeInTR"));
    out.positive("TxRefAmp", protocol.number("sTXSPEC.asNucleusInfo[0].flReferenceAmplitude"));
    out.positive("PhaseResolution", protocol.number("sKSpace.dPhaseResolution"));
    out.positive("PhaseOversampling", protocol.number("sKSpace.dPhaseOversamplingForDialog"));
    out.positive("BaseResolution", protocol.number("sKSpace.lBaseResolution"));
    out.positive("VendorReportedEchoSpacing", protocol.seconds("sFastImaging.lEchoSpacing"));
    out.positive("RefLinesPE", protocol.number("sPat.lRefLinesPE"));
    out.positive("AveragesDouble", protocol.number("dAveragesDouble").filter(|n| *n > 1.0));
    // written as 0x1, whatever the value
    let interpolates = protocol.number("sKSpace.uc2DInterpolation").is_some_and(|n| n > 0.0);
    out.number("Interpolation2D", interpolates.then_some(1.0));
}

/// Offsets of the three gradients, then the five currents of second order; those that are 0 are left out of the protocol.
fn shims(protocol: &Siemens<'_>, out: &mut Out) {
    let offset = |axis: char| {
        let of = |holder: &str| protocol.number(&format!("{holder}.lOffset{axis}")).filter(|n| *n != 0.0);
        of("sGRADSPEC.asGPAData[0]").or_else(|| of("sGRADSPEC"))
    };
    let current = |n: usize| protocol.number(&format!("sGRADSPEC.alShimCurrent[{n}]"));
    let shims: Vec<Option<f64>> = ['X', 'Y', 'Z'].into_iter().map(offset).chain((0..5).map(current)).collect();
    if shims.iter().any(Option::is_some) {
        out.numbers("ShimSetting", &shims.iter().map(|n| n.unwrap_or(0.0)).collect::<Vec<_>>());
    }
}

fn modes(subject: &Subject<'_>, protocol: &Siemens<'_>, out: &mut Out) {
    let combined = match protocol.number("ucCoilCombineMode") {
        Some(1.0) => Some("Sum of Squares"),
        Some(2.0) => Some("Adaptive Combine"),
        _ => None,
    };
    out.text("CoilCombinationMethod", combined.map(str::to_owned));
    // 1 none, 2 GRAPPA, 4 SENSE, 8 GRAPPA in two dimensions, 32 several slices at once
    let mode = match protocol.number("sPat.ucPATMode") {
        _ if protocol.positive("sPat.lAccelFactPE").is_none() => None,
        Some(2.0) => Some("GRAPPA"),
        Some(4.0) => Some("SENSE"),
        Some(1.0 | 32.0) => Some("None"),
        _ => None,
    };
    out.text("MatrixCoilMode", mode.map(str::to_owned));
    if out.get("MTState").is_none() && protocol.number("sPrepPulses.ucMTC") == Some(1.0) {
        out.put("MTState", true);
    }
    // the scheme; older sequences have it the other way round in the mode of the read-out
    let is_diffusion =
        subject.series.head.slow_axes().iter().any(|axis| axis.kind() == &isocenter_volume::AxisKind::Diffusion)
            || subject.says(isocenter_dcm::tags::IMAGE_TYPE, "DIFFUSION");
    let scheme = protocol
        .positive("sDiffusion.dsScheme")
        .or_else(|| protocol.number("ucReadOutMode").filter(|n| [1.0, 2.0].contains(n)).map(|mode| 3.0 - mode));
    let scheme = match scheme.filter(|_| is_diffusion) {
        Some(1.0) => Some("Bipolar"),
        Some(2.0) => Some("Monopolar"),
        _ => None,
    };
    out.text("DiffusionScheme", scheme.map(str::to_owned));
    // the phase difference of two echoes
    if subject.part == Some(crate::part::Part::Phase) && protocol.sequence().contains("field_mapping") {
        out.positive("EchoTime1", protocol.seconds("alTE[0]"));
        out.positive("EchoTime2", protocol.seconds("alTE[1]"));
    }
}
