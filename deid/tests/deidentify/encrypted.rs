//! Originals sealed to a certificate, and the way back by its private key.

mod broken;
mod keys;
mod openssl;
mod restoring;

use isocenter_dcm::{Instance, VR, tags};
use isocenter_deid::encrypted::{Originals, Recipient};
use isocenter_deid::{Audit, Ctx, Deidentifier, Key, Profile};

use crate::build;

/// De-identified by the Basic Profile and sealed to `recipients`, in place.
fn seal(instance: &mut Instance, recipients: Vec<Recipient>, originals: Originals) -> Audit {
    let deidentifier = Deidentifier::new(Profile::basic(), &Key::demo()).with_recipients(recipients, originals);
    deidentifier.apply(instance, "MRN55501", &Ctx::default()).unwrap()
}

/// An instance with something of every kind that goes.
fn original() -> Instance {
    let reference = build::dataset(vec![
        build::text(tags::REFERENCED_SOP_CLASS_UID, VR::UI, build::CT),
        build::text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, "1.2.826.1.9"),
    ]);
    build::instance(
        build::CT,
        vec![
            build::text(tags::MODALITY, VR::CS, "CT"),
            build::text(tags::STUDY_DATE, VR::DA, "20240310"),
            build::text(tags::STUDY_TIME, VR::TM, "081500"),
            build::text(tags::ACCESSION_NUMBER, VR::SH, "ACC77"),
            build::text(tags::PATIENT_BIRTH_DATE, VR::DA, "19500203"),
            build::text(tags::INSTITUTION_NAME, VR::LO, "Plantedward"),
            build::sequence(tags::REFERENCED_SERIES_SEQUENCE, vec![reference]),
        ],
    )
}
