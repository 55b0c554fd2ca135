//! De-identifies the bytes of DICOM files into the bytes of others: on two threads of its own, under a key of its own, and stops where
//! it is told to.
#![allow(clippy::print_stdout, reason = "an example prints")]

use isocenter_deid::dcm::{Dataset, FileMeta, Instance, OpenOptions, PatientKey, VR, dicom_core::DataElement, tags};
use isocenter_deid::{Ctx, Deidentifier, Key, Profile};
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let named = [(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2"), (tags::SOP_INSTANCE_UID, "1.2.3")];
    let dataset = Dataset::from_element_iter(named.map(|(tag, uid)| DataElement::new(tag, VR::UI, uid)));
    let files = vec![Instance::new(FileMeta::default(), dataset).to_bytes()?; 8];
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
    let stop = AtomicBool::new(false); // another thread may raise it
    let ctx = Ctx::default().with_observer(&stop).with_pool(&pool);
    let deidentifier = Deidentifier::new(Profile::basic(), &Key::from_slice(&[7; 32])?);
    let clean = |bytes: &Vec<u8>| -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        let mut instance = OpenOptions::new().parse(bytes)?;
        let patient = PatientKey::of(&instance.dataset).to_text();
        deidentifier.apply(&mut instance, &patient, &ctx)?;
        Ok(instance.to_bytes()?)
    };
    let cleaned = ctx.install(|| files.par_iter().map(clean).collect::<Result<Vec<_>, _>>());
    println!("{} files", cleaned.map_err(|error| error.to_string())?.len());
    Ok(())
}
