//! Which files are one patient's.

use std::collections::{BTreeMap, BTreeSet};

use isocenter_dcm::{Instance, scan::Kind};

use super::inputs::Inputs;

/// What each patient of a run is known by: the Patient ID with its issuer.
///
/// Without an id every study is a patient of its own: nothing is merged that may be two people. A file that names no issuer
/// belongs to the patient of that id where all other files of it name one and the same issuer; where they name several it stays
/// apart. So one patient is not split between train and test because a workstation left the issuer out.
pub(crate) struct PatientKeys {
    issuers: BTreeMap<String, BTreeSet<String>>,
}

impl PatientKeys {
    /// Looks at every header once.
    pub(crate) fn gather(inputs: &Inputs) -> Self {
        let mut issuers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for scanned in &inputs.scanned {
            if let Kind::Dicom(instance) = &scanned.kind {
                let key = isocenter_deid::patient_key(&instance.dataset);
                if let Some((id, issuer)) = key.split_once('\n') {
                    issuers.entry(id.to_owned()).or_default().insert(issuer.to_owned());
                }
            }
        }
        Self { issuers }
    }

    /// The key of an instance's patient.
    pub(crate) fn of(&self, instance: &Instance) -> String {
        let key = isocenter_deid::patient_key(&instance.dataset);
        if key.is_empty() {
            return format!("study {}", instance.study_instance_uid().unwrap_or_default());
        }
        match self.issuers.get(&key) {
            Some(issuers) if issuers.len() == 1 => {
                issuers.iter().next().map_or(key.clone(), |issuer| format!("{key}\n{issuer}"))
            }
            _ => key,
        }
    }
}

#[cfg(test)]
mod tests {
    use isocenter_dcm::{
        Dataset, FileMeta, VR,
        dicom_core::DataElement,
        scan::{Kind, Scanned},
        tags,
    };

    use super::*;

    fn instance(id: &str, issuer: &str) -> Instance {
        let mut dataset = Dataset::new_empty();
        dataset.put(DataElement::new(tags::PATIENT_ID, VR::LO, id));
        dataset.put(DataElement::new(tags::ISSUER_OF_PATIENT_ID, VR::LO, issuer));
        dataset.put(DataElement::new(tags::STUDY_INSTANCE_UID, VR::UI, "1.2"));
        Instance::new(FileMeta::default(), dataset)
    }

    fn keys(instances: &[(&str, &str)]) -> PatientKeys {
        let scanned = |(id, issuer): &(&str, &str)| Scanned {
            path: id.into(),
            bytes: 1,
            kind: Kind::Dicom(Box::new(instance(id, issuer))),
        };
        let none = || instances.iter().map(|_| String::new()).collect();
        PatientKeys::gather(&Inputs { scanned: instances.iter().map(scanned).collect(), digests: none(), ids: none() })
    }

    #[test]
    fn a_missing_issuer_is_the_only_one_there_is() {
        let one = keys(&[("MRN1", "north"), ("MRN1", "")]);
        assert_eq!(one.of(&instance("MRN1", "")), one.of(&instance("MRN1", "north")));
        let two = keys(&[("MRN1", "north"), ("MRN1", "south"), ("MRN1", "")]);
        assert_ne!(two.of(&instance("MRN1", "")), two.of(&instance("MRN1", "north")));
        assert_ne!(two.of(&instance("MRN1", "south")), two.of(&instance("MRN1", "north")));
    }

    #[test]
    fn without_an_id_a_study_is_a_patient() {
        assert_eq!(keys(&[]).of(&instance("", "north")), "study 1.2");
    }
}
