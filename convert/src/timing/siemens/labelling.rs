//! Arterial spin labelling by Siemens' protocol: the sequence's name tells what its free parameters mean.
//!
//! Times stand in microseconds, in `alTI` and `sAsl` for Siemens' own sequences, in `sWipMemBlock.adFree` and `alFree` for those of others.
//! A parameter that is not there is left out, as is one that the sequence leaves at zero.

use super::super::{entries::Entries, scan::Scan};

pub(super) fn entries(scan: &Scan<'_>, out: &mut Entries) {
    let Some(name) = scan.protocol.as_ref().and_then(|protocol| protocol.text("tSequenceFileName")) else { return };
    let number = |key: String| scan.protocol_number(&key);
    let real = |index: usize| {
        let key = |block: &str| format!("{block}.adFree[{index}]");
        number(key("sWipMemBlock")).or_else(|| number(key("sWiPMemBlock")))
    };
    let whole = |index: usize| number(format!("sWipMemBlock.alFree[{index}]")).filter(|v| *v > 0.0);
    let inversion = |index: usize| seconds(number(format!("alTI[{index}]")));
    let blocks = || real(3).map(|blocks| PULSE_MS * PULSES * blocks / 1e3);
    let is = |part: &str| name.contains(part);

    if is("ep2d_asl") || is("tgse_asl") {
        out.number("LabelingDuration", seconds(number("sAsl.ulLabelingDuration".to_owned())));
        out.number("PostLabelingDelay", seconds(number("sAsl.sPostLabelingDelay[0]".to_owned())));
    } else if is("ep2d_pcasl") {
        out.put("ArterialSpinLabelingType", Some("PCASL"));
        out.number("LabelingDistance", real(1));
        out.number("PostLabelingDelay", seconds(real(2)));
        out.number("NumRFBlocks", real(3));
        out.number("LabelingDuration", blocks());
        out.number("RFGap", seconds(real(4)));
        out.number("MeanGzx10", real(10));
        out.number("PhiAdjust", real(11));
    } else if is("tgse_pcasl") {
        out.put("ArterialSpinLabelingType", Some("PCASL"));
        out.number("NumRFBlocks", real(3));
        // the second free parameter is a duration too, but the blocks are what was played out
        out.number("LabelingDuration", blocks());
        out.number("RFGap", seconds(real(4)));
        out.number("MeanGzx10", real(10));
        out.number("T1", seconds(real(12)));
    } else if is("ep2d_pasl") || is("tgse_pasl") {
        out.put("ArterialSpinLabelingType", Some("PASL"));
        out.put("PASLType", Some(if is("ep2d_pasl") { "PICORE" } else { "FAIR QII" }));
        out.number("BolusDuration", inversion(0));
        out.number("InversionTime", inversion(2));
    } else if is("ep2d_fairest") {
        out.put("ArterialSpinLabelingType", Some("PASL"));
        out.put("PASLType", Some("FAIR"));
        out.number("PostInversionDelay", real(2).map(|ms| ms / 1e3));
        out.number("PostLabelingDelay", real(4).map(|ms| ms / 1e3));
    } else if is("to_ep2d_VEPCASL") {
        out.put("ArterialSpinLabelingType", Some("PCASL"));
        out.number("InversionTime", inversion(2));
        out.number("BolusDuration", inversion(0));
        out.number("LabelingPulseFlipAngle", whole(4));
        out.number("LabelingPulseDuration", seconds(whole(5)));
        out.number("TagRFSeparation", seconds(whole(6)));
        out.number("LabelingPulseAverageGradient", real(0));
        out.number("LabelingPulseMaximumGradient", real(1));
        out.number("TagDuration", whole(9).map(|ms| ms / 1e3));
        out.number("MaximumT1Opt", whole(10).map(|ms| ms / 1e3));
        out.put("PostLabelingDelay", delays((11..31).map_while(whole)));
    } else if is("jw_tgse_VEPCASL") {
        out.put("ArterialSpinLabelingType", Some("PCASL"));
        out.number("TagRFFlipAngle", whole(6));
        out.number("TagRFDuration", seconds(whole(7)));
        out.number("TagRFSeparation", seconds(whole(8)));
        out.number("MaximumT1Opt", whole(9).map(|ms| ms / 1e3));
        out.put("InitialPostLabelDelay", delays((30..38).map_while(whole)));
    }
}

fn seconds(micros: Option<f64>) -> Option<f64> {
    micros.map(|us| us / 1e6)
}

fn delays(ms: impl Iterator<Item = f64>) -> Option<Vec<f64>> {
    let delays: Vec<f64> = ms.map(|ms| ms / 1e3).collect();
    (!delays.is_empty()).then_some(delays)
}

/// A block of pseudo-continuous labelling is so many pulses, each so many milliseconds apart.
const PULSES: f64 = 20.0;
const PULSE_MS: f64 = 0.92;
