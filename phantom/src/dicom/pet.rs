//! What was injected, and what a PET's activity means.

use std::ops::Range;

use dicom_dictionary_std::tags;

use super::{Header, common::Context, header::code_item, person::time_of};
use crate::random::Stream;

/// An injection of FDG and the beginning of the scan.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Injection {
    /// Activity at the time of injection, Bq.
    pub dose_bq: f64,
    /// Half-life, s.
    pub half_life_s: f64,
    /// When, seconds since midnight.
    pub injected_s: u32,
    /// Beginning of the series, seconds since midnight: what activity is decay-corrected to (START).
    pub started_s: u32,
}

impl Injection {
    /// An injection about an hour before a scan that starts at `started_s`.
    pub fn fdg(stream: Stream, started_s: u32) -> Self {
        Self {
            dose_bq: (stream.between(0, 1.9, 3.7) * 1e4).round() * 1e4,
            half_life_s: F18_HALF_LIFE_S,
            injected_s: started_s.saturating_sub(3300 + stream.below(1, 900) as u32),
            started_s,
        }
    }

    /// Activity concentration (Bq/ml) of an uptake of one g/ml: the dose that is left at the start over the body's weight in g.
    pub fn bqml_per_suv(&self, weight_kg: f64) -> f64 {
        let elapsed = f64::from(self.started_s) - f64::from(self.injected_s);
        self.dose_bq * libm::exp2(-elapsed / self.half_life_s) / (weight_kg * 1000.0)
    }
}

/// Half-life of F-18 as DICOM's examples and most scanners give it, s.
const F18_HALF_LIFE_S: f64 = 6586.2;
/// How long one bed position takes, s.
const BED_S: u32 = 150;
/// Planes of one bed position.
const BED_PLANES: usize = 40;

/// PET series, isotope and image modules of one plane; `planes` are those of the series.
pub(crate) fn modules(ctx: &Context<'_>, header: &mut Header, plane: usize, planes: Range<usize>) {
    let Some(injection) = ctx.injection else { return };
    // every bed position is acquired later; all are corrected to the start of the series
    let bed = (plane / BED_PLANES) as u32;
    let mut nuclide = Header::default();
    nuclide
        .put(tags::RADIOPHARMACEUTICAL, "Fluorodeoxyglucose F18")
        .put(tags::RADIOPHARMACEUTICAL_START_TIME, time_of(injection.injected_s))
        .put(tags::RADIOPHARMACEUTICAL_START_DATE_TIME, format!("{}{}", ctx.study.date, time_of(injection.injected_s)))
        .decimals(tags::RADIONUCLIDE_TOTAL_DOSE, &[injection.dose_bq])
        .decimals(tags::RADIONUCLIDE_HALF_LIFE, &[injection.half_life_s])
        .decimals(tags::RADIONUCLIDE_POSITRON_FRACTION, &[0.9673])
        .sequence(tags::RADIONUCLIDE_CODE_SEQUENCE, vec![code_item(["77004003", "SCT", "^18^Fluorine"])])
        .sequence(
            tags::RADIOPHARMACEUTICAL_CODE_SEQUENCE,
            vec![code_item(["35321007", "SCT", "Fluorodeoxyglucose F^18^"])],
        );
    header
        .sequence(tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE, vec![nuclide])
        .put(tags::UNITS, "BQML")
        .put(tags::COUNTS_SOURCE, "EMISSION")
        .put(tags::SERIES_TYPE, "WHOLE BODY\\IMAGE")
        .shorts(tags::NUMBER_OF_SLICES, &[planes.len() as u16])
        .put(tags::CORRECTED_IMAGE, "NORM\\DTIM\\ATTN\\SCAT\\DECY\\RAN")
        .put(tags::DECAY_CORRECTION, "START")
        .put(tags::COLLIMATOR_TYPE, "NONE")
        .put(tags::RANDOMS_CORRECTION_METHOD, "DLYD")
        .put(tags::ATTENUATION_CORRECTION_METHOD, "measured,CT")
        .put(tags::SCATTER_CORRECTION_METHOD, "model-based")
        .put(tags::RECONSTRUCTION_METHOD, "OSEM 3i21s")
        .put(tags::ACQUISITION_DATE, ctx.study.date.as_str())
        .put(tags::ACQUISITION_TIME, time_of(injection.started_s + bed * BED_S))
        .put(tags::ACTUAL_FRAME_DURATION, (BED_S * 1000).to_string())
        .decimals(tags::FRAME_REFERENCE_TIME, &[f64::from(bed * BED_S) * 1000.0 + f64::from(BED_S) * 500.0])
        .decimals(tags::DECAY_FACTOR, &[decay_factor(injection, bed)])
        .shorts(tags::IMAGE_INDEX, &[(planes.end - plane) as u16])
        .put(tags::LOSSY_IMAGE_COMPRESSION, "00");
}

fn decay_factor(injection: &Injection, bed: u32) -> f64 {
    let elapsed = f64::from(bed * BED_S) + f64::from(BED_S) / 2.0;
    (libm::exp2(elapsed / injection.half_life_s) * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_half_life_halves_what_an_uptake_of_one_means() {
        let injection = Injection { dose_bq: 2e8, half_life_s: 3600.0, injected_s: 0, started_s: 3600 };
        // 100 MBq are left, in 50 kg
        assert!((injection.bqml_per_suv(50.0) - 2000.0).abs() < 1e-9);
    }
}
