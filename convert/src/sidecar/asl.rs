//! Arterial spin labelling: what the standard says of it, and what Siemens' sequences keep in free fields of their protocols.
//!
//! Which field holds what depends on the sequence, by the name of its file; the fields are as the authors of the sequences told the
//! authors of dcm2niix. Times in seconds, angles in degrees, gradients in mT/m, distances in mm.

use isocenter_dcm::tags;
use serde_json::Value;

use super::{header::text_of, number, out::Out, siemens::Siemens, subject::Subject};
use crate::facts::maker::Maker;

/// Writes them.
pub(super) fn write(subject: &Subject<'_>, protocol: &Siemens<'_>, out: &mut Out) {
    public(subject, out);
    if !protocol.is_there() || !subject.header.by(Maker::Siemens) {
        return;
    }
    let sequence = protocol.sequence();
    let mut labelling = Labelling { protocol, out };
    let kind = if sequence.contains("to_ep2d_VEPCASL") {
        labelling.vessels_2d();
        "PCASL"
    } else if sequence.contains("jw_tgse_VEPCASL") {
        labelling.vessels_3d();
        "PCASL"
    } else if sequence.contains("ep2d_pcasl") {
        labelling.pcasl_2d();
        "PCASL"
    } else if sequence.contains("tgse_pcasl") {
        labelling.pcasl_3d();
        "PCASL"
    } else if sequence.contains("ep2d_pasl") {
        labelling.pulsed("PICORE");
        "PASL"
    } else if sequence.contains("tgse_pasl") {
        labelling.pulsed("FAIR QII");
        "PASL"
    } else if sequence.contains("ep2d_fairest") {
        labelling.fairest();
        "PASL"
    } else {
        if sequence.contains("ep2d_asl") || sequence.contains("tgse_asl") {
            labelling.product();
        }
        return;
    };
    out.put("ArterialSpinLabelingType", kind);
    if kind == "PCASL" {
        // what the header states: the time from volume to volume may have been measured
        let repetition = out.get("RepetitionTimeExcitation").or_else(|| out.get("RepetitionTime")).cloned();
        if let Some(repetition) = repetition {
            out.put("RepetitionTimePreparation", repetition);
        }
    }
    let thickness = subject.header.positive(tags::SLICE_THICKNESS);
    let spacing = subject.series.head.geometry().spacing_mm();
    if let Some(thickness) = thickness.filter(|_| protocol.positive("sKSpace.uc2DInterpolation").is_none()) {
        out.numbers("AcquisitionVoxelSize", &[spacing[0], spacing[1], thickness]);
    }
    // each delay and each echo has pairs of its own
    let pairs = subject.steps() / 2;
    if pairs > 0 {
        out.put("TotalAcquiredPairs", pairs);
    }
}

fn public(subject: &Subject<'_>, out: &mut Out) {
    let header = &subject.header;
    let mut words = header.string(tags::ARTERIAL_SPIN_LABELING_CONTRAST).unwrap_or_default();
    if header.by(Maker::Ge) {
        for element in [0xA3, 0xA4] {
            words +=
                &header.private(0x0043, "GEMS_PARM_01", element).and_then(text_of).unwrap_or_default().to_uppercase();
        }
    }
    let kind = if words.contains("PSEUDO") || words.contains("PULSED CONTINUOUS") {
        Some("PCASL")
    } else if words.contains("CONTINUOUS") {
        Some("CASL")
    } else {
        words.contains("PULSED").then_some("PASL")
    };
    out.text("ArterialSpinLabelingType", kind.map(str::to_owned));
    let pulses = header.positive(tags::ASL_PULSE_TRAIN_DURATION);
    out.positive("LabelingDuration", pulses.map(|ms| ms / 1e3));
    if header.by(Maker::Ge) {
        let duration = subject.private(0x0043, "GEMS_PARM_01", 0xA5).filter(|ms| *ms > 0.0);
        if let Some(ms) = duration {
            out.number("LabelingDuration", Some(ms / 1e3));
            out.positive("PostLabelingDelay", header.number(tags::INVERSION_TIME).map(|ms| ms / 1e3));
        }
        let is_labelled = kind.is_some() || duration.is_some();
        for (key, element) in [("NumberOfPointsPerArm", 0x60), ("NumberOfArms", 0x61)] {
            out.positive(key, subject.private(0x0027, "GEMS_IMAG_01", element).filter(|_| is_labelled));
        }
    }
}

struct Labelling<'p, 'o> {
    protocol: &'p Siemens<'p>,
    out: &'o mut Out,
}

impl Labelling<'_, '_> {
    /// A free number with a point.
    fn real(&self, n: usize) -> Option<f64> {
        let of = |block: &str| self.protocol.number(&format!("{block}.adFree[{n}]"));
        of("sWipMemBlock").or_else(|| of("sWiPMemBlock"))
    }

    /// A free whole number.
    fn whole(&self, n: usize) -> Option<f64> {
        let of = |block: &str| self.protocol.number(&format!("{block}.alFree[{n}]"));
        of("sWipMemBlock").or_else(|| of("sWiPMemBlock")).filter(|n| *n > 0.0)
    }

    fn put(&mut self, key: &str, value: Option<f64>) {
        self.out.number(key, value);
    }

    fn micro(&mut self, key: &str, value: Option<f64>) {
        self.put(key, value.map(|us| us / 1e6));
    }

    fn milli(&mut self, key: &str, value: Option<f64>) {
        self.put(key, value.map(|ms| ms / 1e3));
    }

    /// Wang and others' pseudo-continuous labelling: a block is 20 pulses of 0.92 ms.
    fn blocks(&mut self) {
        let blocks = self.real(3);
        self.put("NumRFBlocks", blocks);
        self.put("LabelingDuration", blocks.map(|n| n * 20.0 * 0.92 / 1e3));
        self.micro("RFGap", self.real(4));
        self.put("MeanGzx10", self.real(10));
    }

    /// Siemens' own sequences, which do not say which kind of labelling it is.
    fn product(&mut self) {
        self.micro("LabelingDuration", self.protocol.number("sAsl.ulLabelingDuration"));
        self.micro("PostLabelingDelay", self.protocol.number("sAsl.sPostLabelingDelay[0]"));
    }

    fn pcasl_2d(&mut self) {
        self.put("LabelingDistance", self.real(1));
        self.micro("PostLabelingDelay", self.real(2));
        self.blocks();
        self.put("PhiAdjust", self.real(11));
    }

    fn pcasl_3d(&mut self) {
        self.micro("LabelingDuration", self.real(2));
        self.blocks();
        self.micro("T1", self.real(12));
    }

    fn pulsed(&mut self, kind: &str) {
        self.out.put("PASLType", kind);
        self.micro("BolusDuration", self.protocol.number("alTI[0]"));
        self.micro("InversionTime", self.protocol.number("alTI[2]"));
    }

    fn fairest(&mut self) {
        self.out.put("PASLType", "FAIR");
        self.milli("PostInversionDelay", self.real(2));
        self.milli("PostLabelingDelay", self.real(4));
    }

    /// Okell's vessel-encoded sequence in two dimensions.
    fn vessels_2d(&mut self) {
        self.micro("InversionTime", self.protocol.number("alTI[2]"));
        self.micro("BolusDuration", self.protocol.number("alTI[0]"));
        self.put("LabelingPulseFlipAngle", self.whole(4));
        self.micro("LabelingPulseDuration", self.whole(5));
        self.micro("TagRFSeparation", self.whole(6));
        self.put("LabelingPulseAverageGradient", self.real(0));
        self.put("LabelingPulseMaximumGradient", self.real(1));
        self.milli("TagDuration", self.whole(9));
        self.milli("MaximumT1Opt", self.whole(10));
        self.delays("PostLabelingDelay", 11..31);
        for n in 3..11 {
            self.put(&format!("sWipMemBlockAdFree{n}"), self.real(n));
        }
        self.plane();
    }

    /// The same in three dimensions.
    fn vessels_3d(&mut self) {
        self.put("TagRFFlipAngle", self.whole(6));
        self.micro("TagRFDuration", self.whole(7));
        self.micro("TagRFSeparation", self.whole(8));
        self.milli("MaximumT1Opt", self.whole(9));
        for n in 0..4 {
            self.milli(&format!("Tag{n}"), self.whole(10 + n));
        }
        self.delays("InitialPostLabelDelay", 30..38);
        self.plane();
    }

    /// The delays up to the first that is not set.
    fn delays(&mut self, key: &str, fields: std::ops::Range<usize>) {
        let delays: Vec<Value> = fields.map_while(|n| self.whole(n)).filter_map(|ms| number::value(ms / 1e3)).collect();
        if !delays.is_empty() {
            self.out.put(key, delays);
        }
    }

    /// The plane that is labelled.
    fn plane(&mut self) {
        for (key, field) in [
            ("TagPlaneDThickness", "dThickness"),
            ("TagPlaneUlShape", "ulShape"),
            ("TagPlaneSPositionDTra", "sPosition.dTra"),
            ("TagPlaneSNormalDTra", "sNormal.dTra"),
        ] {
            self.put(key, self.protocol.number(&format!("sRSatArray.asElm[1].{field}")));
        }
    }
}
