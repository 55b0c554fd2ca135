//! What real values are counted in.
//!
//! Source: DICOM PS3.3 C.11.1.1.2 (rescale type), C.8.9.1 (units and SUV type of PET), C.8.2.1 (CT).

use dicom_dictionary_std::tags;
use isocenter_volume::Unit;

use crate::{Dataset, value};

/// The unit of the values that a modality transformation gives, as far as the file says; `word` is its Rescale Type or
/// Modality LUT Type, `absent` whether there is no transformation.
pub(super) fn of(dataset: &Dataset, word: Option<&str>, absent: bool) -> Unit {
    let modality = value::string(dataset, tags::MODALITY);
    // In emission images Units says what the values are, whatever the rescale type claims.
    let emission = matches!(modality.as_deref(), Some("PT" | "NM"));
    if emission && let Some(units) = value::string(dataset, tags::UNITS) {
        return emitted(dataset, &units);
    }
    match word {
        Some("HU") => Unit::Hu,
        Some("US") => Unit::Arbitrary,
        Some(other) if emission => emitted(dataset, other),
        Some(other) => Unit::Other(other.to_owned()),
        // PS3.3 C.8.2.1: without a Rescale Type, the rescaled values of an original CT image are Hounsfield units.
        None if modality.as_deref() == Some("CT") && !absent => Unit::Hu,
        None => Unit::Arbitrary,
    }
}

fn emitted(dataset: &Dataset, units: &str) -> Unit {
    match units {
        "BQML" => Unit::BqPerMl,
        "CNTS" => Unit::Counts,
        // g/ml by lean mass, surface or ideal weight is another quantity (PS3.3 C.8.9.1.1.3, SUV Type).
        "GML" => match value::string(dataset, tags::SUV_TYPE).as_deref() {
            None | Some("BW") => Unit::SuvBw,
            // the codes of PS3.16 CID 85
            Some("LBM") => Unit::Other("g/ml{SUVlbm}".to_owned()),
            Some("LBMJAMES128") => Unit::Other("g/ml{SUVlbm(James128)}".to_owned()),
            Some("LBMJANMA") => Unit::Other("g/ml{SUVlbm(Janma)}".to_owned()),
            Some("IBW") => Unit::Other("g/ml{SUVibw}".to_owned()),
            Some(_) => Unit::Other("SUV".to_owned()),
        },
        "CM2ML" => match value::string(dataset, tags::SUV_TYPE).as_deref() {
            None | Some("BSA") => Unit::Other("cm2/ml{SUVbsa}".to_owned()),
            Some(_) => Unit::Other("SUV".to_owned()),
        },
        other => Unit::Other(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use dicom_core::{DataElement, VR};

    use super::*;

    fn unit(modality: &str, units: Option<&str>, suv: Option<&str>, word: Option<&str>) -> Unit {
        let mut ds = Dataset::new_empty();
        let texts = [(tags::MODALITY, Some(modality)), (tags::UNITS, units), (tags::SUV_TYPE, suv)];
        for (tag, text) in texts {
            if let Some(text) = text {
                ds.put(DataElement::new(tag, VR::CS, text));
            }
        }
        of(&ds, word, false)
    }

    #[test]
    fn units_of_emission_images_win_over_the_rescale_type() {
        assert_eq!(unit("PT", Some("BQML"), None, Some("SUV")), Unit::BqPerMl);
        assert_eq!(unit("PT", Some("BQML"), None, Some("US")), Unit::BqPerMl);
        assert_eq!(unit("PT", Some("GML"), None, Some("HU")), Unit::SuvBw);
        assert_eq!(unit("NM", Some("CNTS"), None, None), Unit::Counts);
        assert_eq!(unit("PT", None, None, Some("BQML")), Unit::BqPerMl);
        assert_eq!(unit("CT", Some("BQML"), None, Some("HU")), Unit::Hu, "no emission image");
    }

    #[test]
    fn uptake_by_lean_mass_is_another_unit() {
        assert_eq!(unit("PT", Some("GML"), Some("LBM"), None), Unit::Other("g/ml{SUVlbm}".to_owned()));
        assert_eq!(unit("PT", Some("GML"), Some("BW"), None), Unit::SuvBw);
    }

    #[test]
    fn a_rescaled_ct_is_in_hounsfield_units() {
        assert_eq!(unit("CT", None, None, None), Unit::Hu);
        assert_eq!(unit("CT", None, None, Some("US")), Unit::Arbitrary);
        assert_eq!(unit("MR", None, None, None), Unit::Arbitrary);
        assert_eq!(unit("CR", None, None, Some("OD")), Unit::Other("OD".to_owned()));
    }
}
