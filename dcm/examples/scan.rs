//! Counts what folders hold: `scan PATH...`; without arguments it scans a folder it makes.
#![allow(clippy::print_stdout)]
use std::collections::BTreeMap;
use std::path::PathBuf;

use isocenter_dcm::dicom_core::{DataElement, VR};
use isocenter_dcm::scan::{Kind, ScanOptions, scan};
use isocenter_dcm::{Dataset, FileMeta, Instance, iod, isocenter_volume::Ctx, tags};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let folder = tempfile::tempdir()?;
    if paths.is_empty() {
        let mut ds = Dataset::new_empty();
        ds.put(DataElement::new(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2"));
        ds.put(DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"));
        Instance::new(FileMeta::default(), ds).write(folder.path().join("a.dcm"))?;
        std::fs::write(folder.path().join("b.json"), "{}")?;
        paths.push(folder.path().to_owned());
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for file in scan(&paths, &ScanOptions::default(), &Ctx::default())? {
        let line = match &file.kind {
            Kind::Dicom(instance) => {
                let class = instance.sop_class_uid().unwrap_or_default();
                format!("DICOM {}", iod::name(&class).unwrap_or("of another class"))
            }
            Kind::Directory(_) => "DICOM directory".to_owned(),
            Kind::NotDicom(kind) => format!("{kind}"),
            Kind::Failed(error) => format!("failed: {}", error.reason()),
            _ => "other".to_owned(),
        };
        *counts.entry(line).or_default() += 1;
    }
    counts.iter().for_each(|(line, count)| println!("{count:6} {line}"));
    Ok(())
}
