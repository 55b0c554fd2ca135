//! The entities before the suffix.

use isocenter_dcm::series_kind::{Part, SeriesFacts, SeriesKind, Suffix};
use serde_json::Value;

use super::super::{out::Out, subject::Subject};
use crate::facts::maker::Maker;

/// `_acq-epfid2p2_dir-AP_run-2_bold`.
pub(super) fn of(subject: &Subject<'_>, facts: &SeriesFacts, kind: &SeriesKind, suffix: Suffix, out: &Out) -> String {
    let mut end = String::new();
    let maker = subject.header.maker;
    let label = label(facts, maker, out);
    if !label.is_empty() || maker == Some(Maker::Siemens) {
        end += &format!("_acq-{label}");
    }
    if suffix == Suffix::Unit1 && facts.shows("DENOISED") {
        end += "_rec-denoise";
    }
    if let Some(way) = way(subject, out).filter(|_| kind.entities.direction) {
        end += &format!("_dir-{way}");
    }
    // only of makers whose sequences are known, as dcm2niix has it
    let is_known = !matches!(maker, None | Some(Maker::Other));
    if let Some(number) = out.get("SeriesNumber").and_then(Value::as_i64).filter(|_| kind.entities.run && is_known) {
        end += &format!("_run-{number}");
    }
    let is_one_of_several = facts.is_multi_echo || facts.echoes > 1 && suffix == Suffix::Megre;
    let echo = facts.echo_number.filter(|n| *n > 1 || (is_one_of_several && *n > 0));
    if let Some(echo) = echo.filter(|_| kind.entities.echo) {
        end += &format!("_echo-{echo}");
    }
    if suffix == Suffix::Mp2rage {
        end += if facts.is_second_inversion() { "_inv-2" } else { "_inv-1" };
    }
    if kind.entities.part {
        end += match facts.part {
            Some(Part::Phase) => "_part-phase",
            Some(Part::Magnitude) => "_part-mag",
            Some(Part::Real) => "_part-real",
            Some(Part::Imaginary) => "_part-imag",
            _ => "",
        };
    }
    end + &format!("_{suffix}")
}

/// The name of the sequence, letters and digits, and how much faster than without acceleration it is.
fn label(facts: &SeriesFacts, maker: Option<Maker>, out: &Out) -> String {
    let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let mut label = match maker {
        // up to the first digit: what follows varies with the protocol
        Some(Maker::Siemens) => {
            let plain = letters(&facts.sequence_name);
            let end = plain.find(|c: char| c.is_ascii_digit()).map_or(plain.len(), |at| at + 1);
            plain.get(..end).unwrap_or_default().to_owned()
        }
        // an internal name is of a private element
        Some(Maker::Ge) if out.keeps() || ["EPI", "EPI2"].contains(&facts.sequence_details.as_str()) => {
            letters(&facts.sequence_details)
        }
        Some(Maker::Philips) => {
            letters(&facts.variant.concat()) + &letters(&facts.scanning.concat()) + &letters(&facts.pulse_sequence_name)
        }
        _ => String::new(),
    };
    let factor = |key: &str| out.get(key).and_then(Value::as_f64).filter(|f| *f > 1.0);
    let in_plane = factor("ParallelReductionFactorInPlane");
    if let Some(factor) = in_plane.or_else(|| factor("CompressedSensingFactor")) {
        // Philips has fractions
        let factor = if maker == Some(Maker::Philips) { factor * 10.0 } else { factor };
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
