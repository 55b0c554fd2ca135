//! The entities before the suffix.

use serde_json::Value;

use super::{
    super::{out::Out, subject::Subject},
    kind::{Facts, Kind},
};
use crate::facts::maker::Maker;
use crate::part::Part;

/// `_acq-epfid2p2_dir-AP_run-2_bold`.
pub(super) fn of(subject: &Subject<'_>, facts: &Facts, kind: &Kind, out: &Out) -> String {
    let mut end = String::new();
    let label = label(facts, out);
    if !label.is_empty() || facts.maker == Some(Maker::Siemens) {
        end += &format!("_acq-{label}");
    }
    if kind.suffix == "UNIT1" && facts.shows("DENOISED") {
        end += "_rec-denoise";
    }
    if let Some(way) = way(subject, out).filter(|_| kind.with_direction) {
        end += &format!("_dir-{way}");
    }
    // only of makers whose sequences are known, as dcm2niix has it
    let is_known = !matches!(facts.maker, None | Some(Maker::Other));
    if let Some(number) = out.get("SeriesNumber").and_then(Value::as_i64).filter(|_| kind.with_run && is_known) {
        end += &format!("_run-{number}");
    }
    let is_one_of_several = facts.is_multi_echo || facts.echoes > 1 && kind.suffix == "MEGRE";
    let echo = facts.echo_number.filter(|n| *n > 1 || (is_one_of_several && *n > 0));
    if let Some(echo) = echo.filter(|_| kind.with_echo) {
        end += &format!("_echo-{echo}");
    }
    if kind.suffix == "MP2RAGE" {
        let [_, second] = facts.inversions_s;
        let is_second = facts.inversion_s.zip(second).is_some_and(|(a, b)| (a - b).abs() < 1e-4);
        end += if is_second { "_inv-2" } else { "_inv-1" };
    }
    if kind.with_part {
        end += match facts.part {
            Some(Part::Phase) => "_part-phase",
            Some(Part::Magnitude) => "_part-mag",
            Some(Part::Real) => "_part-real",
            Some(Part::Imaginary) => "_part-imag",
            _ => "",
        };
    }
    end + "_" + &kind.suffix
}

/// The name of the sequence, letters and digits, and how much faster than without acceleration it is.
fn label(facts: &Facts, out: &Out) -> String {
    let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let mut label = match facts.maker {
        // up to the first digit: what follows varies with the protocol
        Some(Maker::Siemens) => {
            let plain = letters(&facts.name);
            let end = plain.find(|c: char| c.is_ascii_digit()).map_or(plain.len(), |at| at + 1);
            plain.get(..end).unwrap_or_default().to_owned()
        }
        // an internal name is of a private element
        Some(Maker::Ge) if out.keeps() || ["EPI", "EPI2"].contains(&facts.details.as_str()) => letters(&facts.details),
        Some(Maker::Philips) => {
            letters(&facts.variant.concat()) + &letters(&facts.scanning.concat()) + &letters(&facts.pulse_name)
        }
        _ => String::new(),
    };
    let factor = |key: &str| out.get(key).and_then(Value::as_f64).filter(|f| *f > 1.0);
    let in_plane = factor("ParallelReductionFactorInPlane");
    if let Some(factor) = in_plane.or_else(|| factor("CompressedSensingFactor")) {
        // Philips has fractions
        let factor = if facts.maker == Some(Maker::Philips) { factor * 10.0 } else { factor };
        label += &format!("p{}", factor.round());
    }
    if let Some(factor) = factor("MultibandAccelerationFactor") {
        label += &format!("m{}", factor.round());
    }
    label
}

/// The way of phase encoding, from side to side of the patient: along the axis of the volume that it is nearest to.
fn way(subject: &Subject<'_>, out: &Out) -> Option<&'static str> {
    let stated = out.get("PhaseEncodingDirection").and_then(Value::as_str)?;
    let axis = ["i", "j", "k"].iter().position(|axis| stated.starts_with(axis))?;
    let sign = if stated.ends_with('-') { -1.0 } else { 1.0 };
    let along = subject.series.head.geometry().affine().column(axis).map(|mm| sign * mm);
    let ways = [["RL", "LR"], ["AP", "PA"], ["IS", "SI"]];
    let (mm, [ahead, back]) = along.into_iter().zip(ways).reduce(|a, b| if b.0.abs() > a.0.abs() { b } else { a })?;
    Some(if mm > 0.0 { ahead } else { back })
}
